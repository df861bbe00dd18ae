"""Curtains, a key that is held, the strip of a line, lines under the pointer, and the page for setting up."""

import time

import chess
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from app.theme import DARK
from app.viewmodels.reading import LineRecord
from app.viewmodels.records import NO_HEAT, Arrow, BoardRecord, HeatRecord
from app.viewmodels.setting_up import editor_record
from app.widgets.board_marks import GREEN, Mark
from app.widgets.board_widget import BoardWidget
from app.widgets.curtain import Curtains
from app.widgets.edit_board import EditBoard
from app.widgets.held_key import HeldKey
from app.widgets.line_strip import LineStrip
from app.widgets.position_editor import PositionEditor
from engine.domains.drafts import Draft
from engine.domains.registry import drafting
from tests.gui.boards import chess_card, chess_record

LEFT, RIGHT, PLAIN = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier
RECORD = LineRecord(("1. e4", "e5", "2. Nf3"), shown=2, chosen=1)


def picture(widget):
    return widget.grab().toImage()


def test_a_curtain_hides_what_is_behind_it_follows_its_size_and_keeps_the_mouse_away(shown, qtbot) -> None:
    host = QWidget()
    column = QVBoxLayout(host)
    line = QLabel("the best move is e4")
    column.addWidget(line)
    shown(host, 300, 120)
    before = picture(host)
    curtains = Curtains((host,))
    curtains.draw(True)
    host.resize(320, 140)
    covered = QApplication.widgetAt(host.mapToGlobal(QPoint(310, 130)))
    assert covered is not line
    curtain = curtains._all[0]
    assert curtain.geometry() == host.rect()
    assert host.childAt(host.rect().center()) is curtain
    curtains.draw(False)
    host.resize(300, 120)
    qtbot.wait(20)
    assert picture(host) == before


def test_the_boards_arrows_and_heat_go_with_the_hints_and_marks_stay(shown) -> None:
    board = shown(BoardWidget(), 320, 320)
    board.set_motion(False)
    plain = chess_record(chess.Board())
    board.show_board(plain)
    bare = picture(board)
    heat = HeatRecord("tree", (0.5,) * 64)
    board.show_board(BoardRecord(plain.card, plain.choices, (Arrow(12, 28, 1.0, "visits"),), heat=heat))
    assert picture(board) != bare
    board.set_hints_hidden(True)
    assert picture(board) == bare
    board._marks = (Mark(0, 9, GREEN),)
    assert picture(board) != bare


def test_a_threat_is_shown_where_other_arrows_are_switched_off(shown) -> None:
    board = shown(BoardWidget(), 320, 320)
    card = chess_card(chess.Board())
    board.show_board(BoardRecord(card))
    bare = picture(board)
    board.set_arrows_visible(False)
    board.show_board(BoardRecord(card, arrows=(Arrow(12, 28, 1.0, "visits"),)))
    assert picture(board) == bare
    board.show_board(BoardRecord(card, arrows=(Arrow(12, 28, 1.0, "threat"),)))
    assert picture(board) != bare


def test_looking_along_a_line_keeps_a_persons_marks_and_frames_the_board(shown) -> None:
    board = shown(BoardWidget(), 320, 320)
    board.set_motion(False)
    board.show_board(chess_record(chess.Board()))
    board._marks = marks = (Mark(0, 9, GREEN),)
    before = picture(board)
    position = chess.Board()
    position.push_san("e4")
    board.show_board(BoardRecord(chess_card(position), is_preview=True))
    framed = picture(board)
    board.show_board(BoardRecord(chess_card(position)))
    assert picture(board) != framed
    board.show_board(BoardRecord(chess_card(position), is_preview=True))
    board._marks = marks
    board.show_board(chess_record(chess.Board()))
    assert board._marks == marks
    assert picture(board) == before
    assert NO_HEAT.cells == ()


@pytest.mark.parametrize(("held_s", "lets_go"), [(0.1, False), (0.6, True)])
def test_a_key_switches_back_only_if_it_was_held(shown, qtbot, held_s, lets_go) -> None:
    widget = shown(QWidget(), 100, 100)
    now, calls = [0.0], []
    held = HeldKey(lambda: calls.append(now[0]), widget, clock=lambda: now[0])
    held.begin()
    now[0] = held_s
    qtbot.keyRelease(widget, Qt.Key.Key_Q)
    assert bool(calls) is lets_go
    qtbot.keyRelease(widget, Qt.Key.Key_Q)
    assert len(calls) == lets_go


