"""The position a GUI speaks of, as a line; and what can be searched of it."""

from dataclasses import dataclass

import chess

from engine.domains.base import Line
from engine.domains.chess.moves import action_of_move
from engine.domains.chess.notation import board, outcome_of
from engine.domains.chess.outcomes import FIFTY_MOVES, IN_PLAY, OUTCOMES, REPETITION
from engine.domains.chess.positions import START_FEN, read_fen
from engine.uci.commands import Position

START = Line(START_FEN)


@dataclass(frozen=True, slots=True)
class Followed:
    """How far a `position` command could be followed.

    Attributes:
        line: to the last move that was legal.
        complaint: what is wrong with the next one, a sentence; "" = nothing.
    """

    line: Line
    complaint: str = ""


def follow(position: Position) -> Followed:
    """The line of a `position` command, up to its first move that is not legal.

    Raises:
        PositionError: the start is no legal position.
    """
    here = read_fen(START_FEN if position.start == "startpos" else position.start)
    start, actions = here.fen(), list[int]()
    for name in position.moves:
        move = legal_move(here, name)
        if move is None:
            complaint = f"move {len(actions) + 1}, {name!r}, is not legal in {here.fen()}"
            return Followed(Line(start, tuple(actions)), complaint)
        actions.append(action_of_move(here, move))
        here.push(move)
    return Followed(Line(start, tuple(actions)))


def legal_move(here: chess.Board, name: str) -> chess.Move | None:
    """The legal move that `name` names in UCI ("e1g1", "e7e8q"), or None; passing ("0000") is no move."""
    try:
        return here.parse_uci(name.lower()) or None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Searchable:
    """What a search can make of a line.

    Attributes:
        line: the line to search, or None where nothing can be searched.
        move: the answer where nothing can be searched and a legal move is left, else "".
        remark: why it is not the line that was asked for, a sentence; "" where it is.
    """

    line: Line | None
    move: str = ""
    remark: str = ""


def searchable(line: Line) -> Searchable:
    """What to search when a GUI asks for a move at the end of `line`.

    A search takes a repetition or fifty moves for the end of the game, but both must be claimed: who asks for a move
    there has not claimed it. The position is then searched without what was before.
    """
    here = board(line)
    outcome = outcome_of(here)
    if outcome == IN_PLAY:
        return Searchable(line)
    how = OUTCOMES[outcome].text
    if outcome in (REPETITION, FIFTY_MOVES):
        here.halfmove_clock = 0
        return Searchable(Line(here.fen()), remark=f"a draw by {how} could be claimed; searching on as if it were not")
    first = next((move.uci() for move in here.legal_moves), "")
    return Searchable(None, first, f"the game is over: {how}")
