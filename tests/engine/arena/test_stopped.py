"""Elo after a test has stopped a match: known cases of the mathematics, symmetry, and what simulated walks do."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.arena.counts import Counts
from engine.arena.elo import estimate
from engine.arena.normal import normal_cdf, scaled_tail
from engine.arena.sprt import Model, Sprt
from engine.arena.stopped import chance_of_passing, stopped_estimate

MODELS = ("logistic", "normalised")


def chance(drift: float, variance: float, time: float, ahead: float, behind: float) -> float:
    return float(chance_of_passing(*(np.array([one]) for one in (drift, variance, time, ahead, behind)))[0])


@pytest.mark.parametrize("drift", [-0.7, -0.05, 0.0, 0.05, 0.7])
def test_in_the_end_it_is_the_gamblers_ruin(drift: float) -> None:
    ahead, behind = 2.0, 1.0
    h = 2 * drift
    ruin = behind / (ahead + behind) if not h else (1 - math.exp(-h * behind)) / (1 - math.exp(-h * (ahead + behind)))
    assert chance(drift, 1.0, 60.0, ahead, behind) == pytest.approx(ruin, abs=1e-9)


@pytest.mark.parametrize("drift", [-0.5, 0.0, 0.5, 3.0])
def test_a_bound_far_behind_makes_no_difference(drift: float) -> None:
    """The first passage of one bound: an inverse normal distribution."""
    ahead, time = 1.5, 4.0
    passed = normal_cdf((drift * time - ahead) / 2.0)
    passed = passed + math.exp(2 * drift * ahead) * normal_cdf((-drift * time - ahead) / 2.0)
    assert chance(drift, 1.0, time, ahead, 50.0) == pytest.approx(float(passed), abs=1e-9)


def test_both_bounds_together_stop_every_walk() -> None:
    for drift in (-0.3, 0.0, 0.8):
        both = chance(drift, 2.0, 100.0, 1.0, 2.5) + chance(-drift, 2.0, 100.0, 2.5, 1.0)
        assert both == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("drift", [-1.0, 0.3])
def test_walks_in_small_steps_pass_as_often(drift: float) -> None:
    random = np.random.default_rng(2)
    ahead, behind, time, steps, walks = 1.0, 1.4, 0.9, 3000, 4000
    place, passed = np.zeros(walks), np.zeros(walks, np.bool_)
    for _ in range(steps):
        going = (place < ahead) & (place > -behind)
        place += going * random.normal(drift * time / steps, math.sqrt(time / steps), walks)
        passed |= place >= ahead
    assert chance(drift, 1.0, time, ahead, behind) == pytest.approx(passed.mean(), abs=0.025)


def test_it_rises_with_drift_and_time() -> None:
    drifts = np.linspace(-4, 4, 81)
    ones = np.ones(81)
    assert np.all(np.diff(chance_of_passing(drifts, ones, ones, ones, ones)) > 0)
    times = np.linspace(0.01, 30, 81)
    assert np.all(np.diff(chance_of_passing(0.1 * ones, ones, times, ones, ones)) > -1e-12)
    assert chance(5.0, 1.0, 1e-6, 1.0, 1.0) == pytest.approx(0.0, abs=1e-12)


def test_far_tails_are_told_where_their_factors_are_not() -> None:
    exact = math.log(0.5 * math.erfc(24.9 / math.sqrt(2)))
    assert math.log(scaled_tail(300.0, 24.9)) == pytest.approx(300 + exact, rel=1e-12)
    below, above = scaled_tail(0.5 * 24.999**2, 24.999), scaled_tail(0.5 * 25.001**2, 25.001)
    assert above == pytest.approx(below, rel=1e-4), "nothing jumps where the series takes over"
    assert np.isfinite(scaled_tail(2000.0, 70.0))
    assert normal_cdf([-1.959963984540054, 0.0, 1.959963984540054]) == pytest.approx([0.025, 0.5, 0.975])


STOPPED = [
    (Sprt(0, 40), (11, 25, 50, 42, 26)),
    (Sprt(-20, 20, model="normalised"), (40, 60, 130, 80, 52)),
    (Sprt(0, 100), (2, 0, 14, 0, 13)),
]
"""Tests that just stopped."""

# --- estimates -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("test", "counts"), STOPPED)
def test_a_success_is_worth_less_than_it_seems(test: Sprt, counts: tuple[int, int, int, int, int]) -> None:
    results = Counts(pentanomial=counts)
    found, plain = stopped_estimate(test, results), estimate(results)
    assert test.verdict(results) == "H1"
    assert found.elo < plain.elo, "it was stopped for going well"
    assert found.interval[0] < plain.elo_interval[0]
    assert plain.elo_interval[0] < found.elo


@pytest.mark.parametrize(("test", "counts"), STOPPED)
def test_a_failure_is_not_as_bad_as_it_seems(test: Sprt, counts: tuple[int, int, int, int, int]) -> None:
    results = Counts(pentanomial=counts).swapped
    failed = Sprt(-test.elo1, -test.elo0, model=test.model)
    found, plain = stopped_estimate(failed, results), estimate(results)
    assert failed.verdict(results) == "H0"
    assert found.elo > plain.elo
    assert found.elo == pytest.approx(-stopped_estimate(test, results.swapped).elo, abs=0.01)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("counts", [(2, 10, 40, 50, 19), (30, 40, 30, 8, 2), (0, 0, 9, 25, 30), (40, 0, 30, 0, 2)])
def test_swapping_the_players_turns_every_sign(model: Model, counts: tuple[int, int, int, int, int]) -> None:
    results = Counts(pentanomial=counts)
    found = stopped_estimate(Sprt(-10, 50, model=model), results)
    swapped = stopped_estimate(Sprt(-50, 10, model=model), results.swapped)
    assert swapped.elo == pytest.approx(-found.elo, abs=0.01)
    assert swapped.interval == pytest.approx((-found.interval[1], -found.interval[0]), abs=0.1)
    assert found.interval[0] < found.elo < found.interval[1]


@pytest.mark.parametrize("model", MODELS)
def test_a_clean_sweep_sets_a_bound_on_one_side_only(model: Model) -> None:
    test = Sprt(0, 50, model=model)
    for size in (20, 60, 500):
        low, high = stopped_estimate(test, Counts(pentanomial=(0, 0, 0, 0, size))).interval
        assert 100 < low < high == math.inf
        low, high = stopped_estimate(test, Counts(pentanomial=(size, 0, 0, 0, 0))).interval
        assert -math.inf == low < high < -100


def test_games_that_are_no_pairs_are_told_apart_too() -> None:
    found = stopped_estimate(Sprt(0, 60), Counts(wins=120, draws=40, losses=70))
    assert 20 < found.elo < estimate(Counts(wins=120, draws=40, losses=70)).elo


def test_nothing_stopped() -> None:
    with pytest.raises(ValueError, match="no game"):
        stopped_estimate(Sprt(0, 10), Counts())
    with pytest.raises(ValueError, match="stops no test"):
        stopped_estimate(Sprt(-10, 10), Counts(draws=0, wins=1, losses=1))


counted: st.SearchStrategy[list[int]] = st.lists(st.integers(0, 2000), min_size=5, max_size=5).filter(any)


@given(counted, st.floats(-200, 200), st.floats(1, 300), st.sampled_from(MODELS))
def test_it_always_comes_to_an_end(counts: list[int], elo0: float, width: float, model: Model) -> None:
    test = Sprt(elo0, elo0 + width, model=model)
    none, half, one, more, both = counts
    results = Counts(pentanomial=(none, half, one, more, both))
    if test.verdict(results) != "continue":
        found = stopped_estimate(test, results)
        assert found.interval[0] <= found.elo <= found.interval[1]
        assert not math.isnan(found.elo)


def test_a_quicker_success_speaks_for_more() -> None:
    test = Sprt(0, 40)
    shares: NDArray[np.float64] = np.array([0.1, 0.2, 0.3, 0.25, 0.15])
    elos = []
    for lead in (0.0, 0.02, 0.05, 0.1):
        tilted = shares + lead * np.array([-0.5, -0.5, 0, 0.5, 0.5])
        for size in range(10, 3000, 5):
            counts = Counts(pentanomial=tuple(np.round(size * tilted).astype(int).tolist()))
            if test.verdict(counts) == "H1":
                elos.append(stopped_estimate(test, counts).elo)
                break
    assert len(elos) == 4
    assert elos == sorted(elos)
