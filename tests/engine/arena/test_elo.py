"""Counts, Elo and its intervals: against published values, and against what must hold whatever the counts."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.arena.counts import Counts, count_pairs, sample_of
from engine.arena.elo import elo_of_score, estimate, score_of_elo

GAMES = Counts(wins=136, draws=111, losses=96)
PAIRS = Counts(pentanomial=(34, 54, 63, 64, 75))


@pytest.mark.parametrize(
    ("counts", "elo", "error", "los", "nelo"),
    [(GAMES, 40.70, 30.43, 0.9960, 49.77), (PAIRS, 55.58, 27.65, 1.0, 57.94)],
)
def test_published_values_of_fastchess(counts: Counts, elo: float, error: float, los: float, nelo: float) -> None:
    found = estimate(counts)
    low, high = found.elo_interval
    assert found.elo == pytest.approx(elo, abs=0.006)
    assert (high - low) / 2 == pytest.approx(error, abs=0.006)
    assert found.los == pytest.approx(los, abs=5e-5)
    assert found.nelo == pytest.approx(nelo, abs=0.006)


def test_pairs_are_counted_by_the_points_of_the_first_player() -> None:
    counts = count_pairs([(1.0, 0.0), (1.0, 1.0), (0.5, 0.0), (0.5, 0.5), (1.0, 0.5), (0.0, 0.0)])
    assert counts == Counts(wins=4, draws=4, losses=4, pentanomial=(1, 1, 2, 1, 1))
    assert counts.swapped == Counts(wins=4, draws=4, losses=4, pentanomial=(1, 1, 2, 1, 1))
    assert count_pairs([(1.0, 0.5)]).swapped == count_pairs([(0.0, 0.5)])


def test_a_pair_that_is_always_shared_tells_less_variance_than_its_games() -> None:
    shared = count_pairs([(1.0, 0.0)] * 50)
    assert sample_of(shared).variance == 0.0
    low, high = estimate(shared).elo_interval
    assert -math.inf < low < 0 < high < math.inf, "no variance seen is not certainty"


def test_nothing_counted_is_said() -> None:
    with pytest.raises(ValueError, match="no game"):
        estimate(Counts())


@pytest.mark.parametrize("size", [1, 10, 1000])
def test_a_clean_sweep_sets_a_bound_on_one_side_only(size: int) -> None:
    found = estimate(count_pairs([(1.0, 1.0)] * size))
    assert found.score == 1.0
    assert found.elo == found.elo_interval[1] == math.inf
    assert found.elo_interval[0] > (-240 if size == 1 else 150)
    assert found.los == 1.0
    worse = estimate(count_pairs([(0.0, 0.0)] * size))
    assert worse.elo_interval == (-math.inf, pytest.approx(-found.elo_interval[0]))


def test_an_interval_near_the_end_stays_inside_the_scale() -> None:
    found = estimate(count_pairs([(1.0, 1.0)] * 47 + [(1.0, 0.0)] * 3))
    low, high = found.elo_interval
    assert 300 < low < found.elo < high < math.inf


@given(st.floats(-1500, 1500))
def test_score_and_elo_undo_each_other(elo: float) -> None:
    assert elo_of_score(score_of_elo(elo)) == pytest.approx(elo, abs=1e-6)
    assert score_of_elo(elo) + score_of_elo(-elo) == pytest.approx(1.0)


results = st.lists(st.tuples(*[st.sampled_from([0.0, 0.5, 1.0])] * 2), min_size=2, max_size=60)


@given(results)
def test_swapping_the_players_turns_every_sign(pairs: list[tuple[float, float]]) -> None:
    counts = count_pairs(pairs)
    found, swapped = estimate(counts), estimate(counts.swapped)
    assert swapped.elo == pytest.approx(-found.elo)
    assert swapped.nelo == pytest.approx(-found.nelo)
    assert swapped.los == pytest.approx(1 - found.los, abs=1e-12)
    assert swapped.elo_interval == pytest.approx((-found.elo_interval[1], -found.elo_interval[0]))
    assert found.elo_interval[0] <= found.elo <= found.elo_interval[1]


def is_normal(counts: Counts) -> bool:
    """Whether the normal interval of the score lies within the scale."""
    sample = sample_of(counts)
    error = 1.96 * math.sqrt(sample.variance / sample.size)
    return sample.variance > 0.0 and error < sample.mean < 1.0 - error


@given(results)
def test_more_of_the_same_only_makes_the_interval_narrower(pairs: list[tuple[float, float]]) -> None:
    once, often = estimate(count_pairs(pairs)), estimate(count_pairs(pairs * 4))
    # Few and one-sided results are given Wilson's interval, more of them the normal one: two rules do not compare.
    assume(is_normal(count_pairs(pairs)) == is_normal(count_pairs(pairs * 4)))
    assert often.elo == pytest.approx(once.elo)
    assert often.elo_interval[0] >= once.elo_interval[0] - 1e-9
    assert often.elo_interval[1] <= once.elo_interval[1] + 1e-9


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    random = np.random.default_rng(1)
    truth = (0.1, 0.15, 0.3, 0.25, 0.2)
    elo = elo_of_score(float(np.array(truth) @ [0, 0.25, 0.5, 0.75, 1]))
    covered = 0
    for row in random.multinomial(200, truth, 2000).tolist():
        low, high = estimate(Counts(pentanomial=tuple(row))).elo_interval
        covered += low <= elo <= high
    assert 0.93 < covered / 2000 < 0.97
