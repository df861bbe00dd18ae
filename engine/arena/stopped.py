"""Elo after a test has stopped a match: an estimate that is as often too high as too low, and an honest interval.

A match that stopped because it went well looks better than it is: the plain estimate is biased away from the middle of
the test. What a test tells is which bound was passed and when. As fishtest does, the log-likelihood ratio is taken as a
Brownian motion between the two bounds; for every strength it is known how often such a walk ends worse than this one
did (accepted H0, or H1 but later). The strengths at which that happens in 50 %, 97.5 % and 2.5 % of all walks are the
estimate and its interval (D. Siegmund, "Sequential Analysis", 1985, chapter III.4).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arena.counts import Counts, Samples, sample_of
from engine.arena.elo import NELO_SCALE, elo_of_score, score_of_elo
from engine.arena.normal import scaled_tail
from engine.arena.sprt import Sprt

_QUANTILES = np.array([0.975, 0.5, 0.025])  # of walks that end worse at the lower end, the estimate and the upper end
_BISECTIONS = 32
_REACH = 7.0  # standard deviations of a walk beyond which nothing is expected
_MOST_IMAGES = 200  # a walk that is reflected so often has been stopped long ago
_LEAST, _MOST = 1e-9, 0.25  # variances of a score
_LEAST_PART = 0.66  # of a bound; no mean overshoot is more than half of the highest ratio


@dataclass(frozen=True, slots=True)
class StoppedEstimate:
    """What a stopped test says of the difference.

    Attributes:
        elo: the truth lies above it as often as below. interval: 95 %. Infinite where the results set no bound.
    """

    elo: float
    interval: tuple[float, float]


def stopped_estimate(sprt: Sprt, counts: Counts) -> StoppedEstimate:
    """The estimate where `sprt` stopped a match after these results.

    Raises:
        ValueError: nothing was counted, or the ratio is so far from both bounds that no test can have stopped.
    """
    sample = sample_of(counts)
    llr = sprt.llr(counts)
    low_bound, high_bound = sprt.bounds
    if _LEAST_PART * low_bound < llr < _LEAST_PART * high_bound:
        raise ValueError(f"a log-likelihood ratio of {llr:.3f} stops no test: {counts}")
    one = Samples(np.array([sample.size]), np.array([sample.mean]), np.array([sample.variance]), sample.games_each)
    low, middle, high = stopped_scores(sprt, one, np.array([llr]))[0].tolist()
    return StoppedEstimate(elo_of_score(middle), (elo_of_score(low), elo_of_score(high)))


def stopped_scores(sprt: Sprt, samples: Samples, llr: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lower end, estimate and upper end of the score for many stopped matches: [M, 3]; may lie outside [0, 1].

    Args:
        llr: when they stopped, [M], about at a bound each; above 0 is taken as at the upper one.
    """
    deviation, x0, x1 = _scale(sprt, samples, llr)
    # The bounds move with the overshoot; time is stretched so that a walk with this slope arrives at Wald's just now.
    low, high = sprt.bounds
    is_up = llr > 0.0
    ahead, behind = np.where(is_up, high, -low), np.where(is_up, -low, high)
    time = samples.size * ahead / np.abs(llr)
    step = x1 - x0
    variance_each, slope = step**2, np.where(is_up, step, -step)
    # Drift at x towards the bound that was passed: slope (x - (x0 + x1) / 2).
    spread = (np.sqrt(variance_each * time) * _REACH + ahead) / (step * time)
    centre = (x0 + x1) / 2.0
    near, far = (centre - spread)[:, None] + np.zeros(3), (centre + spread)[:, None] + np.zeros(3)
    # A walk that went up ends worse than it did if it is not up there by now; one that went down, if it was before.
    for _ in range(_BISECTIONS):
        x = 0.5 * (near + far)
        drift = slope[:, None] * (x - centre[:, None])
        passed = chance_of_passing(drift, variance_each[:, None], time[:, None], ahead[:, None], behind[:, None])
        worse = np.where(is_up[:, None], 1.0 - passed, passed)
        is_weak = worse > _QUANTILES
        near, far = np.where(is_weak, x, near), np.where(is_weak, far, x)
    scores: NDArray[np.float64] = 0.5 + 0.5 * (near + far) * deviation[:, None]
    return scores


def chance_of_passing(
    drift: NDArray[np.float64],
    variance: NDArray[np.float64],
    time: NDArray[np.float64],
    ahead: NDArray[np.float64],
    behind: NDArray[np.float64],
) -> NDArray[np.float64]:
    """How often a Brownian motion is stopped by the bound ahead of it before `time`, rather than by the one behind.

    The method of images: the walk is reflected at both bounds, and each image passes the bound as a walk without a
    second one does. All arguments are broadcast.

    Args:
        drift, variance: of the walk in a unit of time, the drift towards the bound ahead.
        ahead, behind: distances of the bounds at the start, above 0.
    """
    width, deviation, speed = ahead + behind, np.sqrt(variance * time), np.abs(drift)
    reach = float(np.max((speed * time + _REACH * deviation) / (2.0 * width)))
    most = min(math.ceil(reach) + 1, _MOST_IMAGES)
    images = np.arange(-most, most + 1)
    drift, variance, time, ahead, width, deviation, speed = (
        np.expand_dims(one, -1) for one in (drift, variance, time, ahead, width, deviation, speed)
    )
    places = ahead + 2.0 * width * images
    away, toll, aid = np.abs(places), speed / variance * np.abs(places), drift / variance * ahead
    passed = scaled_tail(aid - toll, (away - speed * time) / deviation)
    passed = passed + scaled_tail(aid + toll, (away + speed * time) / deviation)
    chance: NDArray[np.float64] = np.clip(np.sum(np.sign(places) * passed, -1), 0.0, 1.0)
    return chance


def _scale(
    sprt: Sprt, samples: Samples, llr: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Standard deviation of a score, and how many of it the two hypotheses lie above a half: three arrays [M].

    The variance is the one with which a Brownian motion has the ratio that was found. That is the variance as seen
    where the hypotheses are near the truth. Where all results were alike it is that of the hypotheses, since a variance
    of 0 would promise a certainty that no few results give.
    """
    slope = llr / samples.size
    distance = samples.mean - 0.5
    if sprt.model == "logistic":
        s0, s1 = score_of_elo(sprt.elo0) - 0.5, score_of_elo(sprt.elo1) - 0.5
        variance = (s1 - s0) * (2.0 * distance - s0 - s1) / (2.0 * slope)
        deviation = np.sqrt(np.clip(variance, np.maximum(samples.variance, _LEAST), _MOST))
        return deviation, s0 / deviation, s1 / deviation
    x0, x1 = (elo / NELO_SCALE * math.sqrt(samples.games_each) for elo in (sprt.elo0, sprt.elo1))
    between = slope / (x1 - x0) + (x0 + x1) / 2.0
    variance = np.divide(distance, between, out=np.zeros_like(distance), where=between != 0.0) ** 2
    deviation = np.sqrt(np.clip(variance, np.maximum(samples.variance, _LEAST), _MOST))
    return deviation, np.full_like(deviation, x0), np.full_like(deviation, x1)
