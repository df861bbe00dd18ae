"""Games of a chess match as PGN; every move has what the mover thought of it as a comment.

First in the program's values, from the mover's own view, then as the usual `[%eval]`, which is in pawns from White's.
"""

import math
from pathlib import Path

import chess
import chess.engine
import chess.pgn

from engine.arena.games import Game
from engine.domains.chess.centipawns import centipawns
from engine.domains.chess.moves import move_of_action
from engine.domains.chess.notation import board
from engine.domains.chess.outcomes import OUTCOMES

_RESULTS = {1.0: "1-0", 0.5: "1/2-1/2", 0.0: "0-1"}


def write_pgn(path: Path, games: list[Game], a: str, b: str) -> None:
    """Write finished games of `a` and `b` to a file, replacing it.

    Raises:
        OSError: it cannot be written.
    """
    with path.open("w", encoding="utf-8") as file:
        for game in games:
            file.write(f"{pgn_of(game, a, b)}\n\n")


def pgn_of(game: Game, a: str, b: str) -> chess.pgn.Game:
    """A finished game."""
    start = board(game.opening)
    a_is_white = game.a_moves_first == start.turn
    told = chess.pgn.Game()
    told.setup(start.root())
    points = 0.5 if game.points is None else game.points
    told.headers.update(
        Event="Arborist match",
        Round=f"{game.index // 2 + 1}.{game.index % 2 + 1}",
        White=a if a_is_white else b,
        Black=b if a_is_white else a,
        Result=_RESULTS[points if a_is_white else 1.0 - points],
        Termination=game.ended_by or OUTCOMES[game.outcome].text,
    )
    node: chess.pgn.GameNode = told
    for move in start.move_stack:
        node = node.add_variation(move)
    here = start.copy()
    for action, value in zip(game.actions, game.values, strict=True):
        move = move_of_action(here, action)
        mover = here.turn
        here.push(move)
        node = node.add_variation(move)
        if not math.isnan(value):
            node.comment = f"{value:+.2f}"
            node.set_eval(chess.engine.PovScore(chess.engine.Cp(centipawns(value)), mover))
    return told
