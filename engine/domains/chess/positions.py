"""Reading a FEN, and saying in one sentence what is wrong with it. No compiled code."""

import chess

from engine.domains.base import PositionError

START_FEN = chess.STARTING_FEN

VARIANTS = (
    *("standard", "chess", "normal", "from position"),
    *("chess960", "chess 960", "fischerandom", "fischerrandom", "fischer random"),
)
"""What PGN files call the games that are played here, in small letters."""

_HARMLESS = chess.STATUS_TOO_MANY_CHECKERS | chess.STATUS_IMPOSSIBLE_CHECK
"""Positions that no game can reach but that play on like any other: composers' problems."""

_FIRST_SET = ((chess.PAWN, 8), (chess.KNIGHT, 2), (chess.BISHOP, 2), (chess.ROOK, 2), (chess.QUEEN, 1))
"""Pieces of a side at the start of a game."""


def read_fen(fen: str) -> chess.Board:
    """The board of a FEN that play can go on from; `chess960` is set where castling is not that of standard chess.

    Castling rights are written as in standard chess, with the files of the rooks (Shredder-FEN: HAha), or as in X-FEN:
    K and Q for the outermost rooks, the file of a rook that has another one outside.

    A FEN may stop after any field: White to move, no castling, no en passant and the first move are then assumed.

    Raises:
        PositionError: it is no FEN, or its position is not legal in chess or Chess960. The message says why.
    """
    try:
        board = chess.Board(fen)
    except ValueError as error:
        raise PositionError(f"{fen!r} is no FEN: {error}") from error
    board.chess960 = board.has_chess960_castling_rights()
    reason = _illegality(board, fen)
    if reason:
        raise PositionError(f"{fen!r} is no legal position: {reason}")
    return board


def _illegality(board: chess.Board, fen: str) -> str:
    """What makes a position impossible to play on from, or ""."""
    status = board.status() & ~_HARMLESS
    rights = repr(" ".join(fen.split()[2:3]))
    reasons = {
        chess.STATUS_EMPTY: "the board is empty",
        chess.STATUS_NO_WHITE_KING: "White has no king",
        chess.STATUS_NO_BLACK_KING: "Black has no king",
        chess.STATUS_TOO_MANY_KINGS: "a side has more than one king",
        chess.STATUS_PAWNS_ON_BACKRANK: "a pawn stands on the first or last rank",
        chess.STATUS_OPPOSITE_CHECK: f"{_name(board.turn)} is to move, but {_name(not board.turn)} is in check",
        chess.STATUS_BAD_CASTLING_RIGHTS: f"castling rights {rights} need king and rooks on their home squares",
        chess.STATUS_INVALID_EP_SQUARE: f"no pawn can just have stepped over {_square(board.ep_square)}",
    }
    for flag, reason in reasons.items():
        if status & flag:
            return reason
    for colour in chess.COLORS:
        reason = _impossible_army(board, colour)
        if reason:
            return reason
    if status:
        return f"{status!r}"
    if board.castling_rights and castling_files(board) is None:
        return f"castling rights {rights} need kings on one file, b to g, and rooks of both sides on the same files"
    return ""


def castling_files(board: chess.Board) -> tuple[int, int, int] | None:
    """Files of king, long rook and short rook where somebody may castle; the outermost for a rook without a right.

    None where the two sides' files differ or no rook could stand beyond the king, which no game of Chess960 has.
    """
    rights = board.clean_castling_rights()
    kings, longs, shorts = set[int](), set[int](), set[int]()
    for colour, rank in ((chess.WHITE, chess.BB_RANK_1), (chess.BLACK, chess.BB_RANK_8)):
        king = board.king(colour)
        if king is None or not rights & rank:
            continue
        kings.add(chess.square_file(king))
        for rook in chess.scan_forward(rights & rank):
            (longs if rook < king else shorts).add(chess.square_file(rook))
    files = (*kings, *(longs or {0}), *(shorts or {7}))
    if len(files) != 3 or not files[1] < files[0] < files[2]:
        return None
    return files


def _impossible_army(board: chess.Board, colour: chess.Color) -> str:
    """What is wrong with the pieces of a side, or ""; compiled rules rely on no more pieces than a game can have."""
    counts = {kind: len(board.pieces(kind, colour)) for kind, _ in _FIRST_SET}
    promoted = sum(max(0, counts[kind] - first) for kind, first in _FIRST_SET[1:])
    pawns = counts[chess.PAWN]
    if pawns > 8:
        return f"{_name(colour)} has {pawns} pawns, but no side has more than 8"
    if promoted + pawns > 8:
        return f"{_name(colour)} has {pawns} pawns and {promoted} promoted pieces, together more than 8"
    return ""


def _name(colour: chess.Color) -> str:
    return "White" if colour else "Black"


def _square(square: chess.Square | None) -> str:
    return "" if square is None else chess.square_name(square)
