"""Asking players what they think of positions: one question at a time, the most urgent first, answers remembered."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from app.screen import Background
from app.viewmodels.arena_mind import Mind, Question, mind_of
from engine.service.arena_messages import Think, Thought
from engine.service.messages import Answer, Failed, Request

_MOST_NODES = 1_000_000
"""Of all trees that are remembered; beyond it those that were looked at longest ago are forgotten."""


class Asker(Protocol):
    """What thinking needs of a conversation with an engine (`app.arena.talk.Talk`)."""

    def ask(self, make: Callable[[int], Request], answered: Callable[[Answer], None]) -> None:
        """Send a request; `answered` is called once with its answer, perhaps before this returns."""
        ...


class Thinking:
    """What players think, as far as it was asked.

    Attributes:
        changed: called when an answer has come.
        device: where intuitions compute.
    """

    def __init__(self, talk: Asker, background: Background) -> None:
        self.changed: Callable[[], None] = lambda: None
        self.device = "auto"
        self._talk, self._background = talk, background
        self._minds: OrderedDict[Question, Mind] = OrderedDict()
        self._troubles: dict[Question, str] = {}
        self._wanted: tuple[Question, ...] = ()
        self._asked: Question | None = None

    def want(self, questions: Sequence[Question]) -> None:
        """What is wanted now, the most urgent first; questions wanted before and not asked yet are dropped."""
        self._wanted = tuple(dict.fromkeys(questions))
        self._ask_next()

    def of(self, question: Question) -> Mind | None:
        """The answer to a question, None = not yet."""
        mind = self._minds.get(question)
        if mind is not None:
            self._minds.move_to_end(question)
        return mind

    def trouble(self, question: Question) -> str:
        """Why there is no answer to a question, in a sentence, or ""."""
        return self._troubles.get(question, "")

    def try_again(self) -> None:
        """Ask once more what could not be answered."""
        self._troubles.clear()
        self._ask_next()

    def _ask_next(self) -> None:
        if self._asked is not None:
            return
        open_ones = (each for each in self._wanted if each not in self._minds and each not in self._troubles)
        question = next(open_ones, None)
        if question is None:
            return
        self._asked = question
        self._talk.ask(partial(_request, question, self.device), partial(self._answered, question))

    def _answered(self, question: Question, answer: Answer) -> None:
        if isinstance(answer, Thought):
            work = partial(mind_of, question, answer)
            self._background.run(work, partial(self._folded, question), partial(self._failed, question))
            return
        text = answer.text if isinstance(answer, Failed) else f"the engine answered {type(answer).__name__}"
        if isinstance(answer, Failed) and answer.kind == "engine":
            # Asking would start a dead engine at once, again and again: that is a person's to decide.
            self._troubles.update((each, _sentence(text)) for each in self._wanted if each not in self._minds)
        self._failed(question, text)

    def _folded(self, question: Question, mind: Mind) -> None:
        self._minds[question] = mind
        self._forget_oldest()
        self._go_on()

    def _failed(self, question: Question, error: object) -> None:
        self._troubles[question] = _sentence(str(error))
        self._go_on()

    def _go_on(self) -> None:
        self._asked = None
        self.changed()
        self._ask_next()

    def _forget_oldest(self) -> None:
        held = sum(mind.size for mind in self._minds.values())
        for question in list(self._minds):
            if held <= _MOST_NODES:
                return
            if question not in self._wanted:
                held -= self._minds.pop(question).size


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}".rstrip(".") + "."


def _request(question: Question, device: str, number: int) -> Request:
    line = question.line
    return Think(
        id=number,
        domain=question.domain,
        start=line.start,
        actions=line.actions,
        player=question.player,
        seed=question.seed,
        device=device,
    )
