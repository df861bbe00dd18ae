"""The comparing desk with real searches by two engines, but no process and no display."""

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from app.comparing import Comparing
from app.viewmodels.comparison import ChoicesRecord, ComparisonRecord, MomentSource, Pictures, SearchSource
from engine.search.settings import SearchSettings
from engine.service.messages import CloseSearch, OpenSearch, RunSearch
from tests.app.stand_ins import AtOnce, SmallEngine
from tests.app.test_controller import START, World, action

USUAL = SearchSettings()
CURIOUS = SearchSettings(c_puct=4.0)


class SecondEngine(SmallEngine):
    """Starts when it is told to, and not before."""

    def __init__(self) -> None:
        super().__init__()
        self.is_ready = False
        self.starts = self.finishes = 0

    def start(self) -> None:
        self.starts += 1

    def finish(self) -> None:
        self.finishes += 1


class Glass:
    """The screen of a comparison; remembers."""

    def __init__(self) -> None:
        self.records: list[ComparisonRecord | None] = []
        self.choices: list[ChoicesRecord] = []
        self.pictures: Pictures | None = None
        self.mappings: list[Any] = []
        self.place = -1
        self.labels: Any = None

    def show_choices(self, record: ChoicesRecord) -> None:
        self.choices.append(record)

    def show_comparison(self, record: ComparisonRecord | None) -> None:
        self.records.append(record)

    def show_pictures(self, pictures: Pictures | None, labels: Any, seats: Any, mapping: Any) -> None:
        self.pictures, self.labels = pictures, labels
        self.mappings.append(mapping)

    def show_place(self, node: int) -> None:
        self.place = node

    @property
    def last(self) -> ComparisonRecord:
        record = self.records[-1]
        assert record is not None
        return record


class Bench:
    """A window's controller (A), a second engine, and the desk between them."""

    def __init__(self, world: World) -> None:
        self.world, self.glass, self.engine = world, Glass(), SecondEngine()
        self.now = 0.0
        control = world.control
        self.selected: list[int] = []
        self.desk = Comparing(
            control.session,
            control.travel,
            lambda: control.state,
            self._select,
            self.glass,
            AtOnce(),
            self.engine,
            clock=lambda: self.now,
        )
        self.engine.answered, self.engine.noticed = self.desk.answered, self.desk.noticed

    def _select(self, node: int) -> None:
        self.selected.append(node)
        self.world.control.select_node(node)

    def wake(self) -> None:
        """The second engine's process is there."""
        self.engine.is_ready = True
        self.desk.engine_changed("ready", "")

    def turn(self, count: int = 1) -> None:
        for _ in range(count):
            self.now += 5.0
            self.engine.pump()
            self.desk.tick()

    def until_still(self) -> ComparisonRecord:
        """Go on until the second engine has nothing more to do and what is shown is up to date."""
        for _ in range(200):
            self.turn()
            if not self.desk.second.is_running and not self.glass.last.age and self.glass.last.agreement:
                return self.glass.last
        raise AssertionError(f"it never came to rest: {self.glass.last}")

    def sent(self, kind: type) -> list[Any]:
        return [request for request in self.engine.sent if isinstance(request, kind)]

    def against(self, generation: str = "gen-000", settings: SearchSettings = CURIOUS, **more: Any) -> ComparisonRecord:
        self.desk.compare_with(SearchSource(generation, settings, **more))
        self.wake()
        return self.until_still()


@pytest.fixture
def bench() -> Bench:
    return Bench(World().ready().finish())


def test_nothing_is_started_before_there_is_something_to_search(bench: Bench) -> None:
    bench.desk.open()
    bench.turn(3)
    assert bench.engine.starts == 0
    assert bench.glass.last.waiting == "Choose what to compare this search with."
    choices = bench.glass.choices[-1]
    assert (choices.simulations, choices.budget, choices.generation) == (200, 200, "gen-000")
    assert [choice.id for choice in choices.generations] == ["gen-000", "uniform"]


def test_another_setting_searches_the_same_position_with_the_same_budget(bench: Bench) -> None:
    record = bench.against()
    assert bench.engine.starts == 1
    opened = bench.sent(OpenSearch)[0]
    assert (opened.start, opened.actions, opened.generation) == (START.start, START.actions, "gen-000")
    assert opened.settings == CURIOUS
    assert (record.a.name, record.b.name) == ("curiosity 1.745", "curiosity 4.000")
    assert record.a.figures.startswith("200 simulations · ")
    assert record.b.figures.startswith("200 simulations · ")
    assert record.divergence >= 0
    assert "A plays" in record.agreement
    assert record.a.line[: record.a.parts_at] == record.b.line[: record.b.parts_at]
    assert record.a.line[record.a.parts_at] != record.b.line[record.b.parts_at]
    assert record.by_visits
    pictures = bench.glass.pictures
    assert pictures is not None
    assert pictures.a.stats["visits"][0] == pictures.b.stats["visits"][0] == 200
    assert pictures.union.stats["visits"][0] == 400
    assert bench.glass.labels(int(pictures.union.edge_child[0]))


