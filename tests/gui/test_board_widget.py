import chess
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QApplication

from app.theme import DARK, LIGHT
from app.viewmodels.records import Arrow, BoardRecord
from app.widgets.board_widget import BoardWidget
from tests.gui.boards import action_of, chess_card, chess_record, discs_record

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
PLAIN = Qt.KeyboardModifier.NoModifier
CASTLING = "r3k2r/8/8/8/8/8/8/R3K2R w KQkq - 0 1"
PROMOTION = "3r4/2P1k3/8/8/8/8/8/4K3 w - - 0 1"


@pytest.fixture
def board(qtbot):
    widget = BoardWidget()
    qtbot.addWidget(widget)
    widget.resize(403, 401)
    widget.set_motion(False)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


@pytest.fixture
def chosen(board):
    actions = []
    board.move_chosen.connect(actions.append)
    return actions


def at(board, cell, dx=0.0, dy=0.0):
    geometry = board.board_geometry()
    return (geometry.centre(cell) + QPointF(dx, dy) * geometry.cell).toPoint()


def click(qtbot, board, cell):
    qtbot.mouseClick(board, LEFT, PLAIN, at(board, cell))


def drag(qtbot, board, source, target, button=LEFT, modifier=PLAIN):
    qtbot.mousePress(board, button, modifier, at(board, source))
    qtbot.mouseMove(board, at(board, source, 0.3, 0.3))
    qtbot.mouseMove(board, at(board, target) if target >= 0 else QPoint(-20, -20))
    qtbot.mouseRelease(board, button, modifier, at(board, target) if target >= 0 else QPoint(-20, -20))


def pixel(widget, point):
    return widget.grab().toImage().pixelColor(point)


@pytest.mark.parametrize("flipped", [False, True])
@pytest.mark.parametrize("gesture", ["drag", "clicks"])
def test_a_legal_move_is_told_once(qtbot, board, chosen, gesture, flipped):
    record = chess_record(chess.Board(), flipped)
    board.show_board(record)
    if gesture == "drag":
        drag(qtbot, board, chess.E2, chess.E4)
    else:
        click(qtbot, board, chess.E2)
        click(qtbot, board, chess.E4)
    assert chosen == [action_of(record, "e2e4")]


def test_the_board_itself_changes_only_when_shown(qtbot, board, chosen):
    board.show_board(chess_record(chess.Board()))
    before = board.grab().toImage()
    drag(qtbot, board, chess.E2, chess.E4)
    board.leaveEvent(None)
    assert chosen
    assert board.grab().toImage() == before


@pytest.mark.parametrize("target", [chess.E5, chess.D1, -1])
def test_an_illegal_drop_is_not_told_and_the_piece_goes_back(qtbot, board, chosen, target):
    board.show_board(chess_record(chess.Board()))
    before = board.grab().toImage()
    drag(qtbot, board, chess.E2, target)
    board.leaveEvent(None)
    assert chosen == []
    assert board.grab().toImage() == before


def test_an_illegal_drop_is_seen_to_travel_back(qtbot, board, chosen):
    board.set_motion(True)
    board.show_board(chess_record(chess.Board()))
    before = board.grab().toImage()
    drag(qtbot, board, chess.E2, chess.E5)
    board.leaveEvent(None)
    assert board.grab().toImage() != before
    qtbot.waitUntil(lambda: board.grab().toImage() == before, timeout=2000)
    assert chosen == []


def test_an_opponents_piece_cannot_be_taken_up(qtbot, board, chosen):
    board.show_board(chess_record(chess.Board()))
    drag(qtbot, board, chess.E7, chess.E5)
    assert chosen == []


def test_without_choices_the_board_is_for_looking(qtbot, board, chosen):
    board.show_board(BoardRecord(chess_card(chess.Board())))
    drag(qtbot, board, chess.E2, chess.E4)
    click(qtbot, board, chess.E2)
    click(qtbot, board, chess.E4)
    assert chosen == []


