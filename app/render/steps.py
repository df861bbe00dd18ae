"""Steps through a tree by keys: from a node to its parent, its best child, or the next visited node beside it."""

import numpy as np

from engine.tree.choice import best_edge
from engine.tree.columns import NO_NODE, ROOT, SearchTree


def parent(tree: SearchTree, node: int) -> int:
    """The parent, or `NO_NODE` for the root."""
    return int(tree.links["parent"][node])


def best_child(tree: SearchTree, node: int) -> int:
    """The child that search would play to; where that was not visited, the most visited one; or `NO_NODE`."""
    edge = best_edge(tree, node)
    if edge < 0:
        return NO_NODE
    child = int(tree.edge_child[edge])
    if child >= 0:
        return child
    children = tree.edge_child[tree.edge_run(node)]
    visited = children[children >= 0]
    return int(visited[np.argmax(tree.stats["visits"][visited])]) if len(visited) else NO_NODE


def sibling(tree: SearchTree, node: int, step: int) -> int:
    """The next visited node with the same parent, `step` = -1 above or +1 below, or `NO_NODE`."""
    if node == ROOT:
        return NO_NODE
    children = tree.edge_child[tree.edge_run(parent(tree, node))]
    visited = children[children >= 0]
    place = int(np.flatnonzero(visited == node)[0]) + step
    return int(visited[place]) if 0 <= place < len(visited) else NO_NODE
