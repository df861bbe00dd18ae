"""A ladder: many players on one Elo scale, fitted to all their games together.

Maximum a posteriori of a Bradley-Terry model with an advantage of the first move and a weight of draws
(`engine.arena.outcomes`). Two weak priors hold it: parents and children differ by some tens of Elo (a random walk along
the generations), and nobody is thousands away. Uncertainty is the curvature at the maximum (Laplace), with games
counted for as much as they tell: those of a pair depend on each other, and by how much the pentanomials show.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arena.ladder_links import cycles_of, groups_of, open_ends
from engine.arena.ladder_results import Played, Rows, rows_of
from engine.arena.normal import Z_95, normal_cdf
from engine.arena.outcomes import ELO_SLOPE, draw_share, nu_of, outcome_shares, score_moments

_STEPS = 60
_CLOSE_ELO = 1e-6
_LONGEST_ELO = 400.0  # of a step: beyond, the curvature at its start says nothing
_TINY = 1e-300
_ROUNDS = 3  # of fitting, weighing draws and weighing pairs in turn
_USUAL_PAIRS = 20.0  # pairs' worth of belief that games of a pair are independent


class LadderError(ValueError):
    """Results that cannot be rated; the message names what is wrong with them."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed before any game.

    Attributes:
        step_elo: standard deviation of the difference of a child from its parent, above 0.
        spread_elo: of every player from the middle of its group, above 0: so wide that only a player who lost (or won)
            everything feels it. first_move_elo: of the advantage of the first move from 0, above 0.
        draws: share of draws between equals that is believed, in (0, 1), with the weight of two games.
    """

    step_elo: float = 50.0
    spread_elo: float = 1000.0
    first_move_elo: float = 300.0
    draws: float = 0.2

    def __post_init__(self) -> None:
        for name in ("step_elo", "spread_elo", "first_move_elo"):
            if not getattr(self, name) > 0.0:
                raise ValueError(f"a prior's {name} must be above 0, not {getattr(self, name):g}")
        if not 0.0 < self.draws < 1.0:
            raise ValueError(f"a prior's share of draws must lie between 0 and 1, not at {self.draws:g}")


@dataclass(frozen=True, slots=True)
class Rung:
    """One player of a ladder.

    Attributes:
        elo: rating. low, high: 95 % interval; infinite at an end where the games set no bound, as for a player who won
            or lost everything: there the rating itself is the priors' doing.
        games, score: played, and share of the points; NaN without games.
        is_anchor: it is held at its rating.
    """

    name: str
    elo: float
    low: float
    high: float
    games: int
    score: float
    is_anchor: bool

    @property
    def is_open(self) -> bool:
        """Whether its interval has no bound on one side at least."""
        return math.isinf(self.low) or math.isinf(self.high)


@dataclass(frozen=True, slots=True)
class Ladder:
    """Ratings, in the order in which the players were given.

    Attributes:
        rungs: the P players.
        superiority: chance that the player of the row is stronger than that of the column, [P, P]; 0.5 on the diagonal,
            NaN between groups.
        covariance: of the ratings, Elo squared, [P, P]; 0 for anchors.
        draw: share of draws between equals.
        first_move_elo: advantage of the first move. first_move_interval: 95 %.
        pair_variance: variance of a pair's points relative to two independent games: below 1 where openings
            decide games, as colours are reversed; above 1 where both games of a pair tend to go to the same player.
        cycles: players each of whom beat the next significantly, and the last the first; the shortest ones.
        groups: players whom games, descent or anchors connect, the largest first; more than one where some are on
            scales of their own.
    """

    rungs: tuple[Rung, ...]
    superiority: NDArray[np.float64]
    covariance: NDArray[np.float64]
    draw: float
    first_move_elo: float
    first_move_interval: tuple[float, float]
    pair_variance: float
    cycles: tuple[tuple[str, ...], ...]
    groups: tuple[tuple[str, ...], ...]


def fit_ladder(
    players: Sequence[str],
    results: Sequence[Played],
    anchors: Mapping[str, float] | None = None,
    lineage: Sequence[tuple[str, str]] = (),
    prior: Prior | None = None,
    reference: str | None = None,
) -> Ladder:
    """Rate players by all their games.

    Args:
        players: each once. results: two players may meet in several of them.
        anchors: Elo that some players are held at. Where nothing connects players to an anchor, 0 is the mean of those
            among them whose rating has a bound on both sides.
        lineage: (parent, child), players both; those who are not among the players are no concern here.
        reference: a player who is to have Elo 0 instead, if its group has no anchor.

    Raises:
        LadderError: a name comes twice, is not among the players, or plays itself; an anchor's Elo is not finite.
    """
    index = _checked(players, results, anchors or {}, reference)
    held = {index[name]: float(elo) for name, elo in (anchors or {}).items()}
    descent = [(index[parent], index[child]) for parent, child in lineage if parent in index and child in index]
    rows = rows_of(results, index)
    groups = groups_of(len(players), rows, descent, set(held))
    model = _Model(len(players), rows, descent, held, groups, prior or Prior())
    fitted = _fit(model)
    is_open_below, is_open_above = open_ends(len(players), rows, groups, set(held))
    is_bounded = ~(is_open_below | is_open_above)
    measured_from = is_bounded if reference is None else np.arange(len(players)) == index[reference]
    elo, covariance = _placed(model, fitted, measured_from)
    error = Z_95 * np.sqrt(np.maximum(np.diag(covariance), 0.0))
    low, high = np.where(is_open_below, -np.inf, elo - error), np.where(is_open_above, np.inf, elo + error)
    games, points = rows.totals(len(players))
    rungs = tuple(
        Rung(
            name=name,
            elo=float(elo[at]),
            low=float(low[at]),
            high=float(high[at]),
            games=int(games[at]),
            score=float(points[at] / games[at]) if games[at] else math.nan,
            is_anchor=at in held,
        )
        for at, name in enumerate(players)
    )
    first, first_error = float(fitted.values[-1]), Z_95 * math.sqrt(fitted.covariance[-1, -1])
    return Ladder(
        rungs=rungs,
        superiority=_superiority(elo, covariance, groups),
        covariance=covariance,
        draw=draw_share(fitted.nu),
        first_move_elo=first,
        first_move_interval=(first - first_error, first + first_error),
        pair_variance=fitted.pair_variance,
        cycles=tuple(tuple(players[at] for at in cycle) for cycle in cycles_of(results, index)),
        groups=tuple(tuple(players[at] for at in group) for group in groups),
    )


@dataclass(frozen=True, slots=True)
class _Model:
    count: int
    rows: Rows
    descent: list[tuple[int, int]]
    held: dict[int, float]
    groups: list[list[int]]
    prior: Prior

    @property
    def free(self) -> NDArray[np.intp]:
        """Parameters that are fitted: ratings that are not held, and last the advantage of the first move."""
        return np.array([at for at in range(self.count + 1) if at not in self.held], np.intp)


@dataclass(frozen=True, slots=True)
class _Fitted:
    """Ratings and the advantage of the first move [P + 1] with their covariance, and what else was fitted."""

    values: NDArray[np.float64]
    covariance: NDArray[np.float64]
    nu: float
    pair_variance: float


def _checked(
    players: Sequence[str], results: Sequence[Played], anchors: Mapping[str, float], reference: str | None
) -> dict[str, int]:
    """Where each player stands."""
    index = {name: at for at, name in enumerate(players)}
    if len(index) != len(players):
        twice = next(name for at, name in enumerate(players) if index[name] != at)
        raise LadderError(f"{twice!r} is there twice")
    named = [name for played in results for name in (played.a, played.b)] + list(anchors)
    for name in named + ([] if reference is None else [reference]):
        if name not in index:
            raise LadderError(f"{name!r} is not among the players")
    for played in results:
        if played.a == played.b:
            raise LadderError(f"{played.a!r} cannot play itself")
    for name, elo in anchors.items():
        if not math.isfinite(elo):
            raise LadderError(f"{name!r} cannot be held at {elo} Elo")
    return index


def _fit(model: _Model) -> _Fitted:
    """Ratings, draws and the weight of pairs in turn; the first two are nearly independent of each other."""
    precision, pull = _prior_terms(model)
    values = _start(model)
    nu, pair_variance = nu_of(model.prior.draws), 1.0
    covariance = np.zeros_like(precision)
    for _ in range(_ROUNDS):
        weight = np.where(model.rows.is_paired, 1.0 / pair_variance, 1.0)
        values, covariance = _climbed(model, precision, pull, values, nu, weight)
        nu = _draw_weight(model.rows.differences(values), model.rows, nu, model.prior.draws)
        pair_variance = model.rows.pair_variance(model.rows.differences(values), nu, _USUAL_PAIRS)
    return _Fitted(values, covariance, nu, pair_variance)


def _prior_terms(model: _Model) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Minus the logarithm of the priors, v A v / 2 - b v of the values: A [P + 1, P + 1] and b [P + 1]."""
    prior = model.prior
    precision = np.diag([prior.spread_elo**-2] * model.count + [prior.first_move_elo**-2])
    for parent, child in model.descent:
        for one, other in ((parent, child), (child, parent)):
            precision[one, one] += prior.step_elo**-2
            precision[one, other] -= prior.step_elo**-2
    pull = prior.spread_elo**-2 * _start(model)
    pull[-1] = 0.0
    return precision, pull


