"""Selection over columns that belong to no tree, so that one number can be changed and the choice made again.

The rules are those of `engine.search.select` and `engine.search.halving`, told apart by the numbers below; edges come
as the columns of `engine.tree.ledger.Edges`. Tests hold the choices to the compiled search.
"""

import math

import numpy as np

from engine.compiled import inline, kernel
from engine.tree.gumbel import LEAST_PRIOR
from engine.tree.puct import exploration

PUCT, UCB, IMPROVED_POLICY, KNOCK_OUT = range(4)
FRESH, IN_FLIGHT, VISITED = range(3)
"""An edge never visited, one whose first visit is in flight, and one with a child."""

_LEAST_PRIOR = np.float64(LEAST_PRIOR)
_HALVINGS = 52
"""Halvings of an interval of length 1 or 2: to the last bits of a float64."""


@kernel
def priors_needed(
    rule, q, told, prior, started, is_open, standing, gumbel, parameters, visits, value, raw_value, found
):
    """Fill `found` [edges] with the prior from which on each open edge is chosen, NaN = none, or chosen already.

    The other edges share the rest in the proportions they have. Where the improved policy is followed, and only there,
    an edge might be chosen at a lower prior too and not in between: raising a prior also moves what stands for the Qs
    of unvisited edges.

    Args:
        q: float64, Q of visited edges. told: float64, Q given to unvisited edges, NaN = by the rule.
        prior, started, gumbel: float64. is_open: bool. standing: int8, `FRESH`, `IN_FLIGHT` or `VISITED`.
        visits, value, raw_value: float64, of the node.
    """
    count = len(q)
    score, changed = np.empty(count), np.empty(count)
    node = (visits, value, raw_value)
    leader = _leader(rule, q, told, prior, started, is_open, standing, gumbel, parameters, node, score)
    for k in range(count):
        found[k] = np.nan
        if not is_open[k] or k == leader:
            continue
        rest = 0.0
        for j in range(count):
            rest += prior[j] if j != k else 0.0
        low, high = prior[k], 2.0 - prior[k]  # the first middle is 1: whether there is such a prior at all
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            for j in range(count):
                changed[j] = (1.0 - middle) * (prior[j] / rest if rest > 0.0 else 1.0 / max(1, count - 1))
            changed[k] = middle
            best = _leader(rule, q, told, changed, started, is_open, standing, gumbel, parameters, node, score)
            if best == k:
                found[k] = high = middle
            elif middle == 1.0:
                break
            else:
                low = middle


@kernel
def qs_needed(rule, q, told, prior, started, is_open, standing, gumbel, parameters, visits, value, raw_value, found):
    """Fill `found` [edges] with the Q from which on each open edge is chosen; otherwise as `priors_needed`.

    Of an edge without visits it is the Q that it would have to be given. `q` and `told` are the same again afterwards.
    """
    count = len(q)
    score = np.empty(count)
    node = (visits, value, raw_value)
    leader = _leader(rule, q, told, prior, started, is_open, standing, gumbel, parameters, node, score)
    for k in range(count):
        found[k] = np.nan
        if not is_open[k] or k == leader:
            continue
        own, given = q[k], told[k]
        low, high = -1.0, 3.0
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            if standing[k] == VISITED:
                q[k] = middle
            else:
                told[k] = middle
            best = _leader(rule, q, told, prior, started, is_open, standing, gumbel, parameters, node, score)
            if best == k:
                found[k] = high = middle
            elif middle == 1.0:
                break
            else:
                low = middle
        q[k], told[k] = own, given


