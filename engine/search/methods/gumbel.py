"""Gumbel AlphaZero (Danihelka, Guez, Schrittwieser and Silver 2022, "Policy improvement by planning with Gumbel").

The root's actions are sampled without replacement by Gumbel noise and compared by sequential halving
(`engine.search.halving`); inside the tree, visits follow the improved policy (`engine.tree.gumbel`). Made for few
simulations, 2 to 64. Actions outside the sample are pruned as `low_prior`, those that lose a comparison as
`eliminated`.
"""

import numpy as np
from numpy.typing import NDArray

from engine.search.halving import BUDGET, CONSIDERED, first_target, next_edge, root_scores
from engine.search.methods.method import Gathered, prune_of
from engine.search.select import COLLISION, descend, settle
from engine.search.settings import SearchSettings
from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import Prune, PruneReason
from engine.tree.gumbel import LEAST_PRIOR


def gumbel_noise(settings: SearchSettings, ply: int, count: int) -> NDArray[np.float64]:
    """The noise of `count` root edges, float64; the same for the same seed and ply."""
    return settings.gumbel_scale * np.random.default_rng((settings.seed, ply)).gumbel(size=count)


def outside_sample(
    tree: SearchTree, root: int, noise: NDArray[np.float64], considered: int
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Open edges of `root` that are not among the `considered` highest of gumbel + ln prior, and all their scores."""
    run = tree.edge_run(root)
    prior = tree.edge_prior[run].view(np.float16).astype(np.float64)
    score = noise + np.log(np.maximum(prior, LEAST_PRIOR))
    score[tree.edge_pruned[run] != 0] = -np.inf
    order = np.argsort(-score, kind="stable")
    rest = order[considered:]
    rest = rest[np.isfinite(score[rest])]
    return run.start + rest, score[rest]


def losers_at(
    tree: SearchTree,
    root: int,
    noise: NDArray[np.float64],
    base: NDArray[np.int32],
    parameters: NDArray[np.float64],
    scratch: NDArray[np.float64],
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Open edges of `root` that lose the final choice, and their scores.

    Of those visited since `base` the winner has the highest gumbel + ln prior + sigma(q). How often each was visited
    says nothing: a round may be unfinished, and a win that is seen is visited out of turn.
    """
    run = tree.edge_run(root)
    alive = np.flatnonzero(tree.edge_pruned[run] == 0)
    columns = (tree.links, tree.stats, tree.facts, tree.edge_prior, tree.edge_child)
    root_scores(*columns, parameters, scratch, float(tree.sign), np.int32(root), noise)
    child = tree.edge_child[run][alive]
    stats = tree.stats[np.maximum(child, 0)]
    visits = np.where(child >= 0, stats["visits"] - stats["borrowed"], 0) - base[alive]
    score = scratch[1][alive]
    order = np.lexsort((-score, visits <= 0))[1:]
    return run.start + alive[order], score[order]


class Gumbel:
    """The method "gumbel"; for the arguments see `TreePolicy`."""

    def __init__(self, settings: SearchSettings, parameters: NDArray[np.float64], scratch: NDArray[np.float64]) -> None:
        self._settings, self._parameters, self._scratch = settings, parameters, scratch
        self._plan = np.zeros(3, np.int64)
        self._noise, self._base = np.zeros(0), np.zeros(0, np.int32)
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
        count = int(tree.links["num_edges"][ROOT])
        cuts, evidence = np.empty(count, np.int32), np.empty(count)
        columns = (tree.links, tree.stats, tree.facts, tree.edge_prior, tree.edge_child, tree.edge_pruned)
        shared = (self._parameters, self._scratch, float(tree.sign), np.int32(ROOT))
        parents: list[int] = []
        edges: list[int] = []
        collisions = 0
        for prune in prunes:  # what follows must see them; the fold will write the same again
            tree.edge_pruned[np.frombuffer(prune.edge, "<i4")] = PruneReason.LOW_PRIOR
        while len(parents) < want and collisions < want:
            first, cut = next_edge(*columns, *shared, self._plan, self._noise, self._base, cuts, evidence)
            prunes += prune_of(tree, cuts[:cut], PruneReason.ELIMINATED, evidence[:cut])
            if first < 0:
                break
            node, edge = descend(*columns, *shared, first)
            if edge == COLLISION:
                collisions += 1
                settle(tree.links, tree.stats, tree.edge_child, np.array([node]), np.array([edge]), np.int32(ROOT))
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
        edges, scores = losers_at(tree, ROOT, self._noise, self._base, self._parameters, self._scratch)
        return prune_of(tree, edges, PruneReason.ELIMINATED, scores)

    def _plan_run(self, tree: SearchTree) -> tuple[Prune, ...]:
        """Draw the noise, choose the actions that take part, and set the first phase."""
        run = tree.edge_run(ROOT)
        child = tree.edge_child[run]
        stats = tree.stats[np.maximum(child, 0)]
        self._base = np.where(child >= 0, stats["visits"] - stats["borrowed"], 0).astype(np.int32)
        self._noise = gumbel_noise(self._settings, len(tree.line.actions), len(child))
        left = self._budget - (tree.simulations - self._begun)
        open_edges = int(np.count_nonzero(tree.edge_pruned[run] == 0))
        considered = max(1, min(self._settings.considered, open_edges, left))
        self._plan[BUDGET], self._plan[CONSIDERED] = left, considered
        first_target(self._plan)
        self._is_planned = True
        edges, scores = outside_sample(tree, ROOT, self._noise, considered)
        return prune_of(tree, edges, PruneReason.LOW_PRIOR, scores)
