"""Connect Four as people read and type it: columns 1 to 7, boards of X and O."""

from collections.abc import Sequence

from engine.domains.base import Action, ActionError, Card, Choice, Line, OutcomeKind, PositionError
from engine.domains.connect_four import board as rules
from engine.domains.connect_four.board import COLUMNS, FOUR_IN_A_ROW, OUTCOMES, ROWS, START, Board

PLAYERS = ("X", "O")


class ConnectFourNotation:
    """Connect Four as `Notation`.

    A line is written "startpos moves 4 4 5", with a board as start ("7/7/7/7/3O3/3X3 moves 5"), or as bare columns
    from the empty board ("445", the way solvers write it).
    """

    name: str = "connect_four"
    title: str = "Connect Four"
    players: tuple[str, ...] = PLAYERS
    num_players: int = 2
    outcomes: Sequence[OutcomeKind] = OUTCOMES
    sample: str = "startpos moves 5 4 4 5 3 5 4 2 4 1 3 1 2 3 3 4"  # X wins in 13 plies, and only with column 5

    def parse_line(self, text: str) -> Line:
        """See `Notation.parse_line`."""
        words = text.split()
        if not words:
            raise PositionError(f"{text!r} is empty; expected {START}, a board, or columns such as 4453")
        if words[0].isdigit():
            start, names = START, [letter for word in words for letter in word]
        elif len(words) == 1 or words[1] == "moves":
            start, names = words[0], words[2:]
        else:
            raise PositionError(f"{words[1]!r} in {text!r} is not understood: only moves may follow the start")
        start_board = rules.parse(start)
        actions = tuple(_column(name) for name in names)
        rules.follow(start_board, actions)
        return Line(START if start_board == Board() else rules.text(start_board), actions)

    def line_text(self, line: Line) -> str:
        """See `Notation.line_text`."""
        return " ".join([line.start, *["moves"][: len(line.actions)], *(_name(action) for action in line.actions)])

    def position_text(self, line: Line) -> str:
        """See `Notation.position_text`; rows from the top, X has moved first."""
        return rules.text(_last(line))

    def card(self, line: Line) -> Card:
        """See `Notation.card`; at the end the winning discs are marked, before it the last disc."""
        boards = rules.boards_of(line)
        board = boards[-1]
        outcome = rules.outcome(board)
        first, second = (board.own, board.other) if board.to_move == 0 else (board.other, board.own)
        last_disc = board.mask & ~boards[-2].mask if len(boards) > 1 else 0
        return Card(
            rows=ROWS,
            columns=COLUMNS,
            pieces=dict.fromkeys(rules.cells(first), "X") | dict.fromkeys(rules.cells(second), "O"),
            style="discs",
            marked=rules.cells(rules.winning_discs(board.other) or last_disc),
            alarm=-1,
            to_move=board.to_move,
            status=_status(board, outcome),
            outcome=outcome,
        )

    def choices(self, line: Line) -> tuple[Choice, ...]:
        """See `Notation.choices`; a choice names its column and lands on its lowest free cell."""
        board = _last(line)
        return tuple(
            Choice(
                column, _name(column), _name(column), source=-1, target=rules.height(board, column) * COLUMNS + column
            )
            for column in rules.legal_columns(board)
        )

    def texts(self, line: Line, actions: Sequence[int]) -> list[str]:
        """See `Notation.texts`."""
        rules.follow(_last(line), actions)
        return [_name(action) for action in actions]

    def passed(self, line: Line) -> Line | None:
        """See `Notation.passed`; who is to move follows from the discs, so that nobody can pass."""
        del line  # it is the same for all
        return None

    def destinations(self, to_move: int) -> Sequence[tuple[int, ...]]:
        """See `Notation.destinations`: a disc ends anywhere in its column."""
        del to_move  # it is the same for all
        return [tuple(range(column, ROWS * COLUMNS, COLUMNS)) for column in range(COLUMNS)]

    def parse_action(self, line: Line, text: str) -> Action:
        """See `Notation.parse_action`."""
        column = _column(text.strip())
        rules.play(_last(line), column)
        return Action(column)


def _last(line: Line) -> Board:
    return rules.boards_of(line)[-1]


def _name(column: int) -> str:
    return str(int(column) + 1)


def _column(name: str) -> int:
    """The column of a name; whether it may be played is not checked."""
    if len(name) != 1 or name not in "1234567":
        raise ActionError(f"{name!r} is no column: columns are 1 to {COLUMNS}")
    return int(name) - 1


def _status(board: Board, outcome: int) -> str:
    if outcome == FOUR_IN_A_ROW:
        return f"{PLAYERS[1 - board.to_move]} wins: {OUTCOMES[outcome].text}"
    return f"draw: {OUTCOMES[outcome].text}" if outcome else f"{PLAYERS[board.to_move]} to move"
