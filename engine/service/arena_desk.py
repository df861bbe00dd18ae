"""What a session does about matches, players, generations and rounds: one job at a time, and errands beside it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.nets.quiet_threads import quiet_threads
from engine.service import arena_messages as arena
from engine.service import train_messages as train
from engine.service.jobs import Job, Jobs
from engine.service.makers import Makers
from engine.service.messages import Answer, Done, Notice

if TYPE_CHECKING:
    from engine.service.arena_works import ArenaWorks

JOB, ERRAND = "job", "errand"


class ArenaDesk:
    """Takes the requests of `engine.service.arena_messages` and `train_messages` for one session.

    Args:
        makers: what players are made of.
        post: where answers and notices go.
        clock: seconds, rising.
    """

    def __init__(self, makers: Makers, post: Callable[[Answer | Notice], None], clock: Callable[[], float]) -> None:
        self._makers, self._post, self._clock = makers, post, clock
        self._jobs = Jobs(post)
        self._made: ArenaWorks | None = None

    def busy(self) -> list[str]:
        """What goes on, of `JOB` and `ERRAND`."""
        return [JOB] * self._jobs.has_job + [ERRAND] * self._jobs.has_errand

    def advance(self, name: str) -> None:
        """Do one step of `name`."""
        if name == JOB:
            self._jobs.advance_job()
        else:
            self._jobs.advance_errand()

    def close(self) -> None:
        """End everything; what was played is on disk."""
        self._jobs.close()
        if self._made is not None:
            self._made.close()

    def handle(self, request: arena.AnyArenaRequest | train.AnyTrainRequest) -> Answer | None:
        """The answer to `request`; None where it is posted when its work ends.

        Raises:
            StateError: a job runs already.
            ValueError: a value of the request is at fault.
        """
        if isinstance(request, arena.PauseJob):
            self._jobs.pause()
            return Done(id=request.id)
        name = type(request).__name__
        if isinstance(request, train.AnyTrainRequest):
            self._take_on(request, name)
        elif (job := self._works.job(request)) is not None:
            self._jobs.start(Job(request.id, name, job))
        elif (errand := self._works.errand(request)) is not None:
            self._jobs.send(Job(request.id, name, errand))
        else:
            return self._works.answer(request)
        return None

    def _take_on(self, request: train.AnyTrainRequest, name: str) -> None:
        """A request about rounds; imported when the first one comes, as training needs torch."""
        quiet_threads()
        from engine.service import train_works

        if isinstance(request, train.StartRounds):
            self._jobs.start(Job(request.id, name, train_works.job(request, self._post, self._clock)))
        else:
            self._jobs.send(Job(request.id, name, train_works.errand(request)))

    @property
    def _works(self) -> "ArenaWorks":
        """Imported when it is first asked for: players need networks and compiled kernels."""
        if self._made is None:
            from engine.arena.store import MatchStore
            from engine.service.arena_tools import Tools
            from engine.service.arena_works import ArenaWorks

            self._made = ArenaWorks(Tools(self._makers, MatchStore(), self._post, self._clock))
        return self._made