def test_another_generation_is_named_and_so_is_a_larger_budget(bench: Bench) -> None:
    record = bench.against("uniform", USUAL, budget=300)
    assert (record.a.name, record.b.name) == ("gen-000", "uniform")
    assert record.b.figures.startswith("300 simulations")


def test_the_very_same_search_is_found_to_be_identical(bench: Bench) -> None:
    record = bench.against("gen-000", USUAL)
    assert record.agreement == "The two trees are identical: the same positions, visits and values."
    assert (record.a.parts_at, record.b.parts_at, record.divergence) == (-1, -1, -1)
    assert not record.by_visits
    assert not record.judge.can_ask


def test_an_earlier_moment_has_nothing_of_its_own_and_the_playhead_stays(bench: Bench) -> None:
    control = bench.world.control
    control.travel.seek(150)
    shown = control.travel.moment
    assert shown is not None
    before = shown.tree.stats["visits"][: shown.tree.num_nodes].copy()
    bench.desk.compare_with(MomentSource(50))
    bench.turn()
    record = bench.glass.last
    assert (record.a.name, record.b.name) == ("at 150", "at 50")
    assert record.shared.endswith("0 only in B.")
    assert bench.engine.starts == 0, "no second engine for the past"
    now = control.travel.moment
    assert now is not None
    assert np.array_equal(now.tree.stats["visits"][: now.tree.num_nodes], before)
    control.travel.to_present()
    bench.turn()
    assert bench.glass.last.a.name == "at 200"


