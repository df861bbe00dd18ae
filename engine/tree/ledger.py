"""Why this child? The score of every edge of a node, taken apart into terms that add up to it again.

Selection (`engine.search.select`) works with whole scores, in compiled code. Here the same numbers are written out in
NumPy, term by term; what would turn the choice is asked in `engine.tree.flips`. Tests hold both to the compiled
selection.

Values are from the player to move at the node that is asked about; edges stand in the order of the tree. What selection
does not decide is left out: visits lent to a branch, and wins that are visited out of turn.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from engine.tree.columns import PENDING, ROOT, SearchTree
from engine.tree.gumbel import LEAST_PRIOR
from engine.tree.selection import C_PUCT, C_PUCT_BASE, C_PUCT_FACTOR, C_SCALE, C_UCT, C_VISIT, FPU_REDUCTION

Column = NDArray[np.float64]
NO_EDGE = -1


class Rule(Enum):
    """What a score is, and where the next simulation goes."""

    PUCT = "puct"
    """Q + U, the highest next (`engine.tree.puct`)."""
    UCB = "ucb"
    """Q + width of confidence, the highest next; unvisited edges before all others (`engine.tree.ucb`)."""
    IMPROVED_POLICY = "improved_policy"
    """Improved policy less the share of visits, the highest next (`engine.tree.gumbel`)."""
    KNOCK_OUT = "knock_out"
    """Noise + ln P + sigma(completed Q): the lowest is eliminated, the least visited next (`engine.search.halving`)."""
    NONE = "none"
    """Edges are drawn by their priors, or tried in that order: nothing is added up."""


_RULES = {"puct": Rule.PUCT, "uct": Rule.UCB}


def rule_at(method: str, node: int) -> Rule:
    """The rule that a search by `method` follows at `node`."""
    if method == "gumbel":
        return Rule.KNOCK_OUT if node == ROOT else Rule.IMPROVED_POLICY
    return _RULES.get(method, Rule.NONE)


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """What selection reads of a node and its edges; columns [edges].

    Attributes:
        prior: float64. noise: float64, the part of each prior that is Dirichlet noise, 0 where none is known.
        q: float64, NaN where unvisited.
        visits: int64, visits that count. borrowed: int64, visits lent, which do not. in_flight: int64.
        is_open: bool, not pruned. is_visited: bool. is_pending: bool, the first visit is in flight.
        node_visits, node_value, raw_value: of the node; its value is the mean over its visits.
        is_settled: the node's own value is proven, or play has ended: no simulation goes on from here.
    """

    prior: Column
    noise: Column
    q: Column
    visits: NDArray[np.int64]
    borrowed: NDArray[np.int64]
    in_flight: NDArray[np.int64]
    is_open: NDArray[np.bool_]
    is_visited: NDArray[np.bool_]
    is_pending: NDArray[np.bool_]
    node_visits: int
    node_value: float
    raw_value: float
    is_settled: bool

    @property
    def started(self) -> NDArray[np.int64]:
        """Visits that count against an edge: landed ones and those in flight."""
        return self.visits + self.in_flight


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """A node's edges with the terms of their scores: each column float64 [edges], the score is their sum.

    Attributes:
        rule: how they are scored. edges: what they are scored by.
        value: the mean result of a visited edge or what a proof says; for an unvisited one the node's own value.
        reduction: what first-play urgency takes off that, at most 0; 0 for a visited edge.
        bonus: what intuition adds before any visit: PUCT's U at n = 0; ln P in a knock-out; the improved policy.
        noise: the part of it that is noise: Dirichlet's in a prior, Gumbel's in a knock-out.
        spent: what landed visits took from the bonus, at most 0; for UCB the width of confidence itself.
        in_flight: what simulations in flight take beyond that, at most 0.
        borrowed: what is given back since lent visits do not count, at least 0.
        sigma: the weight of the completed Q in a knock-out.
        score: their sum; infinite for an edge that UCB visits first.
        completed_q, policy: float64 [edges], Q or what stands for it, and the improved policy (sums to 1); see
            `engine.tree.gumbel`. Only where the rule is about them.
        exploration: c(N) * sqrt(max(1, N - 1)) of PUCT, what a prior is multiplied with; 0 by other rules.
        urgency: Q that unvisited edges are given.
        next: offset of the edge that the next simulation takes, or `NO_EDGE`.
    """

    rule: Rule
    edges: Edges
    value: Column
    reduction: Column
    bonus: Column
    noise: Column
    spent: Column
    in_flight: Column
    borrowed: Column
    sigma: Column
    score: Column
    completed_q: Column
    policy: Column
    exploration: float
    urgency: float
    next: int


def edges_of(tree: SearchTree, node: int, clean: Column | None = None) -> Edges:
    """What selection reads at `node`; `clean`: float64 [edges], priors before Dirichlet noise, where they are known."""
    run = tree.edge_run(node)
    child = tree.edge_child[run]
    seen = child >= 0
    stats = tree.stats[np.maximum(child, 0)]
    own = tree.stats[node]
    visits = np.maximum(stats["visits"].astype(np.int64), 1)
    proven = stats["lower"] == stats["upper"]
    q = tree.sign * np.where(proven, stats["lower"].astype(np.float64), stats["value_sum"] / visits)
    prior = tree.edge_prior[run].view(np.float16).astype(np.float64)
    borrowed = np.where(seen, stats["borrowed"], 0).astype(np.int64)
    return Edges(
        prior=prior,
        noise=np.zeros(len(prior)) if clean is None else prior - clean,
        q=np.where(seen, q, np.nan),
        visits=np.where(seen, stats["visits"].astype(np.int64) - borrowed, 0),
        borrowed=borrowed,
        in_flight=np.where(seen, stats["in_flight"], child == PENDING).astype(np.int64),
        is_open=tree.edge_pruned[run] == 0,
        is_visited=seen,
        is_pending=child == PENDING,
        node_visits=int(own["visits"]),
        node_value=float(own["value_sum"]) / max(1, int(own["visits"])),
        raw_value=float(tree.facts["raw_value"][node]),
        is_settled=bool(own["lower"] == own["upper"]),
    )


def ledger(edges: Edges, rule: Rule, parameters: Column, gumbel: Column | None = None) -> Ledger:
    """The scores of `edges` by `rule`, term by term.

    Args:
        parameters: `engine.tree.selection.selection_parameters`.
        gumbel: float64 [edges], the noise of a knock-out's root (`engine.search.halving.draw_noise`); None = none.
    """
    match rule:
        case Rule.PUCT:
            return _puct(edges, parameters)
        case Rule.UCB:
            return _ucb(edges, parameters)
        case Rule.IMPROVED_POLICY:
            return _improved_policy(edges, parameters)
        case Rule.KNOCK_OUT:
            return _knock_out(edges, parameters, gumbel)
        case Rule.NONE:
            return _put_together(rule, edges, {"bonus": edges.prior, "score": edges.prior})


def _puct(edges: Edges, parameters: Column) -> Ledger:
    visits = float(edges.node_visits)
    growth = np.log((visits + parameters[C_PUCT_BASE]) / parameters[C_PUCT_BASE])
    scale = (parameters[C_PUCT] + parameters[C_PUCT_FACTOR] * growth) * np.sqrt(max(1.0, visits - 1.0))
    reduction = -parameters[FPU_REDUCTION] * np.sqrt(edges.prior[edges.is_visited].sum())
    value = np.where(edges.is_visited, edges.q, edges.node_value)
    taken_off = np.where(edges.is_visited, 0.0, reduction)
    whole = scale * edges.prior
    used, with_borrowed = whole / (1.0 + edges.visits), whole / (1.0 + edges.visits + edges.borrowed)
    bonus = whole / (1.0 + edges.started)
    terms = {
        "value": value,
        "reduction": taken_off,
        "bonus": whole - scale * edges.noise,
        "noise": scale * edges.noise,
        "spent": with_borrowed - whole,
        "borrowed": used - with_borrowed,
        "in_flight": bonus - used,
        "score": value + taken_off + bonus,
    }
    urgency = edges.node_value + float(reduction)
    return _put_together(Rule.PUCT, edges, terms, exploration=float(scale), urgency=urgency)


def _ucb(edges: Edges, parameters: Column) -> Ledger:
    growth = np.log(max(1.0, float(edges.node_visits)))

    def width(visits: NDArray[np.int64]) -> Column:
        """Of edges with so many visits; none where there is no visit."""
        return np.asarray(parameters[C_UCT] * np.sqrt(growth / np.maximum(visits, 1)) * edges.is_visited)

    final = np.where(edges.is_visited & (edges.started == 0), np.inf, width(edges.started))
    # An edge whose only visits are lent or in flight has no width by those that landed.
    bare = edges.visits == 0
    landed = np.where(bare, final, width(edges.visits))
    lent = np.where(bare, final, width(edges.visits + edges.borrowed))
    score = np.where(edges.is_visited, np.nan_to_num(edges.q) + final, np.where(edges.is_pending, -np.inf, np.inf))
    terms = {
        "value": np.where(edges.is_visited, edges.q, 0.0),
        "spent": np.where(edges.is_visited, lent, score),
        "borrowed": np.where(bare, 0.0, landed - lent),
        "in_flight": np.where(bare, 0.0, final - landed),
        "score": score,
    }
    return _put_together(Rule.UCB, edges, terms)


def _improved_policy(edges: Edges, parameters: Column) -> Ledger:
    completed, sigma, total = _completed(edges, parameters)
    policy = _softmax(np.log(np.maximum(LEAST_PRIOR, edges.prior)) + sigma)
    share = 1.0 / (1.0 + total)
    terms = {
        "bonus": policy,
        "spent": -edges.visits * share,
        "in_flight": -edges.in_flight * share,
        "score": policy - edges.started * share,
        "completed_q": completed,
        "policy": policy,
    }
    return _put_together(Rule.IMPROVED_POLICY, edges, terms)


def _knock_out(edges: Edges, parameters: Column, gumbel: Column | None) -> Ledger:
    completed, sigma, _ = _completed(edges, parameters)
    log_prior = np.log(np.maximum(LEAST_PRIOR, edges.prior))
    noise = np.zeros(len(edges.prior)) if gumbel is None else gumbel
    terms = {
        "bonus": log_prior,
        "noise": noise,
        "sigma": sigma,
        "score": noise + log_prior + sigma,
        "completed_q": completed,
        "policy": _softmax(log_prior + sigma),
    }
    return _put_together(Rule.KNOCK_OUT, edges, terms)


def _completed(edges: Edges, parameters: Column) -> tuple[Column, Column, float]:
    """Completed Q, sigma of it, and the visits of all children, as `engine.tree.gumbel` has them."""
    seen = edges.is_visited
    visits = edges.started[seen]
    total, largest = float(visits.sum()), float(visits.max(initial=0))
    mix = edges.raw_value
    if seen.any():
        prior = np.maximum(LEAST_PRIOR, edges.prior[seen])
        mix = (mix + total * (prior * edges.q[seen]).sum() / prior.sum()) / (1.0 + total)
    completed = np.where(seen, edges.q, mix)
    return completed, (parameters[C_VISIT] + largest) * parameters[C_SCALE] * (completed + 1.0) * 0.5, total


def _softmax(logits: Column) -> Column:
    weights = np.exp(logits - logits.max(initial=-np.inf))
    return np.asarray(weights / weights.sum())


def _put_together(
    rule: Rule, edges: Edges, terms: dict[str, Column], exploration: float = 0.0, urgency: float = 0.0
) -> Ledger:
    """A ledger in which terms that a rule does not have are 0."""
    nothing = np.zeros(len(edges.prior))
    names = ("value", "reduction", "bonus", "noise", "spent", "in_flight", "borrowed", "sigma", "completed_q", "policy")
    columns = {name: terms.get(name, nothing) for name in names}
    score, following = terms["score"], _next(edges, rule, terms["score"])
    return Ledger(
        rule=rule, edges=edges, **columns, score=score, exploration=exploration, urgency=urgency, next=following
    )


def _next(edges: Edges, rule: Rule, score: Column) -> int:
    """Offset of the edge that the next simulation takes, or `NO_EDGE`.

    Of equal scores the first counts. Where edges are drawn it is the likeliest one. In a knock-out the least visited:
    exact for a root whose visits are all of one run.
    """
    open_edges = np.flatnonzero(edges.is_open)
    if edges.is_settled or not len(open_edges):
        return NO_EDGE
    fresh = ~edges.is_visited & ~edges.is_pending
    match rule:
        case Rule.PUCT:
            best, highest = NO_EDGE, -np.inf
            # In this order, and fresh edges by their priors: rounding may make equal scores of unequal priors.
            for group, key in ((edges.is_visited, score), (edges.is_pending, edges.prior), (fresh, edges.prior)):
                places = open_edges[group[open_edges]]
                if len(places) and score[place := int(places[np.argmax(key[places])])] > highest:
                    best, highest = place, score[place]
            return best
        case Rule.UCB if fresh[open_edges].any():
            return int(open_edges[np.argmax(fresh[open_edges])])
        case Rule.KNOCK_OUT:
            started = edges.started[open_edges]
            open_edges = open_edges[started == started.min()]
        case _:
            pass
    return int(open_edges[np.argmax(score[open_edges])])
