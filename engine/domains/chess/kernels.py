"""Compiled rules of chess: legal actions, the next state, and how a game ends.

States are rows as in `engine.domains.chess.state`: everything is seen by the player to move, so "up" is always forward.
`t` is always the array of `engine.domains.chess.tables`. Squares and boards are uint64, see `engine.domains.chess.bits`;
positions in output arrays are int64. Castling is that of standard chess, not of Chess960.
"""
# mypy: disable-error-code="no-any-return"
# (elements of arrays and records are Any to mypy; numba infers their types and checks them)

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inline, kernel
from engine.domains.chess.bits import bit, count, flip, lowest, to_int
from engine.domains.chess.outcomes import (
    CHECKMATE,
    FIFTY_MOVE_PLIES,
    FIFTY_MOVES,
    IN_PLAY,
    INSUFFICIENT_MATERIAL,
    STALEMATE,
)
from engine.domains.chess.tables import (
    BETWEEN,
    BISHOP_MAGIC,
    CASTLING_KEY,
    EN_PASSANT_KEY,
    FIRST,
    KING,
    KNIGHT,
    LINE,
    MOVE,
    PAWN,
    PIECE_KEY,
    REACH,
    RIGHTS,
    ROOK_MAGIC,
    SIDE_KEY,
    Table,
)

State = Any
"""One row of `STATE`, as numba sees it; only kernels take it."""

MAX_LEGAL = 218
"""Most legal actions of any state with the pieces that one game can have (https://www.chessprogramming.org/Chess_Position)."""

U0, U1, U2, U3, U4, U6 = (np.uint64(n) for n in (0, 1, 2, 3, 4, 6))
U7, U8, U9, U12, U63, U255 = (np.uint64(n) for n in (7, 8, 9, 12, 63, 255))
MIRROR = np.uint64(56)
DOUBLE_STEP = np.uint64(16)
BISHOP_KIND, ROOK_KIND, KING_KIND = np.uint64(2), np.uint64(3), np.uint64(4)
E1, D1, F1, C1, G1 = (np.uint64(n) for n in (4, 3, 5, 2, 6))
FILE_A, FILE_H = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)
RANK_3, RANK_7 = np.uint64(0x0000000000FF0000), np.uint64(0x00FF000000000000)
DARK, LIGHT = np.uint64(0xAA55AA55AA55AA55), np.uint64(0x55AA55AA55AA55AA)
SHORT_PATH, LONG_PATH = np.uint64(0x60), np.uint64(0x0E)
OWN_SHORT, OWN_LONG = U1, U2
FIRST_PROMOTION = np.uint64(1792)


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
def add_castling(t: Table, s: State, actions: NDArray[np.uint16], end: int) -> int:
    """Write castling, where the king is not in check."""
    occupied = all_pieces(s)
    theirs = occupied & ~s.own
    rights = np.uint64(s.castling)
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
def man_targets(t: Table, s: State, source: np.uint64) -> np.uint64:
    """Squares that the pawn, knight, bishop, rook or queen on `source` moves to, its own side's pieces included."""
    man, occupied = bit(source), all_pieces(s)
    if s.pawns & man:
        one = (man << U8) & ~occupied
        two = ((one & RANK_3) << U8) & ~occupied
        return one | two | (t[PAWN + source] & occupied)
    if s.knights & man:
        return t[KNIGHT + source]
    targets = U0
    if s.diagonals & man:
        targets = bishop_reach(t, source, occupied)
    if s.orthogonals & man:
        targets |= rook_reach(t, source, occupied)
    return targets


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

    men = s.own ^ bit(king)
    while men:
        source = lowest(men)
        man = bit(source)
        men ^= man
        targets = man_targets(t, s, source) & allowed
        if pinned & man:
            targets &= t[LINE + (king << U6) + source]
        end = add_plain(t, source, targets, actions, end)
        if s.pawns & man & RANK_7:
            end = add_promotions(source, targets, actions, end)

    if s.en_passant:
        target = np.uint64(s.en_passant)
        capturers = en_passant_capturers(t, s, target)
        while capturers:
            end = add_plain(t, lowest(capturers), bit(target), actions, end)
            capturers &= capturers - U1
    return end


@inline
def kind_at(s: State, square: np.uint64) -> np.uint64:
    """Kind of the piece on an occupied square: pawn 0, knight, bishop, rook, king 4, queen 5 (both sliders, 2 + 3)."""
    knight, diagonal = (s.knights >> square) & U1, (s.diagonals >> square) & U1
    orthogonal, king = (s.orthogonals >> square) & U1, (s.kings >> square) & U1
    return knight + U2 * diagonal + U3 * orthogonal + (king << U2)


