"""Proven values: bounds carried up from ended play, and the prunes that follow (MCTS-solver, Winands et al. 2008).

A node's value lies in [lower, upper], both in {-1, 0, 1}, from the player to move there. Ended play is exact;
otherwise a node is at least as good as its best child's guaranteed value and at most as good as its most hopeful
child. An edge whose child is proven and loses for the player who would choose it is pruned. A proven node knows how far
the end is: the winner takes the quickest way, the loser the longest.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inline, kernel
from engine.tree.columns import SearchTree
from engine.tree.events import PruneReason

_PROVEN, _REJECTED = np.uint8(PruneReason.PROVEN), np.uint8(PruneReason.REJECTED)
_DUPLICATE = np.uint8(PruneReason.DUPLICATE)


@dataclass(frozen=True, slots=True, eq=False)
class Proofs:
    """What became certain. `nodes`, `lower`, `upper`, `distance`: new bounds; `edges`: int32, now proven losses."""

    nodes: NDArray[np.int32]
    lower: NDArray[np.int8]
    upper: NDArray[np.int8]
    distance: NDArray[np.uint8]
    edges: NDArray[np.int32]


def carry_up(tree: SearchTree, telling: NDArray[np.int32]) -> Proofs:
    """Bounds and prunes that follow from the nodes `telling` [k]: those that ended, and new duplicates.

    They are already written to `tree` when this returns, because every climb builds on the ones before; folding the
    events made from them writes the same values again.
    """
    capacity = int(tree.facts["depth"][telling].sum(dtype=np.int64)) + 1
    nodes, distance = np.empty(capacity, np.int32), np.empty(capacity, np.uint8)
    lower, upper = np.empty(capacity, np.int8), np.empty(capacity, np.int8)
    edges = np.empty(capacity + len(telling), np.int32)
    columns = (tree.links, tree.stats, tree.facts, tree.edge_child, tree.edge_pruned)
    count, cuts = _carry_up(*columns, tree.sign, telling, nodes, lower, upper, distance, edges)
    return Proofs(nodes[:count], lower[:count], upper[:count], distance[:count], edges[:cuts])


@kernel
def _carry_up(links, stats, facts, edge_child, edge_pruned, sign, telling, nodes, lower, upper, distance, edges):
    """Climb from every telling node while bounds get tighter."""
    count, cuts = 0, 0
    for i in range(len(telling)):
        node = telling[i]
        while True:
            parent, up = links[node].parent, links[node].parent_edge
            if parent < 0:
                break
            own, above = stats[node], stats[parent]
            if own.lower == own.upper and own.lower * sign == -1 and edge_pruned[up] == 0:
                edge_pruned[up] = _PROVEN
                edges[cuts] = up
                cuts += 1
            low, high = _bounds_of(links, stats, edge_child, edge_pruned, sign, parent)
            was_proven = above.lower == above.upper
            if not was_proven and low <= above.lower and high >= above.upper:
                break
            above.lower = np.int8(max(low, np.int64(above.lower)))
            above.upper = np.int8(min(high, np.int64(above.upper)))
            if above.lower == above.upper:
                plies = _distance_of(links, stats, facts, edge_child, sign, parent)
                if was_proven and plies == facts[parent].distance:
                    break
                facts[parent].distance = plies  # what was in flight may have found a quicker way
            nodes[count], distance[count] = parent, facts[parent].distance
            lower[count], upper[count] = above.lower, above.upper
            count += 1
            node = parent
    return count, cuts


@inline
def _bounds_of(links, stats, edge_child, edge_pruned, sign, node):
    """Bounds of `node` that follow from its children; an unvisited child may still be anything.

    A proven loss stays one when the child itself was recycled. In a game of two a duplicate has no say: its twin among
    the siblings is worth the same.
    """
    low, high = -1, -1
    first = links[node].first_edge
    for e in range(first, first + np.int32(links[node].num_edges)):
        if sign < 0 and edge_pruned[e] == _DUPLICATE:
            continue
        child = edge_child[e]
        child_low, child_high = -1, 1
        if child >= 0:
            child_low, child_high = np.int64(stats[child].lower), np.int64(stats[child].upper)
            if sign < 0:
                child_low, child_high = -child_high, -child_low
        elif edge_pruned[e] == _PROVEN or edge_pruned[e] == _REJECTED:
            child_high = -1
        low, high = max(low, child_low), max(high, child_high)
        if high == 1 and low == 1:
            break
    return low, high


@inline
def _distance_of(links, stats, facts, edge_child, sign, node):
    """Plies from a node of proven value to the end: the quickest for a win or draw, the longest for a loss."""
    value = np.int64(stats[node].lower)
    quickest, longest = 255, 0
    first = links[node].first_edge
    for e in range(first, first + np.int32(links[node].num_edges)):
        child = edge_child[e]
        if child >= 0 and stats[child].lower == stats[child].upper and stats[child].lower * sign == value:
            distance = np.int64(facts[child].distance)
            quickest, longest = min(quickest, distance), max(longest, distance)
    return np.uint8(min(255, 1 + (longest if value < 0 else quickest)))
