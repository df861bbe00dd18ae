"""Compiled rules of chess over rows of states: stepping, expanding, whole lines, perft.

Rows are those of `engine.domains.chess.state`; `t` is always the array of `engine.domains.chess.tables`.
"""
# mypy: disable-error-code="no-any-return"
# (elements of arrays and records are Any to mypy; numba infers their types and checks them)

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inline, kernel
from engine.domains.chess.bits import (
    BISHOP_KIND,
    C1,
    D1,
    DARK,
    F1,
    G1,
    KING_KIND,
    LIGHT,
    MIRROR,
    ROOK_KIND,
    U0,
    U1,
    U2,
    U3,
    U6,
    U7,
    U8,
    U12,
    U15,
    U63,
    U255,
    bit,
    count,
    flip,
    lowest,
    to_int,
)
from engine.domains.chess.castling import OWN_LONG, OWN_SHORT, THEIR_LONG, THEIR_SHORT
from engine.domains.chess.legal import (
    MAX_LEGAL,
    State,
    all_pieces,
    castling_rook,
    en_passant_capturers,
    is_in_check,
    legal_actions,
)
from engine.domains.chess.outcomes import (
    CHECKMATE,
    FIFTY_MOVE_PLIES,
    FIFTY_MOVES,
    IN_PLAY,
    INSUFFICIENT_MATERIAL,
    STALEMATE,
)
from engine.domains.chess.tables import (
    CASTLING_KEY,
    EN_PASSANT_KEY,
    FILES_NUMBER,
    MOVE,
    PIECE_KEY,
    RIGHTS,
    SIDE_KEY,
    Table,
)

DOUBLE_STEP = np.uint64(16)
OWNS_SHORT, OWNS_LONG = np.uint64(OWN_SHORT), np.uint64(OWN_LONG)
THEIRS_SHORT, THEIRS_LONG = np.uint64(THEIR_SHORT), np.uint64(THEIR_LONG)
FILES_BITS = ~U15
_SHORT, _LONG = np.bool_(True), np.bool_(False)  # a literal would make a second version of what it is given to


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
    king = lowest(s.kings & s.own)
    king_to, rook_to = (G1, F1) if rook > king else (C1, D1)
    king_path, rook_path = bit(king) ^ bit(king_to), bit(rook) ^ bit(rook_to)  # empty for one that stays, in Chess960
    s.kings ^= king_path
    s.orthogonals ^= rook_path
    s.own ^= king_path ^ rook_path
    s.key ^= piece_key(t, s, U0, KING_KIND, king) ^ piece_key(t, s, U0, KING_KIND, king_to)
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
    s.castling = (rights & FILES_BITS) | ((rights & U15) >> U2) | ((rights & U3) << U2)
    s.fullmoves += s.is_black
    s.is_black ^= 1


@inline
def castling_after_960(t: Table, s: State, source: np.uint64, target: np.uint64) -> np.uint64:
    """The field `castling` of `s` after a move that is yet to be played, where a file's number is in it."""
    rights, touched = np.uint64(s.castling) & U15, bit(source) | bit(target)
    king = lowest(s.kings & s.own if rights & (OWNS_SHORT | OWNS_LONG) else flip(s.kings & ~s.own)) & U7
    long, short = castling_rook(t, s, king, _LONG), castling_rook(t, s, king, _SHORT)
    if touched & s.kings:
        rights &= ~(OWNS_SHORT | OWNS_LONG)
    for file, own, their in ((long, OWNS_LONG, THEIRS_LONG), (short, OWNS_SHORT, THEIRS_SHORT)):
        if touched & bit(file):
            rights &= ~own
        if touched & bit(file ^ MIRROR):
            rights &= ~their
    if rights & (OWNS_LONG | THEIRS_LONG) == U0:
        long = U0
    if rights & (OWNS_SHORT | THEIRS_SHORT) == U0:
        short = U7
    return rights | t[FILES_NUMBER + (king << U6) + (long << U3) + short] if rights else U0


@inline
def step(t: Table, s: State, action: int) -> None:
    """Play a legal action on `s`, in place."""
    move = t[MOVE + np.uint64(action)]
    source, target = move & U63, (move >> U6) & U63
    black, rights, passing = np.uint64(s.is_black), np.uint64(s.castling), np.uint64(s.en_passant)
    is_double_step = (bit(source) & s.pawns) != U0 and target == source + DOUBLE_STEP
    kept = (
        rights & t[RIGHTS + source] & t[RIGHTS + target] if rights <= U15 else castling_after_960(t, s, source, target)
    )
    is_irreversible = False
    if bit(target) & s.own:
        castle(t, s, target)
    else:
        is_irreversible = move_piece(t, s, source, target, move >> U12)
    s.halfmoves = U0 if is_irreversible else min(np.uint64(s.halfmoves) + U1, U255)

    is_irreversible = is_irreversible or kept != rights
    s.reversible = U0 if is_irreversible else min(np.uint64(s.reversible) + U1, U255)
    s.castling = kept
    s.key ^= t[CASTLING_KEY + (black << U8) + rights] ^ t[CASTLING_KEY + (black << U8) + kept] ^ t[SIDE_KEY]
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
def step_rows(t: Table, states: NDArray[np.void], actions: NDArray[np.uint16], after: NDArray[np.void]) -> None:
    """Write the states after `actions` [B] on `states` [B] into `after` [B]."""
    for i in range(len(states)):
        after[i] = states[i]
        step(t, after[i], to_int(actions[i]))


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
