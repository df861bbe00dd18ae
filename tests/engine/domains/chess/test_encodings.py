"""What networks see, against a slow reading of the formats with python-chess."""

import chess
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.domains.base import Line
from engine.domains.chess.moves import action_of_move
from engine.domains.chess.positions import START_FEN
from engine.domains.registry import notation
from tests.engine.domains.chess.reference import KIWIPETE, RULES, random_game

KINDS = (chess.PAWN, chess.KNIGHT, chess.BISHOP, chess.ROOK, chess.QUEEN, chess.KING)
Planes = NDArray[np.float32]


def grid(board: chess.Board, squares: chess.SquareSet, viewer: chess.Color) -> Planes:
    """Squares as [rank, file] from the side of `viewer`."""
    plane = np.zeros((8, 8), np.float32)
    for square in squares:
        seen = square if viewer else chess.square_mirror(square)
        plane[chess.square_rank(seen), chess.square_file(seen)] = 1
    return plane


def pieces(board: chess.Board, viewer: chess.Color) -> Planes:
    sides = (viewer, not viewer)
    return np.stack([grid(board, board.pieces(kind, side), viewer) for side in sides for kind in KINDS])


def full(value: float) -> Planes:
    return np.full((8, 8), value, np.float32)


def slow_compact(board: chess.Board) -> Planes:
    own, other = board.turn, not board.turn
    passing = [board.ep_square] if board.has_legal_en_passant() else []
    rest = [
        full(board.has_kingside_castling_rights(own)),
        full(board.has_queenside_castling_rights(own)),
        full(board.has_kingside_castling_rights(other)),
        full(board.has_queenside_castling_rights(other)),
        grid(board, chess.SquareSet(passing), own),
        full(board.halfmove_clock / 100),
        full(board.is_repetition(2)),
        full(1),
    ]
    return np.concatenate([pieces(board, own), rest])


def slow_lc0(board: chess.Board, known: int = 8) -> Planes:
    """For games from the usual start; the oldest states come from the board's own moves."""
    viewer, steps = board.turn, np.zeros((8, 13, 8, 8), np.float32)
    then = board.copy()
    for age in range(min(8, known)):
        steps[age, :12] = pieces(then, viewer)
        steps[age, 12] = then.is_repetition(2)
        if not then.move_stack:
            break
        then.pop()
    rest = [
        full(board.has_queenside_castling_rights(viewer)),
        full(board.has_kingside_castling_rights(viewer)),
        full(board.has_queenside_castling_rights(not viewer)),
        full(board.has_kingside_castling_rights(not viewer)),
        full(not viewer),
        full(board.halfmove_clock),
        full(0),
        full(1),
    ]
    return np.concatenate([steps.reshape(104, 8, 8), rest])


def lineage(line: Line, history: int) -> tuple[NDArray[np.void], NDArray[np.int32]]:
    """The last states of a line, newest first, and how many there are; the rest is rubbish."""
    states = RULES.load(line)
    rows = np.full(history, states[0])
    rows.view(np.uint8)[:] = 0xA5
    newest_first = states[::-1][:history]
    rows[: len(newest_first)] = newest_first
    return rows[None], np.array([len(newest_first)], np.int32)


def encode(line: Line, fmt: str) -> Planes:
    return RULES.encode(*lineage(line, RULES.formats[fmt].history), fmt)[0]


def games() -> list[tuple[chess.Board, Line]]:
    found = []
    for seed, fen in enumerate(
        (START_FEN, START_FEN, KIWIPETE, "rnbqkbnr/ppp1pppp/8/8/3pP3/8/PPPP1PPP/RNBQKBNR b KQkq e3 0 3")
    ):
        positions = [(board.copy(), line) for board, line in random_game(seed, fen, plies=90)]
        found += positions[:12] + positions[12::9]
    return found


@pytest.mark.parametrize(("board", "line"), games())
def test_compact_is_what_python_chess_sees(board: chess.Board, line: Line) -> None:
    np.testing.assert_allclose(encode(line, "compact"), slow_compact(board), rtol=1e-6)


@pytest.mark.parametrize(("board", "line"), [(b, n) for b, n in games() if n.start == START_FEN])
def test_lc0_is_what_python_chess_sees(board: chess.Board, line: Line) -> None:
    np.testing.assert_array_equal(encode(line, "lc0_112"), slow_lc0(board))


def shuffle(*moves: str) -> tuple[chess.Board, Line]:
    board, line = chess.Board(), Line(START_FEN)
    for text in moves:
        move = board.parse_san(text)
        line = line.then(action_of_move(board, move))
        board.push(move)
    return board, line


@pytest.mark.parametrize("plies", range(4, 10))
def test_repetition_is_marked_in_every_step(plies: int) -> None:
    board, line = shuffle(*(["Nf3", "Nf6", "Ng1", "Ng8"] * 3)[:plies])
    np.testing.assert_array_equal(encode(line, "lc0_112"), slow_lc0(board))
    assert encode(line, "lc0_112")[12].all()
    assert encode(line, "compact")[18].all()


