"""Elo from scores: the logistic scale, the normalised scale, intervals and the likelihood of superiority.

Formulas: fishtest's statistics documentation (github.com/official-stockfish/fishtest/wiki) and M. Van den Bergh,
"Normalized Elo", 2020. A difference is that of A over B.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arena.counts import Counts, Sample, Samples, sample_of
from engine.arena.normal import Z_95

NELO_SCALE = 800.0 / math.log(10.0)
"""Normalised Elo of a game in which the score lies one standard deviation above a half."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What results say about two players.

    Attributes:
        score: A's share of the points.
        elo: difference; infinite where A won or lost everything.
        elo_interval: 95 %; an end is infinite where the results set no bound there.
        nelo: normalised difference: in standard deviations of a game, so that what it takes to show it depends neither
            on draws nor on the openings. nelo_interval: 95 %, the spread of the scores taken as known: too narrow
            where A won or lost nearly everything.
        los: likelihood that A is the stronger.
    """

    score: float
    elo: float
    elo_interval: tuple[float, float]
    nelo: float
    nelo_interval: tuple[float, float]
    los: float


def elo_of_score(score: float) -> float:
    """Elo difference at which `score` is expected; infinite at 0 and 1, and beyond them."""
    if score <= 0.0:
        return -math.inf
    if score >= 1.0:
        return math.inf
    return 400.0 * math.log10(score / (1.0 - score))


def score_of_elo(elo: float) -> float:
    """Expected score at an Elo difference, logistic scale."""
    return 1.0 / (1.0 + math.pow(10.0, -elo / 400.0))


def estimate(counts: Counts) -> Estimate:
    """Everything that results say about two players.

    Raises:
        ValueError: nothing was counted.
    """
    sample = sample_of(counts)
    low, high = score_interval(sample)
    t = _t_value(sample)
    width = Z_95 * NELO_SCALE / math.sqrt(sample.size * sample.games_each)
    return Estimate(
        score=sample.mean,
        elo=elo_of_score(sample.mean),
        elo_interval=(elo_of_score(low), elo_of_score(high)),
        nelo=NELO_SCALE * t,
        nelo_interval=(NELO_SCALE * t - width, NELO_SCALE * t + width),
        los=_los(sample),
    )


def elos_of_scores(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """`elo_of_score`, elementwise."""
    with np.errstate(divide="ignore"):
        inside = np.clip(scores, 0.0, 1.0)
        elos: NDArray[np.float64] = 400.0 * (np.log10(inside) - np.log10(1.0 - inside))
    return elos


def score_interval(sample: Sample) -> tuple[float, float]:
    """95 % interval of the score; 0 or 1 at an end where the results set no bound.

    Where the normal interval passes an end of the scale, or all results were the same and their variance says nothing,
    it is Wilson's, for as many coin tosses as have the variance that was seen.
    """
    size, mean, variance = np.array([sample.size]), np.array([sample.mean]), np.array([sample.variance])
    low, high = score_intervals(Samples(size, mean, variance, sample.games_each))
    return float(low[0]), float(high[0])


def score_intervals(samples: Samples) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """`score_interval` of many samples: lower and upper ends, [N] each."""
    mean, variance = samples.mean, samples.variance
    error = Z_95 * np.sqrt(variance / samples.size)
    is_normal = (error > 0.0) & (error < mean) & (mean < 1.0 - error)
    seen = np.where(variance > 0.0, variance, 1.0)
    tosses = np.where(variance > 0.0, samples.size * mean * (1.0 - mean) / seen, samples.size)
    low, high = _wilson(mean, tosses)
    return np.where(is_normal, mean - error, low), np.where(is_normal, mean + error, high)


def _wilson(share: NDArray[np.float64], size: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """E. B. Wilson's interval of a share (Journal of the American Statistical Association 22, 1927)."""
    z2 = Z_95 * Z_95 / size
    centre = (share + z2 / 2.0) / (1.0 + z2)
    width = np.sqrt(z2 * (share * (1.0 - share) + z2 / 4.0)) / (1.0 + z2)
    low, high = np.maximum(0.0, centre - width), np.minimum(1.0, centre + width)
    return np.where(share == 0.0, 0.0, low), np.where(share == 1.0, 1.0, high)


def _t_value(sample: Sample) -> float:
    """Standard deviations of one game that the score lies above a half."""
    distance = sample.mean - 0.5
    if sample.variance <= 0.0:
        return math.copysign(math.inf, distance) if distance else 0.0
    return distance / math.sqrt(sample.variance * sample.games_each)


def _los(sample: Sample) -> float:
    """Likelihood of superiority: how surely the true score is above a half, by the normal distribution."""
    t = _t_value(sample) * math.sqrt(sample.size * sample.games_each)
    return 0.5 * (1.0 + math.erf(t / math.sqrt(2.0)))
