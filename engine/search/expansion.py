"""From gathered edges to what the tree learns: step, see how play stands, ask the intuition, turn it into priors.

`StateTable` holds what readers of a journal do not need: the state of every node, and the states before the roots. A
`Batch` is a gathered batch on its way to the intuition; `outcome_columns` makes of its answer the columns that the fold
takes. A table may hold several trees side by side (`engine.search.forest`): their roots are then its first nodes.

Shape letters: `n` simulations of a batch, `m` of them first visits, `G` roots, `H` states of history.
"""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.domains.base import NO_ACTION, ActionError, Expansion, Rules
from engine.search.evaluator import Evaluation, Leaves
from engine.search.leaves import count_repetitions, priors_from_logits
from engine.search.oracle import Oracle
from engine.search.select import edges_of
from engine.tree.columns import NO_NODE, ROOT, SearchTree


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """What is known of a gathered batch before the intuition has spoken.

    Attributes:
        parent, edge: int32 [n], as in `engine.tree.events.Simulations`.
        fresh: bool [n], first visits; the rest are revisits.
        value, draw: float32 [n], what is backed up; filled in for ended play and revisits.
        states: [m]. outcome: uint8 [m], 0 = in play. win: uint16 [m], an action that wins at once, or `NO_ACTION`.
        open_rows: int [k], which of the first visits the intuition is asked about.
        leaves: those, or None where there are none.
    """

    parent: NDArray[np.int32]
    edge: NDArray[np.int32]
    fresh: NDArray[np.bool_]
    value: NDArray[np.float32]
    draw: NDArray[np.float32]
    states: NDArray[np.void]
    outcome: NDArray[np.uint8]
    win: NDArray[np.uint16]
    open_rows: NDArray[np.intp]
    leaves: Leaves | None


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """What a batch adds to a tree; see `engine.tree.events.Simulations`."""

    parent: NDArray[np.int32]
    edge: NDArray[np.int32]
    value: NDArray[np.float32]
    draw: NDArray[np.float32]
    outcome: NDArray[np.uint8]
    num_edges: NDArray[np.uint16]
    action: NDArray[np.uint16]
    prior: NDArray[np.uint16]


