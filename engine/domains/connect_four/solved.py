"""Positions of Connect Four with the exact score of every action: the measure of every player.

The set that ships is made by `python -m engine.domains.connect_four.solved FILE`.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.domains.connect_four import kernels
from engine.domains.connect_four.board import COLUMNS
from engine.domains.connect_four.rules import ConnectFourRules
from engine.domains.connect_four.solver import Solver

SOLVED_FILE = Path(__file__).resolve().parents[3] / "assets" / "solved" / "connect_four.npz"
NO_SCORE = -128
"""Instead of a score, of an action that is not legal."""

_FEWEST, _MOST = 8, 36


@dataclass(frozen=True, slots=True, eq=False)
class SolvedSet:
    """Positions and scores.

    Attributes:
        states: [S], `kernels.STATE`. discs: uint8 [S], on the board.
        scores: int8 [S, 7], of every action for the player to move; `NO_SCORE` where it is not legal.
    """

    states: NDArray[np.void]
    discs: NDArray[np.uint8]
    scores: NDArray[np.int8]

    @property
    def sound(self) -> NDArray[np.bool_]:
        """Whether each action keeps the result (win, draw, loss) that perfect play has: bool [S, 7]."""
        legal = self.scores != NO_SCORE
        signs = np.where(legal, np.sign(self.scores), -2)
        kept: NDArray[np.bool_] = legal & (signs == signs.max(1, keepdims=True))
        return kept

    @property
    def best(self) -> NDArray[np.bool_]:
        """Whether each action wins soonest or loses latest: bool [S, 7]."""
        found: NDArray[np.bool_] = (self.scores != NO_SCORE) & (self.scores == self.scores.max(1, keepdims=True))
        return found

    @property
    def results(self) -> NDArray[np.int8]:
        """Result of perfect play for the player to move: 1, 0 or -1, [S]."""
        signs: NDArray[np.int8] = np.sign(self.scores.max(1)).astype(np.int8)
        return signs

    @property
    def is_choice(self) -> NDArray[np.bool_]:
        """Whether some legal action throws the result away, so that there is something to get wrong: bool [S]."""
        mistakes: NDArray[np.bool_] = ((self.scores != NO_SCORE) & ~self.sound).any(1)
        return mistakes


def load_solved(path: Path = SOLVED_FILE) -> SolvedSet:
    """The set in a file.

    Raises:
        OSError, ValueError: it cannot be read.
    """
    with np.load(path) as held:
        discs = held["discs"]
        states = np.zeros(len(discs), kernels.STATE)
        states["own"], states["other"] = held["own"], held["other"]
        kernels.write_keys(states)
        return SolvedSet(states, discs, held["scores"])


def make_solved(count: int, seed: int) -> SolvedSet:
    """Solve `count` different positions, spread evenly over the number of discs.

    They come from games of a player who takes a win, parries a threat, and else plays anything: no network of ours has
    chosen them.
    """
    rng, solver, seen = np.random.default_rng(seed), Solver(2**24 + 43), set[int]()
    states: list[NDArray[np.void]] = []
    discs: list[int] = []
    scores: list[list[int]] = []
    while len(states) < count:
        wanted = _FEWEST + len(states) * (_MOST - _FEWEST) // count
        state = _played(wanted, rng)
        if state is None or int(state["key"][0]) in seen:
            continue
        seen.add(int(state["key"][0]))
        found = solver.verdict_of(state)
        states.append(state)
        discs.append(wanted)
        scores.append([found.scores.get(action, NO_SCORE) for action in range(COLUMNS)])
    return SolvedSet(np.concatenate(states), np.array(discs, np.uint8), np.array(scores, np.int8))


def save_solved(solved: SolvedSet, path: Path) -> None:
    """Write a set; raises `OSError` where it cannot."""
    own, other = (np.ascontiguousarray(solved.states[name]) for name in ("own", "other"))
    np.savez_compressed(path, discs=solved.discs, scores=solved.scores, own=own, other=other)


def _played(discs: int, rng: np.random.Generator) -> NDArray[np.void] | None:
    """A position with so many discs; None where the game was over before."""
    rules = ConnectFourRules()
    state = np.zeros(1, kernels.STATE)
    kernels.write_keys(state)
    for _ in range(discs):
        expansion = rules.expand(state)
        if expansion.outcomes[0]:
            return None
        state = rules.step(state, np.array([_chosen(rules, state, rng)], np.uint16))
    return None if rules.expand(state).outcomes[0] else state


def _chosen(rules: ConnectFourRules, state: NDArray[np.void], rng: np.random.Generator) -> int:
    expansion = rules.expand(state)
    own = rules.wins(state, expansion)[0]
    if own < COLUMNS:
        return int(own)
    turned = state.copy()
    turned["own"], turned["other"] = state["other"], state["own"]
    threat = rules.wins(turned, expansion)[0]
    return int(threat) if threat < COLUMNS else int(rng.choice(expansion.actions))


if __name__ == "__main__":
    save_solved(make_solved(int(sys.argv[2]) if len(sys.argv) > 2 else 1000, 1), Path(sys.argv[1]))
