"""How all players of a domain stand: its stored matches rated together, on one scale for every page."""

import msgspec

from app.arena.job import Conversation, Job, StoredMatches
from app.viewmodels.arena_ladder import anchors_in_force
from engine.service.arena_messages import LadderRated, RunLadder
from engine.service.messages import Answer

_RATING = "Rating the stored matches ..."


class Standing:
    """The last joint rating of a domain, made anew when it is asked for or when the scale has another anchor.

    Attributes:
        domain: whose players these are. rated: None before they were rated.
        anchors: Elo that a person wants players held at; without any the engines' own words decide.
    """

    def __init__(self, job: Job, talk: Conversation, matches: StoredMatches) -> None:
        self.domain = ""
        self.rated: LadderRated | None = None
        self.anchors: tuple[tuple[str, float], ...] = ()
        self._job, self._talk, self._matches = job, talk, matches
        self._used: dict[str, float] | None = None
        self._stopped = ""

    def turn_to(self, domain: str, anchors: tuple[tuple[str, float], ...] = ()) -> None:
        """Rate a domain on the scale of `anchors`, unless the engine is at work: then when it has time again."""
        if domain != self.domain:
            self.domain, self.rated = domain, None
        self.anchors = anchors
        self._used, self._stopped = None, ""
        self.follow()

    def follow(self) -> None:
        """Rate what has not been rated yet, or not on this scale, if the engine has time."""
        if self.domain and not self._talk.is_working and not self._job.record.error and self._used != self._held():
            self.rate(self._stopped)

    def rate(self, stopped: str = "") -> None:
        """Rate everything that is stored; `stopped`: why the games before that ended early, or ""."""
        domain, held, self._stopped = self.domain, self._held(), stopped

        def make(number: int) -> RunLadder:
            return RunLadder(id=number, domain=domain, anchors=held)

        def rated(answer: Answer) -> None:
            if isinstance(answer, LadderRated) and domain == self.domain:
                self.rated = msgspec.structs.replace(answer, stopped=stopped)

        if self._job.begin(_RATING, make, rated):
            self._used = held

    def _held(self) -> dict[str, float]:
        return anchors_in_force(self.anchors, self.domain, self._matches.listed or ())
