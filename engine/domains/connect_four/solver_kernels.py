"""Perfect play of Connect Four, compiled: alpha-beta over bitboards with a table of bounds.

The score of a position is, for the player to move, how early the game is decided with best play: +1 = a win with that
player's last disc, +2 = with the one before, and so on; 0 a draw; negative alike for a loss. The method is P. Pons's
("Solving Connect 4", blog.gamesolver.org): null windows, moves that lose at once left out, moves ordered by how many
lines they threaten to finish, and a table whose keys are cut off where the index holds the rest.
"""
# mypy: disable-error-code="no-any-return"
# (compiled helpers are Any to mypy; numba infers their types and checks them)

import numpy as np

from engine.compiled import inline, kernel
from engine.domains.connect_four.board import COLUMN_BITS, COLUMNS, FULL_MASK, ROWS
from engine.domains.connect_four.kernels import dropped, has_four, mirrored

CELLS = ROWS * COLUMNS
LEAST_SCORE, MOST_SCORE = -(CELLS // 2) + 3, (CELLS + 1) // 2 - 3
"""Bounds of every score: nobody has four discs in a row before the fourth."""
UNSOLVED = 127
"""Instead of a score: the budget of positions was used up."""

NODES, BUDGET, STOP = 0, 1, 2
"""Places in the counter [3]: positions looked at, how many may be, and a flag that ends the work from outside."""

_ZERO, _ONE, _TWO, _THREE = np.uint64(0), np.uint64(1), np.uint64(2), np.uint64(3)
_FULL = np.uint64(FULL_MASK)
_BOTTOM = np.uint64(sum(1 << COLUMN_BITS * column for column in range(COLUMNS)))
_COLUMN = np.uint64((1 << ROWS) - 1)
_COLUMN_BITS = np.uint64(COLUMN_BITS)
_SIDEWAYS = (np.uint64(COLUMN_BITS), np.uint64(COLUMN_BITS - 1), np.uint64(COLUMN_BITS + 1))
_EVEN_BITS, _PAIR_BITS = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333)
_NIBBLES, _ONES = np.uint64(0x0F0F0F0F0F0F0F0F), np.uint64(0x0101010101010101)
_FOUR, _TO_TOP = np.uint64(4), np.uint64(56)
_MIRROR_UNTIL = 14
"""Discs up to which a position and its mirror image share an entry: later they seldom meet."""

_UPPER = 64
"""An entry above this is a lower bound, else an upper bound; 0 = no entry. Both are stored from 1 upwards."""


@inline
def bits(discs):
    """How many discs there are."""
    discs = discs - ((discs >> _ONE) & _EVEN_BITS)
    discs = (discs & _PAIR_BITS) + ((discs >> _TWO) & _PAIR_BITS)
    discs = (discs + (discs >> _FOUR)) & _NIBBLES
    return np.int64((discs * _ONES) >> _TO_TOP)


@inline
def finishing(discs, mask):
    """Empty cells that make four in a row of `discs`, whether they can be reached or not."""
    found = (discs << _ONE) & (discs << _TWO) & (discs << _THREE)
    for step in _SIDEWAYS:
        pair = (discs << step) & (discs << (_TWO * step))
        found |= pair & (discs << (_THREE * step))
        found |= pair & (discs >> step)
        pair = (discs >> step) & (discs >> (_TWO * step))
        found |= pair & (discs << step)
        found |= pair & (discs >> (_THREE * step))
    return found & (_FULL ^ mask)


@inline
def safe_cells(own, mask):
    """Cells that can be played without letting the other player win at once; none where there is no such cell."""
    possible = (mask + _BOTTOM) & _FULL
    threats = finishing(mask ^ own, mask)
    forced = possible & threats
    if forced != _ZERO:
        if forced & (forced - _ONE) != _ZERO:
            return _ZERO  # two at once cannot be parried
        possible = forced
    return possible & ~(threats >> _ONE)  # nor is a cell played under one that the other waits for


@inline
def table_key(own, mask, discs):
    """A number that no other position has; its mirror image has the same while few discs are played."""
    key = own + mask
    if discs <= _MIRROR_UNTIL:
        return min(key, mirrored(own) + mirrored(mask))
    return key


