"""Boards of 64 squares in compiled kernels: bit operations and constants.

Every board and every square in a kernel is an unsigned 64-bit number: numba turns a mixture of signed and unsigned
numbers into signed ones, whose right shift then drags the sign along. Constants are therefore `np.uint64` throughout;
`to_int` makes the signed numbers that count and that index output.
"""

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from llvmlite import ir

import engine.compiled  # noqa: F401  (before numba, because it says where numba keeps its cache)

# isort: split
import numba

_U64 = numba.types.uint64
_Generator = Callable[..., Any]


def _on_u64(instruction: Callable[[Any, Any], Any]) -> Any:
    """A function from uint64 to uint64 that is one instruction of the processor, made by `instruction(builder, x)`."""

    def typed(_context: Any, _x: Any) -> tuple[Any, _Generator]:
        def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
            return instruction(builder, args[0])

        return _U64(_U64), generate

    return numba.extending.intrinsic(typed)


U0, U1, U2, U3, U4, U6 = (np.uint64(n) for n in (0, 1, 2, 3, 4, 6))
U7, U8, U9, U12, U15, U63, U255 = (np.uint64(n) for n in (7, 8, 9, 12, 15, 63, 255))
FILE_A, FILE_H = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)
RANK_1, RANK_3, RANK_7 = np.uint64(0xFF), np.uint64(0xFF0000), np.uint64(0xFF000000000000)
DARK, LIGHT = np.uint64(0xAA55AA55AA55AA55), np.uint64(0x55AA55AA55AA55AA)
MIRROR = np.uint64(56)
"""`square ^ MIRROR` is the square as the other player sees it; also the first square of the last rank."""
C1, D1, E1, F1, G1 = (np.uint64(n) for n in (2, 3, 4, 5, 6))
BISHOP_KIND, ROOK_KIND, KING_KIND, QUEEN_KIND = np.uint64(2), np.uint64(3), np.uint64(4), np.uint64(5)
"""Kinds of pieces as `PIECE_KEY` numbers them; a pawn is 0 and a knight 1."""

_ONE, _ZERO_IS_UNDEFINED = ir.Constant(ir.IntType(64), 1), ir.Constant(ir.IntType(1), 1)

bit: Callable[[np.uint64], np.uint64] = _on_u64(lambda builder, x: builder.shl(_ONE, x))
"""The board with one square set; the square must be below 64."""

lowest: Callable[[np.uint64], np.uint64] = _on_u64(lambda builder, x: builder.cttz(x, _ZERO_IS_UNDEFINED))
"""The lowest set square of a board that is not empty."""

count: Callable[[np.uint64], np.uint64] = _on_u64(lambda builder, x: builder.ctpop(x))
"""How many squares are set."""

flip: Callable[[np.uint64], np.uint64] = _on_u64(lambda builder, x: builder.bswap(x))
"""The board with its ranks in reverse order: what the other player sees."""

to_int = cast("Callable[[Any], int]", np.int64)
"""A signed number. A plain 0 as an argument would compile the called function once more, for the constant 0."""
