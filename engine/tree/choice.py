"""The action to play: one rule for the search, the window, replays and lockstep searches."""

import numpy as np

from engine.compiled import kernel
from engine.tree.columns import SearchTree
from engine.tree.events import PruneReason
from engine.tree.puct import prior_of_bits

_BY_HAND, _ELIMINATED = np.uint8(PruneReason.BY_HAND), np.uint8(PruneReason.ELIMINATED)
_LOW_PRIOR, _REJECTED = np.uint8(PruneReason.LOW_PRIOR), np.uint8(PruneReason.REJECTED)


def best_edge(tree: SearchTree, node: int) -> int:
    """The edge to play: the quickest proven win, else the most visited (then higher Q) that is not lost; -1 = none.

    Lent visits do not count. Where all is lost by proof it is the longest way; before any visit it is the highest
    prior. A branch that was cut by hand, rejected or lost its comparison is passed over while another is open.
    """
    columns = (tree.links, tree.stats, tree.facts, tree.edge_prior, tree.edge_child, tree.edge_pruned)
    return int(best_edge_at(*columns, tree.sign, np.int32(node)))


@kernel
def best_edge_at(links, stats, facts, edge_prior, edge_child, edge_pruned, sign, node):
    """See `best_edge`."""
    best = np.int32(-1)
    rank = np.empty(5)
    highest = np.empty(5)
    first = links[node].first_edge
    for e in range(first, first + np.int32(links[node].num_edges)):
        child, cut = edge_child[e], edge_pruned[e]
        worth, haste, visits, q = 0, 0, 0, -2.0
        if child >= 0:
            visits = np.int64(stats[child].visits) - np.int64(stats[child].borrowed)
            q = sign * stats[child].value_sum / max(1, stats[child].visits)
            if stats[child].lower == stats[child].upper:
                worth = np.int64(sign) * np.int64(stats[child].lower)
                haste = -worth * np.int64(facts[child].distance)
        if worth == 0 and cut in (_BY_HAND, _ELIMINATED, _LOW_PRIOR, _REJECTED):
            haste = -1000  # behind all that are open
        rank[0], rank[1], rank[2], rank[3] = worth, haste, visits, q
        rank[4] = prior_of_bits(edge_prior[e])
        better = best < 0
        if not better:
            for k in range(5):
                if rank[k] != highest[k]:
                    better = rank[k] > highest[k]
                    break
        if better:
            best = np.int32(e)
            rank, highest = highest, rank
    return best
