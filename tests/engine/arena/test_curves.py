"""Curves of a match: each point is what the match would have said had it ended there."""

import time

import numpy as np
import pytest

from engine.arena.counts import count_pairs
from engine.arena.curves import curves
from engine.arena.elo import estimate
from engine.arena.sprt import Sprt

POINTS = np.random.default_rng(4).choice([0.0, 0.5, 1.0], (300, 2), p=[0.3, 0.3, 0.4])


@pytest.mark.parametrize("model", ["logistic", "normalised"])
def test_each_point_is_the_match_up_to_there(model) -> None:
    test = Sprt(0, 30, model=model)
    found = curves(POINTS, test)
    assert found.pairs.tolist() == list(range(1, 301))
    assert found.bounds == test.bounds
    for at in (0, 1, 7, 150, 299):
        counts = count_pairs(map(tuple, POINTS[: at + 1].tolist()))
        plain = estimate(counts)
        assert found.elo[at] == pytest.approx(plain.elo)
        assert (found.low[at], found.high[at]) == pytest.approx(plain.elo_interval)
        assert found.llr[at] == pytest.approx(test.llr(counts), rel=1e-6, abs=1e-7)


def test_the_order_of_pairs_matters_on_the_way_and_not_at_the_end() -> None:
    there, back = curves(POINTS, None), curves(POINTS[::-1], None)
    assert there.elo[-1] == pytest.approx(back.elo[-1])
    assert not np.allclose(there.elo[20:200], back.elo[20:200])
    assert there.llr is None
    assert there.bounds is None


def test_thinned_curves_keep_both_ends() -> None:
    whole, thin = curves(POINTS, Sprt(0, 10)), curves(POINTS, Sprt(0, 10), most=17)
    assert len(thin.pairs) == len(thin.elo) == len(thin.low) == len(thin.high) == len(thin.llr) == 17
    assert (thin.pairs[0], thin.pairs[-1]) == (1, 300)
    assert np.all(np.diff(thin.pairs) > 0)
    assert thin.elo.tolist() == whole.elo[thin.pairs - 1].tolist()


def test_swapping_the_players_turns_the_curves() -> None:
    mine, theirs = curves(POINTS, None), curves(1.0 - POINTS, None)
    assert theirs.elo == pytest.approx(-mine.elo)
    assert theirs.low == pytest.approx(-mine.high)


def test_a_sweep_has_no_upper_bound() -> None:
    found = curves(np.ones((5, 2)), Sprt(0, 10))
    assert np.all(np.isposinf(found.elo))
    assert np.all(np.isposinf(found.high))
    assert np.all(np.diff(found.low) > 0)
    assert np.all(np.diff(found.llr) > 0)


def test_no_pairs_are_no_curve() -> None:
    found = curves(np.zeros((0, 2)), Sprt(0, 10))
    assert len(found.pairs) == len(found.elo) == len(found.llr) == 0


@pytest.mark.parametrize("points", [np.zeros((3, 3)), np.zeros(4), np.full((2, 2), 0.25), np.full((2, 2), np.nan)])
def test_what_are_no_points_is_refused(points) -> None:
    with pytest.raises(ValueError, match="points of"):
        curves(points, None)


def test_the_longest_match_fits_into_a_frame() -> None:
    points = np.random.default_rng(4).choice([0.0, 0.5, 1.0], (25_000, 2))
    taken = []
    for _ in range(5):
        started = time.perf_counter()
        curves(points, Sprt(0, 10))
        taken.append(time.perf_counter() - started)
    assert min(taken) < 0.05, "a few milliseconds are usual; this leaves room for a busy machine"
