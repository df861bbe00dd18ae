"""`bench statistics`: how often the arena's statistics are right, in matches and ladders that are only simulated.

Every figure is a share of many simulated matches, whose truth is known. Pairs are drawn from distributions such as real
ones have: with draws and with openings that favour a side, and without any draw.
"""

from dataclasses import dataclass
from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.arena.counts import samples_of
from engine.arena.elo import elo_of_score, score_intervals, score_of_elo
from engine.arena.ladder import fit_ladder
from engine.arena.ladder_results import Played, Trinomial
from engine.arena.simulated import Games, simulate_tests
from engine.arena.sprt import Sprt
from engine.arena.stopped import stopped_scores
from engine.bench.records import Progress, Result, result

MATCHES = 10_000
"""Simulated in each run, for each figure."""

FIXED_PAIRS = 200
_MATCHES_PER_LADDER = 50
_PLAYERS, _NEIGHBOURS, _MEETING_PAIRS = 8, 2, 30
_SPREAD_ELO, _STEP_ELO = 120.0, 50.0
_SLACK = 1.0  # percentage points that an error rate may lie above the one asked for
_COVERAGE = 93.0, 97.0
_MOST_TILT = 3.0  # percentage points


@dataclass(frozen=True, slots=True)
class Setting:
    """Games as they are simulated, and the test that is made of them."""

    name: str
    games: Games
    sprt: Sprt


REAL = Setting("25 % draws, uneven openings", Games(0.25, 120.0, 30.0), Sprt(-20.0, 40.0))
DRAW_FREE = Setting("no draws", Games(0.0), Sprt(0.0, 60.0))


@dataclass(frozen=True, slots=True)
class Tested:
    """What many stopped tests came to; shares in [0, 1].

    Attributes:
        accepted: how often H1 was accepted. covered: how often the unbiased estimate's interval held the truth.
        plain_covered: how often the plain interval did. too_high: how often the unbiased estimate was above the truth.
        bias_elo, plain_bias_elo: median of the unbiased and of the plain estimate, less the truth.
        pairs: played on average.
    """

    accepted: float
    covered: float
    plain_covered: float
    too_high: float
    bias_elo: float
    plain_bias_elo: float
    pairs: float


def stopped_tests(setting: Setting, elo: float, matches: int, seed: int) -> Tested:
    """Run the test of a setting many times between players of whom A is `elo` stronger."""
    ended = simulate_tests(setting.sprt, setting.games.pair_shares(elo), matches, seed)
    samples, truth = samples_of(ended.pentanomials), score_of_elo(elo)
    low, middle, high = stopped_scores(setting.sprt, samples, ended.llr).T
    plain_low, plain_high = score_intervals(samples)
    return Tested(
        accepted=float(ended.accepted.mean()),
        covered=_share_inside(low, high, truth),
        plain_covered=_share_inside(plain_low, plain_high, truth),
        too_high=float((middle > truth).mean()),
        bias_elo=elo_of_score(float(np.median(middle))) - elo,
        plain_bias_elo=elo_of_score(float(np.median(samples.mean))) - elo,
        pairs=float(samples.size.mean()),
    )


def fixed_coverage(setting: Setting, elo: float, matches: int, seed: int, pairs: int = FIXED_PAIRS) -> float:
    """How often the plain Elo interval holds the truth after so many pairs, in [0, 1]."""
    drawn = np.random.default_rng(seed).multinomial(pairs, setting.games.pair_shares(elo), matches)
    return _share_inside(*score_intervals(samples_of(drawn)), score_of_elo(elo))


def ladder_coverage(games: Games, ladders: int, seed: int, *, are_generations: bool) -> float:
    """How often a ladder's intervals hold the truth, over all players of many ladders, in [0, 1].

    Args:
        are_generations: each player descends from the one before and differs from it as the prior of descent says,
            and the fit knows it; else strengths have nothing to do with each other.
    """
    random = np.random.default_rng(seed)
    players = [f"player {at}" for at in range(_PLAYERS)]
    lineage = list(pairwise(players)) if are_generations else []
    meetings = np.array([(a, b) for a in range(_PLAYERS) for b in range(a) if a - b <= _NEIGHBOURS])
    known = np.linspace(-1000.0, 1000.0, 81)
    strengths = np.array([games.strength(elo) for elo in known])
    inside = 0
    for _ in range(ladders):
        steps = random.normal(0.0, _STEP_ELO if are_generations else _SPREAD_ELO, _PLAYERS)
        truth = np.cumsum(steps) if are_generations else steps
        truth -= truth.mean()
        differences = truth[meetings[:, 0]] - truth[meetings[:, 1]]
        drawn = games.draw_meetings(np.interp(differences, known, strengths), _MEETING_PAIRS, random)
        results = [
            Played(
                players[a], players[b], _trinomial(first), _trinomial(second), pentanomial=_pentanomial(first + second)
            )
            for (a, b), first, second in zip(meetings.tolist(), *drawn, strict=True)
        ]
        rungs = fit_ladder(players, results, lineage=lineage).rungs
        inside += sum(rung.low <= elo <= rung.high for rung, elo in zip(rungs, truth.tolist(), strict=True))
    return inside / (ladders * _PLAYERS)


