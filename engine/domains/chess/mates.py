"""Compiled: which actions give mate at once.

Few actions give check, and a check is nearly always answered by the king's going away. So the actions are sifted by
what can be seen without playing them, what is left is played, and only where the king has no square to go to are all
answers listed.
"""
# mypy: disable-error-code="no-any-return"
# (elements of arrays and records are Any to mypy; numba infers their types and checks them)

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inline, kernel
from engine.domains.chess.bits import FILE_A, FILE_H, MIRROR, U0, U1, U6, U7, U9, U63, bit, lowest, to_int
from engine.domains.chess.kernels import step
from engine.domains.chess.legal import (
    MAX_LEGAL,
    State,
    all_pieces,
    bishop_reach,
    is_in_check,
    king_targets,
    legal_actions,
    rook_reach,
)
from engine.domains.chess.tables import BETWEEN, KNIGHT, LINE, MOVE, Table


@inline
def discoverers(t: Table, s: State, king: np.uint64, occupied: np.uint64) -> np.uint64:
    """Own pieces that alone stand between an own slider and the other player's `king`."""
    theirs = occupied & ~s.own
    found = U0
    snipers = ((bishop_reach(t, king, theirs) & s.diagonals) | (rook_reach(t, king, theirs) & s.orthogonals)) & s.own
    while snipers:
        shield = t[BETWEEN + (king << U6) + lowest(snipers)] & occupied
        if not shield & (shield - U1):
            found |= shield
        snipers &= snipers - U1
    return found


@inline
def is_mate(t: Table, s: State, action: np.uint16, after: NDArray[np.void], room: NDArray[np.uint16]) -> bool:
    """Whether a legal `action` gives mate.

    Args:
        after: one row, overwritten with the state after the action.
        room: for `MAX_LEGAL` actions.
    """
    after[0] = s
    step(t, after[0], to_int(action))
    reply = after[0]
    if king_targets(t, reply, lowest(reply.kings & reply.own)):
        return False
    return is_in_check(t, reply) and legal_actions(t, reply, room, to_int(0)) == 0


@kernel
def find_mates(
    t: Table,
    states: NDArray[np.void],
    offsets: NDArray[np.int32],
    actions: NDArray[np.uint16],
    mates: NDArray[np.uint16],
) -> None:
    """Replace in `mates` [B] what has an action that gives mate by the first of them.

    Args:
        t: `tables()`.
        states: rows [B].
        offsets: [B + 1].
        actions: all legal actions of row b at [offsets[b], offsets[b + 1]).
        mates: [B], overwritten in part.
    """
    after, room = states[:1].copy(), np.empty(MAX_LEGAL, np.uint16)
    for i in range(len(states)):
        s = states[i]
        occupied = all_pieces(s)
        their_king = s.kings & ~s.own
        king = lowest(their_king)
        by_pawn = ((their_king >> U7) & ~FILE_A) | ((their_king >> U9) & ~FILE_H)
        by_knight = t[KNIGHT + king]
        by_bishop, by_rook = bishop_reach(t, king, occupied), rook_reach(t, king, occupied)
        discovering = discoverers(t, s, king, occupied)
        for e in range(offsets[i], offsets[i + 1]):
            move = t[MOVE + np.uint64(actions[e])]
            source, target = move & U63, (move >> U6) & U63
            man, to = bit(source), bit(target)
            checks = U0
            if s.pawns & man:
                # What a promoted pawn attacks, and what capturing in passing opens, is left to the exact test.
                checks = ~U0 if target >= MIRROR or target == np.uint64(s.en_passant) else by_pawn
            elif s.knights & man:
                checks = by_knight
            if s.diagonals & man:
                checks |= by_bishop
            if s.orthogonals & man:
                checks |= by_rook
            is_castling = (to & s.own) != U0
            is_discovery = (discovering & man) != U0 and not t[LINE + (king << U6) + source] & to
            if (to & checks or is_castling or is_discovery) and is_mate(t, s, actions[e], after, room):
                mates[i] = actions[e]
                break