@inline
def _leader(rule, q, told, prior, started, is_open, standing, gumbel, parameters, node, score):
    """The edge that is chosen, or -1; in a knock-out the one that stands highest. `score`: room for one number each."""
    if rule == PUCT:
        return _best_by_puct(q, told, prior, started, is_open, standing, parameters, node)
    if rule == UCB:
        return _best_by_ucb(q, started, is_open, standing, parameters, node)
    is_visited = standing == VISITED
    if rule == IMPROVED_POLICY:
        _, total = policy_of(q, told, prior, started, is_visited, parameters, node[2], score)
        return most_lacking(score, started, is_open, total)
    largest, _, mix = _mixed(q, prior, started, is_visited, node[2])
    best, best_score = np.int64(-1), -np.inf
    for k in range(len(q)):
        own = _logit(k, q, told, prior, is_visited, parameters, mix, largest) + gumbel[k]
        if is_open[k] and own > best_score:
            best, best_score = np.int64(k), own
    return best


@inline
def _best_by_puct(q, told, prior, started, is_open, standing, parameters, node):
    scale = exploration(node[0], parameters[1], parameters[2], parameters[3])
    seen = 0.0
    for k in range(len(q)):
        if standing[k] == VISITED:
            seen += prior[k]
    urgency = node[1] - parameters[4] * math.sqrt(seen)
    best, best_score = np.int64(-1), -np.inf
    for group in (VISITED, IN_FLIGHT, FRESH):
        for k in range(len(q)):
            if is_open[k] and standing[k] == group:
                own = q[k]
                if group != VISITED:
                    own = urgency if np.isnan(told[k]) else told[k]
                score = own + scale * prior[k] / (1.0 + started[k])
                if score > best_score:
                    best, best_score = np.int64(k), score
    return best


@inline
def _best_by_ucb(q, started, is_open, standing, parameters, node):
    growth = math.log(max(1.0, node[0]))
    best, best_score = np.int64(-1), -np.inf
    for k in range(len(q)):
        if not is_open[k]:
            continue
        if standing[k] == FRESH:
            return np.int64(k)
        score = -1e9
        if standing[k] == VISITED:
            score = q[k] + parameters[5] * math.sqrt(growth / started[k])
        if score > best_score:
            best, best_score = np.int64(k), score
    return best


@inline
def policy_of(q, told, prior, started, is_visited, parameters, raw_value, policy):
    """Fill `policy` [edges] with the improved policy; returns what stands for unknown Qs, and all children's visits."""
    largest, total, mix = _mixed(q, prior, started, is_visited, raw_value)
    top, mass = -np.inf, 0.0
    for k in range(len(q)):
        policy[k] = _logit(k, q, told, prior, is_visited, parameters, mix, largest)
        top = max(top, policy[k])
    for k in range(len(q)):
        policy[k] = math.exp(policy[k] - top)
        mass += policy[k]
    for k in range(len(q)):
        policy[k] /= mass
    return mix, total


@inline
def most_lacking(policy, started, is_open, total):
    """The open edge whose visits lag furthest behind `policy`, or -1."""
    best, best_score = np.int64(-1), -np.inf
    for k in range(len(policy)):
        score = policy[k] - started[k] / (1.0 + total)
        if is_open[k] and score > best_score:
            best, best_score = np.int64(k), score
    return best


@inline
def _mixed(q, prior, started, is_visited, raw_value):
    """The largest and the sum of the children's visits, and v_mix (see `engine.tree.gumbel`)."""
    mass, weighted, total, largest = 0.0, 0.0, 0.0, 0.0
    for k in range(len(q)):
        if is_visited[k]:
            own = max(_LEAST_PRIOR, prior[k])
            mass += own
            weighted += own * q[k]
            total += started[k]
            largest = max(largest, started[k])
    mix = raw_value
    if mass > 0.0:
        mix = (mix + total * weighted / mass) / (1.0 + total)
    return largest, total, mix


@inline
def _logit(k, q, told, prior, is_visited, parameters, mix, largest):
    """Ln P + sigma(completed Q)."""
    own = q[k]
    if not is_visited[k]:
        own = mix if np.isnan(told[k]) else told[k]
    return math.log(max(_LEAST_PRIOR, prior[k])) + (parameters[6] + largest) * parameters[7] * (own + 1.0) * 0.5
