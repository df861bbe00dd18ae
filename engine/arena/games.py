"""Games side by side: many boards that are stepped together. The moves are the only truth; the rest follows from them.

Values are from the player who moved. A game ends by the rules, repetition included, or is broken off as a draw.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.domains.base import ActionError, Line, Rules

REPETITIONS = 2
"""Earlier occurrences that make a position the third of its kind."""

_TAIL = 16  # positions at the end of a game that tell it from others

CUT_SHORT = "too long"
"""Why a game ended that was broken off as a draw."""


@dataclass(slots=True, eq=False)
class Game:
    """A game of a match, from its opening to where it is.

    Attributes:
        index: its number; the games of pair `p` are 2p and 2p + 1, with the same opening and colours reversed.
        opening: where it starts.
        a_moves_first: whether player A has the first move after the opening.
        actions: played since the opening. values: what the mover said of each before it was played; NaN = nothing.
        outcome: index into `Rules.outcomes`; 0 while it goes on, and where it was broken off.
        points: of A: 1, 0.5 or 0; None while it goes on.
        fingerprint: of the last positions: equal for games that came together and ended alike.
    """

    index: int
    opening: Line
    a_moves_first: bool
    actions: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    outcome: int = 0
    points: float | None = None
    fingerprint: int = 0
    _states: NDArray[np.void] = field(default_factory=lambda: np.zeros(0, np.uint8))
    _count: int = 0

    @property
    def is_over(self) -> bool:
        """Whether it has a result."""
        return self.points is not None

    @property
    def a_to_move(self) -> bool:
        """Whether it is A's turn."""
        return self.a_moves_first == (len(self.actions) % 2 == 0)

    @property
    def line(self) -> Line:
        """Opening and all that was played since."""
        return self.opening.then(*self.actions)

    @property
    def history(self) -> NDArray[np.void]:
        """States from the start of the opening to now; not to be changed. Empty once it is over."""
        return self._states[: self._count]

    def set_out(self, states: NDArray[np.void]) -> None:
        """Put the states of the opening on the board."""
        self._states, self._count = states, len(states)

    def append(self, state: NDArray[np.void]) -> None:
        """The next state."""
        if self._count == len(self._states):
            grown = np.zeros(2 * self._count + 64, self._states.dtype)
            grown[: self._count] = self._states
            self._states = grown
        self._states[self._count] = state
        self._count += 1

    def end(self, points: float, outcome: int) -> None:
        """Note the result and let the states go."""
        keys = self.history["key"][-_TAIL:].tobytes()
        self.fingerprint = int.from_bytes(hashlib.blake2b(keys, digest_size=8).digest(), "little")
        self.points, self.outcome = points, outcome
        self.set_out(self._states[:0].copy())


class Games:
    """All games of a match that have begun.

    Args:
        max_plies: plies after the opening at which a game is broken off as a draw.
    """

    def __init__(self, rules: Rules, max_plies: int) -> None:
        self._rules, self._max_plies = rules, max_plies
        self._games: dict[int, Game] = {}
        self._live: dict[int, Game] = {}

    def __getitem__(self, index: int) -> Game:
        """The game of this number."""
        return self._games[index]

    @property
    def live(self) -> list[Game]:
        """Games that go on, in the order in which they began."""
        return list(self._live.values())

    @property
    def finished(self) -> list[Game]:
        """Games that are over, in order of their numbers."""
        return [self._games[index] for index in sorted(self._games) if self._games[index].is_over]

    def begin_pair(self, pair: int, opening: Line) -> None:
        """Set up the two games of a pair.

        Raises:
            PositionError, ActionError: the opening is no position, or no legal line.
            ValueError: play has ended in it.
        """
        states = self._rules.load(opening)
        if self._rules.expand(states[-1:].copy()).outcomes[0]:
            raise ValueError(f"play has ended already in opening {opening}")
        for turn in range(2):
            game = Game(2 * pair + turn, opening, a_moves_first=turn == 0)
            game.set_out(states.copy())
            self._games[game.index] = self._live[game.index] = game

    def play(self, indices: Sequence[int], actions: Sequence[int], values: Sequence[float]) -> list[Game]:
        """Play one action in each of some games that go on.

        Returns:
            Those of them that are over now.

        Raises:
            ActionError: an action is not legal, or a game is over; no game has been changed then.
        """
        games = [self._games[index] for index in indices]
        if not games:
            return []
        if over := [game.index for game in games if game.is_over]:
            raise ActionError(f"game {over[0]} is over and takes no action")
        before = np.concatenate([game.history[-1:] for game in games])
        self._check(games, before, actions)
        after = self._rules.step(before, np.array(actions, np.uint16))
        if self._rules.repetition_outcome:
            after["repetitions"] = [_repetitions(game.history, state) for game, state in zip(games, after, strict=True)]
        outcomes = self._rules.expand(after).outcomes
        ended = []
        for game, state, outcome, action, value in zip(games, after, outcomes, actions, values, strict=True):
            game.actions.append(int(action))
            game.values.append(float(value))
            game.append(state)
            if self._ends(game, state, int(outcome)):
                ended.append(game)
                del self._live[game.index]
        return ended

    def _check(self, games: Sequence[Game], states: NDArray[np.void], actions: Sequence[int]) -> None:
        expansion = self._rules.expand(states)
        for row, (game, action) in enumerate(zip(games, actions, strict=True)):
            legal = expansion.actions[expansion.offsets[row] : expansion.offsets[row + 1]]
            if action not in legal:
                raise ActionError(f"action {action} is not legal in game {game.index} after {game.actions}")

    def _ends(self, game: Game, state: NDArray[np.void], outcome: int) -> bool:
        """End the game if `state`, its newest, is the end."""
        repetition = self._rules.repetition_outcome
        if not outcome and repetition and state["repetitions"] >= REPETITIONS:
            outcome = repetition
        if outcome:
            value = self._rules.outcomes[outcome].value  # for the player to move
            game.end(((value if game.a_to_move else -value) + 1) / 2, outcome)
        elif len(game.actions) >= self._max_plies:
            game.end(0.5, 0)
        return game.is_over


def _repetitions(history: NDArray[np.void], state: NDArray[np.void]) -> int:
    """How often `state` stood on the board before, as `Rules.load` counts it: four plies back at the nearest."""
    reach = min(int(state["reversible"]), len(history))
    keys = history["key"][len(history) - reach :][::-1]  # newest first: one ply back, two, ...
    return min(int(np.count_nonzero(keys[3::2] == state["key"])), 255)
