"""What takes longer than a request: work that comes back between short steps, so that requests are taken meanwhile.

A connection has one *job* at a time (a match, a ladder); `PauseJob` ends it early. Beside it there are *errands*, which
are short (what a player thinks of a position, the games of a stored match) and are done one after the other.
"""

import logging
from collections import deque
from collections.abc import Callable, Generator

from engine.service.failures import EXPECTED, StateError, engine_failed, refused
from engine.service.messages import Answer

Work = Generator[None, bool, Answer]
"""Work as it is written: it yields between two short steps and is told there whether to end now; it returns the answer
to its request. Whatever it holds is let go of by its `with` blocks, however it ends."""

log = logging.getLogger(__name__)


class Job:
    """Work in progress for a request; every call of `advance` is one step.

    Attributes:
        request: id of the request.
    """

    def __init__(self, request: int, name: str, work: Work) -> None:
        """Take on `work`, which has not begun.

        Args:
            name: of the request, for the log.
        """
        self.request, self._name, self._work = request, name, work
        self._has_begun = False

    def advance(self) -> Answer | None:
        """Do one step; the answer, once the work is over or has failed."""
        return self._step(to_end=False)

    def pause(self) -> Answer:
        """End the work after what is in hand; its answer."""
        while (answer := self._step(to_end=True)) is None:
            pass
        return answer

    def close(self) -> None:
        """End the work without an answer."""
        try:
            self._work.close()
        except Exception:  # a disk that is full, say: there is nobody left to be told
            log.exception("%s could not be ended properly", self._name)

    def _step(self, *, to_end: bool) -> Answer | None:
        try:
            if self._has_begun:
                self._work.send(to_end)
            else:
                next(self._work)
                self._has_begun = True
        except StopIteration as end:
            answer: Answer = end.value
            return answer
        except EXPECTED as error:
            return refused(self.request, error)
        except Exception as error:
            log.exception("%s failed", self._name)
            return engine_failed(self.request, error)
        return None


class Jobs:
    """The job and the errands of one connection.

    Args:
        post: where answers go.
    """

    def __init__(self, post: Callable[[Answer], None]) -> None:
        self._post = post
        self._job: Job | None = None
        self._errands: deque[Job] = deque()

    @property
    def has_job(self) -> bool:
        """Whether a job goes on."""
        return self._job is not None

    @property
    def has_errand(self) -> bool:
        """Whether an errand waits or goes on."""
        return bool(self._errands)

    def start(self, job: Job) -> None:
        """Begin a job.

        Raises:
            StateError: another one goes on.
        """
        if self._job is not None:
            raise StateError("a job is running already; pause it first")
        self._job = job

    def send(self, errand: Job) -> None:
        """Take on an errand; it is done after those that wait."""
        self._errands.append(errand)

    def advance_job(self) -> None:
        """Do one step of the job."""
        if self._job is not None and (answer := self._job.advance()) is not None:
            self._job = None
            self._post(answer)

    def advance_errand(self) -> None:
        """Do one step of the errand that is first in line."""
        if self._errands and (answer := self._errands[0].advance()) is not None:
            self._errands.popleft()
            self._post(answer)

    def pause(self) -> None:
        """End the job after what is in hand, and post its answer; nothing happens where none runs."""
        if self._job is not None:
            job, self._job = self._job, None
            self._post(job.pause())

    def close(self) -> None:
        """End everything without answers."""
        for job in (self._job, *self._errands):
            if job is not None:
                job.close()
        self._job = None
        self._errands.clear()
