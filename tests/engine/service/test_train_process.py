"""Distillation rounds in a real engine process: made, watched, stopped for a look, paused, gone on with."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from engine.distill.round_order import RoundSize
from engine.distill.settings import LearningSettings, SelfPlaySettings
from engine.domains.base import Line
from engine.domains.registry import rules
from engine.service.arena_messages import PauseJob
from engine.service.messages import Answer, Done, Failed
from engine.service.train_messages import (
    ExcludeLessons,
    LessonsShown,
    ListRounds,
    PinnedNews,
    ReadRound,
    RoundBegan,
    RoundEnded,
    RoundNews,
    RoundRead,
    Rounds,
    RoundsEnded,
    SelfPlayNews,
    StartRounds,
    SurprisingLessons,
)
from tests.engine.nets.small import CONNECT_FOUR, lively_network, published
from tests.engine.service.fakes import SocketClient
from tests.engine.service.test_process import ENVIRONMENT, engine_process

RULES = rules("connect_four")
SIZE = RoundSize(
    games=40,
    shard_games=20,
    fuel_pairs=1,
    match_pairs=3,
    search_pairs=1,
    play=SelfPlaySettings(simulations=4, wander_plies=2),
    learn=LearningSettings(batch=32, reuse=3.0, checks=3),
)
LONG = msgspec.structs.replace(SIZE, learn=LearningSettings(batch=32, reuse=4000.0, checks=2))
PINNED = (Line("startpos"), Line("startpos", (3, 3)))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SocketClient]:
    """One process for all rounds of this file."""
    data = tmp_path_factory.mktemp("data")
    published(data / "generations", lively_network(CONNECT_FOUR), "gen-000")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ENVIRONMENT, "ARBORIST_DATA", str(data))
        with engine_process() as engine:
            yield engine.client


@pytest.fixture
def client(shared: SocketClient) -> SocketClient:
    shared.seen.clear()
    return shared


def made(client: SocketClient, **values: Any) -> RoundsEnded:
    ended = client.do(StartRounds, domain="connect_four", **{"size": SIZE, "parent": "gen-000", **values})
    assert isinstance(ended, RoundsEnded), ended
    return ended


def standing(client: SocketClient, name: str) -> str:
    found = client.do(ListRounds, domain="connect_four")
    assert isinstance(found, Rounds), found
    return next(one.standing for one in found.rounds if one.round == name)


def check_boards(news: list[SelfPlayNews]) -> set[int]:
    """Play again what was told; the games that ended."""
    lines: dict[int, Line] = {}
    ended: set[int] = set()
    for one in news:
        for began in one.began:
            assert began.game not in lines
            lines[began.game] = Line(began.start, began.actions)
        for moved in one.moved:
            assert moved.game not in ended
            lines[moved.game] = lines[moved.game].then(*moved.actions)
            assert len(moved.values) == len(moved.actions)
        ended |= {game.game for game in one.ended}
    for game, line in lines.items():
        over = RULES.outcomes[int(RULES.expand(RULES.load(line)[-1:].copy()).outcomes[0])].text
        assert (game in ended) == bool(over)
    return ended


def test_a_round_is_looked_at_half_way_and_watched_to_its_end(client: SocketClient) -> None:
    stopped = made(client, until="play")
    assert stopped.stopped == "play"
    name = stopped.round
    assert check_boards(client.notices(SelfPlayNews)) == {*range(8), *range(20, 28)}
    assert {one.stage for one in client.notices(RoundNews)} == {"fuel", "play"}
    assert standing(client, name) == "played"
    shown = client.do(SurprisingLessons, round=name, count=3)
    assert isinstance(shown, LessonsShown), shown
    assert shown.can_exclude
    for lesson in shown.lessons:
        assert len(lesson.legal) == len(lesson.prior) == len(lesson.policy)
        assert sum(lesson.policy) == pytest.approx(1.0, abs=1e-4)
        assert not lesson.excluded
    chosen = shown.lessons[0].lesson
    assert isinstance(client.do(ExcludeLessons, round=name, lessons=(chosen,)), Done)
    again = client.do(SurprisingLessons, round=name, count=1)
    assert isinstance(again, LessonsShown)
    assert (again.excluded, again.lessons[0].excluded) == ((chosen,), True)

    client.seen.clear()
    ended = made(client, resume=True, round=name, pinned=PINNED)
    assert (ended.stopped, len(ended.reports)) == ("rounds", 1)
    report = ended.reports[0]
    assert report["train"]["excluded"] == 1
    assert client.notices(RoundEnded)[0].report == report
    began = client.notices(RoundBegan)[0]
    assert (began.stage, began.order.size, began.number) == ("learn", SIZE, 1)
    assert [plan.stage for plan in began.stages] == ["fuel", "play", "learn", "match"]
    asked = client.notices(PinnedNews)
    assert asked[0].step == 0
    assert asked[-1].step == asked[-1].steps > 0
    assert all(len(one.positions) == 2 for one in asked)
    assert sum(asked[-1].positions[1].priors) == pytest.approx(1.0, abs=1e-4)
    learning = [one.learning for one in client.notices(RoundNews) if one.learning is not None]
    assert learning[-1].step == learning[-1].steps == report["train"]["steps"]
    read = client.do(ReadRound, round=name)
    assert isinstance(read, RoundRead), read
    assert read.info.report is not None
    assert read.info.report["child_hash"] == report["child_hash"]
    assert read.curve[-1].step == read.curve[-1].steps == learning[-1].steps
    assert read.curve[-1].policy == learning[-1].policy
    assert standing(client, name) == "done"


def test_a_round_is_paused_in_its_training_and_gone_on_with(client: SocketClient) -> None:
    number = client.ask(StartRounds, domain="connect_four", parent="gen-000", size=LONG, pinned=PINNED)
    while not any(one.learning and one.learning.step > 5 for one in client.notices(RoundNews)):
        reply = client.next()
        assert not isinstance(reply, Answer), reply
    listing = client.do(ListRounds)
    assert isinstance(listing, Rounds)
    name = client.notices(RoundBegan)[0].round
    assert listing.running == name
    assert isinstance(client.do(ExcludeLessons, round=name, lessons=()), Failed)
    other = client.do(StartRounds, domain="connect_four", size=SIZE)
    assert isinstance(other, Failed)
    assert other.kind == "state"
    assert isinstance(client.do(PauseJob), Done)
    paused = client.answer(number)
    assert isinstance(paused, RoundsEnded), paused
    assert (paused.round, paused.stopped, paused.reports) == (name, "by hand", ())
    reached = [one.learning.step for one in client.notices(RoundNews) if one.learning is not None][-1]
    assert standing(client, name) == "cut off"

    client.seen.clear()
    client.ask(StartRounds, domain="connect_four", resume=True, round=name)
    while not client.notices(RoundNews) or not any(one.learning for one in client.notices(RoundNews)):
        reply = client.next()
        assert not isinstance(reply, Answer), reply
    first = next(one.learning.step for one in client.notices(RoundNews) if one.learning is not None)
    assert first > reached
    assert isinstance(client.do(PauseJob), Done)


def test_what_cannot_be_done_is_said(client: SocketClient) -> None:
    for values, word in (
        ({"parent": "gen-009"}, "gen-009"),
        ({"size": "tiny"}, "tiny"),
        ({"resume": True, "domain": "chess"}, "nothing to go on with"),
        ({"resume": True, "round": "gen-777"}, "gen-777"),
        ({"excluded": (1,)}, "resume"),
        ({"pinned": (Line("nowhere"),)}, "nowhere"),
    ):
        answer = client.do(StartRounds, **{"domain": "connect_four", "parent": "gen-000", **values})
        assert isinstance(answer, Failed), values
        assert answer.kind == "input"
        assert word in answer.text
    missing = client.do(SurprisingLessons, round="gen-777")
    assert isinstance(missing, Failed)
    assert "gen-777" in missing.text
