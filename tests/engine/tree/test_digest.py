"""One number for a tree: it changes with everything a tree has, and with nothing that only a search has."""

import random
from collections.abc import Callable

import pytest

from engine.domains.base import Line
from engine.tree.columns import NO_NODE, PENDING, Pruned, SearchTree
from engine.tree.digest import tree_digest
from engine.tree.fold import apply, empty_tree
from tests.engine.tree.journal_of_chance import header, journal


def tree_of_chance() -> SearchTree:
    tree = empty_tree(header(2))
    for event in journal(6, 2, 60):
        apply(tree, event)
    return tree


def test_equal_trees_have_equal_digests_whatever_room_they_have() -> None:
    one, other = tree_of_chance(), tree_of_chance()
    other.reserve(5000, 100_000)
    other.prunes = dict(reversed(other.prunes.items()))
    assert tree_digest(one) == tree_digest(other)


CHANGES: dict[str, Callable[[SearchTree, int], None]] = {
    f"{column}.{name}": lambda tree, node, column=column, name=name: _raise(tree, column, name, node)
    for column, names in {
        "links": ("parent", "parent_edge", "first_edge", "num_edges", "visited_edges"),
        "stats": ("visits", "borrowed", "birth", "lower", "upper", "value_sum", "draw_sum"),
        "facts": ("raw_value", "raw_draw", "depth", "outcome", "distance"),
    }.items()
    for name in names
} | {
    name: lambda tree, row, name=name: getattr(tree, name).__setitem__(row, getattr(tree, name)[row] + 1)
    for name in ("edge_action", "edge_prior", "edge_child", "edge_pruned")
}


def _raise(tree: SearchTree, column: str, name: str, node: int) -> None:
    getattr(tree, column)[name][node] += 1


@pytest.mark.parametrize("change", CHANGES)
def test_every_column_counts_in_every_row(change: str) -> None:
    tree, rng = tree_of_chance(), random.Random(change)
    seen = {tree_digest(tree)}
    rows = (0, tree.num_nodes - 1, rng.randrange(tree.num_nodes))
    for row in rows:
        CHANGES[change](tree, row)
        seen.add(tree_digest(tree))
    assert len(seen) == 1 + len(rows)


def test_prunes_loans_line_and_counts_count() -> None:
    tree = tree_of_chance()
    seen = [tree_digest(tree)]
    edge, pruned = next(iter(tree.prunes.items()))
    tree.prunes[edge] = Pruned(pruned.at + 1, pruned.evidence)
    seen.append(tree_digest(tree))
    tree.prunes[edge] = Pruned(pruned.at, pruned.evidence + 1)
    seen.append(tree_digest(tree))
    tree.lent[0] = tree.lent.get(0, 0) + 1
    seen.append(tree_digest(tree))
    tree.line = Line("start", (1,))
    seen.append(tree_digest(tree))
    tree.simulations += 1
    seen.append(tree_digest(tree))
    tree.num_players = 1
    seen.append(tree_digest(tree))
    assert len(set(seen)) == len(seen)


def test_what_is_in_flight_does_not_count() -> None:
    tree = tree_of_chance()
    before = tree_digest(tree)
    free = int((tree.edge_child[: tree.num_edges] == NO_NODE).argmax())
    assert tree.edge_child[free] == NO_NODE
    tree.edge_child[free] = PENDING
    tree.stats["in_flight"][0] = 3
    assert tree_digest(tree) == before
