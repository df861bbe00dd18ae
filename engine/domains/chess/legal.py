"""Compiled rules of chess: which actions are legal, and whether a king is in check.

States are rows as in `engine.domains.chess.state`: everything is seen by the player to move, so "up" is always forward.
`t` is always the array of `engine.domains.chess.tables`. Squares and boards are uint64 (`engine.domains.chess.bits`);
positions in output arrays are int64. Castling of Chess960 has functions of its own, so that chess is not slower for it.
"""
# mypy: disable-error-code="no-any-return"
# (elements of arrays and records are Any to mypy; numba infers their types and checks them)

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inline
from engine.domains.chess.bits import (
    C1,
    D1,
    E1,
    F1,
    FILE_A,
    FILE_H,
    G1,
    RANK_3,
    RANK_7,
    U0,
    U1,
    U2,
    U3,
    U4,
    U6,
    U7,
    U8,
    U9,
    U15,
    bit,
    count,
    lowest,
)
from engine.domains.chess.tables import (
    BETWEEN,
    BISHOP_MAGIC,
    CASTLING_FILES,
    FIRST,
    KING,
    KNIGHT,
    LINE,
    PAWN,
    REACH,
    ROOK_MAGIC,
    Table,
)

State = Any
"""One row of `STATE`, as numba sees it; only kernels take it."""

MAX_LEGAL = 218
"""Most legal actions of a state (https://www.chessprogramming.org/Chess_Position); `read_fen` refuses armies that are
larger than those of a game."""

SHORT_PATH, LONG_PATH = np.uint64(0x60), np.uint64(0x0E)
OWN_SHORT, OWN_LONG = np.uint64(1), np.uint64(2)
FIRST_PROMOTION = np.uint64(1792)
_SHORT, _LONG = np.bool_(True), np.bool_(False)  # a literal would make a second version of what it is given to


@inline
def bishop_reach(t: Table, square: np.uint64, occupied: np.uint64) -> np.uint64:
    """Squares a bishop reaches, the first blocker of each ray included."""
    entry = BISHOP_MAGIC + (square << U2)
    return t[t[entry + U2] + (((occupied & t[entry]) * t[entry + U1]) >> t[entry + U3])]


@inline
def rook_reach(t: Table, square: np.uint64, occupied: np.uint64) -> np.uint64:
    """Squares a rook reaches, the first blocker of each ray included."""
    entry = ROOK_MAGIC + (square << U2)
    return t[t[entry + U2] + (((occupied & t[entry]) * t[entry + U1]) >> t[entry + U3])]


@inline
def attackers(t: Table, s: State, theirs: np.uint64, square: np.uint64, occupied: np.uint64) -> np.uint64:
    """Pieces among `theirs` (of the player not to move) that attack `square`, where sliders stop at `occupied`."""
    near = (t[PAWN + square] & s.pawns) | (t[KNIGHT + square] & s.knights) | (t[KING + square] & s.kings)
    far = (bishop_reach(t, square, occupied) & s.diagonals) | (rook_reach(t, square, occupied) & s.orthogonals)
    return (near | far) & theirs


@inline
def all_pieces(s: State) -> np.uint64:
    """The occupied squares."""
    return s.pawns | s.knights | s.diagonals | s.orthogonals | s.kings


@inline
def is_in_check(t: Table, s: State) -> bool:
    """Whether the king of the player to move is attacked."""
    occupied = all_pieces(s)
    return attackers(t, s, occupied & ~s.own, lowest(s.kings & s.own), occupied) != U0


@inline
def en_passant_capturers(t: Table, s: State, target: np.uint64) -> np.uint64:
    """Own pawns that can legally capture in passing onto `target`.

    Two pawns leave their squares at once, which can open any line to the king: each capture is tried out.
    """
    to = bit(target)
    candidates = (((to >> U9) & ~FILE_H) | ((to >> U7) & ~FILE_A)) & s.pawns & s.own
    captured = to >> U8
    occupied = all_pieces(s)
    theirs = occupied & ~s.own & ~captured
    king = lowest(s.kings & s.own)
    capturers = U0
    while candidates:
        pawn = bit(lowest(candidates))
        candidates ^= pawn
        if attackers(t, s, theirs, king, (occupied ^ pawn ^ captured) | to) == U0:
            capturers |= pawn
    return capturers


@inline
def add_plain(t: Table, source: np.uint64, targets: np.uint64, actions: NDArray[np.uint16], end: int) -> int:
    """Write the plain actions from `source` to `targets` behind `end`; returns the new end."""
    first, reach = t[FIRST + source], t[REACH + source]
    while targets:
        below = bit(lowest(targets)) - U1
        actions[end] = first + count(reach & below)
        end += 1
        targets &= targets - U1
    return end


@inline
def add_promotions(source: np.uint64, targets: np.uint64, actions: NDArray[np.uint16], end: int) -> int:
    """Write promotions to queen, rook and bishop; the knight is the plain action."""
    while targets:
        queen = FIRST_PROMOTION + U3 * (((source & U7) << U1) + (lowest(targets) & U7))
        actions[end] = queen
        actions[end + 1] = queen + U1
        actions[end + 2] = queen + U2
        end += 3
        targets &= targets - U1
    return end


@inline
def castling_rook(t: Table, s: State, king: np.uint64, is_short: bool) -> np.uint64:
    """File of the rook that castles with a king on file `king`, whoever's they are and whether or not they may."""
    files = t[CASTLING_FILES + (king << U4) + (np.uint64(s.castling) >> U4)]
    return files >> U3 if is_short else files & U7


