"""Chess as people read and type it: FEN, moves, PGN, boards. Uses python-chess only, no compiled code."""

import re
from collections.abc import Sequence
from functools import lru_cache

import chess

from engine.domains.base import Action, ActionError, Card, Choice, Line, OutcomeKind, PositionError
from engine.domains.chess.actions import ACTION_TO, MIRROR
from engine.domains.chess.moves import action_of_move, move_of_action
from engine.domains.chess.outcomes import (
    CHECKMATE,
    FIFTY_MOVE_PLIES,
    FIFTY_MOVES,
    IN_PLAY,
    INSUFFICIENT_MATERIAL,
    OUTCOMES,
    REPETITION,
    STALEMATE,
)
from engine.domains.chess.positions import START_FEN, read_fen

PLAYERS = ("White", "Black")

_REPLAYED_PLIES = 16  # a kept board is at most this many moves away
_KEPT_BOARDS = 1024
_MOVE_LIKE = re.compile(r"(?:[KQRBN]?[a-h]?[1-8]?[x-]?[a-h][1-8](?:=?[QRBNqrbn])?|[O0o]-[O0o](?:-[O0o])?)[+#!?]*")
_MOVE_NUMBER = re.compile(r"\d+\.+|\.+")
_UCI = re.compile(r"[a-h][1-8][a-h][1-8][qrbn]?", re.IGNORECASE)
_QUOTED = 80  # letters of a bad text that a message repeats
_RESULTS = ("1-0", "0-1", "1/2-1/2", "*")
_PGN_MARKS = re.compile(r"^\s*\[\w+\s+\"|[{}();$]", re.MULTILINE)


def board(line: Line) -> chess.Board:
    """The board at the end of `line`, with the moves that led to it; the caller may change it.

    Raises:
        PositionError: `line.start` is no legal position.
        ActionError: an action of the line is not legal where it stands.
    """
    return _board(line).copy()


@lru_cache(maxsize=_KEPT_BOARDS)
def _board(line: Line) -> chess.Board:
    """The board at the end of `line`, shared: not to be changed. Built from an earlier one that is kept as well."""
    if not line.actions:
        return read_fen(line.start)
    kept = (len(line.actions) - 1) // _REPLAYED_PLIES * _REPLAYED_PLIES
    here = _board(Line(line.start, line.actions[:kept])).copy()
    for action in line.actions[kept:]:
        here.push(move_of_action(here, action))
    return here


def outcome_of(here: chess.Board) -> int:
    """How play has ended on a board with its moves; index into `OUTCOMES`, `IN_PLAY` if it has not."""
    if not any(here.generate_legal_moves()):
        return CHECKMATE if here.is_check() else _draw_by_material(here) or STALEMATE
    if _draw_by_material(here):
        return INSUFFICIENT_MATERIAL
    if here.halfmove_clock >= FIFTY_MOVE_PLIES:
        return FIFTY_MOVES
    return REPETITION if here.is_repetition(3) else IN_PLAY


def _draw_by_material(here: chess.Board) -> int:
    return INSUFFICIENT_MATERIAL if here.is_insufficient_material() else IN_PLAY


class ChessNotation:
    """Chess as `Notation`.

    A line is written as UCI does ("startpos moves e2e4 e7e5", "<FEN> moves ..."), as a bare list of moves from the
    start of a game ("1. e4 e5 2. Nf3", "e2e4 e7e5"), or as a game in PGN, of which the main line is read.
    """

    name: str = "chess"
    title: str = "Chess"
    players: tuple[str, ...] = PLAYERS
    num_players: int = 2
    outcomes: Sequence[OutcomeKind] = OUTCOMES
    sample: str = "4rrk1/pp3ppp/5q2/2bp4/8/2PQ4/PP1NRPPP/R5K1 w - - 2 16 moves a1e1"
    """A position to watch the search change its mind on: Black wins with 16... Bxf2+ (Lichess puzzle 048Ua, CC0), which
    intuition gives less than one percent, while it is sure of the natural exchange of rooks."""

    def parse_line(self, text: str) -> Line:
        """See `Notation.parse_line`; the start is always stored as a full FEN."""
        text = text.strip().removeprefix("\ufeff")
        words = text.split()
        if not words:
            raise PositionError('the text is empty: expected a FEN, "startpos", moves, or a game in PGN')
        if _PGN_MARKS.search(text):
            from engine.domains.chess.pasted_game import line_of_pgn  # brings networking along: slow to import

            line = line_of_pgn(text)
            if line is None:
                raise PositionError(f"{_short(text)} holds no game")
            return line
        while words[0] in ("position", "fen") and len(words) > 1:
            words = words[1:]
        if words[0] == "startpos":
            return _follow(START_FEN, _after_moves(words[1:], text))
        if "/" in words[0] and words[0] not in _RESULTS:
            fields = words.index("moves") if "moves" in words else len(words)
            return _follow(" ".join(words[:fields]), _after_moves(words[fields:], text))
        return _line_of_moves(words, text)

    def line_text(self, line: Line) -> str:
        """See `Notation.line_text`; moves in UCI."""
        start = "startpos" if line.start == START_FEN else line.start
        moves = [move.uci() for move in _board(line).move_stack]
        return " ".join([start, *["moves"][: len(moves)], *moves])

    def position_text(self, line: Line) -> str:
        """The FEN at the end of `line`."""
        return _board(line).fen()

    def card(self, line: Line) -> Card:
        """See `Notation.card`; cells are squares, a1 = 0."""
        here = _board(line)
        last = here.move_stack[-1:]
        king = here.king(here.turn)
        outcome = outcome_of(here)
        return Card(
            rows=8,
            columns=8,
            pieces={square: piece.symbol() for square, piece in here.piece_map().items()},
            style="chess",
            marked=tuple(square for move in last for square in (move.from_square, move.to_square)),
            alarm=king if king is not None and here.is_check() else -1,
            to_move=0 if here.turn else 1,
            status=_status(here, outcome),
            outcome=outcome,
        )

    def choices(self, line: Line) -> tuple[Choice, ...]:
        """See `Notation.choices`; castling is named and targeted by the king's own squares (e1g1)."""
        here = _board(line)
        if outcome_of(here):
            return ()
        return tuple(_choice(here, move) for move in here.legal_moves)

    def texts(self, line: Line, actions: Sequence[int]) -> list[str]:
        """See `Notation.texts`: standard algebraic notation."""
        here = board(line)
        return [here.san_and_push(move_of_action(here, action)) for action in actions]

    def passed(self, line: Line) -> Line | None:
        """See `Notation.passed`: a null move. None in check, where play has ended, or where it would end."""
        here = board(line)
        if here.is_check() or outcome_of(here):
            return None
        here.push(chess.Move.null())
        there = Line(here.fen())
        return there if any(here.generate_legal_moves()) else None

    def destinations(self, to_move: int) -> Sequence[tuple[int, ...]]:
        """See `Notation.destinations`; castling ends on the rook's square, as the action has it."""
        mirror = MIRROR if to_move else 0
        return [(int(target) ^ mirror,) for target in ACTION_TO]

    def parse_action(self, line: Line, text: str) -> Action:
        """See `Notation.parse_action`; reads SAN ("Nf3") and UCI ("g1f3", "e1g1" or "e1h1" to castle)."""
        here = _board(line)
        outcome = outcome_of(here)
        if outcome:
            raise ActionError(
                f"{text!r} cannot be played: play has ended by {OUTCOMES[outcome].text} in {here.fen()!r}"
            )
        return Action(action_of_move(here, _read_move(here, text)))


