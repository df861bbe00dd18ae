"""Fast reading of move text, for training on millions of games.

A kernel lists the legal actions and takes the one that a token describes, so that whatever it returns is legal. It is
about a hundred times as fast as python-chess, and stricter: a token must name exactly one legal move in standard
algebraic notation. Comments, variations, annotations and move numbers are skipped. For what people type there is
`engine.domains.chess.notation`.
"""
# mypy: disable-error-code="no-any-return"
# (elements of arrays and records are Any to mypy; numba infers their types and checks them)

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inline, kernel
from engine.domains.chess.bits import (
    BISHOP_KIND,
    FILE_A,
    KING_KIND,
    MIRROR,
    QUEEN_KIND,
    RANK_1,
    ROOK_KIND,
    U0,
    U1,
    U6,
    U7,
    U8,
    U12,
    U63,
    bit,
    flip,
    lowest,
    to_int,
)
from engine.domains.chess.kernels import kind_at, step
from engine.domains.chess.legal import MAX_LEGAL, castling_rook, legal_actions
from engine.domains.chess.positions import START_FEN
from engine.domains.chess.state import state_of_fen
from engine.domains.chess.tables import MOVE, Table, tables

Text = NDArray[np.uint8]

SPACE, ZERO, ONE, EIGHT, NINE, FILE_LETTER_A, FILE_LETTER_H = (ord(c) for c in " 0189ah")
KNIGHT_LETTER, BISHOP_LETTER, ROOK_LETTER, QUEEN_LETTER, KING_LETTER, CASTLING_LETTER = (ord(c) for c in "NBRQKO")
BRACE_OPEN, BRACE_CLOSE, PARENTHESIS_OPEN, PARENTHESIS_CLOSE, DOLLAR, SEMICOLON, LINE_END = (ord(c) for c in "{}()$;\n")
CHECK, MATE, GOOD, BAD, PROMOTES, TAKES, DASH, DOT, SLASH, STAR = (ord(c) for c in "+#!?=x-./*")

NO_KIND = np.uint64(6)
ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_CASTLING, _PLAIN = np.bool_(True), np.bool_(False)  # a literal would make a second version of what it is given to
_SHORT, _LONG = _CASTLING, _PLAIN


