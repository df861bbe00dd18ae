"""python-chess as a side: move generation only. It is among this project's own packages."""

import time
from importlib.metadata import version

import chess

from engine.bench.peers.child import Answer, Tasks, serve


def versions() -> dict[str, str]:
    """Of the package."""
    return {"chess": version("chess")}


def perft(position: str, depth: int) -> Answer:
    """Chess positions `depth` plies from `position`, the last ply in bulk."""
    board = chess.Board(position)
    started = time.perf_counter()
    count = _count(board, depth)
    return {"seconds": time.perf_counter() - started, "count": count}


def _count(board: chess.Board, depth: int) -> int:
    if depth == 1:
        return board.legal_moves.count()
    total = 0
    for move in board.legal_moves:
        board.push(move)
        total += _count(board, depth - 1)
        board.pop()
    return total


TASKS: Tasks = {"perft": perft}

if __name__ == "__main__":
    serve(versions(), TASKS)
