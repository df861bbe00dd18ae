"""Undoing and doing again: the list by itself, and everything a person does, in any order."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.render.folding import NO_FOLDS, FoldRules, folding_words
from app.undo import Kind, Step, UndoList
from engine.domains.base import ActionError
from engine.domains.registry import notation
from engine.search.limits import Limits
from engine.service.messages import BoostBranch, CutBranch, UndoSteering
from engine.tree.events import PruneReason
from tests.app.test_controller import START, World, action


def step(words: str, log: list[str], *, can: bool = True, kind: Kind = Kind.GAME, about: object = None) -> Step:
    def way(sign: str) -> Callable[[], bool]:
        return lambda: can and not log.append(f"{sign}{words}")

    return Step(kind, words, way("-"), way("+"), about)


def test_steps_go_back_in_order_and_forward_again() -> None:
    steps, log = UndoList(), []
    for words in "abc":
        steps.did(step(words, log))
    assert (steps.words_back, steps.words_again) == ("c", "")
    steps.back()
    steps.back()
    steps.again()
    assert log == ["-c", "-b", "+b"]
    assert (steps.words_back, steps.words_again) == ("b", "c")
    steps.did(step("d", log))
    assert (steps.words_back, steps.words_again) == ("d", "")
    assert steps.again() is None


def test_the_oldest_steps_go() -> None:
    steps, log = UndoList(most=3), []
    for words in "abcde":
        steps.did(step(words, log))
    while steps.back():
        pass
    assert log == ["-e", "-d", "-c"]


def test_a_step_that_cannot_be_undone_now_stays() -> None:
    steps, log = UndoList(), []
    steps.did(step("a", log, can=False))
    assert steps.back() is None
    assert (steps.words_back, steps.words_again) == ("a", "")


def test_what_is_gone_is_forgotten_on_both_sides() -> None:
    steps, log, told = UndoList(), [], []
    steps.changed = lambda: told.append((steps.words_back, steps.words_again))
    thing = object()
    steps.did(step("game", log, about=1))
    steps.did(step("cut", log, kind=Kind.BRANCH, about=thing))
    steps.did(step("another game", log, about=2))
    steps.did(step("pin", log, kind=Kind.BRANCH))
    assert list(steps.about(Kind.GAME)) == [2, 1]
    steps.back()
    steps.drop(thing)
    assert (steps.words_back, steps.words_again) == ("another game", "pin")
    steps.forget(Kind.BRANCH)
    assert told[-1] == ("another game", "")
    steps.clear()
    assert told[-1] == ("", "")


class Lists(RuleBasedStateMachine):
    """Values set one after the other, against two plain lists of what they were."""

    def __init__(self) -> None:
        super().__init__()
        self.steps, self.value = UndoList(most=6), 0
        self.behind: list[int] = []
        self.ahead: list[int] = []

    def put(self, value: int) -> bool:
        self.value = value
        return True

    @rule(value=st.integers())
    def do(self, value: int) -> None:
        before, self.ahead = self.value, []
        self.behind = [*self.behind, before][-6:]
        self.put(value)
        self.steps.did(Step(Kind.GAME, "set", lambda: self.put(before), lambda: self.put(value)))

    @rule()
    def undo(self) -> None:
        value = self.value
        if self.steps.back():
            assert self.value == self.behind.pop()
            self.ahead.append(value)

    @rule()
    def redo(self) -> None:
        value = self.value
        if self.steps.again():
            assert self.value == self.ahead.pop()
            self.behind.append(value)

    @invariant()
    def offers(self) -> None:
        assert (bool(self.steps.words_back), bool(self.steps.words_again)) == (bool(self.behind), bool(self.ahead))


class Deeds(RuleBasedStateMachine):
    """A person who does and undoes whatever comes to mind, with a real search."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(domain="connect_four", budget=20).ready().finish()
        self.control = self.world.control
        self.told = 0

    def state(self) -> tuple[Any, ...]:
        wish = self.control.session.wish
        shown = [rules for name, rules in self.world.screen.log if name == "show_folding"]
        game = self.control.state.game.tree
        wished = (wish.settings, wish.budget, wish.limits, wish.generation, wish.watched, wish.line)
        return game, wished, self.control.notes.notebook, shown[-1:] or [NO_FOLDS]

    @rule(column=st.integers(1, 7))
    def play(self, column: int) -> None:
        game = self.control.state.game
        with suppress(ActionError):
            self.control.play(int(notation("connect_four").parse_action(game.current, str(column))))

    @rule(words=st.sampled_from(["good", "bad"]))
    def comment(self, words: str) -> None:
        self.control.games.comment(self.control.state.game.here, words)

    @rule()
    def delete(self) -> None:
        self.control.games.delete()

    @rule(name=st.sampled_from(["cut", "restore", "toggle", "pin"]), column=st.integers(0, 6))
    def act(self, name: str, column: int) -> None:
        line = self.control.line_of_action(column)
        if line is not None and self.control.branches.record(line) is not None:
            self.world.do(name, line)

    @rule(budget=st.sampled_from([20, 30]), method=st.sampled_from(["puct", "ucb1"]))
    def wish(self, budget: int, method: str) -> None:
        self.control.set_budget(budget)
        self.control.set_method(method)
        self.control.set_limits(Limits(nodes=budget))

    @rule(below=st.integers(0, 3))
    def fold(self, below: int) -> None:
        before = self.state()[3][0]
        after = FoldRules(below=below)
        if before != after:
            self.world.screen.show_folding(after)
            self.control.refolded(before, after)

    @rule()
    def bookmark(self) -> None:
        self.control.notes.add_bookmark()

    @rule()
    def wait(self) -> None:
        self.world.engine.pump(4)
        self.control.tick()

    @rule()
    def undo(self) -> None:
        self.control.undo()

    @rule()
    def redo(self) -> None:
        self.control.redo()

    @rule()
    def undo_all_and_redo_all(self) -> None:
        while self.control.steps.again():
            pass
        before, words, count = self.state(), self.control.steps.words_back, 0
        while self.control.steps.back():
            count += 1
        for _ in range(count):
            assert self.control.steps.again() is not None
        assert self.state() == before
        assert self.control.steps.words_back == words

    @rule()
    def a_new_deed_ends_redo(self) -> None:
        self.control.undo()
        self.told += 1
        self.control.games.comment((), str(self.told))
        assert self.control.steps.words_again == ""


