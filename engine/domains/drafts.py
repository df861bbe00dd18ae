"""A position while a person sets it up: it may be wrong, or unfinished, and can say what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from engine.domains.base import Line


@dataclass(frozen=True, slots=True)
class Draft:
    """A position that need not be one yet; cells and glyphs as in `Card`.

    Attributes:
        pieces: glyph of each occupied cell. to_move: 0 = first player, 1 = second.
        rights: letters of what may still be done once (chess: castling, of "KQkq").
        passed_cell: the cell that the last move passed over, where that allows something (chess: en passant), or -1.
    """

    pieces: Mapping[int, str] = field(default_factory=dict)
    to_move: int = 0
    rights: str = ""
    passed_cell: int = -1


class Drafting(Protocol):
    """How positions of a domain are set up by hand.

    Attributes:
        rows, columns: size of the board. style: as in `Card`.
        glyphs: pieces to choose from, each player's in a row.
        rights: letters of `Draft.rights`, each with words for people.
        has_turns: who is to move can be chosen, and does not follow from the pieces.
    """

    rows: int
    columns: int
    style: str
    glyphs: tuple[tuple[str, ...], ...]
    rights: tuple[tuple[str, str], ...]
    has_turns: bool

    def draft(self, line: Line) -> Draft:
        """The state at the end of `line`."""
        ...

    def passed_cells(self, draft: Draft) -> tuple[int, ...]:
        """Cells that the last move may have passed over; the only ones that `Draft.passed_cell` can be."""
        ...

    def possible_rights(self, draft: Draft) -> str:
        """Those letters of `rights` that the pieces leave possible."""
        ...

    def text(self, draft: Draft) -> str:
        """The draft as `Notation.parse_line` reads it, whether it is a position or not."""
        ...

    def problem(self, draft: Draft) -> str:
        """Why the draft is no position that play can go on from, as the end of a sentence; "" where it is one."""
        ...
