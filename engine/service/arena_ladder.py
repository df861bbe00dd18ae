"""Ladders over the wire: their matches played one after the other, then everybody rated together."""

import math
from collections.abc import Generator

from engine.arena.ladder import Ladder
from engine.arena.ladder_games import StoredResults
from engine.arena.order import MatchOrder
from engine.arena.running import RunningMatch
from engine.arena.store import BY_HAND
from engine.arena.tournament import Tournament, check_players, ladder_of, matrix_of, notes_of, scale_of
from engine.nets.recent import RecentEvaluators
from engine.service import arena_messages as arena
from engine.service.arena_match import play_stored
from engine.service.arena_tools import Tools
from engine.service.jobs import Work
from engine.service.progress import Progress

_KEPT_NETWORKS = 4
"""From one match of a tournament to the next: neighbours share a player."""


def run_ladder(request: arena.RunLadder, tools: Tools) -> Work:
    """Play what is missing between some players, and rate them; without players, rate what is stored.

    Raises:
        TournamentError, PlayerError, GenerationError: it cannot be played so.
    """
    tournament = ladder_of(tools.store, _any_match(request), request.players, request.pairing, request.anchors)
    return (yield from _run(request.id, tournament, tools))


def run_matrix(request: arena.RunMatrix, tools: Tools) -> Work:
    """Rate every generation at every budget.

    Raises:
        TournamentError, PlayerError, GenerationError: it cannot be played so.
    """
    table = (request.generations, request.budgets, request.method)
    return (yield from _run(request.id, matrix_of(tools.store, _any_match(request), *table), tools))


def _any_match(request: arena.RunLadder | arena.RunMatrix) -> MatchOrder:
    return MatchOrder(
        domain=request.domain,
        a="",
        b="",
        openings=request.openings,
        pairs=request.pairs,
        seed=request.seed,
        device=request.device,
    )


def _run(number: int, tournament: Tournament, tools: Tools) -> Work:
    check_players(tournament.players, tournament.any_match.domain)
    is_stopped = yield from _play_all(tournament, tools)
    found, ladder = yield from tournament.rated()
    return _answer(number, found, ladder, BY_HAND if is_stopped else "")


def _play_all(tournament: Tournament, tools: Tools) -> Generator[None, bool, bool]:
    """Play what is missing; whether it was to end before that was done."""
    progress, total = Progress(tools.post, tools.clock), tournament.total()
    networks = RecentEvaluators(_KEPT_NETWORKS)
    for stored, before in tournament.matches():
        text = f"{stored.order.a} against {stored.order.b}"

        def watch(running: RunningMatch, text: str = text, before: int = before) -> None:
            progress.tell(text, min(total, before + running.pairs_done()), total)

        if stored.state != "over":
            report = yield from play_stored(stored.id, tools, watch, networks)
            if report["stopped"] == BY_HAND:
                return True
        progress.tell(text, min(total, before + stored.order.pairs), total, now=True)
        if (yield):
            return True
    return False


def _answer(number: int, found: StoredResults, ladder: Ladder, stopped: str) -> arena.LadderRated:
    order = sorted(range(len(ladder.rungs)), key=lambda at: -ladder.rungs[at].elo)
    players = tuple(_rated(at, found, ladder) for at in order)
    return arena.LadderRated(
        id=number,
        players=players,
        superiority=tuple(tuple(float(ladder.superiority[one, other]) for other in order) for one in order),
        cycles=ladder.cycles,
        stopped=stopped,
        scale=scale_of(ladder),
    )


def _rated(at: int, found: StoredResults, ladder: Ladder) -> arena.RatedPlayer:
    rung = ladder.rungs[at]
    return arena.RatedPlayer(
        player=rung.name,
        elo=rung.elo,
        low=rung.low if math.isfinite(rung.low) else None,
        high=rung.high if math.isfinite(rung.high) else None,
        anchored=rung.is_anchor,
        games=rung.games,
        score=rung.score if rung.games else 0.0,
        note="; ".join(notes_of(rung, found, ladder)),
    )