TestLists = Lists.TestCase
TestLists.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestDeeds = Deeds.TestCase
TestDeeds.settings = settings(max_examples=10, stateful_step_count=20, deadline=None)


@pytest.fixture
def world() -> World:
    return World().ready().finish()


def settled(world: World) -> None:
    world.engine.pump(4)
    world.control.tick()


def test_acts_on_branches_are_done_again_and_told(world: World) -> None:
    lines = [START.then(row.action) for row in world.screen.last("show_candidates").rows[:3]]
    for name, line, *amount in (("cut", lines[0]), ("weigh", lines[1], 0.5), ("pin", lines[2])):
        world.do(name, line, *amount)
        settled(world)
    run = world.tree.edge_run(0)
    pruned, prior = world.tree.edge_pruned[run].copy(), world.tree.edge_prior[run].copy()
    assert world.control.steps.words_back.startswith("pin ")
    for _ in range(3):
        world.control.undo()
    settled(world)
    assert not (world.tree.edge_pruned[run] == PruneReason.BY_HAND).any()
    assert world.control.steps.words_again.startswith("cut ")
    for _ in range(3):
        world.control.redo()
    settled(world)
    assert (world.tree.edge_pruned[run] == pruned).all()
    assert (world.tree.edge_prior[run] == prior).all()
    assert len(world.sent(UndoSteering)) == 3
    world.control.redo()
    assert world.screen.last("say") == "There is nothing to do again."


def test_visits_lent_again_are_spent_again(world: World) -> None:
    line = START.then(world.screen.last("show_candidates").rows[0].action)
    world.do("lend", line, 20)
    world.control.undo()
    assert not world.control.session.wish.acts, "what was not sent is not taken back by the engine either"
    world.control.redo()
    done = world.tree.simulations
    world.engine.pump_until(lambda: world.tree.simulations == done + 20)
    assert len(world.sent(BoostBranch)) >= 1


