"""The sequential test of a match: the generalised likelihood ratio of two hypotheses about Elo.

M. Van den Bergh, "A practical introduction to the GSPRT" and "The GSPRT for the t-value" (hardy.uhasselt.be/Fishtest).
The likelihood of each hypothesis is that of the distribution that fits the results best among all that obey it, so no
model of draws is needed. Results that did not occur count as a thousandth, so that the test also ends between players
who never draw.

Everything works on many matches at once: the letters `N` matches and `K` possible results.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.arena.counts import Counts, scores_of
from engine.arena.elo import NELO_SCALE, score_of_elo

Model = Literal["logistic", "normalised"]
Verdict = Literal["H0", "H1", "continue"]
CONTINUE: Verdict = "continue"

_LEAST_COUNT = 1e-3
_MOST_STEPS = 60
_ROUNDS = 30
_CLOSE = 1e-9
_STEEPEST = 100.0


@dataclass(frozen=True, slots=True)
class Sprt:
    """Is A better by `elo1` (H1) or by `elo0` (H0)?

    Attributes:
        alpha: how often H1 is accepted though H0 holds. beta: how often H0 is accepted though H1 holds.
        model: the scale that `elo0` and `elo1` are on.

    Raises:
        ValueError: `elo0` is not below `elo1`, or an error rate is not in (0, 0.5).
    """

    elo0: float
    elo1: float
    alpha: float = 0.05
    beta: float = 0.05
    model: Model = "logistic"

    def __post_init__(self) -> None:
        if not self.elo0 < self.elo1:
            raise ValueError(f"the test's elo0 must be below its elo1, not {self.elo0:g} and {self.elo1:g}")
        for name, rate in (("alpha", self.alpha), ("beta", self.beta)):
            if not 0.0 < rate < 0.5:
                raise ValueError(f"the test's {name} must lie between 0 and 0.5, not at {rate:g}")

    @property
    def bounds(self) -> tuple[float, float]:
        """Log-likelihood ratios at which H0 and H1 are accepted."""
        return math.log(self.beta / (1.0 - self.alpha)), math.log((1.0 - self.beta) / self.alpha)

    def llr(self, counts: Counts) -> float:
        """Log-likelihood ratio of H1 over H0; of the pairs where there are any, else of the games; 0 of nothing."""
        rows = np.array([counts.pentanomial if counts.pairs else counts.trinomial])
        return float(log_likelihood_ratios(rows, self.elo0, self.elo1, self.model)[0]) if rows.any() else 0.0

    def verdict(self, counts: Counts) -> Verdict:
        """The hypothesis that Wald's bounds accept, if one; matches stop a little before (`engine.arena.stopping`)."""
        llr, (low, high) = self.llr(counts), self.bounds
        if llr >= high:
            return "H1"
        return "H0" if llr <= low else CONTINUE


def log_likelihood_ratios(
    counts: NDArray[np.int64], elo0: float, elo1: float, model: Model = "logistic"
) -> NDArray[np.float64]:
    """Log-likelihood ratio of `elo1` over `elo0` for many matches: [N].

    Args:
        counts: [N, K], results from the lowest score to the highest: K = 3 of games, 5 of pairs.

    Raises:
        ValueError: K is neither 3 nor 5.
    """
    scores = scores_of(counts.shape[1])
    if not len(counts):
        return np.zeros(0)
    seen = np.maximum(counts, _LEAST_COUNT)
    size = seen.sum(1)
    shares = seen / size[:, None]
    if model == "logistic":
        p0, p1 = (_with_mean(shares, scores, score_of_elo(elo)) for elo in (elo0, elo1))
    else:
        games_each = 1 if len(scores) == 3 else 2
        t0, t1 = (elo / NELO_SCALE * math.sqrt(games_each) for elo in (elo0, elo1))
        p0, p1 = (_with_t_value(shares, scores, t) for t in (t0, t1))
    ratios: NDArray[np.float64] = size * np.sum(shares * (np.log(p1) - np.log(p0)), 1)
    return ratios


