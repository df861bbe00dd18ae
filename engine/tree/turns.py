"""When each edge of a node gets its turn if no Q changes any more: selection played on, without a tree.

An edge that cannot have the highest score yet is not looked at before it can: its score is at most its Q and a bonus
that grows with the node's visits, and the highest score is never below the highest Q. So a step costs a few additions
for the edges that are in the race, and the playing on ends where no edge that waits can ever wake.

Priors, Qs and counts are those of `engine.tree.ledger.Edges`; simulations in flight count as landed.
"""

import math

import numpy as np

from engine.compiled import inline, kernel
from engine.tree.puct import exploration
from engine.tree.whatif import most_lacking, policy_of

_LOOK_AGAIN = 64
"""Steps after which sleeping edges are looked at, at the most; they are looked at sooner where one can wake."""


@inline
def _first_turn(turns, best, step):
    """Note the turn of an edge if it is its first; 1 where it is, else 0."""
    if turns[best] >= 0:
        return 0
    turns[best] = step
    return 1


@kernel
def turns_by_puct(q, prior, started, is_open, is_visited, parameters, visits, value, most, turns):
    """Fill `turns` [edges]: simulations that pass before an edge is chosen for the first time; -1 = more than `most`.

    An unvisited edge that gets its turn keeps the Q it was given, and counts as visited from then on.

    Args:
        q: float64 [edges], changed: unvisited edges get theirs. prior: float64. started: float64, changed.
        is_open: bool. is_visited: bool, changed.
        visits, value: float64, of the node; the value stays as it is.
    """
    count = len(q)
    waiting = np.int64(0)
    seen = 0.0
    for k in range(count):
        turns[k] = -1
        waiting += is_open[k]
        if is_visited[k]:
            seen += prior[k]
    awake = np.zeros(count, np.bool_)
    look = np.int64(0)
    far = exploration(visits + np.float64(most), parameters[1], parameters[2], parameters[3])
    for step in range(most):
        total = visits + np.float64(step)
        scale = exploration(total, parameters[1], parameters[2], parameters[3])
        urgency = value - parameters[4] * math.sqrt(seen)
        if step >= look:
            highest = -np.inf
            for k in range(count):
                if is_open[k] and is_visited[k]:
                    highest = max(highest, q[k])
            ahead = exploration(total + _LOOK_AGAIN, parameters[1], parameters[2], parameters[3])
            hopes = 0
            for k in range(count):
                own, part = q[k] if is_visited[k] else urgency, prior[k] / (1.0 + started[k])
                awake[k] = is_open[k] and own + ahead * part >= highest
                hopes += is_open[k] and turns[k] < 0 and own + far * part >= highest
            if hopes == 0:
                return
            look = np.int64(step + _LOOK_AGAIN)
        best, best_score = np.int64(-1), -np.inf
        fresh, fresh_prior = np.int64(-1), -1.0
        for k in range(count):
            if not awake[k]:
                continue
            if is_visited[k]:
                score = q[k] + scale * prior[k] / (1.0 + started[k])
                if score > best_score:
                    best, best_score = np.int64(k), score
            elif prior[k] > fresh_prior:
                fresh, fresh_prior = np.int64(k), prior[k]
        if fresh >= 0 and urgency + scale * fresh_prior > best_score:
            best = fresh
        if best < 0:
            return
        waiting -= _first_turn(turns, best, step)
        if waiting == 0:
            return
        if not is_visited[best]:
            is_visited[best] = True
            q[best] = urgency
            seen += prior[best]
        started[best] += 1.0


@kernel
def turns_by_ucb(q, started, is_open, is_visited, c_uct, visits, value, most, turns):
    """As `turns_by_puct`, for UCB1; an unvisited edge that gets its turn is worth the node's value."""
    count = len(q)
    waiting = np.int64(0)
    for k in range(count):
        turns[k] = -1
        waiting += is_open[k]
    for step in range(most):
        growth = math.log(max(1.0, visits + np.float64(step)))
        best, best_score = np.int64(-1), -np.inf
        for k in range(count):
            if not is_open[k]:
                continue
            if not is_visited[k]:
                best = np.int64(k)
                break
            score = q[k] + c_uct * math.sqrt(growth / started[k])
            if score > best_score:
                best, best_score = np.int64(k), score
        if best < 0:
            return
        waiting -= _first_turn(turns, best, step)
        if waiting == 0:
            return
        if not is_visited[best]:
            is_visited[best] = True
            q[best] = value
        started[best] += 1.0


@kernel
def turns_by_policy(q, prior, started, is_open, is_visited, parameters, raw_value, most, turns):
    """As `turns_by_puct`, for the improved policy; an unvisited edge that gets its turn is worth what stood for it."""
    count = len(q)
    waiting = np.int64(0)
    policy, told = np.empty(count), np.full(count, np.nan)
    for k in range(count):
        turns[k] = -1
        waiting += is_open[k]
    for step in range(most):
        mix, total = policy_of(q, told, prior, started, is_visited, parameters, raw_value, policy)
        best = most_lacking(policy, started, is_open, total)
        if best < 0:
            return
        waiting -= _first_turn(turns, best, step)
        if waiting == 0:
            return
        if not is_visited[best]:
            is_visited[best] = True
            q[best] = mix
        started[best] += 1.0
