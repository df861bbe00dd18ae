"""Values as chess programs write them: centipawns, moves to mate, chances per mille, statistics of a move.

All values are from the player to move at the root, as the protocol asks.
"""

import math

_CENTIPAWN_SLOPE, _CENTIPAWN_SCALE = 1.5637541897, 90.0
_MOST_CENTIPAWNS = 12_800


def centipawns(value: float) -> int:
    """Centipawns of a value in [-1, 1]: 90 * tan(1.5637541897 * value), the formula that Lc0 publishes."""
    return max(-_MOST_CENTIPAWNS, min(_MOST_CENTIPAWNS, round(_CENTIPAWN_SCALE * math.tan(_CENTIPAWN_SLOPE * value))))


def value_of_centipawns(score: float) -> float:
    """The value in (-1, 1) whose `centipawns` are `score`."""
    return math.atan(score / _CENTIPAWN_SCALE) / _CENTIPAWN_SLOPE


def moves_to_mate(plies: int, value: int) -> int:
    """Moves of the protocol's `score mate`: negative where the player to move is the one mated.

    Args:
        plies: until the mate. value: 1 = the player to move gives it, -1 = he suffers it.
    """
    return (plies + 1) // 2 if value > 0 else -(plies // 2)


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
