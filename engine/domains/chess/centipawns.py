"""Values as chess programs write them: centipawns, and moves to a mate."""

import math

_SLOPE, _SCALE = 1.5637541897, 90.0
_MOST = 12_800
_CHANCE_SLOPE = 0.00368208  # https://lichess.org/page/accuracy


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


def pawns_in_files(value: float) -> float:
    """Pawns whose winning chances, as Lichess counts them, are `value` in [-1, 1]; the inverse of the next."""
    held = max(-0.9999, min(0.9999, value))
    return math.log((1 + held) / (1 - held)) / _CHANCE_SLOPE / 100


def value_of_pawns_in_files(pawns: float) -> float:
    """2 / (1 + exp(-0.00368208 * centipawns)) - 1: the winning chances in (-1, 1) that Lichess reads from pawns."""
    return math.tanh(_CHANCE_SLOPE * 100 * pawns / 2)
