"""Who was right: a deeper search of the position where two main lines part, by the second engine."""

from dataclasses import dataclass

from app.comparing_search import SecondSearch
from app.steering import Wish
from engine.domains.base import Line
from engine.search.settings import SearchSettings
from engine.tree.columns import ROOT
from engine.tree.compare_figures import Divergence, Verdict, judge


@dataclass(frozen=True, slots=True)
class Question:
    """Whose move is better at `split` below `line`, to be judged by `generation` with `budget` simulations."""

    line: Line
    split: Divergence
    generation: str
    budget: int


class Judge:
    """Puts one question at a time.

    Attributes:
        question: the last one, or None.
    """

    def __init__(self, second: SecondSearch) -> None:
        self.question: Question | None = None
        self._second = second
        self._last: Verdict | None = None

    def ask(self, domain: str, question: Question, memory_bytes: int) -> None:
        """Search deeper, in the usual way whatever the two did, in so much memory."""
        self.question, self._last = question, None
        settings = SearchSettings(memory_bytes=memory_bytes)
        line = question.line.then(*question.split.path)
        self._second.begin(Wish(domain, line, question.generation, settings, budget=question.budget))

    def forget(self) -> None:
        """Ask nothing any more."""
        if self.question is not None:
            self._second.end()
        self.question = self._last = None

    @property
    def is_running(self) -> bool:
        """Whether the answer is still to come."""
        return self.question is not None and self._second.is_running

    @property
    def progress(self) -> float | None:
        """Of the search in [0, 1], None where none runs."""
        if not self.is_running or self.question is None:
            return None
        return min(1.0, self._second.done / self.question.budget)

    @property
    def trouble(self) -> str:
        """Why there is no answer, or ""."""
        return self._second.trouble if self.question is not None else ""

    @property
    def verdict(self) -> Verdict | None:
        """What it says so far."""
        replica, question = self._second.replica, self.question
        if question is None or replica is None:
            return self._last
        if self._last is None or self._last.simulations != int(replica.tree.stats["visits"][ROOT]):
            self._last = judge(replica.tree, question.split)
        return self._last
