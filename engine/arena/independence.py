"""How much the games of a match really tell: as many as so many games that have nothing to do with each other.

Three things make them tell less. Games that came together with an earlier one and ended like it repeat what it said.
The games of a pair share an opening, and who understands it better may win both. And pairs from the same opening are
alike where players are nearly deterministic. The last two are only believed where chance hardly explains them.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.arena.games import Game

_SURE = 2.0  # standard errors by which a correlation must differ from none
_FEW = 0.98  # of all games; what tells so much is not worth a word of caution


@dataclass(frozen=True, slots=True)
class Independence:
    """How independent the games of a match are.

    Attributes:
        games: that have a result. distinct_games: of those, without repetitions.
        effective_games: independent games that would tell as much, at most `games`.
        pair_variance: variance of a pair's points relative to two independent games; below 1 where openings decide, as
            colours are reversed. 1 where nothing varied.
        openings: different ones. opening_correlation: of the points of pairs from the same opening, in [0, 1].
        sentence: all that for people.
    """

    games: int
    distinct_games: int
    effective_games: float
    pair_variance: float
    openings: int
    opening_correlation: float
    sentence: str


def independence(games: Sequence[Game]) -> Independence:
    """Judge the games of a match.

    Args:
        games: finished ones, the two of every pair together, as `Match.counted_games` gives them.

    Raises:
        ValueError: an odd number of games, or one of them is not over.
    """
    if len(games) % 2:
        raise ValueError(f"{len(games)} games are not pairs")
    distinct = len(games) - duplicates(games)
    pairs = _pairs(games)
    ratio = _pair_variance(pairs)
    openings, correlation, repeated = _openings(games, pairs)
    burden = ratio if ratio > 1.0 + _SURE / math.sqrt(max(1, len(pairs))) else 1.0
    effective = distinct / burden / (1.0 + (repeated - 1.0) * correlation)
    sentence = _sentence(len(games), distinct, effective, burden, correlation)
    return Independence(len(games), distinct, effective, ratio, openings, correlation, sentence)


def duplicates(games: Sequence[Game]) -> int:
    """Games that came together with an earlier one, from whichever opening and side, and ended like it."""
    return len(games) - len({game.fingerprint for game in games})


def _pairs(games: Sequence[Game]) -> list[tuple[float, float]]:
    """A's points in both games of every pair."""
    points = []
    for game in games:
        if game.points is None:
            raise ValueError(f"game {game.index} is not over")
        points.append(game.points)
    return list(zip(points[::2], points[1::2], strict=True))


def _pair_variance(pairs: Sequence[tuple[float, float]]) -> float:
    """Variance of the pairs' points over the sum of those of their games, each apart by who had the first move."""
    if not pairs:
        return 1.0
    first, second = np.array(pairs).T
    apart = float(first.var() + second.var())
    return float((first + second).var()) / apart if apart > 0.0 else 1.0


def _openings(games: Sequence[Game], pairs: Sequence[tuple[float, float]]) -> tuple[int, float, float]:
    """Different openings, correlation of pairs that share one, and pairs of an opening on average.

    The correlation is that of the analysis of variance (R. A. Fisher, "Statistical Methods for Research Workers",
    1925, section 40), of pairs of which at least one game was not there before: repetitions are counted apart.
    """
    seen: set[int] = set()
    found: dict[tuple[str, tuple[int, ...]], list[float]] = defaultdict(list)
    for at, pair in enumerate(pairs):
        both = games[2 * at : 2 * at + 2]
        new = {game.fingerprint for game in both} - seen
        seen |= new
        if new:
            opening = both[0].opening
            found[opening.start, tuple(opening.actions)].append(sum(pair))
    openings = len({(game.opening.start, tuple(game.opening.actions)) for game in games})
    sizes = np.array([len(points) for points in found.values()])
    total = int(sizes.sum())
    if total <= len(sizes) or len(sizes) < 2:
        return openings, 0.0, 1.0
    means = np.array([np.mean(points) for points in found.values()])
    overall = float(sizes @ means) / total
    between = float(sizes @ (means - overall) ** 2) / (len(sizes) - 1)
    scatter = sum(float(np.sum((np.array(one) - mean) ** 2)) for one, mean in zip(found.values(), means, strict=True))
    within = scatter / (total - len(sizes))
    usual = (total - float(sizes @ sizes) / total) / (len(sizes) - 1)
    spread = between + (usual - 1.0) * within
    correlation = (between - within) / spread if spread > 0.0 else 0.0
    by_chance = _SURE * math.sqrt(2.0 / (total * max(usual - 1.0, 1.0 / total)))
    if correlation <= by_chance:
        return openings, 0.0, 1.0
    return openings, correlation, float(sizes @ sizes) / total


def _sentence(games: int, distinct: int, effective: float, burden: float, correlation: float) -> str:
    if not games:
        return "No game is over yet."
    if effective > _FEW * games:
        return f"All {games:,} games are independent of each other, as far as can be seen."
    causes = []
    if distinct < games:
        causes.append(f"{games - distinct:,} repeat an earlier one")
    if burden > 1.0:
        causes.append("both games of a pair often go to the same player")
    if correlation > 0.0:
        causes.append("pairs from the same opening went alike")
    because = " and ".join([", ".join(causes[:-1]), causes[-1]] if len(causes) > 1 else causes)
    return f"The {games:,} games tell about as much as {effective:,.0f} independent ones: {because}."
