"""Steering with real searches: each act reaches the tree, is told, counted honestly, and can be taken back."""

import pytest

from app.presenter import phrases, showing
from app.viewmodels.inspector import node_record
from app.viewmodels.showing import Showing
from engine.domains.base import Line
from engine.search.limits import Limits
from engine.search.settings import SearchSettings
from engine.service.messages import (
    BoostBranch,
    CutBranch,
    OpenSearch,
    PauseSearch,
    PinBranch,
    ReevaluateBranch,
    RunSearch,
    SetPrior,
    SwitchSearch,
    UndoSteering,
)
from engine.tree.events import PruneReason
from tests.app.test_controller import START, World


@pytest.fixture
def world() -> World:
    return World().ready().finish()


def line_of(world: World, row: int = 0) -> Line:
    return START.then(world.screen.last("show_candidates").rows[row].action)


def edge_of(world: World, line: Line) -> int:
    return int(world.tree.edge_of(0, line.actions[-1]))


def settled(world: World) -> None:
    world.engine.pump(3)
    world.control.tick()


def undone(world: World) -> None:
    world.control.undo()
    settled(world)


def test_pinning_cuts_all_beside_and_undo_opens_them_again(world: World) -> None:
    line = line_of(world, 1)
    run = world.tree.edge_run(0)
    before = world.tree.edge_pruned[run].copy()
    world.do("pin", line)
    settled(world)
    pruned = world.tree.edge_pruned[run]
    assert world.sent(PinBranch)
    assert world.tree.edge_pruned[edge_of(world, line)] == 0
    assert (pruned == PruneReason.BY_HAND).sum() == len(pruned) - 1, "those that only lacked budget too"
    undone(world)
    assert (world.tree.edge_pruned[run] == before).all()


def test_a_prior_is_set_and_taken_back(world: World) -> None:
    line = line_of(world)
    before = world.screen.last("show_candidates").rows
    world.do("weigh", line, 0.5)
    settled(world)
    assert world.sent(SetPrior)[0].prior == 0.5
    rows = {row.action: row for row in world.screen.last("show_candidates").rows}
    assert rows[line.actions[-1]].prior == pytest.approx(0.5, abs=1e-3)
    assert sum(row.prior for row in rows.values()) == pytest.approx(1, abs=0.01)
    undone(world)
    assert {r.action: r.prior for r in world.screen.last("show_candidates").rows} == {r.action: r.prior for r in before}


def test_visits_lent_to_a_search_that_stands_still_are_made_and_counted_apart(world: World) -> None:
    line = line_of(world, 2)
    row = world.screen.last("show_candidates").rows[2]
    done = world.tree.simulations
    world.do("lend", line, 100)
    settled(world)
    world.engine.pump_until(lambda: world.tree.simulations == done + 100)
    settled(world)
    assert world.sent(BoostBranch)[0].visits == 100
    after = next(r for r in world.screen.last("show_candidates").rows if r.action == row.action)
    assert (after.visits, after.borrowed, after.lent) == (row.visits, 100, 0)
    assert after.visit_share == pytest.approx(row.visit_share)
    assert world.word() == "paused"
    node = int(world.tree.edge_child[edge_of(world, line)])
    shown = showing(world.control.state, world.control.session, world.control.travel.moment)
    assert shown is not None
    record = node_record(node, shown)
    assert "100 lent visits were made below it, which nothing above counts." in record.notice
    assert {term.label: term.text for term in record.terms}["Visits lent"] == "100"


def test_visits_not_spent_are_seen_and_taken_back() -> None:
    world = World(budget=None).ready()
    world.engine.pump(5)
    world.control.tick()
    line = line_of(world)
    world.do("lend", line, 10**6)
    settled(world)
    assert world.tree.lent[edge_of(world, line)] < 10**6
    row = next(r for r in world.screen.last("show_candidates").rows if r.action == line.actions[-1])
    assert row.lent > 0 < row.borrowed
    undone(world)
    assert world.tree.lent == {}
    assert world.word() == "running"


def test_another_generation_is_asked_about_a_node_and_about_the_root(world: World) -> None:
    line = line_of(world)
    node = int(world.tree.edge_child[edge_of(world, line)])
    before = float(world.tree.facts["raw_value"][node])
    world.do("ask", line, "uniform")
    settled(world)
    assert float(world.tree.facts["raw_value"][node]) == 0.0 != before
    undone(world)
    assert float(world.tree.facts["raw_value"][node]) == pytest.approx(before)
    world.do("ask", START, "uniform")
    settled(world)
    assert world.sent(ReevaluateBranch)[-1].path == ()
    assert len({row.prior for row in world.screen.last("show_candidates").rows}) == 1


def test_acts_are_undone_in_reverse_order() -> None:
    world = World(budget=None).ready()
    world.engine.pump(5)
    world.control.tick()
    lines = [line_of(world, row) for row in (0, 1)]

    def cut() -> list[bool]:
        return [world.tree.edge_pruned[edge_of(world, line)] == PruneReason.BY_HAND for line in lines]

    for line in lines:
        world.do("cut", line)
    settled(world)
    assert cut() == [True, True]
    undone(world)
    assert cut() == [True, False]
    undone(world)
    assert cut() == [False, False]
    assert len(world.sent(UndoSteering)) == 2
    world.control.undo()
    assert world.screen.last("say") == "There is nothing to undo."


