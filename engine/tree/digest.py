"""A tree as one number: equal for two trees exactly if they are equal column for column."""

import hashlib
import struct

import numpy as np

from engine.tree.columns import NO_NODE, SearchTree

_SLICE = 1 << 20


def tree_digest(tree: SearchTree) -> str:
    """Hash over all live rows of `tree`, its prunes, loans, line and count of simulations, 64 hex digits.

    What only lives inside a search is left out: simulations in flight and edges whose first visit is awaited. So the
    engine's tree, a replica and a past moment of a recording can be compared.
    """
    digest = hashlib.sha256(repr((tree.line.start, tree.line.actions, tree.num_players)).encode())
    digest.update(struct.pack("<3q", tree.num_nodes, tree.num_edges, tree.simulations))
    for start in range(0, tree.num_nodes, _SLICE):
        rows = slice(start, min(start + _SLICE, tree.num_nodes))
        stats = tree.stats[rows].copy()
        stats["in_flight"] = 0
        for column in (tree.links[rows], stats, tree.facts[rows]):
            digest.update(np.ascontiguousarray(column).data.cast("B"))
    for start in range(0, tree.num_edges, _SLICE):
        rows = slice(start, min(start + _SLICE, tree.num_edges))
        child = np.maximum(tree.edge_child[rows], NO_NODE)
        for edges in (tree.edge_action[rows], tree.edge_prior[rows], child, tree.edge_pruned[rows]):
            digest.update(np.ascontiguousarray(edges).data.cast("B"))
    for edge in sorted(tree.prunes):
        digest.update(struct.pack("<2qd", edge, tree.prunes[edge].at, tree.prunes[edge].evidence))
    for edge, visits in tree.lent.items():
        digest.update(struct.pack("<2q", edge, visits))
    return digest.hexdigest()
