"""Values as chess programs write them: centipawns, moves to mate, chances per mille, statistics of a move.

All values are from the player to move at the root, as the protocol asks.
"""

import chess.engine

from engine.domains.chess.centipawns import centipawns, value_of_centipawns
from engine.domains.chess.centipawns import moves_to_mate as moves_to_mate

_MATE_CENTIPAWNS = 10_000


def value_of_score(score: chess.engine.Score) -> float:
    """Value in (-1, 1) of an engine's score, for the player it is from; quicker mates are worth more."""
    return value_of_centipawns(score.score(mate_score=_MATE_CENTIPAWNS))


def score_text(value: float, plies_to_mate: int | None) -> str:
    """A score as the protocol writes it.

    Args:
        value: in [-1, 1]; plies_to_mate: where `value` is proven by a mate, else None.
    """
    if plies_to_mate is None:
        return f"score cp {centipawns(value)}"
    return f"score mate {moves_to_mate(plies_to_mate, 1 if value > 0 else -1)}"


def wdl_text(wdl: tuple[float, float, float]) -> str:
    """Chances of win, draw and loss, per mille; they add up to 1000."""
    win, loss = round(1000 * wdl[0]), round(1000 * wdl[2])
    loss = min(loss, 1000 - win)
    return f"wdl {win} {1000 - win - loss} {loss}"
