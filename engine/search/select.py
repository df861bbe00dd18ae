"""Selection: gather a batch of leaves from one tree by PUCT with in-flight counts.

A simulation that is chosen but not evaluated yet counts as a visit in the divisor of U ("in flight", Lc0's virtual
loss): the next descent of the same batch looks elsewhere, and Q stays untouched. With a batch of one this is the
sequential search.
"""

import numpy as np

from engine.compiled import kernel
from engine.tree.columns import NO_NODE, PENDING
from engine.tree.puct import child_value, exploration, prior_of_bits

REVISIT = -1
COLLISION = -2

_NO_NODE, _PENDING = np.int32(NO_NODE), np.int32(PENDING)


@kernel
def gather(links, stats, facts, edge_prior, edge_child, edge_pruned, parameters, sign, want, budget, parent, edge):
    """Descend until `want` leaves are found or `budget` descents met a leaf of the same batch.

    Every descent, successful or not, leaves its in-flight counts for `settle`; the edge of a new leaf becomes
    `PENDING`.

    Args:
        want, budget: most leaves, most collisions.
        parent, edge: int32 [want + budget], filled with one entry a descent: the node that owns the new edge and that
            edge; for a descent that ended at a node whose value is known, that node and `REVISIT`; for a collision,
            the last node and `COLLISION`.

    Returns:
        Number of descents, number of collisions among them.
    """
    found, collisions, descents = 0, 0, 0
    while found < want and collisions <= budget and descents < len(parent):
        node = np.int32(0)
        chosen = np.int32(-1)
        while True:
            stats[node].in_flight += 1
            if facts[node].lower == facts[node].upper or links[node].num_edges == 0:
                break
            chosen = _best_edge(links, stats, facts, edge_prior, edge_child, edge_pruned, parameters, sign, node)
            if chosen < 0 or edge_child[chosen] < 0:
                break
            node = edge_child[chosen]
            chosen = np.int32(-1)
        parent[descents] = node
        if chosen < 0:
            edge[descents] = -1
            found += 1
        elif edge_child[chosen] == _PENDING:
            edge[descents] = -2
            collisions += 1
        else:
            edge_child[chosen] = _PENDING
            edge[descents] = chosen
            found += 1
        descents += 1
    return descents, collisions


@kernel
def _best_edge(links, stats, facts, edge_prior, edge_child, edge_pruned, parameters, sign, node):
    """The edge of `node` with the highest score that is not pruned, or -1.

    Edges are sorted by falling prior, so of the unvisited ones only the first can win, and past `visited_edges` the
    scan ends there.
    """
    first = links[node].first_edge
    visited = first + np.int32(links[node].visited_edges)
    end = first + np.int32(links[node].num_edges)
    scale = exploration(np.float64(stats[node].visits), parameters)
    best, best_score = np.int32(-1), -np.inf
    fresh, pending = np.int32(-1), np.int32(-1)
    seen = 0.0
    for e in range(first, end):
        child = edge_child[e]
        if child >= 0:
            prior = np.float64(prior_of_bits(edge_prior[e]))
            seen += prior
            if edge_pruned[e] == 0:
                started = stats[child].visits + stats[child].in_flight
                score = child_value(stats, facts, child, sign) + scale * prior / (1.0 + started)
                if score > best_score:
                    best, best_score = np.int32(e), score
        elif edge_pruned[e] == 0:
            if child == _PENDING:
                if pending < 0:
                    pending = np.int32(e)
            else:
                if fresh < 0:
                    fresh = np.int32(e)
                if e >= visited:
                    break
    urgency = stats[node].value_sum / stats[node].visits - parameters[3] * np.sqrt(seen)
    if pending >= 0:
        score = urgency + scale * np.float64(prior_of_bits(edge_prior[pending])) * 0.5
        if score > best_score:
            best, best_score = pending, score
    if fresh >= 0:
        score = urgency + scale * np.float64(prior_of_bits(edge_prior[fresh]))
        if score > best_score:
            best = fresh
    return best


@kernel
def settle(links, stats, edge_child, parent, edge, descents):
    """Take back all in-flight counts and pending marks of a gathered batch; the fold then counts real visits."""
    for i in range(descents):
        if edge[i] >= 0:
            edge_child[edge[i]] = _NO_NODE
        node = parent[i]
        while node >= 0:
            stats[node].in_flight = 0
            node = links[node].parent
