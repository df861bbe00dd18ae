"""The colour scale follows the picture in round steps and only when it must."""

import numpy as np
import pytest

from app.render.scale import ABSOLUTE, STEPS, ValueScale, automatic, eased
from app.render.slots import SPREAD_BINS


def spread(at: float, weight: float = 100.0) -> np.ndarray:
    """All of the picture `at` away from the root's value."""
    bins = np.zeros(SPREAD_BINS)
    bins[int(at * 0.5 * SPREAD_BINS)] = weight
    return bins


@pytest.mark.parametrize("away", [0.01, 0.08, 0.17, 0.33, 0.6, 0.9])
def test_the_ends_cover_the_picture_in_the_next_round_step(away: float) -> None:
    scale = automatic(spread(away), 0.25)
    assert scale.middle == 0.25
    assert scale.reach in STEPS
    assert scale.reach >= away
    smaller = [step for step in STEPS if step < scale.reach]
    assert not smaller or smaller[-1] <= away + 2.0 / SPREAD_BINS


def test_a_tenth_of_the_picture_may_lie_beyond() -> None:
    assert automatic(spread(0.05) + spread(0.9, 5.0), 0.0).reach < 0.2


def test_a_scale_that_fits_is_kept() -> None:
    before = automatic(spread(0.28), 0.0)
    assert automatic(spread(0.25), 0.0, before).reach == before.reach
    assert automatic(spread(0.6), 0.0, before).reach > before.reach
    assert automatic(spread(0.05), 0.0, before).reach < before.reach


def test_an_empty_picture_keeps_the_scale() -> None:
    assert automatic(np.zeros(SPREAD_BINS), 0.1, ValueScale(0.0, 0.4)).reach == 0.4


def test_easing_goes_there_and_switching_does_not_ease() -> None:
    assert eased(ValueScale(0.0, 0.2), ValueScale(0.1, 0.4), 0.5) == ValueScale(0.05, pytest.approx(0.3))
    assert eased(ValueScale(0.0, 0.2), ABSOLUTE, 0.1) == ABSOLUTE


@pytest.mark.parametrize(
    ("middle", "reach", "ends"), [(0.6, 0.7, (-0.1, 1.0)), (-0.9, 0.5, (-1.0, -0.4)), (0.0, 0.3, (-0.3, 0.3))]
)
def test_no_end_lies_where_there_are_no_values(middle: float, reach: float, ends: tuple[float, float]) -> None:
    scale = ValueScale(middle, reach)
    assert scale.ends == pytest.approx(ends)
    assert scale.share(middle) == 0.0
    assert scale.share(middle - reach) == pytest.approx(-1.0)