def _start(model: _Model) -> NDArray[np.float64]:
    """The middle of each group, and the anchors: [P + 1]."""
    start = np.zeros(model.count + 1)
    for group in model.groups:
        held = [model.held[at] for at in group if at in model.held]
        start[group] = sum(held) / len(held) if held else 0.0
    for at, elo in model.held.items():
        start[at] = elo
    return start


def _climbed(
    model: _Model,
    precision: NDArray[np.float64],
    pull: NDArray[np.float64],
    values: NDArray[np.float64],
    nu: float,
    weight: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The most probable values from these on, and their covariance, by Fisher scoring."""
    free, rows = model.free, model.rows
    values = values.copy()
    inverse: NDArray[np.float64] = np.zeros((len(free), len(free)))
    for _ in range(_STEPS):
        gradient, information = _likelihood_terms(rows.differences(values), rows, nu, weight)
        slope = rows.by_value(gradient, model.count) - precision @ values + pull
        curvature = rows.by_values(information, model.count) + precision
        inverse = np.linalg.inv(curvature[np.ix_(free, free)]).astype(np.float64, copy=False)
        step = inverse @ slope[free]
        step *= min(1.0, _LONGEST_ELO / max(float(np.abs(step).max(initial=0.0)), _CLOSE_ELO))
        values[free] += step
        if np.abs(step).max(initial=0.0) < _CLOSE_ELO:
            break
    covariance = np.zeros((len(values), len(values)))
    covariance[np.ix_(free, free)] = inverse
    return values, covariance


def _likelihood_terms(
    differences: NDArray[np.float64], rows: Rows, nu: float, weight: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Slope of the log-likelihood by each row's difference, and Fisher's information of it: [R] each."""
    mean, variance = score_moments(outcome_shares(differences, nu))
    # The score is logistic in the difference; a difference matters through the score alone, with its variance.
    slope = ELO_SLOPE * mean * (1.0 - mean)
    variance = np.maximum(variance, _TINY)
    return weight * (rows.points - rows.games * mean) * slope / variance, weight * rows.games * slope**2 / variance


def _draw_weight(differences: NDArray[np.float64], rows: Rows, nu: float, believed: float) -> float:
    """The weight of draws that agrees best with how often games were drawn, by Newton's steps in its logarithm."""
    place = math.log(nu)
    for _ in range(_STEPS):
        shares = outcome_shares(differences, math.exp(place))
        mean, variance = score_moments(shares)
        drawn = shares[:, 1]
        together = drawn * (0.5 - mean)
        regression = np.divide(together, variance, out=np.zeros_like(variance), where=variance > 0.0)
        surprise = rows.draws - rows.games * drawn - regression * (rows.points - rows.games * mean)
        information = rows.games * (drawn * (1.0 - drawn) - regression * together)
        equal = draw_share(math.exp(place))
        slope = float(surprise.sum()) + 2.0 * (believed - equal)
        curvature = float(information.sum()) + 2.0 * equal * (1.0 - equal)
        step = max(-2.0, min(2.0, slope / curvature))
        place += step
        if abs(step) < 1e-9:
            break
    return math.exp(place)


def _placed(
    model: _Model, fitted: _Fitted, measured_from: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ratings [P] with their covariance; in groups without an anchor the mean of some players is moved to 0.

    Args:
        measured_from: whose mean that is, [P]; that of all in a group that has none of them.
    """
    move = np.eye(model.count)
    for group in model.groups:
        if any(at in model.held for at in group):
            continue
        zero = [at for at in group if measured_from[at]] or group
        move[np.ix_(group, zero)] -= 1.0 / len(zero)
    elo, covariance = fitted.values[:-1], fitted.covariance[:-1, :-1]
    return move @ elo, move @ covariance @ move.T


def _superiority(
    elo: NDArray[np.float64], covariance: NDArray[np.float64], groups: list[list[int]]
) -> NDArray[np.float64]:
    spread = np.diag(covariance)
    variance = np.maximum(spread[:, None] + spread[None, :] - 2.0 * covariance, 0.0)
    difference = elo[:, None] - elo[None, :]
    far = np.where(difference == 0.0, 0.0, np.copysign(np.inf, difference))
    z = np.divide(difference, np.sqrt(variance), out=far, where=variance > 1e-12)
    chance = normal_cdf(z)
    group_of = np.zeros(len(elo), np.intp)
    for number, group in enumerate(groups):
        group_of[group] = number
    chance[group_of[:, None] != group_of[None, :]] = np.nan
    return chance
