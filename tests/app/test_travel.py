"""The playhead with real searches, without a process and a display: the past is the fold of the journal, then."""

import pytest

from app.viewmodels.timeline import TimelineRecord
from engine.search.settings import SearchSettings
from engine.tree.choice import best_edge
from engine.tree.columns import ROOT
from engine.tree.digest import tree_digest
from engine.tree.fold import empty_tree, fold_stream
from tests.app.test_controller import START, World, action

SHARP = "r3k2r/p1ppqpb1/bn2pnp1/3PN3/1p2P3/2N2Q1p/PPPBBPPP/R3K2R w KQkq - 0 1"


@pytest.fixture
def world() -> World:
    return World("startpos", 400).ready().finish()


def digest_then(world: World, simulation: int) -> str:
    replica = world.control.session.shown
    assert replica is not None
    tree = empty_tree(replica.header)
    fold_stream(tree, replica.journal.stream(), simulation)
    return tree_digest(tree)


def timeline(world: World) -> TimelineRecord:
    world.control.tick()
    return world.screen.last("show_timeline")  # type: ignore[no-any-return]


@pytest.mark.parametrize("simulation", [1, 2, 100, 399])
def test_a_moment_sought_is_the_fold_of_the_journal_up_to_there(world: World, simulation: int) -> None:
    world.control.travel.seek(simulation)
    moment = world.control.travel.moment
    assert moment is not None
    assert tree_digest(moment.tree) == digest_then(world, simulation)
    assert world.screen.last("show_moment") is moment.tree
    assert timeline(world).at == simulation


def test_all_that_is_looked_at_is_of_that_moment(world: World) -> None:
    before = sum(row.visits for row in world.screen.last("show_candidates").rows)
    world.control.travel.seek(50)
    rows = world.screen.last("show_candidates").rows
    assert (before, sum(row.visits for row in rows)) == (399, 49)
    assert dict(world.screen.last("show_status").figures)["simulations"] == "50"


def test_the_right_end_is_the_present_and_follows_the_search(world: World) -> None:
    travel = world.control.travel
    travel.seek(10)
    travel.seek(400)
    assert travel.at is None
    world.control.step(10)
    world.engine.pump_until(lambda: world.tree.simulations == 410)
    assert timeline(world).last == 410
    assert sum(row.visits for row in world.screen.last("show_candidates").rows) == 409


def test_a_search_goes_on_while_its_past_is_looked_at() -> None:
    world = World("startpos", 2000).ready()
    world.engine.pump_until(lambda: world.control.session.shown is not None and world.tree.simulations >= 300)
    world.control.travel.seek(100)
    grown = world.screen.count("tree_changed")
    now = world.tree.simulations
    world.engine.pump_until(lambda: world.tree.simulations > now + 200)
    assert world.control.travel.at == 100
    assert world.screen.count("tree_changed") == grown  # the picture is that of the past
    moment = world.control.travel.moment
    assert moment is not None
    assert tree_digest(moment.tree) == digest_then(world, 100)
    assert timeline(world).last == world.tree.simulations


def test_steps_go_both_ways_and_stop_at_the_ends(world: World) -> None:
    world.control.step(-100)
    assert world.control.travel.at == 300
    world.control.step(10)
    assert world.control.travel.at == 310
    world.control.step(-1000)
    assert world.control.travel.at == 1
    world.control.step(1000)
    assert world.control.travel.at is None


def test_the_past_cannot_be_steered(world: World) -> None:
    world.control.travel.seek(200)
    sent = len(world.engine.sent)
    row = world.screen.last("show_candidates").rows[0]
    world.cut(row.action)
    world.engine.pump(3)
    assert len(world.engine.sent) == sent
    assert "past" in world.screen.last("say")
    assert not world.screen.last("show_node").can_cut


def test_a_change_of_the_best_move_is_found_to_the_simulation() -> None:
    world = World(SHARP, 600).ready().finish()
    flips = [mark for mark in timeline(world).marks if mark.kind == "flip"]
    assert flips
    travel, replica = world.control.travel, world.control.session.shown
    assert replica is not None

    def best(simulation: int) -> int:
        tree = replica.history.seek(simulation)
        return int(tree.edge_action[best_edge(tree, ROOT)])

    for mark in flips:
        at = travel.exact(mark)
        assert at <= mark.at
        assert best(at) == mark.action
        assert best(at - 1) != mark.action


def test_events_are_gone_through_in_order() -> None:
    world = World(SHARP, 600).ready().finish()
    control, seen = world.control, []
    control.travel.seek(1)
    for _ in range(100):
        at = control.travel.at
        control.seek_event(1)
        if control.travel.at in (at, None):
            break
        seen.append(control.travel.at)
    assert seen == sorted(set(seen))
    assert seen
    control.seek_event(-1)
    assert control.travel.at is not None


def test_playing_moves_on_at_its_speed_and_stops_at_the_present(world: World) -> None:
    travel = world.control.travel
    travel.set_speed(100)
    travel.toggle_play()
    assert (travel.at, timeline(world).is_playing) == (1, True)
    for _ in range(10):
        travel.advance(0.1)
    assert travel.at == 101
    for _ in range(40):
        travel.advance(0.1)
    assert travel.at is None
    assert not timeline(world).is_playing


def test_slow_playing_does_not_lose_parts_of_simulations(world: World) -> None:
    travel = world.control.travel
    travel.set_speed(1)
    travel.toggle_play()
    for _ in range(99):
        travel.advance(0.033)
    assert travel.at == 1 + 3


def test_another_root_is_looked_at_in_the_present(world: World) -> None:
    world.control.travel.seek(100)
    world.control.play(action(START, "e4"))
    world.finish()
    assert world.control.travel.at is None
    assert world.control.session.shown is not None
    assert timeline(world).first == world.control.session.shown.root_at
    world.control.travel.seek(0)
    assert world.control.travel.at == timeline(world).first


def test_before_and_after_a_prior_was_set_are_moments_like_others(world: World) -> None:
    line = world.control.line_of_action(world.screen.last("show_candidates").rows[0].action)
    world.do("weigh", line, 0.01)
    world.engine.pump(3)
    world.control.step(50)
    world.engine.pump_until(lambda: world.tree.simulations == 450)
    for simulation in (123, 430, 399):
        world.control.travel.seek(simulation)
        moment = world.control.travel.moment
        assert moment is not None
        assert tree_digest(moment.tree) == digest_then(world, simulation)


def test_what_was_before_room_was_made_is_folded_again() -> None:
    world = World("startpos", 4000)
    world.control.set_settings(SearchSettings(memory_bytes=2**20))
    world.ready().finish()
    travel, replica = world.control.travel, world.control.session.shown
    assert replica is not None
    assert replica.history.first > 500
    world.control.select_node(1)
    selected = world.control.state.selected_line
    travel.seek(123)
    moment = travel.moment
    assert moment is not None
    assert (travel.at, tree_digest(moment.tree)) == (123, digest_then(world, 123))
    assert world.screen.last("show_tree")[0] is moment.tree
    assert world.control.state.selected_line == selected
    travel.seek(124)
    assert world.screen.last("show_moment") is travel.moment.tree
    travel.to_present()
    assert world.screen.last("show_tree")[0] is world.tree
