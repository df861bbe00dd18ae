"""What a tree says about a choice: the terms of every edge, the policy that search would teach, the main line.

Everything here only reads a tree, so the same figures stand on the command line, in the window and in a replay. All
values are from the player to move at the node that is asked about.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.tree.choice import best_edge
from engine.tree.columns import ROOT, SearchTree
from engine.tree.selection import edge_terms


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The actions of a node, one row each, most visited first (then proven wins, higher Q, higher prior).

    Attributes:
        edge, action: int32. prior: float32, sums to about 1 (float16 rounding).
        visits: int32, those the node counts: its own less one. borrowed: int32, visits lent to the branch beside them.
        q: float64, NaN where unvisited; the proven value where there is one.
        u: float64, second term of the selection score (`engine.tree.selection.edge_terms`).
        raw_value: float64, intuition's value after the action, NaN where unvisited.
        improved_policy: float64, sums to 1.
        pruned: uint8, `PruneReason` or 0.
        lower, upper: int8, proven bounds of the action's value.
        distance: uint8, for a proven value the plies after the action to the end it leads to.
        urgency: the Q that unvisited actions were given.
    """

    edge: NDArray[np.int32]
    action: NDArray[np.int32]
    prior: NDArray[np.float32]
    visits: NDArray[np.int32]
    borrowed: NDArray[np.int32]
    q: NDArray[np.float64]
    u: NDArray[np.float64]
    raw_value: NDArray[np.float64]
    improved_policy: NDArray[np.float64]
    pruned: NDArray[np.uint8]
    lower: NDArray[np.int8]
    upper: NDArray[np.int8]
    distance: NDArray[np.uint8]
    urgency: float


def candidates(tree: SearchTree, node: int, parameters: NDArray[np.float64]) -> Candidates:
    """All actions of `node` with every term of their selection score; empty for a node without edges."""
    run = tree.edge_run(node)
    child = tree.edge_child[run]
    seen = child >= 0
    safe = np.where(seen, child, 0)
    q, u, policy, urgency = edge_terms(tree, node, parameters)
    prior = tree.edge_prior[run].view(np.float16).astype(np.float32)
    borrowed = np.where(seen, tree.stats["borrowed"][safe], 0).astype(np.int32)
    visits = np.where(seen, tree.stats["visits"][safe], 0).astype(np.int32) - borrowed
    raw = np.where(seen, tree.sign * tree.facts["raw_value"][safe].astype(np.float64) + 0.0, np.nan)
    low, high = tree.stats["lower"][safe], tree.stats["upper"][safe]
    if tree.sign < 0:
        low, high = -high, -low
    lower, upper = np.where(seen, low, -1).astype(np.int8), np.where(seen, high, 1).astype(np.int8)
    distance = np.where(seen, tree.facts["distance"][safe], 0).astype(np.uint8)
    order = np.lexsort((-prior, -np.nan_to_num(q, nan=-2.0), -visits, lower != 1))
    return Candidates(
        edge=(run.start + order).astype(np.int32),
        action=tree.edge_action[run][order].astype(np.int32),
        prior=prior[order],
        visits=visits[order],
        borrowed=borrowed[order],
        q=q[order],
        u=u[order],
        raw_value=raw[order],
        improved_policy=policy[order],
        pruned=tree.edge_pruned[run][order],
        lower=lower[order],
        upper=upper[order],
        distance=distance[order],
        urgency=urgency,
    )


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
    stats = tree.stats[node]
    if stats["lower"] == stats["upper"]:
        return float(stats["lower"])
    return float(np.clip(stats["value_sum"] / max(1, int(stats["visits"])), -1.0, 1.0))


def wdl(tree: SearchTree, node: int = ROOT) -> tuple[float, float, float]:
    """Chances of win, draw and loss at a node: proven, or the means over its visits; they sum to 1."""
    value = node_value(tree, node)
    stats = tree.stats[node]
    draw = float(stats["draw_sum"] / max(1, int(stats["visits"])))
    if stats["lower"] == stats["upper"]:
        draw = 1.0 - abs(value)
    draw = min(draw, 1.0 - abs(value))
    return max(0.0, (1.0 - draw + value) / 2.0), draw, max(0.0, (1.0 - draw - value) / 2.0)
