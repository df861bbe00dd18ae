"""The desk of watchpoints with a real search behind it: what is asked for, what is told, and the way there and on."""

from pathlib import Path

import numpy as np
import pytest

from app.controller import Controller
from app.settings import Settings, load_settings, save_settings
from app.steering import Known, Wish, next_request
from app.viewmodels.explore import Beginning
from app.viewmodels.watchpoints import Watched, armed, kept, to_keep
from engine.domains import registry
from engine.domains.base import Line
from engine.search.watchpoints import (
    BestChanges,
    BranchPruned,
    DepthReached,
    ProofFound,
    QueryHolds,
    ValueMoves,
    VisitsReach,
)
from engine.service.messages import PauseSearch, RunSearch
from tests.app.stand_ins import AtOnce, MemoryScreen, SmallEngine


class Desk:
    """A controller with an engine that answers when it is pumped."""

    def __init__(self, budget: int | None = 3000) -> None:
        self.engine, self.screen = SmallEngine(), MemoryScreen()
        line = registry.notation("chess").parse_line("startpos")
        self.control = Controller(self.engine, self.screen, AtOnce(), Beginning("chess", line, "gen-000", budget))
        self.engine.answered, self.engine.noticed = self.control.answered, self.control.noticed
        self.watching = self.control.watching
        self.control.engine_changed("ready", "")

    def run_until_hit(self) -> None:
        self.engine.pump_until(lambda: self.control.session.reached is not None, 2000)
        self.control.tick()

    def runs(self) -> list[RunSearch]:
        return [request for request in self.engine.sent if isinstance(request, RunSearch)]


def test_a_run_pauses_says_so_and_goes_on() -> None:
    desk = Desk()
    desk.watching.add(VisitsReach(path=(), visits=100))
    desk.control.start()
    desk.run_until_hit()
    hit = desk.screen.last("show_hit")
    assert hit.text == "Paused: at simulation 100 the root got its visit number 100, up from 0."
    assert hit.can_go
    assert not desk.control.session.wish.run
    assert desk.screen.last("show_status").engine == "paused"
    desk.control.go_to_hit()
    assert desk.control.travel.at == 100
    assert not desk.screen.last("show_hit").can_go
    desk.control.go_on()
    desk.engine.pump(2)
    desk.control.tick()
    assert desk.control.travel.at is None
    assert desk.screen.last("show_hit") is None
    assert desk.control.session.known.running
    assert len(desk.runs()) == 2
    assert desk.runs()[-1].watchpoints == desk.runs()[0].watchpoints


def test_the_way_there_leads_to_the_node_and_the_exact_simulation() -> None:
    desk = Desk()
    desk.control.start()
    desk.engine.pump(30)
    desk.control.pause()
    desk.engine.pump(2)
    shown = desk.control.session.shown
    assert shown is not None
    node = 1 + int(np.argmax(shown.tree.stats["visits"][1 : shown.tree.num_nodes]))
    line, target = shown.tree.line_to(node), int(shown.tree.stats["visits"][node]) + 3
    desk.watching.add(VisitsReach(path=(), visits=target), line)
    desk.control.start()
    desk.run_until_hit()
    desk.control.go_to_hit()
    moment = desk.control.travel.moment
    assert moment is not None
    assert desk.control.state.selected == node
    assert int(moment.tree.stats["visits"][node]) == target
    desk.control.travel.step(-1)
    moment = desk.control.travel.moment
    assert moment is not None
    assert int(moment.tree.stats["visits"][node]) == target - 1


def test_what_is_armed_while_a_run_goes_on_holds_at_once() -> None:
    desk = Desk(budget=None)
    desk.control.start()
    desk.engine.pump(3)
    assert not desk.runs()[-1].watchpoints
    desk.watching.add(DepthReached(depth=90))
    desk.engine.pump(3)
    assert [type(request) for request in desk.engine.sent[-2:]] == [PauseSearch, RunSearch]
    assert desk.runs()[-1].watchpoints == (DepthReached(depth=90),)
    (row,) = desk.screen.last("show_watchpoints").rows
    asked = len(desk.engine.sent)
    desk.watching.switch(row.number, is_on=False)
    desk.engine.pump(3)
    assert not desk.runs()[-1].watchpoints
    assert len(desk.engine.sent) == asked + 2
    desk.watching.remove(row.number)
    desk.engine.pump(3)
    assert len(desk.engine.sent) == asked + 2, "what is off needs no other run"


