"""Time as people write it: a clock "10+0.1", a time for each move "0.1s" or "100ms"."""

import math
import re

import msgspec
from typing_extensions import override

_NUMBER = r"\d+(?:\.\d*)?|\.\d+"
_CLOCK = re.compile(rf"({_NUMBER})(?:\+({_NUMBER}))?")
_TIME = re.compile(rf"({_NUMBER})(ms|s|)")
_UNITS_S = {"ms": 0.001, "s": 1.0}


class TimeControlError(ValueError):
    """A text that is no time; the message names it."""


class TimeControl(msgspec.Struct, frozen=True, kw_only=True):
    """A clock: `base_s` for the whole game, and `increment_s` added after every move."""

    base_s: float
    increment_s: float = 0.0

    @override
    def __str__(self) -> str:
        """As it is written: "10+0.1"."""
        return f"{self.base_s:g}+{self.increment_s:g}"


def parse_time_control(text: str) -> TimeControl:
    """The clock that SECONDS[+INCREMENT] means.

    Raises:
        TimeControlError: it means none, or one without time.
    """
    found = _CLOCK.fullmatch(text)
    base_s, increment_s = (float(group or 0) for group in found.groups()) if found else (0.0, 0.0)
    if not 0.0 < base_s < math.inf or not increment_s < math.inf:
        raise TimeControlError(f"{text!r} is no clock: expected SECONDS[+INCREMENT], as 10+0.1")
    return TimeControl(base_s=base_s, increment_s=increment_s)


def parse_seconds(text: str, *, whole_numbers: str = "s") -> float:
    """The time that "0.1", "0.1s" or "100ms" means, in seconds.

    Args:
        whole_numbers: unit of a whole number that has none; of one with a point it is the second.

    Raises:
        TimeControlError: it means none, or no time at all.
    """
    found = _TIME.fullmatch(text)
    number, unit = (float(found[1]), found[2]) if found else (0.0, "")
    seconds = number * _UNITS_S[unit or (whole_numbers if text.isdecimal() else "s")]
    if not 0.0 < seconds < math.inf:
        raise TimeControlError(f"{text!r} is no time for a move: expected one above 0, as 0.1, 0.1s or 100ms")
    return seconds
