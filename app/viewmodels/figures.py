"""Numbers as people read them: grouped, rounded, with a true minus sign, the same way everywhere."""

import math

MINUS = "−"
MISSING = "–"
"""Stands where there is no number yet."""


def count(number: int) -> str:
    """A whole number in groups of three: 12,345."""
    return f"{number:,}".replace("-", MINUS)


def short_count(number: float) -> str:
    """A number that need only be roughly right: 980, 12.3k, 4.56M."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(number) >= size:
            return f"{number / size:.3g}{letter}"
    return f"{number:.0f}"


def signed(value: float | None, digits: int = 2) -> str:
    """A value with its sign: +0.12. None, or no number, is a dash; a rounded zero has no sign."""
    if value is None or value != value:
        return MISSING
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    text = f"{value:+.{digits}f}"
    return text[1:] if float(text) == 0 else text.replace("-", MINUS)


def percent(share: float) -> str:
    """A share in [0, 1]: 31 %. Small ones keep a digit, so that 0.4 % is not shown as nothing."""
    hundredths = 100 * share
    return f"{hundredths:.1f} %" if 0 < hundredths < 9.95 else f"{hundredths:.0f} %"


def megabytes(size_bytes: int) -> str:
    """A size in memory: 12.3 MB, in millions of bytes."""
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes < 1e9 else f"{size_bytes / 1e9:.2f} GB"


def duration(seconds: float) -> str:
    """A time as people say it: 8 s, 3 min, 2.5 h."""
    if seconds < 60:
        return f"{max(seconds, 0):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 3600 else f"{seconds / 3600:.1f} h"
