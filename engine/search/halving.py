"""Sequential halving with Gumbel: how visits are dealt out among the actions of a root (Danihelka et al. 2022, §3).

The `m` actions with the highest `gumbel + ln prior` are considered. Visits go round among them in phases, the highest
`gumbel + ln prior + sigma(q)` first; after each, the better half by that score stays, but never fewer than two. The
lengths of the phases are those of mctx (`seq_halving.py`): max(1, budget / (ceil(log2 m) * considered)) visits for each
action still considered.
"""

import math

import numpy as np

from engine.compiled import kernel
from engine.tree.columns import PENDING
from engine.tree.events import PruneReason
from engine.tree.gumbel import LEAST_PRIOR, completed
from engine.tree.puct import prior_of_bits

BUDGET, CONSIDERED, TARGET = range(3)
"""Places in a plan, int64 [3]: simulations to deal out, actions considered at first, visits each shall have had."""

WAIT = -1
"""No edge now: the phase ends when what is in flight has landed."""

NONE_LEFT = -2
"""No edge: every action is pruned."""

_PENDING, _LEAST_PRIOR = np.int32(PENDING), np.float64(LEAST_PRIOR)
_ELIMINATED = np.uint8(PruneReason.ELIMINATED)


@kernel
def first_target(plan):
    """Set the visits of the first phase."""
    plan[2] = _phase(plan, plan[1])


@kernel
def _phase(plan, considered):
    """Visits that each of `considered` actions gets in a phase."""
    if plan[1] <= 1:
        return plan[0]
    phases = np.int64(math.ceil(math.log2(plan[1])))
    return max(np.int64(1), plan[0] // (phases * considered))


@kernel
def next_edge(
    links,
    stats,
    facts,
    edge_prior,
    edge_child,
    edge_pruned,
    parameters,
    scratch,
    sign,
    root,
    plan,
    noise,
    base,
    cuts,
    evidence,
):
    """The root edge to visit next, having ended the phases that are over.

    Args:
        noise: float64 [edges of the root], their Gumbel noise. base: int32 [edges of the root], visits before this run.
        cuts, evidence: int32, float64 [edges of the root], filled with the edges eliminated and their scores; they are
            marked in `edge_pruned` too, as what follows builds on it.

    Returns:
        The edge, `WAIT` or `NONE_LEFT`; number of edges eliminated.
    """
    first = links[root].first_edge
    count = np.int64(links[root].num_edges)
    num_cuts = 0
    while True:
        root_scores(links, stats, facts, edge_prior, edge_child, parameters, scratch, sign, root, noise)
        best, least, best_score, open_edges, landed = np.int32(-1), np.int64(2**62), -np.inf, 0, True
        for k in range(count):
            e = first + k
            if edge_pruned[e] != 0:
                continue
            open_edges += 1
            child = edge_child[e]
            visits, flying = np.int64(0), np.int64(0)
            if child >= 0:
                visits = np.int64(stats[child].visits) - np.int64(stats[child].borrowed) - np.int64(base[k])
                flying = np.int64(stats[child].in_flight)
            elif child == _PENDING:
                flying = np.int64(1)
            landed = landed and flying == 0
            if visits + flying < least or (visits + flying == least and scratch[1][k] > best_score):
                best, least, best_score = np.int32(e), visits + flying, scratch[1][k]
        if open_edges == 0:
            return np.int32(NONE_LEFT), num_cuts
        if least < plan[2]:
            return best, num_cuts
        if not landed:
            return np.int32(WAIT), num_cuts
        keep = max(2, open_edges // 2)
        while open_edges > keep:
            worst = np.int64(-1)
            for k in range(count):
                if edge_pruned[first + k] == 0 and (worst < 0 or scratch[1][k] < scratch[1][worst]):
                    worst = k
            edge_pruned[first + worst] = _ELIMINATED
            cuts[num_cuts], evidence[num_cuts] = first + worst, scratch[1][worst]
            num_cuts += 1
            open_edges -= 1
        plan[2] = max(plan[2], least) + _phase(plan, open_edges)


@kernel
def root_scores(links, stats, facts, edge_prior, edge_child, parameters, scratch, sign, root, noise):
    """Fill `scratch[1]` with gumbel + ln prior + sigma(q) of every edge of the root, pruned or not."""
    first = links[root].first_edge
    largest, _ = completed(links, stats, facts, edge_prior, edge_child, root, sign, scratch[0])
    scale = (parameters[6] + largest) * parameters[7]
    for k in range(np.int64(links[root].num_edges)):
        prior = max(_LEAST_PRIOR, np.float64(prior_of_bits(edge_prior[first + k])))
        scratch[1][k] = noise[k] + math.log(prior) + scale * (scratch[0][k] + 1.0) * 0.5
