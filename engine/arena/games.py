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
"""How a game ended that was broken off as a draw (`Game.ended_by`)."""


@dataclass(slots=True, eq=False)
class Game:
    """A game of a match, from its opening to where it is.

    Attributes:
        index: its number; the games of pair `p` are 2p and 2p + 1, with the same opening and colours reversed.
        opening: where it starts.
        a_moves_first: whether player A has the first move after the opening.
        actions: played since the opening. values: what the mover said of each before it was played; NaN = nothing.
        spent_s: on each of them, where the mover has a clock; else 0.
        outcome: index into `Rules.outcomes`; 0 while it goes on, and where the rules did not end it.
        ended_by: what ended it where the rules did not: it was too long, adjudicated, or forfeited; else "".
        points: of A: 1, 0.5 or 0; None while it goes on.
        agreed: points on which it would have been adjudicated, had it not been played on as a check.
        fingerprint: of the last positions: equal for games that came together and ended alike.
    """

    index: int
    opening: Line
    a_moves_first: bool
    actions: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    spent_s: list[float] = field(default_factory=list)
    outcome: int = 0
    ended_by: str = ""
    points: float | None = None
    agreed: float | None = None
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

    def end(self, points: float, outcome: int = 0, ended_by: str = "") -> None:
        """Note the result and let the states go."""
        keys = self.history["key"][-_TAIL:].tobytes()
        self.fingerprint = int.from_bytes(hashlib.blake2b(keys, digest_size=8).digest(), "little")
        self.points, self.outcome, self.ended_by = points, outcome, ended_by
        self.set_out(self._states[:0].copy())


class Games:
    """All games of a match that have begun.

    Args:
        max_plies: plies after the opening at which a game is broken off as a draw.

    Attributes:
        num_finished: games that are over. finished_plies: of all of them together, after the opening.
    """

    def __init__(self, rules: Rules, max_plies: int) -> None:
        self._rules, self._max_plies = rules, max_plies
        self._games: dict[int, Game] = {}
        self._live: dict[int, Game] = {}
        self.num_finished = self.finished_plies = 0

    def __getitem__(self, index: int) -> Game:
        """The game of this number."""
        return self._games[index]

    def __len__(self) -> int:
        """Games that have begun: their numbers are those below this."""
        return len(self._games)

    @property
    def live(self) -> list[Game]:
        """Games that go on, in the order in which they began."""
        return list(self._live.values())

    @property
    def finished(self) -> list[Game]:
        """Games that are over, in order of their numbers."""
        return [self._games[index] for index in sorted(self._games) if self._games[index].is_over]

    def begin_pair(self, pair: int, opening: Line) -> None:
        """Set up the two games of a pair; errors as in `begin`."""
        for turn in range(2):
            self.begin(2 * pair + turn, opening, a_moves_first=turn == 0)

    def begin(self, index: int, opening: Line, *, a_moves_first: bool = True) -> None:
        """Set up one game.

        Raises:
            PositionError, ActionError: the opening is no position, or no legal line.
            ValueError: play has ended in it.
        """
        states = self._rules.load(opening)
        if self._rules.expand(states[-1:].copy()).outcomes[0]:
            raise ValueError(f"play has ended already in opening {opening}")
        game = Game(index, opening, a_moves_first)
        game.set_out(states)
        self._games[index] = self._live[index] = game

    def break_off(self, index: int, points: float, ended_by: str) -> None:
        """End a game that goes on otherwise than by the rules; `points`: of A."""
        game = self._games[index]
        game.end(points, ended_by=ended_by)
        self._put_away(game)

    def play(
        self,
        indices: Sequence[int],
        actions: Sequence[int],
        values: Sequence[float],
        spent_s: Sequence[float] | None = None,
    ) -> list[Game]:
        """Play one action in each of some games that go on.

        Args:
            spent_s: on each action, where the player has a clock.

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
        before = newest_states(games)
        self._check(games, before, actions)
        after = self._rules.step(before, np.array(actions, np.uint16))
        if self._rules.repetition_outcome:
            after["repetitions"] = [_repetitions(game.history, state) for game, state in zip(games, after, strict=True)]
        outcomes = self._rules.expand(after).outcomes
        ended = []
        spent_s = [0.0] * len(games) if spent_s is None else spent_s
        rows = zip(games, after, outcomes, actions, values, spent_s, strict=True)
        for game, state, outcome, action, value, spent in rows:
            game.actions.append(int(action))
            game.values.append(float(value))
            game.spent_s.append(spent)
            game.append(state)
            if self._ends(game, state, int(outcome)):
                ended.append(game)
                self._put_away(game)
        return ended

    def _put_away(self, game: Game) -> None:
        """Note that a game is over."""
        del self._live[game.index]
        self.num_finished += 1
        self.finished_plies += len(game.actions)

    def _check(self, games: Sequence[Game], states: NDArray[np.void], actions: Sequence[int]) -> None:
        expansion = self._rules.expand(states)
        wanted = np.repeat(np.array(actions, np.int64), np.diff(expansion.offsets))
        is_legal = np.add.reduceat(expansion.actions == wanted, expansion.offsets[:-1], dtype=np.int64)
        for row in np.flatnonzero(is_legal == 0).tolist():
            game = games[row]
            raise ActionError(f"action {actions[row]} is not legal in game {game.index} after {game.actions}")

    def _ends(self, game: Game, state: NDArray[np.void], outcome: int) -> bool:
        """End the game if `state`, its newest, is the end."""
        repetition = self._rules.repetition_outcome
        if not outcome and repetition and state["repetitions"] >= REPETITIONS:
            outcome = repetition
        if outcome:
            value = self._rules.outcomes[outcome].value  # for the player to move
            game.end(((value if game.a_to_move else -value) + 1) / 2, outcome)
        elif len(game.actions) >= self._max_plies:
            game.end(0.5, ended_by=CUT_SHORT)
        return game.is_over


def newest_states(games: Sequence[Game]) -> NDArray[np.void]:
    """The boards of some games as they stand: [B]. By their bytes, as `np.concatenate` of records takes longer."""
    content = bytearray().join(game.history[-1:].tobytes() for game in games)
    return np.frombuffer(content, games[0].history.dtype)


def ending(rules: Rules, game: Game) -> str:
    """How a finished game ended, in words: the rules' outcome, or what ended it instead."""
    return game.ended_by or rules.outcomes[game.outcome].text


def _repetitions(history: NDArray[np.void], state: NDArray[np.void]) -> int:
    """How often `state` stood on the board before, as `Rules.load` counts it: four plies back at the nearest."""
    reach = min(int(state["reversible"]), len(history))
    keys = history["key"][len(history) - reach :][::-1]  # newest first: one ply back, two, ...
    return min(int(np.count_nonzero(keys[3::2] == state["key"])), 255)