class StateTable:
    """States of the nodes of one table of trees.

    Args:
        lines: for each root the states along its line, the start first and the root last, at least one.
        oracle: knows the outcome of some states that are in play by the rules.
        look_for_wins: whether batches say which states have an action that wins at once.
    """

    def __init__(
        self, rules: Rules, lines: list[NDArray[np.void]], oracle: Oracle, *, look_for_wins: bool = True
    ) -> None:
        self._rules, self._oracle, self.look_for_wins = rules, oracle, look_for_wins
        self._worth = np.array([kind.value for kind in rules.outcomes], np.float32)
        self._plain = np.dtype(f"V{rules.state_dtype.itemsize}")  # NumPy copies records field by field, bytes at once
        self._roots = self._joined([line[-1:] for line in lines])  # [G]
        self._before = self._joined([line[-2::-1] for line in lines])  # newest first, root after root
        self._offsets = np.concatenate(([0], np.cumsum([len(line) - 1 for line in lines])))  # [G + 1] into them
        self.states = np.zeros(1024, rules.state_dtype)

    def _joined(self, parts: list[NDArray[np.void]]) -> NDArray[np.void]:
        return np.concatenate([part.view(self._plain) for part in parts]).view(self._rules.state_dtype)

    def prepare(self, tree: SearchTree, parent: NDArray[np.int32], edge: NDArray[np.int32], fmt: str | None) -> Batch:
        """What can be said of the leaves `parent`, `edge` [n] without intuition; `fmt`: the format it reads."""
        fresh = (edge >= 0) | (parent < 0)
        value, draw = (np.zeros(len(parent), np.float32) for _ in range(2))
        if not fresh.all():
            value[~fresh], draw[~fresh] = _known_values(tree, parent[~fresh])
        states = self._new_states(tree, parent[fresh], edge[fresh])
        expansion = self._rules.expand(states)
        outcome = self._outcomes(tree, states, expansion)
        value[fresh], draw[fresh] = self._worth[outcome], self._worth[outcome] == 0
        win = np.full(len(states), NO_ACTION, np.uint16)
        open_rows = np.flatnonzero(outcome == 0)
        leaves = None
        if len(open_rows):
            if self.look_for_wins:
                win[open_rows] = self._rules.wins(states, expansion)[open_rows]
            leaves = self._leaves(tree, parent[fresh], states, expansion, open_rows, fmt)
        return Batch(parent, edge, fresh, value, draw, states, outcome, win, open_rows, leaves)

    def leaves_of(self, tree: SearchTree, node: int, fmt: str | None) -> Leaves:
        """What an evaluator is asked about a node that is in the tree and in play."""
        states = self.states[node : node + 1]
        parent = tree.links["parent"][node : node + 1]
        return self._leaves(tree, parent, states, self._rules.expand(states), np.zeros(1, np.intp), fmt)

    def keep(self, first: int, states: NDArray[np.void]) -> None:
        """Remember the states of the nodes from `first` on."""
        end = first + len(states)
        if len(self.states) < end:
            self.reserve(max(2 * len(self.states), end))
        self.states.view(self._plain)[first:end] = states.view(self._plain)

    def reserve(self, nodes: int) -> None:
        """Make room for `nodes` states in all; pages that stay unused cost nothing."""
        if len(self.states) < nodes:
            grown = np.zeros(nodes, self.states.dtype)
            grown.view(self._plain)[: len(self.states)] = self.states.view(self._plain)
            self.states = grown

    def rebuild(self, tree: SearchTree) -> None:
        """Work out the states of all nodes of a tree that was read from a journal, and has one root."""
        self.reserve(tree.num_nodes)
        self.states[:1] = self._roots
        depth = tree.facts["depth"][: tree.num_nodes]
        order = np.argsort(depth, kind="stable").astype(np.int32)
        ends = np.searchsorted(depth[order], np.arange(1, int(depth.max(initial=0)) + 2), side="left")
        for start, end in itertools.pairwise(ends.tolist()):
            level = order[start:end]
            parent, edge = tree.links["parent"][level], tree.links["parent_edge"][level]
            self.states[level] = self._new_states(tree, parent, edge)

    def wins_due(self, tree: SearchTree) -> list[tuple[int, int]]:
        """Nodes with an action that wins at once and was not visited yet, and that action."""
        if not self.look_for_wins or not tree.num_nodes:
            return []
        stats, facts = tree.stats[: tree.num_nodes], tree.facts[: tree.num_nodes]
        nodes = np.flatnonzero((facts["outcome"] == 0) & (stats["lower"] != stats["upper"])).astype(np.int32)
        states = self.states.take(nodes)
        wins = self._rules.wins(states, self._rules.expand(states))
        found = wins != NO_ACTION
        nodes, actions = nodes[found], wins[found].astype(np.int32)
        unvisited = tree.edge_child[edges_of(tree, nodes, actions)] == NO_NODE
        return list(zip(nodes[unvisited].tolist(), actions[unvisited].tolist(), strict=True))

    def follow(self, mapping: NDArray[np.int32]) -> None:
        """Nodes have moved: `mapping` [nodes before] says where to, in rising order, -1 = gone."""
        kept = np.flatnonzero(mapping >= 0)
        self.states[: len(kept)] = self.states[kept]

    def walk(self, actions: tuple[int, ...]) -> NDArray[np.void]:
        """States from the first root along `actions`: [len(actions) + 1], the root first.

        Raises:
            ActionError: an action is not legal where it stands.
        """
        states = [self._roots[0]]
        for action in actions:
            row = np.array([states[-1]], self._rules.state_dtype)
            if action not in self._rules.expand(row).actions:
                raise ActionError(f"action {action} is not legal after {actions[: len(states) - 1]}")
            states.append(self._rules.step(row, np.array([action], np.uint16))[0])
        return np.array(states, self._rules.state_dtype)

    def reroot(self, states: NDArray[np.void]) -> None:
        """The last of `states` [plies + 1], a walk from the only root, becomes the root."""
        self._before = np.concatenate((states[-2::-1], self._before))
        self._offsets = np.array([0, len(self._before)])
        self._roots = states[-1:].copy()

    def _new_states(self, tree: SearchTree, parent: NDArray[np.int32], edge: NDArray[np.int32]) -> NDArray[np.void]:
        if tree.num_nodes == 0:
            return self._roots.copy()
        states = self._rules.step(self.states.take(parent), tree.edge_action[edge])
        if self._rules.repetition_outcome and len(states):
            count_repetitions(tree.links, self.states, self._before, self._offsets, parent, states)
        return states

    def _outcomes(self, tree: SearchTree, states: NDArray[np.void], expansion: Expansion) -> NDArray[np.uint8]:
        """How play stands at each new state; repetition and the oracle are not asked about roots."""
        outcome = expansion.outcomes.copy()
        if tree.num_nodes:
            if self._rules.repetition_outcome:
                outcome[(outcome == 0) & (states["repetitions"] >= 2)] = self._rules.repetition_outcome
            known = self._oracle.probe(states)
            outcome = np.where(outcome == 0, known, outcome)
        return outcome

    def _leaves(
        self,
        tree: SearchTree,
        parent: NDArray[np.int32],
        states: NDArray[np.void],
        expansion: Expansion,
        rows: NDArray[np.intp],
        fmt: str | None,
    ) -> Leaves:
        """What the evaluator is asked about the `rows` of a batch that are in play."""
        offsets, actions = expansion.offsets, expansion.actions
        if len(rows) < len(states):
            counts = np.diff(offsets)
            kept = np.zeros(len(states), np.bool_)
            kept[rows] = True
            actions = actions[np.repeat(kept, counts)]
            offsets = np.concatenate(([0], np.cumsum(counts[rows]))).astype(np.int32)
        features = None
        if fmt is not None:
            lineages, lengths = self._lineages(tree, parent[rows], states.take(rows), rows, fmt)
            features = self._rules.encode(lineages, lengths, fmt)
        return Leaves(states.take(rows), features, offsets, actions)

    def _lineages(
        self,
        tree: SearchTree,
        parent: NDArray[np.int32],
        states: NDArray[np.void],
        rows: NDArray[np.intp],
        fmt: str,
    ) -> tuple[NDArray[np.void], NDArray[np.int32]]:
        """Each new state with the states before it, newest first [k, H], as many as the format reads."""
        history = self._rules.formats[fmt].history
        lineages = np.zeros((len(states), history), states.dtype)
        plain = lineages.view(self._plain)
        plain[:, 0] = states.view(self._plain)
        lengths = np.ones(len(states), np.int32)
        node, root = parent.copy(), np.where(parent < 0, rows, ROOT)  # a new root is its own
        line = np.zeros(len(states), np.intp)
        for back in range(1, history):
            in_tree = node >= 0
            root[in_tree] = node[in_tree]  # the last one met is the root
            its_line = np.where(in_tree, ROOT, root)  # only roots have one
            place = self._offsets[its_line] + line
            in_line = ~in_tree & (place < self._offsets[its_line + 1])
            plain[in_tree, back] = self.states.view(self._plain)[node[in_tree]]
            plain[in_line, back] = self._before.view(self._plain)[place[in_line]]
            lengths += in_tree | in_line
            line += in_line
            node[in_tree] = tree.links["parent"][node[in_tree]]
        return lineages, lengths


