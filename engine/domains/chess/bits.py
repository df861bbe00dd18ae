"""Bit operations on boards of 64 squares, for compiled kernels only.

Every board and every square in a kernel is an unsigned 64-bit number: numba turns a mixture of signed and unsigned
numbers into signed ones, whose right shift then drags the sign along. Constants are therefore `np.uint64` throughout;
`to_int` makes the signed numbers that count and that index output.
"""

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from llvmlite import ir

from engine import compiled

_U64 = compiled.numba.types.uint64
_Generator = Callable[..., Any]


def _on_u64(instruction: Callable[[Any, Any], Any]) -> Any:
    """A function from uint64 to uint64 that is one instruction of the processor, made by `instruction(builder, x)`."""

    def typed(_context: Any, _x: Any) -> tuple[Any, _Generator]:
        def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
            return instruction(builder, args[0])

        return _U64(_U64), generate

    return compiled.numba.extending.intrinsic(typed)


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
