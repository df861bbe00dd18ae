"""Proven values: bounds carried up from ended play, and the prunes that follow (MCTS-solver, Winands et al. 2008).

A node's value lies in [lower, upper], both in {-1, 0, 1}, from the player to move there. Ended play is exact;
otherwise a node is at least as good as its best child's guaranteed value and at most as good as its most hopeful
child. An edge whose child is proven and loses for the player who would choose it is pruned.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.compiled import kernel
from engine.tree.columns import SearchTree
from engine.tree.events import PruneReason

_PROVEN = np.uint8(PruneReason.PROVEN)


@dataclass(frozen=True, slots=True, eq=False)
class Proofs:
    """What became certain. `nodes`, `lower`, `upper`: new bounds; `edges`: int32, now proven losses for the chooser."""

    nodes: NDArray[np.int32]
    lower: NDArray[np.int8]
    upper: NDArray[np.int8]
    edges: NDArray[np.int32]


def carry_up(tree: SearchTree, ended: NDArray[np.int32]) -> Proofs:
    """Bounds and prunes that follow from the nodes `ended` [k].

    They are already written to `tree` when this returns, because every climb builds on the ones before; folding the
    events made from them writes the same values again.
    """
    capacity = int(sum(int(tree.facts["depth"][node]) for node in ended)) + 1
    nodes = np.empty(capacity, np.int32)
    lower, upper = np.empty(capacity, np.int8), np.empty(capacity, np.int8)
    edges = np.empty(capacity + len(ended), np.int32)
    count, cuts = _carry_up(
        tree.links, tree.facts, tree.edge_child, tree.edge_pruned, tree.sign, ended, nodes, lower, upper, edges
    )
    return Proofs(nodes[:count], lower[:count], upper[:count], edges[:cuts])


@kernel
def _carry_up(links, facts, edge_child, edge_pruned, sign, ended, nodes, lower, upper, edges):
    """Climb from every ended node while bounds get tighter."""
    count, cuts = 0, 0
    for i in range(len(ended)):
        node = ended[i]
        while True:
            parent = links[node].parent
            if parent < 0:
                break
            up = links[node].parent_edge
            if facts[node].lower == facts[node].upper and facts[node].lower * sign == -1 and edge_pruned[up] == 0:
                edge_pruned[up] = _PROVEN
                edges[cuts] = up
                cuts += 1
            low, high = _bounds_of(links, facts, edge_child, sign, parent)
            if low <= facts[parent].lower and high >= facts[parent].upper:
                break
            facts[parent].lower = max(np.int8(low), facts[parent].lower)
            facts[parent].upper = min(np.int8(high), facts[parent].upper)
            nodes[count], lower[count], upper[count] = parent, facts[parent].lower, facts[parent].upper
            count += 1
            node = parent
    return count, cuts


@kernel
def _bounds_of(links, facts, edge_child, sign, node):
    """Bounds of `node` that follow from its children; an unvisited child may still be anything."""
    low, high = -1, -1
    first = links[node].first_edge
    for e in range(first, first + np.int32(links[node].num_edges)):
        child = edge_child[e]
        child_low, child_high = -1, 1
        if child >= 0:
            if sign < 0:
                child_low, child_high = -facts[child].upper, -facts[child].lower
            else:
                child_low, child_high = np.int64(facts[child].lower), np.int64(facts[child].upper)
        low, high = max(low, child_low), max(high, child_high)
        if high == 1 and low == 1:
            break
    return low, high
