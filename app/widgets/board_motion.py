"""What moved between two pictures of a board, so that the change can be shown as movement."""

from dataclasses import dataclass

from engine.domains.base import Card

MOST_MOTIONS = 8
"""Where more pieces moved than this it is another position, and movement would only confuse."""


@dataclass(frozen=True, slots=True)
class Motion:
    """`glyph` travels to the cell `target`, from a place counted in cells from the lower left: (column, row)."""

    glyph: str
    target: int
    column: float
    row: float


def motions(old: Card, new: Card) -> tuple[Motion, ...]:
    """Movements that lead from `old` to `new`; none where the two are no neighbours."""
    if (old.style, old.rows, old.columns) != (new.style, new.rows, new.columns):
        return ()
    gone = {cell: glyph for cell, glyph in old.pieces.items() if new.pieces.get(cell) != glyph}
    came = {cell: glyph for cell, glyph in new.pieces.items() if old.pieces.get(cell) != glyph}
    if new.style == "discs":
        found = [Motion(glyph, cell, cell % new.columns, new.rows) for cell, glyph in came.items()]
    else:
        found = [m for cell, glyph in came.items() if (m := _arrival(glyph, cell, gone, new)) is not None]
    return tuple(found) if len(found) <= MOST_MOTIONS else ()


def _arrival(glyph: str, cell: int, gone: dict[int, str], card: Card) -> Motion | None:
    """Where the piece that now stands on `cell` came from: the nearest such piece gone, or a pawn that promoted."""

    def distance(other: int) -> int:
        rows, columns = other // card.columns - cell // card.columns, other % card.columns - cell % card.columns
        return rows * rows + columns * columns

    alike = [other for other, left in gone.items() if left == glyph]
    pawn = "P" if glyph.isupper() else "p"
    if not alike and cell in card.marked:
        alike = [other for other, left in gone.items() if left == pawn and other in card.marked]
    if not alike:
        return None
    origin = min(alike, key=distance)
    del gone[origin]
    return Motion(glyph, cell, origin % card.columns, origin // card.columns)
