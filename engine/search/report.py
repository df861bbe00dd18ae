"""The result of a search as plain values: what `arborist search --json` prints and tables are made of."""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from engine.domains.base import Line, Notation
from engine.search.search import Figures
from engine.search.stoppers import StopReason
from engine.search.watchpoints import Hit, hit_sentence, path_words
from engine.tree.choice import best_edge
from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import Header, PruneReason
from engine.tree.explain import (
    Candidates,
    candidates,
    node_value,
    principal_variation,
    wdl,
)
from engine.tree.selection import selection_parameters

MOST_PRUNED = 500
"""Pruned branches listed; proofs in a large tree can cut very many."""


def search_report(
    header: Header, tree: SearchTree, figures: Figures, reason: StopReason, notation: Notation
) -> dict[str, Any]:
    """Everything worth saying of a finished search; keys as in the command line's contract.

    Values are from the player to move at the root. Names of actions are exact ("e2e4"), texts are for people ("e4").
    """
    names = _namer(notation)
    line = tree.line
    table = candidates(tree, ROOT, selection_parameters(header.settings))
    best = best_edge(tree, ROOT)
    best_action = int(tree.edge_action[best]) if best >= 0 else None
    reached = {} if reason.hit is None else {"watchpoint": _watchpoint(reason.hit, notation, line)}
    return reached | {
        "domain": header.domain,
        "position": notation.position_text(line),
        "generation": {"id": header.generation, "hash": header.weights_hash},
        "method": header.method,
        "seed": header.seed,
        "settings": header.settings,
        "simulations": figures.simulations,
        "evaluations": figures.evaluations,
        "seconds_s": figures.seconds_s,
        "cache_hits": figures.cache_hits,
        "recycled_nodes": figures.recycled,
        "simulations_per_s": figures.simulations / figures.seconds_s if figures.seconds_s > 0 else 0.0,
        "batch_fill": figures.batch_fill,
        "collisions": figures.collisions,
        "nodes": tree.num_nodes,
        "edges": tree.num_edges,
        "tree_bytes": figures.tree_bytes,
        "root_visits": int(tree.stats["visits"][ROOT]),
        "best_action": None if best_action is None else names(line, best_action)[0],
        "best_action_text": None if best_action is None else names(line, best_action)[1],
        "value": node_value(tree),
        "raw_value": float(tree.facts["raw_value"][ROOT]),
        "wdl": list(wdl(tree)),
        "stop_reason": reason.name,
        "principal_variation": path_names(notation, line, tuple(principal_variation(tree))),
        "candidates": [_candidate(table, row, line, names) for row in range(len(table.edge))],
        "pruned": _pruned(tree, names),
        "pruned_total": len(tree.prunes),
    }


def _watchpoint(hit: Hit, notation: Notation, line: Line) -> dict[str, Any]:
    """The watchpoint that ended the run; `index`: its place among those given."""
    return {
        "index": hit.index,
        "text": hit_sentence(hit, lambda path: path_words(notation, line, path)),
        "simulation": hit.simulation,
        "path": path_names(notation, line, hit.path),
        "before": hit.before,
        "after": hit.after,
        "is_first": hit.is_first,
    }


def path_names(notation: Notation, line: Line, path: tuple[int, ...]) -> list[str]:
    """Exact names of successive actions from the end of `line`."""
    names = _namer(notation)
    return [names(line.then(*path[:ply]), action)[0] for ply, action in enumerate(path)]


def _candidate(
    table: Candidates, row: int, line: Line, names: Callable[[Line, int], tuple[str, str]]
) -> dict[str, Any]:
    name, text = names(line, int(table.action[row]))
    lower, upper = int(table.lower[row]), int(table.upper[row])
    pruned = int(table.pruned[row])
    return {
        "action": name,
        "text": text,
        "prior": float(table.prior[row]),
        "visits": int(table.visits[row]),
        "borrowed_visits": int(table.borrowed[row]),
        "q": _finite(table.q[row]),
        "u": _finite(table.u[row]),
        "raw_value": _finite(table.raw_value[row]),
        "improved_policy": float(table.improved_policy[row]),
        "proven": {1: "win", 0: "draw", -1: "loss"}[lower] if lower == upper else None,
        "plies_to_end": int(table.distance[row]) + 1 if lower == upper else None,
        "pruned": PruneReason(pruned).name.lower() if pruned else None,
    }


def _pruned(tree: SearchTree, names: Callable[[Line, int], tuple[str, str]]) -> list[dict[str, Any]]:
    """Cut branches, nearest to the root first."""
    owners = sorted((int(tree.facts["depth"][tree.owner(edge)]), edge) for edge in tree.prunes)
    listed = []
    for _, edge in owners[:MOST_PRUNED]:
        path = (*tree.path(tree.owner(edge)), int(tree.edge_action[edge]))
        record = tree.prunes[edge]
        listed.append(
            {
                "path": [names(tree.line.then(*path[:ply]), action)[0] for ply, action in enumerate(path)],
                "reason": PruneReason(int(tree.edge_pruned[edge])).name.lower(),
                "at_simulation": record.at,
                "evidence": record.evidence,
            }
        )
    return listed


def _namer(notation: Notation) -> Callable[[Line, int], tuple[str, str]]:
    """Name and text of an action at the end of a line, remembering the choices of recent lines."""

    @lru_cache(maxsize=4096)
    def table(line: Line) -> dict[int, tuple[str, str]]:
        return {choice.action: (choice.name, choice.text) for choice in notation.choices(line)}

    return lambda line, action: table(line)[action]


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
