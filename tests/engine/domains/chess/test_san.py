"""Fast reading of move text and of PGN files."""

import io
from pathlib import Path

import chess
import chess.pgn
import pytest
import zstandard

from engine.domains.chess.moves import move_of_action
from engine.domains.chess.pgn import read_games, read_pgn
from engine.domains.chess.positions import START_FEN
from engine.domains.chess.san import read_movetext
from tests.engine.domains.chess.reference import KIWIPETE, random_game

GAMES = b"""[Event "Casual"]
[Result "1-0"]
[Opening "Italian [Giuoco]"]

1. e4 {[%clk 0:03:00] best by
[test] (so they say)} e5 2. Nf3 $1 Nc6 (2... d6 3. d4 (3. Bc4 {x}) exd4) 3. Bc4 Bc5 ; a comment 4. Nonsense
4. O-O Nf6 5. d3! O-O 1-0

[Event "Promotion"]
[FEN "8/1P4k1/8/8/8/8/6p1/1K6 w - - 0 1"]
[Result "1/2-1/2"]

1. b8=N g1=Q+ 2. Kb2 1/2-1/2

[Event "Broken"]
[Result "0-1"]

1. e4 e5 2. Ke3 Nc6 0-1

[Event "No position"]
[FEN "8/8/8/8/8/8/8/8 w - - 0 1"]
[Result "*"]

*
"""


def played(movetext: str, fen: str = START_FEN) -> list[str]:
    actions, stopped_at = read_movetext(movetext.encode(), fen)
    assert stopped_at == -1, movetext[stopped_at:]
    board = chess.Board(fen)
    return [board.san_and_push(move_of_action(board, int(action))) for action in actions]


@pytest.mark.parametrize("fen", [START_FEN, KIWIPETE, "8/PPPP2PP/4k3/8/8/4K3/pppp2pp/8 w - - 0 1"])
@pytest.mark.parametrize("seed", range(6))
def test_san_of_python_chess_is_read_back(fen: str, seed: int) -> None:
    board, line = list(random_game(seed, fen, plies=160))[-1]
    movetext = chess.Board(fen).variation_san(board.move_stack)
    actions, stopped_at = read_movetext(movetext.encode(), fen)
    assert stopped_at == -1
    assert tuple(actions.tolist()) == line.actions


@pytest.mark.parametrize(
    ("movetext", "moves"),
    [
        ("", []),
        ("*", []),
        ("1-0", []),
        ("0-1", []),
        ("1/2-1/2", []),
        ("1.e4 e5 2.Nf3", ["e4", "e5", "Nf3"]),
        ("1. e4 e5 1-0 2. Nf3", ["e4", "e5"]),
        ("1. e4 e5!? 2. Nf3?? Nc6$14 3. Bb5", ["e4", "e5", "Nf3", "Nc6", "Bb5"]),
        ("1. e4{good}e5 2. Nf3(2. f4)Nc6", ["e4", "e5", "Nf3", "Nc6"]),
        ("1. e4\r\n1... e5\t2. Ng1f3 Nb8-c6", ["e4", "e5", "Nf3", "Nc6"]),
        ("1. e4 e5 2. Nf3 Nf6 3. Bc4 Bc5 4. 0-0 0-0", ["e4", "e5", "Nf3", "Nf6", "Bc4", "Bc5", "O-O", "O-O"]),
        ("1. e4 {a comment that never ends", ["e4"]),
        ("1. e4 (1. d4 {no end", ["e4"]),
    ],
)
def test_what_stands_around_moves(movetext: str, moves: list[str]) -> None:
    assert played(movetext) == moves


@pytest.mark.parametrize(
    ("fen", "movetext", "move"),
    [
        ("r3k2r/8/8/8/8/8/8/R3K2R b KQkq - 0 1", "O-O-O", "O-O-O"),
        ("r3k2r/8/8/8/8/8/8/R3K2R w KQkq - 0 1", "O-O-O+", "O-O-O"),
        ("4k3/1P6/8/8/8/8/8/4K3 w - - 0 1", "b8Q", "b8=Q+"),
        ("4k3/1P6/8/8/8/8/8/4K3 w - - 0 1", "b8=N", "b8=N"),
        ("4k3/8/8/8/8/8/1p6/R3K3 b - - 0 1", "bxa1=B", "bxa1=B"),
        ("4k3/8/8/8/3pP3/8/8/4K3 b - e3 0 1", "dxe3", "dxe3"),
        ("2k5/8/8/Q6Q/8/8/8/Q3K3 w - - 0 1", "Qa5c3", "Q5c3+"),
        ("2k5/8/8/Q6Q/8/8/8/Q3K3 w - - 0 1", "Q1c3", "Q1c3+"),
        ("q3k3/8/8/8/q6q/8/8/2K5 b - - 0 1", "Qhd4", "Qhd4"),
    ],
)
def test_special_moves(fen: str, movetext: str, move: str) -> None:
    assert played(movetext, fen) == [move]


