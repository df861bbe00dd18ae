"""The candidates table: every action of a node, what intuition gave it and what the search made of it."""

import numpy as np
from numpy.typing import NDArray

from app.viewmodels.phrases import Phrases
from app.viewmodels.records import CandidateRow, CandidatesRecord
from app.viewmodels.replica import Replica
from engine.tree import explain
from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import PruneReason

PRUNED_TEXT = {
    PruneReason.PROVEN: "proven worse",
    PruneReason.OUT_OF_REACH: "out of reach",
    PruneReason.BY_HAND: "cut by hand",
}
"""Reasons in two or three words, for a table's cell."""

_PROVEN_TEXT = {1: "win", 0: "draw", -1: "loss"}


def proven_text(lower: int, upper: int) -> str:
    """What is proven for the player whose bounds these are: "win", "draw" or "loss"; "" while they differ."""
    return _PROVEN_TEXT[lower] if lower == upper else ""


def pruned_text(code: int) -> str:
    """A prune reason in words; "" for 0. A reason of a newer program is named by its number."""
    if not code:
        return ""
    return PRUNED_TEXT[PruneReason(code)] if code in PRUNED_TEXT else f"reason {code}"


def candidate_rows(
    tree: SearchTree,
    node: int,
    parameters: NDArray[np.float64],
    phrases: Phrases,
    limit: int | None = None,
) -> tuple[CandidateRow, ...]:
    """The actions of `node`, most visited first, at most `limit`; none before the node was expanded.

    Values are from the player to move at `node`. `parameters`: of the selection score, `explain.selection_parameters`.
    """
    if not tree.num_nodes or not tree.links["num_edges"][node]:
        return ()
    found = explain.candidates(tree, node, parameters)
    choices = phrases.choices(tree.line_to(node))
    total = max(int(found.visits.sum()), 1)
    return tuple(
        CandidateRow(
            action=(action := int(found.action[i])),
            text=choices[action].text if action in choices else f"action {action}",
            prior=float(found.prior[i]),
            visits=int(found.visits[i]),
            visit_share=int(found.visits[i]) / total,
            q=_known(found.q[i]),
            u=float(found.u[i]),
            raw_value=_known(found.raw_value[i]),
            improved_policy=float(found.improved_policy[i]),
            pruned=pruned_text(int(found.pruned[i])),
            proven=proven_text(int(found.lower[i]), int(found.upper[i])),
        )
        for i in range(len(found.action))[:limit]
    )


def root_candidates(replica: Replica | None, phrases: Phrases, *, stale: bool = False) -> CandidatesRecord:
    """The table for the root of a search; empty before there is one."""
    if replica is None:
        return CandidatesRecord(stale=stale)
    return CandidatesRecord(candidate_rows(replica.tree, ROOT, replica.parameters, phrases), stale)


def _known(value: float) -> float | None:
    """A number, or None for NaN."""
    return None if value != value else float(value)
