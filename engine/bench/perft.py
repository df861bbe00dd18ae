"""Counting positions: a check of the rules, and a measure of move generation."""

import time

import numpy as np

from engine.bench.records import Progress, Result, result
from engine.domains import registry
from engine.domains.base import Line, Rules

POSITIONS = {
    "start, depth 6": ("rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1", 6, 119_060_324),
    "kiwipete, depth 5": ("r3k2r/p1ppqpb1/bn2pnp1/3PN3/1p2P3/2N2Q1p/PPPBBPPP/R3K2R w KQkq - 0 1", 5, 193_690_690),
    "position 3, depth 6": ("8/2p5/3p4/KP5r/1R3p1k/8/4P1P1/8 w - - 0 1", 6, 11_030_083),
    "position 4, depth 5": ("r3k2r/Pppp1ppp/1b3nbN/nP6/BBP1P3/q4N2/Pp1P2PP/R2Q1RK1 w kq - 0 1", 5, 15_833_292),
    "position 5, depth 5": ("rnbq1k1r/pp1Pbppp/2p5/8/2B5/8/PPP1NnPP/RNBQK2R w KQ - 1 8", 5, 89_941_194),
}
"""Positions, depths and counts of the chess programming community's perft results."""


def perft(rules: Rules, line: Line, depth: int) -> int:
    """Number of sequences of `depth` actions from the end of `line`.

    Chess uses its own kernel, which like every published count goes on past draws by rule; other domains are counted
    level by level through the domain protocol.
    """
    start = rules.load(line)[-1:]
    if depth == 0:
        return 1
    if rules.name == "chess":
        from engine.domains.chess import kernels
        from engine.domains.chess.tables import tables

        rows = np.zeros(depth, rules.state_dtype)
        rows[:1] = start
        return int(kernels.perft(tables(), rows, depth))
    return _count(rules, start, depth)


def _count(rules: Rules, states: np.ndarray, depth: int) -> int:
    expansion = rules.expand(states)
    if depth == 1:
        return len(expansion.actions)
    total = 0
    parents = np.repeat(np.arange(len(states)), np.diff(expansion.offsets))
    for at in range(0, len(parents), 65536):  # bounded memory: one slice of the level at a time
        part = slice(at, at + 65536)
        total += _count(rules, rules.step(states[parents[part]], expansion.actions[part]), depth - 1)
    return total


def measure(runs: int, progress: Progress) -> list[Result]:
    """Speed of chess move generation on the five usual positions; a wrong count raises.

    Raises:
        ArithmeticError: a count is not the published one.
    """
    rules = registry.rules("chess")
    perft(rules, Line(POSITIONS["position 3, depth 6"][0]), 2)
    results = []
    for name, (fen, depth, expected) in POSITIONS.items():
        speeds = []
        for run in range(runs):
            progress(f"{name}, run {run + 1} of {runs}")
            started = time.perf_counter()
            count = perft(rules, Line(fen), depth)
            speeds.append(count / (time.perf_counter() - started))
            if count != expected:
                raise ArithmeticError(f"perft of {name} is {expected:,}, counted were {count:,}")
        results.append(result(name, "nodes/s", speeds, 100e6))
    return results
