"""What a person lays over a tree: folds, marks, a lens, another tree's room."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.render.camera import Camera
from app.render.folding import NO_FOLDS, FoldRules, fold_column, followed, with_closed, with_opened
from app.render.lens import Lens
from app.render.palette import lens_scale, packed
from app.render.picture import fold_text
from app.render.slots import CLOSED, FOLD, GHOST, GREYED, MARKED, NODE
from app.render.synthetic import synthetic_search
from app.render.views import View
from app.theme import DARK
from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import PruneReason, Recycle
from engine.tree.fold import apply
from tests.app.render.drawn import live, nodes, picture_of, searched
from tests.app.render.test_raster import at, near
from tests.app.render.test_walk import tiny_tree

TREE = searched(3000, seed=8).tree


@given(
    hand=st.frozensets(st.integers(0, 99)),
    opened=st.frozensets(st.integers(0, 99)),
    mapping=st.permutations(list(range(100))),
    gone=st.sets(st.integers(0, 99)),
)
def test_folds_go_with_their_nodes(
    hand: frozenset[int], opened: frozenset[int], mapping: list[int], gone: set[int]
) -> None:
    moved = np.array([-1 if node in gone else place for node, place in enumerate(mapping)], np.int32)
    rules = followed(FoldRules(hand, opened, pruned=True, below=7), moved)
    assert rules.by_hand == {mapping[node] for node in hand - gone}
    assert rules.opened == {mapping[node] for node in opened - gone}
    assert (rules.pruned, rules.below) == (True, 7)


def test_folding_and_opening() -> None:
    rules = with_closed(NO_FOLDS, 4)
    assert fold_column(rules).tolist() == [0, 0, 0, 0, 1]
    assert with_opened(rules, 4, is_ruled=False) == NO_FOLDS
    ruled = with_opened(FoldRules(pruned=True), 2, is_ruled=True)
    assert fold_column(ruled).tolist() == [0, 0, 2]
    assert fold_column(NO_FOLDS).tolist() == []


def test_a_rule_folds_pruned_branches_and_one_of_them_can_be_opened() -> None:
    picture = picture_of(TREE)
    cut = [int(s["node"]) for s in nodes(picture) if s["reason"] and s["visits"] > 1]
    assert cut
    picture.set_folding(FoldRules(pruned=True))
    picture.draw()
    assert all(picture.is_folded(node) for node in cut)
    drawn = nodes(picture)
    below = drawn[(drawn["flags"] & GREYED != 0) & (drawn["reason"] == 0)]
    assert len(below) == 0, "nothing below a pruned branch is drawn"
    picture.set_folding(picture.toggled(cut[0]))
    picture.draw()
    assert not picture.is_folded(cut[0])
    assert all(picture.is_folded(node) for node in cut[1:])
    picture.set_folding(picture.toggled(cut[0]))
    assert picture.is_folded(cut[0])


def test_small_branches_are_folded_together_however_large_they_are_drawn() -> None:
    picture = picture_of(TREE)
    picture.set_folding(FoldRules(below=200))
    visible = picture.draw()
    drawn = nodes(picture)
    assert (drawn["visits"] >= 200).all()
    assert visible.shown + visible.folded + visible.outside == TREE.stats["visits"][ROOT]


def test_a_folded_branch_gives_room_to_its_brothers() -> None:
    picture = picture_of(TREE)
    child = nodes(picture)[1]
    picture.set_folding(FoldRules(frozenset({int(child["node"])})))
    picture.draw()
    after = picture.slots[picture.slot_of(int(child["node"]))]
    assert after["bottom"] - after["top"] < 0.8 * (child["bottom"] - child["top"])
    assert after["flags"] & CLOSED
    exact = picture_of(TREE)
    exact.set_view(View.ICICLE)
    exact.draw()
    before = float(np.ptp([exact.slots["top"][1], exact.slots["bottom"][1]]))
    exact.set_folding(FoldRules(frozenset({int(exact.slots["node"][1])})))
    exact.draw()
    assert float(np.ptp([exact.slots["top"][1], exact.slots["bottom"][1]])) == pytest.approx(before)


def test_folds_move_with_renumbering_in_the_picture() -> None:
    tree = searched(3000, seed=8).tree
    picture = picture_of(tree)
    chosen = int(nodes(picture)[2]["node"])
    picture.set_folding(FoldRules(frozenset({chosen})))
    picture.set_marks((np.arange(tree.num_nodes) == chosen).astype(np.uint8))
    mapping = apply(tree, Recycle(tree.simulations, 20, b""))
    assert mapping is not None
    picture.follow(mapping, 1)
    picture.draw()
    assert picture.overlay.folding.by_hand == {int(mapping[chosen])}
    slot = picture.slots[picture.slot_of(int(mapping[chosen]))]
    assert slot["flags"] & CLOSED
    assert slot["flags"] & MARKED


def subtree_sizes(tree: SearchTree, marks: np.ndarray) -> np.ndarray:
    within = marks.astype(np.int64)
    for node in range(tree.num_nodes - 1, 0, -1):
        within[tree.links["parent"][node]] += within[node]
    return within


def test_every_marked_node_is_drawn_with_a_ring_or_counted_in_a_fold() -> None:
    marks = np.random.default_rng(3).random(TREE.num_nodes) < 0.1
    within = subtree_sizes(TREE, marks)
    for view in View:
        picture = picture_of(TREE)
        picture.set_view(view)
        picture.set_folding(FoldRules(frozenset({5}), pruned=True))
        picture.set_marks(marks.astype(np.uint8))
        picture.draw()
        slots = live(picture)
        ringed = slots["node"][(slots["kind"] == NODE) & (slots["flags"] & MARKED != 0)]
        assert len(ringed)
        assert marks[ringed].all()
        assert len(ringed) + slots["marks"][slots["kind"] == FOLD].sum() == within[ROOT] == marks.sum()


def test_marks_may_be_shorter_than_the_tree_and_are_taken_away_again() -> None:
    picture = picture_of(TREE)
    before = picture.image.copy()
    picture.set_marks(np.ones(10, np.uint8))
    picture.draw()
    assert not np.array_equal(before, picture.image)
    slots = live(picture)
    assert (slots["node"][slots["flags"] & MARKED != 0] < 10).all()
    picture.set_marks(None)
    picture.draw()
    assert np.array_equal(before, picture.image)


def test_a_mark_is_violet() -> None:
    picture = picture_of(tiny_tree(2))
    picture.set_marks(np.array([0, 1, 0], np.uint8))
    picture.draw()
    slot = nodes(picture)[1]
    x, y, radius = (float(slot[name]) for name in ("x", "y", "radius"))
    assert near(at(picture, x, y - radius - 2.3), packed(DARK.attention), 40.0)


def test_a_fold_tells_its_matches() -> None:
    picture = picture_of(TREE)
    picture.set_marks(np.ones(TREE.num_nodes, np.uint8))
    picture.draw()
    slots = live(picture)
    fold = slots[(slots["kind"] == FOLD) & (slots["marks"] > 1)][0]
    assert f"{int(fold['marks']):,} of them marked" in fold_text(fold)


@pytest.mark.parametrize("view", list(View))
def test_a_lens_colours_nodes_by_other_numbers(view: View) -> None:
    picture = picture_of(tiny_tree(2))
    picture.set_view(view)
    picture.set_tint(np.array([0.0, 1.0, np.nan], np.float32), "depth", 0.0, 1.0)
    picture.draw()
    assert picture.overlay.lens == Lens("depth", 0.0, 1.0)
    high, none = (picture.centre_of(picture.slot_of(node)) for node in (1, 2))
    strong = int(lens_scale(picture.palette, two_sided=False)[-1])
    assert near(at(picture, *high), strong, 60.0)
    assert not near(at(picture, *none), strong, 60.0)
    red, green, blue = (at(picture, *none) >> shift & 255 for shift in (16, 8, 0))
    assert max(red, green, blue) - min(red, green, blue) < 25, "what the lens has no value for is grey"
    picture.set_tint(None)
    picture.draw()
    assert picture.overlay.lens is None


def test_the_middle_of_a_two_sided_lens_is_nought() -> None:
    lens = Lens("gain", -0.1, 0.4)
    assert (lens.middle, lens.reach) == (0.0, 0.4)
    assert (Lens("depth", 2.0, 6.0).middle, Lens("depth", 2.0, 6.0).reach) == (4.0, 2.0)


def two_of_one_layout() -> tuple[SearchTree, SearchTree, np.ndarray]:
    """Two trees with the same nodes, of which the second has not visited some, and the visits of both."""
    one, other = searched(800, seed=4).tree, searched(800, seed=4).tree
    sizes = subtree_sizes(other, np.ones(other.num_nodes))
    branch = int(np.argsort(-sizes[1:20])[1]) + 1
    gone = np.zeros(other.num_nodes, bool)
    gone[branch] = True
    for node in range(branch + 1, other.num_nodes):
        gone[node] |= gone[other.links["parent"][node]]
    lost = int(other.stats["visits"][branch])
    up = int(other.links["parent"][branch])
    while up >= 0:
        other.stats["visits"][up] -= lost
        up = int(other.links["parent"][up])
    for name in ("visits", "value_sum"):
        other.stats[name][: other.num_nodes][gone] = 0
    other.edge_pruned[3] = PruneReason.BY_HAND
    one.edge_pruned[: one.num_edges] = 0
    room = np.maximum(one.stats["visits"][: one.num_nodes], other.stats["visits"][: other.num_nodes])
    return one, other, room


@pytest.mark.parametrize("view", list(View))
def test_two_trees_with_one_layout_stand_in_the_same_places(view: View) -> None:
    one, other, room = two_of_one_layout()
    pictures = []
    for tree in (one, other):
        picture = picture_of(tree)
        picture.show(tree, 1, room)
        picture.set_view(view)
        visible = picture.draw()
        assert visible.shown + visible.folded + visible.outside == tree.stats["visits"][ROOT]
        pictures.append(picture)
    first, second = (live(picture) for picture in pictures)
    assert first["node"].tolist() == second["node"].tolist()
    for name in ("x", "y", "top", "bottom"):
        assert first[name] == pytest.approx(second[name], abs=1e-4)
    ghosts = second[(second["flags"] & GHOST != 0)]
    assert len(ghosts)
    assert (ghosts["visits"] == 0).all()
    assert not (first["flags"] & GHOST).any()


def test_a_comparison_can_grow_where_one_looks() -> None:
    small, large = (synthetic_search(n, seed=4, cuts=False).tree for n in (300, 900))
    picture = picture_of(small)
    picture.show(small, 1, small.stats["visits"][: small.num_nodes])
    picture.set_marks((np.arange(small.num_nodes) == 7).astype(np.uint8))
    picture.draw()
    picture.camera = picture.target = Camera(0.2, 0.1, 0.5)
    shift = 40  # as if the union had got other nodes before these
    mapping = np.arange(small.num_nodes, dtype=np.int32)
    assert (large.links["parent"][: small.num_nodes] == small.links["parent"][: small.num_nodes]).all()
    picture.turn_to(large, mapping, large.stats["visits"][: large.num_nodes])
    assert picture.target == Camera(0.2, 0.1, 0.5)
    picture.draw(ease=0.3)
    assert np.flatnonzero(picture.overlay.looks.marks).tolist() == [7]
    picture.turn_to(large, np.arange(large.num_nodes, dtype=np.int32) + shift)
    assert np.flatnonzero(picture.overlay.looks.marks).tolist() == [7 + shift]


def test_ghosts_are_faint() -> None:
    _, other, room = two_of_one_layout()
    picture = picture_of(other)
    picture.show(other, 1, room)
    picture.draw()
    drawn = nodes(picture)
    ghost = drawn[(drawn["flags"] & GHOST != 0) & (drawn["radius"] > 3.0)][0]
    assert near(at(picture, ghost["x"], ghost["y"]), packed(DARK.background), 12.0)


def test_another_tree_forgets_marks_and_folds_but_not_the_rules() -> None:
    picture = picture_of(TREE)
    picture.set_folding(FoldRules(frozenset({3}), pruned=True, below=5))
    picture.set_marks(np.ones(5, np.uint8))
    picture.set_tint(np.ones(5, np.float32), "x", 0.0, 1.0)
    picture.show(tiny_tree(2), 1)
    assert picture.overlay.folding == FoldRules(pruned=True, below=5)
    assert picture.overlay.lens is None
    assert len(picture.overlay.looks.marks) == 0


def test_a_cut_that_was_not_visited_is_not_a_fold() -> None:
    tree = tiny_tree(2)
    tree.edge_pruned[1] = PruneReason.BY_HAND
    picture = picture_of(tree)
    picture.set_folding(FoldRules(pruned=True))
    visible = picture.draw()
    assert visible.shown + visible.folded == 11