@pytest.mark.parametrize("target", [chess.G1, chess.H1])
@pytest.mark.parametrize("gesture", ["drag", "clicks"])
def test_castling_to_the_square_or_onto_the_rook(qtbot, board, chosen, target, gesture):
    record = chess_record(chess.Board(CASTLING))
    board.show_board(record)
    if gesture == "drag":
        drag(qtbot, board, chess.E1, target)
    else:
        click(qtbot, board, chess.E1)
        click(qtbot, board, target)
    assert chosen == [action_of(record, "e1g1")]


@pytest.mark.parametrize("target", [chess.C8, chess.A8])
def test_castling_to_the_other_side_with_the_board_flipped(qtbot, board, chosen, target):
    position = chess.Board(CASTLING.replace(" w ", " b "))
    record = chess_record(position, flipped=True)
    board.show_board(record)
    drag(qtbot, board, chess.E8, target)
    assert chosen == [action_of(record, "e8c8")]


def test_the_rook_is_no_target_where_castling_is_not_allowed(qtbot, board, chosen):
    board.show_board(chess_record(chess.Board(CASTLING.replace("KQkq", "-"))))
    drag(qtbot, board, chess.E1, chess.H1)
    assert chosen == []


class TestPromotion:
    @pytest.fixture
    def record(self, board):
        record = chess_record(chess.Board(PROMOTION))
        board.show_board(record)
        return record

    @pytest.fixture
    def chooser(self, board):
        return board.findChild(type(board._chooser))

    @pytest.mark.parametrize(("place", "letter"), list(enumerate("qrbn")))
    def test_opens_at_the_square_and_offers_four(self, qtbot, board, chosen, record, chooser, place, letter):
        drag(qtbot, board, chess.C7, chess.C8)
        assert chosen == []
        assert chooser.isVisible()
        square = board.board_geometry().cell_rect(chess.C8)
        assert chooser.geometry().top() == pytest.approx(square.top(), abs=1)
        assert chooser.geometry().left() == pytest.approx(square.left(), abs=1)
        side = chooser.width()
        qtbot.mouseClick(chooser, LEFT, PLAIN, QPoint(side // 2, place * side + side // 2))
        assert chosen == [action_of(record, f"c7c8{letter}")]
        assert not chooser.isVisible()

    def test_by_capture_and_keyboard(self, qtbot, board, chosen, record, chooser):
        click(qtbot, board, chess.C7)
        click(qtbot, board, chess.D8)
        qtbot.keyClick(chooser, Qt.Key.Key_Down)
        qtbot.keyClick(chooser, Qt.Key.Key_Return)
        assert chosen == [action_of(record, "c7d8r")]

    def test_by_letter(self, qtbot, board, chosen, record, chooser):
        drag(qtbot, board, chess.C7, chess.C8)
        qtbot.keyClick(chooser, "n")
        assert chosen == [action_of(record, "c7c8n")]

    @pytest.mark.parametrize("way", ["escape", "click beside", "another position"])
    def test_can_be_given_up(self, qtbot, board, chosen, record, chooser, way):
        drag(qtbot, board, chess.C7, chess.C8)
        if way == "escape":
            qtbot.keyClick(chooser, Qt.Key.Key_Escape)
        elif way == "click beside":
            click(qtbot, board, chess.H3)
        else:
            board.show_board(chess_record(chess.Board()))
        assert not chooser.isVisible()
        assert chosen == []

    def test_opens_upwards_for_the_player_at_the_bottom(self, qtbot, board, chosen, chooser):
        position = chess.Board("4k3/8/8/8/8/8/p7/4K3 b - - 0 1")
        record = chess_record(position)
        board.show_board(record)
        drag(qtbot, board, chess.A2, chess.A1)
        square = board.board_geometry().cell_rect(chess.A1)
        assert chooser.geometry().bottom() == pytest.approx(square.bottom(), abs=1)
        qtbot.mouseClick(chooser, LEFT, PLAIN, chooser.mapFrom(board, at(board, chess.A1)))
        assert chosen == [action_of(record, "a2a1q")]

    def test_is_not_asked_for_with_auto_queen(self, qtbot, board, chosen, record, chooser):
        board.set_auto_queen(True)
        drag(qtbot, board, chess.C7, chess.C8)
        assert chosen == [action_of(record, "c7c8q")]


def test_pressing_the_same_piece_again_lets_it_go(qtbot, board, chosen):
    board.show_board(chess_record(chess.Board()))
    click(qtbot, board, chess.E2)
    click(qtbot, board, chess.E2)
    click(qtbot, board, chess.E4)
    assert chosen == []


def test_pressing_another_own_piece_takes_that_one(qtbot, board, chosen):
    record = chess_record(chess.Board())
    board.show_board(record)
    click(qtbot, board, chess.E2)
    click(qtbot, board, chess.G1)
    click(qtbot, board, chess.F3)
    assert chosen == [action_of(record, "g1f3")]


def test_new_arrows_leave_the_held_piece_held_and_a_new_position_does_not(qtbot, board, chosen):
    record = chess_record(chess.Board())
    board.show_board(record)
    click(qtbot, board, chess.E2)
    board.show_board(BoardRecord(record.card, record.choices, (Arrow(chess.D2, chess.D4, 0.5, "visits", "50"),)))
    click(qtbot, board, chess.E4)
    assert chosen == [action_of(record, "e2e4")]
    click(qtbot, board, chess.E2)
    later = chess.Board()
    later.push_san("Nf3")
    board.show_board(chess_record(later))
    click(qtbot, board, chess.E4)
    assert len(chosen) == 1


def test_legal_targets_are_dotted_and_captures_ringed(qtbot, board):
    board.show_board(chess_record(chess.Board("4k3/8/8/3p4/4P3/8/8/4K3 w - - 0 1")))
    free, taken = at(board, chess.E5), at(board, chess.D5, 0.44, 0.0)
    before = pixel(board, free), pixel(board, taken)
    click(qtbot, board, chess.E4)
    assert pixel(board, free) != before[0]
    assert pixel(board, taken) != before[1]
    click(qtbot, board, chess.E4)
    board.leaveEvent(None)
    assert (pixel(board, free), pixel(board, taken)) == before


def test_last_move_and_check_are_marked(board):
    plain = chess.Board("4k3/8/8/8/8/8/8/R3K3 w - - 0 1")
    board.show_board(chess_record(plain))
    corner = at(board, chess.A1, -0.45, -0.45), at(board, chess.A8, -0.45, -0.45), at(board, chess.E8, 0.42, 0.0)
    before = [pixel(board, point) for point in corner]
    plain.push_san("Ra8+")
    board.show_board(chess_record(plain))
    after = [pixel(board, point) for point in corner]
    assert all(a != b for a, b in zip(after, before, strict=True))
    assert after[2].red() > before[2].red()


class TestMarks:
    def tint(self, board, cell, dx=0.0):
        return pixel(board, at(board, cell, dx))

    @pytest.mark.parametrize(
        ("modifier", "strongest"),
        [
            (PLAIN, "green"),
            (Qt.KeyboardModifier.ShiftModifier, "red"),
            (Qt.KeyboardModifier.ControlModifier, "red"),
            (Qt.KeyboardModifier.AltModifier, "blue"),
        ],
    )
    def test_right_drag_draws_in_the_modifiers_colour(self, qtbot, board, chosen, modifier, strongest):
        board.show_board(chess_record(chess.Board()))
        drag(qtbot, board, chess.A3, chess.D3, RIGHT, modifier)
        tint = self.tint(board, chess.B3)
        channels = {"red": tint.red(), "green": tint.green(), "blue": tint.blue()}
        assert max(channels, key=channels.get) == strongest
        assert chosen == []

    def test_alt_and_shift_draw_yellow(self, qtbot, board):
        board.show_board(chess_record(chess.Board()))
        both = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
        drag(qtbot, board, chess.A3, chess.D3, RIGHT, both)
        tint = self.tint(board, chess.B3)
        assert tint.red() > tint.green() > tint.blue()

    def test_drawing_the_same_again_erases_and_another_colour_recolours(self, qtbot, board):
        board.show_board(chess_record(chess.Board()))
        before = self.tint(board, chess.B3)
        drag(qtbot, board, chess.A3, chess.D3, RIGHT)
        green = self.tint(board, chess.B3)
        drag(qtbot, board, chess.A3, chess.D3, RIGHT, Qt.KeyboardModifier.AltModifier)
        blue = self.tint(board, chess.B3)
        drag(qtbot, board, chess.A3, chess.D3, RIGHT, Qt.KeyboardModifier.AltModifier)
        assert len({before.name(), green.name(), blue.name()}) == 3
        assert self.tint(board, chess.B3) == before

    def test_a_right_click_draws_a_circle_and_a_left_click_clears(self, qtbot, board):
        board.show_board(chess_record(chess.Board()))
        edge = 0.46
        before = self.tint(board, chess.E5, edge)
        qtbot.mouseClick(board, RIGHT, PLAIN, at(board, chess.E5))
        assert self.tint(board, chess.E5, edge) != before
        click(qtbot, board, chess.H5)
        assert self.tint(board, chess.E5, edge) == before

    def test_marks_are_no_search_arrows(self, qtbot, board):
        board.show_board(chess_record(chess.Board()))
        drag(qtbot, board, chess.A3, chess.D3, RIGHT)
        drawn = self.tint(board, chess.B3)
        board.set_arrows_visible(False)
        assert self.tint(board, chess.B3) == drawn


def test_arrows_have_the_colour_of_their_kind_and_can_be_hidden(board):
    record = chess_record(chess.Board())
    arrows = (Arrow(chess.A3, chess.A6, 1.0, "prior"), Arrow(chess.C3, chess.C6, 1.0, "visits", "61"))
    bare = pixel(board, at(board, chess.A4))
    board.show_board(BoardRecord(record.card, record.choices, arrows))
    gold, ivory = pixel(board, at(board, chess.A4)), pixel(board, at(board, chess.C4))

    def distance(tint, name):
        wanted = QColor(name)
        return sum(abs(a - b) for a, b in zip(tint.getRgb()[:3], wanted.getRgb()[:3], strict=True))

    assert distance(gold, DARK.intuition) < 60 < distance(gold, DARK.effort)
    assert distance(ivory, DARK.effort) < 60 < distance(ivory, DARK.intuition)
    board.set_arrows_visible(False)
    board.show_board(record)
    assert pixel(board, at(board, chess.A4)) == bare or pixel(board, at(board, chess.A4)) != gold


def test_a_stronger_arrow_is_wider(board):
    record = chess_record(chess.Board())

    def width(strength):
        board.show_board(BoardRecord(record.card, (), (Arrow(chess.D3, chess.D6, strength, "visits"),)))
        image, cell = board.grab().toImage(), board.board_geometry().cell_rect(chess.D4)
        row = int(cell.center().y())
        ground = image.pixelColor(int(cell.left()) + 2, row)
        return sum(image.pixelColor(x, row) != ground for x in range(int(cell.left()) + 2, int(cell.right()) - 1))

    assert width(0.1) < width(0.5) < width(1.0)


class TestDiscs:
    @pytest.mark.parametrize("row", [0, 3, 5])
    def test_a_click_anywhere_in_a_column_drops_there(self, qtbot, board, chosen, row):
        board.show_board(discs_record(3, 3, 2))
        click(qtbot, board, row * 7 + 3)
        assert chosen == [3]

    def test_a_full_column_takes_nothing(self, qtbot, board, chosen):
        board.show_board(discs_record(*[3] * 6))
        click(qtbot, board, 3)
        assert chosen == []

    def test_a_ghost_shows_where_the_disc_would_fall(self, qtbot, board):
        board.show_board(discs_record(3))
        landing = at(board, 7 + 3)
        before = pixel(board, landing)
        qtbot.mouseMove(board, at(board, 5 * 7 + 3))
        assert pixel(board, landing) != before
        qtbot.mouseMove(board, at(board, 5 * 7 + 1))
        assert pixel(board, landing) == before

    def test_flipping_does_not_turn_gravity(self, qtbot, board, chosen):
        record = discs_record(0)
        board.show_board(BoardRecord(record.card, record.choices, flipped=True))
        assert board.board_geometry().cell_rect(0).top() > board.board_geometry().cell_rect(35).top()
        click(qtbot, board, 6)
        assert chosen == [6]


@pytest.mark.parametrize(("delta", "steps"), [(120, [-1]), (-120, [1]), (-360, [1, 1, 1])])
def test_the_wheel_steps_back_and_forth(board, delta, steps):
    seen = []
    board.wheel_step.connect(seen.append)
    turn(board, delta)
    assert seen == steps


def test_a_fine_wheel_steps_once_per_notch(board):
    seen = []
    board.wheel_step.connect(seen.append)
    for _ in range(8):
        turn(board, -30)
    assert seen == [1, 1]


def turn(board, delta):
    middle = QPointF(board.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(board.mapToGlobal(middle.toPoint())),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        PLAIN,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(board, event)


def test_a_move_with_the_keyboard_alone(qtbot, board, chosen):
    record = chess_record(chess.Board())
    board.show_board(record)
    ctrl = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(board, Qt.Key.Key_Down, ctrl)  # the cursor appears in the middle, on e4
    qtbot.keyClick(board, Qt.Key.Key_Down, ctrl)
    qtbot.keyClick(board, Qt.Key.Key_Down, ctrl)
    qtbot.keyClick(board, Qt.Key.Key_Return)
    qtbot.keyClick(board, Qt.Key.Key_Up, ctrl)
    qtbot.keyClick(board, Qt.Key.Key_Return)
    assert chosen == [action_of(record, "e2e3")]
    qtbot.keyClick(board, Qt.Key.Key_Escape)
    qtbot.keyClick(board, Qt.Key.Key_Return)
    assert len(chosen) == 1


def test_a_move_travels_and_arrives_and_frozen_motion_does_not(qtbot, board):
    first, later = chess.Board(), chess.Board()
    later.push_san("e4")
    board.show_board(chess_record(later))
    arrived = board.grab().toImage()
    board.show_board(chess_record(first))
    board.set_motion(True)
    board.show_board(chess_record(later))
    assert board.grab().toImage() != arrived
    qtbot.waitUntil(lambda: board.grab().toImage() == arrived, timeout=2000)


def test_a_dropped_piece_does_not_travel_again(qtbot, board):
    first, later = chess.Board(), chess.Board()
    later.push_san("e4")
    board.show_board(chess_record(later))
    board.leaveEvent(None)
    arrived = board.grab().toImage()
    board.show_board(chess_record(first))
    board.set_motion(True)
    board.move_chosen.connect(lambda _: board.show_board(chess_record(later)))
    drag(qtbot, board, chess.E2, chess.E4)
    board.leaveEvent(None)
    assert board.grab().toImage() == arrived


def test_the_board_says_what_it_shows(board):
    board.show_board(chess_record(chess.Board()))
    assert board.accessibleName() == "Board"
    assert board.accessibleDescription() == "White to move"


def test_themes_differ(board):
    board.show_board(chess_record(chess.Board()))
    dark = board.grab().toImage()
    board.set_theme(LIGHT)
    assert board.grab().toImage() != dark
