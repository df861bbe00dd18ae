"""Chess positions set up by hand."""

import chess

from engine.domains.base import Line, PositionError
from engine.domains.chess.notation import board
from engine.domains.chess.positions import read_fen
from engine.domains.drafts import Draft

_HOMES = {"K": (chess.E1, chess.H1), "Q": (chess.E1, chess.A1), "k": (chess.E8, chess.H8), "q": (chess.E8, chess.A8)}
"""Where king and rook stand while a right to castle lasts."""


class ChessDrafting:
    """Chess as `Drafting`."""

    rows: int = 8
    columns: int = 8
    style: str = "chess"
    glyphs: tuple[tuple[str, ...], ...] = (tuple("KQRBNP"), tuple("kqrbnp"))
    rights: tuple[tuple[str, str], ...] = (
        ("K", "White O-O"),
        ("Q", "White O-O-O"),
        ("k", "Black O-O"),
        ("q", "Black O-O-O"),
    )
    has_turns: bool = True

    def draft(self, line: Line) -> Draft:
        """See `Drafting.draft`."""
        here = board(line)
        rights = here.castling_xfen()
        return Draft(
            pieces={square: piece.symbol() for square, piece in here.piece_map().items()},
            to_move=0 if here.turn else 1,
            rights="" if rights == "-" else "".join(letter for letter in "KQkq" if letter in rights),
            passed_cell=here.ep_square if here.ep_square is not None and here.has_legal_en_passant() else -1,
        )

    def passed_cells(self, draft: Draft) -> tuple[int, ...]:
        """See `Drafting.passed_cells`: behind pawns of the other side that can just have made a double step."""
        pawn, row, back = ("p", 5, 8) if draft.to_move == 0 else ("P", 2, -8)
        cells = range(row * 8, row * 8 + 8)
        return tuple(
            cell
            for cell in cells
            if draft.pieces.get(cell - back) == pawn and cell not in draft.pieces and cell + back not in draft.pieces
        )

    def possible_rights(self, draft: Draft) -> str:
        """See `Drafting.possible_rights`: king and rook stand at home."""
        return "".join(
            letter
            for letter, (king, rook) in _HOMES.items()
            if draft.pieces.get(king) == ("K" if letter.isupper() else "k")
            and draft.pieces.get(rook) == ("R" if letter.isupper() else "r")
        )

    def text(self, draft: Draft) -> str:
        """See `Drafting.text`: a FEN. Rights that the pieces make impossible are left out."""
        placed = chess.Board(None)
        placed.set_piece_map({cell: chess.Piece.from_symbol(glyph) for cell, glyph in draft.pieces.items()})
        possible = self.possible_rights(draft)
        rights = "".join(letter for letter in "KQkq" if letter in draft.rights and letter in possible) or "-"
        is_passed = draft.passed_cell in self.passed_cells(draft)
        passed = chess.square_name(draft.passed_cell) if is_passed else "-"
        return f"{placed.board_fen()} {'wb'[draft.to_move]} {rights} {passed} 0 1"

    def problem(self, draft: Draft) -> str:
        """See `Drafting.problem`."""
        fen = self.text(draft)
        try:
            read_fen(fen)
        except PositionError as error:
            return str(error).removeprefix(f"{fen!r} is no legal position: ")
        return ""
