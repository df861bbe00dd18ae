"""Mates in one against python-chess: every legal action of every position, alone and with the others."""

import random
from collections.abc import Iterator

import chess
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.domains.base import NO_ACTION, Expansion
from engine.domains.chess.state import state_of_board
from tests.engine.domains.chess.reference import RULES, actions_of, outcome_of, random_game


def mates_of(board: chess.Board) -> set[int]:
    """Actions that mate, by playing them."""
    mates = set()
    for action, move in actions_of(board).items():
        if board.gives_check(move):
            board.push(move)
            if board.is_checkmate():
                mates.add(action)
            board.pop()
    return mates


def assert_mates_agree(boards: list[chess.Board]) -> int:
    """Compare; returns how many actions mate."""
    states = np.concatenate([state_of_board(board) for board in boards])
    expansion = RULES.expand(states)
    mates = [set() if outcome_of(board) else mates_of(board) for board in boards]

    counts = np.diff(expansion.offsets)
    alone = Expansion(
        np.zeros(len(expansion.actions), np.uint8),
        np.arange(len(expansion.actions) + 1, dtype=np.int32),
        expansion.actions,
    )
    each = RULES.wins(np.repeat(states, counts), alone) != NO_ACTION
    first = RULES.wins(states, expansion)
    for i, board in enumerate(boards):
        row = slice(expansion.offsets[i], expansion.offsets[i + 1])
        found = expansion.actions[row][each[row]].tolist()
        assert set(found) == mates[i], board.fen()
        assert first[i] == (found[0] if found else NO_ACTION), board.fen()
    return sum(map(len, mates))


def crowded_kings(seed: int, count: int) -> Iterator[chess.Board]:
    """Random positions in which mates are common: a king among his own men, and an army against him."""
    source = random.Random(seed)
    while count:
        board = chess.Board(None)
        squares = source.sample(range(64), 64)
        king = squares.pop()
        board.set_piece_at(king, chess.Piece(chess.KING, chess.BLACK))
        for square in squares[:12]:
            near = chess.square_distance(square, king) == 1
            board.set_piece_at(square, chess.Piece(source.choice([2, 3, 4] if near else [2, 3, 4, 5]), not near))
        for square in squares[12:20]:
            if 0 < chess.square_rank(square) < 7:
                board.set_piece_at(square, chess.Piece(chess.PAWN, source.random() < 0.7))
        board.set_piece_at(squares[20], chess.Piece(chess.KING, chess.WHITE))
        if board.is_valid() and not board.is_check():
            count -= 1
            yield board if source.random() < 0.5 else board.mirror()


def of_random_games(seeds: range) -> list[chess.Board]:
    return [board.copy(stack=False) for seed in seeds for board, _ in random_game(seed, plies=300)]


def test_every_action_of_random_games() -> None:
    assert_mates_agree(of_random_games(range(3)))


def test_every_action_where_mates_are_common() -> None:
    assert assert_mates_agree(list(crowded_kings(0, 800))) > 400


@pytest.mark.slow
def test_every_action_of_ten_thousand_positions() -> None:
    boards = of_random_games(range(100, 140))
    assert len(boards) > 8000
    assert assert_mates_agree(boards) > 30
    assert assert_mates_agree(list(crowded_kings(1, 5000))) > 2500


SPECIAL = {
    "short castling": ("5N1B/2N5/5Q2/8/8/8/6Q1/rk2K2R w K - 0 1", "O-O#"),
    "long castling": ("8/2Q5/5Q2/8/4Q3/8/1R4pp/R3K2k w Q - 0 1", "O-O-O#"),
    "the king steps out of a line": ("7k/4PPp1/8/4B2K/8/8/8/7Q w - - 0 1", "Kg5#"),
    "en passant": ("K7/8/R7/Pp6/8/5Q2/kp2R1R1/nb6 w - b6 0 1", "axb6#"),
    "en passant opens the file": ("2B5/4K3/6B1/5pP1/1R5b/7k/7p/6Q1 w - f6 0 1", "gxf6#"),
    "en passant opens the line of the captured pawn": ("8/3B2K1/7R/3BPp2/7b/6pk/7r/8 w - f6 0 1", "exf6#"),
    "en passant with two checks": ("8/7r/5K1k/3R2pP/5Q1Q/8/1B6/5B2 w - g6 0 1", "hxg6#"),
    "a double step opens a line": ("8/8/3Q4/8/8/5B2/1P4P1/3Q1K1k w - - 0 1", "g4#"),
    "promotion by capture": ("1nnr4/N1kP1QP1/1pbpQ3/8/8/2R5/3K4/8 w - - 0 1", "dxc8=Q#"),
    "promotion to a rook": ("4kn2/1N1bP1P1/5K2/8/3Q4/N7/8/3B4 w - - 0 1", "gxf8=R#"),
    "promotion to a knight": ("8/4PRP1/6Bk/5K2/8/8/8/8 w - - 0 1", "g8=N#"),
    "promotion seen through the square left": ("8/5P1P/8/8/3R4/8/8/5K1k w - - 0 1", "h8=Q#"),
    "double check": ("4N3/4Q3/8/8/pR6/kr1R4/pp1Q4/R3K3 w Q - 0 1", "Rbxb3#"),
    "smothered": ("6rk/6pp/8/6N1/8/8/8/K7 w - - 0 1", "Nf7#"),
    "mate comes before the fifty-move rule": ("6rk/6pp/8/6N1/8/8/8/K7 w - - 99 80", "Nf7#"),
    "stalemate is no mate": ("7k/8/6K1/8/8/8/8/5Q2 w - - 0 1", "Qf8#"),
}


@pytest.mark.parametrize("case", SPECIAL)
def test_special_mates(case: str) -> None:
    """Found for White and, mirrored, for Black, and no other action with them."""
    fen, san = SPECIAL[case]
    board = chess.Board(fen)
    assert board.parse_san(san) in [actions_of(board)[action] for action in mates_of(board)]
    assert assert_mates_agree([board, board.mirror()]) >= 2


def test_a_row_that_has_ended_has_no_win() -> None:
    mated = state_of_board(chess.Board("rnb1kbnr/pppp1ppp/8/4p3/6Pq/5P2/PPPPP2P/RNBQKBNR w KQkq - 1 3"))
    assert RULES.wins(mated, RULES.expand(mated)).tolist() == [NO_ACTION]
    none: NDArray[np.void] = mated[:0]
    assert RULES.wins(none, RULES.expand(none)).tolist() == []
