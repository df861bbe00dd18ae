"""Two trees of one position on one set of nodes: their union, and each of them drawn on it.

A node is named by the actions that lead to it from the root, so the same node of two searches is found whatever its
number is in either. Only visited nodes take part: their number, not that of all legal actions, decides what a
comparison costs, and every statistic of a search stands at a visited node.

    take(tree)          one side as it stands now: a copy that the search goes on without
    unite(a, b)         the nodes of either, numbered as in A, then what only B has; for any thread
    project(union, a)   the union's nodes with one side's statistics: two pictures of one layout
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.domains.base import Line
from engine.tree.columns import FACTS, LINKS, NO_NODE, ROOT, STATS, SearchTree
from engine.tree.compare_match import match
from engine.tree.explain import principal_variation


class CompareError(ValueError):
    """Two trees cannot be laid over each other; the message says what they do not share."""


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One of the two trees, as it stood at one moment: a copy, never changed.

    Attributes:
        line, num_players, simulations: as in `SearchTree`.
        parent: int32 [nodes]. rank: int32 [nodes], falls in the order of siblings (the number of the edge to a node).
        action: uint16 [nodes], prior: uint16 [nodes] float16 bits, pruned: uint8 [nodes], of the edge to each node; 0
            at the root.
        stats, facts: the tree's columns, copied.
        main_line: actions of the principal variation from the root.
    """

    line: Line
    num_players: int
    simulations: int
    parent: NDArray[np.int32]
    rank: NDArray[np.int32]
    action: NDArray[np.uint16]
    prior: NDArray[np.uint16]
    pruned: NDArray[np.uint8]
    stats: NDArray[Any]
    facts: NDArray[Any]
    main_line: tuple[int, ...]

    @property
    def num_nodes(self) -> int:
        """Visited nodes, the root included."""
        return len(self.parent)

    @property
    def sign(self) -> int:
        """As `SearchTree.sign`."""
        return -1 if self.num_players == 2 else 1


@dataclass(frozen=True, slots=True, eq=False)
class Union:
    """The nodes that either of two trees has.

    Attributes:
        tree: them as a table. Visits, sums and lent visits are those of both together (so that a node's visits are its
            branches' and its own, and one layout fits both); bounds are the tighter ones; intuition's figures and
            priors are A's where A has the node.
        in_a, in_b: int32 [N], each node's number in A and in B, -1 = not there.
        from_a, from_b: int32 [nodes of A], [nodes of B], the way back.
        a, b: what was united.
    """

    tree: SearchTree
    in_a: NDArray[np.int32]
    in_b: NDArray[np.int32]
    from_a: NDArray[np.int32]
    from_b: NDArray[np.int32]
    a: Side
    b: Side


def take(tree: SearchTree) -> Side:
    """One side of a comparison, as `tree` stands now. Costs a copy of the node columns.

    Raises:
        CompareError: the tree has no root yet.
    """
    if not tree.num_nodes:
        raise CompareError("a tree without a root cannot be compared")
    links = tree.links[: tree.num_nodes]
    rank = links["parent_edge"].copy()
    edge = np.maximum(rank, 0)
    action, prior, pruned = tree.edge_action[edge], tree.edge_prior[edge], tree.edge_pruned[edge]
    for column in (action, prior, pruned):
        column[ROOT] = 0
    return Side(
        line=tree.line,
        num_players=tree.num_players,
        simulations=tree.simulations,
        parent=links["parent"].copy(),
        rank=rank,
        action=action,
        prior=prior,
        pruned=pruned,
        stats=tree.stats[: tree.num_nodes].copy(),
        facts=tree.facts[: tree.num_nodes].copy(),
        main_line=tuple(principal_variation(tree)),
    )


def unite(a: Side, b: Side) -> Union:
    """The nodes of either side. Children stand in A's order, then those that only B has, in B's.

    The caller sees to it that both begin at the same position; the lines that lead there may differ.

    Raises:
        CompareError: one is a search for one player and the other for two.
    """
    if a.num_players != b.num_players:
        raise CompareError(f"a search for {a.num_players} cannot be laid over one for {b.num_players}")
    from_b: NDArray[np.int32] = match(a.parent, a.action, b.parent, b.action)
    only_b = np.flatnonzero(from_b < 0).astype(np.int32)
    nodes = a.num_nodes + len(only_b)
    from_b[only_b] = np.arange(a.num_nodes, nodes, dtype=np.int32)
    from_a = np.arange(a.num_nodes, dtype=np.int32)
    in_a, in_b = (np.full(nodes, NO_NODE, np.int32) for _ in range(2))
    in_a[from_a] = from_a
    in_b[from_b] = np.arange(b.num_nodes, dtype=np.int32)

    parent = np.concatenate([a.parent, from_b[b.parent[only_b]]])
    rank = np.concatenate([a.rank.astype(np.int64), b.rank[only_b].astype(np.int64) + (1 << 31)])
    tree = _table(a, nodes, parent, np.lexsort((rank[1:], parent[1:])).astype(np.int32) + 1)
    tree.edge_action[parent_edges(tree)] = np.concatenate([a.action, b.action[only_b]])[1:]
    _fill(tree, (a, in_a), (b, in_b))
    tree.simulations = a.simulations + b.simulations
    return Union(tree, in_a, in_b, from_a, from_b, a, b)


