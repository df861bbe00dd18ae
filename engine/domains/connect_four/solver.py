"""Perfect play of Connect Four: the exact score of every position, and of every action in it.

A score is, for the player to move, how early the game is decided with best play: `+1` = a win with that player's last
disc, `+2` = with the one before it, and so on; 0 a draw; negative alike for a loss.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.domains.base import Line
from engine.domains.connect_four import kernels, solver_kernels
from engine.domains.connect_four.board import COLUMNS, IN_PLAY, boards_of
from engine.domains.connect_four.solver_kernels import NODES, STOP, UNSOLVED

_TABLE = 2**22 + 15  # odd, so that index and stored part together tell positions apart
_ENDLESS = 2**62


class SolverStoppedError(RuntimeError):
    """The work was ended from outside, or its budget was used up."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What perfect play makes of a position.

    Attributes:
        score: for the player to move.
        scores: of every legal action, by action, also for the player to move.
    """

    score: int
    scores: dict[int, int]

    @property
    def best(self) -> frozenset[int]:
        """Actions that win soonest, or lose latest."""
        return frozenset(action for action, score in self.scores.items() if score == self.score)

    @property
    def sound(self) -> frozenset[int]:
        """Actions that keep the result: win, draw or loss."""
        wanted = np.sign(self.score)
        return frozenset(action for action, score in self.scores.items() if np.sign(score) == wanted)


class Solver:
    """Solves positions one after the other; what was found out about one is remembered for the next.

    Not for two threads at once, but `stop` may be called from any.
    """

    def __init__(self, entries: int = _TABLE) -> None:
        """Lay out the table.

        Args:
            entries: five bytes each; at least 2**17, an odd number.
        """
        if entries < 2**17 or entries % 2 == 0:
            raise ValueError(f"a table of {entries} entries: an odd number of at least {2**17} is needed")
        self._keys = np.zeros(entries, np.uint32)
        self._entries = np.zeros(entries, np.uint8)
        self._counter = np.zeros(3, np.int64)

    @property
    def nodes(self) -> int:
        """Positions looked at in the last piece of work."""
        return int(self._counter[NODES])

    def stop(self) -> None:
        """End the work at hand soon. Any thread."""
        self._counter[STOP] = 1

    def score(self, line: Line, budget: int = _ENDLESS) -> int:
        """The score of the position at the end of `line` alone: quicker than a verdict, which is about every action.

        Raises:
            ValueError: play has ended there.
            SolverStoppedError: it was stopped, or the budget was used up.
        """
        state = _state_of(line)
        own, mask, _ = self._begin(state, budget)
        return self._checked(solver_kernels.solve(own, mask, self._keys, self._entries, self._counter))

    def verdict(self, line: Line, budget: int = _ENDLESS) -> Verdict:
        """What perfect play makes of the position at the end of `line`.

        Args:
            budget: positions that may be looked at; early positions take hundreds of millions.

        Raises:
            ValueError: play has ended there.
            SolverStoppedError: it was stopped, or the budget was used up.
        """
        return self.verdict_of(_state_of(line), budget)

    def verdict_of(self, state: NDArray[np.void], budget: int = _ENDLESS) -> Verdict:
        """The same for a state [1]."""
        own, mask, actions = self._begin(state, budget)
        scores = {}
        # From the middle outwards: the middle is often best, and what is learned there helps with the rest.
        for action in sorted(actions, key=lambda each: abs(each - COLUMNS // 2)):
            shared = (self._keys, self._entries, self._counter)
            scores[action] = self._checked(solver_kernels.solve_after(own, mask, np.uint64(action), *shared))
        return Verdict(max(scores.values()), dict(sorted(scores.items())))

    def _begin(self, state: NDArray[np.void], budget: int) -> tuple[np.uint64, np.uint64, list[int]]:
        """Discs of the player to move, all discs, and the legal actions of a state [1] that is to be solved."""
        outcomes, offsets, actions = np.empty(1, np.uint8), np.empty(2, np.int32), np.empty(COLUMNS, np.uint16)
        kernels.expand(state, outcomes, offsets, actions)
        if outcomes[0] != IN_PLAY:
            raise ValueError("play has ended in this position; there is nothing to solve")
        self._counter[:] = 0, budget, 0
        own = np.uint64(state["own"][0])
        return own, own | np.uint64(state["other"][0]), actions[: offsets[1]].tolist()

    def _checked(self, score: int) -> int:
        if score == UNSOLVED:
            raise SolverStoppedError(f"stopped after {self.nodes:,} positions")
        return int(score)


def _state_of(line: Line) -> NDArray[np.void]:
    """The state [1] at the end of `line`."""
    board = boards_of(line)[-1]
    state = np.zeros(1, kernels.STATE)
    state["own"], state["other"] = board.own, board.other
    return state
