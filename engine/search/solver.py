"""Proven values: bounds carried up from ended play, and the prunes that follow (MCTS-solver, Winands et al. 2008).

A node's value lies in [lower, upper], both in {-1, 0, 1}, from the player to move there. Ended play is exact;
otherwise a node is at least as good as its best child's guaranteed value and at most as good as its most hopeful
child. An edge whose child is proven and loses for the player who would choose it is pruned. A proven node knows how far
the end is: the winner takes the quickest way, the loser the longest.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.compiled import kernel
from engine.tree.columns import SearchTree
from engine.tree.events import PruneReason

_PROVEN, _DUPLICATE = np.uint8(PruneReason.PROVEN), np.uint8(PruneReason.DUPLICATE)


@dataclass(frozen=True, slots=True, eq=False)
class Proofs:
    """What became certain. `nodes`, `lower`, `upper`, `distance`: new bounds; `edges`: int32, now proven losses."""

    nodes: NDArray[np.int32]
    lower: NDArray[np.int8]
    upper: NDArray[np.int8]
    distance: NDArray[np.uint8]
    edges: NDArray[np.int32]


def carry_up(tree: SearchTree, ended: NDArray[np.int32]) -> Proofs:
    """Bounds and prunes that follow from the nodes `ended` [k].

    They are already written to `tree` when this returns, because every climb builds on the ones before; folding the
    events made from them writes the same values again.
    """
    capacity = int(tree.facts["depth"][ended].sum(dtype=np.int64)) + 1
    nodes, distance = np.empty(capacity, np.int32), np.empty(capacity, np.uint8)
    lower, upper = np.empty(capacity, np.int8), np.empty(capacity, np.int8)
    edges = np.empty(capacity + len(ended), np.int32)
    columns = (tree.links, tree.stats, tree.facts, tree.edge_child, tree.edge_pruned)
    count, cuts = _carry_up(*columns, tree.sign, ended, nodes, lower, upper, distance, edges)
    return Proofs(nodes[:count], lower[:count], upper[:count], distance[:count], edges[:cuts])


@kernel
def _carry_up(links, stats, facts, edge_child, edge_pruned, sign, ended, nodes, lower, upper, distance, edges):
    """Climb from every ended node while bounds get tighter."""
    count, cuts = 0, 0
    for i in range(len(ended)):
        node = ended[i]
        while True:
            parent = links[node].parent
            if parent < 0:
                break
            up = links[node].parent_edge
            if stats[node].lower == stats[node].upper and stats[node].lower * sign == -1 and edge_pruned[up] == 0:
                edge_pruned[up] = _PROVEN
                edges[cuts] = up
                cuts += 1
            low, high = _bounds_of(links, stats, edge_child, edge_pruned, sign, parent)
            was_proven = stats[parent].lower == stats[parent].upper
            if not was_proven and low <= stats[parent].lower and high >= stats[parent].upper:
                break
            stats[parent].lower = max(np.int8(low), stats[parent].lower)
            stats[parent].upper = min(np.int8(high), stats[parent].upper)
            if stats[parent].lower == stats[parent].upper:
                plies = _distance_of(links, stats, facts, edge_child, sign, parent)
                if was_proven and plies == facts[parent].distance:
                    break
                facts[parent].distance = plies  # what was in flight may have found a quicker way
            nodes[count], distance[count] = parent, facts[parent].distance
            lower[count], upper[count] = stats[parent].lower, stats[parent].upper
            count += 1
            node = parent
    return count, cuts


@kernel
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
            if sign < 0:
                child_low, child_high = -stats[child].upper, -stats[child].lower
            else:
                child_low, child_high = np.int64(stats[child].lower), np.int64(stats[child].upper)
        elif edge_pruned[e] == _PROVEN:
            child_high = -1
        low, high = max(low, child_low), max(high, child_high)
        if high == 1 and low == 1:
            break
    return low, high


@kernel
def _distance_of(links, stats, facts, edge_child, sign, node):
    """Plies from a node of proven value to the end: the quickest for a win or draw, the longest for a loss."""
    value = np.int64(stats[node].lower)
    quickest, longest = 255, 0
    first = links[node].first_edge
    for e in range(first, first + np.int32(links[node].num_edges)):
        child = edge_child[e]
        if child >= 0 and stats[child].lower == stats[child].upper and stats[child].lower * sign == value:
            quickest = min(quickest, np.int64(facts[child].distance))
            longest = max(longest, np.int64(facts[child].distance))
    return np.uint8(min(255, 1 + (longest if value < 0 else quickest)))
