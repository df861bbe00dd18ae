"""`bench match`: policy-only games in lockstep, beside the same games between two `arborist uci` processes.

The second way is how chess programs usually meet: a process for each side, one position at a time, a referee between
(here python-chess). Both ways play the same network with intuition alone, on the same openings; the second one fewer
games, as it is slow. Starting programs and loading kernels is not counted.
"""

import contextlib
import sys
import time

import chess
import chess.engine

from engine.arena.match import Match, MatchSettings
from engine.arena.openings import BUILT_IN, open_book
from engine.arena.players import IntuitionPlayer
from engine.bench.records import Progress, Result, result
from engine.domains import registry
from engine.domains.base import Line
from engine.domains.chess.notation import board
from engine.generations.registry import default_registry

_GENERATION = "gen-000"
_PAIRS, _PAIRS_ONE_BY_ONE = 128, 2
_MAX_PLIES = 512
_START_S = 60.0


def measure(runs: int, progress: Progress) -> list[Result]:
    """All figures; about a minute at three runs."""
    rules = registry.rules("chess")
    openings = open_book(BUILT_IN, rules, registry.notation("chess")).choose(_PAIRS, 0)
    together, one_by_one = [], []
    for run in range(runs):
        progress(f"{2 * _PAIRS} games in lockstep, run {run + 1} of {runs}")
        together.append(_lockstep(openings))
        progress(f"{2 * _PAIRS_ONE_BY_ONE} games between UCI processes, run {run + 1} of {runs}")
        one_by_one.append(_between_processes(openings[:_PAIRS_ONE_BY_ONE]))
    ratios = [fast / slow for fast, slow in zip(together, one_by_one, strict=True)]
    return [
        result(f"{_GENERATION}, intuition alone, {2 * _PAIRS} games in lockstep", "games/min", together),
        result(f"{_GENERATION}, intuition alone, two UCI processes and a referee", "games/min", one_by_one),
        result("lockstep over UCI processes, each run on its own", "times", ratios),
    ]


def _lockstep(openings: list[Line]) -> float:
    """Games a minute."""
    from engine.nets.choose import make_evaluator

    rules = registry.rules("chess")
    player = IntuitionPlayer(rules, make_evaluator(default_registry().get(_GENERATION, "chess")))
    idle = Match(rules, player, player, openings[:1], MatchSettings(max_plies=2))
    match = Match(rules, player, player, openings, MatchSettings(concurrency=_PAIRS, max_plies=_MAX_PLIES))
    for one in (idle, match):
        while one.advance():
            pass
    return 60.0 * len(match.games.finished) / match.seconds_s


def _between_processes(openings: list[Line]) -> float:
    """Games a minute."""
    chosen = ("Method=intuition", f"WeightsFile={_GENERATION}")
    options = [word for option in chosen for word in ("--option", option)]
    command = [sys.executable, "-m", "engine.cli", "uci", *options]
    with contextlib.ExitStack() as stack:
        engines = []
        for _ in range(2):
            engine = chess.engine.SimpleEngine.popen_uci(command, timeout=_START_S)
            stack.callback(engine.close)
            engine.play(chess.Board(), chess.engine.Limit(nodes=1))
            engines.append(engine)
        started = time.perf_counter()
        for opening in openings:
            for sides in (engines, engines[::-1]):
                _play(board(opening), sides)
        return 60.0 * 2 * len(openings) / (time.perf_counter() - started)


def _play(position: chess.Board, sides: list[chess.engine.SimpleEngine]) -> None:
    """One game to its end; `sides`: who moves first comes first."""
    game = object()
    for ply in range(_MAX_PLIES):
        if position.is_game_over() or position.is_repetition(3) or position.is_fifty_moves():
            return
        move = sides[ply % 2].play(position, chess.engine.Limit(nodes=1), game=game).move
        if move is None:
            raise ChildProcessError(f"`arborist uci` gave no move in {position.fen()}")
        position.push(move)
