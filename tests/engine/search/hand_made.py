"""Trees written down by hand, for tests of what only reads a tree."""

from collections.abc import Sequence

import numpy as np

from engine.domains.base import Line
from engine.tree.columns import ROOT, SearchTree


def root_with(
    visits: Sequence[int],
    values: Sequence[float] | None = None,
    *,
    pruned: Sequence[int] = (),
    borrowed: dict[int, int] | None = None,
    bounds: dict[int, tuple[int, int]] | None = None,
    num_players: int = 2,
) -> SearchTree:
    """A root whose action `i` has `visits[i]` visits (0: no child) of mean `values[i]`, seen by the player at the root.

    Args:
        pruned: offsets of cut edges.
        borrowed: how many of an action's visits are lent.
        bounds: proven bounds of an action's value, seen by the player at the root.
    """
    tree = SearchTree(Line("a root"), num_players)
    seen = [i for i, count in enumerate(visits) if count]
    tree.num_nodes, tree.num_edges = 1 + len(seen), len(visits)
    edges = np.arange(len(visits))
    tree.links[ROOT] = (-1, -1, 0, len(visits), len(visits))
    tree.edge_action[edges] = 10 + edges
    tree.edge_child[edges] = -1
    tree.edge_pruned[list(pruned)] = 1
    tree.stats["lower"][: tree.num_nodes], tree.stats["upper"][: tree.num_nodes] = -1, 1
    for node, i in enumerate(seen, start=1):
        tree.edge_child[i] = node
        tree.links[node] = (ROOT, i, len(visits), 0, 0)
        lower, upper = (bounds or {}).get(i, (-1, 1))
        stats = tree.stats[node : node + 1]
        stats["visits"], stats["borrowed"] = visits[i], (borrowed or {}).get(i, 0)
        stats["value_sum"] = tree.sign * visits[i] * (values[i] if values else 0.0)
        stats["lower"], stats["upper"] = sorted((tree.sign * lower, tree.sign * upper))
        tree.facts["depth"][node] = 1
    tree.stats["visits"][ROOT] = 1 + sum(visits) - sum((borrowed or {}).values())
    tree.simulations = 1 + sum(visits)
    return tree


def chain(length: int) -> SearchTree:
    """A single line of `length` actions below the root, each node with one action more than was visited."""
    tree = SearchTree(Line("a root"), 2)
    tree.num_nodes, tree.num_edges = length + 1, 2 * (length + 1)
    for node in range(length + 1):
        parent = (node - 1, 2 * (node - 1)) if node else (-1, -1)
        tree.links[node] = (*parent, 2 * node, 2, 1)
        tree.stats["visits"][node] = length + 1 - node
        tree.facts["depth"][node] = node
        tree.edge_action[2 * node : 2 * node + 2] = 0, 1
        tree.edge_child[2 * node : 2 * node + 2] = (node + 1 if node < length else -1), -1
    tree.stats["lower"][: length + 1], tree.stats["upper"][: length + 1] = -1, 1
    tree.simulations = length + 1
    return tree
