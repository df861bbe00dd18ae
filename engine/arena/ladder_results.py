"""Results that a ladder is made from, by whoever had the first move; as records, and as arrays to be fitted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arena.counts import PAIR_SCORES, Counts
from engine.arena.games import Game
from engine.arena.outcomes import outcome_shares, score_moments

Trinomial = tuple[int, int, int]
Pentanomial = tuple[int, int, int, int, int]
NO_GAMES: Trinomial = (0, 0, 0)
NO_PAIRS: Pentanomial = (0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Played:
    """Games between two players: losses, draws and wins of A.

    Attributes:
        a_first, b_first: of the games in which that player had the first move.
        either: of games of which that is not known.
        pentanomial: pairs in which A got 0, 1/2, 1, 1 1/2 and 2 points; all zero where games were not paired.
    """

    a: str
    b: str
    a_first: Trinomial = NO_GAMES
    b_first: Trinomial = NO_GAMES
    either: Trinomial = NO_GAMES
    pentanomial: Pentanomial = NO_PAIRS

    @property
    def counts(self) -> Counts:
        """All of them, whoever had the first move."""
        losses, draws, wins = (sum(kind) for kind in zip(self.a_first, self.b_first, self.either, strict=True))
        return Counts(wins, draws, losses, self.pentanomial)


def played_games(a: str, b: str, games: Iterable[Game], counts: Counts) -> Played:
    """The finished games of a match, `counts` being its results."""
    found = {True: [0, 0, 0], False: [0, 0, 0]}
    for game in games:
        if game.points is not None:
            found[game.a_moves_first][round(2 * game.points)] += 1
    (lost, drawn, won), (lost_2, drawn_2, won_2) = found[True], found[False]
    return Played(a, b, (lost, drawn, won), (lost_2, drawn_2, won_2), pentanomial=counts.pentanomial)


def played_counts(a: str, b: str, counts: Counts) -> Played:
    """Results of which it is not known who had the first move."""
    return Played(a, b, either=counts.trinomial, pentanomial=counts.pentanomial)


@dataclass(frozen=True, slots=True)
class Rows:
    """Results as arrays, a row for two players and who of them had the first move: [R] each.

    Attributes:
        a, b: places of the players. first: 1 where A had the first move, -1 where B had, 0 where it is not known.
        games, draws, points: of A. is_paired: whether the games are parts of pairs.
        pairs: of the meeting as a whole, counted in its first row. pair_scatter: sum of squares of the pairs' scores
            about their mean. partner: where the row for the other first move stands, or the row itself.
    """

    a: NDArray[np.intp]
    b: NDArray[np.intp]
    first: NDArray[np.float64]
    games: NDArray[np.float64]
    draws: NDArray[np.float64]
    points: NDArray[np.float64]
    is_paired: NDArray[np.bool_]
    pairs: NDArray[np.float64]
    pair_scatter: NDArray[np.float64]
    partner: NDArray[np.intp]

    def differences(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Elo that A had more in each row, [R], of the ratings and last the advantage of the first move [P + 1]."""
        difference: NDArray[np.float64] = values[self.a] - values[self.b] + self.first * values[-1]
        return difference

    def by_value(self, gradient: NDArray[np.float64], count: int) -> NDArray[np.float64]:
        """A slope by each row's difference [R] as one by the values [P + 1], for `count` players."""
        slope = _sums(self.a, gradient, count + 1) - _sums(self.b, gradient, count + 1)
        slope[-1] = gradient @ self.first
        return slope

    def by_values(self, information: NDArray[np.float64], count: int) -> NDArray[np.float64]:
        """The information on each row's difference [R] as that on the values [P + 1, P + 1]."""
        size = count + 1
        one, other = np.minimum(self.a, self.b), np.maximum(self.a, self.b)
        above = _sums(one * size + other, -information, size * size).reshape(size, size)
        total = above + above.T
        own = _sums(self.a, information, size) + _sums(self.b, information, size)
        with_first = self.by_value(information * self.first, count)
        with_first[-1] = information @ self.first**2
        total[np.arange(count), np.arange(count)] = own[:-1]
        total[-1], total[:, -1] = with_first, with_first
        return total

    def totals(self, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Games and points of each of `count` players."""
        games = _sums(self.a, self.games, count) + _sums(self.b, self.games, count)
        points = _sums(self.a, self.points, count) + _sums(self.b, self.games - self.points, count)
        return games, points

    def pair_variance(self, differences: NDArray[np.float64], nu: float, usual: float) -> float:
        """Variance of pairs relative to that of two independent games, all meetings together.

        Args:
            differences: of the rows, Elo [R].
            usual: pairs' worth of belief in 1.
        """
        _, variance = score_moments(outcome_shares(differences, nu))
        independent = 0.25 * (variance + variance[self.partner])  # of the mean of the two scores of a pair
        freedom = np.maximum(self.pairs - 1.0, 0.0)
        expected = float(freedom @ independent)
        if expected <= 0.0:
            return 1.0
        belief = usual * expected / max(float(freedom.sum()), 1.0)
        return (float(self.pair_scatter[freedom > 0.0].sum()) + belief) / (expected + belief)


def rows_of(results: Sequence[Played], index: Mapping[str, int]) -> Rows:
    """The rows of all results that hold games; `index` tells the players' places."""
    places: list[tuple[int, int, int]] = []
    figures: list[tuple[float, float, float, float, float, float, float]] = []
    for played in results:
        pairs, scatter = _scatter(played.pentanomial)
        kinds = [(1.0, played.a_first), (-1.0, played.b_first), (0.0, played.either)]
        kinds = [(first, trinomial) for first, trinomial in kinds if sum(trinomial)]
        begin = len(places)
        for at, (first, (losses, draws, wins)) in enumerate(kinds):
            partner = begin + (1 - at if len(kinds) > 1 and at < 2 else at)
            places.append((index[played.a], index[played.b], partner))
            games, points = losses + draws + wins, wins + 0.5 * draws
            told = (pairs, scatter) if at == 0 else (0.0, 0.0)
            figures.append((first, games, draws, points, float(pairs > 0.0), *told))
    a, b, partners = np.array(places, np.intp).reshape(-1, 3).T
    first_move, games_, draws_, points_, is_paired, pairs_, scatter_ = np.array(figures, np.float64).reshape(-1, 7).T
    return Rows(a, b, first_move, games_, draws_, points_, is_paired > 0.0, pairs_, scatter_, partners)


def _sums(places: NDArray[np.intp], values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Sum of the values at each of `count` places."""
    return np.bincount(places, values, count).astype(np.float64, copy=False)


def _scatter(pentanomial: Pentanomial) -> tuple[float, float]:
    """Pairs, and the sum of squares of their scores about the mean."""
    pairs = sum(pentanomial)
    if not pairs:
        return 0.0, 0.0
    total = sum(count * score for count, score in zip(pentanomial, PAIR_SCORES, strict=True))
    squares = sum(count * score**2 for count, score in zip(pentanomial, PAIR_SCORES, strict=True))
    return float(pairs), max(0.0, squares - total * total / pairs)