def _with_mean(shares: NDArray[np.float64], scores: NDArray[np.float64], mean: float) -> NDArray[np.float64]:
    """The likeliest distributions [N, K] with this mean score."""
    moments = np.broadcast_to(scores - mean, shares.shape)
    fitted: NDArray[np.float64] = shares / (1.0 + _multipliers(shares, moments)[:, None] * moments)
    return fitted


def _with_t_value(shares: NDArray[np.float64], scores: NDArray[np.float64], t: float) -> NDArray[np.float64]:
    """The likeliest distributions [N, K] whose mean lies `t` standard deviations above a half.

    The condition is not linear; it is replaced by its tangent at the last solution until that stands still. Where no
    distribution obeys a tangent, it is taken anew nearer to one that obeys the condition itself.
    """
    obeying = np.array(_geometric(tuple(scores.tolist()), t))
    fitted = np.tile(obeying, (len(shares), 1))
    rows, theta = np.arange(len(shares)), np.zeros(len(shares))  # whose solutions still move
    for _ in range(_ROUNDS):
        before = fitted[rows]
        away = scores - (before @ scores)[:, None]
        deviation = np.sqrt(np.einsum("nk,nk->n", before, away**2))[:, None]
        moments = scores - 0.5 - 0.5 * t * deviation * (1.0 + (away / deviation) ** 2)
        can_obey = (moments.min(1) < 0.0) & (moments.max(1) > 0.0)
        after = 0.5 * (before + obeying)
        p, m, solved = shares[rows[can_obey]], moments[can_obey], rows[can_obey]
        theta[solved] = found = _multipliers(p, m, theta[solved])
        after[can_obey] = p / (1.0 + found[:, None] * m)
        fitted[rows] = after
        is_moving = np.abs(after - before).max(1) >= _CLOSE
        if not is_moving.any():
            break
        rows = rows[is_moving]
    return fitted


@cache
def _geometric(scores: tuple[float, ...], t: float) -> tuple[float, ...]:
    """The distribution whose shares grow by an even factor and whose mean lies `t` standard deviations above a half."""
    low, high = -_STEEPEST, _STEEPEST
    shares: list[float] = []
    for _ in range(_MOST_STEPS):
        steepness = 0.5 * (low + high)
        weights = [math.exp(steepness * (score - 0.5)) for score in scores]
        shares = [weight / sum(weights) for weight in weights]
        mean = sum(share * score for share, score in zip(shares, scores, strict=True))
        variance = sum(share * (score - mean) ** 2 for share, score in zip(shares, scores, strict=True))
        low, high = (steepness, high) if mean - 0.5 < t * math.sqrt(variance) else (low, steepness)
    return tuple(shares)


def _multipliers(
    shares: NDArray[np.float64], moments: NDArray[np.float64], start: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Theta [N] of the likeliest distributions under which `moments` [N, K] have mean 0: shares / (1 + theta moments).

    The mean falls in theta between the poles, which the least and the largest moment set. Newton's steps find where it
    is 0; one that leaves the bracket, as happens beside a pole, is replaced by half of the bracket.

    Args:
        start: where to begin, [N]; 0, which always lies between the poles, where it is not given or does not.
    """
    low, high = -1.0 / moments.max(1), -1.0 / moments.min(1)
    theta = np.zeros(len(shares)) if start is None else np.where((low < start) & (start < high), start, 0.0)
    rows, p, m = np.arange(len(shares)), shares, moments  # those that are still looked for
    for _ in range(_MOST_STEPS):
        at = theta[rows]
        ratios = m / (1.0 + at[:, None] * m)
        mean, slope = np.einsum("nk,nk->n", p, ratios), np.einsum("nk,nk,nk->n", p, ratios, ratios)
        low, high = np.where(mean > 0.0, at, low), np.where(mean > 0.0, high, at)
        step = at + mean / slope
        theta[rows] = after = np.where((low < step) & (step < high), step, 0.5 * (low + high))
        is_open = np.abs(after - at) * np.abs(ratios).max(1) > _CLOSE  # by so much the shares still change
        if not is_open.any():
            break
        rows, p, m, low, high = rows[is_open], p[is_open], m[is_open], low[is_open], high[is_open]
    return theta
