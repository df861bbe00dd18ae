"""Room for rows: nothing is lost when columns grow, and a large tree does not stop to copy them."""

import numpy as np
import pytest

from engine.domains.base import Line
from engine.tree import columns
from engine.tree.columns import SearchTree


def filled(nodes: int) -> SearchTree:
    tree = SearchTree(Line("x"), 2)
    while tree.num_nodes < nodes:
        more = min(4096, nodes - tree.num_nodes)
        tree.reserve(more, 20 * more)
        tree.stats["visits"][tree.num_nodes : tree.num_nodes + more] = np.arange(tree.num_nodes, tree.num_nodes + more)
        tree.edge_child[tree.num_edges : tree.num_edges + 20 * more] = 7
        tree.num_nodes, tree.num_edges = tree.num_nodes + more, tree.num_edges + 20 * more
    return tree


@pytest.mark.parametrize("nodes", [1, 3000, 120_000])
def test_rows_stay_and_fresh_ones_are_nought(nodes: int) -> None:
    tree = filled(nodes)
    assert tree.stats["visits"][:nodes].tolist() == list(range(nodes))
    assert (tree.edge_child[: 20 * nodes] == 7).all()
    assert len(tree.links) == len(tree.stats) == len(tree.facts)
    tree.reserve(10, 10)
    assert not tree.stats["visits"][nodes : nodes + 10].any()


@pytest.mark.skipif(not columns._CAN_RESERVE, reason="Windows counts memory that nobody has touched")
def test_a_large_tree_is_not_copied_again() -> None:
    tree = filled(120_000)
    before = tree.links, tree.edge_action
    tree.reserve(4_000_000, 120_000_000)
    assert tree.links is before[0]
    assert tree.edge_action is before[1]


def test_without_addresses_to_spare_there_is_as_much_room_as_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = columns._grown

    def short(column: np.ndarray, size: int, live: int) -> np.ndarray:
        if size >= columns._AHEAD_NODES:
            raise MemoryError
        return real(column, size, live)

    monkeypatch.setattr(columns, "_grown", short)
    tree = filled(120_000)
    assert len(tree.links) < columns._AHEAD_NODES
    assert tree.stats["visits"][119_999] == 119_999