def outcome_columns(batch: Batch, evaluation: Evaluation | None, temperature: float) -> Columns:
    """What a batch adds to its tree, now that the intuition has spoken.

    Args:
        evaluation: of `batch.leaves`; None where there are none.
        temperature: of the softmax that makes priors of logits.
    """
    outcome, num_edges = np.zeros(len(batch.parent), np.uint8), np.zeros(len(batch.parent), np.uint16)
    outcome[batch.fresh] = batch.outcome
    value, draw = batch.value, batch.draw
    action = prior = np.zeros(0, np.uint16)
    if evaluation is not None and batch.leaves is not None:
        rows = np.flatnonzero(batch.fresh)[batch.open_rows]
        value, draw = value.copy(), draw.copy()
        value[rows] = evaluation.wdl[:, 0] - evaluation.wdl[:, 2]
        draw[rows] = evaluation.wdl[:, 1]
        num_edges[rows] = np.diff(batch.leaves.offsets)
        prior, action = priors_from_logits(evaluation.logits, batch.leaves.actions, batch.leaves.offsets, temperature)
    return Columns(batch.parent, batch.edge, value, draw, outcome, num_edges, action, prior)


def _known_values(tree: SearchTree, nodes: NDArray[np.int32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Value and draw chance backed up by a revisit: proven where it is, otherwise intuition's again."""
    stats, facts = tree.stats[nodes], tree.facts[nodes]
    proven = stats["lower"] == stats["upper"]
    value = np.where(proven, stats["lower"].astype(np.float32), facts["raw_value"])
    draw = np.where(proven, (stats["lower"] == 0).astype(np.float32), facts["raw_draw"])
    return value, draw
