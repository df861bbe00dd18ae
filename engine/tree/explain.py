"""What a tree says about a choice: the terms of every edge, the policy that search would teach, the main line.

Everything here only reads a tree, so the same figures stand on the command line, in the window and in a replay. All
values are from the player to move at the node that is asked about.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import PruneReason
from engine.tree.puct import edge_terms

C_VISIT, C_SCALE = 50.0, 0.1
"""Constants of sigma(q) = (C_VISIT + max visits) * C_SCALE * q with q in [0, 1] (Danihelka et al. 2022, as in mctx)."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The actions of a node, one row each, most visited first (then proven wins, higher Q, higher prior).

    Attributes:
        edge, action, visits: int32. prior: float32, sums to about 1 (float16 rounding).
        q: float64, NaN where unvisited; the proven value where there is one. u: float64, second term of the score.
        raw_value: float64, intuition's value after the action, NaN where unvisited.
        improved_policy: float64, sums to 1.
        pruned: uint8, `PruneReason` or 0.
        lower, upper: int8, proven bounds of the action's value.
        urgency: the Q that unvisited actions were given.
    """

    edge: NDArray[np.int32]
    action: NDArray[np.int32]
    prior: NDArray[np.float32]
    visits: NDArray[np.int32]
    q: NDArray[np.float64]
    u: NDArray[np.float64]
    raw_value: NDArray[np.float64]
    improved_policy: NDArray[np.float64]
    pruned: NDArray[np.uint8]
    lower: NDArray[np.int8]
    upper: NDArray[np.int8]
    urgency: float


def puct_parameters(settings: dict[str, object]) -> NDArray[np.float64]:
    """The parameters of `engine.tree.puct` from a journal header's settings."""
    names = ("c_puct", "c_puct_base", "c_puct_factor", "fpu_reduction")
    return np.array([float(str(settings[name])) for name in names])


def candidates(tree: SearchTree, node: int, parameters: NDArray[np.float64]) -> Candidates:
    """All actions of `node` with every term of their selection score; empty for a node without edges."""
    run = tree.edge_run(node)
    child = tree.edge_child[run]
    seen = child >= 0
    safe = np.where(seen, child, 0)
    q, u, urgency = edge_terms(tree, node, parameters)
    prior = tree.edge_prior[run].view(np.float16).astype(np.float32)
    visits = np.where(seen, tree.stats["visits"][safe], 0).astype(np.int32)
    raw = np.where(seen, tree.sign * tree.facts["raw_value"][safe].astype(np.float64) + 0.0, np.nan)
    low, high = tree.facts["lower"][safe], tree.facts["upper"][safe]
    if tree.sign < 0:
        low, high = -high, -low
    lower, upper = np.where(seen, low, -1).astype(np.int8), np.where(seen, high, 1).astype(np.int8)
    policy = improved_policy(prior, visits, q, float(tree.facts["raw_value"][node]))
    order = np.lexsort((-prior, -np.nan_to_num(q, nan=-2.0), -visits, lower != 1))
    return Candidates(
        edge=(run.start + order).astype(np.int32),
        action=tree.edge_action[run][order].astype(np.int32),
        prior=prior[order],
        visits=visits[order],
        q=q[order],
        u=u[order],
        raw_value=raw[order],
        improved_policy=policy[order],
        pruned=tree.edge_pruned[run][order],
        lower=lower[order],
        upper=upper[order],
        urgency=urgency,
    )


def improved_policy(
    prior: NDArray[np.float32], visits: NDArray[np.int32], q: NDArray[np.float64], raw_value: float
) -> NDArray[np.float64]:
    """softmax(ln prior + sigma(completed q)): the policy that search would teach (Danihelka et al. 2022, eq. 11).

    An unvisited action's q is completed by the mix of the node's raw value and the visited actions' prior-weighted mean
    (their Appendix D). Without visits it is the prior.

    Args:
        prior: [A]; visits: [A]; q: [A], NaN where unvisited; raw_value: intuition's value of the node.
    """
    if not len(prior):
        return np.zeros(0)
    seen = visits > 0
    mix = raw_value
    if seen.any():
        mass = float(prior[seen].sum())
        weighted = float((prior[seen] * q[seen]).sum()) / mass if mass > 0 else float(q[seen].mean())
        total = float(visits.sum())
        mix = (raw_value + total * weighted) / (1.0 + total)
    completed = np.where(seen, q, mix)
    scale = (C_VISIT + visits.max()) * C_SCALE
    logits = np.log(np.maximum(prior, 1e-12)) + scale * (completed + 1.0) / 2.0
    weights = np.exp(logits - logits.max())
    return np.asarray(weights / weights.sum())


def best_edge(tree: SearchTree, node: int) -> int:
    """The edge to play: a proven win, else the most visited (then higher Q) that does not lose by proof; -1 = none.

    Before any visit it is the highest prior. A branch cut by hand is passed over while another has visits.
    """
    run = tree.edge_run(node)
    child = tree.edge_child[run]
    if not len(child):
        return -1
    seen = child >= 0
    safe = np.where(seen, child, 0)
    visits = np.where(seen, tree.stats["visits"][safe], 0)
    sums = tree.sign * tree.stats["value_sum"][safe]
    q = np.where(seen, sums / np.maximum(tree.stats["visits"][safe], 1), -2.0)
    exact = seen & (tree.facts["lower"][safe] == tree.facts["upper"][safe])
    proven = np.where(exact, tree.sign * tree.facts["lower"][safe].astype(np.int32), 0)
    wins, losses = exact & (proven == 1), exact & (proven == -1)
    by_hand = tree.edge_pruned[run] == PruneReason.BY_HAND
    order = np.lexsort((np.arange(len(child)), -q, -visits, by_hand, losses, ~wins))
    return int(run.start) + int(order[0])


def principal_variation(tree: SearchTree, node: int = ROOT) -> list[int]:
    """Actions of the main line from `node`: the edge to play at every node, as far as there are visits."""
    actions: list[int] = []
    while 0 <= node < tree.num_nodes:
        edge = best_edge(tree, node)
        if edge < 0 or tree.edge_child[edge] < 0:
            break
        actions.append(int(tree.edge_action[edge]))
        node = int(tree.edge_child[edge])
    return actions


def node_value(tree: SearchTree, node: int = ROOT) -> float:
    """Value of a node in [-1, 1]: proven where it is, otherwise the mean over its visits."""
    facts, stats = tree.facts[node], tree.stats[node]
    if facts["lower"] == facts["upper"]:
        return float(facts["lower"])
    return float(np.clip(stats["value_sum"] / max(1, int(stats["visits"])), -1.0, 1.0))


def wdl(tree: SearchTree, node: int = ROOT) -> tuple[float, float, float]:
    """Chances of win, draw and loss at a node: proven, or the means over its visits; they sum to 1."""
    value = node_value(tree, node)
    facts, stats = tree.facts[node], tree.stats[node]
    draw = float(stats["draw_sum"] / max(1, int(stats["visits"])))
    if facts["lower"] == facts["upper"]:
        draw = 1.0 - abs(value)
    draw = min(draw, 1.0 - abs(value))
    return max(0.0, (1.0 - draw + value) / 2.0), draw, max(0.0, (1.0 - draw - value) / 2.0)
