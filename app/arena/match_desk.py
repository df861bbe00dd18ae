"""The desk for matches: the list of stored ones, the one that is played, and what it would cost."""

from collections.abc import Callable
from dataclasses import dataclass

from app.arena.talk import Talk
from app.viewmodels.match_replica import MatchReplica, replica_begun, replica_read
from engine.arena.order import MatchOrder
from engine.service.arena_messages import (
    EstimateMatch,
    ListMatches,
    MatchBegan,
    MatchCost,
    MatchEnded,
    Matches,
    MatchInfo,
    MatchNews,
    MatchPart,
    MatchRead,
    PauseJob,
    PutBackMatch,
    ReadMatch,
    RemoveMatch,
    StartMatch,
)
from engine.service.messages import Answer, Failed, Notice

Got = Callable[[MatchReplica | None, str], None]
"""Gets a match, or None and a sentence on why there is none."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What an order costs, as measured. `trouble`: why that is not known, or ""."""

    order: MatchOrder
    cost: MatchCost | None = None
    trouble: str = ""


class MatchDesk:
    """One match is looked at; at most one is played. What was played is kept by the engine as it is played.

    Attributes:
        listed: stored matches, the newest first; None before they are known.
        shown: the match that is looked at, or None.
        playing: id of the match that is played; "" while none is, and until a new one has begun.
        is_busy: a match was started and does not stand still yet. is_pausing: it was asked to.
        estimate: of the order last measured. is_measuring: one is being measured.
        removed: id of the match that was removed last and can be put back, or "".
        trouble: a sentence on what went wrong last, or "".
        watchers: called when anything of this is new.
    """

    def __init__(self, talk: Talk) -> None:
        self.listed: tuple[MatchInfo, ...] | None = None
        self.shown: MatchReplica | None = None
        self.playing = self.removed = ""
        self.is_busy = self.is_pausing = self.is_measuring = False
        self.estimate: Estimate | None = None
        self.trouble = ""
        self.watchers: list[Callable[[], None]] = []
        self._talk = talk
        self._played: MatchReplica | None = None

    def refresh(self) -> None:
        """Read the list of stored matches anew."""
        self._talk.ask(lambda number: ListMatches(id=number), self._got_list)

    def start(self, order: MatchOrder) -> None:
        """Play a new match, and look at it."""
        self._begin(lambda number: StartMatch(id=number, order=order))

    def go_on(self, match: str) -> None:
        """Play a stored match on, and look at it."""
        self._begin(lambda number: StartMatch(id=number, match=match))

    def pause(self) -> None:
        """Let the match stand still; it can go on later, in another week if need be."""
        if self.is_busy and not self.is_pausing:
            self.is_pausing = True
            self._talk.ask(lambda number: PauseJob(id=number), lambda _: None)
            self._tell()

    def open(self, match: str) -> None:
        """Look at a match."""

        def got(replica: MatchReplica | None, trouble: str) -> None:
            self.shown, self.trouble = replica or self.shown, trouble
            self._tell()

        self.read(match, got)

    def forget_trouble(self) -> None:
        """The sentence was read."""
        self.trouble = ""

    def read(self, match: str, got: Got) -> None:
        """Get a match with all its games: at once where it is played or looked at, else from the engine."""
        here = next((known for known in (self._played, self.shown) if known is not None and known.match == match), None)
        if here is not None:
            got(here, "")
        else:
            reading = _Reading(got)
            self._talk.ask(lambda number: ReadMatch(id=number, match=match), reading.end, part=reading.take)

    def remove(self, match: str) -> None:
        """Take a stored match away."""
        if self.shown is not None and self.shown.match == match:
            self.shown = None
        if self._played is not None and self._played.match == match and not self.is_busy:
            self._played = None

        def removed(answer: Answer) -> None:
            self.trouble = answer.text if isinstance(answer, Failed) else ""
            self.removed = self.removed if self.trouble else match
            self.refresh()

        self._talk.ask(lambda number: RemoveMatch(id=number, match=match), removed)

    def put_back(self) -> None:
        """Bring the match back that was removed last, and look at it."""
        match, self.removed = self.removed, ""

        def came_back(answer: Answer) -> None:
            self.trouble = answer.text if isinstance(answer, Failed) else ""
            self.refresh()
            if not self.trouble:
                self.open(match)

        if match:
            self._talk.ask(lambda number: PutBackMatch(id=number, match=match), came_back)

    def measure(self, order: MatchOrder) -> None:
        """Have a few games of `order` played, and say what the whole would cost."""
        if self.is_measuring or self.is_busy:
            return
        self.is_measuring = True

        def measured(answer: Answer) -> None:
            self.is_measuring = False
            if isinstance(answer, MatchCost):
                self.estimate = Estimate(order, answer)
            elif isinstance(answer, Failed) and not self.is_busy:  # else a match was started instead
                self.estimate = Estimate(order, trouble=answer.text)
            self._tell()

        self._talk.ask(lambda number: EstimateMatch(id=number, order=order), measured, noticed=lambda _: None)
        self._tell()

    def _begin(self, make: Callable[[int], StartMatch]) -> None:
        if self.is_busy:
            return
        self.is_busy, self.is_pausing, self.trouble, self.playing = True, False, "", ""
        if self.is_measuring:  # one job at a time: the answer to the pause says that it is over
            self._talk.ask(
                lambda number: PauseJob(id=number), lambda _: self._talk.ask(make, self._ended, self._noticed)
            )
        else:
            self._talk.ask(make, self._ended, self._noticed)
        self._tell()

    def _noticed(self, notice: Notice) -> None:
        if isinstance(notice, MatchBegan):
            self.shown = self._played = replica_begun(notice)
            self.playing = notice.match
            self.refresh()
        elif isinstance(notice, MatchNews) and self._played is not None:
            self._played.fold(notice)
        self._tell()

    def _ended(self, answer: Answer) -> None:
        is_dead = isinstance(answer, Failed) and answer.kind == "engine" and self._talk.has_ended
        if isinstance(answer, MatchEnded):
            if self._played is not None:
                self._played.stopped = answer.stopped
        elif isinstance(answer, Failed):
            self.trouble = "" if is_dead else answer.text  # that there is no engine is said for all pages
            if self._played is not None and self.playing:
                self._played.stopped = "by hand"
        self.is_busy, self.is_pausing, self.playing = False, False, ""
        if not is_dead:  # asking would start it again at once
            self.refresh()
        self._tell()

    def _got_list(self, answer: Answer) -> None:
        if isinstance(answer, Matches):
            self.listed = answer.matches
        elif isinstance(answer, Failed) and answer.kind != "engine":
            self.trouble = answer.text
        self._tell()

    def _tell(self) -> None:
        for tell in tuple(self.watchers):
            tell()


class _Reading:
    """A stored match as it comes in, part by part."""

    def __init__(self, got: Got) -> None:
        self._got = got
        self._replica: MatchReplica | None = None
        self._trouble = ""

    def take(self, part: MatchPart | MatchRead) -> None:
        """Take in a part."""
        if self._trouble:
            return
        try:
            if self._replica is None:
                self._replica = replica_read(part.info, part.news)
            else:
                self._replica.fold(part.news)
        except ValueError as error:
            self._replica, self._trouble = None, f"This match cannot be shown: {error}."

    def end(self, answer: Answer) -> None:
        """Take in the last part, and hand the match on."""
        if isinstance(answer, MatchRead):
            self.take(answer)
            self._got(self._replica, self._trouble)
        else:
            self._got(None, answer.text if isinstance(answer, Failed) else "The engine sent no match.")
