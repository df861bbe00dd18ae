"""What a `go` command allows: whose clock, how much of it, and what is open-ended."""

import pytest

from engine.search.limits import Limits
from engine.uci.budget import is_open_ended, limits_for
from engine.uci.commands import Go
from engine.uci.options import OVERHEAD, Values

NO_OVERHEAD = Values().with_value(OVERHEAD, 0)


def limits(go: Go, values: Values = NO_OVERHEAD, **options: object) -> Limits:
    return limits_for(go, values, **{"is_white": True, "spent_s": 0.0, "visits": 0, **options})  # type: ignore[arg-type]


def test_each_side_has_its_own_clock() -> None:
    go = Go(wtime=60_000, btime=6_000)
    white, black = limits(go), limits(go, is_white=False)
    assert white.seconds is not None
    assert black.seconds is not None
    assert white.settle_seconds is not None
    assert white.seconds == pytest.approx(10 * black.seconds)
    assert 0 < white.settle_seconds <= white.seconds < 60
    richer = limits(Go(wtime=6_000, winc=1_000, btime=6_000), is_white=True)
    poorer = limits(Go(wtime=6_000, winc=1_000, btime=6_000), is_white=False)
    assert (richer.settle_seconds or 0) > (poorer.settle_seconds or 0)


def test_an_exact_time_leaves_room_for_the_way_back() -> None:
    values = Values().with_value(OVERHEAD, 30)
    assert limits(Go(movetime=500), values).seconds == pytest.approx(0.47)
    assert limits(Go(movetime=500), values, spent_s=0.2).seconds == pytest.approx(0.27)
    assert 0 < (limits(Go(movetime=1), values).seconds or 0) < 0.01
    assert limits(Go(movetime=500)).settle_seconds is None


def test_a_slow_machine_keeps_more_of_its_clock() -> None:
    go = Go(wtime=2_000, winc=100)
    swift, slow = limits(go, Values(), lateness_s=0.02), limits(go, Values(), lateness_s=0.6)
    assert swift == limits(go, Values())
    assert (slow.seconds or 0) < (swift.seconds or 0) / 3
    assert (slow.seconds or 0) + 0.6 < 2.0


@pytest.mark.parametrize("remaining", [-500, 0, 1, 40])
def test_a_flag_about_to_fall_still_gets_a_move(remaining: int) -> None:
    found = limits(Go(wtime=remaining, btime=9_000), Values())
    assert 0 < (found.settle_seconds or 0) <= (found.seconds or 0) < 0.05


def test_visits_that_were_kept_count() -> None:
    assert limits(Go(nodes=800)).simulations == 800
    assert limits(Go(nodes=800), visits=300).simulations == 500
    assert limits(Go(nodes=800), visits=900).simulations == 1
    assert (limits(Go(depth=0)).depth, limits(Go(mate=3)).mate) == (1, 3)


@pytest.mark.parametrize(
    ("go", "expected"),
    [
        (Go(), True),
        (Go(infinite=True, nodes=5), True),
        (Go(searchmoves=("e2e4",)), True),
        (Go(nodes=5), False),
        (Go(wtime=0, btime=0), False),
        (Go(mate=2), False),
    ],
)
def test_what_only_stop_ends(go: Go, expected: bool) -> None:
    assert is_open_ended(go) == expected