def test_a_recording_is_compared_with_the_live_search_also_further_down(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "before.arborist"
    bench.world.control.save(path)
    best = bench.world.screen.last("show_candidates").rows[0]
    bench.desk.compare_with_file(path)
    bench.turn()
    assert bench.glass.last.agreement.startswith("The two trees are identical")
    bench.world.control.play(best.action)
    bench.world.finish()
    bench.turn(2)
    record = bench.glass.last
    assert record.b.name == "before.arborist"
    assert record.b.figures.startswith(f"{best.visits} simulations")
    assert record.waiting == ""
    bench.world.control.games.new_game()
    bench.world.control.play(action(START, "a4"), action(START.then(action(START, "a4")), "a5"))
    bench.world.finish()
    bench.turn(2)
    assert "no search of this position" in bench.glass.last.waiting
    bench.desk.compare_with_file(tmp_path / "none.arborist")
    assert "none.arborist" in bench.glass.last.waiting


def test_the_other_search_follows_a_move(bench: Bench) -> None:
    bench.against()
    best = bench.world.screen.last("show_candidates").rows[0]
    bench.world.control.play(best.action)
    bench.world.finish()
    bench.turn()
    assert bench.glass.pictures is None or bench.glass.pictures.union.line == START.then(best.action)
    record = bench.until_still()
    pictures = bench.glass.pictures
    assert pictures is not None
    assert pictures.union.line == START.then(best.action)
    assert record.a.figures.split()[0] == record.b.figures.split()[0], "what was kept of either counts"


def test_in_step_the_other_never_passes_the_first(tmp_path: Path) -> None:
    bench = Bench(World(budget=2000).ready())
    bench.world.engine.pump(2)
    bench.desk.compare_with(SearchSource("gen-000", CURIOUS, in_step=True))
    bench.wake()
    seen = set()
    for _ in range(60):
        bench.world.engine.pump()
        bench.turn()
        second = bench.desk.second.replica
        first = bench.world.tree.stats["visits"][0]
        if second is not None:
            seen.add(int(second.tree.stats["visits"][0]))
            assert second.tree.stats["visits"][0] <= first
    bench.until_still()
    second = bench.desk.second.replica
    assert second is not None
    assert second.tree.stats["visits"][0] == bench.world.tree.stats["visits"][0] == 2000
    assert len(seen) > 3, "it grew beside it, not after it"


def test_nodes_keep_their_place_while_both_grow() -> None:
    bench = Bench(World(budget=1500).ready())
    bench.world.engine.pump(2)
    bench.desk.compare_with(SearchSource("gen-000", CURIOUS, in_step=True))
    bench.wake()
    kept: tuple[Any, ...] | None = None
    checked = 0
    for _ in range(40):
        bench.world.engine.pump()
        bench.turn()
        pictures, mapping = bench.glass.pictures, bench.glass.mappings[-1]
        if pictures is None:
            continue
        paths = [pictures.union.path(node) for node in range(min(pictures.union.num_nodes, 300))]
        if kept is not None and mapping is not None and len(mapping) == kept[1]:
            for node, path in enumerate(kept[0]):
                assert pictures.union.path(int(mapping[node])) == path
            checked += 1
        kept = (paths, pictures.union.num_nodes)
    assert checked > 3


def test_a_selection_goes_both_ways(bench: Bench) -> None:
    record = bench.against()
    row = record.by_visits[0]
    bench.desk.select_node(row.node)
    pictures = bench.glass.pictures
    assert pictures is not None
    assert bench.glass.place == row.node
    assert bench.world.control.state.selected == pictures.in_a[row.node]
    assert bench.glass.last.here == row
    bench.world.control.select_node(3)
    bench.turn()
    assert pictures.in_a[bench.glass.place] == 3
    only_b = int(np.flatnonzero(pictures.in_a < 0)[0])
    bench.desk.select_node(only_b)
    assert bench.world.control.state.selected == -1
    bench.turn()
    assert bench.glass.place == only_b, "what only B has stays selected although the window has no such node"
    here = bench.glass.last.here
    assert here is not None
    assert here.visits[0] == 0 < here.visits[1]
    assert here.qs[0] is None


def test_a_deeper_search_of_the_divergence_says_who_was_right(bench: Bench) -> None:
    record = bench.against()
    assert record.judge.can_ask
    assert record.judge.ask == "Ask a deeper search (1.6k)"
    bench.desk.select_divergence()
    assert bench.glass.place == record.divergence
    before = bench.glass.pictures
    bench.desk.ask_deeper()
    assert not bench.glass.last.judge.can_ask, "one at a time"
    bench.turn(3)
    for _ in range(100):
        bench.turn()
        if not bench.desk.judge.is_running:
            break
    opened = bench.sent(OpenSearch)[-1]
    line = START.then(*(before.union.path(record.divergence)))  # type: ignore[union-attr]
    assert (opened.start, opened.actions) == (line.start, line.actions)
    assert opened.settings == msgspec.structs.replace(USUAL, memory_bytes=opened.settings.memory_bytes)
    judged = bench.glass.last.judge
    assert judged.text.startswith("A search of 1,600 simulations by gen-000 gives ")
    assert judged.sides_with in ("a", "b", "neither", "undecided")
    assert judged.progress is None
    assert bench.glass.pictures is before, "B stands as it stood"
    assert bench.glass.last.b.figures.startswith("200 simulations")
    bench.world.control.play(action(START, "a3"))
    bench.world.finish()
    bench.until_still()
    assert bench.glass.last.judge.text == "", "asked of a position that is gone"


def test_leaving_gives_the_second_search_up(bench: Bench) -> None:
    bench.against()
    assert bench.desk.close()
    bench.engine.pump(2)
    assert bench.sent(CloseSearch)
    assert bench.glass.records[-1] is None
    assert bench.glass.pictures is None
    assert not bench.desk.close()
    runs = len(bench.sent(RunSearch))
    bench.turn(3)
    assert len(bench.sent(RunSearch)) == runs
    bench.desk.finish()
    assert bench.engine.finishes == 1


def test_a_second_engine_that_fails_is_one_line_and_what_it_found_stays(bench: Bench) -> None:
    bench.against()
    pictures = bench.glass.pictures
    bench.engine.die()
    bench.desk.engine_changed("failed", "The engine ended unexpectedly: killed.\nlast words")
    bench.turn()
    assert bench.glass.last.waiting == "The engine ended unexpectedly: killed."
    assert bench.glass.last.agreement
    assert bench.glass.pictures is pictures


def test_an_engine_that_never_starts_is_said(bench: Bench) -> None:
    bench.desk.compare_with(SearchSource("gen-000", CURIOUS))
    bench.turn()
    assert bench.glass.last.waiting == "A second engine searches this position ..."
    bench.desk.engine_changed("failed", "The engine did not start: no such file.")
    bench.turn()
    assert bench.glass.last.waiting == "The engine did not start: no such file."


def test_one_refused_request_is_said(bench: Bench) -> None:
    bench.desk.compare_with(SearchSource("gen-777", CURIOUS))
    bench.wake()
    bench.turn(2)
    assert "gen-777" in bench.glass.last.waiting


def test_it_is_worked_out_at_most_once_a_second_and_says_how_old_it_is() -> None:
    bench = Bench(World(budget=3000).ready())
    bench.world.engine.pump(8)
    bench.desk.compare_with(MomentSource(20))
    shown = len(bench.glass.mappings)
    for _ in range(8):
        bench.now += 0.12
        bench.world.engine.pump()
        bench.desk.tick()
    assert len(bench.glass.mappings) == shown
    assert bench.glass.last.age == "as of now"
    bench.now += 0.1
    bench.desk.tick()
    assert len(bench.glass.mappings) == shown + 1
    assert bench.glass.last.age == ""
