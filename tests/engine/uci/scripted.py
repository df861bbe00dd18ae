"""A small UCI engine for tests: plays by rote and misbehaves as it is told. Run as a program: `scripted.py MANNER`."""

import sys
import time

import chess

BEST = "e2e4"


def main(manner: str) -> None:
    """Speak UCI; `manner` says what is done wrong."""
    board = chess.Board()
    many = 1
    for line in sys.stdin:
        words = line.split()
        match words[:1]:
            case ["uci"] if manner == "silent":
                time.sleep(60)
            case ["uci"]:
                multi = "" if manner == "single" else "option name MultiPV type spin default 1 min 1 max 500\n"
                say(f"id name Scripted\n{multi}option name Level type spin default 1 min 1 max 9\nuciok")
            case ["isready"]:
                say("readyok")
            case ["setoption"] if words[2] == "MultiPV":
                many = int(words[4])
            case ["position"]:
                board = position(words)
            case ["go"]:
                go(board, manner, many)
            case ["quit"]:
                return


def position(words: list[str]) -> chess.Board:
    """The board of a `position` command."""
    moves = words[words.index("moves") + 1 :] if "moves" in words else []
    board = chess.Board() if words[1] == "startpos" else chess.Board(" ".join(words[2:8]))
    for move in moves:
        board.push_uci(move)
    return board


def go(board: chess.Board, manner: str, many: int) -> None:
    """Answer: the first legal move by name, or what the manner is."""
    if manner == "crash":
        sys.exit(7)
    if manner == "hang":
        time.sleep(60)
    if manner == "tires" and board.fullmove_number >= 4:
        sys.exit(7)
    if manner == "slow":
        time.sleep(0.12)
    moves = sorted(board.legal_moves, key=chess.Move.uci)
    if manner == "mate":
        say(f"info depth 1 multipv 1 score mate 1 pv {moves[0]}\ninfo depth 1 multipv 2 score mate -2 pv {moves[1]}")
    else:
        for rank, move in enumerate(moves[:many], 1):
            say(f"info depth 1 multipv {rank} score cp {100 - 10 * rank} pv {move}")
    say("bestmove " + {"illegal": "e2e5", "none": "(none)", "garbage": "xyzzy"}.get(manner, moves[0].uci()))


def say(text: str) -> None:
    """Write at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
