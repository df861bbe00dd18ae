"""What a question costs: the games that a sequential test, or a plain match, needs before it can answer.

The log-likelihood ratio of a test wanders like a Brownian motion; how long that takes to leave the two bounds is known
(A. Wald, "Sequential Analysis", 1947). Pairs count as two games.
"""

import math
from dataclasses import dataclass

from engine.arena.counts import Sample
from engine.arena.elo import NELO_SCALE, elo_of_score, score_of_elo
from engine.arena.normal import Z_95
from engine.arena.sprt import Sprt


@dataclass(frozen=True, slots=True)
class Cost:
    """Games until a test is decided, on average.

    Attributes:
        games: where one of its hypotheses is true (the dearer of the two).
        worst_games: where the truth lies halfway between them.
        games_left: from where the test is now, if A is exactly as strong as it has been.
    """

    games: float
    worst_games: float
    games_left: float


@dataclass(frozen=True, slots=True)
class CostBefore:
    """What a match costs, told before its first game: between players about as strong as each other.

    Attributes:
        games: on average; of a test, where one of its hypotheses is true (the dearer of the two).
        games_if_elo0, games_if_elo1: of a test, where that one is true; of a match without one, its games.
        worst_games: of a test, where the truth lies halfway between its hypotheses.
        minutes, worst_minutes: the same as time.
        half_width_elo: half of the 95 % interval that so many games give.
    """

    games: float
    games_if_elo0: float
    games_if_elo1: float
    worst_games: float
    minutes: float
    worst_minutes: float
    half_width_elo: float


def cost_before(question: Sprt | int, draws: float, seconds_per_game: float) -> CostBefore:
    """What a question costs that nothing was played for yet.

    Args:
        question: a test, or a number of pairs of games.
        draws: share of games that will be drawn, in [0, 1).
        seconds_per_game: with all games of the match side by side, from 0.

    Raises:
        ValueError: one of them lies outside its range, or so many draws leave no room for the test's Elo.
    """
    if not 0.0 <= draws < 1.0:
        raise ValueError(f"the share of draws must lie in [0, 1), not at {draws:g}")
    if not seconds_per_game >= 0.0:
        raise ValueError(f"a game takes {seconds_per_game:g} s; it must be 0 or more")
    if isinstance(question, int):
        if question < 1:
            raise ValueError(f"{question} pairs of games; at least 1")
        first = second = worst = 2.0 * question
    else:
        first, worst, second = _games_before(question, draws)
    games = max(first, second)
    minutes, worst_minutes = games * seconds_per_game / 60.0, worst * seconds_per_game / 60.0
    return CostBefore(games, first, second, worst, minutes, worst_minutes, half_width_elo(games, draws))


def half_width_elo(games: float, draws: float) -> float:
    """Half of the 95 % interval that so many games between equals give; infinite where they are too few."""
    error = Z_95 * math.sqrt((1.0 - draws) / 4.0 / games)
    return elo_of_score(0.5 + error)


def _games_before(sprt: Sprt, draws: float) -> tuple[float, float, float]:
    """Games of a test where the truth is elo0, halfway, and elo1, each with the variance that games have there."""

    def games(part: float) -> float:
        if sprt.model == "logistic":
            elo = sprt.elo0 + part * (sprt.elo1 - sprt.elo0)
            mean = score_of_elo(elo)
            variance = (1.0 - draws) / 4.0 - (mean - 0.5) ** 2
            if variance <= 0.0:
                raise ValueError(f"no games with {draws:.0%} draws have a difference of {elo:g} Elo")
            sample = Sample(1, mean, variance, 1)
        else:
            sample = planned_sample(draws)
        x0, x1 = _distances(sprt, sample)
        return _exit_time(x0, x1, x0 + part * (x1 - x0), *sprt.bounds)

    return games(0.0), games(0.5), games(1.0)


def planned_sample(draws: float = 0.2) -> Sample:
    """What games between equals are like before any was played: independent, with this share of draws."""
    return Sample(1, 0.5, (1.0 - draws) / 4.0, 1)


def cost_of(sprt: Sprt, sample: Sample, llr: float = 0.0) -> Cost:
    """What `sprt` costs between players whose results vary as in `sample`.

    Args:
        llr: where the test is now.
    """
    if sample.variance <= 0.0:
        sample = planned_sample()
    x0, x1 = _distances(sprt, sample)
    seen = (sample.mean - 0.5) / math.sqrt(sample.variance)
    low, high = sprt.bounds

    def games(x: float, start: float) -> float:
        return sample.games_each * _exit_time(x0, x1, x, low - start, high - start)

    return Cost(
        games=max(games(x0, 0.0), games(x1, 0.0)),
        worst_games=games((x0 + x1) / 2.0, 0.0),
        games_left=games(seen, llr) if low < llr < high else 0.0,
    )


def games_to_tell(sample: Sample) -> float:
    """Games until the sign of the difference is sure at 95 %, if A is exactly as strong as it has been."""
    if sample.mean == 0.5:
        return math.inf
    variance = max(sample.variance, 1.0 / (4.0 * sample.size * sample.size))
    return sample.games_each * max(1.0, variance * (Z_95 / (sample.mean - 0.5)) ** 2)


def _distances(sprt: Sprt, sample: Sample) -> tuple[float, float]:
    """How far the hypotheses lie from a half, in standard deviations of the sample."""
    if sprt.model == "logistic":
        deviation = math.sqrt(sample.variance)
        return (score_of_elo(sprt.elo0) - 0.5) / deviation, (score_of_elo(sprt.elo1) - 0.5) / deviation
    scale = math.sqrt(sample.games_each) / NELO_SCALE
    return sprt.elo0 * scale, sprt.elo1 * scale


def _exit_time(x0: float, x1: float, x: float, low: float, high: float) -> float:
    """Mean number of results until the ratio leaves (low, high), where the truth lies at `x`; low < 0 < high."""
    drift, variance = (x1 - x0) * (2.0 * x - x0 - x1) / 2.0, (x1 - x0) ** 2
    h = 2.0 * drift / variance
    if abs(h) * max(-low, high) < 1e-6:  # no drift worth the name
        return -low * high / variance
    upwards = _chance_upwards(h, low, high) if h > 0.0 else 1.0 - _chance_upwards(-h, -high, -low)
    return (upwards * high + (1.0 - upwards) * low) / drift


def _chance_upwards(h: float, low: float, high: float) -> float:
    """How often the upper bound is met first; `h` > 0 is twice the drift over the variance."""
    return math.expm1(h * low) / math.expm1(-h * (high - low))
