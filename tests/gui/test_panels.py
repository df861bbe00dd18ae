from typing import ClassVar

import chess
import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from app.theme import LIGHT
from app.viewmodels.records import CandidateRow, InspectorRecord, TermRecord, ValueRecord
from app.widgets.board_panel import BoardPanel
from app.widgets.child_bars import ChildBars
from app.widgets.eval_bar import EvalBar, bands
from app.widgets.hover_card import HoverCard, beside
from app.widgets.inspector import Inspector
from app.widgets.keys_overlay import KeysOverlay, balanced
from app.widgets.terms_grid import TermsGrid
from tests.gui.boards import chess_card, chess_record, discs_record

LEFT = Qt.MouseButton.LeftButton
PLAIN = Qt.KeyboardModifier.NoModifier


class TestEvalBar:
    @pytest.fixture
    def bar(self, shown):
        bar = shown(EvalBar(), 40, 400)
        bar.set_motion(False)
        return bar

    def bluest(self, bar):
        """Share of the bar's height that the first player's colour has, and whether it is at the bottom."""
        image = bar.grab().toImage()
        blue = [y for y in range(400) if image.pixelColor(1, y).blue() > image.pixelColor(1, y).red() + 60]
        return len(blue) / 400, bool(blue) and blue[-1] == 399

    def test_the_first_player_is_at_the_bottom_unless_flipped(self, bar):
        record = ValueRecord(0.6, win=0.75, draw=0.1, loss=0.15, text="+0.60")
        bar.show_value(record, False)
        assert self.bluest(bar) == (pytest.approx(0.75, abs=0.01), True)
        bar.show_value(record, True)
        assert self.bluest(bar) == (pytest.approx(0.75, abs=0.01), False)

    def test_an_unknown_value_is_an_empty_bar(self, bar):
        bar.show_value(ValueRecord(), False)
        assert self.bluest(bar)[0] == 0
        assert bands(ValueRecord()) == (0.0, 1.0, 0.0)

    def test_stale_is_fainter(self, bar):
        def strength(stale):
            bar.show_value(ValueRecord(0.6, 0.75, 0.1, 0.15, "+0.60", stale), False)
            return bar.grab().toImage().pixelColor(1, 350).blue()

        assert strength(True) < strength(False)

    def test_the_number_stands_with_the_side_ahead(self, bar):
        def lines_with_words(value):
            bar.show_value(ValueRecord(value, 1 / 3, 1 / 3, 1 / 3, "+0.30"), False)
            image = bar.grab().toImage()
            rows = [[image.pixel(x, y) for x in range(40)] for y in range(400)]
            return [y for y, row in enumerate(rows) if len(set(row)) > 1]

        assert min(lines_with_words(+0.3)) > 370
        assert max(lines_with_words(-0.3)) < 30

    def test_a_click_changes_the_words(self, qtbot, bar):
        bar.show_value(ValueRecord(0.6, 0.75, 0.1, 0.15, "+0.60"), False)
        number = bar.grab().toImage()
        with qtbot.waitSignal(bar.clicked):
            qtbot.mouseClick(bar, LEFT)
        assert bar.grab().toImage() != number
        qtbot.keyClick(bar, Qt.Key.Key_Return)
        assert bar.grab().toImage() == number

    def test_it_eases_and_arrives(self, qtbot, bar):
        goal = ValueRecord(-1.0, 0.0, 0.0, 1.0, "−1.00")
        bar.show_value(goal, False)
        there = bar.grab().toImage()
        bar.show_value(ValueRecord(1.0, 1.0, 0.0, 0.0, "−1.00"), False)
        bar.set_motion(True)
        bar.show_value(goal, False)
        assert bar.grab().toImage() != there
        bar.show_value(goal, False)
        qtbot.waitUntil(lambda: bar.grab().toImage() == there, timeout=2000)


ROWS = tuple(CandidateRow(a, f"m{a}", 0.1, 10, 0.1, 0.0, 0.1, 0.0, 0.1) for a in range(12))
NODE = InspectorRecord(
    title="6. Nxf7",
    path_text="1. e4 e5",
    card=chess_card(chess.Board()),
    terms=(TermRecord("Visits", "1,240", "How often. (N)"), TermRecord("Score", "0.353", "Q and U. (PUCT)")),
    notice="Cut by hand at simulation 1,204.",
    can_restore=True,
    can_reroot=True,
    candidates=ROWS,
)


