"""Round numbers along a scale of Elo: where its lines and figures stand."""

import math


def ticks(low: float, high: float, most: int) -> tuple[float, ...]:
    """At most `most` + 1 multiples of 1, 2 or 5 times a power of ten in [`low`, `high`]."""
    span = max(high - low, 1e-9)
    rough = span / max(most, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * (1 - 1e-12))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(number * step for number in range(first, last + 1))


def padded(low: float, high: float, *, share: float = 0.06, least: float = 40.0) -> tuple[float, float]:
    """A range with room at both ends, and at least `least` wide."""
    centre, half = (low + high) / 2.0, max((high - low) / 2.0, least / 2.0)
    half *= 1.0 + 2.0 * share
    return centre - half, centre + half
