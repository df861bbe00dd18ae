"""Connect Four over rows of states, compiled. How a set of discs lies in its bits: see `board.py`.

Shape letters: `B` states, `E` legal actions of all of them together.
"""
# mypy: disable-error-code="no-any-return"
# (compiled helpers are Any to mypy; numba infers their types and checks them)

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inline, kernel
from engine.domains.connect_four.board import COLUMN_BITS, COLUMNS, FULL_MASK, ROWS

STATE = np.dtype([("own", np.uint64), ("other", np.uint64), ("key", np.uint64)])
"""Discs of the player to move, discs of the other player, and a number that only this position and its mirror image
have."""

# Every constant of the bit work is unsigned: numba types a mix of signed and unsigned as signed, and `>>` then drags
# the sign along.
_ZERO, _ONE, _TWO = np.uint64(0), np.uint64(1), np.uint64(2)
_COLUMN = np.uint64(COLUMN_BITS)
_UP, _FALLING, _LEVEL, _RISING = _ONE, np.uint64(COLUMN_BITS - 1), _COLUMN, np.uint64(COLUMN_BITS + 1)
_TOP_CELL = np.uint64(1 << ROWS - 1)
_FULL = np.uint64(FULL_MASK)
_OUTER, _OUTER_TO = np.uint64((1 << COLUMN_BITS) - 1), np.uint64(6 * COLUMN_BITS)
_NEXT, _NEXT_TO = _OUTER << _COLUMN, np.uint64(4 * COLUMN_BITS)
_INNER, _INNER_TO = _NEXT << _COLUMN, np.uint64(2 * COLUMN_BITS)
_MIDDLE = _INNER << _COLUMN
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_SHIFT_1, _SHIFT_2, _SHIFT_3 = np.uint64(30), np.uint64(27), np.uint64(31)
_HALF, _SEVEN = np.uint64(32), np.uint64(COLUMNS)


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
def mixed(x: np.uint64) -> np.uint64:
    """`x` with its bits well mixed, and no two alike: the finaliser of SplitMix64 (G. Steele and others, 2014)."""
    x = (x ^ (x >> _SHIFT_1)) * _MIX_1
    x = (x ^ (x >> _SHIFT_2)) * _MIX_2
    return x ^ (x >> _SHIFT_3)


@inline
def mirrored(discs: np.uint64) -> np.uint64:
    """The columns in reverse order."""
    right = ((discs & _OUTER) << _OUTER_TO) | ((discs & _NEXT) << _NEXT_TO) | ((discs & _INNER) << _INNER_TO)
    left = ((discs >> _OUTER_TO) & _OUTER) | ((discs >> _NEXT_TO) & _NEXT) | ((discs >> _INNER_TO) & _INNER)
    return right | (discs & _MIDDLE) | left


@inline
def key_of(own: np.uint64, mask: np.uint64) -> np.uint64:
    """A number that only this position and its mirror image have.

    `own + mask` is one that no other position has (Tromp), and no sum carries into the next column, so that the sum of
    the mirror image is its mirror image.
    """
    position = own + mask
    return mixed(min(position, mirrored(position)))


@inline
def dropped(mask: np.uint64, column: np.uint64) -> np.uint64:
    """The cell that the next disc of `column` falls into, given all discs: the sum carries up to it."""
    return (mask + (_ONE << (column * _COLUMN))) & ~mask


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
        moved = states[b].own | dropped(mask, np.uint64(actions[b]))
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
def find_wins(
    states: NDArray[np.void], offsets: NDArray[np.int32], actions: NDArray[np.uint16], wins: NDArray[np.uint16]
) -> None:
    """Replace in `wins` [B] what has an action that makes four in a row by the first of them."""
    for b in range(len(states)):
        mask = states[b].own | states[b].other
        for e in range(offsets[b], offsets[b + 1]):
            if has_four(states[b].own | dropped(mask, np.uint64(actions[e]))):
                wins[b] = actions[e]
                break


@kernel
def play_out(
    states: NDArray[np.void],
    seeds: NDArray[np.uint64],
    max_plies: int,
    outcomes: NDArray[np.uint8],
    plies: NDArray[np.int32],
) -> None:
    """Play random legal actions from `states` [B] until play ends or `max_plies` are played.

    Args:
        states: not changed.
        seeds: [B], all that chance depends on.
        max_plies: at least 0.
        outcomes: [B], overwritten; 0 where the game did not end.
        plies: [B], overwritten with the number of actions played.
    """
    for b in range(len(states)):
        own, other, chance = states[b].own, states[b].other, seeds[b]
        ended, played = 1 if has_four(other) else 2 if own | other == _FULL else 0, 0
        while ended == 0 and played < max_plies:
            mask = own | other
            column = _SEVEN
            while column == _SEVEN or mask & (_TOP_CELL << (column * _COLUMN)):  # until one is not full
                chance += _GOLDEN
                column = ((mixed(chance) >> _HALF) * _SEVEN) >> _HALF
            own, other = other, own | dropped(mask, column)
            played += 1
            if has_four(other):
                ended = 1
            elif own | other == _FULL:
                ended = 2
        outcomes[b], plies[b] = ended, played


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
