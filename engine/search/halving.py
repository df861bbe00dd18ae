"""Sequential halving with Gumbel: how visits are dealt out among the actions of a root (Danihelka et al. 2022, §3).

The `m` actions with the highest `gumbel + ln prior` are considered. Visits go round among them in phases, the highest
`gumbel + ln prior + sigma(q)` first; after each, the better half by that score stays, but never fewer than two. The
lengths of the phases are those of mctx (`seq_halving.py`): max(1, budget / (ceil(log2 m) * considered)) visits for each
action still considered.
"""

import math

import numpy as np

from engine.compiled import inline, kernel
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
_ELIMINATED, _LOW = np.uint8(PruneReason.ELIMINATED), np.uint8(PruneReason.LOW_PRIOR)
_GOLDEN, _MIX1, _MIX2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@inline
def _mixed(bits):
    """64 well mixed bits (SplitMix64; Steele, Lea and Flood 2014)."""
    x = bits + _GOLDEN
    x = (x ^ (x >> np.uint64(30))) * _MIX1
    x = (x ^ (x >> np.uint64(27))) * _MIX2
    return x ^ (x >> np.uint64(31))


@kernel
def draw_noise(noise, scale, seed, ply):
    """Fill `noise` with `scale` times standard Gumbel numbers: the same for the same seed (uint64) and ply (uint64)."""
    for k in range(len(noise)):
        noise[k] = 0.0
        if scale > 0.0:
            bits = _mixed(_mixed(seed) ^ _mixed(ply * _GOLDEN) ^ (np.uint64(k) * _MIX1))
            noise[k] = -scale * math.log(-math.log((np.float64(bits >> np.uint64(11)) + 0.5) / 9007199254740992.0))


@kernel
def plan_root(links, edge_prior, edge_pruned, scratch, root, most, budget, plan, noise, cuts, evidence):
    """Choose the actions of a root that take part, and set the first phase.

    Args:
        most: actions considered at most. budget: simulations to deal out.
        plan: int64 [3], filled. noise: float64 [edges of the root].
        cuts, evidence: int32, float64 [edges of the root], filled with the edges outside and their gumbel + ln prior;
            they are marked in `edge_pruned` too.

    Returns:
        Number of edges outside.
    """
    first, count = links[root].first_edge, np.int64(links[root].num_edges)
    open_edges = 0
    for k in range(count):
        prior = max(_LEAST_PRIOR, np.float64(prior_of_bits(edge_prior[first + k])))
        scratch[1][k] = noise[k] + math.log(prior)
        open_edges += edge_pruned[first + k] == 0
    considered = max(np.int64(1), min(most, open_edges, budget))
    plan[0], plan[1] = budget, considered
    plan[2] = _phase(plan, considered)
    num_cuts = 0
    while open_edges > considered:
        worst = _lowest_open(edge_pruned, scratch[1], first, count)
        edge_pruned[first + worst] = _LOW
        cuts[num_cuts], evidence[num_cuts] = first + worst, scratch[1][worst]
        num_cuts += 1
        open_edges -= 1
    return num_cuts


@inline
def _lowest_open(edge_pruned, score, first, count):
    """Place of the open edge with the lowest score; of equals the last, so that ties keep the order of priors."""
    worst = np.int64(-1)
    for k in range(count):
        if edge_pruned[first + k] == 0 and (worst < 0 or score[k] <= score[worst]):
            worst = np.int64(k)
    return worst


@inline
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
            worst = _lowest_open(edge_pruned, scratch[1], first, count)
            edge_pruned[first + worst] = _ELIMINATED
            cuts[num_cuts], evidence[num_cuts] = first + worst, scratch[1][worst]
            num_cuts += 1
            open_edges -= 1
        plan[2] = max(plan[2], least) + _phase(plan, open_edges)


@inline
def root_scores(links, stats, facts, edge_prior, edge_child, parameters, scratch, sign, root, noise):
    """Fill `scratch[1]` with gumbel + ln prior + sigma(q) of every edge of the root, pruned or not."""
    first = links[root].first_edge
    largest, _ = completed(links, stats, facts, edge_prior, edge_child, root, sign, scratch[0])
    scale = (parameters[6] + largest) * parameters[7]
    for k in range(np.int64(links[root].num_edges)):
        prior = max(_LEAST_PRIOR, np.float64(prior_of_bits(edge_prior[first + k])))
        scratch[1][k] = noise[k] + math.log(prior) + scale * (scratch[0][k] + 1.0) * 0.5


@kernel
def final_cuts(
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
    noise,
    base,
    cuts,
    evidence,
):
    """The final choice: of the open edges visited since `base` the one with the highest score stays.

    How often each was visited says nothing: a round may be unfinished, and a win that is seen is visited out of turn.
    The others are marked in `edge_pruned`; `cuts` and `evidence` as in `next_edge`. Returns their number.
    """
    root_scores(links, stats, facts, edge_prior, edge_child, parameters, scratch, sign, root, noise)
    first, count = links[root].first_edge, np.int64(links[root].num_edges)
    best, best_visited = np.int64(-1), False
    for k in range(count):
        if edge_pruned[first + k] != 0:
            continue
        child, visits = edge_child[first + k], np.int64(0)
        if child >= 0:
            visits = np.int64(stats[child].visits) - np.int64(stats[child].borrowed) - np.int64(base[k])
        visited = visits > 0
        if best < 0 or visited > best_visited or (visited == best_visited and scratch[1][k] > scratch[1][best]):
            best, best_visited = np.int64(k), visited
    num_cuts = 0
    for k in range(count):
        if edge_pruned[first + k] == 0 and k != best:
            edge_pruned[first + k] = _ELIMINATED
            cuts[num_cuts], evidence[num_cuts] = first + k, scratch[1][k]
            num_cuts += 1
    return num_cuts
