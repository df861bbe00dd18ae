"""The games of a stored match, read without its players, whether or not somebody is playing it at this moment."""

from collections.abc import Generator, Sequence

from engine.arena.journal import Header, read_steps
from engine.arena.match import Match, MatchSettings
from engine.arena.openings import open_book
from engine.arena.player_facts import PlayerFacts
from engine.arena.players import Chosen, Turn
from engine.arena.store import MatchStoreError, StoredMatch
from engine.domains import registry as domains
from engine.search.time_control import TimeControl

_STEPS_A_PART = 50


class _Absent:
    """A player whose moves are known and that is not asked for more."""

    is_deterministic = False
    most_boards = 1
    clock: TimeControl | None = None

    def __init__(self, name: str, fingerprint: str, facts: PlayerFacts | None) -> None:
        self.name, self.fingerprint = name, fingerprint
        self.facts = facts or PlayerFacts(text=name, fingerprint=fingerprint, kind="generation")

    def choose(self, turns: Sequence[Turn]) -> Chosen:
        """It is not there."""
        raise MatchStoreError(f"{self.name} is not loaded for {len(turns)} boards: the match is only read")

    def close(self) -> None:
        """Nothing to let go of."""


def read_games(stored: StoredMatch) -> Generator[None, None, Match]:
    """The match as far as its journal goes, with breaks; it cannot be gone on with.

    Only as many pairs stand in it as moves were played in, and one more at most.

    Raises:
        MatchStoreError: its openings are not what they were; it never began.
        OpeningsError, MatchJournalError: the openings or the journal are damaged.
        OSError: a file cannot be read.
    """
    order, header = stored.order, stored.header
    if header is None:
        raise MatchStoreError(f"match {stored.id} was not begun")
    rules = domains.rules(order.domain)
    book = open_book(order.openings, rules, domains.notation(order.domain))
    if book.content_hash != header.book_hash:
        raise MatchStoreError(f"match {stored.id} cannot be read: its openings, {header.book}, are not what they were")
    a, b = _players(header)
    sprt = None if order.sprt is None else order.sprt.sprt()
    settings = MatchSettings(1, order.max_plies, order.seed, sprt, order.adjudication)
    match = Match(rules, a, b, book.choose(order.pairs, order.seed), settings)
    for number, step in enumerate(read_steps(stored.journal)):
        match.replay(step)
        if number % _STEPS_A_PART == 0:
            yield
    return match


def _players(header: Header) -> tuple[_Absent, _Absent]:
    return (
        _Absent(header.a, header.a_fingerprint, header.a_facts),
        _Absent(header.b, header.b_fingerprint, header.b_facts),
    )
