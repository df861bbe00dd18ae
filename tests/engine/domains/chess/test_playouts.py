"""Random games of chess: drawn evenly, by the rules, and ended by the rules."""

import chess
import numpy as np
import pytest

from engine.domains.chess.outcomes import (
    CHECKMATE,
    FIFTY_MOVES,
    IN_PLAY,
    INSUFFICIENT_MATERIAL,
    REPETITION,
    STALEMATE,
)
from engine.domains.chess.positions import START_FEN
from engine.domains.chess.state import state_of_fen
from tests.engine.domains.chess.reference import RULES, actions_of


@pytest.mark.parametrize(
    "fen",
    [
        "6k1/5ppp/8/8/8/8/8/K3R3 w - - 0 1",  # one of its moves mates
        "6rk/6pp/8/6N1/8/8/8/K7 w - - 0 1",
        "4k3/P7/4K3/8/8/8/8/6Q1 w - - 0 1",  # several do
    ],
)
def test_every_action_is_drawn_alike(fen: str) -> None:
    """After one ply the share of mates is that among the legal moves."""
    board = chess.Board(fen)
    mates = 0
    for move in actions_of(board).values():
        board.push(move)
        mates += board.is_checkmate()
        board.pop()
    share = mates / len(actions_of(board))
    assert share > 0
    games = 20_000
    outcomes, plies = RULES.playouts(state_of_fen(fen).repeat(games), np.arange(games, dtype=np.uint64), 1)
    assert (plies == 1).all()
    assert np.mean(outcomes == CHECKMATE) == pytest.approx(share, abs=4 * (share / games) ** 0.5)


def test_games_end_in_every_way_but_repetition() -> None:
    outcomes, plies = RULES.playouts(state_of_fen(START_FEN).repeat(600), np.arange(600, dtype=np.uint64), 512)
    found = set(outcomes.tolist())
    assert found == {IN_PLAY, CHECKMATE, STALEMATE, INSUFFICIENT_MATERIAL, FIFTY_MOVES}
    assert REPETITION not in found
    assert (plies[outcomes == IN_PLAY] == 512).all()
    assert 250 < plies.mean() < 420


def test_the_fifty_move_count_goes_on_where_it_stood() -> None:
    states = state_of_fen("7k/8/8/8/8/8/R7/K7 w - - 95 90").repeat(50)
    outcomes, plies = RULES.playouts(states, np.arange(50, dtype=np.uint64), 512)
    drawn = outcomes == FIFTY_MOVES
    assert drawn.sum() > 40
    assert (plies[drawn] == 5).all()