def test_numbers_queries_and_twins() -> None:
    desk = Desk()
    desk.watching.add(ValueMoves(path=(), by=0.1))
    desk.watching.add(ValueMoves(path=(), by=0.1))
    (only,) = desk.watching.watched
    desk.watching.set_figure(only.number, 0.25)
    desk.watching.set_one_by_one(True)
    assert desk.watching.add_query("N > 50 and") != ""
    assert desk.watching.add_query("N > 50") == ""
    first, second = desk.watching.watched
    assert first.watchpoint == ValueMoves(path=(), by=0.25)
    assert second.watchpoint == QueryHolds(text="N > 50")
    desk.watching.set_figure(second.number, 3.0)
    assert desk.watching.watched[1].watchpoint == QueryHolds(text="N > 50", nodes=3)
    desk.control.start()
    desk.engine.pump(2)
    assert desk.runs()[-1].one_by_one
    texts = [row.text for row in desk.screen.last("show_watchpoints").rows]
    assert texts == ["the value of the root moves by 0.25", "3 nodes have N > 50"]


def test_a_line_that_was_closed_stays_closed_until_the_next_hit() -> None:
    desk = Desk()
    desk.watching.add(VisitsReach(path=(), visits=60))
    desk.control.start()
    desk.run_until_hit()
    desk.watching.dismiss()
    assert desk.screen.last("show_hit") is None
    desk.watching.add(VisitsReach(path=(), visits=200))
    desk.control.start()
    desk.run_until_hit()
    assert "number 200" in desk.screen.last("show_hit").text


def test_a_branch_that_is_not_below_the_root_sleeps() -> None:
    desk = Desk()
    desk.control.start()
    desk.engine.pump(10)
    shown = desk.control.session.shown
    assert shown is not None
    move = int(shown.tree.edge_action[0])
    other = int(shown.tree.edge_action[1])
    desk.watching.add(VisitsReach(path=(), visits=2_000), shown.line.then(other))
    desk.control.play(move)
    desk.engine.pump(6)
    desk.control.tick()
    record = desk.screen.last("show_watchpoints")
    assert record.num_armed == 0
    assert not record.rows[0].is_here
    assert not desk.runs()[-1].watchpoints


def test_only_what_names_no_branch_is_kept() -> None:
    free = Watched(number=1, watchpoint=BestChanges(after=100))
    tied = Watched(number=2, watchpoint=ProofFound(), line=Line("startpos", (3,)))
    assert kept(to_keep((free, tied))) == (free,)
    assert kept(({"number": 3, "watchpoint": {"type": "FromTomorrow"}}, *to_keep((free,)))) == (free,)


def test_what_is_kept_comes_back_with_the_settings(tmp_path: Path) -> None:
    before, after = Desk(), Desk()
    before.watching.add(DepthReached(depth=33))
    save_settings(Settings(watched=before.watching.to_keep(), one_by_one=True), tmp_path / "window.json")
    settings, problem = load_settings(tmp_path / "window.json")
    after.watching.take_up(settings.watched, one_by_one=settings.one_by_one)
    assert problem == ""
    assert [one.watchpoint for one in after.watching.watched] == [DepthReached(depth=33)]
    assert after.control.session.wish.one_by_one


def test_paths_are_those_below_the_root() -> None:
    root = Line("s", (1,))
    below = Watched(number=1, watchpoint=BranchPruned(), line=Line("s", (1, 2)))
    visits = Watched(number=2, watchpoint=VisitsReach(path=(), visits=9), line=Line("s", (1, 2, 3)))
    gone = Watched(number=3, watchpoint=ProofFound(), line=Line("s", (2,)))
    off = Watched(number=4, watchpoint=ProofFound(), is_on=False)
    found = armed((below, visits, gone, off), root)
    assert [watchpoint for _, watchpoint in found] == [BranchPruned(below=(2,)), VisitsReach(path=(2, 3), visits=9)]


@pytest.mark.parametrize("step", [1, 100])
def test_steps_stop_there_too(step: int) -> None:
    line = Line("s")
    known = Known(ready=True, generations=(), domain="d", line=line, generation="uniform", looked=True)
    watched = (Watched(number=1, watchpoint=BestChanges()),)
    wish = Wish("d", line, generation="uniform", run=False, step=step, watched=watched)
    request = next_request(wish, known)
    assert isinstance(request, RunSearch)
    assert request.watchpoints == (BestChanges(),)
    assert request.roots == 0
