"""What a person does to a tree, as events, and how each act is taken back.

Every act names its branch by the path of actions from the root. Acts are undone in reverse order by events of their
own; a move of the root, or recycling, renumbers the tree and ends what can be undone.
"""

import numpy as np

from engine.search.evaluator import Evaluation, Leaves
from engine.search.leaves import priors_from_logits
from engine.tree.columns import NO_NODE, ROOT, BranchError, SearchTree
from engine.tree.events import Boost, Event, Prune, PruneReason, Reevaluate, Restore, pack

BY_HAND = "by hand"
"""Stands for the generation where a person set a prior."""


class Steering:
    """Makes the events of each act, and remembers those that take it back."""

    def __init__(self) -> None:
        self._undo: list[tuple[Event, ...]] = []

    def forget(self) -> None:
        """Nothing can be undone any more: the tree was renumbered."""
        self._undo.clear()

    def undo(self) -> tuple[Event, ...]:
        """The events that take the last act back; none where there is none."""
        return self._undo.pop() if self._undo else ()

    def cut(self, tree: SearchTree, path: tuple[int, ...]) -> tuple[Event, ...]:
        """Prune the branch at `path`."""
        return self._cut(tree, [tree.find_edge(path)])

    def pin(self, tree: SearchTree, path: tuple[int, ...]) -> tuple[Event, ...]:
        """Prune the siblings of the branch at `path`, and open the branch itself.

        Siblings given up for the budget of a run are cut too, for the next run would open them again.
        """
        edge = tree.find_edge(path)
        run = tree.edge_run(tree.owner(edge))
        passing = (0, PruneReason.OUT_OF_REACH, PruneReason.ELIMINATED, PruneReason.LOW_PRIOR)
        siblings = [e for e in range(run.start, run.stop) if e != edge and tree.edge_pruned[e] in passing]
        back = _pruned_again(tree, [edge])
        events = self._cut(tree, siblings)
        if back:
            events += (Restore(tree.simulations, pack(np.array([edge]), "<i4")),)
            self._undo[-1] += back
        return events

    def restore(self, tree: SearchTree, path: tuple[int, ...]) -> tuple[Event, ...]:
        """Bring the branch at `path` back."""
        edge = tree.find_edge(path)
        if not tree.edge_pruned[edge]:
            return ()
        self._undo.append(_pruned_again(tree, [edge]))
        return (Restore(tree.simulations, pack(np.array([edge]), "<i4")),)

    def boost(self, tree: SearchTree, path: tuple[int, ...], visits: int) -> tuple[Event, ...]:
        """Lend the branch at `path` the next `visits` simulations; taking it back keeps those already made."""
        if visits <= 0:
            raise ValueError(f"{visits} visits cannot be lent to a branch: it must be above 0")
        edge = tree.find_edge(path)
        child = int(tree.edge_child[edge])
        if child >= 0 and (tree.facts["outcome"][child] or tree.stats["lower"][child] == tree.stats["upper"][child]):
            raise ValueError("visits lent to this branch would find nothing: its value is certain")
        self._undo.append((Boost(tree.simulations, edge, tree.lent.get(edge, 0)),))
        return (Boost(tree.simulations, edge, tree.lent.get(edge, 0) + visits),)

    def set_prior(self, tree: SearchTree, path: tuple[int, ...], prior: float) -> tuple[Event, ...]:
        """Give the branch at `path` the prior `prior`; its siblings share the rest in the proportions they had."""
        if not 0.0 <= prior <= 1.0:
            raise ValueError(f"{prior} is not a prior: it must be from 0 to 1")
        edge = tree.find_edge(path)
        node = tree.owner(edge)
        run = tree.edge_run(node)
        priors = tree.edge_prior[run].view(np.float16).astype(np.float64)
        others = np.ones(len(priors), np.bool_)
        others[edge - run.start] = False
        mass = priors[others].sum()
        share = priors[others] / mass if mass > 0 else np.full(len(priors) - 1, 1.0 / max(1, len(priors) - 1))
        priors[others] = (1.0 - prior) * share
        priors[edge - run.start] = prior
        facts = tree.facts[node]
        opinion = (BY_HAND, "", float(facts["raw_value"]), float(facts["raw_draw"]))
        self._undo.append((_as_it_is(tree, node),))
        return (Reevaluate(tree.simulations, node, *opinion, pack(priors.astype(np.float16), "<f2")),)

    def node_in_play(self, tree: SearchTree, path: tuple[int, ...]) -> int:
        """The node at `path`.

        Raises:
            BranchError: it has not been visited. ValueError: play has ended there.
        """
        node = int(tree.edge_child[tree.find_edge(path)]) if path else (ROOT if tree.num_nodes else NO_NODE)
        if node < 0:
            raise BranchError(f"the position after {path} has not been visited yet")
        if tree.facts["outcome"][node]:
            raise ValueError("play has ended there: no intuition can say more")
        return node

    def reevaluate(
        self,
        tree: SearchTree,
        node: int,
        leaves: Leaves,
        evaluation: Evaluation,
        generation: str,
        weights_hash: str,
        temperature: float,
    ) -> tuple[Event, ...]:
        """Give `node` the intuition `evaluation` of `leaves` (that node alone)."""
        bits, actions = priors_from_logits(evaluation.logits, leaves.actions, leaves.offsets, temperature)
        prior_of = dict(zip(actions.tolist(), bits.tolist(), strict=True))
        prior = np.array([prior_of[action] for action in tree.edge_action[tree.edge_run(node)].tolist()], np.uint16)
        win, draw, loss = (float(chance) for chance in evaluation.wdl[0])
        self._undo.append((_as_it_is(tree, node),))
        return (Reevaluate(tree.simulations, node, generation, weights_hash, win - loss, draw, pack(prior, "<u2")),)

    def _cut(self, tree: SearchTree, edges: list[int]) -> tuple[Event, ...]:
        """Prune `edges` by hand."""
        places = np.array(edges, np.int32)
        child = tree.edge_child[places]
        visits = np.where(child >= 0, tree.stats["visits"][np.maximum(child, 0)], 0)
        before = _pruned_again(tree, edges)
        self._undo.append((Restore(tree.simulations, pack(places, "<i4")), *before))
        return (
            Prune(
                tree.simulations, pack(places, "<i4"), bytes([PruneReason.BY_HAND]) * len(edges), pack(visits, "<f4")
            ),
        )


