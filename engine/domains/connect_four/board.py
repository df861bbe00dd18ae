"""The board of Connect Four in plain Python: two sets of discs, what they may do next, and how they are written down.

A set of discs is an integer with seven bits to a column, lowest row first; the seventh bit of a column is always empty,
so that a shift never carries a disc into the next column (Tromp's layout). Cells, as people and cards count them, run
from the lower left, row by row. Notation, and the check of what people typed, stand on this module; the search has the
same rules as kernels (`kernels.py`), and the tests hold the two against each other.
"""

from collections.abc import Iterable
from typing import NamedTuple

from engine.domains.base import ActionError, Line, OutcomeKind, PositionError

ROWS = 6
COLUMNS = 7
COLUMN_BITS = ROWS + 1
"""Bits a column takes: its six cells and the empty one above them."""

START = "startpos"
IN_PLAY, FOUR_IN_A_ROW, FULL_BOARD = 0, 1, 2
OUTCOMES = (OutcomeKind("in play", 0), OutcomeKind("four in a row", -1), OutcomeKind("full board", 0))

DIRECTIONS = (1, COLUMN_BITS - 1, COLUMN_BITS, COLUMN_BITS + 1)
"""Bit distance to the next disc of a line: up, falling diagonal, level, rising diagonal."""


class Board(NamedTuple):
    """A position, from the view of the player to move.

    Attributes:
        own: discs of the player to move.
        other: discs of the player who has just moved.
    """

    own: int = 0
    other: int = 0

    @property
    def mask(self) -> int:
        """All discs."""
        return self.own | self.other

    @property
    def to_move(self) -> int:
        """0 = the first player (X), 1 = the second (O)."""
        return self.mask.bit_count() % 2


def bit(row: int, column: int) -> int:
    """The set of one disc."""
    return 1 << (column * COLUMN_BITS + row)


FULL_MASK = sum(bit(row, column) for row in range(ROWS) for column in range(COLUMNS))


def winning_discs(discs: int) -> int:
    """Those of `discs` that stand in a line of four or more; 0 where there is none."""
    found = 0
    for step in DIRECTIONS:
        pairs = discs & (discs >> step)
        starts = pairs & (pairs >> 2 * step)  # lowest disc of each line of exactly four
        found |= starts | starts << step | starts << 2 * step | starts << 3 * step
    return found


def cells(discs: int) -> tuple[int, ...]:
    """Cells of `discs`, ascending."""
    return tuple(row * COLUMNS + column for row in range(ROWS) for column in range(COLUMNS) if discs & bit(row, column))


def outcome(board: Board) -> int:
    """Index into `OUTCOMES`. Four in a row on the last free cell is four in a row."""
    if winning_discs(board.other):
        return FOUR_IN_A_ROW
    return FULL_BOARD if board.mask == FULL_MASK else IN_PLAY


def height(board: Board, column: int) -> int:
    """Discs in `column`, and so the row the next one lands in."""
    return (board.mask >> column * COLUMN_BITS & (1 << COLUMN_BITS) - 1).bit_length()


def legal_columns(board: Board) -> tuple[int, ...]:
    """Columns that take another disc, ascending; none once play has ended."""
    if outcome(board):
        return ()
    return tuple(column for column in range(COLUMNS) if height(board, column) < ROWS)


def play(board: Board, column: int) -> Board:
    """The board after the player to move drops a disc into `column` (from 0).

    Raises:
        ActionError: there is no such column, it is full, or play has ended.
    """
    if not 0 <= column < COLUMNS:
        raise ActionError(f"there is no column {column + 1}: columns are 1 to {COLUMNS}")
    ended = outcome(board)
    if ended:
        raise ActionError(f"column {column + 1} comes after the end ({OUTCOMES[ended].text}) in {text(board)}")
    if height(board, column) == ROWS:
        raise ActionError(f"column {column + 1} is full in {text(board)}")
    return Board(board.other, board.own | bit(height(board, column), column))


def follow(board: Board, columns: Iterable[int]) -> list[Board]:
    """`board` and the boards after each of `columns`; raises as `play` does."""
    boards = [board]
    for column in columns:
        boards.append(play(boards[-1], int(column)))
    return boards


def boards_of(line: Line) -> list[Board]:
    """Boards along `line`, start first.

    Raises:
        PositionError: `line.start` is no board.
        ActionError: an action is not legal where it stands.
    """
    return follow(parse(line.start), line.actions)


def text(board: Board) -> str:
    """Rows from the top, "/" between them, digits for runs of empty cells: "7/7/7/7/3O3/2XX3"."""
    first = (board.own, board.other)[board.to_move]
    rows = []
    for row in reversed(range(ROWS)):
        line, empty = "", 0
        for column in range(COLUMNS):
            here = bit(row, column)
            if not board.mask & here:
                empty += 1
                continue
            line += (str(empty) if empty else "") + ("X" if first & here else "O")
            empty = 0
        rows.append(line + (str(empty) if empty else ""))
    return "/".join(rows)


def parse(written: str) -> Board:
    """The board that `written` shows: "startpos", or rows as `text` writes them. X has moved first.

    Raises:
        PositionError: it shows no position that play can reach disc by disc.
    """
    if written == START:
        return Board()
    rows = written.split("/")
    if len(rows) != ROWS:
        raise PositionError(f"{written!r} is no board: it has {len(rows)} of {ROWS} rows ({START!r} is the empty one)")
    discs = {"X": 0, "O": 0}
    for row, line in zip(reversed(range(ROWS)), rows, strict=True):
        column = 0
        for letter in line:
            if letter in discs and column < COLUMNS:
                discs[letter] |= bit(row, column)
            elif letter not in "1234567XO":
                raise PositionError(f"{letter!r} in row {line!r} of {written!r} is neither X, O nor 1 to {COLUMNS}")
            column += 1 if letter in discs else int(letter)
        if column != COLUMNS:
            raise PositionError(f"row {line!r} of {written!r} has {column} cells, not {COLUMNS}")
    return _checked(discs["X"], discs["O"], written)


def _checked(first: int, second: int, written: str) -> Board:
    """The board of these discs, if play can lead to it."""
    lead = first.bit_count() - second.bit_count()
    if lead not in (0, 1):
        raise PositionError(f"{written!r} has {first.bit_count()} X and {second.bit_count()} O: X moves first, in turn")
    board = Board(second, first) if lead else Board(first, second)
    for column in range(COLUMNS):
        stack = board.mask >> column * COLUMN_BITS & (1 << COLUMN_BITS) - 1
        if stack & (stack + 1):
            raise PositionError(f"a disc hangs above an empty cell in column {column + 1} of {written!r}")
    if winning_discs(board.own):
        raise PositionError(f"{'XO'[board.to_move]} already has four in a row in {written!r}, and yet it is its turn")
    return board
