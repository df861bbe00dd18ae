"""A slow second opinion on chess: python-chess behind the words of our rules, and where the big collections lie."""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import chess
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.domains.base import Line
from engine.domains.chess.kernels import perft
from engine.domains.chess.moves import action_of_move
from engine.domains.chess.outcomes import (
    CHECKMATE,
    FIFTY_MOVES,
    IN_PLAY,
    INSUFFICIENT_MATERIAL,
    STALEMATE,
)
from engine.domains.chess.rules import ChessRules
from engine.domains.chess.state import STATE, key_from_scratch, state_of_board, state_of_fen
from engine.domains.chess.tables import tables

RULES = ChessRules()

KIWIPETE = "r3k2r/p1ppqpb1/bn2pnp1/3PN3/1p2P3/2N2Q1p/PPPBBPPP/R3K2R w KQkq - 0 1"

SHARED = Path(os.environ.get("ARBORIST_SHARED", ""))
needs_shared = pytest.mark.skipif(
    not os.environ.get("ARBORIST_SHARED"), reason="ARBORIST_SHARED does not name the folder of collected games"
)


def perft_of(fen: str, depth: int) -> int:
    rows = np.zeros(depth, STATE)
    rows[:1] = state_of_fen(fen)
    return int(perft(tables(), rows, depth))


def outcome_of(board: chess.Board) -> int:
    """python-chess's verdict; drawn at once by the fifty-move rule, and blind to repetition."""
    if board.is_checkmate():
        return CHECKMATE
    if board.is_insufficient_material():
        return INSUFFICIENT_MATERIAL
    if board.is_stalemate():
        return STALEMATE
    return FIFTY_MOVES if board.is_fifty_moves() else IN_PLAY


def actions_of(board: chess.Board) -> dict[int, chess.Move]:
    """Legal moves by action; no two may share one."""
    moves = list(board.legal_moves)
    found = {action_of_move(board, move): move for move in moves}
    assert len(found) == len(moves), board.fen()
    return found


def assert_agrees(board: chess.Board, rows: NDArray[np.void]) -> None:
    """The row [1] is what python-chess's board is: every field, legal actions, outcome, key."""
    expected = state_of_board(board)[0]
    for name in STATE.names or ():
        if name not in ("reversible", "repetitions"):
            assert rows[0][name] == expected[name], (name, board.fen())
    assert rows["key"][0] == key_from_scratch(rows[0]), board.fen()
    expansion = RULES.expand(rows)
    outcome = outcome_of(board)
    assert expansion.outcomes[0] == outcome, board.fen()
    legal = sorted(expansion.actions.tolist())
    assert legal == ([] if outcome else sorted(actions_of(board))), board.fen()


def random_game(seed: int, fen: str = chess.STARTING_FEN, plies: int = 600) -> Iterator[tuple[chess.Board, Line]]:
    """Positions of a random game, with the line to each, until it ends or has `plies` moves."""
    source = random.Random(seed)
    board, line = chess.Board(fen), Line(fen)
    while True:
        yield board, line
        if outcome_of(board) or len(line.actions) == plies:
            return
        # Captures and promotions more often than by chance, so that endings with few pieces are reached.
        moves = actions_of(board)
        sharp = [action for action, move in moves.items() if board.is_capture(move) or move.promotion]
        action = source.choice(sharp if sharp and source.random() < 0.3 else list(moves))
        board.push(moves[action])
        line = line.then(action)
