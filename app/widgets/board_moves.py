"""What a hand on the board can mean: which choices start at a cell, and which one a drop on a cell makes."""

from collections.abc import Mapping

from app.viewmodels.records import BoardRecord
from engine.domains.base import Card, Choice

NO_CELL = -1


def sources(record: BoardRecord) -> frozenset[int]:
    """Cells from which something can be moved."""
    return frozenset(choice.source for choice in record.choices if choice.source != NO_CELL)


def targets(record: BoardRecord, source: int) -> Mapping[int, tuple[Choice, ...]]:
    """Cells on which what stands on `source` can be dropped, each with the choices it leaves open.

    More than one choice on a cell means that a promotion has to be chosen. A king may also be dropped on the rook it
    castles with.
    """
    found: dict[int, tuple[Choice, ...]] = {}
    for choice in record.choices:
        if choice.source == source:
            found[choice.target] = (*found.get(choice.target, ()), choice)
    for target, choices in list(found.items()):
        rook = _castling_rook(record.card, source, target)
        if rook != NO_CELL:
            found.setdefault(rook, choices)
    return found


def drop(record: BoardRecord, cell: int) -> Choice | None:
    """The choice made by pointing at `cell` alone: a column of discs, or a cell to put something on."""
    for choice in record.choices:
        falls_there = record.card.style == "discs" and (choice.target - cell) % record.card.columns == 0
        if choice.source == NO_CELL and (falls_there or choice.target == cell):
            return choice
    return None


def is_capture(card: Card, source: int, target: int) -> bool:
    """Whether the step takes something: an occupied target, or a pawn that leaves its file (en passant)."""
    if target in card.pieces:
        return True
    is_pawn = card.style == "chess" and card.pieces.get(source, "") in ("P", "p")
    return is_pawn and (source - target) % card.columns != 0


def _castling_rook(card: Card, source: int, target: int) -> int:
    """The rook's cell where `source` to `target` is a king's step of two cells along its row; else -1."""
    king = card.pieces.get(source, "")
    step = target - source
    in_row = source // card.columns == target // card.columns
    if card.style != "chess" or king not in ("K", "k") or abs(step) != 2 or not in_row:
        return NO_CELL
    rook = "R" if king == "K" else "r"
    row_start = source - source % card.columns
    path = range(target, row_start + card.columns) if step > 0 else range(target, row_start - 1, -1)
    return next((cell for cell in path if card.pieces.get(cell) == rook), NO_CELL)
