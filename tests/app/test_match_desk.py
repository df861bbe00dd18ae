"""The match desk: what is played, looked at and listed, over an engine that keeps to a script."""

from collections.abc import Callable

import pytest

from app.arena.match_desk import MatchDesk
from app.arena.talk import Talk
from app.arena.wall_desk import WallDesk
from app.viewmodels.match_replica import MatchReplica
from engine.arena.order import MatchOrder
from engine.service.arena_messages import (
    EstimateMatch,
    GameBegan,
    GameEnded,
    ListMatches,
    MatchBegan,
    MatchCost,
    MatchEnded,
    Matches,
    MatchInfo,
    MatchNews,
    MatchPart,
    MatchRead,
    PauseJob,
    PutBackMatch,
    ReadMatch,
    RemoveMatch,
    StartMatch,
)
from engine.service.messages import Answer, Done, Failed, Notice, Request

ORDER = MatchOrder(domain="connect_four", a="gen-000", b="uniform", pairs=2)
INFO = MatchInfo(match="old", order=ORDER, date="2026-01-01T00:00:00", state="paused")
BEGAN = MatchBegan(
    match="new",
    order=ORDER,
    pairs=2,
    a_fingerprint="a",
    b_fingerprint="b",
    book="some",
    book_hash="",
    reproducible=True,
)
START = "startpos"


class Engine:
    """Ready at once; the test says what it answers."""

    def __init__(self) -> None:
        self.is_ready = True
        self.requests: list[Request] = []

    def request(self, make: Callable[[int], Request]) -> int:
        self.requests.append(make(len(self.requests) + 1))
        return self.requests[-1].id

    def start(self) -> None:
        pass

    def finish(self) -> None:
        pass

    def last(self, kind: type[Request]) -> Request:
        return next(request for request in reversed(self.requests) if isinstance(request, kind))


class Scene:
    """A desk, its engine, and both ends of the talk between them."""

    def __init__(self) -> None:
        self.engine = Engine()
        self.talk = Talk(self.engine)
        self.desk = MatchDesk(self.talk)

    def answer(self, kind: type[Request], make: Callable[[int], Answer]) -> None:
        self.talk.answered(make(self.engine.last(kind).id))

    def begin(self) -> None:
        self.desk.start(ORDER)
        self.talk.noticed(BEGAN)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def news(**fields: object) -> Notice:
    return MatchNews(match="new", **fields)  # type: ignore[arg-type]


def began(*numbers: int) -> tuple[GameBegan, ...]:
    return tuple(
        GameBegan(game=number, start=START, actions=(), a_moves_first=not number % 2, seed=0) for number in numbers
    )


def test_a_match_is_played_to_its_end(scene: Scene) -> None:
    scene.begin()
    desk = scene.desk
    assert (desk.is_busy, desk.playing) == (True, "new")
    scene.talk.noticed(news(began=began(0, 1)))
    ends = (GameEnded(game=0, points=1.0, text=""), GameEnded(game=1, points=0.5, text=""))
    scene.talk.noticed(news(ended=ends, counted=1))
    assert desk.shown is not None
    assert desk.shown.counts.games == 2
    scene.answer(StartMatch, lambda number: MatchEnded(id=number, match="new", stopped="pairs", report={}))
    assert (desk.is_busy, desk.playing, desk.shown.stopped) == (False, "", "pairs")
    assert isinstance(scene.engine.requests[-1], ListMatches)


def test_only_one_match_is_started_and_only_one_pause_asked_for(scene: Scene) -> None:
    scene.begin()
    scene.desk.start(ORDER)
    scene.desk.go_on("old")
    scene.desk.pause()
    scene.desk.pause()
    kinds = [type(request) for request in scene.engine.requests]
    assert (kinds.count(StartMatch), kinds.count(PauseJob)) == (1, 1)
    scene.answer(StartMatch, lambda number: MatchEnded(id=number, match="new", stopped="by hand", report={}))
    assert not scene.desk.is_pausing
    assert scene.desk.shown is not None
    assert scene.desk.shown.stopped == "by hand"


