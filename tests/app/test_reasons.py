"""Reasons in the running program: with real searches, but no process and no display."""

import pytest

from app.viewmodels.records import InspectorRecord
from app.viewmodels.why_records import CausesRecord, WhyRecord
from engine.tree.columns import ROOT
from tests.app.test_controller import World


@pytest.fixture
def world() -> World:
    return World().ready().finish()


def card(world: World) -> InspectorRecord:
    record = world.screen.last("show_node")
    assert isinstance(record, InspectorRecord)
    return record


def why(world: World) -> WhyRecord:
    found = card(world).why
    assert found is not None
    return found


def causes(world: World) -> CausesRecord:
    found = why(world).causes
    assert found is not None
    return found


def test_the_card_of_the_best_move_has_its_reasons(world: World) -> None:
    assert why(world).title in (f"Why {row.text}?" for row in why(world).siblings.rows if row.is_self)
    assert why(world).values is not None
    assert "at a glance" in causes(world).summary


def test_another_node_another_reason(world: World) -> None:
    world.control.select_node(ROOT)
    assert why(world).title == "Where next?"
    world.control.select_node(5)
    assert why(world).title != "Where next?"


def test_an_evaluation_can_be_gone_to(world: World) -> None:
    """A click on it selects its leaf and looks at the moment of that simulation, where the leaf is there."""
    world.control.select_node(ROOT)
    row = causes(world).evaluations[0]
    world.control.select_node(row.node)
    world.control.travel.seek(row.moment)
    moment = world.control.travel.moment
    assert moment is not None
    assert moment.tree.simulations == row.moment
    assert world.control.state.selected == row.node < moment.tree.num_nodes
    assert why(world).values is not None


def test_changes_are_explained_from_the_moment_looked_at(world: World) -> None:
    world.control.select_node(ROOT)
    world.control.travel.seek(100)
    world.control.explain_since(True)
    world.control.travel.to_present()
    assert causes(world).since == 100
    assert "at simulation 100 to" in causes(world).summary
    world.control.explain_since(False)
    assert causes(world).since == -1


def test_the_root_tells_how_steady_the_search_was() -> None:
    world = World(budget=1000).ready().finish()
    world.control.select_node(ROOT)
    (term,) = [term for term in why(world).figures if term.label == "Twice the search changed it"]
    assert term.text.endswith(" times")
    world.control.travel.seek(150)
    assert not any(term.label == "Twice the search changed it" for term in why(world).figures)


def test_reasons_follow_the_root(world: World) -> None:
    """Node numbers mean other nodes then, and nothing that was found before is shown."""
    world.control.select_node(ROOT)
    before = causes(world)
    world.control.play_best()
    world.finish()
    world.control.select_node(ROOT)
    assert causes(world) != before
    visits = int(world.tree.stats["visits"][ROOT])
    assert f"after {visits:,} visits" in causes(world).summary


def test_what_was_not_visited_is_explained_too() -> None:
    world = World(budget=5).ready().finish()
    unvisited = next(row.action for row in world.screen.last("show_candidates").rows if not row.visits)
    world.control.select_action(unvisited)
    assert why(world).title.startswith("Why not ")
    assert any(row.is_self and row.node < 0 for row in why(world).siblings.rows)


def test_a_card_that_is_only_glanced_at_has_none(world: World) -> None:
    world.control.hover_node(3)
    assert world.screen.last("show_card").why is None
