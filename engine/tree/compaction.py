"""Dropping nodes from a tree: which ones stay, and how the rest closes up."""

import numpy as np
from numpy.typing import NDArray

from engine.compiled import kernel
from engine.tree.columns import NO_NODE, Pruned, SearchTree
from engine.tree.events import PruneReason


def subtree_of(tree: SearchTree, root: int) -> NDArray[np.bool_]:
    """Marks `root` and what hangs below it, nothing for `NO_NODE`: bool [nodes]."""
    keep = np.zeros(tree.num_nodes, np.bool_)
    if root != NO_NODE:
        keep[root] = True
        _keep_subtree(tree.links, root, keep)
    return keep


def much_visited(tree: SearchTree, below: int, spared: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Marks the root and the children of nodes that have more than `below` visits and no proven value: bool [nodes].

    `spared` nodes are marked whatever their parent's visits. A node whose parent is not marked is not.
    """
    keep = np.zeros(tree.num_nodes, np.bool_)
    keep[:1] = True
    keep[spared] = True
    _keep_visited(tree.links, tree.stats, below, keep)
    return keep


def compact(tree: SearchTree, keep: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Drop the nodes that are not in `keep` [nodes], in order; the first that is kept becomes the root.

    Returns:
        int32 [nodes before], where each node went, -1 = dropped.
    """
    mapping = np.full(len(keep), NO_NODE, np.int32)
    marked = np.array([*tree.prunes, *tree.lent], np.int64)
    first_edge = tree.links["first_edge"][: len(keep)].copy()
    owners = np.searchsorted(first_edge, marked, side="right") - 1  # as `SearchTree.owner`, for all at once
    offsets = marked - first_edge[owners]
    edge_columns = (tree.edge_action, tree.edge_prior, tree.edge_child, tree.edge_pruned)
    counts = np.zeros(2, np.int64)
    _move_down(tree.links, tree.stats, tree.facts, *edge_columns, keep, mapping, counts)
    tree.num_nodes, tree.num_edges = int(counts[0]), int(counts[1])

    stays = mapping[owners] >= 0
    moved = tree.links["first_edge"][mapping[owners[stays]]] + offsets[stays]
    kept = dict(zip(marked[stays].tolist(), moved.tolist(), strict=True))
    tree.prunes = {
        kept[edge]: _renumbered(pruned, mapping) if tree.edge_pruned[kept[edge]] == PruneReason.DUPLICATE else pruned
        for edge, pruned in tree.prunes.items()
        if edge in kept
    }
    tree.lent = {kept[edge]: visits for edge, visits in tree.lent.items() if edge in kept}
    return mapping


def _renumbered(pruned: Pruned, mapping: NDArray[np.int32]) -> Pruned:
    """The evidence of a duplicate now that its twin has moved; -1 = the twin is gone."""
    is_node = 0 <= pruned.evidence < len(mapping)
    return Pruned(pruned.at, float(mapping[int(pruned.evidence)]) if is_node else -1.0)


@kernel
def _keep_subtree(links, root, keep):
    """Mark what hangs below `root`; parents stand before their children."""
    for node in range(root + 1, len(keep)):
        up = links[node].parent
        keep[node] = up >= 0 and keep[up]


@kernel
def _keep_visited(links, stats, below, keep):
    """Mark the children of nodes with more than `below` visits and no proven value, as far as they hang together."""
    for node in range(1, len(keep)):
        up = links[node].parent
        if not keep[node]:
            keep[node] = keep[up] and stats[up].visits > below and stats[up].lower != stats[up].upper
        elif not keep[up]:
            keep[node] = False


@kernel
def _move_down(links, stats, facts, edge_action, edge_prior, edge_child, edge_pruned, keep, mapping, counts):
    """Close the gaps between the nodes in `keep`; `mapping` gets their new places, `counts` nodes and edges."""
    nodes, edges = np.int32(0), np.int32(0)
    root_depth = np.uint16(0)
    offsets = np.empty(len(keep), np.int32)  # of each node's edge in its parent's run, which moves before the node does
    for old in range(len(keep)):
        up = links[old].parent
        offsets[old] = links[old].parent_edge - links[up].first_edge if up >= 0 else 0
    for old in range(len(keep)):
        up = links[old].parent
        up_edge = np.int32(-1)
        if up >= 0 and mapping[up] >= 0:
            up_edge = links[mapping[up]].first_edge + offsets[old]
        if not keep[old]:
            if up_edge >= 0:
                edge_child[up_edge] = np.int32(-1)
            continue
        new = nodes
        mapping[old] = new
        first, count = links[old].first_edge, np.int32(links[old].num_edges)
        # New places never lie past the old ones, so rows can be moved down in one sweep.
        links[new] = links[old]
        stats[new] = stats[old]
        facts[new] = facts[old]
        links[new].parent = np.int32(-1) if new == 0 else mapping[up]
        links[new].parent_edge = up_edge
        if new == 0:
            root_depth = facts[old].depth
        else:
            edge_child[up_edge] = new
        facts[new].depth = np.uint16(facts[new].depth - root_depth)
        links[new].first_edge = edges
        for k in range(count):
            edge_action[edges + k] = edge_action[first + k]
            edge_prior[edges + k] = edge_prior[first + k]
            edge_child[edges + k] = edge_child[first + k]
            edge_pruned[edges + k] = edge_pruned[first + k]
        nodes += np.int32(1)
        edges += count
    counts[0], counts[1] = nodes, edges