def project(union: Union, side: Side) -> SearchTree:
    """The union's nodes and edges with the statistics of one side, which is one of the two united.

    A node that the side has not got has 0 visits, no prior and open bounds. The links are the union's own.
    """
    tree = union.tree
    drawn = SearchTree(side.line, side.num_players, tree.num_nodes, tree.num_edges, side.simulations, tree.links)
    drawn.edge_action, drawn.edge_child = tree.edge_action, tree.edge_child
    drawn.edge_prior, drawn.edge_pruned = np.zeros_like(tree.edge_prior), np.zeros_like(tree.edge_pruned)
    _fill(drawn, (side, union.in_a if side is union.a else union.in_b))
    drawn.facts["depth"] = tree.facts["depth"]
    return drawn


def moved(before: Union, after: Union) -> NDArray[np.int32]:
    """Where the nodes of one union are in a later one of the same two searches, grown meanwhile: int32 [N before].

    Holds while neither search renumbers its nodes; a node that is gone is -1.
    """
    by_a = before.in_a
    by_b = np.where(before.in_b < after.b.num_nodes, before.in_b, NO_NODE)
    through_b = np.where(by_b >= 0, after.from_b[np.maximum(by_b, 0)], NO_NODE)
    return np.where((by_a >= 0) & (by_a < after.a.num_nodes), by_a, through_b).astype(np.int32)


def below(side: Side, actions: tuple[int, ...]) -> Side:
    """The part of a side below the node that `actions` lead to from its root: a search of that position.

    Raises:
        CompareError: the side never came there.
    """
    root = ROOT
    for depth, action in enumerate(actions):
        hits = np.flatnonzero((side.parent == root) & (side.action == action))
        if not len(hits):
            raise CompareError(f"the other search never visited action {action} after {depth} actions")
        root = int(hits[0])
    keep = np.zeros(side.num_nodes, np.bool_)
    keep[root] = True
    # Generation by generation: depth is bounded, nodes are many.
    for depth in range(int(side.facts["depth"][root]) + 1, int(side.facts["depth"].max(initial=0)) + 1):
        layer = np.flatnonzero(side.facts["depth"] == depth)
        keep[layer] = keep[side.parent[layer]]
    number = np.cumsum(keep, dtype=np.int32) - 1
    parent = number[np.maximum(side.parent[keep], 0)]
    parent[0] = NO_NODE
    facts, rank, last_action = side.facts[keep], side.rank[keep], side.action[keep]
    facts["depth"] -= facts["depth"][0]
    prior, pruned = side.prior[keep], side.pruned[keep]
    rank[0], last_action[0], prior[0], pruned[0] = NO_NODE, 0, 0, 0
    is_on_main_line = side.main_line[: len(actions)] == actions
    return replace(
        side,
        line=side.line.then(*actions),
        parent=parent,
        rank=rank,
        action=last_action,
        prior=prior,
        pruned=pruned,
        stats=side.stats[keep],
        facts=facts,
        main_line=side.main_line[len(actions) :] if is_on_main_line else (),
    )


def parent_edges(tree: SearchTree) -> NDArray[np.int32]:
    """The edge to every node but the root: int32 [N - 1]."""
    return np.asarray(tree.links["parent_edge"][1 : tree.num_nodes])


def _table(a: Side, nodes: int, parent: NDArray[np.int32], order: NDArray[np.int32]) -> SearchTree:
    """Links and edges for nodes with these parents; `order` [nodes - 1]: the children of node 0, of node 1, ..."""
    tree = SearchTree(a.line, a.num_players, num_nodes=nodes, num_edges=nodes - 1)
    tree.links = np.zeros(nodes, LINKS)
    tree.edge_child = np.zeros(max(1, nodes - 1), np.int32)
    tree.edge_child[: nodes - 1] = order
    tree.edge_action, tree.edge_prior = (np.zeros(len(tree.edge_child), np.uint16) for _ in range(2))
    tree.edge_pruned = np.zeros(len(tree.edge_child), np.uint8)
    links, counts = tree.links, np.bincount(parent[1:], minlength=nodes)
    links["parent"] = parent
    links["num_edges"] = links["visited_edges"] = counts
    links["first_edge"] = np.cumsum(counts) - counts
    links["parent_edge"][ROOT] = NO_NODE
    links["parent_edge"][order] = np.arange(nodes - 1, dtype=np.int32)
    return tree


def _fill(tree: SearchTree, *sides: tuple[Side, NDArray[np.int32]]) -> None:
    """Statistics of sides, with the maps into them, together; what is no number to be added is the first one's."""
    stats, facts = np.zeros(tree.num_nodes, STATS), np.zeros(tree.num_nodes, FACTS)
    stats["lower"], stats["upper"] = -1, 1
    stats["birth"] = np.iinfo(np.uint32).max
    edges = parent_edges(tree)
    for side, places in reversed(sides):
        here = np.flatnonzero(places >= 0)
        there = places[here]
        own = side.stats[there]
        for name in ("visits", "borrowed", "value_sum", "draw_sum"):
            stats[name][here] += own[name]
        stats["birth"][here] = np.minimum(stats["birth"][here], own["birth"])
        stats["lower"][here] = np.maximum(stats["lower"][here], own["lower"])
        stats["upper"][here] = np.minimum(stats["upper"][here], own["upper"])
        facts[here] = side.facts[there]
        inner = here > ROOT
        tree.edge_prior[edges[here[inner] - 1]] = side.prior[there[inner]]
        tree.edge_pruned[edges[here[inner] - 1]] = side.pruned[there[inner]]
    stats["birth"][stats["visits"] == 0] = 0
    clash = stats["lower"] > stats["upper"]  # two proofs along other histories: then nothing is certain here
    stats["lower"][clash], stats["upper"][clash] = -1, 1
    tree.stats, tree.facts = stats, facts
