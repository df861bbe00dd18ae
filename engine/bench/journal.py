"""`bench journal`: what the record of a search costs to write, keep and read, and to go to one moment of it."""

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from engine.bench.records import Progress, Result, result
from engine.bench.search import POSITIONS
from engine.domains import registry
from engine.domains.base import Line
from engine.search.evaluator import UniformEvaluator
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings
from engine.tree.events import Header, decode, encode
from engine.tree.fold import empty_tree, fold_stream
from engine.tree.recording import read_recording, write_recording

SIMULATIONS = 1_000_000
_BATCH = 256
_MOMENTS = 8
_SCRUB_TARGET_MS = 100.0


def measure(runs: int, progress: Progress, simulations: int = SIMULATIONS) -> list[Result]:
    """All figures of one search's journal (chess from the start, free evaluator)."""
    progress(f"a search of {simulations:,} simulations")
    header, stream = journal_of(simulations)
    figures = [result("journal, bytes a simulation", "bytes", [len(stream) / simulations])]
    events = list(decode(stream))

    def encode_all() -> None:
        for event in events:
            encode(event)

    def decode_all() -> None:
        for _ in decode(stream):
            pass

    def fold_all() -> None:
        fold_stream(empty_tree(header), stream)

    works: tuple[tuple[str, Callable[[], None]], ...] = (
        ("journal, encoded", encode_all),
        ("journal, decoded", decode_all),
        ("journal, decoded and folded into a tree", fold_all),
    )
    for name, work in works:
        progress(name)
        figures.append(result(name, "simulations/s", [simulations / seconds(work) for _ in range(runs)]))
    figures += _on_disk(header, stream, simulations, runs, progress)
    return [*figures, scrub(header, stream, simulations, runs, progress)]


def journal_of(simulations: int, batch: int = _BATCH) -> tuple[Header, bytes]:
    """Header and events of a chess search from the start with a free evaluator."""
    parts: list[bytes] = []
    settings = SearchSettings(batch=batch, prune_out_of_reach=False)
    line = Line(POSITIONS["start"])
    search = Search(registry.rules("chess"), UniformEvaluator(), line, settings, parts.append)
    search.start_run(Limits(simulations=simulations))
    while search.advance() is None:
        pass
    return search.header, b"".join(parts)


def scrub(header: Header, stream: bytes, simulations: int, runs: int, progress: Progress) -> Result:
    """Time to the tree as it was after a simulation, for moments all over the search; the slowest moment of each run.

    Each moment is reached as `arborist replay --at` reaches it.
    """
    rng = random.Random(1)
    slowest = []
    for run in range(runs):
        progress(f"going to {_MOMENTS} moments, run {run + 1} of {runs}")
        moments = [rng.randint(1, simulations) for _ in range(_MOMENTS - 1)] + [simulations]
        slowest.append(max(1000 * _reach(header, stream, moment) for moment in moments))
    name = f"to any simulation of {simulations:,}, the slowest of {_MOMENTS}"
    return result(name, "ms", slowest, _SCRUB_TARGET_MS, lower_is_better=True)


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes, once."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _reach(header: Header, stream: bytes, moment: int) -> float:
    tree = empty_tree(header)
    started = time.perf_counter()
    fold_stream(tree, stream, moment)
    taken = time.perf_counter() - started
    if tree.simulations != moment:
        raise ArithmeticError(f"simulation {moment:,} was asked for, {tree.simulations:,} was reached")
    return taken


def _on_disk(header: Header, stream: bytes, simulations: int, runs: int, progress: Progress) -> Sequence[Result]:
    written, read = [], []
    with tempfile.TemporaryDirectory(prefix="arborist-bench-") as folder:
        file = Path(folder) / "search.arborist"
        for run in range(runs):
            progress(f"a recording, run {run + 1} of {runs}")
            written.append(simulations / seconds(lambda: write_recording(file, header, stream)))
            read.append(simulations / seconds(lambda: read_recording(file)))
        size = file.stat().st_size
    return (
        result("recording on disk, bytes a simulation", "bytes", [size / simulations]),
        result("recording, compressed and written", "simulations/s", written),
        result("recording, read and uncompressed", "simulations/s", read),
    )
