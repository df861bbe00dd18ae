"""The pace at which a search is told, with a clock made by hand."""

import pytest

from engine.search.search import Figures
from engine.service.messages import JournalPart, Notice, SearchFigures
from engine.service.reporter import Reporter


class Bench:
    """A reporter, its clock and what it posted."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.posted: list[Notice] = []
        self.simulations = 0
        self.reporter = Reporter(3, "abacus", self.posted.append, lambda: self.now_s)
        self.reporter.start(self.figures())

    def figures(self) -> Figures:
        return Figures(
            simulations=self.simulations,
            evaluations=2 * self.simulations,
            cache_hits=7,
            seconds_s=1.5,
            batch_fill=0.75,
            collisions=4,
            tree_bytes=1000,
            recycled=9,
        )

    def batch(self, seconds: float, simulations: int = 1, events: bytes = b"x") -> None:
        self.now_s += seconds
        self.simulations += simulations
        self.reporter.write(events)
        self.reporter.tick(self.figures)

    def of(self, kind: type) -> list[Notice]:
        return [notice for notice in self.posted if isinstance(notice, kind)]


@pytest.mark.parametrize("batch_s", [0.0001, 0.004, 0.02, 0.3])
def test_parts_and_figures_keep_their_pace(batch_s: float) -> None:
    bench = Bench()
    for _ in range(round(3 / batch_s)):
        bench.batch(batch_s)
    assert len(bench.of(JournalPart)) <= 3 * 30
    assert len(bench.of(JournalPart)) >= min(3 / batch_s, 3 * 20)
    assert len(bench.of(SearchFigures)) <= 3 * 10
    assert len(bench.of(SearchFigures)) >= min(3 / batch_s, 3 * 5)


def test_no_byte_is_lost_and_offsets_say_where_each_part_belongs() -> None:
    bench = Bench()
    written = b""
    for number in range(500):
        events = bytes([number % 256]) * (number % 7)
        written += events
        bench.batch(0.007, events=events)
    bench.reporter.flush()
    read = b""
    for part in bench.of(JournalPart):
        assert isinstance(part, JournalPart)
        assert (part.search, part.offset) == (3, len(read))
        assert part.events
        read += part.events
    assert read == written


def test_a_flush_with_nothing_new_sends_nothing() -> None:
    bench = Bench()
    bench.reporter.flush()
    assert bench.posted == []


def test_the_rate_is_that_of_the_last_second() -> None:
    bench = Bench()
    for _ in range(40):
        bench.batch(0.1, simulations=100)  # 1000 a second for 4 s
    for _ in range(12):
        bench.batch(0.1, simulations=10)  # then 100 a second
    bench.posted.clear()
    bench.batch(0.15, simulations=15)
    (figures,) = bench.of(SearchFigures)
    assert isinstance(figures, SearchFigures)
    assert figures.simulations_per_s == pytest.approx(100, rel=0.02)
    assert (figures.running, figures.device, figures.batch_fill) == (True, "abacus", 0.75)


def test_a_new_run_measures_from_its_own_start() -> None:
    bench = Bench()
    bench.batch(0.5, simulations=5000)
    bench.now_s += 1000.0  # paused
    bench.reporter.start(bench.figures())
    bench.batch(0.2, simulations=20)
    figures = bench.of(SearchFigures)[-1]
    assert isinstance(figures, SearchFigures)
    assert figures.simulations_per_s == pytest.approx(100)