@inline
def can_castle_960(t: Table, s: State, king: np.uint64, rook: np.uint64) -> bool:
    """Whether the way is free for own `king` and `rook`, whose right to castle is there.

    Nothing may stand between each of them and where it goes but the other one, and the king may not cross or reach an
    attacked square. On the last one an attack along the rank counts that the rook has uncovered by leaving.
    """
    king_to, rook_to = (G1, F1) if rook > king else (C1, D1)
    occupied = all_pieces(s)
    theirs = occupied & ~s.own
    others = occupied ^ bit(king) ^ bit(rook)
    crossed = t[BETWEEN + (king << U6) + king_to]
    if (crossed | t[BETWEEN + (rook << U6) + rook_to] | bit(king_to) | bit(rook_to)) & others:
        return False
    while crossed:
        if attackers(t, s, theirs, lowest(crossed), others | bit(rook)) != U0:
            return False
        crossed &= crossed - U1
    return attackers(t, s, theirs, king_to, others | bit(rook_to)) == U0


@inline
def add_castling_960(t: Table, s: State, actions: NDArray[np.uint16], end: int) -> int:
    """Write castling of Chess960, where the king is not in check."""
    king = lowest(s.kings & s.own)
    targets = U0
    for right, is_short in ((OWN_SHORT, _SHORT), (OWN_LONG, _LONG)):
        if np.uint64(s.castling) & right:
            rook = castling_rook(t, s, king, is_short)
            if can_castle_960(t, s, king, rook):
                targets |= bit(rook)
    return add_plain(t, king, targets, actions, end)


@inline
def add_castling(t: Table, s: State, actions: NDArray[np.uint16], end: int) -> int:
    """Write castling, where the king is not in check."""
    rights = np.uint64(s.castling)
    if rights > U15:
        return add_castling_960(t, s, actions, end)
    occupied = all_pieces(s)
    theirs = occupied & ~s.own
    targets = U0
    if (
        rights & OWN_SHORT
        and not occupied & SHORT_PATH
        and attackers(t, s, theirs, F1, occupied) | attackers(t, s, theirs, G1, occupied) == U0
    ):
        targets |= bit(U7)
    if (
        rights & OWN_LONG
        and not occupied & LONG_PATH
        and attackers(t, s, theirs, D1, occupied) | attackers(t, s, theirs, C1, occupied) == U0
    ):
        targets |= bit(U0)
    return add_plain(t, E1, targets, actions, end)


@inline
def add_en_passant(t: Table, s: State, actions: NDArray[np.uint16], end: int) -> int:
    """Write captures in passing; there is at least one where `en_passant` is set."""
    target = np.uint64(s.en_passant)
    capturers = en_passant_capturers(t, s, target)
    while capturers:
        end = add_plain(t, lowest(capturers), bit(target), actions, end)
        capturers &= capturers - U1
    return end


@inline
def checkers_and_pinned(t: Table, s: State, king: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Pieces that give check to `king`, and own pieces that may only move on a line with him."""
    theirs = all_pieces(s) & ~s.own
    checkers = ((t[PAWN + king] & s.pawns) | (t[KNIGHT + king] & s.knights)) & theirs
    pinned = U0
    # Sliders that would see the king if our own pieces were not there: with nothing between they give check, with one
    # piece between they pin it.
    snipers = ((bishop_reach(t, king, theirs) & s.diagonals) | (rook_reach(t, king, theirs) & s.orthogonals)) & theirs
    while snipers:
        sniper = lowest(snipers)
        shield = t[BETWEEN + (king << U6) + sniper] & s.own
        if not shield:
            checkers |= bit(sniper)
        elif not shield & (shield - U1):
            pinned |= shield
        snipers &= snipers - U1
    return checkers, pinned


@inline
def king_targets(t: Table, s: State, king: np.uint64) -> np.uint64:
    """Squares next to the king that he may go to."""
    occupied = all_pieces(s)
    theirs = occupied & ~s.own
    behind_king = occupied ^ bit(king)  # a slider that gives check also sees the squares behind the king
    around, safe = t[KING + king] & ~s.own, U0
    while around:
        square = lowest(around)
        if attackers(t, s, theirs, square, behind_king) == U0:
            safe |= bit(square)
        around &= around - U1
    return safe


@inline
def legal_actions(t: Table, s: State, actions: NDArray[np.uint16], end: int) -> int:
    """Write all legal actions of `s` behind `end`, in no particular order; returns the new end.

    `actions` must have room for `MAX_LEGAL` more.
    """
    king = lowest(s.kings & s.own)
    checkers, pinned = checkers_and_pinned(t, s, king)
    end = add_plain(t, king, king_targets(t, s, king), actions, end)
    allowed = ~s.own
    if checkers:
        if checkers & (checkers - U1):
            return end
        allowed = checkers | t[BETWEEN + (king << U6) + lowest(checkers)]
    elif np.uint64(s.castling) & (OWN_SHORT | OWN_LONG):
        end = add_castling(t, s, actions, end)

    occupied, men = all_pieces(s), s.own ^ bit(king)
    while men:
        source = lowest(men)
        man = bit(source)
        men ^= man
        targets = U0  # worked out here and not in a helper of its own: that was measured to halve the speed
        if s.pawns & man:
            one = (man << U8) & ~occupied
            targets = one | (((one & RANK_3) << U8) & ~occupied) | (t[PAWN + source] & occupied)
        elif s.knights & man:
            targets = t[KNIGHT + source]
        if s.diagonals & man:
            targets = bishop_reach(t, source, occupied)
        if s.orthogonals & man:
            targets |= rook_reach(t, source, occupied)
        targets &= allowed
        if pinned & man:
            targets &= t[LINE + (king << U6) + source]
        end = add_plain(t, source, targets, actions, end)
        if s.pawns & man & RANK_7:
            end = add_promotions(source, targets, actions, end)

    return add_en_passant(t, s, actions, end) if s.en_passant else end
