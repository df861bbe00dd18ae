"""At least 100,000 positions of random and real games against python-chess. Takes minutes; asks for ARBORIST_SHARED."""

from itertools import islice
from pathlib import Path

import chess
import numpy as np
import pytest

from engine.domains.chess.kernels import play_line
from engine.domains.chess.moves import action_of_move
from engine.domains.chess.pgn import read_pgn
from engine.domains.chess.positions import START_FEN
from engine.domains.chess.state import STATE, state_of_fen
from engine.domains.chess.tables import tables
from tests.engine.domains.chess.reference import RULES, SHARED, assert_agrees, needs_shared, random_game

pytestmark = [pytest.mark.slow, needs_shared, pytest.mark.timeout(1800)]

COLLECTIONS = (
    "data/games/lichess_user_2000.pgn.zst",
    "data/games/lichess_magnus.pgn.zst",
    "data/unlicensed/games/pgnmentor_rated.pgn.zst",
)
POSITIONS_A_COLLECTION = 20_000
RANDOM_POSITIONS = 50_000


@pytest.mark.parametrize("path", COLLECTIONS)
def test_real_games_move_for_move(path: str) -> None:
    """Every 40th game: each state on the way, and how often it has occurred before."""
    checked = 0
    for game in islice(read_pgn(SHARED / Path(path)), 0, None, 40):
        assert not game.fault, game.headers
        states = np.zeros(len(game.actions) + 1, STATE)
        states[:1] = state_of_fen(START_FEN)
        assert play_line(tables(), states, game.actions) == len(game.actions)
        board = chess.Board()
        for ply, action in enumerate(game.actions.tolist()):
            assert_agrees(board, states[ply : ply + 1])
            assert (states["repetitions"][ply] >= 1) == board.is_repetition(2)
            assert (states["repetitions"][ply] >= 2) == board.is_repetition(3)
            moves = {action_of_move(board, move): move for move in board.legal_moves}
            board.push(moves[action])
        checked += len(game.actions)
        if checked >= POSITIONS_A_COLLECTION:
            return
    pytest.fail(f"only {checked} positions in {path}")


def test_random_games_move_for_move() -> None:
    checked, seed = 0, 0
    while checked < RANDOM_POSITIONS:
        rows, played = state_of_fen(START_FEN), 0
        for board, line in random_game(seed, plies=500):
            if len(line.actions) > played:
                rows = RULES.step(rows, np.array(line.actions[-1:], np.uint16))
                played += 1
            assert_agrees(board, rows)
            checked += 1
        seed += 1


@pytest.mark.parametrize("path", COLLECTIONS)
def test_every_game_can_be_read(path: str) -> None:
    """All but two, which python-chess refuses at the same moves: Gelfand-Gareev 2019 and Schleining-Paehtz 2014."""
    faults = [game.fault for game in read_pgn(SHARED / Path(path)) if game.fault]
    expected = ["'Qxe1' after 60 plies is no legal move", "'Bf3' after 74 plies is no legal move"]
    assert faults == (expected if "pgnmentor" in path else [])