@pytest.mark.parametrize(
    ("fen", "movetext", "plies", "stopped_at"),
    [
        (START_FEN, "1. e4 e5 2. Ke3 Nc6", 2, 12),  # not legal
        (START_FEN, "1. e4 e5 2. Nd2", 2, 12),
        (START_FEN, "e4 zz", 1, 3),
        (START_FEN, "e4 e", 1, 3),
        (START_FEN, "e4 N", 1, 3),
        (START_FEN, "e4 e5 Nf", 2, 6),
        (START_FEN, "e4 e9", 1, 3),
        (START_FEN, "e4 i5", 1, 3),
        (START_FEN, "O-O", 0, 0),
        (START_FEN, "O-O-O-O", 0, 0),
        (START_FEN, "e4=Q", 0, 0),
        (START_FEN, "=Q", 0, 0),
        (START_FEN, "}", 0, 0),
        (START_FEN, "--", 0, 0),
        (START_FEN, "+", 0, 0),
        (START_FEN, "\u00e94", 0, 0),
        ("2k5/8/8/Q6Q/8/8/8/Q3K3 w - - 0 1", "Qd5", 0, 0),  # two queens could
        ("2k5/8/8/Q6Q/8/8/8/Q3K3 w - - 0 1", "Qac3", 0, 0),
        ("4k3/1P6/8/8/8/8/8/4K3 w - - 0 1", "b8", 0, 0),  # to what?
        ("4k3/1P6/8/8/8/8/8/4K3 w - - 0 1", "b8=K", 0, 0),
        ("r3k2r/8/8/8/8/8/8/R3K2R w KQkq - 0 1", "Kh1", 0, 0),  # castling is not written like this
        ("4r1k1/8/8/8/8/8/8/R3K2R w KQ - 0 1", "O-O", 0, 0),
    ],
)
def test_reading_stops_at_what_is_no_legal_move(fen: str, movetext: str, plies: int, stopped_at: int) -> None:
    actions, stopped = read_movetext(movetext.encode(), fen)
    assert (len(actions), stopped) == (plies, stopped_at)


def test_a_file_of_games(tmp_path: Path) -> None:
    plain, packed = tmp_path / "games.pgn", tmp_path / "games.pgn.zst"
    plain.write_bytes(GAMES)
    packed.write_bytes(zstandard.compress(GAMES))
    for path in (plain, packed):
        first, second, third, fourth = read_pgn(path)
        assert first.headers == {b"Event": b"Casual", b"Result": b"1-0", b"Opening": b"Italian [Giuoco]"}
        assert (len(first.actions), first.result, first.fault) == (10, 1, "")
        assert (len(second.actions), second.result, second.fault) == (3, 0, "")
        assert (len(third.actions), third.result) == (2, -1)
        assert third.fault == "'Ke3' after 2 plies is no legal move"
        assert (len(fourth.actions), fourth.result) == (0, None)
        assert "the board is empty" in fourth.fault


def test_the_moves_are_those_that_python_chess_reads() -> None:
    game = chess.pgn.read_game(io.StringIO(GAMES.decode()))
    board = chess.Board()
    actions = next(iter(read_games(io.BytesIO(GAMES)))).actions
    for action in actions:
        board.push(move_of_action(board, int(action)))
    assert board.move_stack == list(game.mainline_moves())


def test_no_games_in_an_empty_file() -> None:
    assert list(read_games(io.BytesIO(b"\n\n"))) == []


def test_a_damaged_archive_says_so(tmp_path: Path) -> None:
    path = tmp_path / "games.pgn.zst"
    path.write_bytes(b"no archive")
    with pytest.raises(zstandard.ZstdError):
        list(read_pgn(path))
