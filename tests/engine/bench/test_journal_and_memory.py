"""The benches of journal and memory at a small size: every figure is there and means what it says."""

import subprocess
import sys
import time

import pytest

from engine.bench import journal, memory
from engine.bench.memory import Sizes, Watch, late_growth
from engine.bench.search import POSITIONS


def quiet(_: str) -> None:
    pass


def test_journal_figures_of_a_small_search() -> None:
    found = {one.name: one for one in journal.measure(2, quiet, 2000)}
    assert 50 < found["journal, bytes a simulation"].median < 500
    assert found["recording on disk, bytes a simulation"].median < found["journal, bytes a simulation"].median
    assert len(found["journal, decoded and folded into a tree"].runs) == 2
    assert 12 <= found["history beside the tree, bytes a simulation"].median < 100
    median, slowest = (found[f"to any simulation of 2,000, the {which} of 50"] for which in ("median", "slowest"))
    assert (slowest.unit, slowest.target) == ("ms", 100.0)
    assert 0 < median.median <= slowest.median
    assert median.median < 100, "two thousand simulations take no tenth of a second"


def test_a_moment_past_the_end_is_no_figure() -> None:
    header, stream = journal.journal_of(100)
    with pytest.raises(ArithmeticError, match=r"simulation \d+ was asked for, 100 was reached"):
        journal.scrub(header, stream, 200, 1, quiet)


@pytest.mark.parametrize(
    ("samples", "growth"),
    [
        ([0, 50, 100, 100, 100, 100, 100, 100], 0),
        ([0, 10, 20, 30, 40, 50, 60, 70], 20),
        ([0, 0, 0, 0, 90, 10, 80, 20], -10),
        ([7], 0),
        ([], 0),
    ],
)
def test_growth_is_of_the_peaks_late_in_the_search(samples: list[int], growth: int) -> None:
    assert late_growth(samples) == growth


def test_a_watch_sees_memory_come_and_go() -> None:
    # A process of its own: in this one, what other tests have let go of may leave at any moment.
    takes = "import sys; sys.stdin.readline(); block = bytearray(64 * 2**20); sys.stdin.readline()"
    with subprocess.Popen([sys.executable, "-c", takes], stdin=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        time.sleep(0.5)  # until it has loaded what it needs
        with Watch(child.pid, 0.001) as watch:
            while not watch.samples:
                time.sleep(0.001)
            child.stdin.write("\n")
            child.stdin.flush()
            while max(watch.samples) < watch.samples[0] + 32 * 2**20 and len(watch.samples) < 5000:
                time.sleep(0.001)
        child.stdin.close()
    assert max(watch.samples) >= watch.samples[0] + 32 * 2**20
    assert all(size > 0 for size in watch.samples)


@pytest.mark.slow
def test_memory_figures_of_a_small_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "POSITION_SIMULATIONS", 1000)
    found = {one.name: one for one in memory.measure(1, quiet, Sizes(3000, 20_000, 2 * 2**20))}
    positions = [found[f"bytes a position, trees of 1,000: chess, {name}"].median for name in POSITIONS]
    mean = found["bytes a position, trees of 1,000: chess, mean"]
    assert mean.median == pytest.approx(sum(positions) / 5)
    assert mean.target == 450.0
    largest = found["chess, 20,000 simulations in 2 MiB: largest tree"]
    assert 0.5 < largest.median <= 2.0, "the cap is reached, and holds"
    assert found["chess, 20,000 simulations in 2 MiB: recycled"].median > 1
