"""What a person fills in before a match: from choices to an order, and what it would cost in plain words."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.viewmodels.figures import count, duration
from engine.arena.cost import CostBefore, cost_before
from engine.arena.order import PAIRS_OF_A_TEST, Adjudication, MatchOrder, SprtOrder, checked
from engine.arena.player_spec import canonical, parse_player
from engine.service.arena_messages import MatchCost, MatchInfo

_DRAWS = 0.2
"""Share of draws that is reckoned with before a game was played."""
_STILL_TO_MEASURE = "“Measure” says how long that takes."


@dataclass(frozen=True, slots=True)
class Setup:
    """The form.

    Attributes:
        a, b: players, written as `engine.arena.player_spec` reads them.
        is_test: play until the test of `elo0` against `elo1` has decided; else all `pairs` are played.
        ends_early: games end as soon as both players agree on the result.
    """

    domain: str = "chess"
    a: str = ""
    b: str = ""
    openings: str = "builtin"
    is_test: bool = True
    pairs: int = 100
    elo0: float = 0.0
    elo1: float = 10.0
    seed: int = 0
    ends_early: bool = False


def order_of(setup: Setup) -> MatchOrder:
    """The match that is meant.

    Raises:
        ValueError: a player or number that is none; the message names it.
    """
    for player in (setup.a, setup.b):
        parse_player(player)
    return checked(
        MatchOrder(
            domain=setup.domain,
            a=setup.a,
            b=setup.b,
            openings=setup.openings,
            pairs=PAIRS_OF_A_TEST if setup.is_test else setup.pairs,
            seed=setup.seed,
            sprt=SprtOrder(elo0=setup.elo0, elo1=setup.elo1) if setup.is_test else None,
            adjudication=Adjudication() if setup.ends_early else None,
        )
    )


def setup_of(order: MatchOrder) -> Setup:
    """The form as it was filled in for `order`."""
    usual = Setup()
    return Setup(
        domain=order.domain,
        a=order.a,
        b=order.b,
        openings=order.openings,
        is_test=order.sprt is not None,
        pairs=order.pairs if order.sprt is None else usual.pairs,
        elo0=order.sprt.elo0 if order.sprt is not None else usual.elo0,
        elo1=order.sprt.elo1 if order.sprt is not None else usual.elo1,
        seed=order.seed,
        ends_early=order.adjudication is not None,
    )


def known_pace(order: MatchOrder, listed: Iterable[MatchInfo]) -> float | None:
    """Games per minute of the newest stored match between the same players, or None."""
    for info in listed:
        is_same = info.order.domain == order.domain and _players(info.order) == _players(order)
        pace = float((info.report or {}).get("games_per_minute") or 0.0)
        if is_same and pace > 0.0:
            return pace
    return None


def _players(order: MatchOrder) -> set[str]:
    """Who meets, whoever of the two is A and however it is written."""
    return {canonical(order.a), canonical(order.b)}


def cost_words(order: MatchOrder, pace: float | None = None, measured: MatchCost | None = None) -> str:
    """What the match takes and what it will tell, in one or two sentences.

    Args:
        pace: games per minute, where that is known. measured: what an estimate of this very order found.
    """
    if measured is not None:
        return _measured_words(order, measured)
    seconds = 60.0 / pace if pace else 0.0
    question = order.pairs if order.sprt is None else order.sprt.sprt()
    cost = cost_before(question, _DRAWS, seconds)
    time = f", {_about(60.0 * cost.minutes)}" if pace else ""
    sentence = _plain_words(order, cost, time) if order.sprt is None else _test_words(cost, time, is_timed=bool(pace))
    return sentence if pace else f"{sentence} {_STILL_TO_MEASURE}"


def _plain_words(order: MatchOrder, cost: CostBefore, time: str) -> str:
    return f"{count(2 * order.pairs)} games{time}. They tell ±{cost.half_width_elo:.0f} Elo."


def _test_words(cost: CostBefore, time: str, *, is_timed: bool) -> str:
    worst = f" or {duration(60.0 * cost.worst_minutes)}" if is_timed else ""
    return (
        f"About {_round(cost.games)} games{time}; up to about {_round(cost.worst_games)}{worst} "
        "where the truth lies in between."
    )


def _measured_words(order: MatchOrder, cost: MatchCost) -> str:
    pace = f"{cost.games_per_minute:,.0f} games a minute, measured."
    if order.sprt is None:
        width = f"±{cost.half_width_elo:.0f} Elo"
        return f"{_round(cost.games)} games, {_about(cost.seconds_s)}. They tell {width}. ({pace})"
    return (
        f"About {_round(cost.games)} games, {_about(cost.seconds_s)}; up to about {_round(cost.worst_games)} or "
        f"{duration(cost.worst_seconds_s)} where the truth lies in between. ({pace})"
    )


def _about(seconds: float) -> str:
    return "less than a minute" if seconds < 60.0 else f"about {duration(seconds)}"


def _round(games: float) -> str:
    """Two digits are all that is known."""
    if games < 100:
        return f"{games:.0f}"
    return count(int(float(f"{games:.2g}")))