def measure(runs: int, progress: Progress, matches: int = MATCHES) -> list[Result]:
    """All figures; each run has matches of its own."""
    figures: list[Result] = []
    for setting in (REAL, DRAW_FREE):
        for elo in sorted({0.0, setting.sprt.elo0, setting.sprt.elo1}):
            figures += _test_figures(setting, elo, runs, progress, matches)
        for elo in sorted({0.0, setting.sprt.elo0, setting.sprt.elo1}):
            shares = [fixed_coverage(setting, elo, matches, seed) for seed in range(runs)]
            name = f"{setting.name}, {FIXED_PAIRS} pairs at {elo:+g} Elo: interval holds the truth"
            figures.append(_coverage(name, shares))
    for name, are_generations in (("unrelated players", False), ("generations", True)):
        progress(f"ladders of {name}")
        ladders = -(-matches // _MATCHES_PER_LADDER)
        shares = [ladder_coverage(REAL.games, ladders, seed, are_generations=are_generations) for seed in range(runs)]
        figures.append(_coverage(f"ladder of {name}: interval holds the truth", shares))
    return figures


def _test_figures(setting: Setting, elo: float, runs: int, progress: Progress, matches: int) -> list[Result]:
    sprt = setting.sprt
    group = f"{setting.name}, test of {sprt.elo0:g} and {sprt.elo1:g} at {elo:+g} Elo"
    found = []
    for seed in range(runs):
        progress(f"{group}, run {seed + 1} of {runs}")
        found.append(stopped_tests(setting, elo, matches, seed))
    errors = []
    if elo == sprt.elo0:
        errors.append(_error(f"{group}: wrongly accepted", [one.accepted for one in found], sprt.alpha))
    if elo == sprt.elo1:
        errors.append(_error(f"{group}: wrongly rejected", [1.0 - one.accepted for one in found], sprt.beta))
    tilt = [100.0 * abs(one.too_high - 0.5) for one in found]
    return [
        *errors,
        result(f"{group}: pairs until it stops", "pairs", [one.pairs for one in found]),
        _coverage(f"{group}: interval after stopping holds the truth", [one.covered for one in found], is_least=True),
        result(f"{group}: plain interval would", "%", [100.0 * one.plain_covered for one in found]),
        result(f"{group}: estimate too high or low, off half", "points", tilt, _MOST_TILT, lower_is_better=True),
        result(f"{group}: estimate, median off the truth", "Elo", [one.bias_elo for one in found]),
        result(f"{group}: plain estimate", "Elo", [one.plain_bias_elo for one in found]),
    ]


def _error(name: str, shares: list[float], asked: float) -> Result:
    return result(name, "%", [100.0 * share for share in shares], 100.0 * asked + _SLACK, lower_is_better=True)


def _coverage(name: str, shares: list[float], *, is_least: bool = False) -> Result:
    """How often 95 % intervals held the truth: met from 93 % on, and unless `is_least` up to 97 %."""
    least, most = _COVERAGE
    found = result(name, "%", [100.0 * share for share in shares], least)
    return found if is_least else msgspec.structs.replace(found, met=least <= found.median <= most)


def _share_inside(low: NDArray[np.float64], high: NDArray[np.float64], truth: float) -> float:
    return float(((low <= truth) & (truth <= high)).mean())


def _trinomial(doubled: NDArray[np.int64]) -> Trinomial:
    losses, draws, wins = np.bincount(doubled, minlength=3).tolist()
    return losses, draws, wins


def _pentanomial(doubled: NDArray[np.int64]) -> tuple[int, int, int, int, int]:
    none, half, one, more, both = np.bincount(doubled, minlength=5).tolist()
    return none, half, one, more, both
