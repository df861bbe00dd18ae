"""Selection: gather a batch of leaves from one tree, with in-flight counts.

A simulation that is chosen but not evaluated yet counts as a visit in the divisor of U ("in flight", Lc0's virtual
loss): the next descent looks elsewhere, and Q stays untouched. With a batch of one this is the sequential search.
Descents begin at `start`, the root or the branch that visits are lent to; in-flight counts reach no higher.
"""

import math

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inline, kernel
from engine.tree.columns import NO_NODE, PENDING, SearchTree
from engine.tree.gumbel import completed, improved
from engine.tree.puct import child_value, counted_visits, exploration, prior_of_bits
from engine.tree.ucb import confidence

REVISIT = -1
COLLISION = -2

_NO_NODE, _PENDING, _NO_EDGE = np.int32(NO_NODE), np.int32(PENDING), np.int32(-1)


@kernel
def gather(
    links,
    stats,
    facts,
    edge_prior,
    edge_child,
    edge_pruned,
    parameters,
    scratch,
    sign,
    start,
    want,
    budget,
    parent,
    edge,
):
    """Descend from `start` until `want` leaves are found or `budget` descents met a leaf that is in flight.

    Leaves stay in flight until `settle`; the edge of a new one becomes `PENDING`. Collisions leave no trace.

    Args:
        parameters: as in `engine.tree.selection`. scratch: float64 [2, edges of the widest node].
        want, budget: most leaves, most collisions.
        parent, edge: int32 [want + budget + 1], filled with one entry a descent: the node that owns the new edge and
            that edge; for a descent that ended at a node whose value is known, that node and `REVISIT`; for a
            collision, the last node and `COLLISION`.

    Returns:
        Number of descents, number of collisions among them.
    """
    found, collisions, descents = 0, 0, 0
    while found < want and collisions <= budget and descents < len(parent):
        node, chosen = descend(
            links, stats, facts, edge_prior, edge_child, edge_pruned, parameters, scratch, sign, start, _NO_EDGE
        )
        parent[descents], edge[descents] = node, chosen
        if chosen == COLLISION:
            collisions += 1
        else:
            found += 1
        descents += 1
    for i in range(descents):
        if edge[i] == COLLISION:
            _take_back(links, stats, parent[i], start)
    return descents, collisions


@kernel
def descend(links, stats, facts, edge_prior, edge_child, edge_pruned, parameters, scratch, sign, start, first_choice):
    """One descent from `start`, by `first_choice` there if it is an edge.

    Returns:
        The last node, and its edge to a new leaf (now `PENDING`), `REVISIT` or `COLLISION`.
    """
    node, chosen = np.int32(start), np.int32(first_choice)
    while True:
        stats[node].in_flight += np.uint16(1)
        if stats[node].lower == stats[node].upper or links[node].num_edges == 0:
            return node, np.int32(REVISIT)
        if chosen < 0:
            if parameters[0] == 0.0:
                chosen = _best_by_puct(links, stats, edge_prior, edge_child, edge_pruned, parameters, sign, node)
            elif parameters[0] == 1.0:
                chosen = _best_by_ucb(links, stats, edge_child, edge_pruned, parameters, sign, node)
            else:
                chosen = _best_by_policy(
                    links, stats, facts, edge_prior, edge_child, edge_pruned, parameters, scratch, sign, node
                )
        if chosen < 0:
            return node, np.int32(REVISIT)
        child = edge_child[chosen]
        if child == _PENDING:
            return node, np.int32(COLLISION)
        if child < 0:
            edge_child[chosen] = _PENDING
            return node, chosen
        node, chosen = child, _NO_EDGE


