"""The candidates table: every action of a node, what intuition gave it and what the search made of it."""

from app.viewmodels.moment import Moment
from app.viewmodels.phrases import Phrases
from app.viewmodels.pruning import pruned_text
from app.viewmodels.records import CandidateRow, CandidatesRecord
from app.viewmodels.showing import Showing, certain_text, pruned_sentence
from engine.tree import explain
from engine.tree.columns import ROOT

_PROVEN_TEXT = {1: "win", 0: "draw", -1: "loss"}


def proven_text(lower: int, upper: int) -> str:
    """What is proven for the player whose bounds these are: "win", "draw" or "loss"; "" while they differ."""
    return _PROVEN_TEXT[lower] if lower == upper else ""


def candidate_rows(node: int, showing: Showing, limit: int | None = None) -> tuple[CandidateRow, ...]:
    """The actions of `node`, most visited first, at most `limit`; none before the node was expanded.

    Values are from the player to move at `node`.
    """
    tree = showing.moment.tree
    if not tree.num_nodes or not tree.links["num_edges"][node]:
        return ()
    found = explain.candidates(tree, node, showing.moment.parameters)
    choices = showing.phrases.choices(tree.line_to(node))
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
            reason=int(found.pruned[i]),
            notice=pruned_sentence(int(found.edge[i]), node, showing) if found.pruned[i] else "",
            certain=_certain(found, i, showing),
            borrowed=int(found.borrowed[i]),
            lent=tree.lent.get(int(found.edge[i]), 0),
        )
        for i in range(len(found.action))[:limit]
    )


def root_candidates(moment: Moment | None, phrases: Phrases, *, stale: bool = False) -> CandidatesRecord:
    """The table for the root of a search; empty before there is one."""
    if moment is None:
        return CandidatesRecord(stale=stale)
    return CandidatesRecord(candidate_rows(ROOT, Showing(moment, phrases)), stale)


def _certain(found: explain.Candidates, row: int, showing: Showing) -> str:
    """What is proven of an action with its distance, "" where nothing is."""
    lower, upper = int(found.lower[row]), int(found.upper[row])
    return certain_text(lower, int(found.distance[row]) + 1, showing) if lower == upper else ""


def _known(value: float) -> float | None:
    """A number, or None for NaN."""
    return None if value != value else float(value)
