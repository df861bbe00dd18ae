"""Who leads at the root and by how much: what stoppers need to know of a tree, in a few microseconds."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.tree.columns import ROOT, SearchTree

NO_ACTION = -1


@dataclass(frozen=True, slots=True)
class Leader:
    """The most visited action of the root among those that are not pruned.

    Attributes:
        action: its index, or `NO_ACTION` while none has a visit; it keeps its meaning when nodes are renumbered.
        lead: visits ahead of the runner-up; infinite where there is no other choice.
        lower, upper: proven bounds of the action's value, from the player to move at the root.
        is_valued_most: no action with at least half as many visits has a higher mean value.
    """

    action: int
    lead: float
    lower: int
    upper: int
    is_valued_most: bool


_NOBODY = Leader(NO_ACTION, 0.0, -1, 1, is_valued_most=False)


def leader_of(tree: SearchTree) -> Leader:
    """The leader at the root; of equals, the one with the higher prior. Borrowed visits do not count."""
    if tree.num_nodes == 0:
        return _NOBODY
    run = tree.edge_run(ROOT)
    edges = np.flatnonzero(tree.edge_pruned[run] == 0) + run.start
    child = tree.edge_child[edges]
    visited = child >= 0
    seen = child[visited]
    if not len(seen):
        return _NOBODY
    stats = tree.stats[seen]
    visits = stats["visits"] - stats["borrowed"]
    best = int(np.argmax(visits))
    most = int(visits[best])
    others = np.delete(visits, best)
    second = int(others.max()) if len(others) else 0
    lead = math.inf if len(edges) == 1 else float(most - second)
    mean = tree.sign * stats["value_sum"] / np.maximum(stats["visits"], 1)
    lower, upper = sorted((tree.sign * int(stats["lower"][best]), tree.sign * int(stats["upper"][best])))
    return Leader(
        action=int(tree.edge_action[edges[visited][best]]),
        lead=lead,
        lower=lower,
        upper=upper,
        is_valued_most=bool(mean[best] >= mean[2 * visits >= most].max()),
    )


def root_visits(tree: SearchTree) -> NDArray[np.int64]:
    """Visits of every edge of the root, int64 [edges of the root], borrowed ones not counted."""
    child = tree.edge_child[tree.edge_run(ROOT)]
    stats = tree.stats[np.maximum(child, 0)]
    return np.where(child >= 0, stats["visits"] - stats["borrowed"], 0).astype(np.int64)
