"""Published numbers of move sequences: the golden test of a move generator."""

import re
from collections.abc import Iterator

import chess
import pytest

from tests.engine.domains.chess.reference import KIWIPETE, SHARED, needs_shared, perft_of

PUBLISHED = {  # https://www.chessprogramming.org/Perft_Results
    chess.STARTING_FEN: (20, 400, 8902, 197281, 4865609),
    KIWIPETE: (48, 2039, 97862, 4085603),
    "8/2p5/3p4/KP5r/1R3p1k/8/4P1P1/8 w - - 0 1": (14, 191, 2812, 43238, 674624),
    "r3k2r/Pppp1ppp/1b3nbN/nP6/BBP1P3/q4N2/Pp1P2PP/R2Q1RK1 w kq - 0 1": (6, 264, 9467, 422333),
    "r2q1rk1/pP1p2pp/Q4n2/bbp1p3/Np6/1B3NBn/pPPP1PPP/R3K2R b KQ - 0 1": (6, 264, 9467, 422333),
    "rnbq1k1r/pp1Pbppp/2p5/8/2B5/8/PPP1NnPP/RNBQK2R w KQ - 1 8": (44, 1486, 62379, 2103487),
    "r4rk1/1pp1qppp/p1np1n2/2b1p1B1/2B1P1b1/P1NP1N2/1PP1QPPP/R4RK1 w - - 0 10": (46, 2079, 89890, 3894594),
}

TRAPS = {  # one rule each; counted with python-chess by `test_traps_as_python_chess_counts_them`
    "3k4/3p4/8/K1P4r/8/8/8/8 b - - 0 1": 3,  # a capture in passing would open the rank to the king
    "8/8/8/8/k1p4R/8/3P4/3K4 w - - 0 1": 3,
    "8/8/8/2k5/3Pp3/8/8/4K3 b - d3 0 1": 3,  # the capture in passing takes the checking pawn
    "r3k2r/8/3Q4/8/8/5q2/8/R3K2R b KQkq - 0 1": 3,  # castling out of, through and into check
    "r3k3/1K6/8/8/8/8/8/8 w q - 0 1": 3,  # taking a rook takes the right to castle with it
    "8/8/1k6/8/8/5q2/6pP/7K w - - 0 1": 3,  # a pawn that gives check is guarded
    "8/Pk6/8/8/8/8/6Kp/8 w - - 0 1": 3,
    "4k3/8/8/b7/8/8/3B4/4K3 w - - 0 1": 3,  # a pinned bishop moves on its line
    "4k3/8/8/8/1b2r3/8/8/4K3 w - - 0 1": 3,  # a king does not flee along the line of a check
}


@pytest.mark.parametrize(
    ("fen", "depth", "count"), [(f, d + 1, n) for f, ns in PUBLISHED.items() for d, n in enumerate(ns)]
)
def test_published_counts(fen: str, depth: int, count: int) -> None:
    assert perft_of(fen, depth) == count


@pytest.mark.slow
@pytest.mark.parametrize(("fen", "depth", "count"), [(chess.STARTING_FEN, 6, 119060324), (KIWIPETE, 5, 193690690)])
def test_published_counts_of_many_millions(fen: str, depth: int, count: int) -> None:
    assert perft_of(fen, depth) == count


def counted(board: chess.Board, depth: int) -> int:
    if depth == 1:
        return board.legal_moves.count()
    total = 0
    for move in board.legal_moves:
        board.push(move)
        total += counted(board, depth - 1)
        board.pop()
    return total


@pytest.mark.parametrize(("fen", "depth"), TRAPS.items())
def test_traps_as_python_chess_counts_them(fen: str, depth: int) -> None:
    assert perft_of(fen, depth) == counted(chess.Board(fen), depth)


def standard_suite() -> Iterator[tuple[str, int, int]]:
    for line in (SHARED / "data/epd/perft/standard_174.epd").read_text().replace("\0", "").splitlines():
        fen, *counts = line.split(";")
        for text in counts:
            depth, count = re.fullmatch(r"D(\d+) (\d+)", text.strip()).groups()
            yield fen.strip(), int(depth), int(count)


def block_suite(file: str) -> Iterator[tuple[str, int, int]]:
    fen = ""
    for line in (SHARED / "data/epd/perft" / file).read_text().splitlines():
        if line.startswith("epd "):
            fen = line[4:].strip()
        elif line.startswith("perft "):
            _, depth, count = line.split()
            yield fen, int(depth), int(count)


@needs_shared
def test_standard_suite_up_to_five_million() -> None:
    checked = [(fen, depth, count) for fen, depth, count in standard_suite() if count < 5_000_000]
    assert len(checked) > 500
    assert [case for case in checked if perft_of(case[0], case[1]) != case[2]] == []


@needs_shared
def test_random_suite_to_depth_three() -> None:
    checked = [(fen, depth, count) for fen, depth, count in block_suite("random.perft") if depth <= 3]
    assert len(checked) > 20_000
    assert [case for case in checked if perft_of(case[0], case[1]) != case[2]] == []


@needs_shared
def test_tricky_suite_of_standard_chess() -> None:
    """All but the positions whose castling no game of chess or Chess960 has."""
    checked = [
        case
        for case in block_suite("tricky.perft")
        if chess.Board(case[0]).status() & chess.STATUS_BAD_CASTLING_RIGHTS == 0
    ]
    assert checked
    assert [case for case in checked if perft_of(case[0], case[1]) != case[2]] == []
