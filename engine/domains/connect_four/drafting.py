"""Connect Four positions set up by hand."""

from engine.domains.base import Line, PositionError
from engine.domains.connect_four.board import COLUMNS, ROWS, boards_of, cells, parse
from engine.domains.drafts import Draft


class ConnectFourDrafting:
    """Connect Four as `Drafting`; who is to move follows from the discs."""

    rows: int = ROWS
    columns: int = COLUMNS
    style: str = "discs"
    glyphs: tuple[tuple[str, ...], ...] = (("X",), ("O",))
    rights: tuple[tuple[str, str], ...] = ()
    has_turns: bool = False

    def draft(self, line: Line) -> Draft:
        """See `Drafting.draft`."""
        here = boards_of(line)[-1]
        first, second = (here.own, here.other) if here.to_move == 0 else (here.other, here.own)
        return Draft(dict.fromkeys(cells(first), "X") | dict.fromkeys(cells(second), "O"), here.to_move)

    def passed_cells(self, draft: Draft) -> tuple[int, ...]:
        """See `Drafting.passed_cells`: there are none."""
        del draft  # it is the same for all
        return ()

    def possible_rights(self, draft: Draft) -> str:
        """See `Drafting.possible_rights`: there are none."""
        del draft  # it is the same for all
        return ""

    def text(self, draft: Draft) -> str:
        """See `Drafting.text`: rows from the top; discs may hang in the air."""
        rows = []
        for row in reversed(range(ROWS)):
            line, empty = "", 0
            for cell in range(row * COLUMNS, (row + 1) * COLUMNS):
                glyph = draft.pieces.get(cell, "")
                line += (str(empty) if empty and glyph else "") + glyph
                empty = 0 if glyph else empty + 1
            rows.append(line + (str(empty) if empty else ""))
        return "/".join(rows)

    def problem(self, draft: Draft) -> str:
        """See `Drafting.problem`."""
        text = self.text(draft)
        try:
            parse(text)
        except PositionError as error:
            return str(error).removeprefix(f"{text!r}").lstrip(" :")
        return ""