def test_a_match_that_goes_on_begins_with_its_first_game_again(scene: Scene) -> None:
    scene.begin()
    scene.talk.noticed(news(began=began(0)))
    scene.answer(StartMatch, lambda number: MatchEnded(id=number, match="new", stopped="by hand", report={}))
    scene.desk.go_on("new")
    request = scene.engine.last(StartMatch)
    assert isinstance(request, StartMatch)
    assert (request.match, request.order) == ("new", None)
    scene.talk.noticed(BEGAN)
    scene.talk.noticed(news(began=began(0, 1)))
    assert scene.desk.shown is not None
    assert sorted(scene.desk.shown.games) == [0, 1]


def test_when_the_engine_dies_the_match_stays_on_screen_and_nothing_is_asked(scene: Scene) -> None:
    scene.begin()
    scene.engine.is_ready = False
    asked = len(scene.engine.requests)
    scene.talk.engine_changed("failed", "It ended.")
    assert (scene.desk.is_busy, scene.desk.trouble) == (False, "")  # all pages say it
    assert scene.desk.shown is not None
    assert scene.desk.shown.stopped == "by hand"
    assert len(scene.engine.requests) == asked


def test_a_player_that_fails_is_no_engine_that_died(scene: Scene) -> None:
    scene.talk.engine_changed("ready", "")
    scene.begin()
    scene.answer(StartMatch, lambda number: Failed(id=number, kind="engine", text="X failed 3 times in a row."))
    assert (scene.desk.is_busy, scene.desk.trouble) == (False, "X failed 3 times in a row.")
    assert isinstance(scene.engine.requests[-1], ListMatches)


def test_a_match_that_cannot_begin_says_why_and_leaves_what_was_looked_at(scene: Scene) -> None:
    scene.desk.open("old")
    scene.answer(ReadMatch, lambda number: MatchRead(id=number, info=INFO, news=MatchNews(match="old")))
    scene.desk.start(ORDER)
    scene.answer(StartMatch, lambda number: Failed(id=number, kind="input", text="There is no gen-000."))
    assert scene.desk.trouble == "There is no gen-000."
    assert scene.desk.shown is not None
    assert (scene.desk.shown.match, scene.desk.shown.stopped) == ("old", None)


def test_what_is_played_is_read_at_once_and_what_is_stored_from_the_engine(scene: Scene) -> None:
    scene.begin()
    heard: list[object] = []
    scene.desk.read("new", lambda replica, trouble: heard.append((replica is scene.desk.shown, trouble)))
    assert heard == [(True, "")]
    scene.desk.read("old", lambda replica, trouble: heard.append((replica, trouble)))
    scene.answer(ReadMatch, lambda number: Failed(id=number, kind="input", text="No such match."))
    assert heard[1] == (None, "No such match.")


def test_a_long_match_comes_in_parts(scene: Scene) -> None:
    scene.begin()
    heard: list[object] = []

    def got(replica: MatchReplica | None, trouble: str) -> None:
        assert replica is not None
        heard.append((sorted(replica.games), replica.counts.games, trouble))

    scene.desk.read("old", got)
    number = scene.engine.last(ReadMatch).id
    ends = (GameEnded(game=0, points=1.0, text=""), GameEnded(game=1, points=0.0, text=""))
    for news_ in (MatchNews(match="old", began=began(0)), MatchNews(match="old", began=began(1), ended=ends)):
        scene.talk.noticed(MatchPart(request=number, info=INFO, news=news_))
    assert heard == []
    assert scene.desk.shown is not None
    assert scene.desk.shown.match == "new", "parts are no news of the match that is played"
    last = MatchNews(match="old", began=began(2), counted=1)
    scene.answer(ReadMatch, lambda number: MatchRead(id=number, info=INFO, news=last))
    assert heard == [([0, 1, 2], 2, "")]


