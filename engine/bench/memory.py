"""`bench memory`: bytes a position, resident memory of a large search, and whether a cap holds over a long one."""

import itertools
import statistics
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import psutil

from engine.bench.peers.contestant import Contestant
from engine.bench.records import Progress, Result, result
from engine.bench.search import POSITIONS

_MIB = 2**20
_PERIOD_S = 0.01
POSITION_SIMULATIONS = 100_000
_BYTES_TARGET = 450.0


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much the figures are measured on.

    Attributes:
        free: simulations of the search without a cap.
        capped: simulations of the search under a cap; cap_bytes: that cap, tree and states together.
    """

    free: int = 1_000_000
    capped: int = 3_000_000
    cap_bytes: int = 64 * _MIB


class Watch:
    """Samples a process's resident memory from outside, while the `with` block runs.

    Attributes:
        samples: bytes, every `period_s`; the first one is taken before the block starts.
    """

    def __init__(self, pid: int, period_s: float = _PERIOD_S) -> None:
        self._process = psutil.Process(pid)
        self._period_s = period_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, name="memory watch", daemon=True)
        self.samples: list[int] = []

    def __enter__(self) -> Self:
        self.samples.append(self._process.memory_info().rss)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._over.wait(self._period_s):
            try:
                self.samples.append(self._process.memory_info().rss)
            except psutil.Error:  # it ended; whoever asked it something is told so
                return


def measure(runs: int, progress: Progress, sizes: Sizes | None = None) -> list[Result]:
    """All figures; a minute or two at three runs."""
    sizes = sizes or Sizes()
    with Contestant("own", one_thread=False) as child:
        progress("loading the kernels")
        child.ask("tree_bytes", {"game": "chess", "position": "", "simulations": 2000})
        figures = _bytes_a_position(child, progress)
    figures += _large_search(sizes.free, runs, progress)
    return figures + _under_a_cap(sizes, runs, progress)


def _bytes_a_position(child: Contestant, progress: Progress) -> list[Result]:
    """Of tree and states together; the target is for the mean of the chess positions."""
    sizes = []
    for name, fen in POSITIONS.items():
        progress(f"bytes a position: chess, {name}")
        words = {"game": "chess", "position": fen, "simulations": POSITION_SIMULATIONS}
        sizes.append(child.ask("tree_bytes", words)["bytes_a_node"])
    words = {"game": "connect_four", "position": "", "simulations": POSITION_SIMULATIONS}
    small = child.ask("tree_bytes", words)["bytes_a_node"]
    title = f"bytes a position, trees of {POSITION_SIMULATIONS:,}"
    mean = [statistics.fmean(sizes)]
    return [
        result(f"{title}: chess, mean", "bytes", mean, _BYTES_TARGET, lower_is_better=True),
        *(result(f"{title}: chess, {name}", "bytes", [size]) for name, size in zip(POSITIONS, sizes, strict=True)),
        result(f"{title}: Connect Four, start", "bytes", [small]),
    ]


def _large_search(simulations: int, runs: int, progress: Progress) -> list[Result]:
    """Resident memory of a search, each in a process of its own."""
    peaks, ends, each, speeds = [], [], [], []
    for run in range(runs):
        progress(f"a search of {simulations:,} simulations, run {run + 1} of {runs}")
        with Contestant("own", one_thread=False) as child:
            answer, samples = watched(child, {"simulations": simulations, "memory_bytes": None})
        peaks.append((max(samples) - samples[0]) / _MIB)
        ends.append((samples[-1] - samples[0]) / _MIB)
        each.append((max(samples) - samples[0]) / answer["nodes"])
        speeds.append(answer["simulations"] / answer["seconds"])
    title = f"chess, search of {simulations:,}"
    return [
        result(f"{title}: resident memory it added, peak", "MiB", peaks),
        result(f"{title}: resident memory it added, at the end", "MiB", ends),
        result(f"{title}: peak bytes a position", "bytes", each),
        result(f"{title}: speed", "simulations/s", speeds),
    ]


def _under_a_cap(sizes: Sizes, runs: int, progress: Progress) -> list[Result]:
    """A search that would need many times its cap: its tree stays below it, and its process stops growing."""
    largest, recycled, growth, added, speeds = [], [], [], [], []
    for run in range(runs):
        progress(f"{sizes.capped:,} simulations under a cap, run {run + 1} of {runs}")
        with Contestant("own", one_thread=False) as child:
            answer, samples = watched(child, {"simulations": sizes.capped, "memory_bytes": sizes.cap_bytes})
        largest.append(answer["largest_tree_bytes"] / _MIB)
        recycled.append(answer["recycled"])
        growth.append(late_growth(samples) / _MIB)
        added.append((max(samples) - samples[0]) / _MIB)
        speeds.append(answer["simulations"] / answer["seconds"])
    cap = sizes.cap_bytes / _MIB
    title = f"chess, {sizes.capped:,} simulations in {cap:g} MiB"
    return [
        result(f"{title}: largest tree", "MiB", largest, cap, lower_is_better=True),
        result(f"{title}: recycled", "times", recycled),
        # A tenth of the cap: a leak of a few bytes a simulation is far above it, the allocator's noise far below.
        result(f"{title}: growth over the second half", "MiB", growth, cap / 10, lower_is_better=True),
        result(f"{title}: resident memory it added, peak", "MiB", added),
        result(f"{title}: speed", "simulations/s", speeds),
    ]


def watched(child: Contestant, words: Mapping[str, Any]) -> tuple[dict[str, Any], list[int]]:
    """What the child's search answers, and its resident memory over time; kernels are loaded before."""
    common = {"game": "chess", "position": POSITIONS["middlegame"], "batch": 256}
    child.ask("grow", {**common, "simulations": 2000, "memory_bytes": None})
    with Watch(child.pid) as watch:
        answer = child.ask("grow", {**common, **words})
    return answer, watch.samples


def late_growth(samples: list[int]) -> float:
    """How much higher memory stands in the last quarter than in the one before, each at its peak, in bytes."""
    marks = [len(samples) * part // 4 for part in (2, 3, 4)]
    third, fourth = (samples[start:end] for start, end in itertools.pairwise(marks))
    return float(max(fourth) - max(third)) if third and fourth else 0.0
