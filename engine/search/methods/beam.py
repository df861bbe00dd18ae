"""Beam search: breadth first, keeping only the few most promising states of every depth.

Of every kept state the `width` actions with the highest priors are tried; of all states so reached the best `width` are
kept and the rest pruned as `low_prior`. What is promising: for two players how plausible the line is, its summed log
prior (Lowerre 1976); for one player the value of the state, as in "Tree of thoughts" (Yao et al. 2023, BFS). The choice
is the best line by the values at its end.
"""

import numpy as np

from engine.search.methods.best_line import losers
from engine.search.methods.method import Gathered, prune_of
from engine.search.select import hold
from engine.search.settings import SearchSettings
from engine.tree.columns import PENDING, ROOT, SearchTree
from engine.tree.events import Prune, PruneReason
from engine.tree.gumbel import LEAST_PRIOR


class Beam:
    """The method "beam"."""

    def __init__(self, settings: SearchSettings) -> None:
        self._width = settings.width

    def begin(self, tree: SearchTree, budget: int | None) -> None:
        """Any budget will do; the beam goes on from the deepest states that are open."""

    def gather(self, tree: SearchTree, want: int) -> Gathered:
        """Untried actions of the states kept at the shallowest depth that still has some; none when all has ended."""
        prunes: tuple[Prune, ...] = ()
        level = np.array([ROOT])
        while len(level):
            edges = [edge for node in level for edge in self._untried(tree, int(node))]
            if edges:
                chosen = np.array(edges[:want], np.int32)
                parent = np.array([tree.owner(int(edge)) for edge in chosen], np.int32)
                hold(tree.links, tree.stats, tree.edge_child, parent, chosen, np.int32(ROOT))
                return Gathered(parent, chosen, prunes=prunes)
            children = np.array([child for node in level for child in self._open_children(tree, int(node))], np.int32)
            if any(tree.edge_child[tree.edge_run(int(node))].min(initial=0) == PENDING for node in level):
                break  # the rest of this depth is in flight
            order = np.argsort(-np.array([self._promise(tree, int(child)) for child in children]), kind="stable")
            level, rest = children[order[: self._width]], children[order[self._width :]]
            cut = tree.links["parent_edge"][rest]
            tree.edge_pruned[cut] = PruneReason.LOW_PRIOR  # what follows must see it; the fold writes the same again
            scores = np.array([self._promise(tree, int(child)) for child in rest])
            prunes += prune_of(tree, cut, PruneReason.LOW_PRIOR, scores)
        return Gathered(np.zeros(0, np.int32), np.zeros(0, np.int32), prunes=prunes)

    def landed(self, tree: SearchTree, left: int | None) -> tuple[Prune, ...]:
        """States are compared when a depth is complete."""
        del tree, left
        return ()

    def finish(self, tree: SearchTree) -> tuple[Prune, ...]:
        """All that is beside the best line."""
        edges, values = losers(tree)
        return prune_of(tree, edges, PruneReason.ELIMINATED, values)

    def _untried(self, tree: SearchTree, node: int) -> list[int]:
        """Unvisited edges among the `width` of `node` with the highest priors."""
        run = tree.edge_run(node)
        prior = tree.edge_prior[run].view(np.float16).astype(np.float64)
        best = np.argsort(-prior, kind="stable")[: self._width]
        return [
            run.start + int(k)
            for k in best
            if tree.edge_child[run.start + k] == -1 and not tree.edge_pruned[run.start + k]
        ]

    @staticmethod
    def _open_children(tree: SearchTree, node: int) -> list[int]:
        run = tree.edge_run(node)
        child = tree.edge_child[run]
        kept = (child >= 0) & (tree.edge_pruned[run] == 0)
        return [int(c) for c in child[kept] if tree.links["num_edges"][c]]

    @staticmethod
    def _promise(tree: SearchTree, node: int) -> float:
        """How promising a state is: the value, or the log prior of the line to it."""
        if tree.num_players == 1:
            return float(tree.facts["raw_value"][node])
        promise = 0.0
        while (edge := int(tree.links["parent_edge"][node])) >= 0:
            promise += float(np.log(max(LEAST_PRIOR, float(tree.edge_prior[edge : edge + 1].view(np.float16)[0]))))
            node = int(tree.links["parent"][node])
        return promise