@inline
def piece_key(t: Table, s: State, colour: np.uint64, kind: np.uint64, square: np.uint64) -> np.uint64:
    """Key of a piece; `colour` 0 = the player to move."""
    black = np.uint64(s.is_black)
    return t[PIECE_KEY + (((colour ^ black) * U6 + kind) << U6) + (square ^ (MIRROR * black))]


@inline
def castle(t: Table, s: State, rook: np.uint64) -> None:
    """Move king and rook of `s`, in place, without changing the player to move."""
    king_to, rook_to = (G1, F1) if rook > E1 else (C1, D1)
    king_path, rook_path = bit(E1) | bit(king_to), bit(rook) | bit(rook_to)
    s.kings ^= king_path
    s.orthogonals ^= rook_path
    s.own ^= king_path ^ rook_path
    s.key ^= piece_key(t, s, U0, KING_KIND, E1) ^ piece_key(t, s, U0, KING_KIND, king_to)
    s.key ^= piece_key(t, s, U0, ROOK_KIND, rook) ^ piece_key(t, s, U0, ROOK_KIND, rook_to)


@inline
def move_piece(t: Table, s: State, source: np.uint64, target: np.uint64, promoted: np.uint64) -> bool:
    """Move one piece of `s`, in place, without changing the player to move.

    Args:
        promoted: kind that a pawn becomes on the last rank.

    Returns:
        Whether the fifty-move count starts anew: a capture or a pawn's move.
    """
    man, to = bit(source), bit(target)
    kind, victim = kind_at(s, source), target
    is_pawn = kind == U0
    if is_pawn and s.en_passant and target == np.uint64(s.en_passant):
        victim = target - U8
    captured = bit(victim) & all_pieces(s)
    if captured:
        s.key ^= piece_key(t, s, U1, kind_at(s, victim), victim)
    s.key ^= piece_key(t, s, U0, kind, source)
    if is_pawn and target >= MIRROR:
        kind = promoted
    s.key ^= piece_key(t, s, U0, kind, target)

    keep = ~(man | captured)
    s.pawns &= keep
    s.knights &= keep
    s.diagonals &= keep
    s.orthogonals &= keep
    s.kings &= keep
    s.own ^= man | to
    if kind == U0:
        s.pawns |= to
    elif kind == U1:
        s.knights |= to
    elif kind == KING_KIND:
        s.kings |= to
    else:
        if kind != ROOK_KIND:
            s.diagonals |= to
        if kind != BISHOP_KIND:
            s.orthogonals |= to
    return is_pawn or captured != U0


@inline
def change_sides(s: State) -> None:
    """Show `s`, in place, to the other player: boards mirrored, the others' pieces his own."""
    s.own = flip(all_pieces(s) & ~s.own)
    s.pawns = flip(s.pawns)
    s.knights = flip(s.knights)
    s.diagonals = flip(s.diagonals)
    s.orthogonals = flip(s.orthogonals)
    s.kings = flip(s.kings)
    rights = np.uint64(s.castling)
    s.castling = (rights >> U2) | ((rights & U3) << U2)
    s.fullmoves += s.is_black
    s.is_black ^= 1


@inline
def step(t: Table, s: State, action: int) -> None:
    """Play a legal action on `s`, in place."""
    move = t[MOVE + np.uint64(action)]
    source, target = move & U63, (move >> U6) & U63
    black, rights, passing = np.uint64(s.is_black), np.uint64(s.castling), np.uint64(s.en_passant)
    is_double_step = (bit(source) & s.pawns) != U0 and target == source + DOUBLE_STEP
    is_irreversible = False
    if bit(target) & s.own:
        castle(t, s, target)
    else:
        is_irreversible = move_piece(t, s, source, target, move >> U12)
    s.halfmoves = U0 if is_irreversible else min(np.uint64(s.halfmoves) + U1, U255)

    kept = rights & t[RIGHTS + source] & t[RIGHTS + target]
    is_irreversible = is_irreversible or kept != rights
    s.reversible = U0 if is_irreversible else min(np.uint64(s.reversible) + U1, U255)
    s.castling = kept
    s.key ^= t[CASTLING_KEY + (black << U4) + rights] ^ t[CASTLING_KEY + (black << U4) + kept] ^ t[SIDE_KEY]
    if passing:
        s.key ^= t[EN_PASSANT_KEY + passing]
    s.en_passant = U0
    s.repetitions = U0
    change_sides(s)
    if is_double_step:
        passing = (source + U8) ^ MIRROR
        if en_passant_capturers(t, s, passing):
            s.en_passant = passing
            s.key ^= t[EN_PASSANT_KEY + passing]