@kernel
def bound(own, mask, discs, alpha, beta, keys, entries, counter):
    """The score of a position in which the player to move does not win at once, as far as the window tells.

    Args:
        own, mask: uint64, discs of the player to move, and all. discs: how many.
        alpha, beta: at or below `alpha` an upper bound is returned, at or above `beta` a lower one.
        keys, entries: uint32 and uint8 [size], the table.
        counter: int64 [3], see `NODES`.
    """
    counter[NODES] += 1
    if counter[NODES] > counter[BUDGET] or counter[STOP]:
        return np.int64(UNSOLVED)
    cells = safe_cells(own, mask)
    if cells == _ZERO:
        return -np.int64((CELLS - discs) // 2)
    if discs >= CELLS - 2:
        return np.int64(0)
    least = -np.int64((CELLS - 2 - discs) // 2)
    if alpha < least:
        alpha = least
        if alpha >= beta:
            return alpha
    most = np.int64((CELLS - 1 - discs) // 2)
    key = table_key(own, mask, discs)
    place = np.int64(key % np.uint64(len(keys)))
    short = np.uint32(key)
    if keys[place] == short:
        entry = np.int64(entries[place])
        if entry > _UPPER:
            known = entry - _UPPER - 1 + LEAST_SCORE
            if known > alpha:
                alpha = known
                if alpha >= beta:
                    return alpha
        elif entry:
            most = min(most, entry - 1 + LEAST_SCORE)
    if beta > most:
        beta = most
        if alpha >= beta:
            return beta
    # Insertion sort by threats, the middle columns first between equals.
    order = np.empty(COLUMNS, np.uint64)
    worth = np.empty(COLUMNS, np.int64)
    count = 0
    for rank in range(COLUMNS):
        column = COLUMNS // 2 + (1 - 2 * (rank % 2)) * (rank + 1) // 2
        cell = cells & (_COLUMN << (np.uint64(column) * _COLUMN_BITS))
        if cell != _ZERO:
            score = bits(finishing(own | cell, mask | cell))
            at = count
            while at > 0 and worth[at - 1] < score:
                order[at], worth[at] = order[at - 1], worth[at - 1]
                at -= 1
            order[at], worth[at] = cell, score
            count += 1
    for rank in range(count):
        score = -bound(mask ^ own, mask | order[rank], discs + 1, -beta, -alpha, keys, entries, counter)
        if score == -UNSOLVED:
            return np.int64(UNSOLVED)
        if score >= beta:
            keys[place], entries[place] = short, np.uint8(score - LEAST_SCORE + 1 + _UPPER)
            return score
        alpha = max(alpha, score)
    keys[place], entries[place] = short, np.uint8(alpha - LEAST_SCORE + 1)
    return alpha


@kernel
def solve(own, mask, keys, entries, counter):
    """The exact score of a position in play, or `UNSOLVED`."""
    discs = bits(mask)
    if finishing(own, mask) & (mask + _BOTTOM) != _ZERO:
        return np.int64((CELLS + 1 - discs) // 2)
    low, high = -np.int64((CELLS - discs) // 2), np.int64((CELLS - 1 - discs) // 2)
    while low < high:
        middle = low + (high - low) // 2
        if middle <= 0 and -(-low // 2) < middle:
            middle = -(-low // 2)
        elif middle >= 0 and high // 2 > middle:
            middle = high // 2
        found = bound(own, mask, discs, middle, middle + 1, keys, entries, counter)
        if found == UNSOLVED:
            return found
        if found <= middle:
            high = found
        else:
            low = found
    return low


@kernel
def solve_after(own, mask, action, keys, entries, counter):
    """The exact score of a legal action, for the player who takes it, or `UNSOLVED`."""
    disc, discs = dropped(mask, action), bits(mask)
    if has_four(own | disc):
        return np.int64((CELLS + 1 - discs) // 2)
    if discs + 1 == CELLS:
        return np.int64(0)
    score = solve(mask ^ own, mask | disc, keys, entries, counter)
    return score if score == UNSOLVED else -score
