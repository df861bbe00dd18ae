"""Gumbel AlphaZero (Danihelka, Guez, Schrittwieser and Silver 2022, "Policy improvement by planning with Gumbel").

The root's actions are sampled without replacement by Gumbel noise and compared by sequential halving
(`engine.search.halving`); inside the tree, visits follow the improved policy (`engine.tree.gumbel`). Made for few
simulations, 2 to 64. Actions outside the sample are pruned as `low_prior`, those that lose a comparison as
`eliminated`.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.search.halving import draw_noise, final_cuts, next_edge, plan_root
from engine.search.methods.method import Gathered, prune_of
from engine.search.select import COLLISION, descend, settle
from engine.search.settings import SearchSettings
from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import Prune, PruneReason


def gumbel_noise(settings: SearchSettings, ply: int, count: int) -> NDArray[np.float64]:
    """The noise of `count` root edges, float64; the same for the same seed and ply."""
    noise = np.empty(count)
    draw_noise(noise, settings.gumbel_scale, np.uint64(settings.seed % 2**64), np.uint64(ply))
    return noise


def considered_at(settings: SearchSettings, simulations: int) -> int:
    """Root actions that take part where `simulations` are dealt out.

    Few simulations are better spent on few actions: with 32, Gumbel lost 63 Elo (95 %: 3 to 128) to PUCT when it
    considered 16, and 4 or 3 were as good as PUCT (50 pairs each, chess, generation 0, 2026-11-23).
    """
    return settings.considered or min(16, max(2, simulations // 8))


class Gumbel:
    """The method "gumbel"; for the arguments see `TreePolicy`."""

    def __init__(self, settings: SearchSettings, parameters: NDArray[np.float64], scratch: NDArray[np.float64]) -> None:
        self._settings, self._parameters, self._scratch = settings, parameters, scratch
        self._plan = np.zeros(3, np.int64)
        self._noise, self._base = np.zeros(0), np.zeros(0, np.int32)
        self._given_up = np.zeros(0, np.int32), np.zeros(0)
        self._budget, self._begun, self._is_planned = 0, 0, False

    def begin(self, tree: SearchTree, budget: int | None) -> None:
        """The comparison begins anew, over `budget` simulations.

        Raises:
            ValueError: no budget.
        """
        if budget is None:
            raise ValueError("method gumbel divides a number of simulations among the actions: give it one")
        self._budget, self._begun, self._is_planned = budget, tree.simulations, False

    def gather(self, tree: SearchTree, want: int) -> Gathered:
        """Leaves of the phase in hand, at most one phase's."""
        prunes = () if self._is_planned else self._plan_run(tree)
        columns, shared = self._columns(tree), self._shared(tree)
        parents: list[int] = []
        edges: list[int] = []
        collisions = 0
        while len(parents) < want and collisions < want:
            first, cut = next_edge(*columns, *shared, self._plan, self._noise, self._base, *self._given_up)
            prunes += self._prune(tree, PruneReason.ELIMINATED, cut)
            if first < 0:
                break
            node, edge = descend(*columns, *shared, np.int32(first))
            if edge == COLLISION:
                collisions += 1
                lost = (np.array([node], np.int32), np.array([edge], np.int32))
                settle(tree.links, tree.stats, tree.edge_child, *lost, np.int32(ROOT))
                break
            parents.append(int(node))
            edges.append(int(edge))
        return Gathered(np.array(parents, np.int32), np.array(edges, np.int32), collisions, prunes)

    def landed(self, tree: SearchTree, left: int | None) -> tuple[Prune, ...]:
        """Comparisons are made when the next leaves are asked for."""
        del tree, left
        return ()

    def finish(self, tree: SearchTree) -> tuple[Prune, ...]:
        """Of the actions that are left the one with the highest score is the choice; the others lost to it."""
        if not self._is_planned:
            return ()
        cut = final_cuts(*self._columns(tree), *self._shared(tree), self._noise, self._base, *self._given_up)
        return self._prune(tree, PruneReason.ELIMINATED, cut)

    def _plan_run(self, tree: SearchTree) -> tuple[Prune, ...]:
        """Draw the noise, choose the actions that take part, and set the first phase."""
        run = tree.edge_run(ROOT)
        child = tree.edge_child[run]
        stats = tree.stats[np.maximum(child, 0)]
        self._base = np.where(child >= 0, stats["visits"] - stats["borrowed"], 0).astype(np.int32)
        self._noise = gumbel_noise(self._settings, len(tree.line.actions), len(child))
        self._given_up = np.empty(len(child), np.int32), np.empty(len(child))
        left = self._budget - (tree.simulations - self._begun)
        numbers = (np.int64(considered_at(self._settings, left)), np.int64(left), self._plan, self._noise)
        edges = (tree.links, tree.edge_prior, tree.edge_pruned)
        cut = plan_root(*edges, self._scratch, np.int32(ROOT), *numbers, *self._given_up)
        self._is_planned = True
        return self._prune(tree, PruneReason.LOW_PRIOR, cut)

    def _prune(self, tree: SearchTree, reason: PruneReason, count: int) -> tuple[Prune, ...]:
        """The event for the first `count` edges given up; kernels have marked them, folding it marks them again."""
        edges, evidence = self._given_up
        return prune_of(tree, edges[:count], reason, evidence[:count])

    @staticmethod
    def _columns(tree: SearchTree) -> tuple[NDArray[Any], ...]:
        return (tree.links, tree.stats, tree.facts, tree.edge_prior, tree.edge_child, tree.edge_pruned)

    def _shared(self, tree: SearchTree) -> tuple[Any, ...]:
        return (self._parameters, self._scratch, float(tree.sign), np.int32(ROOT))