def _choice(here: chess.Board, move: chess.Move) -> Choice:
    promotion = chess.piece_symbol(move.promotion) if move.promotion else ""
    action = action_of_move(here, move)
    return Choice(action, move.uci(), here.san(move), move.from_square, move.to_square, promotion)


def _status(here: chess.Board, outcome: int) -> str:
    if outcome == CHECKMATE:
        return f"{PLAYERS[here.turn]} wins: checkmate"  # the mated player is to move, and White is True
    if outcome:
        return f"draw: {OUTCOMES[outcome].text}"
    return f"{PLAYERS[not here.turn]} to move{', in check' if here.is_check() else ''}"


def _read_move(here: chess.Board, text: str) -> chess.Move:
    """The legal move that a text means.

    Raises:
        ActionError: it means none, or more than one.
    """
    name = text.strip().rstrip("!?")
    try:
        move = here.parse_uci(name.lower()) if _UCI.fullmatch(name) else here.parse_san(name.replace("o", "O"))
    except chess.AmbiguousMoveError as error:
        meant = [here.san(move) for move in here.legal_moves if _could_mean(here, name, move)]
        raise ActionError(f"{text!r} means more than one move in {here.fen()!r}: {', '.join(meant)}") from error
    except ValueError as error:
        raise ActionError(f"{_short(text)} is no legal move in {here.fen()!r}") from error
    if not move:
        raise ActionError(f"{text!r} passes, which is no legal move in {here.fen()!r}")
    return move


def _could_mean(here: chess.Board, name: str, move: chess.Move) -> bool:
    """Whether an ambiguous text leaves `move` open: the same piece, the same target."""
    san = here.san(move).rstrip("+#")
    return san[0] == name[0] and san[-2:] == name.rstrip("+#!?")[-2:]


def _short(text: str) -> str:
    """A quotation of what may be very long."""
    return repr(text if len(text) <= _QUOTED else text[:_QUOTED] + "...")


def _after_moves(words: list[str], text: str) -> list[str]:
    """The moves behind the word "moves"."""
    if words and words[0] != "moves":
        raise PositionError(
            f'{words[0]!r} in {_short(text)} is not understood: only "moves ..." may follow the position'
        )
    return words[1:]


def _line_of_moves(words: list[str], text: str) -> Line:
    """The line of a bare list of moves; numbers may stick to them ("1.e4")."""
    names = [name for word in words if word not in _RESULTS and (name := _MOVE_NUMBER.sub("", word))]
    if not names or not _MOVE_LIKE.fullmatch(names[0]):
        raise PositionError(f"{_short(text)} is no position: it is neither a FEN, nor moves, nor a game in PGN")
    return _follow(START_FEN, names)


def _follow(start: str, names: Sequence[str]) -> Line:
    """The line of moves by name from a FEN."""
    here = read_fen(start)
    # With the square behind a double step even if nobody can capture there: it tells what the last move was.
    start, actions = here.fen(en_passant="fen"), list[int]()
    for name in names:
        try:
            move = _read_move(here, name)
        except ActionError as error:
            raise ActionError(f"move {len(actions) + 1}: {error}") from error
        actions.append(action_of_move(here, move))
        here.push(move)
    return Line(start, tuple(actions))