class TestInspector:
    @pytest.fixture
    def inspector(self, shown):
        return shown(Inspector(), 300, 560)

    def button(self, inspector, text):
        return next(b for b in inspector.findChildren(QPushButton) if b.text() == text)

    def visible_texts(self, inspector):
        return [label.text() for label in inspector.findChildren(QLabel) if label.isVisible()]

    def test_shows_what_it_is_given(self, qtbot, inspector):
        inspector.show_node(NODE)
        qtbot.waitUntil(lambda: "0.353" in self.visible_texts(inspector))
        texts = self.visible_texts(inspector)
        for text in ("6. Nxf7", "1. e4 e5", "White to move", NODE.notice, "Visits", "1,240", "Score", "0.353"):
            assert text in texts

    def test_with_nothing_selected_it_invites(self, inspector):
        inspector.show_node(NODE)
        inspector.show_node(InspectorRecord())
        assert len(self.visible_texts(inspector)) == 1
        assert "Click a node" in self.visible_texts(inspector)[0]

    def test_buttons_that_make_sense(self, qtbot, inspector):
        inspector.show_node(NODE)
        assert self.button(inspector, "Restore").isVisible()
        assert not self.button(inspector, "Cut").isVisible()
        for text, signal in (("Restore", inspector.restore_clicked), ("Make root", inspector.reroot_clicked)):
            with qtbot.waitSignal(signal):
                qtbot.mouseClick(self.button(inspector, text), LEFT)
        inspector.show_node(InspectorRecord(card=NODE.card, can_cut=True))
        with qtbot.waitSignal(inspector.cut_clicked):
            qtbot.mouseClick(self.button(inspector, "Cut"), LEFT)
        assert not self.button(inspector, "Make root").isEnabled()

    def test_ticking_figures_keep_their_labels(self, shown):
        grid = shown(TermsGrid(), 200, 100)
        grid.show_terms(NODE.terms)
        before = grid.findChildren(QLabel)
        grid.show_terms((TermRecord("Visits", "1,241", "x"), TermRecord("Score", "0.4", "y")))
        assert grid.findChildren(QLabel) == before
        assert [label.text() for label in before] == ["Visits", "1,241", "Score", "0.4"]

    def test_a_long_term_does_not_push_others_out(self, inspector):
        long = TermRecord("Flip", "at prior ≥ 3.1 % or after 212 more visits of this very move", "z")
        inspector.show_node(InspectorRecord(card=NODE.card, terms=(*NODE.terms, long)))
        for label in inspector.findChildren(QLabel):
            if label.isVisible() and label.text():
                assert label.mapTo(inspector, label.rect().topRight()).x() <= 300

    def test_children_beyond_eight_are_counted(self, shown):
        bars = shown(ChildBars(), 260, 400)
        bars.show_rows(ROWS)
        twelve = bars.sizeHint().height()
        bars.show_rows(ROWS[:8])
        assert bars.sizeHint().height() < twelve
        bars.set_theme(LIGHT)
        image = bars.grab().toImage()
        assert any(image.pixel(60, y) == QColor(LIGHT.intuition).rgb() for y in range(40))


class TestHoverCard:
    @pytest.fixture
    def host(self, shown):
        return shown(QWidget(), 800, 600)

    def test_lies_beside_the_pointer_inside_its_host(self, host):
        card = HoverCard(host)
        for point in (QPoint(10, 10), QPoint(790, 590), QPoint(790, 10)):
            card.show_card(NODE, host.mapToGlobal(point))
            assert host.rect().contains(card.geometry())
            assert card.isVisible()

    def test_does_not_cover_the_pointer(self):
        size, room = QSize(200, 100), QRect(0, 0, 800, 600)
        for pointer in (QPoint(400, 300), QPoint(790, 590), QPoint(20, 590)):
            solid = QRect(beside(pointer, size, room), size).adjusted(12, 12, -12, -12)
            assert not solid.contains(pointer)

    def test_lets_clicks_through(self, host):
        card = HoverCard(host)
        card.show_card(NODE, host.mapToGlobal(QPoint(100, 100)))
        assert card.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


class TestKeysOverlay:
    GROUPS: ClassVar = [
        ("Board", [("F", "flip"), ("A", "arrows")]),
        ("Tree", [("R", "root")]),
        ("Search", [("Space", "go")]),
    ]

    @pytest.fixture
    def host(self, shown):
        return shown(QWidget(), 800, 600)

    def test_covers_its_host_and_follows_its_size(self, qtbot, host):
        overlay = KeysOverlay(host)
        overlay.show_keys(self.GROUPS)
        assert overlay.geometry() == host.rect()
        texts = [label.text() for label in overlay.findChildren(QLabel)]
        assert {"Board", "F", "flip", "Space", "go"} <= set(texts)
        host.resize(900, 500)
        qtbot.waitUntil(lambda: overlay.geometry() == host.rect())

    @pytest.mark.parametrize("way", ["escape", "click"])
    def test_is_closed_by_a_person(self, qtbot, host, way):
        overlay = KeysOverlay(host)
        overlay.show_keys(self.GROUPS)
        with qtbot.waitSignal(overlay.closed):
            if way == "escape":
                qtbot.keyClick(overlay, Qt.Key.Key_Escape)
            else:
                qtbot.mouseClick(overlay, LEFT)
        assert not overlay.isVisible()

    def test_columns_are_in_reading_order_and_none_is_lost(self):
        columns = balanced(self.GROUPS, 2)
        assert len(columns) == 2
        assert [group for column in columns for group in column] == self.GROUPS
        assert balanced([], 3) == [[]]


@pytest.mark.parametrize("record", [chess_record(chess.Board()), discs_record(3)], ids=["chess", "discs"])
@pytest.mark.parametrize("size", [(500, 300), (300, 600), (481, 479)])
def test_the_bar_is_as_high_as_the_board(shown, record, size):
    panel = shown(BoardPanel(), *size)
    panel.show_board(record)
    grid = panel.board.board_geometry().rect
    assert panel.value.height() == pytest.approx(grid.height(), abs=2)
    assert panel.value.y() == pytest.approx(panel.board.y() + grid.top(), abs=1)
    assert panel.rect().contains(panel.board.geometry())
    assert panel.rect().contains(panel.value.geometry())
    assert panel.value.geometry().right() < panel.board.x() + grid.left()
