"""A chess state as one row of 64 bytes, and its conversion from and to FEN.

A row is seen *by the player to move*: his pieces are `own`, and for Black the ranks are mirrored, so that kernels know
only one direction of play. A queen stands in both `diagonals` and `orthogonals`.
"""

from typing import Any

import chess
import numpy as np
from numpy.typing import NDArray

from engine.domains.base import PositionError
from engine.domains.chess.actions import MIRROR
from engine.domains.chess.castling import (
    NUMBER_SHIFT,
    OWN_LONG,
    OWN_SHORT,
    STANDARD,
    THEIR_LONG,
    THEIR_SHORT,
    all_files,
    number_of_files,
)
from engine.domains.chess.positions import castling_files, read_fen
from engine.domains.chess.tables import CASTLING_KEY, EN_PASSANT_KEY, PIECE_KEY, SIDE_KEY, tables

STATE = np.dtype(
    [
        ("pawns", "<u8"),
        ("knights", "<u8"),
        ("diagonals", "<u8"),
        ("orthogonals", "<u8"),
        ("kings", "<u8"),
        ("own", "<u8"),
        ("key", "<u8"),
        ("fullmoves", "<u2"),
        ("is_black", "u1"),
        ("castling", "u1"),
        ("en_passant", "u1"),
        ("halfmoves", "u1"),
        ("reversible", "u1"),
        ("repetitions", "u1"),
    ]
)
"""Row of a state, 64 bytes.

Boards (bit 0 = a1, bit 63 = h8, mirrored for Black): `pawns`, `knights`, `diagonals` (bishops and queens),
`orthogonals` (rooks and queens), `kings`, `own` (everything of the player to move).
`key`: hash of pieces, player to move, castling rights and en passant, in absolute colours; equal keys: a repetition.
`fullmoves`: number of the move, 1 at the start. `is_black`: 1 where Black is to move.
`castling`: bits `OWN_SHORT` ... `THEIR_LONG`; in Chess960 the number of the rooks' files above them, else 0 (see
`engine.domains.chess.castling`).
`en_passant`: the square behind a pawn that can *legally* be captured in passing, else 0.
`halfmoves`: plies since the last capture or pawn move, saturating at 255.
`reversible`: the same, but the loss of a castling right starts it anew as well.
`repetitions`: earlier occurrences on the line, filled in by whoever knows the line.
"""

_FILES = {(files[0], number_of_files(*files)): files for files in all_files()}
"""Files of king, long rook and short rook by the king's file and the number of the files."""


def state_of_board(board: chess.Board) -> NDArray[np.void]:
    """The row [1] of a board; `repetitions` is 0 (see `ChessRules.load`).

    Whether the position is legal is *not* checked, and kernels must not see others: use `read_fen` on what people type.

    Raises:
        PositionError: castling is none that a game of chess or Chess960 can have.
    """
    row = np.zeros(1, STATE)
    row["pawns"] = _seen(board, board.pawns)
    row["knights"] = _seen(board, board.knights)
    row["diagonals"] = _seen(board, board.bishops | board.queens)
    row["orthogonals"] = _seen(board, board.rooks | board.queens)
    row["kings"] = _seen(board, board.kings)
    row["own"] = _seen(board, board.occupied_co[board.turn])
    row["fullmoves"] = min(board.fullmove_number, 65535)
    row["is_black"] = not board.turn
    row["castling"] = _castling(board)
    if board.has_legal_en_passant() and board.ep_square is not None:
        row["en_passant"] = board.ep_square if board.turn else board.ep_square ^ MIRROR
    row["halfmoves"] = row["reversible"] = min(board.halfmove_clock, 255)
    row["key"] = key_from_scratch(row[0])
    return row


def state_of_fen(fen: str) -> NDArray[np.void]:
    """The row [1] of a FEN.

    Raises:
        PositionError: it is no FEN, or its position is not legal in standard chess.
    """
    return state_of_board(read_fen(fen))


