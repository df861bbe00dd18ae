"""Which edge a search takes at a node, as numbers: the parameters of the rules, and the terms of every edge.

Three rules choose inside a tree: PUCT (`engine.tree.puct`), UCB1 (`engine.tree.ucb`) and the improved policy of Gumbel
search (`engine.tree.gumbel`). Compiled code takes their parameters as one float64 array, laid out below.
"""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engine.compiled import kernel
from engine.tree.columns import SearchTree
from engine.tree.gumbel import completed, improved
from engine.tree.puct import child_value, counted_visits, exploration, prior_of_bits
from engine.tree.ucb import confidence

RULE, C_PUCT, C_PUCT_BASE, C_PUCT_FACTOR, FPU_REDUCTION, C_UCT, C_VISIT, C_SCALE = range(8)
"""Places in the array of parameters."""
_NAMES = ("c_puct", "c_puct_base", "c_puct_factor", "fpu_reduction", "c_uct", "c_visit", "c_scale")

PUCT, UCB, IMPROVED_POLICY = 0.0, 1.0, 2.0
"""Values of `parameters[RULE]`."""
_RULES = {"uct": UCB, "gumbel": IMPROVED_POLICY}


def selection_parameters(settings: Mapping[str, object]) -> NDArray[np.float64]:
    """The parameters of the rules, float64 [8], from a journal header's settings."""
    values = [float(str(settings[name])) for name in _NAMES]
    return np.array([_RULES.get(str(settings["method"]), PUCT), *values])


@kernel
def fill_terms(links, stats, facts, edge_prior, edge_child, node, sign, parameters, q, u, policy):
    """Fill `q` (NaN = unvisited), `u` and `policy` of every edge of `node`; returns first-play urgency."""
    first, count = links[node].first_edge, np.int64(links[node].num_edges)
    visits = np.float64(stats[node].visits)
    largest, total = completed(links, stats, facts, edge_prior, edge_child, node, sign, q)
    improved(links, edge_prior, node, largest, parameters[6], parameters[7], q, policy)
    scale = exploration(visits, parameters[1], parameters[2], parameters[3])
    seen = 0.0
    for k in range(count):
        child = edge_child[first + k]
        prior = np.float64(prior_of_bits(edge_prior[first + k]))
        started = 0.0
        q[k] = np.nan
        if child >= 0:
            seen += prior
            started = np.float64(counted_visits(stats, child))
            q[k] = child_value(stats, child, sign)
        if parameters[0] == 0.0:
            u[k] = scale * prior / (1.0 + started)
        elif parameters[0] == 1.0:
            u[k] = confidence(visits, started, parameters[5]) if started > 0.0 else np.inf
        else:
            u[k] = policy[k] - started / (1.0 + total)
    return stats[node].value_sum / max(1, stats[node].visits) - parameters[4] * math.sqrt(seen)


def edge_terms(
    tree: SearchTree, node: int, parameters: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], float]:
    """The terms of the edges of `node` as selection sees them, from the player to move there.

    Returns:
        q: float64 [edges], NaN for an unvisited edge.
        u: float64 [edges], the second term of the score: PUCT's U, UCB1's width of confidence (infinite for an
            unvisited edge), or, where the improved policy is followed, what it lacks in visits (then the whole score).
        policy: float64 [edges], the improved policy; sums to 1.
        First-play urgency.
    """
    q, u, policy = (np.empty(int(tree.links["num_edges"][node])) for _ in range(3))
    if not len(q):
        return q, u, policy, 0.0
    columns = (tree.links, tree.stats, tree.facts, tree.edge_prior, tree.edge_child)
    fpu = fill_terms(*columns, np.int32(node), float(tree.sign), parameters, q, u, policy)
    return q, u, policy, float(fpu)
