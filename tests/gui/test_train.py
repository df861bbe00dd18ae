"""The pages of training: what is clicked reaches the engine, and what it answers is seen."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCheckBox, QPushButton, QWidget

from app.theme import DARK, LIGHT
from app.train.desks import make_train_desks
from app.viewmodels.train_setup import TrainSetup
from app.widgets.train_setup import TrainForm
from app.workspaces.train import Train as TrainWorkspace
from engine.domains.base import Line
from engine.service.arena_messages import PauseJob
from engine.service.messages import Done, Generations
from engine.service.train_messages import (
    ExcludeLessons,
    LessonsShown,
    RoundEnded,
    Rounds,
    RoundsEnded,
    StartRounds,
    SurprisingLessons,
)
from tests.app.arena.engines import Conversation, Engine
from tests.app.train.rounds import (
    GENERATIONS,
    began,
    found,
    games,
    learned,
    lesson,
    met,
    moved,
    news,
    pinned,
    report,
)

LEFT = Qt.MouseButton.LeftButton


class Window:
    """The workspace over an engine that answers when a test says so."""

    def __init__(self, on_disk=()):
        self.opened = []
        desks = make_train_desks(
            Engine(),
            lambda domain, line: self.opened.append((domain, line)),
            lambda: ("connect_four", Line("startpos", (3,))),
        )
        self.desks = desks
        self.wire = Conversation.__new__(Conversation)
        self.wire.talk, self.wire.engine = desks.talk, desks.talk._engine
        self.on_disk = on_disk
        self.work = TrainWorkspace(desks)

    def listed(self):
        waiting = self.wire.engine.sent
        kinds = {
            "ListRounds": lambda request: Rounds(id=request.id, rounds=self.on_disk),
            "ListGenerations": lambda request: Generations(id=request.id, generations=GENERATIONS),
        }
        for request in [request for request in waiting if type(request).__name__ in kinds]:
            waiting.remove(request)
            self.desks.talk.answered(kinds[type(request).__name__](request))

    def begin(self):
        self.work.begin()
        self.listed()

    def tell(self, *notices):
        for notice in notices:
            self.desks.talk.noticed(notice)
        self.listed()

    def button(self, text):
        return next(b for b in self.work.findChildren(QPushButton) if b.text() == text and b.isVisible())


@pytest.fixture
def opened(shown):
    def make(*on_disk, theme=DARK, size=(1232, 700)):
        window = Window(on_disk)
        window.work.set_theme(theme)
        shown(window.work, *size)
        window.begin()
        return window

    return make


def chosen(window, domain="connect_four", **more):
    form = window.work.round.form
    for _ in range(2):  # the parents of a domain are there once it is chosen
        form.show_setup(TrainSetup(domain=domain, **more))
        form.changed.emit()


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_the_first_start_explains_itself_and_fits_a_small_window(opened, theme):
    window = opened(theme=theme)
    page = window.work.round
    assert "whether it helped" in page.headline.text()
    assert window.button("Distil").isEnabled()
    assert window.work.minimumSizeHint().width() <= 1180
    assert page.told()["listed"] == []
    unnamed = [
        widget
        for widget in window.work.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and isinstance(widget, (QPushButton, QCheckBox))
        and not (widget.accessibleName() or widget.text())
    ]
    assert unnamed == []


def test_a_domain_without_generations_says_what_to_do(opened, qtbot):
    window = opened()
    window.desks.catalogue.generations = tuple(info for info in GENERATIONS if info.domain == "chess")
    chosen(window)
    assert not window.button("Distil").isEnabled()
    assert "train-base --domain connect_four" in window.work.round.form._problem.text()


def test_one_button_begins_pauses_and_goes_on(opened, qtbot):
    window = opened()
    chosen(window, parent="gen-001", seed=3)
    qtbot.mouseClick(window.button("Distil"), LEFT)
    request = window.wire.take(StartRounds)
    assert (request.domain, request.parent, request.seed) == ("connect_four", "gen-001", 3)
    window.tell(began(), news("play", 10, 512), games(0, 1, 2), moved(1, 2, 3))
    window.work.round._advance()
    assert window.work.round.told()["boards"] == 3
    qtbot.mouseClick(window.button("Pause"), LEFT)
    assert not window.button("Pausing …").isEnabled()
    window.wire.answer(PauseJob, lambda asked: Done(id=asked.id))
    window.on_disk = (found("cut off", "play"),)
    window.desks.talk.answered(RoundsEnded(id=request.id, round="gen-001", stopped="by hand"))
    window.listed()
    assert "paused" in window.work.round.headline.text()
    window.work.toggle()  # the key
    assert window.wire.take(StartRounds).resume


def test_a_changed_form_means_another_round_than_the_one_that_stands_still(opened, qtbot):
    window = opened(found("cut off", "play"))
    form: TrainForm = window.work.round.form
    assert form._start.text() == "Go on"
    form._rounds.setValue(5)
    assert form._start.text() == "Distil"
    qtbot.mouseClick(form._start, LEFT)
    request = window.wire.take(StartRounds)
    assert (request.resume, request.rounds) == (False, 5)


def test_losses_and_pinned_positions_move_while_it_learns(opened):
    window = opened()
    window.desks.rounds.start(TrainSetup(domain="connect_four"))
    window.wire.take(StartRounds)
    window.tell(began("learn"), pinned(0, 0.0), learned(1), learned(50, policy=1.2), pinned(50, 0.5))
    page = window.work.round
    policy = page.charts[0]
    assert policy.accessibleDescription() == "1.20"
    before = policy.grab().toImage()
    window.tell(learned(80, policy=0.9))
    assert policy.grab().toImage() != before
    assert page.told()["pinned"] == [[50, 0.5]]
    (view,) = [view for view in page.pinned._views if view.tile is not None]
    assert "Value +0.50, 0.00 before" in view.accessibleDescription()


def test_the_end_shows_the_verdict_and_offers_the_child_as_the_next_parent(opened):
    window = opened()
    window.desks.rounds.start(TrainSetup(domain="connect_four", parent="c4-000"))
    request = window.wire.take(StartRounds)
    window.tell(began())
    told = report(match=met(45, 3, 90))
    window.on_disk = (found("done", told=told),)
    window.tell(RoundEnded(round="gen-001", number=1, report=told))
    window.desks.talk.answered(RoundsEnded(id=request.id, round="gen-001", stopped="rounds", reports=(told,)))
    window.listed()
    assert window.work.round.verdict.isVisible()
    assert "It helped." in window.work.round.verdict.accessibleDescription()
    assert window.work.round.form.setup().parent == "gen-001"


def test_the_position_of_explore_is_pinned_and_taken_off_with_a_key(opened, qtbot):
    window = opened()
    chosen(window)
    qtbot.mouseClick(window.button("Pin from Explore"), LEFT)
    views = window.work.round.pinned._views
    assert [view.tile.line.actions for view in views] == [(), (3,)]
    views[1].setFocus()
    qtbot.keyClick(views[1], Qt.Key.Key_Delete)
    assert [view.tile.line.actions for view in window.work.round.pinned._views] == [()]
    chosen(window, "chess")
    window.work.round.pin_explored()
    assert "another domain" in window.work._remark.text()


def test_lessons_are_left_out_by_their_boxes_and_open_in_explore(opened, qtbot):
    window = opened(found("played", "learn"))
    window.work.turn_to("lessons")
    window.wire.answer(
        SurprisingLessons,
        lambda request: LessonsShown(
            id=request.id, round="gen-001", total=90, lessons=(lesson(3), lesson(8)), excluded=(), can_exclude=True
        ),
    )
    first, _ = window.work.lessons.wall.views
    qtbot.mouseClick(first.box, LEFT, pos=QPoint(8, first.box.height() // 2))
    assert window.wire.take(ExcludeLessons).lessons == (3,)
    assert first.box.text() == "Left out"
    qtbot.mouseClick(first.picture, LEFT)
    assert window.opened == [("connect_four", Line("startpos", (3, 3)))]
    qtbot.mouseClick(window.button("Go on and learn"), LEFT)
    request = window.wire.take(StartRounds)
    assert (request.resume, request.until) == (True, "done")


def test_the_ratchet_shows_its_line_wherever_there_is_one(opened):
    window = opened()
    window.work.turn_to("ratchet")
    told = window.work.ratchet.told()
    assert told["domain"] == "connect_four"
    assert [name for name, _ in told["points"]] == ["c4-000", "gen-001", "gen-002"]
    chart = window.work.ratchet.chart
    assert "gen-002: +150 Elo" in chart.accessibleDescription()
    assert chart.grab().toImage().pixelColor(2, 2).name() != ""
    window.work.step_page(1)
    assert window.work.page == "round"


def test_positions_that_were_lost_open_in_explore(opened, qtbot):
    position = {"start": "startpos", "actions": [2], "lessons": "this round", "lost": 1.0}
    losses = {"policy_loss": [1.0, 1.5], "value_loss": [0.5, 1.0]}
    told = report(match=met(-40, -80, -10), autopsy={"text": "It forgot.", "positions": [{**position, **losses}]})
    window = opened(found("done", told=told))
    qtbot.mouseClick(window.button("O to move after 3, action 2: loss 1.50 to 2.50"), LEFT)
    assert window.opened == [("connect_four", Line("startpos", (2,)))]


def test_an_engine_that_dies_is_said_once_with_a_way_out(opened):
    window = opened()
    window.desks.rounds.start(TrainSetup(domain="connect_four"))
    window.wire.take(StartRounds)
    window.tell(began())
    window.desks.talk.engine_changed("failed", "The engine ended unexpectedly.\nlog")
    assert window.work.told()["error"] == "The engine ended unexpectedly. What was done is kept."
    assert window.work.round.told()["error"] == ""
    assert window.button("Restart").isEnabled()
