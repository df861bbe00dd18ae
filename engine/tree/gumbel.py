"""Policy improvement by planning (Gumbel AlphaZero; Danihelka, Guez, Schrittwieser and Silver 2022).

    sigma(q)   = (c_visit + max n) * c_scale * (q + 1) / 2                                             (equation 8)
    completed q = q of a visited edge, otherwise v_mix                                                 (equation 10)
    v_mix      = (v + N * sum(P q) / sum(P)) / (1 + N), sums over the visited edges, N their visits     (appendix D)
    policy'    = softmax(ln P + sigma(completed q))                                                   (equation 11)
    inside the tree: argmax(policy' - n / (1 + N))                                                     (equation 14)

Q lies in [-1, 1] here and is brought to [0, 1] for `sigma`, as the paper does. Edges without any prior count as having
`LEAST_PRIOR`.
"""

import math

import numpy as np

from engine.compiled import inline
from engine.tree.puct import child_value, counted_visits, prior_of_bits

LEAST_PRIOR = 1e-9
"""Below the smallest positive float16, so that a prior rounded to zero comes last."""

_LEAST_PRIOR = np.float64(LEAST_PRIOR)


@inline
def completed(links, stats, facts, edge_prior, edge_child, node, sign, q):
    """Fill `q` [edges of the node] with completed values; returns the largest and the sum of its children's visits.

    Values are from the player to move at the node. Simulations in flight count as visits, not as values.
    """
    first, count = links[node].first_edge, np.int64(links[node].num_edges)
    mass, weighted, total, largest = 0.0, 0.0, 0.0, 0.0
    for k in range(count):
        child = edge_child[first + k]
        q[k] = np.nan
        if child >= 0:
            prior = max(_LEAST_PRIOR, np.float64(prior_of_bits(edge_prior[first + k])))
            visits = np.float64(counted_visits(stats, child))
            q[k] = child_value(stats, child, sign)
            mass += prior
            weighted += prior * q[k]
            total += visits
            largest = max(largest, visits)
    mix = np.float64(facts[node].raw_value)
    if mass > 0.0:
        mix = (mix + total * weighted / mass) / (1.0 + total)
    for k in range(count):
        if np.isnan(q[k]):
            q[k] = mix
    return largest, total


@inline
def improved(links, edge_prior, node, largest, c_visit, c_scale, q, policy):
    """Fill `policy` [edges of the node] with the improved policy that follows from completed values `q`."""
    first, count = links[node].first_edge, np.int64(links[node].num_edges)
    scale = (c_visit + largest) * c_scale
    top = -np.inf
    for k in range(count):
        prior = max(_LEAST_PRIOR, np.float64(prior_of_bits(edge_prior[first + k])))
        policy[k] = math.log(prior) + scale * (q[k] + 1.0) * 0.5
        top = max(top, policy[k])
    total = 0.0
    for k in range(count):
        policy[k] = math.exp(policy[k] - top)
        total += policy[k]
    for k in range(count):
        policy[k] /= total
