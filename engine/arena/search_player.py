"""A player that searches one board after the other: for methods that do not run in lockstep, and for play on time."""

import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import msgspec

from engine.arena.players import SIMULATIONS_A_STEP, Chosen, Turn, facts_of, fingerprint_of
from engine.domains.base import Rules
from engine.search.breaks import without_breaks
from engine.search.clock import Clock, limits_of_plan, time_for_move
from engine.search.evaluator import Evaluator
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings
from engine.search.time_control import TimeControl
from engine.tree.choice import best_edge
from engine.tree.columns import ROOT
from engine.tree.explain import node_value

_PLANS_AHEAD = "gumbel"
"""The method that must know the number of its simulations; where only time is given, it is guessed."""
_FIRST_GUESS = 256
_FIRST_SPEED = 500.0  # simulations per second
_FORGETTING = 0.8  # of the lateness of earlier moves, what still counts a move later


@dataclass(frozen=True, slots=True)
class Budget:
    """How long a player searches for a move; the first limit reached ends it.

    Attributes:
        simulations: None = as many as the time allows. seconds: for a move. clock: for a game.
    """

    simulations: int | None = None
    seconds: float | None = None
    clock: TimeControl | None = None

    @property
    def time_text(self) -> str:
        """The time, for people; "" = any."""
        words = [] if self.seconds is None else [f"{self.seconds:g} s a move"]
        return ", ".join(words + ([] if self.clock is None else [f"clock {self.clock}"]))


class SearchPlayer:
    """Searches one board after the other; on time no two boards at once, so that none slows another down."""

    def __init__(
        self, rules: Rules, evaluator: Evaluator, settings: SearchSettings, budget: Budget, name: str = ""
    ) -> None:
        shown = "" if budget.simulations is None else budget.simulations
        self.name = name or f"{evaluator.name}@{shown}:{settings.method}"
        on_time = budget.time_text
        told = (on_time,) if on_time else ()
        self.fingerprint = fingerprint_of(evaluator, settings, budget.simulations, *told)
        self.facts = facts_of(self.name, self.fingerprint, evaluator, settings, budget.simulations, on_time)
        self.clock = budget.clock
        self.is_deterministic = not on_time and settings.method != "best-of-n"
        self.most_boards = 1 if on_time else max(1, SIMULATIONS_A_STEP // (budget.simulations or 1))
        self._rules, self._evaluator, self._settings, self._budget = rules, evaluator, settings, budget
        self._speed, self._lateness_s = _FIRST_SPEED, 0.0
        self._is_warm = False

    def choose(self, turns: Sequence[Turn]) -> Chosen:
        """See `Player.choose`."""
        return without_breaks(self.choosing(turns))

    def choosing(self, turns: Sequence[Turn]) -> Generator[None, None, Chosen]:
        """See `TakesBreaks`; a break after each batch, but none while the time of a player runs."""
        actions, values, spent_s = [], [], []
        for turn in turns:
            began = time.perf_counter()
            action, value = yield from self._search(turn, began)
            actions.append(action)
            values.append(value)
            spent_s.append(time.perf_counter() - began)
        return Chosen(actions, values, spent_s if self.clock is not None else None)

    def search(self, turn: Turn, sink: Callable[[bytes], None]) -> Search:
        """See `engine.arena.players.Searches`."""
        return self._start(turn, sink, time.perf_counter())

    def close(self) -> None:
        """Nothing to let go of."""

    def _search(self, turn: Turn, began: float) -> Generator[None, None, tuple[int, float]]:
        """The action to play on a board, and what the board is worth."""
        search = self._start(turn, lambda _: None, began)
        longest_s, asked = 0.0, time.perf_counter()
        while search.advance() is None:
            longest_s, asked = max(longest_s, time.perf_counter() - asked), time.perf_counter()
            if not self._budget.time_text:
                yield
        self._learn(search, longest_s)
        return int(search.tree.edge_action[best_edge(search.tree, ROOT)]), node_value(search.tree, ROOT)

    def _start(self, turn: Turn, sink: Callable[[bytes], None], began: float) -> Search:
        settings = msgspec.structs.replace(self._settings, seed=turn.seed)
        search = Search(self._rules, self._evaluator, turn.game.line, settings, sink, self._evaluator.name)
        search.start_run(self._limits(turn.clock, time.perf_counter() - began))
        return search

    def _learn(self, search: Search, longest_s: float) -> None:
        """Note how fast simulations are here, and by how much a search may outlast its limit: its longest step."""
        if self._is_warm:  # the first search loads kernels
            self._lateness_s = max(longest_s, _FORGETTING * self._lateness_s)
        self._is_warm = True
        figures = search.figures()
        if figures.seconds_s > 0 and figures.simulations >= _FIRST_GUESS:
            self._speed = figures.simulations / figures.seconds_s

    def _limits(self, clock: Clock | None, gone_s: float) -> Limits:
        """The limits of a search that begins `gone_s` after the player's time began to run."""
        limits = Limits(simulations=self._budget.simulations)
        if clock is not None:
            overhead_s = max(clock.overhead_s, self._lateness_s)
            left = msgspec.structs.replace(clock, remaining_s=clock.remaining_s - gone_s, overhead_s=overhead_s)
            limits = limits_of_plan(time_for_move(left), limits)
        if self._budget.seconds is not None:
            seconds = max(1e-3, self._budget.seconds - gone_s)
            limits = msgspec.structs.replace(limits, seconds=min(seconds, limits.seconds or seconds))
        if self._settings.method != _PLANS_AHEAD or limits.simulations is not None:
            return limits
        seconds_to_fill = limits.settle_seconds or limits.seconds or 0.0
        return msgspec.structs.replace(limits, simulations=max(1, int(seconds_to_fill * self._speed)))
