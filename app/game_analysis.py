"""Analysis of a whole game: the search visits one position after the other, and what it finds is kept.

The board goes along, because the search is always about what is on the board. A person who goes elsewhere, pauses or
changes the game ends the analysis; what was found until then stays.
"""

from collections.abc import Callable
from dataclasses import dataclass

from app.session import Session
from app.steering import is_spent
from app.viewmodels.evaluations import Evaluations
from app.viewmodels.explore import ExploreState
from app.viewmodels.figures import duration
from app.viewmodels.game import Game
from engine.domains.base import Line, Notation
from engine.search.limits import Limits

BUDGETS = (100, 400, 1600, 6400)
"""Simulations for each position that a person can choose from."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is being gone through.

    Attributes:
        game: as it was when the analysis began, with its cursor. stops: cursors to visit, in their order.
        budget: simulations at each. before: budget, limits and run of the wish, to be put back.
        begun_s: on the clock.
    """

    game: Game
    stops: tuple[int, ...]
    budget: int
    before: tuple[int | None, Limits, bool]
    begun_s: float


class GameAnalysis:
    """At most one analysis at a time."""

    def __init__(
        self,
        session: Session,
        evaluations: Evaluations,
        look: Callable[[], ExploreState],
        turn_to: Callable[[Game], None],
        clock: Callable[[], float],
    ) -> None:
        """`turn_to` puts a game on the board; `clock` gives seconds."""
        self._session, self._evaluations, self._look = session, evaluations, look
        self._turn_to, self._clock = turn_to, clock
        self._plan: Plan | None = None
        self._done = 0

    @property
    def is_on(self) -> bool:
        """Whether an analysis goes on."""
        return self._plan is not None

    @property
    def share(self) -> float | None:
        """How much is done, in [0, 1]; None while there is none."""
        return None if self._plan is None else self._done / max(len(self._plan.stops), 1)

    def progress(self) -> str:
        """One line: where it is, and how long it will take."""
        if self._plan is None:
            return ""
        total, text = len(self._plan.stops), f"Analysing position {self._done + 1} of {len(self._plan.stops)}"
        if not self._done:
            return text
        left = (self._clock() - self._plan.begun_s) / self._done * (total - self._done)
        return f"{text} · about {duration(left)} left"

    def start(self, notation: Notation, budget: int, source: str, *, backwards: bool) -> str:
        """Begin with the line followed; positions that were searched that much already are passed over.

        Returns:
            A sentence where there is nothing to do, or "".
        """
        game = self._look().game
        stops = [stop for stop in range(len(game.path) + 1) if self._lacks(notation, game, stop, budget, source)]
        if not stops:
            return "Every position of this line is known already."
        wish = self._session.wish
        ordered = tuple(reversed(stops) if backwards else stops)
        self._plan = Plan(game, ordered, budget, (wish.budget, wish.limits, wish.run), self._clock())
        self._done = 0
        self._session.want(budget=budget, limits=Limits())
        self._visit()
        return ""

    def follow(self) -> str:
        """Go on where the position at hand is done; called whenever something happened.

        Returns:
            A sentence where the analysis has just ended, or "".
        """
        plan = self._plan
        if plan is None:
            return ""
        state, wish, known = self._look(), self._session.wish, self._session.known
        if state.engine in ("failed", "stopped"):
            return self._end("The analysis ended with the engine. What was found is kept.", go_back=False)
        stop = plan.stops[self._done]
        if state.game.tree is not plan.game.tree or state.game.here != plan.game.path[:stop]:
            return self._end(
                "The analysis ends here, because you went elsewhere. What was found is kept.", go_back=False
            )
        if not wish.run or not wish.open:
            return self._end("The analysis was stopped. What was found is kept.", go_back=False)
        if known.line != wish.line or known.running or known.waiting or not is_spent(wish, known):
            return ""
        self._done += 1
        if self._done == len(plan.stops):
            taken = duration(self._clock() - plan.begun_s)
            return self._end(f"Analysed {len(plan.stops)} positions in {taken}.", go_back=True)
        self._visit()
        return ""

    def cancel(self) -> str:
        """End it by hand; a sentence where there was one."""
        if self._plan is None:
            return ""
        return self._end("The analysis was stopped. What was found is kept.", go_back=True)

    def _visit(self) -> None:
        assert self._plan is not None
        self._turn_to(self._plan.game.goto(self._plan.stops[self._done]))
        self._session.start()

    def _end(self, said: str, *, go_back: bool) -> str:
        plan, self._plan = self._plan, None
        assert plan is not None
        budget, limits, run = plan.before
        if go_back:
            self._session.want(budget=budget, limits=limits, run=run, step=0)
            self._turn_to(plan.game)
        else:
            self._session.want(budget=budget, limits=limits)
        return said

    def _lacks(self, notation: Notation, game: Game, stop: int, budget: int, source: str) -> bool:
        """Whether a position is still to be searched: play goes on there, nothing is proven, visits are few."""
        line = Line(game.tree.start, game.path[:stop])
        if notation.card(line).outcome:
            return False
        found = self._evaluations.of(notation, line, source)
        return found is None or found.source != source or (found.simulations < budget and not found.is_proven)
