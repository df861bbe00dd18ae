"""The choice of methods that do not count visits: the line with the best values, once all has been looked at."""

import numpy as np
from numpy.typing import NDArray

from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import PruneReason

_COUNTED = (0, PruneReason.PROVEN, PruneReason.REJECTED)
"""What was cut for another reason than its value does not take part."""


def line_values(tree: SearchTree) -> NDArray[np.float64]:
    """Value of every node by best play within the tree (minimax), from the player to move there: float64 [nodes].

    A leaf is worth what intuition or the rules said of it; an inner node what its best visited child is worth. Branches
    that a person or the method gave up do not count.
    """
    value = tree.facts["raw_value"][: tree.num_nodes].astype(np.float64)
    best = np.full(tree.num_nodes, -np.inf)
    parent, edge = tree.links["parent"], tree.links["parent_edge"]
    for node in range(tree.num_nodes - 1, ROOT, -1):  # children stand after their parents
        if np.isfinite(best[node]):
            value[node] = best[node]
        if tree.edge_pruned[edge[node]] in _COUNTED:
            best[parent[node]] = max(best[parent[node]], tree.sign * value[node])
    if tree.num_nodes and np.isfinite(best[ROOT]):
        value[ROOT] = best[ROOT]
    return value


def losers(tree: SearchTree) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Visited edges beside the best line that are not pruned yet, and their values for who would choose them."""
    value = line_values(tree)
    edges: list[int] = []
    scores: list[float] = []
    node = ROOT
    while tree.num_nodes and tree.links["num_edges"][node]:
        run = tree.edge_run(node)
        child = tree.edge_child[run]
        seen = np.flatnonzero((child >= 0) & (tree.edge_pruned[run] == 0))
        if not len(seen):  # all that is left has lost
            break
        worth = tree.sign * value[child[seen]]
        winner = seen[np.argmax(worth)]
        for place, score in zip(seen, worth, strict=True):
            if place != winner:
                edges.append(run.start + int(place))
                scores.append(float(score))
        node = int(child[winner])
    return np.array(edges, np.int32), np.array(scores)
