"""What people read and type of Connect Four."""

from functools import cache

import pytest

from engine.domains.base import ActionError, Line, PositionError
from engine.domains.connect_four import board as plain
from engine.domains.connect_four.board import Board
from engine.domains.connect_four.notation import ConnectFourNotation

NOTATION = ConnectFourNotation()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("startpos", Line("startpos")),
        ("startpos moves", Line("startpos")),
        ("startpos moves 4 4 5", Line("startpos", (3, 3, 4))),
        ("  startpos   moves 4\n4 5 ", Line("startpos", (3, 3, 4))),
        ("4453", Line("startpos", (3, 3, 4, 2))),
        ("44 53", Line("startpos", (3, 3, 4, 2))),
        ("7/7/7/7/7/7", Line("startpos")),
        ("7/7/7/7/3O3/2XX3", Line("7/7/7/7/3O3/2XX3")),
        ("7/7/7/7/3O3/2XX3 moves 7 1", Line("7/7/7/7/3O3/2XX3", (6, 0))),
        ("7/7/7/7/12O111/11XX21", Line("7/7/7/7/3O3/2XX3")),
    ],
)
def test_lines_are_read(text: str, line: Line) -> None:
    assert NOTATION.parse_line(text) == line


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("", PositionError, "'' is empty"),
        ("hello", PositionError, "'hello' is no board"),
        ("startpos 4", PositionError, "'4' in 'startpos 4'"),
        ("7/7/7/7/7", PositionError, "5 of 6 rows"),
        ("7/7/7/7/7/8", PositionError, "'8' in row '8'"),
        ("7/7/7/7/7/3Z3", PositionError, "'Z' in row '3Z3'"),
        ("7/7/7/7/7/X7", PositionError, "row 'X7' of .* has 8 cells"),
        ("7/7/7/7/7/7X", PositionError, "row '7X' of .* has 8 cells"),
        ("7/7/7/7/7/3X2", PositionError, "row '3X2' of .* has 6 cells"),
        ("7/7/7/7/7/3O3", PositionError, "0 X and 1 O"),
        ("7/7/7/7/7/XX5", PositionError, "2 X and 0 O"),
        ("7/7/7/7/3X3/7", PositionError, "column 4"),
        ("7/7/X6/XO5/XO5/XO4O", PositionError, "X already has four in a row"),
        ("48", ActionError, "'8' is no column"),
        ("40", ActionError, "'0' is no column"),
        ("startpos moves 4 x", ActionError, "'x' is no column"),
        ("startpos moves 44", ActionError, "'44' is no column"),
        ("4444444", ActionError, "column 4 is full in 3O3/3X3/3O3/3X3/3O3/3X3"),
        ("12121213", ActionError, "column 3 comes after the end .four in a row. in 7/7/X6/XO5/XO5/XO5"),
    ],
)
def test_mistakes_are_named(text: str, error: type[ValueError], message: str) -> None:
    with pytest.raises(error, match=message):
        NOTATION.parse_line(text)


def test_a_column_beyond_the_board_is_named_as_people_count() -> None:
    with pytest.raises(ActionError, match="no column 8"):
        NOTATION.card(Line("startpos", (7,)))
    with pytest.raises(ActionError, match="'8' is no column"):
        NOTATION.parse_action(Line("startpos"), "8")


def test_the_card_of_a_game_in_play() -> None:
    card = NOTATION.card(NOTATION.parse_line("445"))
    assert card.pieces == {3: "X", 10: "O", 4: "X"}
    assert card.marked == (4,)
    assert (card.to_move, card.status, card.outcome) == (1, "O to move", 0)
    assert (card.rows, card.columns, card.style, card.alarm) == (6, 7, "discs", -1)


def test_a_card_of_the_start_marks_nothing() -> None:
    assert NOTATION.card(Line("startpos")).marked == ()


@pytest.mark.parametrize(
    ("text", "marked", "winner"),
    [
        ("4142434", (3, 10, 17, 24), "X"),
        ("1122334", (0, 1, 2, 3), "X"),
        ("12233434474", (0, 8, 16, 24), "X"),
        ("76655454414", (6, 12, 18, 24), "X"),
        ("71212131", (0, 7, 14, 21), "O"),
        ("1122335566774", (0, 1, 2, 3, 4, 5, 6), "X"),
    ],
)
def test_all_winning_discs_are_marked(text: str, marked: tuple[int, ...], winner: str) -> None:
    card = NOTATION.card(NOTATION.parse_line(text))
    assert card.marked == marked
    assert {card.pieces[cell] for cell in marked} == {winner}
    assert (card.status, card.outcome) == (f"{winner} wins: four in a row", plain.FOUR_IN_A_ROW)
    assert NOTATION.players[1 - card.to_move] == winner


def test_a_draw_is_called_a_draw() -> None:
    card = NOTATION.card(NOTATION.parse_line("472424756645422154157737216635626711335331"))
    assert (card.status, card.outcome) == ("draw: full board", plain.FULL_BOARD)


@cache
def forces_four(board: Board, plies: int) -> bool:
    """Whether the player to move can make four in a row within `plies`, whatever the other does."""
    after = [plain.play(board, column) for column in plain.legal_columns(board)]
    if any(plain.outcome(each) == plain.FOUR_IN_A_ROW for each in after):
        return True
    return plies >= 3 and any(cannot_escape(each, plies - 1) for each in after)


@cache
def cannot_escape(board: Board, plies: int) -> bool:
    """Whether the player to move is beaten within `plies`, whatever he does."""
    after = [plain.play(board, column) for column in plain.legal_columns(board)]
    if not after or any(plain.outcome(each) for each in after):
        return False
    return all(forces_four(each, plies - 1) for each in after)


def test_the_sample_holds_a_hidden_win() -> None:
    """Column 5 wins in 13 plies; no other column wins as fast, and none wins in 11."""
    board = plain.boards_of(NOTATION.parse_line(NOTATION.sample))[-1]
    winning = [column + 1 for column in plain.legal_columns(board) if cannot_escape(plain.play(board, column), 12)]
    assert winning == [5]
    assert not forces_four(board, 11)
