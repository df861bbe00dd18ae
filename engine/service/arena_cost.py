"""What a match would cost, over the wire: found out by playing a throw-away start of it."""

from engine.arena.estimate import cost_of_match, measured, throw_away
from engine.service import arena_messages as arena
from engine.service.arena_match import get_ready
from engine.service.arena_tools import Tools
from engine.service.failures import StateError
from engine.service.jobs import Work


def estimate_match(request: arena.EstimateMatch, tools: Tools) -> Work:
    """Play a match for some seconds for nothing, and say what the whole of it costs.

    Raises:
        ValueError: it cannot be played as ordered.
        StateError: it was ended before anybody had moved.
    """
    with get_ready(throw_away(request.order), None, tools) as running:
        pace = yield from measured(running)
        if not pace.seconds_per_game:
            raise StateError("the estimate ended before anybody had moved: nothing is known of the time")
        cost = cost_of_match(running, pace)
    return arena.MatchCost(
        id=request.id,
        games=cost.games,
        worst_games=cost.worst_games,
        seconds_s=60.0 * cost.minutes,
        worst_seconds_s=60.0 * cost.worst_minutes,
        half_width_elo=cost.half_width_elo,
        games_per_minute=60.0 / pace.seconds_per_game,
    )
