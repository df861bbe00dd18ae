"""Watching a batch simulation by simulation: the few nodes that are watched are followed, not the tree.

A *probe* is the state of one watched node and what is waited for there. The *fan* is a copy of the root with its
children, as a tree of its own, in which the action to play is found by the same rule as everywhere.
"""

import numpy as np

from engine.compiled import inline, kernel
from engine.tree.choice import best_edge_at
from engine.tree.puct import counted_visits

VISITS, MOVES, RISES, FALLS, CROSSES, CERTAIN, BEST, DEPTH = range(8)
"""Kinds of probes: what `limit` means."""

PROBE = np.dtype(
    [
        ("kind", "u1"),
        ("holds", "u1"),
        ("lower", "i1"),
        ("upper", "i1"),
        ("node", "<i4"),
        ("visits", "<i8"),
        ("least", "<i8"),
        ("value_sum", "<f8"),
        ("limit", "<f8"),
        ("base", "<f8"),
        ("now", "<f8"),
    ]
)
"""One watched node, -1 = it has not been visited.

    holds       what is waited for is so at present
    lower, upper, visits, value_sum: of the node, as in the tree; for DEPTH `visits` is the depth reached
    least       visits before which nothing holds
    limit       visits, distance, value or depth to reach
    base        value to measure from; CROSSES: 1.0 = it began at or above the limit; BEST: the action; NaN = not known
    now         the figure at present: visits, value, action or depth; NaN = none yet
"""

_VISITS, _MOVES, _RISES, _FALLS = np.uint8(VISITS), np.uint8(MOVES), np.uint8(RISES), np.uint8(FALLS)
_CROSSES, _CERTAIN, _BEST, _DEPTH = np.uint8(CROSSES), np.uint8(CERTAIN), np.uint8(BEST), np.uint8(DEPTH)
_NO_NODE, _UNKNOWN = np.int32(-1), np.int32(-2)


@kernel
def replay(
    links,
    facts,
    edge_child,
    sign,
    parent,
    edge,
    value,
    outcome,
    branch,
    probes,
    fan_links,
    fan_stats,
    fan_facts,
    fan_action,
    fan_prior,
    fan_child,
    fan_pruned,
):
    """Follow a batch through the probes, up to the first simulation after which one of them newly holds.

    Args:
        links, facts, edge_child: of the tree after the batch.
        parent, edge, value, outcome, branch: the batch, as in `Simulations`.
        probes: `PROBE` [W], as they were before the batch; `node` may be one that the batch brought.
        fan_...: columns of the fan before the batch, changed alike; without edges where nobody asks for it.

    Returns:
        Place of that simulation in the batch, and of the probe; -1, -1 where there is none.
    """
    first_edge = links[0].first_edge
    has_fan = len(fan_child) > 0
    best = _UNKNOWN
    for i in range(len(parent)):
        is_born = edge[i] >= 0 or parent[i] < 0
        node = edge_child[edge[i]] if edge[i] >= 0 else max(parent[i], np.int32(0))
        leaf = node
        v = np.float64(value[i])
        while node >= 0:
            is_new, is_lent = is_born and node == leaf, branch >= 0 and links[node].parent_edge == branch
            for w in range(len(probes)):
                if probes[w].node == node:
                    probe = probes[w]
                    probe.visits += 1
                    probe.value_sum += v
                    if is_new and outcome[i] != 0:
                        probe.lower = np.int8(value[i])
                        probe.upper = np.int8(value[i])
            if has_fan and links[node].parent == 0:
                offset = links[node].parent_edge - first_edge
                child = fan_stats[offset + 1]
                if is_new:
                    fan_child[offset] = offset + 1
                    if outcome[i] != 0:
                        child.lower = np.int8(value[i])
                        child.upper = np.int8(value[i])
                child.visits += 1
                child.value_sum += v
                if is_lent:
                    child.borrowed += 1
                if best >= 0 and offset != best and not is_lent and child.lower != child.upper:
                    # Certainty apart, only one with as many visits can take its place.
                    if counted_visits(fan_stats, offset + 1) >= _visits_of(fan_stats, fan_child, best):
                        best = _UNKNOWN
                elif offset != best or is_lent or child.lower == child.upper:
                    best = _UNKNOWN
            if is_lent:
                break
            v *= sign
            node = links[node].parent
        if has_fan and best == _UNKNOWN:
            best = best_edge_at(fan_links, fan_stats, fan_facts, fan_prior, fan_child, fan_pruned, sign, np.int32(0))
        first = -1
        for w in range(len(probes)):
            if probes[w].kind == _DEPTH:
                probes[w].visits = max(probes[w].visits, np.int64(facts[leaf].depth))
            action = np.float64(fan_action[best]) if best >= 0 else np.nan
            if _newly_holds(probes, w, sign, action) and first < 0:
                first = w
        if first >= 0:
            return i, first
    return -1, -1


@inline
def _visits_of(fan_stats, fan_child, edge):
    return counted_visits(fan_stats, edge + 1) if fan_child[edge] >= 0 else np.int64(0)


@kernel
def look(probes, sign, fan_links, fan_stats, fan_facts, fan_action, fan_prior, fan_child, fan_pruned):
    """The first of `probes`, brought up to date, that newly holds, or -1; arguments as for `replay`."""
    action = np.nan
    if len(fan_child) > 0:
        best = best_edge_at(fan_links, fan_stats, fan_facts, fan_prior, fan_child, fan_pruned, sign, np.int32(0))
        if best >= 0:
            action = np.float64(fan_action[best])
    first = -1
    for w in range(len(probes)):
        if _newly_holds(probes, w, sign, action) and first < 0:
            first = w
    return first


@inline
def _newly_holds(probes, w, sign, action):
    """Whether probe `w` holds now and did not before; `action`: the one to play at the root, NaN = unknown."""
    probe = probes[w]
    kind, held = probe.kind, probe.holds
    counts = probe.visits >= max(np.int64(1), probe.least)
    q = np.nan
    if probe.visits > 0:
        seat = 1.0 if probe.node == 0 else sign
        if probe.lower == probe.upper:
            q = seat * np.float64(probe.lower)
        else:
            q = seat * probe.value_sum / np.float64(probe.visits)
    holds = False
    if kind in (_VISITS, _DEPTH):
        probe.now = np.float64(probe.visits)
        holds = probe.now >= probe.limit
    elif kind == _BEST:
        probe.now = action
        if counts and np.isnan(probe.base):
            probe.base = action
        holds = counts and action != probe.base and not np.isnan(action) and not np.isnan(probe.base)
    elif kind == _CERTAIN:
        probe.now = q
        holds = probe.visits > 0 and probe.lower == probe.upper
    else:
        probe.now = q
        if kind == _RISES:
            holds = counts and q >= probe.limit
        elif kind == _FALLS:
            holds = counts and q <= probe.limit
        elif kind == _MOVES:
            if counts and np.isnan(probe.base):
                probe.base = q
            holds = counts and abs(q - probe.base) >= probe.limit
        else:
            side = 1.0 if q >= probe.limit else 0.0
            if counts and np.isnan(probe.base):
                probe.base = side
            holds = counts and side != probe.base
    probe.holds = np.uint8(holds)
    return holds and held == 0
