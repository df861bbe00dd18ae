"""What a network sees of a chess state: planes of 8 x 8 numbers from the view of the player to move.

Planes are indexed [channel, rank, file]; rank 0 is the mover's first rank. Two formats:

`compact`, 20 planes of the state alone:
    0-5 own pawns, knights, bishops, rooks, queens, king; 6-11 the opponent's; 12 own O-O, 13 own O-O-O, 14 and 15 the
    opponent's; 16 the square of a legal en-passant capture; 17 halfmove clock / 100; 18 the state has occurred before;
    19 ones.

`lc0_112`, 112 planes of eight states, Lc0's "classical" input (https://lczero.org):
    for each state, newest first: 0-11 as above, 12 it has occurred before; then 104 own O-O-O, 105 own O-O, 106 and 107
    the opponent's, 108 Black is to move, 109 halfmove clock, 110 zeros, 111 ones. All states are seen by the player who
    is to move now. Where fewer states are known, the rest stays zero if the oldest is the start of a game. Otherwise
    the oldest is repeated, with the double step of a pawn that can be captured in passing taken back; where it cannot,
    the state before the double step is known (`ChessRules.load`). (Lc0 calls that history fill `fen_only`.)

Both tell which rights to castle are left and not, in Chess960, with which rook; the start of such a game is not *the*
start of a game, so that it is repeated in `lc0_112`. Lc0's classical input is the same in both.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inline, kernel
from engine.domains.base import Format
from engine.domains.chess.bits import U0, U8, bit, flip, lowest, to_int
from engine.domains.chess.castling import THEIR_LONG, THEIR_SHORT
from engine.domains.chess.legal import OWN_LONG, OWN_SHORT, all_pieces

FORMATS = {
    "compact": Format("compact", 20, 8, 8, history=1),
    "lc0_112": Format("lc0_112", 112, 8, 8, history=8),
}

Planes = NDArray[np.float32]
"""All planes of all rows in one dimension."""

SQUARES = np.uint64(64)
COMPACT_SIZE = np.uint64(20 * 64)
LC0_SIZE = np.uint64(112 * 64)
LC0_STATE_SIZE = np.uint64(13 * 64)
LC0_HISTORY = 8
KINDS = np.uint64(6)
THEIRS_SHORT, THEIRS_LONG = np.uint64(THEIR_SHORT), np.uint64(THEIR_LONG)
ONE, ZERO = np.float32(1), np.float32(0)
_AS_IT_IS = np.bool_(False)  # the literal would make a second version of what it is given to


@inline
def put_squares(planes: Planes, start: np.uint64, board: np.uint64) -> None:
    """Set the squares of `board` in the plane that begins at `start`."""
    while board:
        square = lowest(board)
        planes[start + square] = ONE
        board ^= bit(square)


@inline
def fill(planes: Planes, start: np.uint64, value: np.float32) -> None:
    """Fill the plane that begins at `start`."""
    for i in range(start, start + SQUARES):
        planes[i] = value


@inline
def put_side(planes: Planes, start: np.uint64, s: Any, side: np.uint64, mirror: bool, step_back: np.uint64) -> None:
    """Write six planes with the pieces on `side`, pawns first; `step_back`: squares to toggle among the pawns."""
    pieces = (
        (s.pawns ^ step_back) & (side | step_back),
        s.knights & side,
        s.diagonals & ~s.orthogonals & side,
        s.orthogonals & ~s.diagonals & side,
        s.diagonals & s.orthogonals & side,
        s.kings & side,
    )
    for board in pieces:
        put_squares(planes, start, flip(board) if mirror else board)
        start += SQUARES


@kernel
def encode_compact(lineages: NDArray[np.void], planes: Planes) -> None:
    """Write format `compact` of the newest states of `lineages` [B, H] into `planes` [B * 20 * 64]."""
    planes[:] = ZERO
    for i in range(len(lineages)):
        s, start = lineages[i, 0], np.uint64(i) * COMPACT_SIZE
        put_side(planes, start, s, s.own, _AS_IT_IS, U0)
        start += KINDS * SQUARES
        put_side(planes, start, s, all_pieces(s) & ~s.own, _AS_IT_IS, U0)
        start += KINDS * SQUARES
        for right in (OWN_SHORT, OWN_LONG, THEIRS_SHORT, THEIRS_LONG):
            fill(planes, start, ONE if np.uint64(s.castling) & right else ZERO)
            start += SQUARES
        if s.en_passant:
            planes[start + np.uint64(s.en_passant)] = ONE
        fill(planes, start + SQUARES, np.float32(s.halfmoves) / np.float32(100))
        fill(planes, start + SQUARES + SQUARES, ONE if s.repetitions else ZERO)
        fill(planes, start + SQUARES + SQUARES + SQUARES, ONE)


@kernel
def encode_lc0(lineages: NDArray[np.void], lengths: NDArray[np.int32], start_key: np.uint64, planes: Planes) -> None:
    """Write format `lc0_112` of `lineages` [B, H] into `planes` [B * 112 * 64].

    Args:
        lineages: states, newest first; those at or past `lengths[i]` are not read.
        lengths: known states of each row, at least 1.
        start_key: key of the start of a game.
        planes: overwritten.
    """
    planes[:] = ZERO
    for i in range(len(lineages)):
        row = np.uint64(i) * LC0_SIZE
        now, known = lineages[i, 0], min(to_int(lengths[i]), lineages.shape[1])
        for age in range(LC0_HISTORY):
            s, step_back = lineages[i, min(age, known - 1)], U0
            if age >= known:
                if s.key == start_key:
                    break
                if s.en_passant:
                    behind = bit(np.uint64(s.en_passant))
                    step_back = (behind << U8) | (behind >> U8)
            start, theirs = row + np.uint64(age) * LC0_STATE_SIZE, all_pieces(s) & ~s.own
            is_mirrored = s.is_black != now.is_black
            mine, others = (theirs, s.own) if is_mirrored else (s.own, theirs)
            mine_back, others_back = (step_back, U0) if is_mirrored else (U0, step_back)
            put_side(planes, start, s, mine, is_mirrored, mine_back)
            put_side(planes, start + KINDS * SQUARES, s, others, is_mirrored, others_back)
            fill(planes, start + KINDS * (SQUARES + SQUARES), ONE if s.repetitions else ZERO)
        start = row + np.uint64(LC0_HISTORY) * LC0_STATE_SIZE
        for right in (OWN_LONG, OWN_SHORT, THEIRS_LONG, THEIRS_SHORT):
            fill(planes, start, ONE if np.uint64(now.castling) & right else ZERO)
            start += SQUARES
        fill(planes, start, ONE if now.is_black else ZERO)
        fill(planes, start + SQUARES, np.float32(now.halfmoves))
        fill(planes, start + SQUARES + SQUARES + SQUARES, ONE)
