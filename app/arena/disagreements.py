"""The desk for disagreements: have the positions found on which two players differ most, and judged."""

from typing import Protocol

from app.arena.job import Conversation, Job, StoredMatches
from app.presenter import phrases
from app.viewmodels.arena_disagreements import (
    DisagreementsRecord,
    DisagreementTile,
    match_title,
    summary_of,
    tile_of,
    widest_first,
)
from app.viewmodels.arena_ladder_players import name_of
from engine.service.arena_messages import Disagreement, DisagreementFound, Disagreements, FindDisagreements
from engine.service.messages import Answer, Notice

_EMPTY = "Choose two players, or a stored match of theirs, and press Run: the positions they differ on appear here."
_NONE = "They agree on every position that was looked at. Try more positions, or other players."


class DisagreementsScreen(Protocol):
    """What the page is shown on."""

    def show_disagreements(self, record: DisagreementsRecord) -> None:
        """All of the page."""
        ...


class DisagreementBrowser:
    """Two players and what they differ on.

    Attributes:
        domain: of the positions. record: what was shown last. job: the hunt.
    """

    def __init__(self, screen: DisagreementsScreen, talk: Conversation, matches: StoredMatches) -> None:
        self.domain = ""
        self.record = DisagreementsRecord()
        self.job = Job(talk, self._show)
        self._screen, self._matches = screen, matches
        self._players = ("", "")
        self._match = self._judge = ""
        self._positions, self._judged = 2000, 20
        self._found: tuple[Disagreement, ...] = ()
        self._tiles: dict[Disagreement, DisagreementTile] = {}
        self._answer: Disagreements | None = None

    def open(self, domain: str) -> None:
        """The page is looked at."""
        if domain != self.domain:
            self.domain, self._players, self._match = domain, ("", ""), ""
            self._forget()
        self._show()

    def set_players(self, a: str, b: str) -> None:
        """Who is compared; a chosen match of other players is left."""
        if (a, b) != self._players:
            self._players, self._match = (a, b), ""
            self._show()

    def set_match(self, match: str) -> None:
        """Take the positions of a stored match and its players; "" = those of the openings."""
        self._match = match
        info = next((one for one in self._matches.listed or () if one.match == match), None)
        if info is not None:
            self._players = info.order.a, info.order.b
        self._show()

    def set_amounts(self, positions: int, judged: int) -> None:
        """How many positions are looked at, and how many of them judged."""
        self._positions, self._judged = max(1, positions), max(1, judged)
        self._show()

    def set_judge(self, judge: str) -> None:
        """Who judges, as written for a match; "" = the stronger player's generation with ten times the search."""
        self._judge = judge.strip()
        self._show()

    def run(self) -> None:
        """Look for them."""
        if not self.record.can_run:
            return
        a, b = self._players
        domain, match, judge = self.domain, self._match, self._judge
        positions, judged = self._positions, self._judged
        self._forget()

        def make(number: int) -> FindDisagreements:
            return FindDisagreements(
                id=number, domain=domain, a=a, b=b, match=match, positions=positions, judged=judged, judge=judge
            )

        self.job.begin("Getting the players ready ...", make, self._ended, self._heard)

    def pause(self) -> None:
        """Stop looking; what was found stays."""
        self.job.pause()

    def conversation_changed(self) -> None:
        """A job began or ended on the engine, perhaps somebody else's."""
        self.job.let_go()

    def matches_changed(self) -> None:
        """The list of stored matches is another."""
        if self.domain:
            self._show()

    def _heard(self, notice: Notice) -> None:
        if isinstance(notice, DisagreementFound):
            self._found = widest_first((*self._found, notice.found))
            self._show()

    def _ended(self, answer: Answer) -> None:
        if isinstance(answer, Disagreements):
            self._found, self._answer = answer.found, answer

    def _forget(self) -> None:
        self._found, self._answer = (), None
        self._tiles.clear()

    def _tile(self, found: Disagreement) -> DisagreementTile:
        """Worked out once: a position's texts replay its whole line."""
        if found not in self._tiles:
            self._tiles[found] = tile_of(found, phrases(self.domain))
        return self._tiles[found]

    def _show(self) -> None:
        record = self._record()
        if record != self.record:
            self.record = record
            self._screen.show_disagreements(record)

    def _record(self) -> DisagreementsRecord:
        a, b = self._players
        job, stored = self.job.record, self._matches.listed or ()
        mine = [match for match in stored if match.order.domain == self.domain]
        is_over = self._answer is not None
        return DisagreementsRecord(
            domain=self.domain,
            a=a,
            b=b,
            a_name=name_of(a) if a else "",
            b_name=name_of(b) if b else "",
            match=self._match,
            matches=tuple((match.match, match_title(match)) for match in mine),
            positions=self._positions,
            judged=self._judged,
            judge=self._judge,
            tiles=tuple(self._tile(found) for found in self._found),
            summary=summary_of(self._found, self._answer),
            can_run=bool(a and b) and a != b and not job.running,
            job=job,
            empty="" if self._found or job.running else _NONE if is_over else _EMPTY,
        )
