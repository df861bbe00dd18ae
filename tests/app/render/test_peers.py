"""What Qt's items and pyqtgraph cost is measured in programs of their own, which may fail without harm."""

import numpy as np
import pytest

from app.render import peers
from app.render.synthetic import synthetic_search


def test_both_draw_a_small_tree_in_a_process_of_their_own() -> None:
    told: list[str] = []
    results = {one.name: one for one in peers.measure([1000], told.append)}
    assert len(told) == len(peers.KINDS)
    for name in peers.KINDS.values():
        frames = results[f"{name}, 1,000 nodes: frame"]
        assert (frames.unit, len(frames.runs)) == ("ms", 5)
        assert 0.0 < frames.median < 5000.0
        assert results[f"{name}, 1,000 nodes: built"].unit == "s"
        assert results[f"{name}, 1,000 nodes: memory"].unit == "MB"


def test_one_that_fails_is_told_and_larger_trees_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "KINDS", {"nobody": "a library that is not there"})
    (only,) = peers.measure([10, 20])
    assert "a library that is not there, 10 nodes: failed" in only.name


def test_one_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "_PATIENCE_S", 0.05)
    monkeypatch.setattr(peers, "KINDS", {"items": "items"})
    (only,) = peers.measure([1000])
    assert only.name == "items, 1,000 nodes: not done within"


def test_places_lie_in_the_picture_and_children_within_their_parent() -> None:
    tree = synthetic_search(500).tree
    places = peers.places_of(tree)
    assert places.shape == (tree.num_nodes, 2)
    assert (places >= 0.0).all()
    assert (places <= np.array(peers.SIZE)).all()
    parent = tree.links["parent"][1 : tree.num_nodes]
    assert (places[1:, 0] > places[parent, 0]).all(), "deeper is further to the right"