@inline
def is_material_insufficient(s: State) -> bool:
    """Whether no moves can lead to mate: bare kings, one minor piece, or bishops on squares of one colour."""
    if s.pawns | s.orthogonals:
        return False
    if s.knights:
        return count(all_pieces(s)) == U3
    return not s.diagonals & DARK or not s.diagonals & LIGHT


@inline
def outcome(t: Table, s: State, has_action: bool) -> int:
    """How play has ended at `s`, seen without its line; `IN_PLAY` if it has not."""
    if not has_action and is_in_check(t, s):
        return CHECKMATE
    if is_material_insufficient(s):
        return INSUFFICIENT_MATERIAL
    if not has_action:
        return STALEMATE
    return FIFTY_MOVES if s.halfmoves >= FIFTY_MOVE_PLIES else IN_PLAY


@kernel
def step_rows(t: Table, states: NDArray[np.void], actions: NDArray[np.uint16]) -> None:
    """Play `actions` [B] on `states` [B], in place."""
    for i in range(len(states)):
        step(t, states[i], to_int(actions[i]))


@kernel
def expand_rows(
    t: Table,
    states: NDArray[np.void],
    outcomes: NDArray[np.uint8],
    offsets: NDArray[np.int32],
    actions: NDArray[np.uint16],
) -> int:
    """Fill the arrays of an `Expansion` of `states` [B]; returns how many actions there are.

    Args:
        t: `tables()`.
        states: rows [B].
        outcomes: [B], overwritten.
        offsets: [B + 1], overwritten.
        actions: room for B * `MAX_LEGAL`.
    """
    end = to_int(0)
    offsets[0] = 0
    for i in range(len(states)):
        begin = end
        end = legal_actions(t, states[i], actions, begin)
        outcomes[i] = outcome(t, states[i], end > begin)
        if outcomes[i] != IN_PLAY:
            end = begin
        offsets[i + 1] = end
    return end


@kernel
def play_line(t: Table, states: NDArray[np.void], actions: NDArray[np.uint16]) -> int:
    """Fill `states` [n + 1] from its first row and `actions` [n], with `repetitions`.

    Returns:
        How many actions were played: less than n where the next one is not legal.
    """
    legal = np.empty(MAX_LEGAL, np.uint16)
    for i in range(len(actions)):
        end = legal_actions(t, states[i], legal, to_int(0))
        is_legal = False
        for j in range(end):
            is_legal |= legal[j] == actions[i]
        if not is_legal:
            return i
        states[i + 1] = states[i]
        step(t, states[i + 1], to_int(actions[i]))
        count_repetitions(states, i + 1)
    return len(actions)


@inline
def count_repetitions(states: NDArray[np.void], at: int) -> None:
    """Set `repetitions` of row `at` from the rows before it."""
    earlier = 0
    for back in range(4, min(to_int(states[at].reversible), at) + 1, 2):
        earlier += states[at - back].key == states[at].key
    states[at].repetitions = min(earlier, 255)


@kernel
def perft(t: Table, states: NDArray[np.void], depth: int) -> int:
    """How many sequences of `depth` legal moves there are; draws by rule do not end a sequence.

    Args:
        t: `tables()`.
        states: [depth], overwritten but for the first row, where counting starts.
        depth: at least 1.
    """
    actions = np.empty(depth * MAX_LEGAL, np.uint16)
    tried, ends = np.zeros(depth, np.int64), np.zeros(depth, np.int64)
    leaves, ply = 0, 0
    ends[0] = legal_actions(t, states[0], actions, to_int(0))
    while ply >= 0:
        if ply == depth - 1:  # bulk counting: the last moves are listed, not played
            leaves += ends[ply] - tried[ply]
            ply -= 1
        elif tried[ply] == ends[ply]:
            ply -= 1
        else:
            action = actions[tried[ply]]
            tried[ply] += 1
            states[ply + 1] = states[ply]
            step(t, states[ply + 1], to_int(action))
            ply += 1
            tried[ply] = ply * MAX_LEGAL
            ends[ply] = legal_actions(t, states[ply], actions, tried[ply])
    return leaves
