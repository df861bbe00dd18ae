"""The 1858 chess actions: Lc0's index of moves, made by rule.

An action is a source square, a target square and a promotion, *seen by the player to move*: for Black the ranks are
mirrored, so that both players' pawns walk up the board. Squares count a1 = 0, b1 = 1, ... h8 = 63. Castling is "the
king takes his own rook" (e1h1, e1a1). A promotion to a knight is the plain move; queen, rook and bishop have indices of
their own after all plain moves.

Plain moves are ordered by source, then by target, over all targets that a queen or a knight could reach on an empty
board.
"""

import numpy as np
from numpy.typing import NDArray

NUM_ACTIONS = 1858
FIRST_PROMOTION = 1792
"""Actions from here on are promotions to queen, rook and bishop."""

MIRROR = 56
"""`square ^ MIRROR` is the same square seen from the other side of the board."""

KNIGHT, BISHOP, ROOK, QUEEN = 2, 3, 4, 5
"""Pieces a pawn can become, numbered as python-chess does."""

KNIGHT_JUMPS = ((1, 2), (2, 1), (2, -1), (1, -2), (-1, -2), (-2, -1), (-2, 1), (-1, 2))
"""(files, ranks), clockwise; the order of the knight planes of convolutional policies."""

QUEEN_RAYS = ((0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1))
"""(files, ranks), clockwise from north; the order of the queen planes of convolutional policies."""

NUM_POLICY_PLANES = 73
_KNIGHT_PLANES = 56
_PROMOTION_PLANES = 64


def square_at(file: int, rank: int) -> int:
    """The square of a file and rank in [0, 8), or -1 off the board."""
    return rank * 8 + file if 0 <= file < 8 and 0 <= rank < 8 else -1


def _plain_moves() -> dict[tuple[int, int], int]:
    """Policy plane of every (source, target) that a queen or a knight could play on an empty board."""
    planes = {}
    for source in range(64):
        rank, file = divmod(source, 8)
        for ray, (df, dr) in enumerate(QUEEN_RAYS):
            for distance in range(1, 8):
                planes[source, square_at(file + df * distance, rank + dr * distance)] = ray * 7 + distance - 1
        for jump, (df, dr) in enumerate(KNIGHT_JUMPS):
            planes[source, square_at(file + df, rank + dr)] = _KNIGHT_PLANES + jump
    return {move: plane for move, plane in sorted(planes.items()) if move[1] >= 0}


def _moves() -> list[tuple[int, int, int, int]]:
    """(source, target, promotion, policy plane) of every action, in order of index."""
    rows = [(source, target, 0, plane) for (source, target), plane in _plain_moves().items()]
    plane_of = {ROOK: 0, BISHOP: 1, QUEEN: 2}
    for file in range(8):
        for side in (-1, 0, 1):
            target = square_at(file + side, 7)
            if target >= 0:
                for piece in (QUEEN, ROOK, BISHOP):
                    plane = _PROMOTION_PLANES + (side + 1) * 3 + plane_of[piece]
                    rows.append((square_at(file, 6), target, piece, plane))
    return rows


_ROWS = np.array(_moves(), np.int32)

ACTION_FROM: NDArray[np.uint8] = _ROWS[:, 0].astype(np.uint8)
"""Source square of each action, [1858]."""

ACTION_TO: NDArray[np.uint8] = _ROWS[:, 1].astype(np.uint8)
"""Target square of each action, [1858]; castling: the rook's square."""

ACTION_PROMO: NDArray[np.uint8] = _ROWS[:, 2].astype(np.uint8)
"""`QUEEN`, `ROOK`, `BISHOP`, or 0 for a plain move, [1858]; a pawn's plain move to the last rank makes a knight."""

POLICY_MAP: NDArray[np.int32] = _ROWS[:, 3] * 64 + _ROWS[:, 0]
"""Where each action stands in the flat output [73 * 64] of a convolutional policy: plane * 64 + source, [1858]."""


def _lookup() -> NDArray[np.int16]:
    table = np.full((64, 64, 6), -1, np.int16)
    table[ACTION_FROM, ACTION_TO, ACTION_PROMO] = np.arange(NUM_ACTIONS)
    table[:, :, KNIGHT] = np.where(np.arange(64) // 8 == 7, table[:, :, 0], -1)
    return table


ACTION_INDEX: NDArray[np.int16] = _lookup()
"""Action of [source, target, promotion], -1 where there is none; promotion 0 and `KNIGHT` mean the same action."""

for _array in (ACTION_FROM, ACTION_TO, ACTION_PROMO, POLICY_MAP, ACTION_INDEX):
    _array.setflags(write=False)
