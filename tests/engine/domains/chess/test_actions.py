"""The 1858 actions: facts about Lc0's table, and moves there and back."""

import chess
import numpy as np
import pytest

from engine.domains.base import ActionError
from engine.domains.chess.actions import (
    ACTION_FROM,
    ACTION_INDEX,
    ACTION_PROMO,
    ACTION_TO,
    KNIGHT,
    NUM_ACTIONS,
    NUM_POLICY_PLANES,
    POLICY_MAP,
    QUEEN,
    ROOK,
)
from engine.domains.chess.moves import action_of_move, move_of_action

LETTERS = {0: "", 3: "b", 4: "r", 5: "q"}


def name(action: int) -> str:
    squares = chess.square_name(ACTION_FROM[action]) + chess.square_name(ACTION_TO[action])
    return squares + LETTERS[int(ACTION_PROMO[action])]


def index(text: str) -> int:
    promotion = {"q": 5, "r": 4, "b": 3}.get(text[4:], 0)
    return int(ACTION_INDEX[chess.parse_square(text[:2]), chess.parse_square(text[2:4]), promotion])


def test_order_is_that_of_lc0() -> None:
    names = [name(action) for action in range(NUM_ACTIONS)]
    assert len(names) == len(set(names)) == 1858
    first = ["a1b1", "a1c1", "a1d1", "a1e1", "a1f1", "a1g1", "a1h1", "a1a2", "a1b2", "a1c2", "a1a3"]
    assert names[: len(first)] == first
    assert names[-1] == "h7h8b"
    assert names[1792:1798] == ["a7a8q", "a7a8r", "a7a8b", "a7b8q", "a7b8r", "a7b8b"]
    assert names[1798] == "b7a8q"


def test_lookup_is_the_inverse() -> None:
    assert [index(name(action)) for action in range(NUM_ACTIONS)] == list(range(NUM_ACTIONS))
    assert (ACTION_INDEX[:, :, 0] >= 0).sum() == 1792
    assert index("a1b4") == -1
    assert ACTION_INDEX[chess.A7, chess.A8, KNIGHT] == ACTION_INDEX[chess.A7, chess.A8, 0]
    assert ACTION_INDEX[chess.A6, chess.A7, KNIGHT] == -1


@pytest.mark.parametrize(
    ("text", "plane"),
    [
        ("a1a2", 0),  # north, one square
        ("a1a8", 6),
        ("a1b2", 7),  # north-east
        ("a1b1", 14),  # east
        ("h8g8", 42),  # west
        ("h1g2", 49),  # north-west
        ("a1b3", 56),  # knight: one file right, two ranks up
        ("h1g3", 63),  # knight: one file left, two ranks up
        ("b7a8r", 64),  # capture to the left
        ("b7a8q", 66),
        ("b7b8b", 68),
        ("b7c8q", 72),
        ("e1h1", 16),  # castling: three squares east
    ],
)
def test_planes_of_a_convolutional_policy(text: str, plane: int) -> None:
    assert POLICY_MAP[index(text)] == plane * 64 + chess.parse_square(text[:2])


def test_every_action_has_a_place_of_its_own_in_the_planes() -> None:
    assert len(np.unique(POLICY_MAP)) == NUM_ACTIONS
    assert POLICY_MAP.max() < NUM_POLICY_PLANES * 64


@pytest.mark.parametrize(
    ("fen", "move", "action"),
    [
        (chess.STARTING_FEN, "e2e4", "e2e4"),
        ("4k3/8/8/8/8/8/8/4K2R w K - 0 1", "e1g1", "e1h1"),
        ("4k3/8/8/8/8/8/8/R3K3 w Q - 0 1", "e1c1", "e1a1"),
        ("r3k2r/8/8/8/8/8/8/4K3 b kq - 0 1", "e8g8", "e1h1"),
        ("r3k2r/8/8/8/8/8/8/4K3 b kq - 0 1", "e8c8", "e1a1"),
        ("4k3/1P6/8/8/8/8/8/4K3 w - - 0 1", "b7b8n", "b7b8"),
        ("4k3/1P6/8/8/8/8/8/4K3 w - - 0 1", "b7b8q", "b7b8q"),
        ("4k3/8/8/8/8/8/1p6/R3K3 b - - 0 1", "b2a1r", "b7a8r"),
        ("4k3/8/8/8/8/8/8/R3K2R w - - 0 1", "e1f1", "e1f1"),
    ],
)
def test_moves_seen_by_the_player_to_move(fen: str, move: str, action: str) -> None:
    board = chess.Board(fen)
    assert action_of_move(board, chess.Move.from_uci(move)) == index(action)
    assert move_of_action(board, index(action)).uci() == move


def test_a_king_on_the_e_file_that_takes_is_not_castling() -> None:
    board = chess.Board("4k3/8/8/8/8/8/8/4K2r w - - 0 1")
    with pytest.raises(ActionError, match=r"action \d+ \(e1h1\) is not legal in '4k3/"):
        move_of_action(board, index("e1h1"))


@pytest.mark.parametrize("action", [-1, 1858, 10**9])
def test_numbers_that_are_no_action(action: int) -> None:
    with pytest.raises(ActionError, match=str(action)):
        move_of_action(chess.Board(), action)


def test_promotion_numbers_are_those_of_python_chess() -> None:
    assert (KNIGHT, ROOK, QUEEN) == (chess.KNIGHT, chess.ROOK, chess.QUEEN)
