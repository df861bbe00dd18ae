"""How often the statistics are right, in fewer matches than the bench: a broken rule or interval would be seen."""

import math

import numpy as np
import pytest

from engine.arena.elo import score_of_elo
from engine.arena.simulated import Games, simulate_tests
from engine.arena.sprt import Sprt
from engine.arena.stopping import Walk
from engine.bench import statistics
from engine.bench.statistics import DRAW_FREE, REAL, Setting, fixed_coverage, ladder_coverage, stopped_tests

MATCHES = 1000
NOISE = 3 * math.sqrt(0.05 * 0.95 / MATCHES)  # of a share of 5 %: three standard errors


def wald(walk: Walk, sprt: Sprt) -> tuple[np.ndarray, np.ndarray]:
    low, high = sprt.bounds
    return np.full_like(walk.llr, low), np.full_like(walk.llr, high)


@pytest.mark.parametrize("setting", [REAL, DRAW_FREE])
def test_errors_are_as_rare_as_was_asked(setting: Setting) -> None:
    at_elo0, at_elo1 = (stopped_tests(setting, elo, MATCHES, seed=1) for elo in (setting.sprt.elo0, setting.sprt.elo1))
    assert 0.02 < at_elo0.accepted < 0.06 + NOISE
    assert 0.02 < 1.0 - at_elo1.accepted < 0.06 + NOISE
    for found in (at_elo0, at_elo1):
        assert 0.95 - NOISE < found.covered < 0.99
        assert found.plain_covered < 0.93, "the plain interval knows nothing of the stopping"
        assert found.too_high == pytest.approx(0.5, abs=0.045)
        assert abs(found.bias_elo) < 4.0
    assert at_elo0.plain_bias_elo < -6.0 < 6.0 < at_elo1.plain_bias_elo, "so the correction corrects something"


def test_a_truth_in_the_middle_is_estimated_in_the_middle() -> None:
    found = stopped_tests(REAL, 10.0, MATCHES, seed=2)
    assert found.accepted == pytest.approx(0.5, abs=0.05)
    assert abs(found.bias_elo) < 4.0
    assert 0.95 - NOISE < found.covered < 0.99


def test_moving_the_bounds_in_saves_games(monkeypatch: pytest.MonkeyPatch) -> None:
    shares = DRAW_FREE.games.pair_shares(60.0)
    moved = simulate_tests(DRAW_FREE.sprt, shares, MATCHES, seed=3)
    monkeypatch.setattr(Walk, "bounds", wald)
    plain = simulate_tests(DRAW_FREE.sprt, shares, MATCHES, seed=3)
    assert moved.pentanomials.sum() < 0.98 * plain.pentanomials.sum()
    assert np.abs(moved.llr).mean() == pytest.approx(DRAW_FREE.sprt.bounds[1], abs=0.03), "on average just at the bound"
    assert np.abs(plain.llr).mean() > DRAW_FREE.sprt.bounds[1] + 0.06


@pytest.mark.parametrize(("setting", "elo"), [(REAL, 0.0), (REAL, 40.0), (DRAW_FREE, 60.0)])
def test_plain_intervals_after_a_fixed_number_of_pairs(setting: Setting, elo: float) -> None:
    assert 0.93 < fixed_coverage(setting, elo, 4000, seed=0) < 0.97


@pytest.mark.parametrize("are_generations", [False, True])
def test_intervals_of_a_ladder(are_generations: bool) -> None:
    assert 0.92 < ladder_coverage(REAL.games, 80, seed=1, are_generations=are_generations) < 0.975


def test_simulated_pairs_have_the_score_that_was_asked_for() -> None:
    for games in (REAL.games, DRAW_FREE.games, Games(0.6, 200.0, -50.0)):
        shares = games.pair_shares(70.0)
        assert shares.sum() == pytest.approx(1.0)
        assert shares @ np.linspace(0, 1, 5) == pytest.approx(score_of_elo(70.0))
    assert DRAW_FREE.games.pair_shares(0.0) == pytest.approx([0.25, 0, 0.5, 0, 0.25])
    uneven = Games(0.0, 300.0).pair_shares(0.0)
    assert uneven[2] > 0.6, "openings that decide are shared"


def test_meetings_come_as_the_shares_say() -> None:
    games = Games(0.3, 100.0, 40.0)
    first, second = games.draw_meetings(np.array([games.strength(50.0)]), 60_000, np.random.default_rng(0))
    found = np.bincount((first + second)[0], minlength=5) / 60_000
    assert found == pytest.approx(games.pair_shares(50.0), abs=0.008)
    assert first.mean() > second.mean() + 0.1, "the first move is worth something"


def test_every_figure_has_its_target() -> None:
    asked = []
    figures = statistics.measure(1, asked.append, matches=40)
    assert asked
    names = [one.name for one in figures]
    assert len(set(names)) == len(names)
    for part, target in (("wrongly", 6.0), ("holds the truth", 93.0), ("off half", 3.0)):
        assert {one.target for one in figures if part in one.name} == {target}
    assert sum("wrongly accepted" in name for name in names) == 2
    assert sum("ladder of" in name for name in names) == 2
