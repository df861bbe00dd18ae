"""Results of a match as counts: wins, draws and losses of player A, and the five possible results of a pair."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

PAIR_SCORES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Share of the two points of a pair, lowest first: the order of `Counts.pentanomial`."""

GAME_SCORES = (0.0, 0.5, 1.0)
"""Points of a game: the order of `Counts.trinomial`."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Results, seen by player A.

    Attributes:
        wins, draws, losses: games.
        pentanomial: pairs in which A got 0, 1/2, 1, 1 1/2 and 2 points; all zero where games were not paired.
    """

    wins: int = 0
    draws: int = 0
    losses: int = 0
    pentanomial: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)

    @property
    def games(self) -> int:
        """All games."""
        return self.wins + self.draws + self.losses

    @property
    def pairs(self) -> int:
        """All pairs."""
        return sum(self.pentanomial)

    @property
    def trinomial(self) -> tuple[int, int, int]:
        """Losses, draws, wins."""
        return self.losses, self.draws, self.wins

    @property
    def swapped(self) -> "Counts":
        """The same results, seen by player B."""
        return Counts(self.losses, self.draws, self.wins, self.pentanomial[::-1])

    def plus(self, other: "Counts") -> "Counts":
        """These and other results of the same player A."""
        both = zip(self.pentanomial, other.pentanomial, strict=True)
        none, half, one, more, all_points = (mine + its for mine, its in both)
        return Counts(
            wins=self.wins + other.wins,
            draws=self.draws + other.draws,
            losses=self.losses + other.losses,
            pentanomial=(none, half, one, more, all_points),
        )

    def with_pair(self, first: float, second: float) -> "Counts":
        """These and one more pair, in which A got so many points in its games."""
        place = round(2 * (first + second))
        none, half, one, more, both = (count + (at == place) for at, count in enumerate(self.pentanomial))
        points = (first, second)
        return replace(
            self,
            wins=self.wins + points.count(1.0),
            draws=self.draws + points.count(0.5),
            losses=self.losses + points.count(0.0),
            pentanomial=(none, half, one, more, both),
        )


def count_pairs(pairs: Iterable[tuple[float, float]]) -> Counts:
    """The counts of pairs, given as A's points in both games of each."""
    counts = Counts()
    for first, second in pairs:
        counts = counts.with_pair(first, second)
    return counts


@dataclass(frozen=True, slots=True)
class Sample:
    """A distribution of scores with its size: what every estimate is made from.

    Attributes:
        size: games, or pairs of games.
        mean: score in [0, 1].
        variance: of one game's or pair's score, as seen (not corrected for the size).
        games_each: 1 for games, 2 for pairs.
    """

    size: int
    mean: float
    variance: float
    games_each: int


@dataclass(frozen=True, slots=True)
class Samples:
    """Many samples at once, each field as in `Sample` and of shape [N]; `games_each` is that of all."""

    size: NDArray[np.int64]
    mean: NDArray[np.float64]
    variance: NDArray[np.float64]
    games_each: int


def sample_of(counts: Counts) -> Sample:
    """The pairs where there are any, as the games of a pair depend on each other; else the games.

    Raises:
        ValueError: nothing was counted.
    """
    if not counts.games and not counts.pairs:
        raise ValueError(f"no game in {counts}")
    found = samples_of(np.array([counts.pentanomial if counts.pairs else counts.trinomial]))
    return Sample(int(found.size[0]), float(found.mean[0]), float(found.variance[0]), found.games_each)


def samples_of(counts: NDArray[np.int64]) -> Samples:
    """The samples of many results.

    Args:
        counts: [N, K], from the lowest score to the highest: K = 3 of games, 5 of pairs; no row is all zero.
    """
    scores = scores_of(counts.shape[1])
    size = counts.sum(1)
    mean = counts @ scores / size
    away = scores - mean[:, None]
    return Samples(size, mean, np.einsum("nk,nk->n", counts, away**2) / size, 1 if len(scores) == 3 else 2)


def scores_of(kinds: int) -> NDArray[np.float64]:
    """The scores, lowest first, of results of which there are so many kinds.

    Raises:
        ValueError: neither a game nor a pair has so many.
    """
    for scores in (GAME_SCORES, PAIR_SCORES):
        if len(scores) == kinds:
            return np.array(scores)
    raise ValueError(f"{kinds} kinds of results; there are 3 of a game and 5 of a pair")
