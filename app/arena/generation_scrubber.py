"""The desk for one position through all generations of its domain."""

from collections.abc import Callable

from app.arena.thinking import Asker, Thinking
from app.presenter import phrases
from app.screen import Background
from app.viewmodels.arena_mind import Question
from app.viewmodels.scrubber import (
    BUDGETS,
    ScrubberRecord,
    asking_order,
    in_order,
    player_of,
    scrubber_record,
)
from engine.domains.base import Line
from engine.service.messages import GenerationInfo


class GenerationScrubber:
    """Asks every generation about the position, the one looked at first.

    Attributes:
        budget: simulations of each; 0 = intuition alone.
        generation: the one looked at, the newest until a person chose; "" before there is one.
    """

    def __init__(self, talk: Asker, background: Background, show: Callable[[ScrubberRecord], None]) -> None:
        """`show`: is handed each new record."""
        self.budget = BUDGETS[0]
        self.generation = ""
        self._show_record = show
        self._thinking = Thinking(talk, background)
        self._thinking.changed = self._show
        self._generations: tuple[str, ...] = ()
        self._place: tuple[str, Line] | None = None
        self._is_open = self._is_chosen = False
        self._last: ScrubberRecord | None = None

    def set_generations(self, infos: tuple[GenerationInfo, ...]) -> None:
        """The generations of the position's domain."""
        found = in_order(infos)
        if found != self._generations:
            self._generations = found
            if not self._is_chosen or self.generation not in found:
                self.generation = found[-1]
            self._ask()

    def look(self, domain: str, line: Line) -> None:
        """Look at another position."""
        if (domain, line) != self._place:
            self._place = domain, line
            self._ask()

    def set_open(self, is_open: bool) -> None:
        """Whether anybody looks; nothing is asked while nobody does."""
        self._is_open = is_open
        self._ask()

    def goto(self, place: int) -> None:
        """Look at the generation at a place of the scale; stops at either end."""
        if self._generations:
            self._is_chosen = True
            self.generation = self._generations[min(max(place, 0), len(self._generations) - 1)]
            self._ask()

    def step(self, places: int) -> None:
        """So many generations on, or back."""
        if self._generations:
            self.goto(self._generations.index(self.generation) + places)

    def set_budget(self, budget: int) -> None:
        """Give each so many simulations."""
        if budget != self.budget:
            self.budget = budget
            self._ask()

    def record(self) -> ScrubberRecord:
        """What is known now."""
        if self._place is None or not self._generations:
            return ScrubberRecord(budget=self.budget)
        domain, line = self._place
        questions = self._questions()
        at = self._generations.index(self.generation)
        minds = [self._thinking.of(question) for question in questions]
        troubles = [self._thinking.trouble(question) for question in questions]
        return scrubber_record(self._generations, minds, troubles, at, self.budget, line, phrases(domain))

    def show_again(self) -> None:
        """Hand the record over once more."""
        self._last = None
        self._show()

    def _questions(self) -> list[Question]:
        if self._place is None:
            return []
        return [Question(*self._place, player_of(name, self.budget)) for name in self._generations]

    def _ask(self) -> None:
        """Ask the generations, those next to the one that is looked at first."""
        questions = self._questions()
        is_over = self._place is not None and bool(phrases(self._place[0]).card(self._place[1]).outcome)
        if self._is_open and questions and not is_over:
            at = self._generations.index(self.generation)
            self._thinking.want([questions[place] for place in asking_order(len(questions), at)])
        else:
            self._thinking.want(())
        self._show()

    def _show(self) -> None:
        record = self.record()
        if record != self._last:
            self._last = record
            self._show_record(record)
