"""The rules of Connect Four for the search: rows of two bitboards, stepped and expanded by compiled kernels."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.domains.base import NO_ACTION, Expansion, Format, Line, OutcomeKind
from engine.domains.connect_four import kernels
from engine.domains.connect_four.board import COLUMNS, OUTCOMES, ROWS, boards_of

PLANES = Format("planes", channels=3, height=ROWS, width=COLUMNS)
"""Discs of the player to move, discs of the other player, ones (where the board is); row 0 is the lowest."""


class ConnectFourRules:
    """Connect Four as `Rules`; an action is a column from 0."""

    name: str = "connect_four"
    num_actions: int = COLUMNS
    max_legal: int = COLUMNS
    num_players: int = 2
    outcomes: Sequence[OutcomeKind] = OUTCOMES
    repetition_outcome: int = 0
    formats: Mapping[str, Format] = MappingProxyType({PLANES.name: PLANES})
    state_dtype: np.dtype[np.void] = kernels.STATE

    def load(self, line: Line) -> NDArray[np.void]:
        """See `Rules.load`."""
        boards = boards_of(line)
        states = np.zeros(len(boards), kernels.STATE)
        states["own"] = [board.own for board in boards]
        states["other"] = [board.other for board in boards]
        kernels.write_keys(states)
        return states

    def step(self, states: NDArray[np.void], actions: NDArray[np.uint16]) -> NDArray[np.void]:
        """See `Rules.step`."""
        stepped = np.empty(len(states), kernels.STATE)
        kernels.step(_plain(states), _plain(actions), stepped)
        return stepped

    def expand(self, states: NDArray[np.void]) -> Expansion:
        """See `Rules.expand`."""
        outcomes = np.empty(len(states), np.uint8)
        offsets = np.empty(len(states) + 1, np.int32)
        actions = np.empty(len(states) * COLUMNS, np.uint16)
        kernels.expand(_plain(states), outcomes, offsets, actions)
        return Expansion(outcomes, offsets, actions[: offsets[-1]])

    def wins(self, states: NDArray[np.void], expansion: Expansion) -> NDArray[np.uint16]:
        """See `Rules.wins`."""
        wins = np.full(len(states), NO_ACTION, np.uint16)
        kernels.find_wins(_plain(states), _plain(expansion.offsets), _plain(expansion.actions), wins)
        return wins

    def playouts(
        self, states: NDArray[np.void], seeds: NDArray[np.uint64], max_plies: int
    ) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
        """See `Rules.playouts`."""
        outcomes, plies = np.empty(len(states), np.uint8), np.empty(len(states), np.int32)
        kernels.play_out(_plain(states), _plain(seeds), max_plies, outcomes, plies)
        return outcomes, plies

    def encode(self, lineages: NDArray[np.void], lengths: NDArray[np.int32], fmt: str) -> NDArray[np.float32]:
        """See `Rules.encode`."""
        if fmt not in self.formats:
            raise ValueError(f"connect_four has no input format {fmt!r}; it has {', '.join(self.formats)}")
        del lengths  # the newest state, which is always there, is all the format reads
        planes = np.empty((len(lineages), PLANES.channels, ROWS, COLUMNS), np.float32)
        kernels.encode(_plain(lineages[:, 0]), planes)
        return planes


def _plain(array: NDArray[Any]) -> NDArray[Any]:
    """`array` itself, or a copy where it is strided or read-only: each such kind would compile a kernel again."""
    return array if array.flags.carray else np.require(array, requirements=["C", "W"])