def is_cut_off(tree: SearchTree, node: int, action: int) -> bool:
    """Whether the branch of `node` with `action`, or one that it hangs on, is pruned."""
    edge = tree.edge_of(node, action)
    while edge >= 0 and not tree.edge_pruned[edge]:
        edge, node = int(tree.links["parent_edge"][node]), int(tree.links["parent"][node])
    return edge >= 0


def _pruned_again(tree: SearchTree, edges: list[int]) -> tuple[Event, ...]:
    """The event that prunes those of `edges` that are pruned now, as they are."""
    cut = [edge for edge in edges if tree.edge_pruned[edge]]
    if not cut:
        return ()
    evidence = np.array([tree.prunes[edge].evidence for edge in cut])
    reasons = bytes(int(tree.edge_pruned[edge]) for edge in cut)
    return (Prune(tree.simulations, pack(np.array(cut), "<i4"), reasons, pack(evidence, "<f4")),)


def _as_it_is(tree: SearchTree, node: int) -> Event:
    """The event that gives `node` the intuition it has now."""
    facts = tree.facts[node]
    opinion = (BY_HAND, "", float(facts["raw_value"]), float(facts["raw_draw"]))
    return Reevaluate(tree.simulations, node, *opinion, pack(tree.edge_prior[tree.edge_run(node)], "<u2"))
