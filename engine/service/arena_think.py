"""What a player thinks of a position, over the wire."""

from engine.arena.think import Thinkers, think, turn_at, warm_up_thinking
from engine.domains.base import Line
from engine.service import arena_messages as arena
from engine.service.arena_tools import Tools
from engine.service.jobs import Work
from engine.service.preparing import KERNELS, preparing


def think_about(request: arena.Think, tools: Tools, thinkers: Thinkers) -> Work:
    """Have a player think about a position as it would in a game.

    Raises:
        PlayerError, GenerationError, DeviceError, UciError: there is no such player here.
        PositionError, ActionError: the position is none, or play has ended there.
    """
    rules, line = tools.makers.rules(request.domain), Line(request.start, request.actions)
    known = (request.domain, request.player, request.device)
    if thinkers.has(*known):
        player = thinkers.player(*known)
        turn = turn_at(rules, line, request.seed, player)
    else:
        with preparing(tools.post, f"Loading {request.player}", KERNELS) as next_step:
            player = thinkers.player(*known)
            turn = turn_at(rules, line, request.seed, player)
            next_step()
            warm_up_thinking(player, turn)
    found = yield from think(player, turn)
    return arena.Thought(
        id=request.id,
        player=request.player,
        header=found.header,
        events=found.events,
        action=found.action,
        value=found.value,
        seconds_s=found.seconds_s,
    )