def test_an_act_that_was_refused_is_said_and_not_taken_back(world: World) -> None:
    line = line_of(world)
    world.do("cut", line)
    settled(world)
    world.do("ask", START, "gen-404")
    settled(world)
    assert "gen-404" in world.screen.last("show_error")[0]
    undone(world)
    assert world.tree.edge_pruned[edge_of(world, line)] == 0, "the cut was the last act that was carried out"


def test_after_a_move_acts_of_the_old_root_are_not_taken_back(world: World) -> None:
    best, other = line_of(world, 0), line_of(world, 1)
    world.do("cut", other)
    settled(world)
    world.control.play(best.actions[-1])
    settled(world)
    world.control.undo()
    world.finish()
    assert world.control.state.game.current == START, "the move is taken back"
    world.control.undo()
    assert world.screen.last("say") == "There is nothing to undo."
    assert not world.sent(UndoSteering)


def test_a_recording_cannot_be_steered(world: World) -> None:
    world.engine.die()
    world.control.engine_changed("failed", "killed")
    world.do("cut", line_of(world))
    assert world.screen.last("say").startswith("Only a live search can be steered.")
    record = world.control.branches.record(line_of(world))
    assert record is not None
    assert not record.is_live
    assert not world.sent(CutBranch)


def test_what_is_certain_takes_no_loan() -> None:
    world = World("6k1/5ppp/8/8/8/8/8/R5K1 w - - 0 1").ready()
    world.engine.pump(20)
    world.control.tick()
    row = world.screen.last("show_candidates").rows[0]
    assert (row.text, row.certain) == ("Ra8#", "mate in 1")
    world.do("lend", world.control.line_of_action(row.action), 10)
    assert "would find nothing" in world.screen.last("say")
    assert not world.sent(BoostBranch)
    assert world.screen.last("show_value").text == "M1"


def test_settings_and_limits_change_in_place() -> None:
    world = World(budget=None).ready()
    world.engine.pump(5)
    world.control.set_settings(SearchSettings(c_puct=3.0))
    world.engine.pump(3)
    assert world.sent(SwitchSearch)[0].settings.c_puct == 3.0
    assert world.control.session.shown is not None
    assert world.control.session.shown.settings.c_puct == 3.0
    world.control.set_limits(Limits(depth=1))
    world.engine.pump(5)
    assert len(world.sent(PauseSearch)) == 1
    assert world.sent(RunSearch)[-1].limits == Limits(depth=1)
    assert world.word() == "finished"
    assert world.screen.last("show_status").headline.startswith("Finished: the main line is long enough")
    assert len(world.sent(OpenSearch)) == 1


def test_gumbel_wants_a_budget_and_says_so() -> None:
    world = World(budget=None).ready()
    world.engine.pump(5)
    world.control.set_method("gumbel")
    assert "choose a budget" in world.screen.last("show_error")[0]
    assert world.control.session.wish.settings.method == "puct"
    world.control.set_budget(64)
    world.control.set_method("gumbel")
    world.control.start()
    world.finish()
    assert world.control.session.wish.settings.method == "gumbel"
    world.control.set_budget(None)
    assert world.control.session.wish.budget == 64
    assert "choose a budget" in world.screen.last("show_error")[0]


def test_every_cut_of_a_knock_out_is_told_with_its_evidence() -> None:
    world = World(budget=64).ready()
    world.control.set_method("gumbel")
    world.finish()
    world.control.tick()
    rows = world.screen.last("show_candidates").rows
    told = {row.pruned: row.notice for row in rows if row.pruned}
    assert told["eliminated"].startswith("Eliminated at simulation ")
    assert told["left out"].startswith("Outside the moves considered at simulation ")
    assert [row.pruned for row in rows].count("") == 1, "the winner stays"


def test_room_is_made_and_what_is_looked_at_stays() -> None:
    world = World(budget=None)
    world.control.set_settings(SearchSettings(memory_bytes=2**20))
    world.ready()
    world.engine.pump(30)
    world.control.tick()
    best = world.screen.last("show_candidates").rows[0]
    world.control.select_action(best.action)
    deep = max(range(world.tree.num_nodes), key=lambda node: int(world.tree.facts["depth"][node]))
    world.control.select_node(deep)
    replica = world.control.session.shown
    assert replica is not None
    world.engine.pump_until(lambda: replica.renumbered_at > 0)
    world.control.tick()
    selected = world.control.state.selected
    assert 0 <= selected < world.tree.num_nodes
    line = world.control.state.selected_line
    assert line == world.tree.line_to(selected)
    assert "given up for room" in world.screen.last("show_status").headline
    assert world.control.state.game.current == START
    assert len(world.sent(OpenSearch)) == 1
    words = phrases("chess")
    text = node_record(selected, Showing(replica.present, words, tuple(words.notation.outcomes))).title
    assert text.split(" · ")[0] in world.screen.last("show_node").title