def test_a_known_position_by_hand() -> None:
    """Black to move, castled nowhere, after 1. e4: his own pieces are below."""
    _, line = shuffle("e4")
    planes = encode(line, "compact")
    assert planes.shape == (20, 8, 8)
    assert planes[0, 1].all()
    assert planes[0].sum() == 8
    assert planes[6, 4, 4] == 1  # White's pawn on e4 is on Black's fifth rank
    assert planes[5, 0, 4] == 1  # his king on e8 stands on his first rank, on the e-file
    assert planes[4, 0, 3] == 1
    assert planes[12:16].all()
    assert not planes[16].any()  # nothing can capture in passing


def test_en_passant_and_rights_are_the_movers() -> None:
    planes = encode(Line("r3k2r/8/8/8/3Pp3/8/8/R3K3 b Qk d3 12 20"), "compact")
    assert planes[16, 5, 3] == 1  # d3 as Black sees it
    assert planes[16].sum() == 1
    assert [bool(plane.all()) for plane in planes[12:16]] == [True, False, False, True]
    assert planes[17].max() == pytest.approx(0.12)


def test_missing_history_is_blank_only_behind_the_start_of_a_game() -> None:
    start = encode(Line(START_FEN), "lc0_112")
    assert start[:12].any()
    assert not start[13:104].any()
    elsewhere = encode(Line("4k3/8/8/8/8/8/4P3/4K3 b - - 7 30"), "lc0_112")
    for age in range(1, 8):
        np.testing.assert_array_equal(elsewhere[13 * age : 13 * age + 13], elsewhere[:13])
    assert elsewhere[108].all()
    assert (elsewhere[109] == 7).all()


def test_history_cut_short_is_filled_from_the_oldest_known_state() -> None:
    _, line = shuffle("e4", "e5", "Nf3", "Nc6")
    rows, _ = lineage(line, 8)
    planes = RULES.encode(rows, np.array([3], np.int32), "lc0_112")[0]
    complete = encode(line, "lc0_112")
    np.testing.assert_array_equal(planes[: 3 * 13], complete[: 3 * 13])
    for age in range(3, 8):
        np.testing.assert_array_equal(planes[13 * age : 13 * age + 13], complete[26:39])


def test_a_double_step_is_taken_back_in_filled_history() -> None:
    """The pawn on d4 has come from d2 if Black may capture it in passing (Lc0's fill `fen_only`)."""
    planes = encode(Line("4k3/8/8/8/3Pp3/8/8/4K3 b - d3 0 20"), "lc0_112")
    assert planes[6, 4, 3] == 1  # White's pawn now, as Black sees it
    for age in range(1, 8):
        assert planes[13 * age + 6, 6, 3] == 1
        assert planes[13 * age + 6].sum() == 1
        assert planes[13 * age].sum() == 1  # Black's own pawn stands where it stood
    # One move later the mover is White: the same pawn, seen from the other side.
    board = chess.Board("4k3/8/8/8/3Pp3/8/8/4K3 b - d3 0 20")
    line = Line(board.fen()).then(action_of_move(board, chess.Move.from_uci("e8e7")))
    planes = encode(line, "lc0_112")
    assert planes[0, 3, 3] == planes[13, 3, 3] == 1
    assert planes[26, 1, 3] == 1
    assert planes[26].sum() == 1


@pytest.mark.parametrize(
    ("fen", "file"),
    [
        ("rnbqkbnr/pppppppp/8/8/4P3/8/PPPP1PPP/RNBQKBNR b KQkq e3 0 1", 4),  # before it was the start of a game
        ("r1bqkbnr/pp2pppp/2np4/2p5/3PP3/5N2/PPP2PPP/RNBQKB1R b KQkq d3 0 4", 3),
        ("rnbqkbnr/pp1ppppp/8/2p5/4P3/8/PPPP1PPP/RNBQKBNR w KQkq c6 0 2", 2),
        ("8/8/8/8/k2Pp2Q/8/8/4K3 b - d3 0 20", 3),  # the capture would uncover the queen
    ],
)
def test_a_double_step_that_nobody_can_answer_is_taken_back_as_well(fen: str, file: int) -> None:
    """Lc0 goes by what the FEN says, whether or not the pawn can be captured in passing."""
    line = notation("chess").parse_line(fen)
    assert RULES.load(line)[-1]["en_passant"] == 0
    planes, blind = (encode(one, "lc0_112") for one in (line, Line(chess.Board(fen).fen())))
    np.testing.assert_array_equal(planes[:13], blind[:13])
    np.testing.assert_array_equal(planes[104:], blind[104:])
    for age in range(1, 8):
        expected = blind[:13].copy()
        expected[6, 4, file], expected[6, 6, file] = 0, 1
        np.testing.assert_array_equal(planes[13 * age : 13 * age + 13], expected)


def test_a_batch_is_encoded_row_by_row() -> None:
    lines = [line for _, line in games() if line.start == START_FEN][:20]
    parts = [lineage(line, 8) for line in lines]
    rows = np.concatenate([part[0] for part in parts])
    lengths = np.concatenate([part[1] for part in parts])
    batch = RULES.encode(rows, lengths, "lc0_112")
    assert batch.dtype == np.float32
    for i, line in enumerate(lines):
        np.testing.assert_array_equal(batch[i], encode(line, "lc0_112"))


def test_an_unknown_format_is_named() -> None:
    rows, lengths = lineage(Line(START_FEN), 1)
    with pytest.raises(ValueError, match="no input format 'hexagonal'; it has compact, lc0_112"):
        RULES.encode(rows, lengths, "hexagonal")
