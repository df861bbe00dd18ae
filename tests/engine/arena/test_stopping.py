"""When a test stops: the mean overshoot of a walk, worked out by hand and known by theory."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.arena.counts import Counts
from engine.arena.sprt import Model, Sprt
from engine.arena.stopping import Walk, walk_of

TEST = Sprt(0, 10)


def walked(*ratios: float) -> Walk:
    walk = Walk.start()
    for ratio in ratios:
        walk = walk.after(ratio)
    return walk


def test_before_it_moves_the_bounds_are_walds() -> None:
    low, high = Walk.start().bounds(TEST)
    assert (float(low[0]), float(high[0])) == TEST.bounds
    assert Walk.start().verdict(TEST) == "continue"


def test_a_walk_worked_out_by_hand() -> None:
    """New highest at 1 (a step of 1) and 1.5 (0.5); new lowest at -0.25 and -1 (0.75)."""
    walk = walked(1.0, 0.5, 1.5, -0.25, 0.0, -1.0)
    low, high = walk.bounds(TEST)
    assert TEST.bounds[1] - high[0] == pytest.approx((1.0 + 0.25) / (2 * 1.5))
    assert low[0] - TEST.bounds[0] == pytest.approx((0.0625 + 0.5625) / (2 * 1.0))


def test_equal_steps_pass_a_bound_by_half_a_step() -> None:
    walk = walked(*np.arange(0.1, 2.8, 0.1))
    assert TEST.bounds[1] - walk.bounds(TEST)[1][0] == pytest.approx(0.05)
    assert walk.bounds(TEST)[0][0] == TEST.bounds[0], "it never went down"


def test_it_stops_between_its_own_bounds_and_walds() -> None:
    steps = np.arange(0.4, 2.9, 0.4).tolist()
    assert walked(*steps, 2.7).verdict(TEST) == "continue"
    assert walked(*steps, 2.8).verdict(TEST) == "H1", "the bound is at 2.94 less half a step"
    assert walked(*(-step for step in steps), -2.8).verdict(TEST) == "H0"


@given(st.lists(st.floats(-4, 4), max_size=40))
def test_the_mirror_image_of_a_walk_is_treated_alike(ratios: list[float]) -> None:
    low, high = walked(*ratios).bounds(TEST)
    mirrored_low, mirrored_high = walked(*(-ratio for ratio in ratios)).bounds(TEST)
    assert mirrored_low[0] == pytest.approx(-high[0])
    assert mirrored_high[0] == pytest.approx(-low[0])
    assert low[0] >= TEST.bounds[0]
    assert high[0] <= TEST.bounds[1]


def test_many_walks_are_each_their_own() -> None:
    rows = np.random.default_rng(0).normal(0, 0.5, (20, 3)).cumsum(0)
    together = Walk.start(3)
    for row in rows:
        together = together.after(row)
    for at in range(3):
        alone = walked(*rows[:, at])
        assert [float(bound[at]) for bound in together.bounds(TEST)] == [
            float(bound[0]) for bound in alone.bounds(TEST)
        ]
    assert np.array_equal(together.of(np.array([False, True, False])).llr, rows[-1:, 1])


@pytest.mark.parametrize("model", ["logistic", "normalised"])
def test_a_whole_match_at_once_is_the_same_walk(model: Model) -> None:
    test = Sprt(0, 60, model=model)
    points = np.random.default_rng(6).choice([0.0, 0.5, 1.0], (40, 2), p=[0.2, 0.3, 0.5])
    walk, counts = Walk.start(), Counts()
    for length, (first, second) in enumerate(points.tolist(), 1):
        counts = counts.with_pair(first, second)
        walk = walk.after(test.llr(counts))
        found = walk_of(points[:length], test)
        assert found.verdict(test) == walk.verdict(test)
        assert np.array(found.bounds(test)) == pytest.approx(np.array(walk.bounds(test)), abs=1e-6)
    assert walk.verdict(test) == "H1"
    assert walk_of(points[:0], test).verdict(test) == "continue"


def test_normal_steps_have_the_overshoot_of_theory() -> None:
    """0.5826 standard deviations: Siegmund, "Sequential Analysis", chapter X."""
    random = np.random.default_rng(1)
    walk = Walk.start(400)
    now = np.zeros(400)
    for _ in range(4000):
        now = now + random.normal(0.0, 1.0, 400)
        walk = walk.after(now)
    overshoot = TEST.bounds[1] - walk.bounds(TEST)[1]
    weights = walk.highest
    assert float(overshoot @ weights / weights.sum()) == pytest.approx(0.5826, abs=0.02)
