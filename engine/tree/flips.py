"""What would turn a choice: for every edge that is not chosen, what it lacks.

Two choices are meant. *The next simulation* goes where selection says (`engine.tree.ledger`); an edge would get it at
another prior, at another Q, or when its turn comes. *The action to play* is the most visited one
(`engine.tree.choice.best_edge`); an edge would be it after more visits.

Everything is answered for one change at a time, all else staying as it is. A changed prior leaves its siblings the rest
in the proportions they had, as the act "set prior" does (`engine.search.steering`). Answers are found by asking the
same selection again, so they hold for every rule.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.tree import turns, whatif
from engine.tree.choice import best_edge
from engine.tree.columns import SearchTree
from engine.tree.events import PruneReason
from engine.tree.ledger import NO_EDGE, Column, Edges, Ledger, Rule
from engine.tree.selection import C_UCT

MOST_SIMULATIONS = 10_000_000
"""How far ahead a turn is looked for."""
NEVER = -1
_NUMBERS = {
    Rule.PUCT: whatif.PUCT,
    Rule.UCB: whatif.UCB,
    Rule.IMPROVED_POLICY: whatif.IMPROVED_POLICY,
    Rule.KNOCK_OUT: whatif.KNOCK_OUT,
}
_PASSED_OVER = (PruneReason.BY_HAND, PruneReason.ELIMINATED, PruneReason.LOW_PRIOR, PruneReason.REJECTED)
"""Cut for these reasons, an edge is not played while another is open."""


@dataclass(frozen=True, slots=True, eq=False)
class Flips:
    """What each edge of a node lacks, in the order of the tree's edges; of the chosen edge: what it has.

    Attributes:
        next, played: offsets of the edges that are chosen now, or `NO_EDGE`.
        prior: float64 [edges], the least prior at which it would be chosen next; NaN = at none.
        q: float64 [edges], the least Q in [-1, 1] at which it would be chosen next; NaN = at none. Of an unvisited
            edge: the Q that it would have to be given.
        turn: int64 [edges], simulations through the node that pass before it is chosen for the first time if every Q
            stays as it is, 0 for the next; `NEVER` = more than were looked at, or closed.
        visits: int64 [edges], visits it lacks at least to be played, 0 for the one that is; `NEVER` = none would do.
    """

    next: int
    played: int
    prior: Column
    q: Column
    turn: NDArray[np.int64]
    visits: NDArray[np.int64]


def flips(
    tree: SearchTree,
    node: int,
    account: Ledger,
    parameters: Column,
    gumbel: Column | None = None,
    most: int = MOST_SIMULATIONS,
) -> Flips:
    """What every edge of `node` lacks.

    Args:
        account: the node's ledger; parameters, gumbel: as it was made with.
        most: simulations that turns are looked for in.
    """
    best = best_edge(tree, node) if len(account.score) else NO_EDGE
    played = best - tree.edge_run(node).start if best >= 0 else NO_EDGE
    return Flips(
        next=account.next,
        played=played,
        prior=prior_needed(account, parameters, gumbel),
        q=q_needed(account, parameters, gumbel),
        turn=turns_ahead(account, parameters, most),
        visits=visits_lacking(tree, node, account.edges, played),
    )


def prior_needed(account: Ledger, parameters: Column, gumbel: Column | None = None) -> Column:
    """See `Flips.prior`. In a knock-out: the prior at which it would have the highest score of all that are open."""
    return _needed(whatif.priors_needed, account, parameters, gumbel)


def q_needed(account: Ledger, parameters: Column, gumbel: Column | None = None) -> Column:
    """See `Flips.q`. In a knock-out: the Q at which it would have the highest score of all that are open."""
    return _needed(whatif.qs_needed, account, parameters, gumbel)


def _needed(ask: Callable[..., None], account: Ledger, parameters: Column, gumbel: Column | None) -> Column:
    """What a question of `engine.tree.whatif` finds; nothing where nobody is chosen."""
    edges = account.edges
    found = np.full(len(edges.prior), np.nan)
    if account.next == NO_EDGE or account.rule is Rule.NONE:
        return found
    standing = np.where(edges.is_visited, whatif.VISITED, np.where(edges.is_pending, whatif.IN_FLIGHT, whatif.FRESH))
    columns = (edges.q.copy(), np.full(len(found), np.nan), edges.prior, edges.started.astype(np.float64))
    noise = np.zeros(len(found)) if gumbel is None else gumbel
    node = (float(edges.node_visits), edges.node_value, edges.raw_value)
    ask(_NUMBERS[account.rule], *columns, edges.is_open, standing.astype(np.int8), noise, parameters, *node, found)
    return found


def turns_ahead(account: Ledger, parameters: Column, most: int = MOST_SIMULATIONS) -> NDArray[np.int64]:
    """See `Flips.turn`. A knock-out has rounds instead of turns: `NEVER` for all but the next."""
    edges, rule = account.edges, account.rule
    turn = np.full(len(account.score), NEVER, np.int64)
    if account.next == NO_EDGE or rule in (Rule.NONE, Rule.KNOCK_OUT):
        if account.next != NO_EDGE:
            turn[account.next] = 0
        return turn
    started = edges.started.astype(np.float64)
    begun = edges.is_visited | edges.is_pending  # a first visit in flight will find what was assumed
    stand_in = account.completed_q if rule is Rule.IMPROVED_POLICY else account.value + account.reduction
    q = np.where(edges.is_visited, edges.q, stand_in)
    visits, value = float(edges.node_visits), edges.node_value
    if rule is Rule.PUCT:
        turns.turns_by_puct(q, edges.prior, started, edges.is_open, begun, parameters, visits, value, most, turn)
    elif rule is Rule.UCB:
        turns.turns_by_ucb(q, started, edges.is_open, begun, float(parameters[C_UCT]), visits, value, most, turn)
    else:
        raw = edges.raw_value
        turns.turns_by_policy(q, edges.prior, started, edges.is_open, begun, parameters, raw, most, turn)
    return turn


def visits_lacking(tree: SearchTree, node: int, edges: Edges, played: int) -> NDArray[np.int64]:
    """See `Flips.visits`: nobody else is visited meanwhile, and its Q stays as it is.

    Where visits are equal the higher Q is played, then the higher prior; of an unvisited edge, whose Q may become
    anything, the best is supposed.
    """
    count = len(edges.prior)
    if played == NO_EDGE:
        return np.full(count, NEVER, np.int64)
    run = tree.edge_run(node)
    worth = _proven_worth(tree, run)
    passed_over = (worth == 0) & np.isin(tree.edge_pruned[run], _PASSED_OVER)
    stats = tree.stats[np.maximum(tree.edge_child[run], 0)]
    mean = tree.sign * stats["value_sum"] / np.maximum(1, stats["visits"])  # not what a proof says
    q = np.where(edges.is_visited, mean, np.inf)
    prior, places = edges.prior, np.arange(count)
    own = (q[played], prior[played], -played)
    ahead = np.array([(q[k], prior[k], -k) > own for k in places], np.bool_)
    lacking = np.maximum(edges.visits[played] - edges.visits + ~ahead, 1)
    # Visits move an edge among its equals only: a proven result or a cut outranks them.
    equals = (worth == 0) & (worth[played] == 0) & (passed_over == passed_over[played])
    lacking = np.where(equals, lacking, NEVER)
    lacking[played] = 0
    return lacking


def _proven_worth(tree: SearchTree, run: slice) -> NDArray[np.int64]:
    """The result that is proven of each edge for the player who chooses; 0 also where nothing is."""
    child = tree.edge_child[run]
    stats = tree.stats[np.maximum(child, 0)]
    proven = (child >= 0) & (stats["lower"] == stats["upper"])
    return np.where(proven, tree.sign * stats["lower"].astype(np.int64), 0)
