"""One job of the arena's engine, from the wish for it to its answer: what the pages with a Run button share."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from app.arena.talk import Answered, MakeRequest, Noticed
from app.viewmodels.arena_job import IDLE, JobRecord, progress_share, progress_text
from engine.arena.player_spec import canonical
from engine.service.arena_messages import JobProgress, MatchInfo, PauseJob
from engine.service.messages import Answer, Failed, Notice

_BUSY = "The engine is at work for another page of the arena. Pause that first."


class Conversation(Protocol):
    """What a desk of the arena needs of `app.arena.talk.Talk`."""

    @property
    def is_working(self) -> bool:
        """A job is in hand, whoever asked for it."""
        ...

    def ask(self, make: MakeRequest, answered: Answered, noticed: Noticed | None = None) -> None:
        """See `Talk.ask`."""
        ...


class StoredMatches(Protocol):
    """What a desk needs of `app.arena.match_desk.MatchDesk`: the matches that are stored, the newest first."""

    @property
    def listed(self) -> tuple[MatchInfo, ...] | None:
        """None before they are known."""
        ...

    def refresh(self) -> None:
        """Read them anew."""
        ...


class Job:
    """At most one job at a time.

    Attributes:
        record: how far it is.
    """

    def __init__(self, talk: Conversation, changed: Callable[[], None]) -> None:
        """`changed` is called after every change of `record`."""
        self.record = IDLE
        self._talk = talk
        self._changed = changed
        self._number = 0

    def begin(
        self,
        text: str,
        make: MakeRequest,
        answered: Callable[[Answer], None],
        noticed: Callable[[Notice], None] | None = None,
    ) -> bool:
        """Ask for a job; `text` stands there until its first progress. Whether it could be asked for.

        Args:
            answered: gets the answer, unless it is `Failed`, which the record then says.
            noticed: gets all notices but `JobProgress`.
        """
        if self.record.running:
            return False
        if self._talk.is_working:
            self._set(JobRecord(blocked=_BUSY))
            return False
        self._number += 1
        number = self._number
        self._set(JobRecord(running=True, text=text))

        def ended(answer: Answer) -> None:
            if number == self._number:
                self._ended(answer, answered)

        def heard(notice: Notice) -> None:
            if number == self._number:
                self._heard(notice, noticed)

        self._talk.ask(make, ended, heard)
        return True

    def pause(self) -> None:
        """End it early; nothing that was found is lost."""
        if self.record.running and not self.record.pausing:
            self._set(replace(self.record, pausing=True, text="Finishing what is in hand ..."))
            self._talk.ask(lambda number: PauseJob(id=number), lambda _: None)

    def let_go(self) -> None:
        """Somebody else's job has ended: what blocked this one is gone."""
        if self.record.blocked and not self._talk.is_working:
            self._set(IDLE)

    def dismiss(self) -> None:
        """The sentence of what went wrong was read."""
        if self.record.error or self.record.blocked:
            self._set(replace(self.record, error="", blocked=""))

    def _ended(self, answer: Answer, answered: Callable[[Answer], None]) -> None:
        if isinstance(answer, Failed):
            self._set(JobRecord(error=answer.text))
            return
        self.record = IDLE
        answered(answer)
        self._changed()

    def _heard(self, notice: Notice, noticed: Callable[[Notice], None] | None) -> None:
        if not isinstance(notice, JobProgress):
            if noticed is not None:
                noticed(notice)
        elif not self.record.pausing:
            self._set(replace(self.record, text=progress_text(notice), share=progress_share(notice)))

    def _set(self, record: JobRecord) -> None:
        if record != self.record:
            self.record = record
            self._changed()


def find_match(matches: Sequence[MatchInfo], one: str, other: str) -> str:
    """Id of the newest of `matches` (the newest first) between two players, or ""."""
    pair = {canonical(one), canonical(other)}
    met = (match for match in matches if {canonical(match.order.a), canonical(match.order.b)} == pair)
    return next((match.match for match in met), "")
