"""The desk for questions with real searches, without a process and a display."""

import numpy as np
import pytest

from app.questions import EVERY_S, LIST_EVERY_S
from app.viewmodels.questions import QuestionRecord, ResultsRecord
from engine.tree.columns import ROOT
from engine.tree.lenses import READY
from engine.tree.query import parse
from tests.app.test_controller import World


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    made = World("startpos", 400).ready().finish()
    made.control.questions._clock = clock
    made.control.questions.begin(())
    return made


def bar(world: World) -> QuestionRecord:
    return world.screen.last("show_question")  # type: ignore[no-any-return]


def results(world: World) -> ResultsRecord:
    return world.screen.last("show_results")[0]  # type: ignore[no-any-return]


def expected(world: World, text: str) -> list[int]:
    moment = world.control.travel.moment
    assert moment is not None
    return parse(text).run(moment.tree, moment.parameters).astype(int).tolist()  # type: ignore[no-any-return]


def test_a_question_marks_counts_and_lists_what_it_finds(world: World) -> None:
    world.control.questions.ask("N > 5 by share")
    marks = world.screen.last("show_marks")
    assert marks.tolist() == expected(world, "N > 5")
    assert bar(world).count == f"{int(marks.sum())} of 400 nodes"
    assert [row.node for row in results(world).rows][:1] == [ROOT]
    assert results(world).order == "share"
    path_text = world.screen.last("show_results")[1]
    best = results(world).rows[1].node
    assert path_text(ROOT) == "the root"
    assert len(path_text(best).split()) == len(world.tree.path(best))
    assert path_text(10**6) == ""


def test_what_cannot_be_asked_is_said_with_its_place_and_the_last_answer_stays(world: World) -> None:
    world.control.questions.ask("N > 5")
    shown = world.screen.count("show_marks")
    world.control.questions.ask("N > 5 and visit")
    assert (bar(world).text, bar(world).error) == ("N > 5 and visit", "“visit” is not known: did you mean visits?")
    assert bar(world).text[bar(world).start : bar(world).end] == "visit"
    assert world.screen.count("show_marks") == shown
    world.control.questions.ask("N > 5")
    assert bar(world).error == ""
    assert bar(world).count.endswith("of 400 nodes")


def test_nothing_asked_takes_everything_away(world: World) -> None:
    world.control.questions.look_through("Frontier")
    assert world.screen.last("show_tint") is not None
    world.control.questions.ask("  ")
    assert world.screen.last("show_marks") is None
    assert world.screen.last("show_tint") is None
    assert results(world) == ResultsRecord()
    assert bar(world).text == bar(world).lens == bar(world).count == ""
    assert len(bar(world).lenses) == len(READY)


def test_next_and_previous_go_round_the_list_in_its_order(world: World) -> None:
    desk = world.control.questions
    desk.step(1)
    assert world.screen.last("say") == "Ask the tree something first: Ctrl+F."
    desk.ask("depth == 1 and N > 4 by Q")
    listed = [row.node for row in results(world).rows]
    assert len(listed) > 2
    went = []
    for _ in range(len(listed) + 1):
        desk.step(1)
        went.append(world.control.state.selected)
    assert went == [*listed, listed[0]]
    desk.step(-1)
    assert world.control.state.selected == listed[-1]
    desk.ask("N > 1M")
    desk.step(1)
    assert world.screen.last("say") == "Nothing was found to go to."


def test_enter_goes_to_the_first_and_again_to_the_next(world: World) -> None:
    desk = world.control.questions
    desk.enter("depth == 1 by N")
    listed = [row.node for row in results(world).rows]
    assert world.control.state.selected == listed[0]
    desk.enter("depth == 1 by N")
    assert world.control.state.selected == listed[1]
    desk.enter("depth == ")
    assert world.control.state.selected == listed[1]


