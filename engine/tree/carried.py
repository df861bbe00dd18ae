"""Simulations carried up a tree: what those that went through each node come to, for all nodes at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.compiled import kernel
from engine.tree.columns import SearchTree


@dataclass(frozen=True, slots=True, eq=False)
class Carried:
    """Sums over simulations, at every node that they went through: int64 and float64 [nodes]; 0 elsewhere.

    Attributes:
        count: how many. value, share: sums of two columns of theirs, as they were given: no sign is changed.
    """

    count: NDArray[np.int64]
    value: NDArray[np.float64]
    share: NDArray[np.float64]


def carry_up(
    tree: SearchTree, top: int, leaf: NDArray[np.int32], value: NDArray[np.float64], share: NDArray[np.float64]
) -> Carried:
    """Sums for `top` and what is below it, of simulations that ended at `leaf` [M], all at or below `top`."""
    nodes = tree.num_nodes
    carried = Carried(np.zeros(nodes, np.int64), np.zeros(nodes), np.zeros(nodes))
    _carry_up(tree.links, top, leaf, value, share, carried.count, carried.value, carried.share)
    return carried


@kernel
def _carry_up(links, top, leaf, value, share, counts, values, shares):
    last = np.int64(top)
    for i in range(len(leaf)):
        node = leaf[i]
        counts[node] += 1
        values[node] += value[i]
        shares[node] += share[i]
        last = max(last, np.int64(node))
    for back in range(last - top):
        node = last - back  # children stand after their parents
        if counts[node] > 0:
            parent = links[node].parent
            counts[parent] += counts[node]
            values[parent] += values[node]
            shares[parent] += shares[node]
