"""Matches over the wire: played as a job, listed, read again."""

import contextlib
from collections.abc import Callable, Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from engine.arena.faults import FaultyPlayerError
from engine.arena.order import MatchOrder
from engine.arena.running import RunningMatch, open_match
from engine.arena.store import StoredMatch
from engine.domains import registry as domains
from engine.nets.recent import RecentEvaluators
from engine.service import arena_messages as arena
from engine.service.arena_news import MatchTeller
from engine.service.arena_tools import Tools
from engine.service.jobs import Work
from engine.service.preparing import KERNELS, preparing


def start_match(request: arena.StartMatch, tools: Tools) -> Work:
    """Play a new match, or go on with a stored one; with an order too, one that may be longer or paced otherwise.

    Raises:
        ValueError: neither a match nor an order; there is no such match, or it would be another one.
    """
    if request.match:
        match_id = tools.store.get(request.match).id
        if request.order is not None:
            tools.store.change(match_id, request.order)
    elif request.order is not None:
        match_id = tools.store.begin(request.order).id
    else:
        raise ValueError("a match needs an order, or the id of a stored match")
    report = yield from play_stored(match_id, tools)
    return arena.MatchEnded(id=request.id, match=match_id, stopped=report["stopped"], report=report)


def play_stored(
    match_id: str,
    tools: Tools,
    watch: Callable[[RunningMatch], None] = lambda _: None,
    networks: RecentEvaluators | None = None,
) -> Generator[None, bool, dict[str, Any]]:
    """Go on with a stored match until it is over or is to end; its report, which is kept beside it.

    Args:
        watch: called now and then as it goes on.
        networks: those of the matches before it; None = it has its own.

    Raises:
        MatchStoreError: there is none, or somebody plays it.
        ValueError: it cannot be played as ordered.
        ChildProcessError: a player fails again and again.
    """
    with ExitStack() as stack:
        stored = stack.enter_context(tools.store.playing(match_id))
        running = stack.enter_context(get_ready(stored.order, stored.journal, tools, networks))
        tools.post(_began(stored, running))
        teller = MatchTeller(match_id, domains.rules(stored.order.domain), running.match, tools.post, tools.clock)
        try:
            yield from _play(running, teller, watch)
        except FaultyPlayerError as error:  # no value of the request is at fault
            raise ChildProcessError(str(error)) from error
        finally:  # also where the session closes: what stands is kept
            report = running.report()
            tools.store.keep_report(match_id, report)
    return report


def get_ready(
    order: MatchOrder, journal: Path | None, tools: Tools, networks: RecentEvaluators | None = None
) -> RunningMatch:
    """A match, ready to be played (`open_match`); the client is told what it waits for."""
    with preparing(tools.post, "Reading the openings", "Loading the players", KERNELS) as next_step:
        return open_match(order, journal, preparing=lambda _: next_step(), networks=networks)


def _play(
    running: RunningMatch, teller: MatchTeller, watch: Callable[[RunningMatch], None]
) -> Generator[None, bool, None]:
    """Play until the match is over or is to end; all that happened is told."""
    teller.tell()
    with contextlib.closing(running.steps()) as steps:
        for _ in steps:
            teller.tick()
            watch(running)
            if (yield):
                break
    teller.tell()


def _began(stored: StoredMatch, running: RunningMatch) -> arena.MatchBegan:
    header = running.header
    facts = (header.a_facts, header.b_facts)
    return arena.MatchBegan(
        match=stored.id,
        order=stored.order,
        pairs=running.match.pairs,
        a_fingerprint=header.a_fingerprint,
        b_fingerprint=header.b_fingerprint,
        book=header.book,
        book_hash=header.book_hash,
        reproducible=all(fact is None or fact.is_reproducible for fact in facts),
    )
