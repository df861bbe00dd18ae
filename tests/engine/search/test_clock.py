"""Time for a move: no clock is ever overdrawn, and what is there is used."""

import itertools
import random

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.search.clock import Clock, TimePlan, limits_of_plan, time_for_move
from engine.search.limits import Limits

SECONDS = st.floats(0, 1e5, allow_nan=False)
CLOCKS = st.builds(
    Clock,
    remaining_s=st.floats(-10, 1e5),
    increment_s=SECONDS,
    moves_to_go=st.none() | st.integers(1, 100),
    overhead_s=st.floats(0, 100),
)


@given(CLOCKS)
def test_no_plan_is_longer_than_the_clock_less_the_overhead(clock: Clock) -> None:
    plan = time_for_move(clock)
    assert 0 <= plan.soft_s <= plan.hard_s <= max(0.0, clock.remaining_s - clock.overhead_s)


@given(CLOCKS, SECONDS)
def test_more_time_and_more_increment_never_mean_less_thinking(clock: Clock, more: float) -> None:
    plan = time_for_move(clock)
    increment = time_for_move(msgspec.structs.replace(clock, increment_s=clock.increment_s + more))
    assert increment.soft_s >= plan.soft_s * (1 - 1e-9)
    richer = Clock(remaining_s=clock.remaining_s + more, increment_s=clock.overhead_s, overhead_s=clock.overhead_s)
    poorer = msgspec.structs.replace(richer, remaining_s=clock.remaining_s)
    assert time_for_move(richer).soft_s >= time_for_move(poorer).soft_s


def test_plans_by_hand() -> None:
    even = Clock(remaining_s=300.0, increment_s=3.0, overhead_s=0.0)
    assert time_for_move(even).soft_s == pytest.approx((300 + 3 * 39) / 40)
    assert time_for_move(even).hard_s == pytest.approx(4 * (300 + 3 * 39) / 40)
    last = Clock(remaining_s=10.0, moves_to_go=1, overhead_s=0.0)
    assert time_for_move(last) == TimePlan(8.0, 8.0)
    assert time_for_move(Clock(remaining_s=100.0, moves_to_go=10, overhead_s=0.0)).soft_s == pytest.approx(10.0)
    lagging = Clock(remaining_s=100.1, overhead_s=0.1)
    assert time_for_move(lagging).soft_s == pytest.approx((100 - 0.1 * 450) / 40)
    assert time_for_move(Clock(remaining_s=0.01, overhead_s=0.02)) == TimePlan(0.0, 0.0)


def sane(overhead: float, increment: float, base: float, control: int | None) -> Clock:
    """A clock as people set it: it covers its own lag for a long game, or for the moves to its control."""
    lag = max(0.0, overhead - increment)
    least = overhead + lag * (520 if control is None else control + 1)
    return Clock(remaining_s=least + base, increment_s=increment, moves_to_go=control, overhead_s=overhead)


@example(0.5160353596016053, 0.5, 1.0, None, "hard", random.Random(0))
@given(
    st.floats(0, 1),
    st.floats(0, 30),
    st.floats(0.01, 7200),
    st.none() | st.sampled_from([1, 2, 20, 40]),
    st.sampled_from(["soft", "hard", "any"]),
    st.randoms(use_true_random=False),
)
def test_a_game_of_300_moves_never_flags(
    overhead: float, increment: float, base: float, control: int | None, how: str, chance: random.Random
) -> None:
    """Even where every move thinks to its hard limit and loses the whole overhead."""
    start = clock = sane(overhead, increment, base, control)
    for move in range(300):
        plan = time_for_move(clock)
        spent = {"soft": plan.soft_s, "hard": plan.hard_s, "any": chance.uniform(0, plan.hard_s)}[how]
        lost = overhead if how != "any" else chance.uniform(0, overhead)
        remaining = clock.remaining_s - spent - lost
        assert remaining > -1e-9, f"flagged at move {move}"
        remaining, to_go = remaining + increment, clock.moves_to_go
        if to_go is not None:
            to_go -= 1
            if to_go == 0:
                remaining, to_go = remaining + start.remaining_s, control
        clock = msgspec.structs.replace(clock, remaining_s=remaining, moves_to_go=to_go)


@pytest.mark.parametrize("increment", [0.1, 2.0, 30.0])
def test_increments_are_used(increment: float) -> None:
    """A long game settles where a move takes about its increment: less would hoard, more would flag."""
    clock, spent = Clock(remaining_s=60.0 * increment, increment_s=increment, overhead_s=0.01), []
    for _ in range(300):
        spent.append(time_for_move(clock).soft_s)
        clock = msgspec.structs.replace(clock, remaining_s=clock.remaining_s - spent[-1] + increment)
    assert spent[-1] == pytest.approx(increment, rel=0.1)
    assert all(late <= early * 1.001 for early, late in itertools.pairwise(spent))
    assert sum(spent) > 0.97 * (60 + 300) * increment


def test_most_of_a_clock_without_increment_is_used_by_the_end_of_a_long_game() -> None:
    clock = Clock(remaining_s=180.0, overhead_s=0.02)
    for _ in range(80):
        clock = msgspec.structs.replace(clock, remaining_s=clock.remaining_s - time_for_move(clock).soft_s)
    assert clock.remaining_s < 0.2 * 180.0


@pytest.mark.parametrize("clock", [{"increment_s": -1.0}, {"overhead_s": -0.5}, {"moves_to_go": 0}])
def test_what_is_no_clock_is_named(clock: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=str(next(iter(clock.values())))):
        time_for_move(Clock(remaining_s=10.0, **clock))  # type: ignore[arg-type]


@given(CLOCKS)
def test_a_plan_becomes_limits_that_the_wire_accepts(clock: Clock) -> None:
    limits = limits_of_plan(time_for_move(clock), Limits(nodes=7))
    assert msgspec.convert(msgspec.to_builtins(limits), Limits) == limits
    assert limits.nodes == 7
    assert limits.settle_seconds is not None
    assert limits.seconds is not None
    assert limits.settle_seconds <= limits.seconds
