"""The raster: a few pixels whose colour is known, and the ids under them."""

import numpy as np
import pytest

from app.render.ink import EDGE
from app.render.palette import ATTENTION, BACKGROUND, EFFORT, make_palette, packed, scale_color
from app.render.picture import TreePicture, fold_text
from app.render.scale import ValueScale
from app.render.slots import FOLD, NODE
from app.theme import DARK, LIGHT, THEMES
from engine.tree.columns import ROOT
from engine.tree.events import PruneReason
from tests.app.render.drawn import live, nodes, picture_of, searched
from tests.app.render.test_walk import tiny_tree


def channels(color: int) -> np.ndarray:
    return np.array([color >> 16 & 255, color >> 8 & 255, color & 255], float)


def at(picture: TreePicture, x: float, y: float) -> int:
    return int(picture.image[int(y), int(x)]) & 0xFFFFFF


def near(first: int, second: int, tolerance: float = 4.0) -> bool:
    return float(np.abs(channels(first) - channels(second)).max()) <= tolerance


def expected(picture: TreePicture, q: float) -> int:
    share = max(-1.0, min(1.0, (q - picture.scale.middle) / picture.scale.reach))
    return packed(scale_color(picture.palette, share))


@pytest.mark.parametrize("seat_sign", [1, -1])
def test_a_disc_has_the_colour_of_its_value(seat_sign: int) -> None:
    picture = picture_of(tiny_tree(2), seat_sign)
    root, good, bad = nodes(picture)
    for slot in (root, good, bad):
        assert near(at(picture, slot["x"], slot["y"]), expected(picture, float(slot["q"])))
    red = channels(at(picture, good["x"], good["y"]))[0] - channels(at(picture, good["x"], good["y"]))[2]
    assert (red < 0) == (seat_sign > 0), "what is good for the shown player must be blue, not red"


def test_the_ring_has_the_colour_of_intuition_and_a_gap_sets_it_off() -> None:
    picture = picture_of(tiny_tree(2))
    good = nodes(picture)[1]
    x, y, radius = (float(good[name]) for name in ("x", "y", "radius"))
    assert radius > 8.0
    assert near(at(picture, x, y - radius + 1.3), expected(picture, float(good["raw"])), 12.0)
    inks = picture.palette.inks
    between = [at(picture, x, y - radius + 1.3 + step) for step in np.arange(0.0, 0.45 * radius, 0.5)]
    darkest = min(between, key=lambda color: channels(color).sum())
    assert np.abs(channels(darkest) - channels(int(inks[BACKGROUND]))).max() < 70.0


def test_under_a_node_lies_its_id_and_under_an_edge_the_edges() -> None:
    picture = picture_of(searched(400).tree)
    for slot, number in [(slot, n) for n, slot in enumerate(live(picture)) if slot["kind"] == NODE]:
        if slot["radius"] > 1.5:
            assert int(picture.ids[int(slot["y"]), int(slot["x"])]) == number + 1
            assert picture.node_at(float(slot["x"]), float(slot["y"])) == slot["node"]
    root, child = nodes(picture)[0], nodes(picture)[1]
    column = int(0.5 * (root["x"] + child["x"]))
    under = picture.ids[:, column]
    assert (under[under >= EDGE] - EDGE - 1 < picture.num_slots).all()
    assert (under >= EDGE).any()


def test_nothing_lies_under_an_empty_place() -> None:
    picture = picture_of(searched(400).tree)
    assert picture.ids[3, 3] == 0
    assert picture.slot_at(3.0, 3.0) == -1
    assert picture.node_at(3.0, 3.0) == -1
    assert near(at(picture, 3.0, 3.0), packed(DARK.background), 0.0)


def test_picking_forgives_a_few_pixels() -> None:
    picture = picture_of(searched(400).tree)
    slot = nodes(picture)[0]
    assert picture.node_at(float(slot["x"]) - float(slot["radius"]) - 4.0, float(slot["y"])) == ROOT


def test_the_selected_node_wears_a_violet_ring() -> None:
    picture = picture_of(tiny_tree(2))
    violet = int(picture.palette.inks[ATTENTION])
    assert not any(near(int(pixel) & 0xFFFFFF, violet, 30.0) for pixel in np.unique(picture.image))
    picture.draw(1)
    slot = nodes(picture)[1]
    x, y, radius = (float(slot[name]) for name in ("x", "y", "radius"))
    assert near(at(picture, x, y - radius - 4.5), violet, 30.0)
    assert any(near(int(pixel) & 0xFFFFFF, violet, 30.0) for pixel in np.unique(picture.image[:, int(x) - 60]))


def is_gold(color: int) -> bool:
    """Of the hue of gold, however far it is blended into the dark ground."""
    red, green, blue = channels(color)
    return bool(red > 70.0 and 0.7 < green / red < 0.97 and blue / red < 0.68)


def inked(picture: TreePicture, mark: int) -> list[int]:
    """Colours of all pixels with an id."""
    return [int(pixel) & 0xFFFFFF for pixel in picture.image[picture.ids == mark]]


