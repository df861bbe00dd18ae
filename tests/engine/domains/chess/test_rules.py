"""The compiled rules against python-chess, move for move, and the ways a game ends."""

import chess
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domains.base import ActionError, Line, PositionError
from engine.domains.chess.kernels import play_line
from engine.domains.chess.moves import action_of_move
from engine.domains.chess.outcomes import (
    CHECKMATE,
    FIFTY_MOVES,
    IN_PLAY,
    INSUFFICIENT_MATERIAL,
    OUTCOMES,
    REPETITION,
    STALEMATE,
)
from engine.domains.chess.positions import START_FEN
from engine.domains.chess.state import STATE, fen_of_state, state_of_board, state_of_fen
from engine.domains.chess.tables import tables
from tests.engine.domains.chess.reference import KIWIPETE, RULES, actions_of, assert_agrees, outcome_of, random_game


def line_of(fen: str, *moves: str) -> Line:
    board, line = chess.Board(fen), Line(fen)
    for text in moves:
        move = board.parse_san(text)
        line = line.then(action_of_move(board, move))
        board.push(move)
    return line


def outcome(fen: str) -> int:
    return int(RULES.expand(state_of_fen(fen)).outcomes[0])


STARTS = (
    START_FEN,
    KIWIPETE,
    "8/2p5/3p4/KP5r/1R3p1k/8/4P1P1/8 w - - 0 1",  # captures in passing that pins forbid
    "r2q1rk1/pP1p2pp/Q4n2/bbp1p3/Np6/1B3NBn/pPPP1PPP/R3K2R b KQ - 0 1",  # promotions by capture
    "8/PPPP2PP/4k3/8/8/4K3/pppp2pp/8 w - - 0 1",
    "r3k2r/8/8/8/8/8/8/R3K2R w KQkq - 0 1",
    "8/8/2bnk3/8/8/3KNB2/8/8 w - - 90 60",  # few pieces, and the fifty-move rule ahead
)


@pytest.mark.parametrize("fen", STARTS)
@pytest.mark.parametrize("seed", range(3))
def test_random_games_agree_with_python_chess(fen: str, seed: int) -> None:
    """Stepped from position to position: an error would be carried along and seen."""
    rows = state_of_fen(fen)
    played = 0
    for board, line in random_game(seed, fen, plies=240):
        if len(line.actions) > played:
            rows = RULES.step(rows, np.array(line.actions[-1:], np.uint16))
            played += 1
        assert_agrees(board, rows)


def test_rows_of_a_batch_do_not_touch_each_other() -> None:
    boards = [board.copy() for seed in range(4) for board, _ in random_game(seed, plies=60)]
    rows = np.concatenate([state_of_board(board) for board in boards])
    together = RULES.expand(rows)
    for i, board in enumerate(boards):
        own = together.actions[together.offsets[i] : together.offsets[i + 1]]
        assert sorted(own.tolist()) == ([] if outcome_of(board) else sorted(actions_of(board)))
    assert together.offsets[-1] == len(together.actions)


def test_a_call_changes_none_of_its_arguments_and_takes_any_memory_layout() -> None:
    rows = state_of_fen(KIWIPETE).repeat(4)
    rows.setflags(write=False)
    before = rows.copy()
    actions = RULES.expand(rows[:1]).actions[:2].copy()
    actions.setflags(write=False)
    after = RULES.step(rows[::2], actions)
    RULES.encode(rows[::2, None], np.ones(2, np.int64), "compact")
    assert (rows == before).all()
    assert len(after) == 2
    assert (after["is_black"] == 1).all()


# How a game ends.


@pytest.mark.parametrize(
    ("fen", "expected"),
    [
        ("rnb1kbnr/pppp1ppp/8/4p3/6Pq/5P2/PPPPP2P/RNBQKBNR w KQkq - 1 3", CHECKMATE),
        ("rnb1kbnr/pppp1ppp/8/4p3/6Pq/5P2/PPPPP2P/RNBQKBNR w KQkq - 100 90", CHECKMATE),  # mate comes before the draw
        ("7k/5Q2/6K1/8/8/8/8/8 b - - 0 1", STALEMATE),
        ("7k/5Q2/6K1/8/8/8/8/8 b - - 100 90", STALEMATE),
        ("7k/8/6K1/8/8/8/8/1Q6 b - - 99 90", IN_PLAY),
        ("7k/8/6K1/8/8/8/8/1Q6 b - - 100 90", FIFTY_MOVES),
        ("7k/8/6K1/8/8/8/8/1Q6 b - - 200 150", FIFTY_MOVES),
        ("8/8/8/4k3/8/3K4/8/8 w - - 0 1", INSUFFICIENT_MATERIAL),
        ("8/8/8/4k3/8/3KN3/8/8 w - - 0 1", INSUFFICIENT_MATERIAL),
        ("8/8/8/4k3/8/3KB3/8/8 b - - 0 1", INSUFFICIENT_MATERIAL),
        ("8/8/8/4kb2/8/3KB3/8/8 w - - 0 1", IN_PLAY),  # bishops on different colours can mate
        ("8/8/8/4k1b1/8/3KB3/8/8 w - - 0 1", INSUFFICIENT_MATERIAL),
        ("8/8/6B1/4k3/8/3KN3/8/8 w - - 0 1", IN_PLAY),
        ("8/8/8/4kn2/8/3KN3/8/8 w - - 0 1", IN_PLAY),
        ("8/8/8/4k3/8/3KN3/4N3/8 w - - 0 1", IN_PLAY),
        ("8/8/8/4k3/8/3K4/4P3/8 w - - 0 1", IN_PLAY),
        ("8/8/8/4k3/8/3K4/8/7R w - - 0 1", IN_PLAY),
    ],
)
def test_how_a_game_ends(fen: str, expected: int) -> None:
    assert outcome(fen) == expected
    assert outcome_of(chess.Board(fen)) == expected
    assert len(RULES.expand(state_of_fen(fen)).actions) == (0 if expected else chess.Board(fen).legal_moves.count())


