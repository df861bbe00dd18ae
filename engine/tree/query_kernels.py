"""What a query asks of a node's family: the node, its parent, and the visited moves beside it.

Every kernel fills one row for each of `nodes`, int32, and reads nothing but the tree. The root has no family.
"""

import numpy as np

from engine.compiled import kernel
from engine.tree.choice import best_edge_at
from engine.tree.columns import ROOT
from engine.tree.puct import child_value, exploration, prior_of_bits
from engine.tree.selection import IMPROVED_POLICY, UCB, fill_terms
from engine.tree.ucb import confidence

_ROOT = np.int32(ROOT)
_UCB, _IMPROVED = np.float64(UCB), np.float64(IMPROVED_POLICY)


@kernel
def compare_siblings(links, stats, edge_child, sign, nodes, share, rank, regret):
    """Visit share, place by visits (1 = most; equals have the same) and value less than the best beside it."""
    for row in range(len(nodes)):
        node = nodes[row]
        share[row], rank[row], regret[row] = 1.0, 1.0, 0.0
        if node == _ROOT:
            continue
        parent = links[node].parent
        own = np.int64(stats[node].visits) - np.int64(stats[node].borrowed)
        value = child_value(stats, node, sign)
        total, ahead, highest = np.int64(0), 0, value
        first = links[parent].first_edge
        for edge in range(first, first + np.int32(links[parent].visited_edges)):
            child = edge_child[edge]
            if child >= 0:
                visits = np.int64(stats[child].visits) - np.int64(stats[child].borrowed)
                total += visits
                ahead += visits > own
                highest = max(highest, child_value(stats, child, sign))
        share[row] = own / max(total, np.int64(1))
        rank[row] = 1.0 + ahead
        regret[row] = highest - value


@kernel
def count_children(links, edge_child, nodes, children):
    """Visited moves of each node."""
    for row in range(len(nodes)):
        first, found = links[nodes[row]].first_edge, 0
        for edge in range(first, first + np.int32(links[nodes[row]].visited_edges)):
            found += edge_child[edge] >= 0
        children[row] = found


@kernel
def find_best(links, stats, facts, edge_prior, edge_child, edge_pruned, sign, nodes, asked, answer, best):
    """Whether each node is the move to play at its parent; the root is.

    Args:
        asked, answer: int32 [a power of two], where what was found for a parent is kept: siblings are often born soon
            after each other. `asked` is -1 at first.
    """
    for row in range(len(nodes)):
        node = nodes[row]
        best[row] = node == _ROOT
        if node != _ROOT:
            parent = links[node].parent
            place = parent & (len(asked) - 1)
            if asked[place] != parent:
                asked[place] = parent
                answer[place] = best_edge_at(links, stats, facts, edge_prior, edge_child, edge_pruned, sign, parent)
            best[row] = links[node].parent_edge == answer[place]


@kernel
def find_replies(links, stats, facts, edge_prior, edge_child, edge_pruned, sign, nodes, birth):
    """When the move to play from each node was first visited; NaN where none was."""
    for row in range(len(nodes)):
        birth[row] = np.nan
        if links[nodes[row]].visited_edges > 0:
            edge = best_edge_at(links, stats, facts, edge_prior, edge_child, edge_pruned, sign, nodes[row])
            if edge >= 0 and edge_child[edge] >= 0:
                birth[row] = stats[edge_child[edge]].birth


@kernel
def exploration_terms(links, stats, edge_prior, parameters, nodes, u):
    """U of PUCT or UCB1 at the edge to each node, as `engine.tree.selection.edge_terms` has it."""
    for row in range(len(nodes)):
        node = nodes[row]
        u[row] = 0.0
        if node == _ROOT:
            continue
        visits = np.float64(stats[links[node].parent].visits)
        started = np.float64(
            np.int64(stats[node].visits) - np.int64(stats[node].borrowed) + np.int64(stats[node].in_flight)
        )
        if parameters[0] == _UCB:
            u[row] = confidence(visits, started, parameters[5]) if started > 0.0 else np.inf
        else:
            prior = np.float64(prior_of_bits(edge_prior[links[node].parent_edge]))
            scale = exploration(visits, parameters[1], parameters[2], parameters[3])
            u[row] = scale * prior / (1.0 + started)


@kernel
def improved_policies(links, stats, facts, edge_prior, edge_child, sign, parameters, nodes, scratch, policy, u):
    """Improved policy of the edge to each node, and what it lacks in visits (U where it is what is followed).

    Args:
        nodes: siblings side by side, so that a parent is worked out once.
        scratch: float64 [3, edges of the widest parent].
    """
    asked = np.int32(-1)
    for row in range(len(nodes)):
        node = nodes[row]
        policy[row], u[row] = 1.0, 0.0
        if node == _ROOT:
            continue
        parent = links[node].parent
        if parent != asked:
            asked = parent
            width = np.int64(links[parent].num_edges)
            q, terms, policies = scratch[0, :width], scratch[1, :width], scratch[2, :width]
            fill_terms(links, stats, facts, edge_prior, edge_child, parent, sign, parameters, q, terms, policies)
        place = links[node].parent_edge - links[parent].first_edge
        policy[row] = scratch[2, place]
        u[row] = scratch[1, place]
