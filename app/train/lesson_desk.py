"""The desk for lessons: the most surprising ones of a round, and which of them are not to be learned."""

from collections.abc import Callable

from app.arena.job import Conversation
from engine.service.messages import Answer, Failed
from engine.service.train_messages import ExcludeLessons, LessonsShown, SurprisingLessons

_COUNT = 24


class LessonDesk:
    """Follows one round.

    Attributes:
        round: id of it, or "". shown: its lessons; None while they are read.
        excluded: numbers of those not to be learned, as a person wants it.
        trouble: a sentence on what went wrong, or "". watchers: called when anything of this is new.
    """

    def __init__(self, talk: Conversation) -> None:
        self.round = ""
        self.shown: LessonsShown | None = None
        self.excluded: frozenset[int] = frozenset()
        self.trouble = ""
        self.watchers: list[Callable[[], None]] = []
        self._talk = talk

    def open(self, name: str) -> None:
        """Show the lessons of a round, read anew; "" = of none."""
        if name != self.round:
            self.round, self.shown, self.excluded = name, None, frozenset()
        self.trouble = ""
        if name:
            self._talk.ask(lambda number: SurprisingLessons(id=number, round=name, count=_COUNT), self._got)
        self._tell()

    def learn(self, lesson: int, is_learned: bool) -> None:
        """Let a lesson be learned, or leave it out; kept at once."""
        if self.shown is None or not self.shown.can_exclude:
            return
        name = self.round
        self.excluded = self.excluded - {lesson} if is_learned else self.excluded | {lesson}
        wanted = tuple(sorted(self.excluded))
        self._talk.ask(lambda number: ExcludeLessons(id=number, round=name, lessons=wanted), self._kept)
        self._tell()

    def forget_trouble(self) -> None:
        """The sentence was read."""
        self.trouble = ""

    def _got(self, answer: Answer) -> None:
        if isinstance(answer, LessonsShown) and answer.round == self.round:
            self.shown, self.excluded = answer, frozenset(answer.excluded)
        elif isinstance(answer, Failed):
            self.trouble = answer.text
        self._tell()

    def _kept(self, answer: Answer) -> None:
        if isinstance(answer, Failed):
            self.open(self.round)  # what is on disk holds
            self.trouble = answer.text
            self._tell()

    def _tell(self) -> None:
        for tell in tuple(self.watchers):
            tell()
