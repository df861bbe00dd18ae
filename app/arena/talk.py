"""Questions to an engine's process of its own, each answered to whoever asked: plain Python, no window.

The process is started when it is first needed. Until it is ready questions wait in a queue; where it dies, everybody
who waits gets a `Failed` of kind "engine", and the next question starts it again.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from app.comparing_search import SecondEngine
from engine.service.arena_messages import JobProgress, MatchPart
from engine.service.messages import Answer, Failed, Notice, Preparing, Request

MakeRequest = Callable[[int], Request]
"""Makes a request with the id given."""
Answered = Callable[[Answer], None]
"""Gets the final answer of a request; `Failed` is one."""
Noticed = Callable[[Notice], None]
"""Gets what the engine says while it works on a job."""
NEVER_SENT = -1
"""Id of a `Failed` for a question that never reached an engine."""


@dataclass(frozen=True, slots=True)
class _Question:
    """What waits for an engine, or for its answer. `noticed` None = no job: it gets no notices.

    `part`: gets the parts of a long answer.
    """

    make: MakeRequest
    answered: Answered
    noticed: Noticed | None
    part: Callable[[MatchPart], None] | None


class Talk:
    """A conversation with one engine's process; also the listener of it (`app.comparing_engine.Told`).

    Attributes:
        state: the process's, as a word: "stopped" (at first), "starting", "ready", "stopping", "failed".
        failure: why it failed, a sentence and the last lines of its log; "" while it did not.
        doing: what the engine says it is doing just now, in words; "" while it says nothing of the kind.
        watchers: called when `state`, `is_working` or `doing` has changed.
    """

    def __init__(self, engine: SecondEngine) -> None:
        self.state = "stopped"
        self.failure = ""
        self.doing = ""
        self.watchers: list[Callable[[], None]] = []
        self._engine = engine
        self._waiting: deque[_Question] = deque()
        self._asked: dict[int, _Question] = {}  # by id, the oldest first

    @property
    def is_working(self) -> bool:
        """A job is in hand: a question with notices is unanswered."""
        return any(question.noticed is not None for question in (*self._asked.values(), *self._waiting))

    @property
    def has_ended(self) -> bool:
        """There is no process: who was waiting was answered by this side, and the next question starts one."""
        return self.state in ("failed", "stopping", "stopped")

    def ask(
        self,
        make: MakeRequest,
        answered: Answered,
        noticed: Noticed | None = None,
        part: Callable[[MatchPart], None] | None = None,
    ) -> None:
        """Send the request that `make` makes of an id, as soon as the engine is ready.

        Args:
            answered: called once with the answer, `Failed` included; perhaps before this returns.
            noticed: for a job (`engine.service.arena_messages`): called with each notice until it is answered. The
                engine has one job at a time, so notices are those of the oldest job that is unanswered.
            part: gets the parts of an answer that is too long for one message, before it.
        """
        self._waiting.append(_Question(make, answered, noticed, part))
        if self._engine.is_ready:
            self._send_waiting()
        else:
            self._engine.start()
        if noticed is not None:
            self._tell_watchers()

    def start(self) -> None:
        """Start the process, where it does not run."""
        self._engine.start()

    def finish(self) -> None:
        """End the process and wait for it. Nobody is answered any more."""
        self._waiting.clear()
        self._asked.clear()
        self.watchers.clear()
        self._engine.finish()

    def engine_changed(self, state: str, failure: str) -> None:
        """The process changed its state."""
        self.state, self.failure, self.doing = state, failure, ""
        if state == "ready":
            self._send_waiting()
        elif state in ("failed", "stopped"):
            self._fail_all(failure.splitlines()[0] if failure else "The engine was stopped.")
        self._tell_watchers()

    def answered(self, answer: Answer) -> None:
        """Hand an answer to whoever asked."""
        question = self._asked.pop(answer.id, None)
        if question is not None:  # greetings are answered too, and nobody here asked for them
            question.answered(answer)
            if question.noticed is not None:
                self._say("")
                self._tell_watchers()

    def noticed(self, notice: Notice) -> None:
        """Hand a notice to whoever asked for the job that runs, a part of an answer to whoever asked for that."""
        if isinstance(notice, MatchPart):
            reader = self._asked.get(notice.request)
            if reader is not None and reader.part is not None:
                reader.part(notice)
            return
        if isinstance(notice, Preparing):
            self._say("" if notice.done >= notice.total else notice.text)
        elif isinstance(notice, JobProgress):
            self._say(notice.text)
        job = next((question for question in self._asked.values() if question.noticed is not None), None)
        if job is not None and job.noticed is not None:
            job.noticed(notice)

    def _send_waiting(self) -> None:
        while self._waiting and self._engine.is_ready:
            question = self._waiting.popleft()
            self._asked[self._engine.request(question.make)] = question

    def _say(self, doing: str) -> None:
        if doing != self.doing:
            self.doing = doing
            self._tell_watchers()

    def _fail_all(self, sentence: str) -> None:
        """Answer all who wait. Whoever asks again meanwhile waits for the next process."""
        lost = [*self._asked.items(), *((NEVER_SENT, question) for question in self._waiting)]
        self._asked.clear()
        self._waiting.clear()
        for number, question in lost:
            question.answered(Failed(id=number, kind="engine", text=sentence))

    def _tell_watchers(self) -> None:
        for tell in tuple(self.watchers):
            tell()
