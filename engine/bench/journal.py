"""`bench journal`: what the record of a search costs to write, keep and read, and to go to one moment of it."""

import random
import statistics
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
from engine.tree.history import History
from engine.tree.recording import read_recording, write_recording

SIMULATIONS = 1_000_000
_BATCH = 256
_MOMENTS = 50
_STEPS = 1500
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
    return [*figures, *scrub(header, stream, simulations, runs, progress)]


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


def scrub(header: Header, stream: bytes, simulations: int, runs: int, progress: Progress) -> list[Result]:
    """Times to the tree as it was after a simulation, for moments all over the search, as the window goes there.

    Opening the record is apart: it is read with its history kept, and the past tree is prepared. The first moment of
    each run is the first that this history ever goes to.

    Raises:
        ArithmeticError: the record has not so many simulations, or another moment was reached than was asked for.
    """
    rng = random.Random(1)
    rows = []
    for run in range(runs):
        progress(f"going to {_MOMENTS} moments, run {run + 1} of {runs}")
        rows.append(_scrubbed(header, stream, simulations, rng))
    rate, size, prepared, median, slowest, step = zip(*rows, strict=True)
    to = f"to any simulation of {simulations:,}"
    return [
        result("journal, decoded, folded and its history kept", "simulations/s", rate),
        result("history beside the tree, bytes a simulation", "bytes", size),
        result("the past tree prepared", "ms", prepared),
        result(f"{to}, the median of {_MOMENTS}", "ms", median),
        result(f"{to}, the slowest of {_MOMENTS}", "ms", slowest, _SCRUB_TARGET_MS, lower_is_better=True),
        result(f"one simulation back, the slowest of {_STEPS:,}", "ms", step, _SCRUB_TARGET_MS, lower_is_better=True),
    ]


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes, once."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _scrubbed(header: Header, stream: bytes, simulations: int, rng: random.Random) -> tuple[float, ...]:
    """The figures of one run, in the order of the results."""
    history = History(empty_tree(header))
    rate = simulations / seconds(lambda: _remember(history, stream))
    if history.last != simulations:
        raise ArithmeticError(f"simulation {simulations:,} was asked for, {history.last:,} was reached")
    prepared = 1000 * seconds(history.prepare)
    taken = [_reach(history, rng.randint(1, simulations)) for _ in range(_MOMENTS)]
    at = history.seek(rng.randint(1, simulations)).simulations
    step = max((_reach(history, moment) for moment in range(at - 1, max(-1, at - 1 - _STEPS), -1)), default=0.0)
    return rate, history.nbytes() / simulations, prepared, statistics.median(taken), max(taken), step


def _remember(history: History, stream: bytes) -> None:
    for event in decode(stream):
        history.apply(event)


def _reach(history: History, moment: int) -> float:
    """Milliseconds to a moment."""
    started = time.perf_counter()
    tree = history.seek(moment)
    taken = time.perf_counter() - started
    if tree.simulations != moment:
        raise ArithmeticError(f"simulation {moment:,} was asked for, {tree.simulations:,} was reached")
    return 1000 * taken


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
