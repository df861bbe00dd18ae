"""Where castling kings and rooks stand: one number for the files of a game of Chess960. No compiled code.

In a game of Chess960 both players begin with the king on the same file, between rooks on the same files. The king is
known from the board as long as a right to castle is left, so that the rooks' files make a number of four bits, which a
state keeps above its rights. It is 0 where castling is that of standard chess, and where nobody may castle any more.

Files count a = 0 ... h = 7. A file that no right is left for is taken to be the outermost one, so that states that
play on alike are the same.
"""

import itertools
from collections.abc import Iterator

OWN_SHORT, OWN_LONG, THEIR_SHORT, THEIR_LONG = 1, 2, 4, 8
"""Bits of castling rights, as the player to move sees them."""

NUMBER_SHIFT = 4
"""The number of the files stands this many bits above the rights."""

STANDARD = (4, 0, 7)
"""Files of king, long rook and short rook in standard chess."""


def number_of_files(king: int, long: int, short: int) -> int:
    """The number, in [0, 12], of files with `long` < `king` < `short`."""
    return 0 if (king, long, short) == STANDARD else 1 + long * (7 - king) + 7 - short


def all_files() -> Iterator[tuple[int, int, int]]:
    """Every (king, long, short), the files of standard chess included."""
    return ((king, long, short) for long, king, short in itertools.combinations(range(8), 3))