@inline
def _best_by_puct(links, stats, edge_prior, edge_child, edge_pruned, parameters, sign, node):
    """The edge of `node` with the highest score that is not pruned, or -1.

    Past `visited_edges` the edges are unvisited and sorted by falling prior, so the scan ends at the first of them that
    is open.
    """
    first = links[node].first_edge
    visited = first + np.int32(links[node].visited_edges)
    end = first + np.int32(links[node].num_edges)
    scale = exploration(np.float64(stats[node].visits), parameters[1], parameters[2], parameters[3])
    best, best_score = np.int32(-1), -np.inf
    fresh, fresh_prior = np.int32(-1), -1.0
    pending, pending_prior = np.int32(-1), -1.0
    seen = 0.0
    for e in range(first, end):
        child = edge_child[e]
        if child >= 0:
            prior = np.float64(prior_of_bits(edge_prior[e]))
            seen += prior
            if edge_pruned[e] == 0:
                started = np.float64(counted_visits(stats, child))
                score = child_value(stats, child, sign) + scale * prior / (1.0 + started)
                if score > best_score:
                    best, best_score = np.int32(e), score
        elif edge_pruned[e] == 0:
            prior = np.float64(prior_of_bits(edge_prior[e]))
            if child == _PENDING:
                if prior > pending_prior:
                    pending, pending_prior = np.int32(e), prior
            else:
                if prior > fresh_prior:
                    fresh, fresh_prior = np.int32(e), prior
                if e >= visited:
                    break
    urgency = stats[node].value_sum / stats[node].visits - parameters[4] * math.sqrt(seen)
    if pending >= 0:
        score = urgency + scale * pending_prior * 0.5
        if score > best_score:
            best, best_score = pending, score
    if fresh >= 0:
        score = urgency + scale * fresh_prior
        if score > best_score:
            best = fresh
    return best


@inline
def _best_by_ucb(links, stats, edge_child, edge_pruned, parameters, sign, node):
    """The first unvisited edge of `node`, or the one with the highest upper confidence bound, or -1."""
    first = links[node].first_edge
    best, best_score = np.int32(-1), -np.inf
    visits = np.float64(stats[node].visits)
    for e in range(first, first + np.int32(links[node].num_edges)):
        if edge_pruned[e] != 0:
            continue
        child = edge_child[e]
        if child == _NO_NODE:
            return np.int32(e)
        score = -1e9  # pending: nothing is known of it yet
        if child >= 0:
            score = child_value(stats, child, sign)
            score += confidence(visits, np.float64(counted_visits(stats, child)), parameters[5])
        if score > best_score:
            best, best_score = np.int32(e), score
    return best


@inline
def _best_by_policy(links, stats, facts, edge_prior, edge_child, edge_pruned, parameters, scratch, sign, node):
    """The edge of `node` whose visits lag furthest behind the improved policy, or -1."""
    first = links[node].first_edge
    q, policy = scratch[0], scratch[1]
    largest, total = completed(links, stats, facts, edge_prior, edge_child, node, sign, q)
    improved(links, edge_prior, node, largest, parameters[6], parameters[7], q, policy)
    best, best_score = np.int32(-1), -np.inf
    for k in range(np.int64(links[node].num_edges)):
        if edge_pruned[first + k] != 0:
            continue
        child = edge_child[first + k]
        started = 0.0
        if child >= 0:
            started = np.float64(counted_visits(stats, child))
        elif child == _PENDING:
            started = 1.0
        score = policy[k] - started / (1.0 + total)
        if score > best_score:
            best, best_score = np.int32(first + k), score
    return best


@kernel
def hold(links, stats, edge_child, parent, edge, start):
    """Put leaves in flight that were not found by a descent; `parent`, `edge`: int32 [k], as `gather` gives them."""
    for i in range(len(parent)):
        if edge[i] >= 0:
            edge_child[edge[i]] = _PENDING
        node = parent[i]
        while node >= 0:
            stats[node].in_flight += np.uint16(1)
            if node == start:
                break
            node = links[node].parent


@kernel
def settle(links, stats, edge_child, parent, edge, start):
    """End the flight of the leaves `parent`, `edge` [k]; the fold then counts real visits."""
    for i in range(len(parent)):
        if edge[i] >= 0:
            edge_child[edge[i]] = _NO_NODE
        _take_back(links, stats, parent[i], start)


@inline
def _take_back(links, stats, node, start):
    while node >= 0:
        stats[node].in_flight -= np.uint16(1)
        if node == start:
            break
        node = links[node].parent


def edges_of(tree: SearchTree, nodes: NDArray[np.int32], actions: NDArray[np.int32]) -> NDArray[np.int32]:
    """The edge of each of `nodes` [k] with its action of `actions` [k]; -1 where it has none."""
    edges = np.empty(len(nodes), np.int32)
    _find_edges(tree.links, tree.edge_action, nodes, actions, edges)
    return edges


@kernel
def _find_edges(links, edge_action, nodes, actions, edges):
    for i in range(len(nodes)):
        edges[i] = -1
        first = links[nodes[i]].first_edge
        for e in range(first, first + np.int32(links[nodes[i]].num_edges)):
            if edge_action[e] == actions[i]:
                edges[i] = e
                break