def test_a_long_match_with_a_part_that_does_not_fit_is_not_shown(scene: Scene) -> None:
    heard: list[object] = []
    scene.desk.read("old", lambda replica, trouble: heard.append((replica, trouble)))
    number = scene.engine.last(ReadMatch).id
    scene.talk.noticed(MatchPart(request=number, info=INFO, news=MatchNews(match="other")))
    scene.answer(ReadMatch, lambda number: MatchRead(id=number, info=INFO, news=MatchNews(match="old")))
    ((replica, trouble),) = heard  # type: ignore[misc]
    assert replica is None
    assert "cannot be shown" in trouble


def test_a_match_that_is_removed_is_not_looked_at_any_more(scene: Scene) -> None:
    scene.desk.open("old")
    scene.answer(ReadMatch, lambda number: MatchRead(id=number, info=INFO, news=MatchNews(match="old")))
    scene.desk.remove("old")
    assert scene.desk.shown is None
    scene.answer(RemoveMatch, lambda number: Done(id=number))
    scene.answer(ListMatches, lambda number: Matches(id=number, matches=()))
    assert scene.desk.listed == ()
    assert scene.desk.removed == "old"
    scene.desk.put_back()
    scene.answer(PutBackMatch, lambda number: Done(id=number))
    scene.answer(ReadMatch, lambda number: MatchRead(id=number, info=INFO, news=MatchNews(match="old")))
    assert scene.desk.shown is not None
    assert scene.desk.removed == ""


def test_an_estimate_is_ended_before_a_match_begins(scene: Scene) -> None:
    scene.desk.measure(ORDER)
    scene.desk.measure(ORDER)
    scene.desk.start(ORDER)
    assert [type(request) for request in scene.engine.requests] == [EstimateMatch, PauseJob]
    cost = MatchCost(
        id=1, games=4, worst_games=4, seconds_s=1, worst_seconds_s=1, half_width_elo=200, games_per_minute=240
    )
    scene.talk.answered(cost)
    scene.answer(PauseJob, lambda number: Done(id=number))
    assert isinstance(scene.engine.requests[-1], StartMatch)
    assert not scene.desk.is_measuring
    assert scene.desk.estimate is not None
    assert scene.desk.estimate.cost == cost


def test_the_wall_shows_only_what_changed(scene: Scene) -> None:
    scene.begin()
    scene.talk.noticed(news(began=began(0, 1)))
    wall = WallDesk(clock=lambda: 0.0)
    wall.follow(scene.desk.shown)
    assert sorted(wall.advance(4)) == [0, 1, 2, 3]
    assert wall.advance(4) == {}
    scene.talk.noticed(news(ended=(GameEnded(game=1, points=0.0, text="four in a row"),)))
    again = wall.advance(4)
    assert list(again) == [1]
    assert again[1] is not None
    assert again[1].result == "0 : 1"


def test_boards_that_there_is_no_time_for_come_in_the_next_turns(scene: Scene) -> None:
    scene.begin()
    scene.talk.noticed(news(began=began(*range(6))))
    now = iter(range(1000))
    wall = WallDesk(clock=lambda: float(next(now)))
    wall.follow(scene.desk.shown)
    turns = [wall.advance(6) for _ in range(7)]
    assert [len(turn) for turn in turns] == [1] * 6 + [0]


def test_pages_of_the_wall_end_with_the_games_that_are_played(scene: Scene) -> None:
    scene.begin()
    scene.talk.noticed(news(began=began(*range(5))))
    wall = WallDesk()
    wall.follow(scene.desk.shown)
    wall.turn(-1, 2)
    wall.advance(2)
    assert (wall.page, wall.places) == (2, (4, -1))
    wall.turn(1, 2)
    assert wall.page is None
