"""How often has twice the search changed the best move? Counted over this search's own past; it promises nothing.

For each of several earlier moments, the action with most visits then is compared with that after twice as many
simulations. The moments lie half a doubling apart, so early ones do not outnumber late ones. They are not independent,
and one search is one search: hence a count, and no probability.
"""

import numpy as np
from numpy.typing import NDArray

from app.viewmodels import figures
from app.viewmodels.why_records import TermRecord

_EARLIEST = 64
"""Simulations before which the best move changes all the time."""
_AN_OCTAVE = 2
"""Moments compared, within each doubling."""
_ENOUGH = 4
"""Comparisons below which nothing is said."""


def doublings(moments: NDArray[np.int64], shares: NDArray[np.float64]) -> tuple[int, int, int]:
    """How many moments were compared, at how many another action was best later, and the last of these (or -1).

    Args:
        moments: int64 [M], simulations done, rising. shares: float64 [M, A], of the visits at the root.
    """
    compared, changed, last = 0, 0, -1
    if not len(moments):
        return compared, changed, last
    best, now = shares.argmax(axis=1), int(moments[-1])
    while (early := now * 2.0 ** (-1.0 - compared / _AN_OCTAVE)) >= max(_EARLIEST, moments[0]):
        then, later = np.searchsorted(moments, (early, 2.0 * early))
        compared += 1
        if best[then] != best[min(later, len(best) - 1)]:
            changed += 1
            last = max(last, int(moments[then]))
    return compared, changed, last


def stability_term(moments: NDArray[np.int64], shares: NDArray[np.float64]) -> TermRecord | None:
    """The count as a line of the root's card, None while there is too little to compare."""
    compared, changed, last = doublings(moments, shares)
    if compared < _ENOUGH:
        return None
    latest = f" The latest of them is simulation {figures.count(last)}." if last >= 0 else ""
    return TermRecord(
        "Twice the search changed it",
        f"{changed} of {compared} times",
        f"At {changed} of {compared} earlier moments another move was best after twice the simulations.{latest} "
        "Counted in this search alone: a record, no forecast. Stability.",
        last,
    )
