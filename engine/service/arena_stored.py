"""Stored matches over the wire: listed, read again with all their games, removed and put back."""

from engine.arena.reading import read_games
from engine.arena.store import StoredMatch
from engine.domains import registry as domains
from engine.service import arena_messages as arena
from engine.service.arena_news import MatchTeller
from engine.service.arena_tools import Tools
from engine.service.jobs import Work
from engine.service.messages import Done


def list_matches(request: arena.ListMatches, tools: Tools) -> arena.Matches:
    """The stored matches, the newest first."""
    found = tools.store.list(request.domain)
    return arena.Matches(id=request.id, matches=tuple(_info(stored) for stored in reversed(found)))


def read_match(request: arena.ReadMatch, tools: Tools) -> Work:
    """All games of a stored match, whether or not somebody is playing it."""
    stored = tools.store.get(request.match)
    if stored.header is None:  # its players were never there
        return arena.MatchRead(id=request.id, info=_info(stored), news=arena.MatchNews(match=stored.id))
    match = yield from read_games(stored)
    info = _info(stored)
    teller = MatchTeller(stored.id, domains.rules(stored.order.domain), match, tools.post, tools.clock)
    last = arena.MatchNews(match=stored.id)
    for number, news in enumerate(teller.all_parts()):
        if number:
            tools.post(arena.MatchPart(request=request.id, info=info, news=last))
            yield
        last = news
    return arena.MatchRead(id=request.id, info=info, news=last)


def remove_match(request: arena.RemoveMatch, tools: Tools) -> Done:
    """Take a stored match away; it can be put back until another is.

    Raises:
        MatchStoreError: there is none, or it is being played.
    """
    tools.store.remove(request.match)
    return Done(id=request.id)


def put_back_match(request: arena.PutBackMatch, tools: Tools) -> Done:
    """Undo the removal of a match.

    Raises:
        MatchStoreError: it is not the one that was removed last.
    """
    tools.store.put_back(request.match)
    return Done(id=request.id)


def _info(stored: StoredMatch) -> arena.MatchInfo:
    return arena.MatchInfo(
        match=stored.id, order=stored.order, date=stored.date, state=stored.state, report=stored.report
    )