def test_a_switch_from_the_menu_is_not_undone_by_a_later_key(shown, qtbot) -> None:
    widget = shown(QWidget(), 100, 100)
    calls = []
    now = [time.monotonic()]
    HeldKey(lambda: calls.append(1), widget, clock=lambda: now[0]).begin()
    now[0] += 5
    qtbot.keyClick(widget, Qt.Key.Key_F)
    assert not calls


@pytest.fixture
def strip(shown):
    widget = LineStrip()
    widget.set_theme(DARK)
    shown(widget, 300, widget.sizeHint().height())
    widget.show_line(RECORD)
    return widget


def test_moves_of_the_line_are_pointed_at_and_clicked(strip, qtbot) -> None:
    hovered, clicked = [], []
    strip.move_hovered.connect(hovered.append)
    strip.move_clicked.connect(clicked.append)
    for word in strip._words:
        qtbot.mouseMove(strip, word.box.center().toPoint())
    qtbot.mouseClick(strip, LEFT, PLAIN, strip._words[2].box.center().toPoint())
    assert hovered == [1, 2, 3]
    assert clicked == [3]


def test_the_wheel_goes_along_the_line(strip) -> None:
    walked = []
    strip.walked.connect(walked.append)
    centre = QPointF(strip.rect().center())
    for angle in (-60, -60, 120):
        event = QWheelEvent(
            centre,
            centre,
            QPoint(),
            QPoint(0, angle),
            Qt.MouseButton.NoButton,
            PLAIN,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(strip, event)
    assert walked == [1, -1]


def test_a_change_of_the_line_is_seen_and_said(strip) -> None:
    before = picture(strip)
    notice = "The line has changed since you began to read: now 1… c5"
    strip.show_line(LineRecord(RECORD.words, RECORD.shown, RECORD.chosen, notice, "1. e4 c5"))
    assert picture(strip) != before
    assert notice in strip.accessibleDescription()
    assert "1. e4 c5" in strip.toolTip()


@pytest.fixture
def page(shown):
    host = QWidget()
    shown(host, 560, 560)
    editor = PositionEditor(host)
    editor.set_theme(DARK)
    chess_drafting = drafting("chess")
    draft = Draft({4: "K", 60: "k", 7: "R"}, rights="K")
    editor.show_editor(editor_record(draft, chess_drafting, ("White", "Black"), "Q", flipped=False))
    return editor


def test_the_page_says_what_can_be_done(page, qtbot) -> None:
    assert page.isVisible()
    assert page._apply.isEnabled()
    assert page._boxes["K"].isChecked()
    assert not page._boxes["q"].isEnabled()
    assert not page._passed.isEnabled()
    heard = []
    for signal in (page.piece_chosen, page.turn_chosen, page.right_switched, page.cancelled):
        signal.connect(lambda *values: heard.append(values))
    page._pieces["n"].click()
    page._turn_group.button(1).click()
    page._boxes["K"].click()
    qtbot.keyClick(page._board, Qt.Key.Key_Escape)
    assert heard == [("n",), (1,), ("K", False), ()]


def test_another_domain_has_other_pieces_and_no_castling(page) -> None:
    four = drafting("connect_four")
    page.show_editor(editor_record(Draft({7: "X"}), four, ("X", "O"), "X", flipped=False))
    assert set(page._pieces) == {"X", "O", ""}
    assert not page._boxes
    assert not page._apply.isEnabled()
    assert "hangs above an empty cell" in page._verdict.text()
    page.show_editor(None)
    assert not page.isVisible()


def test_pieces_are_put_down_taken_away_and_dragged_off(shown, qtbot) -> None:
    board = shown(EditBoard(), 320, 320)
    board.show_card(chess_card(chess.Board()), flipped=False)
    told = []
    for signal in (board.pressed, board.erased, board.dragged):
        signal.connect(lambda *cells: told.append(cells))
    centre = lambda cell: board.board_geometry().centre(cell).toPoint()  # noqa: E731
    qtbot.mouseClick(board, LEFT, PLAIN, centre(28))
    qtbot.mouseClick(board, RIGHT, PLAIN, centre(0))
    qtbot.mousePress(board, LEFT, PLAIN, centre(12))
    qtbot.mouseMove(board, centre(28))
    qtbot.mouseRelease(board, LEFT, PLAIN, centre(28))
    qtbot.mousePress(board, LEFT, PLAIN, centre(12))
    qtbot.mouseMove(board, QPoint(-30, -30))
    qtbot.mouseRelease(board, LEFT, PLAIN, QPoint(-30, -30))
    assert told == [(28,), (0,), (12, 28), (12, -1)]
