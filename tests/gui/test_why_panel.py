"""The reasons on the node card: what is drawn, what a click means, what is remembered, and that it fits."""

from dataclasses import replace

import chess
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QHelpEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea, QToolTip

from app.theme import DARK, LIGHT, enlarged
from app.viewmodels.records import InspectorRecord
from app.viewmodels.why_records import (
    CauseRow,
    CausesRecord,
    LedgerRecord,
    LedgerRow,
    TermRecord,
    ValuesRecord,
    WhyRecord,
)
from app.widgets.cause_list import CauseList
from app.widgets.causes_view import CausesView
from app.widgets.inspector import Inspector
from app.widgets.ledger_bars import LedgerBars
from app.widgets.ledger_view import LedgerView
from app.widgets.section import Section
from app.widgets.terms_grid import TermsGrid
from app.widgets.value_strip import ValueStrip
from tests.gui.boards import chess_card

LEFT = Qt.MouseButton.LeftButton
PLAIN = Qt.KeyboardModifier.NoModifier
TERMS = (TermRecord("Value found, Q", "+0.100", "Average. Q."), TermRecord("Score, Q + U", "+0.300", "The sum."))
ROWS = (
    LedgerRow(1, 11, "Nf3", 0.4, 0.3, 0.4, "+0.700", is_next=True, is_played=True, figures=TERMS),
    LedgerRow(2, 12, "Rxf7", 0.1, 0.2, 0.1, "+0.300", is_self=True, figures=TERMS, sentences=("Would be chosen.",)),
    LedgerRow(3, -1, "a4", -0.2, 0.1, None, "−0.100", figures=TERMS),
    LedgerRow(4, 14, "h4", 0.0, 0.1, 0.0, "+0.100", figures=TERMS, sentences=("Cut.",), cut="cut by hand", cut_at=1240),
)
LEDGER = LedgerRecord("Each simulation goes where the sum is highest. (PUCT)", "puct", ROWS, 5)
VALUES = ValuesRecord(0.5, 0.3, 0.2, -0.5, 0.5, "−0.50 at a glance, +0.50 after 12 visits", "What it is worth.")
CAUSES = CausesRecord(
    "From +0.10 at a glance to +0.30 after 12 visits: +0.200.",
    (
        CauseRow("branch", "Kh8", "8 visits found +0.30", 0.15, node=21),
        CauseRow("branch", "Qg4", "5 visits found +0.40", 0.1, level=1, node=22),
    ),
    (CauseRow("evaluation", "… Qg4", "simulation 77 found +0.90", 0.05, node=23, moment=77, tooltip="One."),),
    (CauseRow("swing", "40 to 44", "from +0.10 to −0.05", -0.15, node=5, moment=39),),
)
WHY = WhyRecord("Why Rxf7?", LEDGER, replace(LEDGER, others=0), VALUES, CAUSES, TERMS, cut_at=900)
CARD = InspectorRecord(title="Rxf7", path_text="1. e4", card=chess_card(chess.Board()), can_cut=True, why=WHY)


def ink(widget, x, y):
    return widget.grab().toImage().pixelColor(x, y).name().upper()


def told(signal):
    heard = []
    signal.connect(lambda *args: heard.append(*args))
    return heard


class TestLedgerBars:
    @pytest.fixture
    def bars(self, shown):
        bars = shown(LedgerBars(), 280, 120)
        bars.show_ledger(LEDGER, -1)
        return bars

    def columns(self, bars, place, tint):
        """Columns of a row's bar that have a colour."""
        image = bars.grab().toImage()
        y = round((place + 0.5) * 22)
        return [x for x in range(280) if image.pixelColor(x, y) == QColor(tint)]

    def test_the_bonus_is_gold_and_as_long_as_it_is_large(self, bars):
        first, second = (len(self.columns(bars, place, DARK.intuition)) for place in (0, 1))
        assert first > second > 0
        assert first / second == pytest.approx(1.5, abs=0.1)

    def test_all_bars_begin_at_the_same_score(self, bars):
        """Where the bars of two rows end differs by as much as their scores."""
        ends = [max(self.columns(bars, place, DARK.intuition)) for place in (0, 1, 2)]
        assert (ends[0] - ends[1]) / (ends[1] - ends[2]) == pytest.approx(1.0, abs=0.05)

    def test_clicks_and_keys_pick_and_open(self, qtbot, bars):
        picked, opened = told(bars.picked), told(bars.opened)
        qtbot.mouseClick(bars, LEFT, PLAIN, QPoint(100, 33))
        assert picked == [1]
        qtbot.mouseDClick(bars, LEFT, PLAIN, QPoint(100, 33))
        assert opened == [1]
        bars.show_ledger(LEDGER, 1)
        qtbot.keyClick(bars, Qt.Key.Key_Down)
        qtbot.keyClick(bars, Qt.Key.Key_Return)
        assert (picked[-1], opened[-1]) == (2, 1)
        qtbot.mouseClick(bars, LEFT, PLAIN, QPoint(100, 110))
        assert picked == [1, 2], "under the rows there is none"

    def test_a_tooltip_has_the_whole_sum(self, bars, monkeypatch):
        texts = []
        monkeypatch.setattr(QToolTip, "showText", lambda _point, text, _widget: texts.append(text))
        point = QPoint(100, 33)
        QApplication.sendEvent(bars, QHelpEvent(QEvent.Type.ToolTip, point, bars.mapToGlobal(point)))
        assert texts == ["Rxf7: Value found, Q +0.100, Score, Q + U +0.300.\nWould be chosen."]

    def test_says_it_all_without_being_seen(self, bars):
        assert "Rxf7 +0.300" in bars.accessibleDescription()


