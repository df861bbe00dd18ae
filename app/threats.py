"""The threat view: the player to move passes, and a second engine says what the other would do.

Plain Python. The view stays on and follows the board; the engine's process is started when it is first needed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from app.comparing_search import SecondEngine, SecondSearch
from app.session import Session
from app.steering import Wish
from app.viewmodels.explore import ExploreState
from app.viewmodels.phrases import Phrases
from app.viewmodels.threat import Threat, found_threat
from engine.domains.base import Line
from engine.service.messages import Answer, Notice

SIMULATIONS = 400
"""Enough to see what is threatened, done within a second."""


class Looker(Protocol):
    """What the threat view needs of the controller."""

    def look(self, **changes: object) -> None:
        """Change what is looked at; names are those of `ExploreState`."""
        ...


@dataclass(frozen=True, slots=True)
class _Asked:
    """A position, and what came of it when its player passed (None: there is no passing)."""

    line: Line
    passed: Line | None


class Threats:
    """Asks for the threat in the position on the board, while it is on.

    Attributes:
        is_on: the view is on.
    """

    def __init__(
        self,
        session: Session,
        look: Callable[[], ExploreState],
        words: Callable[[str], Phrases],
        looker: Looker,
        engine: SecondEngine,
    ) -> None:
        """`look`: what is looked at now; `words`: the phrases of a domain."""
        self.is_on = False
        self._session, self._look, self._words, self._looker = session, look, words, looker
        self._second = SecondSearch(engine, lambda: None)
        self._asked: _Asked | None = None

    def switch(self, on: bool) -> None:
        """Show what is threatened, or show it no more."""
        self.is_on = on
        self._asked = None
        if on:
            self.tick()
        else:
            self._second.end()
            self._tell(None)

    def tick(self) -> None:
        """Follow the board, and the search; called a few times a second."""
        if not self.is_on:
            return
        line = self._look().game.current
        if self._asked is None or self._asked.line != line:
            self._ask(line)
        elif self._asked.passed is not None:
            self._follow(self._asked)

    def finish(self) -> None:
        """The window closes."""
        self._second.finish()

    def engine_changed(self, state: str, failure: str) -> None:
        """See `app.comparing_engine.Told`, here and below."""
        self._second.engine_changed(state, failure)

    def answered(self, answer: Answer) -> None:
        """The engine answered."""
        self._second.answered(answer)

    def noticed(self, notice: Notice) -> None:
        """The engine said something unasked."""
        self._second.noticed(notice)

    def _ask(self, line: Line) -> None:
        """Let the player to move pass, and have the position searched."""
        notation = self._words(self._look().domain).notation
        passed = notation.passed(line)
        self._asked = _Asked(line, passed)
        if passed is None:
            self._second.end()
            self._tell(Threat(line, self._why_not(line)))
            return
        self._tell(Threat(line, "Looking for the threat …"))
        wish = self._session.wish
        self._second.begin(
            Wish(self._look().domain, passed, generation=wish.generation, settings=wish.settings, budget=SIMULATIONS)
        )

    def _follow(self, asked: _Asked) -> None:
        replica = self._second.replica
        if self._second.trouble:
            self._tell(Threat(asked.line, f"The threat could not be looked for: {self._second.trouble}"))
        elif replica is not None and replica.line == asked.passed:
            found = found_threat(asked.line, replica.tree, self._words(self._look().domain), SIMULATIONS)
            if found is not None:
                self._tell(found)

    def _why_not(self, line: Line) -> str:
        words = self._words(self._look().domain)
        card = words.card(line)
        if card.outcome:
            return "Play has ended here: nothing is threatened any more."
        if card.alarm >= 0:
            name = words.notation.players[card.to_move]
            return f"{name} is in check and cannot pass: the check itself is the threat."
        return f"Nobody can pass here in {words.notation.title}, so there is no threat to show."

    def _tell(self, threat: Threat | None) -> None:
        if self._look().threat != threat:
            self._looker.look(threat=threat)
