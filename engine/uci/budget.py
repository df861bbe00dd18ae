"""What a `go` command allows, as limits of the search."""

from engine.domains.base import Line
from engine.search.clock import Clock, time_for_move
from engine.search.limits import Limits
from engine.uci.commands import Go
from engine.uci.options import OVERHEAD, Values

_SHORTEST_S = 0.001


def is_open_ended(go: Go) -> bool:
    """Whether nothing in `go` ends the search: then only `stop` does."""
    limits = (go.wtime, go.btime, go.movetime, go.nodes, go.depth, go.mate)
    return go.infinite or all(limit is None for limit in limits)


def limits_for(
    go: Go, values: Values, *, is_white: bool, spent_s: float, visits: int, lateness_s: float = 0.0
) -> Limits:
    """The limits of a search.

    Args:
        is_white: whether White is to move.
        spent_s: time of this move that is gone already.
        visits: of the root, kept from the moves before; they count for `nodes`.
        lateness_s: by how much a search may outlast its limit here; set aside where it is more than the overhead.
    """
    soft_s, hard_s = _seconds(go, max(values[OVERHEAD] / 1000.0, lateness_s), is_white=is_white)
    return Limits(
        simulations=None if go.nodes is None else max(1, go.nodes - visits),
        seconds=None if hard_s is None else max(_SHORTEST_S, hard_s - spent_s),
        settle_seconds=None if soft_s is None else max(_SHORTEST_S, soft_s - spent_s),
        depth=None if go.depth is None else max(1, go.depth),
        mate=None if go.mate is None else max(1, go.mate),
    )


def _seconds(go: Go, overhead_s: float, *, is_white: bool) -> tuple[float | None, float | None]:
    """Time after which a settled search ends, and time after which any ends; None = no such limit."""
    soft_s = hard_s = None
    remaining, increment = (go.wtime, go.winc) if is_white else (go.btime, go.binc)
    if remaining is not None:
        moves_to_go = go.movestogo if go.movestogo and go.movestogo > 0 else None
        clock = Clock(
            remaining_s=max(0, remaining) / 1000.0,
            increment_s=max(0, increment or 0) / 1000.0,
            moves_to_go=moves_to_go,
            overhead_s=overhead_s,
        )
        plan = time_for_move(clock)
        soft_s, hard_s = plan.soft_s, plan.hard_s
    if go.movetime is not None:
        exactly = max(_SHORTEST_S, go.movetime / 1000.0 - overhead_s)
        hard_s = exactly if hard_s is None else min(hard_s, exactly)
    return soft_s, hard_s


def white_to_move(line: Line) -> bool:
    """Whether White is to move at the end of `line`."""
    return (line.start.split()[1] == "w") == (len(line.actions) % 2 == 0)
