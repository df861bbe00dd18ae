"""The generations there are, as all pages of the arena know them."""

from collections.abc import Callable

from app.arena.talk import Talk
from engine.service.messages import Answer, Failed, GenerationInfo, Generations, ListGenerations


class Catalogue:
    """Asked for anew whenever something may have changed.

    Attributes:
        generations: of all domains, in the registry's order.
        trouble: why they are not known, or "".
        watchers: called when `generations` or `trouble` has changed.
    """

    def __init__(self, talk: Talk) -> None:
        self.generations: tuple[GenerationInfo, ...] = ()
        self.trouble = ""
        self.watchers: list[Callable[[], None]] = []
        self._talk = talk

    def refresh(self) -> None:
        """Ask the engine, which is started if need be."""
        self._talk.ask(lambda number: ListGenerations(id=number), self._answered)

    def of_domain(self, domain: str) -> tuple[GenerationInfo, ...]:
        """The generations of one domain, the newest last."""
        return tuple(found for found in self.generations if found.domain == domain)

    def _answered(self, answer: Answer) -> None:
        if isinstance(answer, Generations):
            self.generations, self.trouble = answer.generations, ""
        elif isinstance(answer, Failed):
            self.trouble = answer.text
        for tell in tuple(self.watchers):
            tell()