def test_the_main_line_is_cased_in_ivory_and_stubs_are_gold() -> None:
    picture = picture_of(tiny_tree(2))
    ivory = int(picture.palette.inks[EFFORT])
    assert any(near(color, ivory, 60.0) for color in inked(picture, EDGE + 2))
    assert not any(near(color, ivory, 60.0) for color in inked(picture, EDGE + 3))
    assert any(is_gold(color) for color in inked(picture, EDGE + 4))
    assert inked(picture, EDGE + 5)
    assert not any(is_gold(color) for color in inked(picture, EDGE + 5)), "a pruned stub is never gold"


def test_a_branch_cut_by_hand_is_grey_and_hollow() -> None:
    tree = tiny_tree(2)
    tree.edge_pruned[1] = PruneReason.BY_HAND
    picture = picture_of(tree)
    slot = nodes(picture)[2]
    assert near(at(picture, slot["x"], slot["y"]), packed(DARK.background), 6.0)
    tree.edge_pruned[1] = PruneReason.OUT_OF_REACH
    picture = picture_of(tree)
    slot = nodes(picture)[2]
    assert not near(at(picture, slot["x"], slot["y"]), packed(DARK.background), 6.0)


def test_gold_cases_what_intuition_liked_and_search_did_not() -> None:
    tree = tiny_tree(2)
    tree.stats["visits"][:3] = (101, 96, 4)
    tree.stats["value_sum"][:3] = (0.0, -0.1 * 96, 0.4 * 4)
    tree.edge_prior[:4] = np.array([0.2, 0.75, 0.03, 0.02], np.float16).view(np.uint16)
    tree.edge_pruned[:] = 0
    picture = picture_of(tree)
    assert any(is_gold(color) for color in inked(picture, EDGE + 3))
    assert not any(is_gold(color) for color in inked(picture, EDGE + 2))


def test_ends_are_square_or_diamonds() -> None:
    tree = tiny_tree(2)
    tree.facts["outcome"][1] = 1
    tree.stats["lower"][1] = tree.stats["upper"][1] = -1
    picture = picture_of(tree)
    slot = nodes(picture)[1]
    corner = 0.75 * float(slot["radius"])
    assert near(at(picture, slot["x"] + corner, slot["y"] + corner), at(picture, slot["x"], slot["y"]), 30.0)
    tree.stats["lower"][1] = tree.stats["upper"][1] = 0
    picture = picture_of(tree)
    slot = nodes(picture)[1]
    assert near(at(picture, slot["x"] + corner, slot["y"] + corner), packed(DARK.background), 30.0)


def test_a_fold_can_be_picked_and_tells_its_sum() -> None:
    picture = picture_of(searched(3000).tree)
    slots = live(picture)
    folds = np.flatnonzero((slots["kind"] == FOLD) & (slots["branches"] > 3))
    number = int(folds[np.argmax(slots["bottom"][folds] - slots["top"][folds])])
    slot = slots[number]
    assert picture.slot_at(float(slot["x"]) + 2.0, float(slot["y"])) == number
    assert picture.node_at(float(slot["x"]) + 2.0, float(slot["y"])) == -1
    assert f"{int(slot['visits']):,} visits" in fold_text(slot)
    assert fold_text(slots[0]) == ""


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_every_theme_has_its_own_background(theme: object) -> None:
    picture = TreePicture(make_palette(theme))  # type: ignore[arg-type]
    picture.resize(300, 200, 1.0)
    picture.draw()
    assert at(picture, 5, 5) == packed(theme.background)  # type: ignore[attr-defined]


def test_an_absolute_scale_is_fixed() -> None:
    picture = picture_of(tiny_tree(2))
    assert picture.scale.is_absolute is False
    assert picture.scale.middle == pytest.approx(0.0)
    picture.is_absolute = True
    picture.draw()
    assert picture.scale == ValueScale(0.0, 1.0, is_absolute=True)


DEUTERANOPIA = np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]])
PROTANOPIA = np.array([[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]])
"""How linear colours look without green or red cones (Machado, Oliveira and Fernandes 2009, severity 1)."""


@pytest.mark.parametrize("eyes", [np.eye(3), DEUTERANOPIA, PROTANOPIA], ids=["all", "no green", "no red"])
@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_good_and_bad_look_different_to_everybody(eyes: np.ndarray, theme: object) -> None:
    palette = make_palette(theme)  # type: ignore[arg-type]

    def seen(color: int) -> np.ndarray:
        linear = (channels(color) / 255.0) ** 2.2
        return np.clip(eyes @ linear, 0.0, 1.0) ** (1 / 2.2) * 255.0

    bad, even, good = (seen(int(palette.scale[i])) for i in (0, len(palette.scale) // 2, -1))
    for first, second in ((bad, good), (bad, even), (even, good)):
        assert np.linalg.norm(first - second) > 50.0


def test_a_colour_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="'red'"):
        packed("red")