def test_a_cut_that_something_else_did_meanwhile_is_not_done_again(world: World) -> None:
    rows = world.screen.last("show_candidates").rows
    line = START.then(rows[0].action)
    world.do("cut", line)
    settled(world)
    world.control.undo()
    settled(world)
    edge = world.tree.edge_of(0, rows[0].action)
    world.tree.edge_pruned[edge] = PruneReason.BY_HAND  # as if by someone else
    world.control.redo()
    assert "nothing to do again" in world.screen.last("say")
    assert len(world.sent(CutBranch)) == 1
    assert world.control.steps.words_again == ""


def test_in_the_past_an_act_is_not_undone_but_kept(world: World) -> None:
    world.cut(world.screen.last("show_candidates").rows[0].action)
    settled(world)
    world.control.travel.seek(50)
    world.control.undo()
    assert "past" in world.screen.last("say")
    assert world.control.steps.words_back.startswith("cut ")
    world.control.travel.to_present()
    world.control.undo()
    assert world.control.steps.words_back == ""


def test_settings_go_back_and_forth(world: World) -> None:
    first = world.control.session.wish
    world.control.set_method("ucb1")
    world.control.set_budget(300)
    world.control.set_budget(300)
    world.control.set_generation("uniform")
    wished = world.control.session.wish
    words = []
    while world.control.steps.words_back:
        words.append(world.control.steps.words_back)
        world.control.undo()
    assert words == ["generation", "budget", "method ucb1"]
    wish = world.control.session.wish
    assert (wish.settings, wish.budget, wish.generation) == (first.settings, first.budget, first.generation)
    for _ in words:
        world.control.redo()
    wish = world.control.session.wish
    assert (wish.settings, wish.budget, wish.generation) == (wished.settings, 300, "uniform")
    assert world.screen.last("say") == "Done again: generation."


def test_a_change_that_the_engine_refuses_cannot_be_undone(world: World) -> None:
    world.control.set_budget(300)
    settled(world)
    world.control.set_generation("gen-404")
    settled(world)
    assert "gen-404" in world.screen.last("show_error")[0]
    assert world.control.steps.words_back == "budget"


def test_watchpoints_are_undone(world: World) -> None:
    assert world.control.watching.add_query("N > 5") == ""
    (watched,) = world.control.watching.watched
    world.control.watching.switch(watched.number, is_on=False)
    world.control.undo()
    assert world.control.watching.watched == (watched,)
    world.control.undo()
    assert world.control.watching.watched == ()
    world.control.redo()
    assert world.control.watching.watched == (watched,)


def test_folds_are_undone_until_nodes_have_other_numbers(world: World) -> None:
    closed = FoldRules(frozenset({3}))
    world.control.refolded(NO_FOLDS, closed)
    world.control.refolded(closed, NO_FOLDS)
    world.control.undo()
    assert world.screen.last("show_folding") == closed
    assert world.screen.last("say") == "Undone: unfold everything."
    world.control.redo()
    assert world.screen.last("show_folding") == NO_FOLDS
    world.control.play(world.screen.last("show_candidates").rows[0].action)
    settled(world)
    world.control.undo()
    assert world.screen.last("say").startswith("Undone: move ")
    world.control.undo()
    assert world.screen.last("say") == "There is nothing to undo."


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (NO_FOLDS, FoldRules(frozenset({3})), "fold a branch"),
        (FoldRules(frozenset({3, 4})), FoldRules(frozenset({3})), "unfold a branch"),
        (FoldRules(pruned=True), FoldRules(opened=frozenset({3}), pruned=True), "unfold a branch"),
        (FoldRules(opened=frozenset({3}), pruned=True), FoldRules(pruned=True), "fold a branch"),
        (NO_FOLDS, FoldRules(pruned=True), "fold pruned branches"),
        (NO_FOLDS, FoldRules(below=1000), "fold below 1,000 visits"),
        (FoldRules(pruned=True), NO_FOLDS, "unfold everything"),
    ],
)
def test_what_a_fold_is_called(before: FoldRules, after: FoldRules, words: str) -> None:
    assert folding_words(before, after) == words


def test_the_menu_says_what(world: World) -> None:
    said = []
    control = world.control
    control.play(action(START, "e4"))
    said.append(control.steps.words_back)
    control.games.comment(control.state.game.here, "good")
    said.append(control.steps.words_back)
    control.games.paste("d4 d5")
    said.append(control.steps.words_back)
    control.notes.add_bookmark()
    said.append(control.steps.words_back)
    assert said == ["move e4", "comment", "text read in", "bookmark"]
