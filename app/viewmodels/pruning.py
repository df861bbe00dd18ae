"""Why a branch was pruned: two or three words for a table's cell, a sentence with moment and evidence for a card."""

from app.viewmodels import figures
from engine.search.settings import SearchSettings
from engine.tree.columns import Pruned
from engine.tree.events import PruneReason

PRUNED_TEXT = {
    PruneReason.PROVEN: "proven worse",
    PruneReason.OUT_OF_REACH: "out of reach",
    PruneReason.BY_HAND: "cut by hand",
    PruneReason.ELIMINATED: "eliminated",
    PruneReason.LOW_PRIOR: "left out",
    PruneReason.DUPLICATE: "duplicate",
    PruneReason.REJECTED: "rejected",
}
"""Reasons in two or three words."""

_BY_VALUE = ("best-of-n", "beam")
"""Methods that compare plain values at the end."""


def pruned_text(code: int) -> str:
    """A prune reason in words; "" for 0. A reason of a newer program is named by its number."""
    if not code:
        return ""
    return PRUNED_TEXT[PruneReason(code)] if code in PRUNED_TEXT else f"reason {code}"


def prune_notice(
    code: int, note: Pruned | None, mover: str, settings: SearchSettings | None = None, twin: str = ""
) -> str:
    """Why and when a branch was cut, as a sentence; "" for one that was not.

    Args:
        note: moment and evidence.
        mover: the player whose choice it was.
        settings: of the search.
        twin: for a duplicate, the moves to the state it repeats, or "".
    """
    if not code:
        return ""
    moment = f" at simulation {figures.count(note.at)}" if note else ""
    evidence = note.evidence if note else 0.0
    used = settings or SearchSettings()
    match code:
        case PruneReason.PROVEN:
            result = {-1: "a loss", 0: "no better than a draw", 1: "a win"}.get(round(evidence), "settled")
            return f"Cut{moment}: proven to be {result} for {mover}."
        case PruneReason.OUT_OF_REACH:
            return f"Cut{moment}: {_visits(evidence)} short of the leader, more than the budget still had."
        case PruneReason.BY_HAND:
            return f"Cut by hand{moment}, when it had {_visits(evidence)}."
        case PruneReason.ELIMINATED:
            if used.method in _BY_VALUE:
                return f"Eliminated{moment}: its value {figures.signed(evidence)} was not the best."
            return f"Eliminated{moment}: its score {figures.signed(evidence)} was below those kept."
        case PruneReason.LOW_PRIOR:
            number = used.width if used.method == "beam" else used.considered  # 0 = as many as suit the budget
            what = "lines kept" if used.method == "beam" else "moves considered"
            kept = f"{number} {what}" if number else what
            return f"Outside the {kept}{moment}: its score {figures.signed(evidence)} was too low."
        case PruneReason.DUPLICATE:
            where = f"after {twin}" if twin else "elsewhere in the tree"
            return f"Cut{moment}: the same position, or its mirror image, is searched {where}."
        case PruneReason.REJECTED:
            return f"Rejected by the verifier{moment}: it gave {figures.signed(evidence)}."
        case _:
            return f"Cut{moment}: {pruned_text(code)}."


def _visits(number: float) -> str:
    return f"{figures.count(round(number))} visit{'' if round(number) == 1 else 's'}"
