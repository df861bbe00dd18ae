"""Stability: a count over doublings that can be checked by hand."""

import numpy as np
import pytest

from app.viewmodels.stability import doublings, stability_term


def course(flips: list[int], last: int, step: int = 16) -> tuple[np.ndarray, np.ndarray]:
    """Moments every `step` simulations; the best of three actions becomes the next one after each of `flips`."""
    moments = np.arange(step, last + 1, step)
    best = np.searchsorted(flips, moments, side="right") % 3
    return moments, np.where(np.arange(3) == best[:, None], 0.6, 0.2)


def test_a_search_that_never_wavered() -> None:
    moments, shares = course([], 4096)
    compared, changed, last = doublings(moments, shares)
    assert (compared, changed, last) == (11, 0, -1)  # 2048, 1448, ... 64


def test_a_change_is_counted_at_every_moment_whose_double_lies_behind_it() -> None:
    moments, shares = course([1000], 4096)
    # Of 2048, 1448, 1024, 724, 512, 362 ...: 724 and 512 lie before the change, and their doubles behind it.
    assert doublings(moments, shares) == (11, 2, 736)


def test_a_late_change_is_the_latest() -> None:
    moments, shares = course([200, 3000], 4096)
    compared, changed, last = doublings(moments, shares)
    # 181 and 128 lie before the first change and their doubles behind it, and 2048 and 4096 on both sides of the other.
    assert (compared, changed, last) == (11, 3, 2048)


def test_little_is_said_of_little() -> None:
    assert stability_term(*course([], 200)) is None
    assert stability_term(np.zeros(0, np.int64), np.zeros((0, 3))) is None
    term = stability_term(*course([1000], 4096))
    assert term is not None
    assert (term.text, term.moment) == ("2 of 11 times", 736)


@pytest.mark.parametrize("scale", [1, 4])
def test_it_goes_by_doublings_not_by_counts(scale: int) -> None:
    moments, shares = course([1000 * scale], 4096 * scale, 16 * scale)
    assert doublings(moments, shares)[1] == 2