class TestLedgerView:
    @pytest.fixture
    def view(self, shown):
        view = shown(LedgerView(), 280, 420)
        view.show_ledger(LEDGER)
        return view

    def visible(self, view):
        return [label.text() for label in view.findChildren(QLabel) if label.isVisible()]

    def button(self, view, text):
        return next(b for b in view.findChildren(QPushButton) if b.text().startswith(text))

    def test_the_node_itself_is_opened_first(self, view):
        assert "Would be chosen." in self.visible(view)
        assert not self.button(view, "Select").isVisible()

    def test_another_row_stays_picked_when_rows_change_places(self, qtbot, view):
        bars = view.findChild(LedgerBars)
        qtbot.mouseClick(bars, LEFT, PLAIN, QPoint(100, 77))
        assert "Cut." in self.visible(view)
        view.show_ledger(replace(LEDGER, rows=ROWS[::-1]))
        assert "Cut." in self.visible(view)
        view.forget_pick()
        view.show_ledger(LEDGER)
        assert "Would be chosen." in self.visible(view)

    def test_its_node_and_the_moment_of_its_cut_are_a_click_away(self, qtbot, view):
        nodes, moments = told(view.node_wanted), told(view.moment_wanted)
        qtbot.mouseClick(view.findChild(LedgerBars), LEFT, PLAIN, QPoint(100, 77))
        qtbot.mouseClick(self.button(view, "Select"), LEFT)
        qtbot.mouseClick(self.button(view, "Go to simulation 1,240"), LEFT)
        assert (nodes, moments) == ([14], [1240])

    def test_what_has_no_node_cannot_be_selected(self, qtbot, view):
        nodes = told(view.node_wanted)
        qtbot.mouseDClick(view.findChild(LedgerBars), LEFT, PLAIN, QPoint(100, 55))
        assert nodes == []


class TestCauses:
    @pytest.fixture
    def view(self, shown):
        view = shown(CausesView(), 280, 400)
        view.show_causes(CAUSES)
        return view

    def test_every_row_leads_somewhere(self, qtbot, view):
        nodes, moments = told(view.node_wanted), told(view.moment_wanted)
        branches, evaluations, swings = view.findChildren(CauseList)
        qtbot.mouseClick(branches, LEFT, PLAIN, QPoint(60, 50))
        assert (nodes, moments) == ([22], [])
        qtbot.mouseClick(evaluations, LEFT, PLAIN, QPoint(60, 10))
        qtbot.keyClick(swings, Qt.Key.Key_Down)
        qtbot.keyClick(swings, Qt.Key.Key_Return)
        assert (nodes, moments) == ([22, 23, 5], [77, 39])

    def test_gains_and_losses_lie_on_two_sides(self, shown):
        rows = shown(CauseList(), 280, 80)
        rows.show_rows((CAUSES.branches[0], CAUSES.swings[0]), 0.15)
        image = rows.grab().toImage()
        good, bad = (
            [x for x in range(280) if image.pixelColor(x, y) == QColor(tint)]
            for y, tint in ((18, DARK.good), (54, DARK.bad))
        )
        assert min(good) >= max(bad)
        assert len(good) == pytest.approx(len(bad), abs=1)

    def test_it_can_be_asked_from_here_on(self, qtbot, view):
        asked = told(view.since_wanted)
        button = view.findChild(QPushButton)
        qtbot.mouseClick(button, LEFT)
        view.show_causes(replace(CAUSES, since=200))
        assert "200" in button.text()
        qtbot.mouseClick(button, LEFT)
        assert asked == [True, False]

    def test_what_is_not_there_takes_no_room(self, view):
        view.show_causes(CausesRecord("Nothing."))
        assert not any(rows.isVisible() for rows in view.findChildren(CauseList))


