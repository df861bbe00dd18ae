"""How long to think about a move on a chess clock.

The practice followed is that of the strong engines' time managers (Stockfish's `timeman.cpp`, Lc0's `time_manager`):
two limits instead of one, the time left spread over an assumed number of moves still to come, an overhead set aside
for every move, and never the whole clock on one move. A search thinks for the soft time and, where its choice is
unsettled, up to the hard time (`engine.search.stoppers.SettledStopper`).

    lag       = max(0, overhead - increment)                                what a move costs beyond thinking
    spendable = remaining - overhead - lag * L                              at least POOR_SHARE * (remaining - overhead)
    income    = max(0, increment - overhead)                                what an increment leaves for thinking
    soft      = (spendable + income * (H - 1)) / H                          H: moves to spread over
    hard      = min(HARD_FACTOR * soft, HARD_SHARE * spendable)

With an increment of at least the overhead, or a clock of at least 520 times the lag, 300 moves never flag, even if
every one of them takes its hard time and loses the whole overhead (tested).
"""

from dataclasses import dataclass

import msgspec

from engine.search.limits import Limits

HORIZON = 40
"""Moves of his own that a player is assumed to have before him (Stockfish: 50)."""
LAG_HORIZON = 450
"""Moves whose lag is set aside where no control comes."""
POOR_SHARE = 1 / 8
"""Share of the clock that is thought with at all, where it is too short for its lag."""
HARD_FACTOR, HARD_SHARE = 4.0, 0.8
"""An unsettled move may take so many times its soft time, and never more than this share of what there is."""


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """A player's clock at the moment he is to move."""

    remaining_s: float
    """Time left; below 0 counts as 0."""
    increment_s: float = 0.0
    """Added after every move."""
    moves_to_go: int | None = None
    """Moves until the next control adds time; None = no control comes."""
    overhead_s: float = 0.02
    """Time that a move may lose between clock and search: transport, a last batch, a slow window."""


@dataclass(frozen=True, slots=True)
class TimePlan:
    """How long to think: until `soft_s` if the choice is settled by then, and never longer than `hard_s`."""

    soft_s: float
    hard_s: float


def time_for_move(clock: Clock) -> TimePlan:
    """The plan for one move; 0 <= soft <= hard <= max(0, remaining - overhead).

    Raises:
        ValueError: a negative increment or overhead, or a control that comes in no move.
    """
    if clock.increment_s < 0 or clock.overhead_s < 0:
        raise ValueError(f"increment {clock.increment_s} and overhead {clock.overhead_s} must not be below 0")
    if clock.moves_to_go is not None and clock.moves_to_go < 1:
        raise ValueError(f"{clock.moves_to_go} moves to go: there must be at least 1")
    to_go = clock.moves_to_go
    moves = HORIZON if to_go is None else min(to_go, HORIZON)
    there = max(0.0, clock.remaining_s - clock.overhead_s)
    lag = max(0.0, clock.overhead_s - clock.increment_s) * (LAG_HORIZON if to_go is None else to_go)
    is_poor = there - lag < POOR_SHARE * there
    spendable = POOR_SHARE * there if is_poor else there - lag
    income = max(0.0, clock.increment_s - clock.overhead_s)
    soft = (spendable + income * (moves - 1)) / moves
    hard = min(soft if is_poor else HARD_FACTOR * soft, HARD_SHARE * spendable)
    return TimePlan(min(soft, hard), hard)


def limits_of_plan(plan: TimePlan, limits: Limits | None = None) -> Limits:
    """`limits` (None: no others) with the plan's times; a plan without time becomes the shortest search there is."""
    hard = max(plan.hard_s, 1e-9)
    return msgspec.structs.replace(limits or Limits(), seconds=hard, settle_seconds=min(max(plan.soft_s, 1e-9), hard))
