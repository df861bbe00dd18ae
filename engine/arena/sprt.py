"""The sequential test of a match: the generalised likelihood ratio of two hypotheses about Elo.

M. Van den Bergh, "A practical introduction to the GSPRT" and "The GSPRT for the t-value" (hardy.uhasselt.be/Fishtest).
The likelihood of each hypothesis is that of the distribution that fits the results best among all that obey it, so no
model of draws is needed. Results that did not occur count as a thousandth, so that the test also ends between players
who never draw.

Everything works on many matches at once: the letters `N` matches and `K` possible results.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.arena.counts import GAME_SCORES, PAIR_SCORES, Counts
from engine.arena.elo import NELO_SCALE, score_of_elo

Model = Literal["logistic", "normalised"]
Verdict = Literal["H0", "H1", "continue"]
CONTINUE: Verdict = "continue"

_LEAST_COUNT = 1e-3
_BISECTIONS = 60
_ROUNDS = 30
_CLOSE = 1e-10


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
        """The hypothesis that is accepted, if one is."""
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
    scores = {len(kind): np.array(kind) for kind in (GAME_SCORES, PAIR_SCORES)}.get(counts.shape[1])
    if scores is None:
        raise ValueError(f"{counts.shape[1]} kinds of results; there are 3 of a game and 5 of a pair")
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
    return _reweighted(shares, np.broadcast_to(scores - mean, shares.shape))


def _with_t_value(shares: NDArray[np.float64], scores: NDArray[np.float64], t: float) -> NDArray[np.float64]:
    """The likeliest distributions [N, K] whose mean lies `t` standard deviations above a half.

    The condition is not linear; it is replaced by its tangent at the last solution until that stands still.
    """
    fitted = np.full(shares.shape, 1.0 / shares.shape[1])
    for _ in range(_ROUNDS):
        mean = fitted @ scores
        away = scores - mean[:, None]
        deviation = np.sqrt(np.sum(fitted * away**2, 1))[:, None]
        moments = scores - 0.5 - 0.5 * t * deviation * (1.0 + (away / deviation) ** 2)
        before, fitted = fitted, _reweighted(shares, moments)
        if np.max(np.abs(fitted - before)) < _CLOSE:
            break
    return fitted


def _reweighted(shares: NDArray[np.float64], moments: NDArray[np.float64]) -> NDArray[np.float64]:
    """The likeliest distributions [N, K] under which `moments` [N, K] have mean 0: shares / (1 + theta moments).

    The mean falls in theta between the poles, which the least and the largest moment set; so it is bisected.
    """
    low, high = -1.0 / moments.max(1), -1.0 / moments.min(1)
    for _ in range(_BISECTIONS):
        theta = 0.5 * (low + high)
        mean = np.sum(shares * moments / (1.0 + theta[:, None] * moments), 1)
        low, high = np.where(mean > 0.0, theta, low), np.where(mean > 0.0, high, theta)
    weights: NDArray[np.float64] = shares / (1.0 + (0.5 * (low + high))[:, None] * moments)
    return weights