@given(st.data())
def test_material_of_bare_endings_is_judged_as_python_chess_does(data: st.DataObject) -> None:
    pieces = data.draw(st.lists(st.sampled_from("BbNnQqRr"), max_size=4))
    squares = data.draw(st.lists(st.integers(0, 63), min_size=6, max_size=6, unique=True))
    board = chess.Board(None)
    for square, symbol in zip(squares, ["K", "k", *pieces], strict=False):
        board.set_piece_at(square, chess.Piece.from_symbol(symbol))
    if board.is_valid():
        assert_agrees(board, state_of_board(board))


def test_values_are_for_the_player_to_move() -> None:
    assert [kind.value for kind in OUTCOMES] == [0, -1, 0, 0, 0, 0, -1, 0, 1]
    assert RULES.repetition_outcome == REPETITION
    assert RULES.outcomes[REPETITION].text == "repetition"


def test_counters_saturate_and_do_not_wrap() -> None:
    rows = state_of_fen("7k/8/8/8/8/8/1R6/K7 w - - 254 300")
    for san in ("Rc2", "Kg8", "Rb2", "Kh8"):
        board = chess.Board(fen_of_state(rows[0]))
        rows = RULES.step(rows, np.array([action_of_move(board, board.parse_san(san))], np.uint16))
        assert rows["halfmoves"][0] == 255
        assert rows["reversible"][0] == 255
    assert RULES.expand(rows).outcomes[0] == FIFTY_MOVES


# Repetition.


def test_repetitions_along_a_line() -> None:
    line = line_of(START_FEN, *["Nf3", "Nf6", "Ng1", "Ng8"] * 2)
    assert RULES.load(line)["repetitions"].tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 2]


def test_a_lost_castling_right_makes_a_new_position() -> None:
    line = line_of("r3k3/8/8/8/8/8/8/4K2R w Kq - 0 1", "Rg1", "Kd8", "Rh1", "Ke8", "Rg1", "Kd8", "Rh1", "Ke8")
    states = RULES.load(line)
    assert states["repetitions"].tolist() == [0, 0, 0, 0, 0, 0, 1, 1, 1]  # nor do the first two come back
    assert states["reversible"].tolist() == [0, 0, 0, 1, 2, 3, 4, 5, 6]
    assert states["halfmoves"].tolist() == list(range(9))


def test_en_passant_counts_only_where_the_capture_is_legal() -> None:
    # After e4 the pawn on d4 may capture in passing: the same board without that right is another position.
    line = line_of("4k3/8/8/8/3p4/8/4P3/4K1N1 w - - 0 1", "e4", "Kd8", "Nf3", "Ke8", "Ng1", "Kd8", "Nf3", "Ke8", "Ng1")
    states = RULES.load(line)
    assert states["en_passant"].tolist() == [0, 44, 0, 0, 0, 0, 0, 0, 0, 0]
    assert states["repetitions"].tolist() == [0, 0, 0, 0, 0, 0, 1, 1, 1, 1]
    # Here it is pinned away, so that nothing but the board counts.
    line = line_of("8/8/8/8/k2p3R/8/4P3/4K1N1 w - - 0 1", "e4", "Ka3", "Nf3", "Ka4", "Ng1", "Ka3", "Nf3", "Ka4", "Ng1")
    states = RULES.load(line)
    assert states["en_passant"].tolist() == [0] * 10
    assert states["repetitions"].tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 1, 2]


@pytest.mark.parametrize("seed", range(4))
def test_repetitions_agree_with_python_chess(seed: int) -> None:
    games = list(random_game(seed, "k1b5/1p1p4/1P1P4/8/8/1p1p4/1P1P4/K1B5 w - - 0 1", plies=120))
    board, line = games[-1]
    states = RULES.load(line)
    replay = chess.Board(line.start)
    for i, move in enumerate([*board.move_stack, None]):
        for times in (1, 2):
            assert (states["repetitions"][i] >= times) == replay.is_repetition(times + 1)
        if move:
            replay.push(move)
    assert states["repetitions"].max() > 0


def test_expand_never_sees_repetition() -> None:
    states = RULES.load(line_of(START_FEN, *["Nf3", "Nf6", "Ng1", "Ng8"] * 3))
    assert (RULES.expand(states).outcomes == IN_PLAY).all()


# Loading.


def test_loading_a_line_gives_every_state() -> None:
    board, line = list(random_game(11, plies=120))[-1]
    states = RULES.load(line)
    assert len(states) == len(line.actions) + 1
    assert fen_of_state(states[-1]) == board.fen()
    assert fen_of_state(states[0]) == START_FEN


@pytest.mark.parametrize("bad", [-1, 1858, 65536 + 322, 0])
def test_an_action_that_is_not_legal_is_named(bad: int) -> None:
    line = line_of(START_FEN, "e4").then(bad)
    with pytest.raises(
        ActionError, match=rf"action {bad} is not legal at ply 1 of the line, in 'rnbqkbnr/pppppppp/8/8/4P3"
    ):
        RULES.load(line)


def test_a_start_that_is_no_position_is_named() -> None:
    with pytest.raises(PositionError, match="'nowhere' is no FEN"):
        RULES.load(Line("nowhere"))


def test_play_line_stops_at_the_first_illegal_action() -> None:
    states = np.zeros(4, STATE)
    states[:1] = state_of_fen(START_FEN)
    good = line_of(START_FEN, "e4", "e5").actions
    assert play_line(tables(), states, np.array([*good, 0], np.uint16)) == 2
