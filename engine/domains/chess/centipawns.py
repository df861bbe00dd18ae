"""Values as chess programs write them: centipawns, and moves to a mate."""

import math

_SLOPE, _SCALE = 1.5637541897, 90.0
_MOST = 12_800


def centipawns(value: float) -> int:
    """Centipawns of a value in [-1, 1]: 90 * tan(1.5637541897 * value), the formula that Lc0 publishes."""
    return max(-_MOST, min(_MOST, round(_SCALE * math.tan(_SLOPE * value))))


def value_of_centipawns(score: float) -> float:
    """The value in (-1, 1) whose `centipawns` are `score`."""
    return math.atan(score / _SCALE) / _SLOPE


def moves_to_mate(plies: int, value: int) -> int:
    """Moves to a mate as chess programs count them: negative where the player to move is the one mated.

    Args:
        plies: until the mate. value: 1 = the player to move gives it, -1 = he suffers it.
    """
    return (plies + 1) // 2 if value > 0 else -(plies // 2)
