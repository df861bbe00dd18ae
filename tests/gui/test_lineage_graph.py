"""The lineage in the window: what is chosen, where the keyboard goes, what is told and painted."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from app.theme import DARK, LIGHT, enlarged
from app.viewmodels.lineage import lineage_record
from app.widgets.hover_card import HoverCard
from app.widgets.lineage_card import LineageCard
from app.widgets.lineage_graph import LineageGraph
from engine.service.messages import GenerationInfo


def info(name, parent=None, domain="chess"):
    return GenerationInfo(id=name, name=f"Name of {name}", domain=domain, weights_hash="ab", parent=parent, metrics={})


FAMILY = (info("gen-000"), info("gen-001", "gen-000"), info("orphan", "lost"), info("discs", domain="connect_four"))
RATINGS = {"gen-000": (1000.0, 960.0, 1040.0), "gen-001": (1100.0, 1060.0, 1140.0)}


@pytest.fixture
def graph(shown):
    graph = shown(LineageGraph(), 700, 500)
    graph.set_theme(DARK)
    graph.show_lineage(lineage_record(FAMILY, RATINGS))
    return graph


@pytest.fixture
def told(graph):
    said = []
    graph.selected.connect(said.append)
    return said


def cards(graph):
    """The cards by what they are called first."""
    return {
        card.accessibleName().split(",")[0]: card for card in graph.findChildren(LineageCard) if card.isVisibleTo(graph)
    }


def test_a_click_selects(qtbot, graph, told):
    qtbot.mouseClick(cards(graph)["gen-001"], Qt.MouseButton.LeftButton)
    assert told == ["gen-001"]
    assert [name for name, card in cards(graph).items() if card.isChecked()] == ["gen-001"]
    qtbot.mouseClick(cards(graph)["gen-001"], Qt.MouseButton.LeftButton)
    assert cards(graph)["gen-001"].isChecked(), "a second click does not take it back"


def test_selecting_by_program_says_nothing(graph, told):
    graph.select("orphan")
    assert cards(graph)["orphan"].isChecked()
    graph.select("who?")
    assert not any(card.isChecked() for card in cards(graph).values())
    assert told == []


def test_arrow_keys_go_through_the_family(qtbot, graph, told):
    graph.activateWindow()
    here = cards(graph)
    here["gen-000"].setFocus()
    for key, card in (
        (Qt.Key.Key_Right, "gen-001"),
        (Qt.Key.Key_Down, "orphan"),
        (Qt.Key.Key_Left, "lost"),
        (Qt.Key.Key_Down, "discs"),
    ):
        qtbot.keyClick(QApplication.focusWidget(), key)
        assert told[-1] == card
        assert QApplication.focusWidget() is here[card]
    count = len(told)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    assert len(told) == count, "there is nobody that way"
    qtbot.keyClick(here["gen-000"], Qt.Key.Key_Return)
    assert told[-1] == "gen-000"


def test_parents_stand_left_of_children_and_nothing_overlaps(graph):
    here = cards(graph)
    assert here["gen-000"].geometry().right() < here["gen-001"].geometry().left()
    places = [card.geometry() for card in here.values()]
    assert not any(one.intersects(two) for i, one in enumerate(places) for two in places[i + 1 :])
    assert all(graph.widget().rect().contains(place) for place in places)


def test_a_card_under_the_pointer_says_more(graph):
    card = cards(graph)["gen-001"]
    card.pointed.emit(True)
    hover = graph.findChild(HoverCard)
    assert hover.isVisible()
    words = [label.text() for label in hover.findChildren(type(hover._title))]
    assert "1,100  (1,060 to 1,140)" in words
    QApplication.sendEvent(card, QEvent(QEvent.Type.Leave))
    assert not hover.isVisible()


def test_everybody_has_a_name_that_can_be_read_aloud(graph):
    assert cards(graph)["gen-001"].accessibleName() == (
        "gen-001, Name of gen-001, Chess, trained from gen-000, Elo 1,100  (1,060 to 1,140)"
    )
    assert "no longer in the registry" in cards(graph)["lost"].accessibleName()


def test_a_new_drawing_keeps_what_is_selected(graph, told):
    graph.select("orphan")
    graph.show_lineage(lineage_record((*FAMILY, info("a-new-one"))))
    assert cards(graph)["orphan"].isChecked()
    graph.show_lineage(lineage_record(FAMILY[:1]))
    assert set(cards(graph)) == {"gen-000"}
    assert told == []


def test_nothing_yet_says_what_to_do(graph):
    graph.show_lineage(lineage_record(()))
    assert not cards(graph)
    assert "Train the first one, or import a network" in graph.accessibleDescription()
    assert len({graph.widget().grab().toImage().pixelColor(x, 250).rgb() for x in range(700)}) > 3, "words are painted"


@pytest.mark.parametrize("theme", [DARK, LIGHT, enlarged(DARK, 1.75)], ids=["dark", "light", "for an audience"])
def test_the_line_to_a_child_is_green_in_every_theme(graph, theme):
    graph.set_theme(theme)
    here = cards(graph)
    begin, end = here["gen-000"].geometry(), here["gen-001"].geometry()
    middle = QPoint((begin.right() + end.left()) // 2, (begin.center().y() + end.center().y()) // 2)
    image = graph.widget().grab().toImage()
    found = {image.pixelColor(middle.x(), middle.y() + down).name() for down in range(-3, 4)}
    green = QColor(theme.learning)
    assert any(abs(QColor(name).hslHue() - green.hslHue()) < 12 and QColor(name).hslSaturation() > 40 for name in found)


def test_a_rating_moves_the_dot_on_a_scale_that_all_share(graph):
    def dot(name):
        """Where on its card a rating is drawn: the last row of pixels with the green of ratings, its middle."""
        image = cards(graph)[name].grab().toImage()
        green = QColor(DARK.learning).rgb()
        found = [x for x in range(image.width()) if any(image.pixel(x, y) == green for y in range(image.height()))]
        return sum(found) / len(found)

    assert dot("gen-001") > dot("gen-000") + 10
