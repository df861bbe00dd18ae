"""What a match would cost: the pace of a few games, and what follows from it."""

from types import SimpleNamespace
from typing import cast

import msgspec
import pytest

from engine.arena import estimate
from engine.arena.cost import cost_before
from engine.arena.estimate import cost_of_match, measured, throw_away
from engine.arena.order import MatchOrder, SprtOrder
from engine.arena.running import RunningMatch, open_match

ORDER = MatchOrder(domain="connect_four", a="uniform@30", b="random", pairs=20, seed=2)


def paced(order: MatchOrder, breaks: int | None = None) -> estimate.Pace:
    """Measure, and end after so many breaks."""
    with open_match(order) as running:
        work = measured(running)
        try:
            next(work)
            while True:
                breaks = None if breaks is None else breaks - 1
                work.send(breaks == 0)
        except StopIteration as end:
            pace: estimate.Pace = end.value
            return pace


def test_a_match_that_is_soon_over_is_measured_as_a_whole() -> None:
    pace = paced(ORDER)
    assert pace.seconds_per_game > 0.0
    assert 0.0 < pace.draws < 0.3, "few games are held to what is usual"


@pytest.mark.parametrize("slow_is_a", [True, False])
def test_time_for_a_players_moves_counts_once_for_each(slow_is_a: bool) -> None:
    """Though the steps of the slower one may be few and the other's many."""
    game = SimpleNamespace(actions=[], a_moves_first=True)
    match = SimpleNamespace(games=[game], seconds_s=0.0)
    spent = estimate._Spent(cast("RunningMatch", SimpleNamespace(match=match)))
    assert spent.seconds_per_move() == 0.0
    for ply in range(6):
        game.actions.append(3)
        match.seconds_s += 2.0 if (ply % 2 == 0) == slow_is_a else 0.1
        spent.look()
        assert spent.is_complete == (ply > 0)
    assert spent.seconds_per_move() == pytest.approx((2.0 + 0.1) / 2)


@pytest.mark.parametrize(
    ("a", "b", "concurrency", "expected"),
    [
        ("uniform@0", "random", None, None),
        ("uniform@400", "random", None, 10),
        ("uniform@8", "uniform@4000", None, 4),
        ("uniform@8", "random", None, 256),
        ("uniform@8", "random", 7, 7),
    ],
)
def test_long_thinkers_are_measured_on_few_boards(
    a: str, b: str, concurrency: int | None, expected: int | None
) -> None:
    order = MatchOrder(domain="connect_four", a=a, b=b, concurrency=concurrency)
    assert throw_away(order) == msgspec.structs.replace(order, concurrency=expected)


def test_told_to_end_at_once_it_knows_nothing_yet() -> None:
    slow = MatchOrder(domain="connect_four", a="uniform@300", b="uniform@300", pairs=20)
    assert paced(slow, 1).seconds_per_game == 0.0


def test_the_cost_is_that_of_the_question() -> None:
    pace = estimate.Pace(0.5, 0.2)
    with open_match(ORDER) as running:
        assert cost_of_match(running, pace) == cost_before(20, 0.2, 0.5)
        assert cost_of_match(running, pace).minutes == pytest.approx(20 / 60)
    tested = MatchOrder(domain="connect_four", a="random", b="random", pairs=20, sprt=SprtOrder(elo0=0, elo1=20))
    assert tested.sprt is not None
    with open_match(tested) as running:
        assert cost_of_match(running, pace) == cost_before(tested.sprt.sprt(), 0.2, 0.5)