def test_an_answer_is_made_in_the_time_there_is(world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.tree.query._MOST_NODES", 8)
    monkeypatch.setattr("engine.tree.query._LEAST_NODES", 8)
    desk, turns = world.control.questions, 0

    def ticking() -> float:
        clock.now += 0.003
        return clock.now

    desk._clock = ticking
    desk.enter("depth == 1 by N")
    assert bar(world).count == "counting …"
    assert world.control.state.selected == -1
    while bar(world).count == "counting …":
        desk.tick()
        turns += 1
        assert turns < 100
    assert turns > 5
    desk.tick()
    assert world.screen.last("show_marks").tolist() == expected(world, "depth == 1")
    assert world.control.state.selected == results(world).rows[0].node, "Enter was pressed long ago, and is carried out"


def test_an_answer_follows_the_tree_a_few_times_a_second_and_the_list_once(world: World, clock: Clock) -> None:
    desk = world.control.questions
    desk.ask("leaf")
    before = bar(world).count
    world.control.step(60)
    world.engine.pump_until(lambda: world.tree.simulations == 460)
    listed = world.screen.count("show_results")
    desk.tick()
    assert bar(world).count == before, "too soon"
    clock.now += EVERY_S + 0.01
    desk.tick()
    assert bar(world).count.endswith("of 460 nodes")
    assert world.screen.last("show_marks").tolist() == expected(world, "leaf")
    assert world.screen.count("show_results") == listed
    clock.now += LIST_EVERY_S
    desk.tick()
    assert world.screen.count("show_results") == listed + 1
    assert results(world).total == sum(expected(world, "leaf"))
    for _ in range(5):
        clock.now += LIST_EVERY_S
        desk.tick()
    assert world.screen.count("show_results") == listed + 1, "nothing changed since"


def test_an_answer_follows_the_playhead_and_the_root(world: World) -> None:
    desk, control = world.control.questions, world.control
    desk.ask("N > 2")
    control.travel.seek(50)
    assert bar(world).count.endswith("of 50 nodes")
    assert world.screen.last("show_marks").tolist() == expected(world, "N > 2")
    control.travel.to_present()
    assert bar(world).count.endswith("of 400 nodes")
    control.play(int(world.tree.edge_action[0]))
    world.engine.pump_until(lambda: len(world.tree.line.actions) == 1)
    for _ in range(20):
        desk.tick()
    marks = world.screen.last("show_marks")
    assert len(marks) <= world.tree.num_nodes
    assert marks.any()


def test_a_lens_asks_and_colours_and_stays_while_its_text_is_asked_again(world: World) -> None:
    desk = world.control.questions
    desk.look_through("Search against intuition")
    assert bar(world).lens == "Search against intuition"
    colours = world.screen.last("show_tint")
    assert (colours.name, colours.low, colours.high) == ("visit share − prior", -1.0, 1.0)
    assert len(colours.values) == 400
    desk.ask(bar(world).text)
    assert bar(world).lens == "Search against intuition"
    desk.ask("N > 5")
    assert bar(world).lens == ""
    assert world.screen.last("show_tint") is None
    desk.look_through("there is no such lens")
    assert bar(world).text == "N > 5"


def test_lenses_are_kept_replaced_and_removed(world: World) -> None:
    desk = world.control.questions
    kept: list[object] = []
    desk.kept = kept.append
    desk.save("early")
    assert "nothing to keep yet" in world.screen.last("say")
    desk.ask("N > 5  by share")
    desk.save("  ")
    assert world.screen.last("say") == "A lens needs a name."
    desk.save("frontier")
    assert "is a lens of the program" in world.screen.last("say")
    assert not kept
    desk.save("early")
    assert kept == [(("early", "N > 5 by share"),)]
    assert bar(world).lens == "early"
    desk.ask("N > 6")
    desk.save("early")
    assert kept[-1] == (("early", "N > 6"),)
    desk.clear()
    desk.look_through("early")
    assert bar(world).text == "N > 6"
    desk.remove("early")
    assert kept[-1] == ()
    assert bar(world).lens == ""
    desk.remove("Frontier")
    assert len(kept) == 3, "those of the program stay"
    assert len(bar(world).lenses) == len(READY)


def test_a_kept_lens_of_another_version_says_why_it_cannot_be_asked(world: World) -> None:
    world.control.questions.begin((("old", "novelty > 3"),))
    world.control.questions.look_through("old")
    assert "“novelty” is not known" in bar(world).error


def test_before_there_is_a_tree_a_question_waits_for_it(clock: Clock) -> None:
    world = World("startpos", 100)
    world.control.questions._clock = clock
    world.control.questions.ask("N > 5")
    assert bar(world).count == ""
    world.ready().finish()
    clock.now += LIST_EVERY_S
    world.control.questions.tick()
    marks = world.screen.last("show_marks")
    assert isinstance(marks, np.ndarray)
    assert marks.any()
    assert results(world).total == marks.sum()
