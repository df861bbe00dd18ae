"""What a match would cost: the pace of a few games, and what follows from it."""

import msgspec
import pytest

from engine.arena import estimate
from engine.arena.cost import cost_before
from engine.arena.estimate import cost_of_match, measured, throw_away
from engine.arena.order import MatchOrder, SprtOrder
from engine.arena.running import open_match

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
    with open_match(ORDER) as running:
        while running.advance():
            pass
        report = running.report()
    pace = paced(ORDER)
    assert pace.seconds_per_game * 40 == pytest.approx(report["seconds_s"], rel=3), "this machine is busy"
    assert 0.0 < pace.draws < 0.3, "few games are held to what is usual"


def test_the_slower_player_is_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time for a player's moves counts once for each, though its steps may be few and the other's many."""
    monkeypatch.setattr(estimate, "_SECONDS", 0.0)
    slow = MatchOrder(domain="connect_four", a="uniform@300", b="random", pairs=3, seed=2)
    other_way = msgspec.structs.replace(slow, a="random", b="uniform@300")
    quick = msgspec.structs.replace(slow, a="random")
    first = paced(slow).seconds_per_game
    assert first > 10 * paced(quick).seconds_per_game
    assert paced(other_way).seconds_per_game == pytest.approx(first, rel=3)


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
