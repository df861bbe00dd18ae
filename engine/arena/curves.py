"""How a match went: Elo with its interval, and the ratio of its test, after each pair in the order of their numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arena.counts import samples_of
from engine.arena.elo import elos_of_scores, score_intervals
from engine.arena.sprt import Sprt, log_likelihood_ratios

MOST_POINTS = 400
"""More than a chart has room for."""


@dataclass(frozen=True, slots=True)
class Curves:
    """A match after more and more of its pairs; all arrays are of the same length P.

    Attributes:
        pairs: how many are counted at each point, ascending, the last all of them; int [P].
        elo: difference of A over B, infinite while A has won or lost everything. low, high: its 95 % interval, infinite
            where the results set no bound.
        llr: log-likelihood ratio of the test, or None without one.
        bounds: Wald's bounds of the test, or None.
    """

    pairs: NDArray[np.int64]
    elo: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    llr: NDArray[np.float64] | None
    bounds: tuple[float, float] | None


def curves(pair_points: NDArray[np.float64], sprt: Sprt | None, most: int = MOST_POINTS) -> Curves:
    """The curves of a match.

    Args:
        pair_points: A's points in both games of each pair, [N, 2].
        most: points of a curve, at most and at least 2; evenly spread over the match, its first and last pair included.

    Raises:
        ValueError: `pair_points` is not [N, 2], or holds something else than 0, 0.5 and 1.
    """
    if pair_points.ndim != 2 or pair_points.shape[1] != 2:
        raise ValueError(f"the points of pairs have the shape [N, 2], not {list(pair_points.shape)}")
    if not np.isin(pair_points, (0.0, 0.5, 1.0)).all():
        raise ValueError("the points of a game are 0, 0.5 or 1")
    count = len(pair_points)
    pairs = np.unique(np.linspace(1, count, min(count, max(most, 2))).round().astype(np.int64))
    pentanomials = np.zeros((len(pairs), 5), np.int64)
    places = (2.0 * pair_points.sum(1)).astype(np.int64)
    for place in range(5):
        pentanomials[:, place] = np.cumsum(places == place)[pairs - 1]
    samples = samples_of(pentanomials)
    low, high = score_intervals(samples)
    return Curves(
        pairs=pairs,
        elo=elos_of_scores(samples.mean),
        low=elos_of_scores(low),
        high=elos_of_scores(high),
        llr=None if sprt is None else log_likelihood_ratios(pentanomials, sprt.elo0, sprt.elo1, sprt.model),
        bounds=None if sprt is None else sprt.bounds,
    )
