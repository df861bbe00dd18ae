"""Labels never cover a node or each other, and say what they should."""

import itertools

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from app.render.camera import Camera, kept_in_view
from app.render.labels import PLACES
from app.render.lettering import REFRESH_S, Lettering
from app.render.numbers import value_text, visits_text
from app.render.picture import TreePicture
from app.render.slots import ON_MAIN_LINE
from app.render.synthetic import synthetic_labels
from app.theme import DARK, enlarged
from tests.app.render.drawn import nodes, picture_of, searched
from tests.app.render.test_walk import tiny_tree


@pytest.mark.parametrize(
    ("visits", "text"),
    [
        (0, "0"),
        (812, "812"),
        (9_430, "9,430"),
        (12_345, "12.3k"),
        (99_949, "99.9k"),
        (104_000, "104k"),
        (1_049_000, "1.05M"),
    ],
)
def test_visits_are_short(visits: int, text: str) -> None:
    assert visits_text(visits) == text
    assert len(text) <= 5


@pytest.mark.parametrize(("value", "text"), [(0.123, "+0.12"), (-0.5, "\u22120.50"), (0.001, "0.00"), (-0.001, "0.00")])
def test_values_have_a_sign_unless_they_are_nought(value: float, text: str) -> None:
    assert value_text(value) == text


def lettered(picture: TreePicture, theme=DARK, names=None) -> Lettering:  # type: ignore[no-untyped-def]
    lettering = Lettering(theme)
    lettering.patience_s = 60.0
    lettering.set_theme(theme, picture.zoom)
    assert picture.tree is not None
    lettering.letter(picture, names or synthetic_labels(picture.tree), -1, 0.0)
    return lettering


@pytest.mark.parametrize("simulations", [1, 12, 100, 800, 5000])
@pytest.mark.parametrize("zoom", [1.0, 2.0])
@pytest.mark.parametrize("near", [1.0, 30.0])
def test_labels_cover_neither_nodes_nor_each_other(
    qapp: QApplication, simulations: int, zoom: float, near: float
) -> None:
    picture = picture_of(searched(simulations).tree, size=(1400, 900), zoom=zoom)
    picture.camera = picture.target = kept_in_view(Camera(0.0, 0.4, 1.0 / near))
    picture.draw()
    labels = lettered(picture).labels
    assert labels
    boxes = [(label.x, label.y, label.x + label.wording.width, label.y + label.wording.height) for label in labels]
    for (a, b, c, d), (e, f, g, h) in itertools.combinations(boxes, 2):
        assert c <= e or g <= a or d <= f or h <= b
    drawn = nodes(picture)
    for left, top, right, bottom in boxes:
        dx = np.maximum(np.maximum(left - drawn["x"], drawn["x"] - right), 0.0)
        dy = np.maximum(np.maximum(top - drawn["y"], drawn["y"] - bottom), 0.0)
        assert (np.hypot(dx, dy) >= drawn["radius"] - 0.01).all()
        assert left >= 0.0
        assert top >= 0.0
        assert right <= 1400.0
        assert bottom <= 900.0


def test_the_most_important_nodes_have_labels(qapp: QApplication) -> None:
    picture = picture_of(searched(800).tree, size=(1400, 900))
    labels = lettered(picture).labels
    named = {int(picture.slots["node"][label.slot]) for label in labels}
    drawn = nodes(picture)
    largest = drawn["node"][np.argsort(-drawn["visits"], kind="stable")][:4]
    assert set(largest.tolist()) <= named
    main = drawn[(drawn["flags"] & ON_MAIN_LINE != 0) & (drawn["bottom"] - drawn["top"] >= 30.0)]
    assert set(main["node"].tolist()) <= named
    assert len(labels) > 20


def test_a_label_says_move_visits_and_signed_value(qapp: QApplication) -> None:
    labels = lettered(picture_of(tiny_tree(2)), names=lambda node: ("", "Nf3", "h4")[node]).labels
    texts = [" / ".join("".join(text for text, _ in line) for line in label.wording.lines) for label in labels]
    assert texts[0] == "Root / 11  0.00"
    assert sorted(texts[1:]) == ["Nf3 / 6  +0.40", "h4 / 4  \u22120.60"]


def test_labels_keep_their_place_from_frame_to_frame(qapp: QApplication) -> None:
    search = searched(2000)
    picture = picture_of(search.tree, size=(1400, 900))
    lettering = lettered(picture)
    before = {int(picture.slots["node"][label.slot]): label.place for label in lettering.labels}
    search.grow(20)
    picture.draw(ease=0.3)
    lettering.letter(picture, synthetic_labels(search.tree), -1, 10.0)
    after = {int(picture.slots["node"][label.slot]): label.place for label in lettering.labels}
    both = before.keys() & after.keys()
    assert len(both) > 0.8 * len(before)
    assert sum(before[node] == after[node] for node in both) > 0.85 * len(both)
    assert all(0 <= place < PLACES for place in after.values())


def test_figures_tick_and_do_not_flicker(qapp: QApplication) -> None:
    tree = tiny_tree(2)
    picture = picture_of(tree)
    asked: list[int] = []

    def name(node: int) -> str:
        asked.append(node)
        return "e4"

    lettering = lettered(picture, names=name)
    first = len(asked)
    lettering.letter(picture, name, -1, 0.5 * REFRESH_S)
    assert len(asked) == first
    lettering.letter(picture, name, -1, 2.0 * REFRESH_S)
    assert len(asked) == 2 * first


def test_a_frame_does_not_wait_for_slow_notation(qapp: QApplication) -> None:
    picture = picture_of(searched(800).tree, size=(1400, 900))
    lettering = Lettering(DARK)
    lettering.patience_s = 0.0
    lettering.letter(picture, lambda node: "e4", -1, 0.0)
    assert lettering.is_late
    assert not lettering.labels
    lettering.patience_s = 60.0
    lettering.letter(picture, lambda node: "e4", -1, 0.0)
    assert not lettering.is_late
    assert lettering.labels


def test_larger_letters_need_more_room(qapp: QApplication) -> None:
    picture = picture_of(tiny_tree(2), size=(1400, 900))
    small, large = lettered(picture).labels[0], lettered(picture, enlarged(DARK, 1.75)).labels[0]
    assert large.wording.width > 1.5 * small.wording.width
