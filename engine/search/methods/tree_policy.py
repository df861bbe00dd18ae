"""PUCT and UCT: at every node the edge with the best score, from the root down.

PUCT: AlphaZero (Silver et al. 2018) with Lc0's parameters, `engine.tree.puct`. UCT: Kocsis and Szepesvari 2006, values
by random playouts, `engine.tree.ucb`. Root actions that cannot become the most visited one any more are given up, as
Lc0's smart pruning does.
"""

import numpy as np
from numpy.typing import NDArray

from engine.search.methods.method import Gathered, prune_of
from engine.search.select import COLLISION, gather
from engine.search.settings import SearchSettings
from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import Prune, PruneReason


class TreePolicy:
    """The method "puct" or "uct".

    Args:
        parameters: `engine.tree.selection.selection_parameters`.
        scratch: float64 [2, most edges of a node].
    """

    def __init__(self, settings: SearchSettings, parameters: NDArray[np.float64], scratch: NDArray[np.float64]) -> None:
        self._settings, self._parameters, self._scratch = settings, parameters, scratch

    def begin(self, tree: SearchTree, budget: int | None) -> None:
        """Any budget will do."""

    def gather(self, tree: SearchTree, want: int) -> Gathered:
        """Leaves found from the root."""
        return gather_from(tree, ROOT, want, self._parameters, self._scratch)

    def landed(self, tree: SearchTree, left: int | None) -> tuple[Prune, ...]:
        """Root actions that `left` more visits cannot make the most visited one."""
        if left is None or not self._settings.prune_out_of_reach:
            return ()
        run = tree.edge_run(ROOT)
        child = tree.edge_child[run]
        stats = tree.stats[np.maximum(child, 0)]
        visits = np.where(child >= 0, stats["visits"] - stats["borrowed"], 0)
        alive = tree.edge_pruned[run] == 0
        if not alive.any():
            return ()
        lacking = visits[alive].max() - visits
        hopeless = np.flatnonzero(alive & (lacking > left))
        return prune_of(tree, run.start + hopeless, PruneReason.OUT_OF_REACH, lacking[hopeless])

    def finish(self, tree: SearchTree) -> tuple[Prune, ...]:
        """The most visited action is the choice; nothing is given up for it."""
        del tree
        return ()


def gather_from(
    tree: SearchTree, start: int, want: int, parameters: NDArray[np.float64], scratch: NDArray[np.float64]
) -> Gathered:
    """At most `want` leaves below `start`, by the rule that `parameters` name.

    Collisions that are allowed grow with the tree, as in Lc0: in a small tree they would only fill the batch with what
    is better left for the next one.
    """
    budget = min(want, 1 + tree.num_nodes // 64) if want > 1 else 0
    parent, edge = (np.empty(want + budget + 1, np.int32) for _ in range(2))
    columns = (tree.links, tree.stats, tree.facts, tree.edge_prior, tree.edge_child, tree.edge_pruned)
    descents, collisions = gather(
        *columns, parameters, scratch, float(tree.sign), np.int32(start), want, budget, parent, edge
    )
    kept = edge[:descents] != COLLISION
    return Gathered(parent[:descents][kept], edge[:descents][kept], int(collisions))
