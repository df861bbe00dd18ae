"""Making room in a tree that has reached its size: which subtrees are worth the least."""

import numpy as np

from engine.tree.choice import best_edge
from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import Recycle, pack

KEPT = 0.5
"""Share of the nodes that stay, at most; recycling is rare then, and cheap for each node it makes room for."""


def recycling(tree: SearchTree) -> Recycle:
    """The event that gives up the least visited half of `tree`; the principal variation stays.

    A node that loses its subtree keeps its own visits and value. What made up its value is gone, and the search grows
    it again where it matters.
    """
    parents = tree.links["parent"][1 : tree.num_nodes]
    visits_above = tree.stats["visits"][parents]
    stay = int(KEPT * len(visits_above))
    below = int(np.partition(visits_above, len(visits_above) - 1 - stay)[len(visits_above) - 1 - stay])
    below = min(below, int(tree.stats["visits"][ROOT]) - 1)
    return Recycle(tree.simulations, below, pack(np.array(_main_line(tree), np.int32), "<i4"))


def _main_line(tree: SearchTree) -> list[int]:
    """Nodes of the principal variation below the root."""
    nodes: list[int] = []
    node = ROOT
    while (edge := best_edge(tree, node)) >= 0 and tree.edge_child[edge] >= 0:
        node = int(tree.edge_child[edge])
        nodes.append(node)
    return nodes
