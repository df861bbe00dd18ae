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


def sample_of(counts: Counts) -> Sample:
    """The pairs where there are any, as the games of a pair depend on each other; else the games.

    Raises:
        ValueError: nothing was counted.
    """
    if counts.pairs:
        return _sample(np.array(PAIR_SCORES), np.array(counts.pentanomial), 2)
    if counts.games:
        return _sample(np.array(GAME_SCORES), np.array(counts.trinomial), 1)
    raise ValueError(f"no game in {counts}")


def _sample(scores: NDArray[np.float64], counts: NDArray[np.int64], games_each: int) -> Sample:
    size = int(counts.sum())
    mean = float(scores @ counts / size)
    return Sample(size, mean, float((scores - mean) ** 2 @ counts / size), games_each)