def board_of_state(row: Any) -> chess.Board:
    """The board of one row, without the moves that led to it."""
    board = chess.Board(None)
    is_white = not int(row["is_black"])
    planes = {name: int(row[name]) for name in ("pawns", "knights", "diagonals", "orthogonals", "kings", "own")}
    if not is_white:
        planes = {name: chess.flip_vertical(plane) for name, plane in planes.items()}
    board.turn = is_white
    board.pawns, board.knights, board.kings = planes["pawns"], planes["knights"], planes["kings"]
    board.queens = planes["diagonals"] & planes["orthogonals"]
    board.bishops, board.rooks = planes["diagonals"] & ~board.queens, planes["orthogonals"] & ~board.queens
    board.occupied = board.pawns | board.knights | planes["diagonals"] | planes["orthogonals"] | board.kings
    board.occupied_co[is_white] = planes["own"]
    board.occupied_co[not is_white] = board.occupied & ~planes["own"]
    castling = int(row["castling"])
    if castling:
        number = castling >> NUMBER_SHIFT
        king = board.king(is_white if castling & (OWN_SHORT | OWN_LONG) else not is_white)
        _, long, short = STANDARD if king is None or not number else _FILES[chess.square_file(king), number]
        for right, file, rank in _rights(long, short, is_white=is_white):
            board.castling_rights |= chess.BB_SQUARES[chess.square(file, rank)] if castling & right else 0
        board.chess960 = number > 0
    if row["en_passant"]:
        board.ep_square = int(row["en_passant"]) ^ (0 if is_white else MIRROR)
    board.halfmove_clock = int(row["halfmoves"])
    board.fullmove_number = int(row["fullmoves"])
    return board


def fen_of_state(row: Any) -> str:
    """The FEN of one row; en passant is written only where it is legal."""
    return board_of_state(row).fen()


def key_from_scratch(row: Any) -> np.uint64:
    """The key that `step` keeps up to date, computed from nothing but the row."""
    table, black = tables(), int(row["is_black"])
    mirror = MIRROR * black
    planes = [int(row[name]) for name in ("knights", "diagonals", "orthogonals", "kings")]
    key = table[int(SIDE_KEY)] if black else np.uint64(0)
    for square in chess.scan_forward(int(row["pawns"]) | planes[0] | planes[1] | planes[2] | planes[3]):
        knight, diagonal, orthogonal, king = (plane >> square & 1 for plane in planes)
        kind = knight + 2 * diagonal + 3 * orthogonal + 4 * king  # a queen is 2 + 3
        colour = black ^ 1 ^ (int(row["own"]) >> square & 1)
        key ^= table[int(PIECE_KEY) + (colour * 6 + kind) * 64 + (square ^ mirror)]
    key ^= table[int(CASTLING_KEY) + black * 256 + int(row["castling"])]
    if row["en_passant"]:
        key ^= table[int(EN_PASSANT_KEY) + int(row["en_passant"])]
    return np.uint64(key)


def _castling(board: chess.Board) -> int:
    """The field `castling` of a board."""
    rights = board.clean_castling_rights()
    if not rights:
        return 0
    files = castling_files(board)
    if files is None:
        raise PositionError(f"castling in {board.fen()!r} is none of a game of chess or Chess960")
    _, long, short = files
    held = (
        right
        for right, file, rank in _rights(long, short, is_white=board.turn)
        if rights & chess.BB_SQUARES[chess.square(file, rank)]
    )
    return sum(held) | number_of_files(*files) << NUMBER_SHIFT


def _rights(long: int, short: int, *, is_white: bool) -> tuple[tuple[int, int, int], ...]:
    """Bit, file and rank of each rook that may castle; `is_white`: whether White is to move."""
    near, far = (0, 7) if is_white else (7, 0)
    return ((OWN_SHORT, short, near), (OWN_LONG, long, near), (THEIR_SHORT, short, far), (THEIR_LONG, long, far))


def _seen(board: chess.Board, plane: chess.Bitboard) -> int:
    """A plane as the player to move sees it."""
    return plane if board.turn else chess.flip_vertical(plane)
