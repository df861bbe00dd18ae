"""Connect Four over rows of states, compiled. How a set of discs lies in its bits: see `board.py`.

Shape letters: `B` states, `E` legal actions of all of them together.
"""

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inline, kernel
from engine.domains.connect_four.board import COLUMN_BITS, COLUMNS, FULL_MASK, ROWS

STATE = np.dtype([("own", np.uint64), ("other", np.uint64), ("key", np.uint64)])
"""Discs of the player to move, discs of the other player, and a number that no other position has."""

# Every constant of the bit work is unsigned: numba types a mix of signed and unsigned as signed, and `>>` then drags
# the sign along.
_ZERO, _ONE, _TWO = np.uint64(0), np.uint64(1), np.uint64(2)
_COLUMN = np.uint64(COLUMN_BITS)
_UP, _FALLING, _LEVEL, _RISING = _ONE, np.uint64(COLUMN_BITS - 1), _COLUMN, np.uint64(COLUMN_BITS + 1)
_TOP_CELL = np.uint64(1 << ROWS - 1)
_FULL = np.uint64(FULL_MASK)
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_SHIFT_1, _SHIFT_2, _SHIFT_3 = np.uint64(30), np.uint64(27), np.uint64(31)


@inline
def has_line(discs: np.uint64, distance: np.uint64) -> np.bool:
    """Whether four of `discs` stand `distance` bits apart."""
    pairs = discs & (discs >> distance)
    four: np.bool = (pairs & (pairs >> (_TWO * distance))) != _ZERO
    return four


@inline
def has_four(discs: np.uint64) -> np.bool:
    """Whether `discs` hold four in a row."""
    level_or_up: np.bool = has_line(discs, _LEVEL) or has_line(discs, _UP)
    diagonal: np.bool = has_line(discs, _FALLING) or has_line(discs, _RISING)
    return level_or_up or diagonal


@inline
def key_of(own: np.uint64, mask: np.uint64) -> np.uint64:
    """A number that no other position has, with well-mixed bits.

    `own + mask` is already one of its own (Tromp); the finaliser of splitmix64 is a bijection, so it stays one.
    """
    key = own + mask
    key = (key ^ (key >> _SHIFT_1)) * _MIX_1
    key = (key ^ (key >> _SHIFT_2)) * _MIX_2
    return key ^ (key >> _SHIFT_3)


@kernel
def write_keys(states: NDArray[np.void]) -> None:
    """Fill in `key` of states [B] whose discs are set."""
    for b in range(len(states)):
        states[b].key = key_of(states[b].own, states[b].own | states[b].other)


@kernel
def step(states: NDArray[np.void], actions: NDArray[np.uint16], stepped: NDArray[np.void]) -> None:
    """Write the states after `actions` [B] into `stepped` [B]; a full column gives nonsense."""
    for b in range(len(states)):
        mask = states[b].own | states[b].other
        lowest_cell = _ONE << (np.uint64(actions[b]) * _COLUMN)
        moved = states[b].own | ((mask + lowest_cell) & ~mask)  # the sum carries up to the first free cell
        stepped[b].own = states[b].other
        stepped[b].other = moved
        stepped[b].key = key_of(states[b].other, states[b].other | moved)


@kernel
def expand(
    states: NDArray[np.void], outcomes: NDArray[np.uint8], offsets: NDArray[np.int32], actions: NDArray[np.uint16]
) -> None:
    """Outcomes [B], offsets [B + 1] and legal actions of `states` [B]; `actions` has room for seven to a state."""
    count = 0
    offsets[0] = 0
    for b in range(len(states)):
        mask = states[b].own | states[b].other
        if has_four(states[b].other):
            outcomes[b] = 1
        elif mask == _FULL:
            outcomes[b] = 2
        else:
            outcomes[b] = 0
            top = _TOP_CELL
            for column in range(COLUMNS):
                if mask & top == _ZERO:
                    actions[count] = column
                    count += 1
                top <<= _COLUMN
        offsets[b + 1] = count


@kernel
def encode(states: NDArray[np.void], planes: NDArray[np.float32]) -> None:
    """Write own discs, other discs and ones into `planes` [B, 3, ROWS, COLUMNS], lowest row first."""
    for b in range(len(states)):
        for column in range(COLUMNS):
            for row in range(ROWS):
                cell = np.uint64(column * COLUMN_BITS + row)
                planes[b, 0, row, column] = (states[b].own >> cell) & _ONE
                planes[b, 1, row, column] = (states[b].other >> cell) & _ONE
                planes[b, 2, row, column] = 1.0
