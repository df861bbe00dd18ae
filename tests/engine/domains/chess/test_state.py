"""Rows of states: FEN there and back, and what makes a key."""

import chess
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domains.base import PositionError
from engine.domains.chess.positions import START_FEN, read_fen
from engine.domains.chess.state import STATE, board_of_state, fen_of_state, state_of_board, state_of_fen
from tests.engine.domains.chess.reference import KIWIPETE, random_game

FENS = (
    START_FEN,
    KIWIPETE,
    "rnbqkbnr/ppp1pppp/8/8/3pP3/8/PPPP1PPP/RNBQKBNR b KQkq e3 0 3",
    "r3k3/8/8/8/8/8/8/4K2R b Kq - 37 80",
    "r3k3/8/8/8/8/8/8/4K2R w Kq - 37 80",
)


@pytest.mark.parametrize("fen", FENS)
def test_fen_there_and_back(fen: str) -> None:
    rows = state_of_fen(fen)
    assert fen_of_state(rows[0]) == fen
    assert board_of_state(rows[0]).status() == chess.STATUS_VALID


@given(seed=st.integers(0, 2**32 - 1))
def test_positions_of_games_there_and_back(seed: int) -> None:
    for board, _ in random_game(seed, plies=40):
        assert fen_of_state(state_of_board(board)[0]) == board.fen()


def test_a_row_has_64_bytes_and_the_fields_that_the_protocol_asks_for() -> None:
    assert STATE.itemsize == 64
    assert STATE["key"] == np.dtype("<u8")
    assert STATE["reversible"] == STATE["repetitions"] == np.dtype("u1")


def test_black_sees_the_board_from_his_side() -> None:
    white, black = state_of_fen(START_FEN)[0], state_of_fen(START_FEN.replace(" w ", " b "))[0]
    for name in ("pawns", "knights", "diagonals", "orthogonals", "own", "castling"):
        assert white[name] == black[name], name
    assert int(white["kings"]) == int(black["kings"])
    assert white["own"] == 0xFFFF


def key(fen: str) -> int:
    return int(state_of_fen(fen)["key"][0])


def test_keys_tell_positions_apart_but_not_clocks() -> None:
    fens = [
        "r3k2r/8/8/3pP3/8/8/8/R3K2R w KQkq d6 0 1",
        "r3k2r/8/8/3pP3/8/8/8/R3K2R w KQkq - 0 1",
        "r3k2r/8/8/3pP3/8/8/8/R3K2R b KQkq - 0 1",
        "r3k2r/8/8/3pP3/8/8/8/R3K2R w KQk - 0 1",
        "r3k2r/8/8/3pP3/8/8/8/R3K2R w KQq - 0 1",
        "r3k2r/8/8/3pP3/8/8/8/R3K2R w Kkq - 0 1",
        "r3k2r/8/8/3pP3/8/8/8/R3K2R w Qkq - 0 1",
        "r3k2r/8/8/3pP3/8/8/8/R3K2Q w Qkq - 0 1",
        "r3k2r/8/8/3pP3/8/8/8/R3K2B w Qkq - 0 1",
        "r3k2r/8/8/3pP3/8/8/8/R3K2N w Qkq - 0 1",
        "r3k2r/8/8/3Pp3/8/8/8/R3K2R w KQkq - 0 1",
    ]
    assert len({key(fen) for fen in fens}) == len(fens)
    assert key(fens[1]) == key("r3k2r/8/8/3pP3/8/8/8/R3K2R w KQkq - 42 99")


def test_keys_stay_what_they_were() -> None:
    """Keys may be stored: a change of the random numbers would make stored ones meaningless."""
    assert f"{key(START_FEN):016x}" == "f6a88a7efb4e0564"
    assert f"{key(KIWIPETE):016x}" == "5f08e52921c1c50a"


@pytest.mark.parametrize(
    ("fen", "reason"),
    [
        ("nonsense", "'nonsense' is no FEN: expected 8 rows"),
        ("rnbqkbnr/pppppppp/9/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1", "is no FEN: invalid character"),
        (START_FEN.replace(" w ", " x "), "is no FEN: expected 'w' or 'b'"),
        (START_FEN.replace("KQkq", "KQXq"), "is no FEN: invalid castling part"),
        (START_FEN + " 7", "is no FEN: fen string has more parts"),
        ("8/8/8/8/8/8/8/8 w - - 0 1", "is no legal position: the board is empty"),
        ("8/8/8/8/8/8/8/4k3 w - - 0 1", "is no legal position: White has no king"),
        ("8/8/8/8/8/8/8/4K3 w - - 0 1", "is no legal position: Black has no king"),
        ("4k3/8/8/8/8/8/8/KK6 w - - 0 1", "is no legal position: a side has more than one king"),
        ("4k3/8/8/8/8/8/4R3/4K3 w - - 0 1", "is no legal position: White is to move, but Black is in check"),
        ("4k3/4r3/8/8/8/8/8/4K3 b - - 0 1", "is no legal position: Black is to move, but White is in check"),
        ("4k2P/8/8/8/8/8/8/4K3 b - - 0 1", "is no legal position: a pawn stands on the first or last rank"),
        (START_FEN.replace("RNBQKBNR", "RNBQKBN1"), "is no legal position: castling rights 'KQkq' need king and rooks"),
        (START_FEN.replace("- 0", "e6 0"), "is no legal position: no pawn can just have stepped over e6"),
        (
            "4k3/8/8/8/8/PPPPPPPP/P7/4K3 w - - 0 1",
            "is no legal position: White has 9 pawns, but no side has more than 8",
        ),
        ("4k3/8/8/8/8/1QQQ4/PPPPPP2/4K1Q1 w - - 0 1", "White has 6 pawns and 3 promoted pieces, together more than 8"),
    ],
)
def test_what_is_wrong_with_a_fen_is_said_in_a_sentence(fen: str, reason: str) -> None:
    for read in (read_fen, state_of_fen):
        with pytest.raises(PositionError) as caught:
            read(fen)
        assert reason in str(caught.value)
        assert repr(fen) in str(caught.value)


def test_castling_of_no_game_is_refused() -> None:
    with pytest.raises(PositionError, match=r"castling in .* is none of a game of chess or Chess960"):
        state_of_board(chess.Board("r3k3/8/8/8/8/8/8/1R2K3 w Bq - 0 1", chess960=True))
