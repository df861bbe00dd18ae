"""A game in PGN that a person pasted: variations, comments and all that python-chess understands.

For files of many games see `engine.domains.chess.pgn`, which is much faster and less patient.
"""

import io

import chess.pgn
from typing_extensions import override

from engine.domains.base import ActionError, Line, PositionError
from engine.domains.chess.moves import action_of_move
from engine.domains.chess.positions import START_FEN, VARIANTS, read_fen


class _StrictGame(chess.pgn.GameBuilder[chess.pgn.Game]):
    """Reads a game and stops at its first error instead of logging it."""

    @override
    def handle_error(self, error: Exception) -> None:
        raise ActionError(f"the game cannot be read: {error}") from error


def line_of_pgn(text: str) -> Line | None:
    """The main line of the first game of a PGN text; None where it holds no game.

    Raises:
        PositionError: the game is of another variant, or starts from no legal position.
        ActionError: a move cannot be read, or is not legal.
    """
    headers = chess.pgn.read_headers(io.StringIO(text)) or chess.pgn.Headers()
    variant = headers.get("Variant", "Standard")
    if variant.lower() not in VARIANTS:
        raise PositionError(f"games of {variant!r} are not supported, only chess and Chess960")
    here = read_fen(headers.get("FEN", START_FEN))
    game = chess.pgn.read_game(io.StringIO(text), Visitor=_StrictGame)
    if game is None:
        return None
    start, actions = here.fen(), list[int]()
    for move in game.mainline_moves():
        if not move:
            raise ActionError(f"move {len(actions) + 1} passes, which is no legal move in {here.fen()!r}")
        actions.append(action_of_move(here, move))
        here.push(move)
    return Line(start, tuple(actions))
