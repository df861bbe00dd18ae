"""Three views of one walk: what they share, and where each puts things."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from app.render.camera import FIT, Camera, kept_in_view, zoomed
from app.render.folding import FoldRules
from app.render.lettering import Lettering
from app.render.picture import TreePicture
from app.render.slots import CLOSED, FOLD, NODE, OUTSIDE
from app.render.synthetic import synthetic_labels
from app.render.views import Bend, View, bend_of
from app.theme import DARK
from engine.tree.columns import ROOT, SearchTree
from tests.app.render.drawn import live, nodes, picture_of, recounted, searched
from tests.app.render.test_walk import tiny_tree

TREES = {n: searched(n, seed=n) for n in (1, 2, 60, 400, 3000)}
views = st.sampled_from(list(View))
trees = st.sampled_from(sorted(TREES)).map(lambda n: TREES[n].tree)
cameras = st.builds(
    lambda power, x, y: kept_in_view(Camera(x, y, 10.0**-power)),
    st.floats(0.0, 4.0),
    st.floats(0.0, 5.0),
    st.floats(0.0, 1.0),
)


def drawn_as(view: View, tree: SearchTree, camera: Camera = FIT, rules: FoldRules | None = None) -> TreePicture:
    picture = picture_of(tree)
    picture.set_view(view)
    if rules is not None:
        picture.set_folding(rules)
    picture.draw()
    picture.camera = picture.target = camera
    picture.draw()
    return picture


folds = st.builds(
    lambda nodes, pruned, below: FoldRules(frozenset(nodes), frozenset(), pruned, below),
    st.sets(st.integers(0, 59), max_size=5),
    st.booleans(),
    st.sampled_from([0, 2, 30, 100_000]),
)


@given(view=views, tree=trees, camera=cameras, rules=folds)
def test_visits_are_conserved_in_every_view_however_it_is_folded(
    view: View, tree: SearchTree, camera: Camera, rules: FoldRules
) -> None:
    rules = FoldRules(frozenset(n for n in rules.by_hand if n < tree.num_nodes), frozenset(), rules.pruned, rules.below)
    picture = drawn_as(view, tree, camera, rules)
    visible = picture.draw()
    assert visible.shown + visible.folded + visible.outside == tree.stats["visits"][ROOT]
    if camera == FIT:
        slots = live(picture)
        assert visible.folded == slots["visits"][slots["kind"] == FOLD].sum()


@pytest.mark.parametrize("view", list(View))
def test_folds_count_what_they_hold(view: View) -> None:
    picture = drawn_as(view, TREES[3000].tree)
    if view is not View.RADIAL:  # there what is behind the middle is drawn as one point
        assert recounted(picture) == (int(picture._counts["shown"][0]), int(picture._counts["folded"][0]))
    kinds = live(picture)["kind"]
    assert (kinds == NODE).sum() > 30


@pytest.mark.parametrize("view", list(View))
@pytest.mark.parametrize("near", [1.0, 7.0, 300.0])
def test_what_is_drawn_can_be_picked_where_it_is_drawn(view: View, near: float) -> None:
    tree = TREES[3000].tree
    picture = drawn_as(view, tree)
    place = picture.place_of(int(nodes(picture)[12]["node"]))
    middle = 0.5 * (place[1] + place[2])
    picture.camera = picture.target = kept_in_view(Camera(0.0, middle - 0.5 / near, 1.0 / near))
    picture.draw()
    height, width = picture.image.shape
    seen = 0
    for at in np.flatnonzero(live(picture)["kind"] == NODE):
        slot = live(picture)[at]
        x, y = picture.centre_of(int(at))
        large = slot["bottom"] - slot["top"] >= 5.0 and (view is View.ICICLE or slot["radius"] > 3.0)
        if not large or slot["flags"] & OUTSIDE or not (4 < x < width - 4 and 4 < y < height - 4):
            continue
        seen += 1
        assert picture.node_at(x, y) == slot["node"]
    assert seen > 2


@pytest.mark.parametrize("view", list(View))
def test_zooming_keeps_what_is_under_the_pointer_there(view: View) -> None:
    picture = drawn_as(view, TREES[3000].tree)
    at = int(np.argmax((live(picture)["depth"] == 2) & (live(picture)["kind"] == NODE)))
    node, (x, y) = int(live(picture)[at]["node"]), picture.centre_of(at)
    for _ in range(3):
        picture.camera = picture.target = zoomed(picture.target, picture.frame, 1.5, *picture.flat(x, y))
        picture.draw()
    after = picture.slot_of(node)
    assert after >= 0
    slot = picture.slots[after]
    if view is View.ICICLE:
        assert slot["top"] <= y <= slot["bottom"]
    else:
        assert math.hypot(*np.subtract(picture.centre_of(after), (x, y))) < 40.0


def test_rectangles_are_as_high_as_their_share_of_the_visits() -> None:
    tree = TREES[3000].tree
    picture = drawn_as(View.ICICLE, tree)
    drawn = nodes(picture)
    heights = (drawn["bottom"] - drawn["top"]) / picture.frame.inner_height
    shares = drawn["visits"] / tree.stats["visits"][ROOT]
    assert heights == pytest.approx(shares, rel=0.02, abs=1e-4)


def test_rectangles_of_a_column_do_not_overlap_and_stand_behind_their_parents() -> None:
    picture = drawn_as(View.ICICLE, TREES[3000].tree)
    slots = live(picture)
    drawn = slots[(slots["kind"] == NODE) & (slots["up"] >= 0)]
    for depth in np.unique(drawn["depth"]):
        column = drawn[drawn["depth"] == depth]
        column = column[np.argsort(column["top"])]
        assert (column["top"][1:] >= column["bottom"][:-1] - 0.01).all()
        assert np.ptp(column["x"]) < 0.01
    assert (slots["x"][drawn["up"]] < drawn["x"]).all()


def test_children_keep_their_order_around_the_root() -> None:
    search = searched(3000, seed=3)
    picture = drawn_as(View.RADIAL, search.tree)

    def around() -> list[int]:
        slots = live(picture)
        first = slots[(slots["up"] == 0) & (slots["kind"] == NODE)]
        return [int(n) for n in first["node"][np.argsort(first["angle"])]]

    before = around()
    assert before == [int(n) for n in live(picture)["node"][live(picture)["up"] == 0] if int(n) in before]
    search.grow(600)
    picture.draw(ease=0.3)
    after = around()
    assert [n for n in after if n in before] == [n for n in before if n in after]


def test_rings_lie_within_the_picture_and_the_root_in_its_middle() -> None:
    picture = drawn_as(View.RADIAL, TREES[3000].tree)
    height, width = picture.image.shape
    drawn = nodes(picture)
    assert picture.centre_of(0) == pytest.approx((0.5 * width, 0.5 * height), abs=5.0)
    assert (drawn["x"] > 0).all()
    assert (drawn["x"] < width).all()
    assert (drawn["y"] > 0).all()
    assert (drawn["y"] < height).all()
    wide = picture.bend
    assert wide.across > 1.2 * wide.down, "a wide picture is used"


@given(x=st.floats(0.5, 400.0), y=st.floats(0.0, 1199.0))
def test_bending_has_a_reverse(x: float, y: float) -> None:
    bend = Bend(500.0, 300.0, 450.0, 260.0, 340.0, 1200.0)
    assert bend.flat(*bend.bent(x, y)) == pytest.approx((x, y), abs=1e-6)


def test_a_small_picture_has_a_bend_too() -> None:
    bend = bend_of(40.0, 30.0, 1.0, plain=False)
    assert bend.across > 0
    assert bend.down > 0


@pytest.mark.parametrize("view", list(View))
@pytest.mark.parametrize("simulations", [1, 60, 3000])
@pytest.mark.parametrize("near", [1.0, 12.0])
def test_labels_cover_neither_each_other_nor_notes(
    qapp: QApplication, view: View, simulations: int, near: float
) -> None:
    tree = TREES[simulations].tree
    picture = picture_of(tree, size=(1400, 900))
    picture.set_view(view)
    picture.set_folding(FoldRules(frozenset({3} if simulations > 1 else ()), pruned=True))
    picture.set_marks(np.ones(tree.num_nodes, np.uint8))
    picture.camera = picture.target = kept_in_view(Camera(0.0, 0.3, 1.0 / near))
    picture.draw()
    lettering = Lettering(DARK)
    lettering.patience_s = 60.0
    lettering.letter(picture, synthetic_labels(tree), -1, 0.0)
    boxes = [(b.x, b.y, b.x + b.wording.width, b.y + b.wording.height) for b in lettering.labels]
    for (a, b, c, d), (e, f, g, h) in itertools.combinations(boxes, 2):
        assert c <= e or g <= a or d <= f or h <= b
    for note in lettering.notes:
        if not note.text or view is View.ICICLE:
            continue
        width, height = lettering._measure(note.text, 0)
        for left, top, right, bottom in boxes:
            apart = note.text_x >= right or note.text_x + width <= left
            assert apart or note.y - 0.5 * height >= bottom or note.y + 0.5 * height <= top, note.text
    for left, top, right, bottom in boxes:
        assert left >= 0.0
        assert top >= 0.0
        assert right <= 1400.0
        assert bottom <= 900.0
    assert boxes
    if view is View.ICICLE:
        for label in lettering.labels:
            slot = picture.slots[label.slot]
            left = float(slot["x"]) - picture.width_of(label.slot)
            assert left <= label.x
            assert label.x + label.wording.width <= slot["x"]
            assert slot["top"] <= label.y + 0.01
            assert label.y + label.wording.height <= slot["bottom"] + 0.01


def test_every_view_has_a_camera_of_its_own() -> None:
    picture = drawn_as(View.LINK, TREES[3000].tree)
    near = kept_in_view(Camera(0.5, 0.2, 0.1))
    picture.camera = picture.target = near
    picture.set_view(View.ICICLE)
    assert picture.target == FIT
    picture.set_view("link")
    assert picture.target == near
    with pytest.raises(ValueError, match="spiral"):
        picture.set_view("spiral")


@pytest.mark.parametrize("view", list(View))
def test_a_node_can_be_gone_to_in_every_view(view: View) -> None:
    picture = drawn_as(view, TREES[3000].tree)
    for slot in nodes(picture)[1:20]:
        depth, top, bottom = picture.place_of(int(slot["node"]))
        assert depth == slot["depth"]
        middle = picture.frame.top + 0.5 * (top + bottom) * picture.frame.inner_height
        if view is View.RADIAL:
            angle = math.pi * (1.0 + 2.0 * middle / picture.frame.height)
            assert slot["angle"] == pytest.approx(angle, abs=1e-3)
        else:
            assert slot["y"] == pytest.approx(middle, abs=0.05)


def test_values_and_values_by_intuition_are_where_the_legend_says() -> None:
    tree = tiny_tree(2)
    tree.facts["raw_value"][1] = 0.9  # from the player to move there: bad for the root's player, whose Q is good
    picture = drawn_as(View.ICICLE, tree)
    at = picture.slot_of(1)
    row = picture.slots[at]
    left, y = int(row["x"] - picture.width_of(at)), int(row["y"])
    red, blue = (picture.image[y, left + 2] >> shift & 255 for shift in (16, 0))
    assert red > blue, "the strip is intuition's value: bad"
    red, blue = (picture.image[y, left + 40] >> shift & 255 for shift in (16, 0))
    assert blue > red, "the rectangle is what search found: good"


def test_a_folded_node_is_a_wedge_in_every_view() -> None:
    tree = TREES[3000].tree
    for view in View:
        child = int(nodes(drawn_as(view, tree))[1]["node"])
        picture = drawn_as(view, tree, rules=FoldRules(frozenset({child})))
        slots = live(picture)
        fold = slots[(slots["flags"] & CLOSED != 0) & (slots["kind"] == FOLD)]
        assert len(fold) == 1
        assert fold["visits"][0] == tree.stats["visits"][child] - 1
        children = tree.edge_child[tree.edge_run(child)]
        assert fold["branches"][0] == (children >= 0).sum()
        assert fold["low"][0] <= fold["high"][0]
        at = picture.slot_of(child)
        x, y = picture.outwards(at, float(picture.slots["radius"][at]) + 14.0)
        if view is View.ICICLE:
            x, y = float(picture.slots["x"][at]) + 10.0, float(picture.slots["y"][at])
        assert picture.closed_at(x, y + (4.0 if view is not View.RADIAL else 0.0)) == child
