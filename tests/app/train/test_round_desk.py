"""The desks of training: what is asked of the engine, and what is known after its answers."""

import pytest

from app.train.desks import make_train_desks
from app.viewmodels.train_replica import RoundReplica
from app.viewmodels.train_setup import TrainSetup
from engine.domains import registry
from engine.domains.base import Line
from engine.service.arena_messages import PauseJob
from engine.service.messages import Done, Failed, Generations
from engine.service.train_messages import (
    ExcludeLessons,
    LessonsShown,
    ListRounds,
    RoundEnded,
    Rounds,
    RoundsEnded,
    StartRounds,
    SurprisingLessons,
)
from tests.app.arena.engines import Conversation, Engine
from tests.app.train.rounds import (
    GENERATIONS,
    ORDER,
    SMALL,
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

SETUP = TrainSetup(domain="connect_four", parent="c4-000", rounds=3, seed=7)


class Train:
    """The desks over an engine that answers when a test says so."""

    def __init__(self):
        self.desks = make_train_desks(Engine(), lambda domain, line: None, lambda: ("connect_four", Line("startpos")))
        self.rounds, self.lessons = self.desks.rounds, self.desks.lessons
        self.wire = Conversation.__new__(Conversation)
        self.wire.talk, self.wire.engine = self.desks.talk, self.desks.talk._engine
        self.on_disk = ()

    def listed(self):
        """Answer what asks for lists."""
        waiting = self.wire.engine.sent
        for request in [request for request in waiting if type(request).__name__ in ("ListRounds", "ListGenerations")]:
            waiting.remove(request)
            answer = (
                Rounds(id=request.id, rounds=self.on_disk)
                if isinstance(request, ListRounds)
                else Generations(id=request.id, generations=GENERATIONS)
            )
            self.desks.talk.answered(answer)

    def started(self):
        """Begin a round; its request."""
        self.rounds.start(SETUP)
        request = self.wire.take(StartRounds)
        self.desks.talk.noticed(began(rounds=3))
        self.listed()
        return request

    def end(self, request, stopped="rounds"):
        self.desks.talk.answered(RoundsEnded(id=request.id, round="gen-001", stopped=stopped))
        self.listed()


@pytest.fixture
def train():
    return Train()


def test_a_round_is_asked_for_as_it_was_set_up(train):
    request = train.started()
    start = registry.notation("connect_four").parse_line("startpos")
    assert (request.domain, request.parent, request.rounds, request.seed) == ("connect_four", "c4-000", 3, 7)
    assert (request.size, request.until, request.resume, request.pinned) == ("small", "done", False, (start,))
    assert train.rounds.is_busy
    assert train.rounds.selected == "gen-001"
    train.rounds.start(SETUP)
    assert train.wire.kinds() == []  # one at a time


def test_news_are_folded_into_the_round_that_is_shown(train):
    train.started()
    for notice in (news("fuel", 32, 32), games(0, 1), moved(1, 2, 4), news("play", 100, 512, left=9.0), learned(5)):
        train.desks.talk.noticed(notice)
    shown = train.rounds.shown()
    assert isinstance(shown, RoundReplica)
    assert (shown.stage, shown.done["fuel"], shown.done["play"]) == ("learn", 32, 512)
    assert shown.games.games[1].actions == [2, 4]
    assert shown.curves.step == 5


def test_a_pause_keeps_the_round_and_going_on_asks_for_the_rounds_that_are_left(train):
    request = train.started()
    train.desks.talk.noticed(RoundEnded(round="gen-001", number=1, report=report(match=met(9, 1, 20))))
    train.desks.talk.noticed(began(number=2, rounds=3))
    train.listed()
    train.rounds.pause()
    assert train.rounds.is_pausing
    train.wire.answer(PauseJob, lambda asked: Done(id=asked.id))
    train.on_disk = (found("cut off", "play"),)
    train.end(request, "by hand")
    assert not train.rounds.is_busy
    assert train.rounds.can_go_on("gen-001")
    train.rounds.go_on("gen-001")
    again = train.wire.take(StartRounds)
    assert (again.resume, again.round, again.rounds, again.until) == (True, "gen-001", 2, "done")
    assert (again.size, again.seed, again.parent) == (SMALL, ORDER.seed, "c4-000")


def test_cancelling_sets_the_round_aside_and_loses_nothing(train):
    request = train.started()
    train.rounds.cancel()
    train.wire.answer(PauseJob, lambda asked: Done(id=asked.id))
    train.on_disk = (found("cut off", "play"),)
    train.end(request, "by hand")
    assert train.rounds.selected == ""
    assert train.rounds.shown() is None
    assert train.rounds.can_go_on("gen-001")


def test_the_same_round_keeps_its_curves_over_a_pause_but_not_its_games(train):
    request = train.started()
    for notice in (games(0), learned(5), learned(6)):
        train.desks.talk.noticed(notice)
    train.on_disk = (found("cut off", "learn"),)
    train.end(request, "by hand")
    train.rounds.go_on("gen-001")
    train.desks.talk.noticed(began("learn"))
    shown = train.rounds.live
    assert (shown.games.games, shown.curves.step) == ({}, 6)


def test_a_refusal_is_said(train):
    request = train.started()
    train.desks.talk.answered(Failed(id=request.id, kind="input", text="Another process makes rounds."))
    assert train.rounds.trouble == "Another process makes rounds."
    assert not train.rounds.is_busy


def test_an_engine_that_dies_is_not_started_again_by_the_list(train):
    train.started()
    train.desks.talk.engine_changed("failed", "It ended unexpectedly.")
    assert not train.rounds.is_busy
    assert train.rounds.trouble == ""  # said for all pages
    assert train.wire.kinds() == []


def test_the_newest_round_is_looked_at_first(train):
    train.on_disk = (found("played", "learn"),)
    train.rounds.refresh()
    train.listed()
    assert train.rounds.selected == "gen-001"
    assert train.rounds.can_go_on("gen-001")


def test_positions_are_pinned_once_and_not_too_many(train):
    desk, line = train.rounds, Line("startpos", (3,))
    assert len(desk.pins("chess")) == 1
    assert desk.pin("connect_four", line) == "Pinned."
    assert "already" in desk.pin("connect_four", line)
    for action in range(6):
        desk.pin("connect_four", Line("startpos", (3, action)))
    assert len(desk.pins("connect_four")) == 6
    assert "Take one off" in desk.pin("connect_four", Line("startpos", (0,)))
    desk.unpin("connect_four", line)
    assert line not in desk.pins("connect_four")
    assert len(desk.pins("chess")) == 1


def test_what_is_taken_off_stays_off(train):
    desk = train.rounds
    desk.unpin("connect_four", desk.pins("connect_four")[0])
    assert desk.pins("connect_four") == ()


def test_pinned_answers_begin_with_the_parents(train):
    train.started()
    train.desks.talk.noticed(pinned(0, 0.1))
    train.desks.talk.noticed(pinned(40, 0.6))
    (trace,) = train.rounds.live.pinned
    assert (trace.first.value, trace.now.value, trace.values) == (0.1, 0.6, [(0, 0.1), (40, 0.6)])


def shown_lessons(request, *, can_exclude=True):
    lessons = (lesson(3), lesson(5))
    return LessonsShown(
        id=request.id, round=request.round, total=90, lessons=lessons, excluded=(5,), can_exclude=can_exclude
    )


def test_lessons_are_left_out_together_with_those_before(train):
    desk = train.lessons
    desk.open("gen-001")
    train.wire.answer(SurprisingLessons, shown_lessons)
    assert desk.excluded == {5}
    desk.learn(3, False)
    request = train.wire.answer(ExcludeLessons, lambda asked: Done(id=asked.id))
    assert (request.round, request.lessons) == ("gen-001", (3, 5))
    desk.learn(5, True)
    assert train.wire.take(ExcludeLessons).lessons == (3,)


def test_what_is_learned_already_cannot_be_left_out(train):
    train.lessons.open("gen-001")
    train.wire.answer(SurprisingLessons, lambda request: shown_lessons(request, can_exclude=False))
    train.lessons.learn(3, False)
    assert train.wire.kinds() == []
    assert train.lessons.excluded == {5}


def test_a_refused_exclusion_shows_what_is_on_disk(train):
    desk = train.lessons
    desk.open("gen-001")
    train.wire.answer(SurprisingLessons, shown_lessons)
    desk.learn(3, False)
    train.wire.answer(ExcludeLessons, lambda asked: Failed(id=asked.id, kind="input", text="Learning has begun."))
    assert desk.trouble == "Learning has begun."
    train.wire.answer(SurprisingLessons, shown_lessons)
    assert desk.excluded == {5}