def read_movetext(movetext: bytes, start: str = START_FEN) -> tuple[NDArray[np.uint16], int]:
    """Actions of one game's moves, and where reading stopped.

    Args:
        movetext: moves in standard algebraic notation, ASCII.
        start: FEN the game starts from.

    Returns:
        The actions, and the offset of the first token that is no legal move, or -1 if all were read.

    Raises:
        PositionError: `start` is no legal position.
    """
    state = _start().copy() if start == START_FEN else state_of_fen(start)
    actions = np.empty(len(movetext) // 2 + 1, np.uint16)  # a move takes at least two letters
    plies, stopped_at = read_moves(tables(), np.frombuffer(movetext, np.uint8), state, actions)
    return actions[:plies].copy(), stopped_at


@lru_cache(maxsize=1)
def _start() -> NDArray[Any]:
    """The row of the start of a game."""
    return state_of_fen(START_FEN)


@kernel
def read_moves(t: Table, text: Text, state: NDArray[np.void], actions: NDArray[np.uint16]) -> tuple[int, int]:
    """Read the moves of `text`, play them on `state` [1] in place, and write them to `actions`.

    Args:
        t: `tables()`.
        text: ASCII letters.
        state: where the game starts; the state after the last move that was read, afterwards.
        actions: room for len(text) // 2 + 1.

    Returns:
        How many moves were read, and the offset of the token at which reading stopped, or -1.
    """
    legal = np.empty(MAX_LEGAL, np.uint16)
    s, plies, at = state[0], to_int(0), to_int(0)
    while True:
        at = skip_to_move(text, at)
        if at >= len(text):
            return plies, -1
        end = token_end(text, at)
        action = find_action(t, s, text, at, end, legal)
        if action < 0:
            return plies, at
        actions[plies] = action
        plies += 1
        step(t, s, action)
        at = end


@inline
def token_end(text: Text, at: int) -> int:
    """The end of the token at `at`."""
    while (
        at < len(text)
        and text[at] > SPACE
        and text[at] not in (BRACE_OPEN, PARENTHESIS_OPEN, PARENTHESIS_CLOSE, DOLLAR)
    ):
        at += 1
    return at


@inline
def skip_past(text: Text, at: int, letter: int) -> int:
    """The place after the next `letter`, or the end of the text."""
    while at < len(text) and text[at] != letter:
        at += 1
    return at + 1


@inline
def skip_to_move(text: Text, at: int) -> int:
    """The place of the next token that should be a move, or len(text) where the game ends."""
    depth = 0
    while at < len(text):
        letter = text[at]
        if letter == BRACE_OPEN:
            at = skip_past(text, at, to_int(BRACE_CLOSE))
        elif letter == SEMICOLON:
            at = skip_past(text, at, to_int(LINE_END))
        elif letter in (PARENTHESIS_OPEN, PARENTHESIS_CLOSE):
            depth += 1 if letter == PARENTHESIS_OPEN else -1
            at += 1
        elif letter <= SPACE or letter == DOT:
            at += 1
        elif depth > 0 or letter == DOLLAR:
            at = token_end(text, at + 1)
        elif letter == STAR:
            return len(text)
        elif letter < ZERO or letter > NINE:
            return at
        else:
            end = at
            while end < len(text) and ZERO <= text[end] <= NINE:
                end += 1
            if end < len(text) and (
                text[end] == DASH or text[end] == SLASH
            ):  # a result, or castling written with zeros
                is_castling = end + 1 < len(text) and text[at] == ZERO and text[end + 1] == ZERO
                return at if is_castling else len(text)
            at = end
    return len(text)


@inline
def kind_of(letter: int) -> np.uint64:
    """Kind that a capital letter names, or `NO_KIND`."""
    if letter == KNIGHT_LETTER:
        return U1
    if letter == BISHOP_LETTER:
        return BISHOP_KIND
    if letter == ROOK_LETTER:
        return ROOK_KIND
    if letter == QUEEN_LETTER:
        return QUEEN_KIND
    return KING_KIND if letter == KING_LETTER else NO_KIND


@inline
def find_action(t: Table, s: Any, text: Text, at: int, end: int, legal: NDArray[np.uint16]) -> int:
    """The one legal action of `s` that the token `text[at:end]` names, or -1."""
    while end > at and (
        text[end - 1] == CHECK or text[end - 1] == MATE or text[end - 1] == GOOD or text[end - 1] == BAD
    ):
        end -= 1
    if end - at < 2:
        return -1
    if text[at] == CASTLING_LETTER or text[at] == ZERO:
        for i in range(at, end):
            if text[i] != (DASH if (i - at) & 1 else text[at]):
                return -1
        if end - at not in (3, 5):
            return -1
        king = lowest(s.kings & s.own) & U7
        rook = castling_rook(t, s, king, _SHORT if end - at == 3 else _LONG)
        return match(t, s, KING_KIND, ALL, rook, NO_KIND, _CASTLING, legal)

    kind, promoted = kind_of(text[at]), kind_of(text[end - 1])
    if kind != NO_KIND:
        at += 1
    else:
        kind = U0
    if promoted != NO_KIND:
        end -= 2 if text[end - 2] == PROMOTES else 1
    if end - at < 2:
        return -1
    file, rank = to_int(text[end - 2]) - FILE_LETTER_A, to_int(text[end - 1]) - ONE
    if not (0 <= file < 8 and 0 <= rank < 8):
        return -1
    sources = ALL
    for i in range(at, end - 2):
        letter = text[i]
        if FILE_LETTER_A <= letter <= FILE_LETTER_H:
            sources &= FILE_A << np.uint64(letter - FILE_LETTER_A)
        elif ONE <= letter <= EIGHT:
            sources &= RANK_1 << (U8 * np.uint64(letter - ONE))
        elif letter != TAKES and letter != DASH:
            return -1
    target = np.uint64(rank * 8 + file)
    if s.is_black:
        target, sources = target ^ MIRROR, flip(sources)
    return match(t, s, kind, sources, target, promoted, _PLAIN, legal)


@inline
def match(
    t: Table,
    s: Any,
    kind: np.uint64,
    sources: np.uint64,
    target: np.uint64,
    promoted: np.uint64,
    is_castling: bool,
    legal: NDArray[np.uint16],
) -> int:
    """The one legal action of a piece of `kind` from one of `sources` to `target`; -1 if there is none or several."""
    found = -1
    for i in range(legal_actions(t, s, legal, to_int(0))):
        move = t[MOVE + np.uint64(legal[i])]
        source = move & U63
        if (move >> U6) & U63 != target or not bit(source) & sources or kind_at(s, source) != kind:
            continue
        if ((bit(target) & s.own) != U0) != is_castling:
            continue
        if promoted != (move >> U12 if kind == U0 and target >= MIRROR else NO_KIND):
            continue
        if found >= 0:
            return -1
        found = to_int(legal[i])
    return found