def test_the_two_values_stand_where_they_are(shown):
    strip = shown(ValueStrip(), 212, 48)
    strip.show_values(VALUES)
    image = strip.grab().toImage()
    y = 12 + 4 + 7
    gold = [x for x in range(212) if image.pixelColor(x, y) == QColor(DARK.intuition)]
    ivory = [x for x in range(212) if image.pixelColor(x, y) == QColor(DARK.effort)]
    assert sum(gold) / len(gold) == pytest.approx(6 + 50, abs=1.5)
    assert sum(ivory) / len(ivory) == pytest.approx(6 + 150, abs=1.5)
    assert ink(strip, 50, 1) == DARK.good
    assert ink(strip, 200, 1) == DARK.bad
    strip.show_values(None)
    assert not strip.isVisible()


def test_a_figure_with_a_moment_is_a_link(shown, qtbot):
    grid = shown(TermsGrid(), 200, 60)
    grid.show_terms(
        (TermRecord("First visited", "simulation 5", "When.", 5), TermRecord("Visits", "3 < 4", "How often."))
    )
    first, _, second = (label for label in grid.findChildren(QLabel) if label.text() != "First visited")
    moments = told(grid.moment_wanted)
    first.linkActivated.emit("5")
    assert moments == [5]
    assert second.text() == "3 < 4"


class TestInspector:
    @pytest.fixture
    def inspector(self, shown):
        inspector = shown(Inspector(), 300, 640)
        inspector.set_theme(DARK)
        inspector.show_node(CARD)
        return inspector

    def sections(self, inspector):
        return {section.name: section for section in inspector.findChildren(Section)}

    def test_sections_with_something_to_say_are_there(self, inspector):
        shown = {name for name, section in self.sections(inspector).items() if section.isVisible()}
        assert shown == {"why", "causes", "next", "figures"}
        inspector.show_node(replace(CARD, why=None))
        assert {name for name, section in self.sections(inspector).items() if section.isVisible()} == {"figures"}

    def test_closed_sections_are_told_and_taken_up_again(self, qtbot, inspector):
        told_names = told(inspector.folded_changed)
        section = self.sections(inspector)["causes"]
        qtbot.mouseClick(section.findChild(QPushButton), LEFT)
        assert told_names == [("causes",)]
        assert not section.is_open
        other = Inspector()
        qtbot.addWidget(other)
        other.set_folded(("causes", "unknown"))
        assert other.folded() == ("causes",)

    def test_the_cut_is_a_click_away(self, qtbot, inspector):
        moments = told(inspector.moment_wanted)
        button = next(b for b in inspector.findChildren(QPushButton) if b.text() == "Go to simulation 900")
        qtbot.mouseClick(button, LEFT)
        assert moments == [900]

    def test_clicks_in_the_sections_reach_the_window(self, qtbot, inspector):
        nodes = told(inspector.node_wanted)
        branches = self.sections(inspector)["causes"].findChildren(CauseList)[0]
        qtbot.mouseClick(branches, LEFT, PLAIN, QPoint(60, 10))
        assert nodes == [21]

    @pytest.mark.parametrize("width", [290, 400])
    @pytest.mark.parametrize("theme", [DARK, LIGHT, enlarged(DARK, 1.25)])
    def test_nothing_is_wider_than_the_panel(self, qtbot, inspector, width, theme):
        inspector.set_theme(theme)
        inspector.resize(width, 640)
        QApplication.processEvents()
        area = inspector.findChild(QScrollArea)
        assert area.widget().width() <= area.viewport().width()
        for section in self.sections(inspector).values():
            assert section.minimumSizeHint().width() <= area.viewport().width()

    def test_every_statistic_explains_itself(self, inspector):
        for section in self.sections(inspector).values():
            assert section.findChild(QPushButton).toolTip().rstrip(")").endswith((".", "n", "p"))
        for grid in inspector.findChildren(TermsGrid):
            assert all(label.toolTip() for label in grid.findChildren(QLabel))
