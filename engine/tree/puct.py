"""The PUCT formula, written once: the compiled search and every explanation of a choice call these few functions.

    score = Q + U,  U = c(N) * P * sqrt(max(1, N - 1)) / (1 + n + n_in_flight),  c(N) = c_puct + factor * ln((N + base)
    / base)

with `N` the visits of the node, `P` the prior of the edge and `n` the visits of its child (AlphaZero, Silver et al.
2018, in Lc0's parametrisation: `src/search/classic/search.cc`). An unvisited edge takes its Q from first-play urgency:
the value of the node less `fpu_reduction * sqrt(prior mass already visited)`.
"""

import math
from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic

from engine.compiled import inline


@intrinsic
def _float_of_bits(typingctx: Any, bits: Any) -> Any:  # noqa: ARG001
    """A float32 from its bits (uint32)."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], context.get_value_type(signature.return_type))

    return types.float32(types.uint32), codegen


@inline
def prior_of_bits(bits):
    """Value of a non-negative float16 given by its bits; exact, subnormals included.

    The exponent and mantissa fields line up with those of a float32 after a shift by 13; the bias differs by 112.
    """
    return _float_of_bits(np.uint32(np.uint32(bits) << np.uint32(13))) * np.float32(5.192296858534828e33)  # 2**112


@inline
def exploration(visits, c_puct, base, factor):
    """c(N) * sqrt(max(1, N - 1)): what a prior is multiplied with, before the division by the child's visits."""
    return (c_puct + factor * math.log((visits + base) / base)) * math.sqrt(max(1.0, visits - 1.0))


@inline
def child_value(stats, child, sign):
    """Q of a visited child from the view of its parent: proven, or the mean over its visits."""
    own = stats[child]
    if own.lower == own.upper:
        return sign * np.float64(own.lower)
    return sign * own.value_sum / own.visits


@inline
def counted_visits(stats, child):
    """Visits of a child that its parent counts: those lent to the branch are left out, those in flight are in."""
    own = stats[child]
    return np.int64(own.visits) - np.int64(own.borrowed) + np.int64(own.in_flight)
