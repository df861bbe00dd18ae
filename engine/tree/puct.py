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
from numpy.typing import NDArray

from engine.compiled import inline, kernel
from engine.tree.columns import SearchTree

# The kernels take their parameters as float64 [4]: c_puct, base, factor, fpu_reduction (`explain.puct_parameters`).


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
def exploration(visits, parameters):
    """c(N) * sqrt(max(1, N - 1)): what a prior is multiplied with, before the division by the child's visits."""
    growth = math.log((visits + parameters[1]) / parameters[1])
    return (parameters[0] + parameters[2] * growth) * math.sqrt(max(1.0, visits - 1.0))


@inline
def child_value(stats, facts, child, sign):
    """Q of a visited child from the view of its parent: proven, or the mean over its visits."""
    if facts[child].lower == facts[child].upper:
        return sign * np.float64(facts[child].lower)
    return sign * stats[child].value_sum / stats[child].visits


@kernel
def _edge_terms(links, stats, facts, edge_prior, edge_child, node, sign, parameters, q, u):
    """Fill `q` (NaN = unvisited) and `u` of every edge of `node`; returns first-play urgency."""
    first, count = links[node].first_edge, np.int32(links[node].num_edges)
    scale = exploration(np.float64(stats[node].visits), parameters)
    seen = 0.0
    for k in range(count):
        child = edge_child[first + k]
        prior = np.float64(prior_of_bits(edge_prior[first + k]))
        started = 0.0
        q[k] = np.nan
        if child >= 0:
            seen += prior
            started = np.float64(stats[child].visits)
            q[k] = child_value(stats, facts, child, sign)
        u[k] = scale * prior / (1.0 + started)
    return stats[node].value_sum / max(1, stats[node].visits) - parameters[3] * math.sqrt(seen)


def edge_terms(
    tree: SearchTree, node: int, parameters: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Q and U of the edges of `node` as selection sees them, from the player to move there.

    Returns:
        q: float64 [edges], NaN for an unvisited edge; u: float64 [edges]; first-play urgency.
    """
    q, u = (np.empty(int(tree.links["num_edges"][node])) for _ in range(2))
    fpu = _edge_terms(
        tree.links, tree.stats, tree.facts, tree.edge_prior, tree.edge_child, node, float(tree.sign), parameters, q, u
    )
    return q, u, float(fpu)
