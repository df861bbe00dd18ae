"""Matches in a real engine process: played, watched, paused, killed and gone on with; players asked; the registry."""

import shlex
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from engine.arena.order import Adjudication, MatchOrder, SprtOrder
from engine.arena.running import open_match
from engine.search.limits import Limits
from engine.service.arena_messages import (
    DisagreementFound,
    Disagreements,
    EstimateMatch,
    ExportGeneration,
    FindDisagreements,
    GenerationShown,
    ImportGeneration,
    JobProgress,
    LadderRated,
    ListMatches,
    MatchBegan,
    MatchCost,
    MatchEnded,
    Matches,
    MatchNews,
    MatchRead,
    PauseJob,
    PutBackMatch,
    ReadMatch,
    RemoveGeneration,
    RemoveMatch,
    RunLadder,
    RunMatrix,
    ShowGeneration,
    StartMatch,
    Think,
    Thought,
)
from engine.service.messages import Answer, Done, Failed, Opened, Preparing, RunEnded, RunSearch, SearchFigures
from tests.engine.service.fakes import SocketClient
from tests.engine.service.test_process import ENVIRONMENT, REPOSITORY, EngineProcess, engine_process, opened

ORDER = MatchOrder(domain="connect_four", a="uniform@30", b="uniform@4:gumbel", pairs=12, seed=3, concurrency=4)
LONG = MatchOrder(domain="connect_four", a="uniform@200", b="uniform@199", pairs=200, seed=3)
SIMILAR = ("seconds_s", "games_per_minute", "cost_estimate")


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """Kernels are compiled once, and in a process that may take its time."""
    with open_match(ORDER) as running:
        while running.advance():
            pass


@contextmanager
def engine_with(data: Path) -> Iterator[EngineProcess]:
    """An engine process with the user's data in a folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ENVIRONMENT, "ARBORIST_DATA", str(data))
        with engine_process() as running:
            yield running


@pytest.fixture
def client(tmp_path: Path) -> Iterator[SocketClient]:
    """Of an engine process with no matches yet, in `tmp_path`."""
    with engine_with(tmp_path) as engine:
        yield engine.client


@pytest.fixture(scope="module")
def shared_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SocketClient]:
    with engine_with(tmp_path_factory.mktemp("data")) as engine:
        yield engine.client


@pytest.fixture
def shared(shared_client: SocketClient) -> SocketClient:
    """Of a process that other tests use too."""
    shared_client.seen.clear()
    return shared_client


class Watched:
    """A match as a window folds it from what it is told; what does not fit is an error."""

    def __init__(self, news: list[MatchNews]) -> None:
        self.games: dict[int, Any] = {}
        self.moves: dict[int, tuple[int, ...]] = {}
        self.values: dict[int, tuple[float | None, ...]] = {}
        self.ends: dict[int, tuple[float, str]] = {}
        self.counted = 0
        for one in news:
            for game in one.began:
                assert game.game == len(self.games), "games begin in order, each once"
                self.games[game.game] = game
                self.moves[game.game], self.values[game.game] = (), ()
            for moved in one.moved:
                assert moved.game not in self.ends
                assert len(moved.actions) == len(moved.values)
                self.moves[moved.game] += moved.actions
                self.values[moved.game] += moved.values
            for ended in one.ended:
                assert ended.game not in self.ends, "no game is over twice"
                self.ends[ended.game] = ended.points, ended.text
            assert one.counted >= self.counted
            self.counted = one.counted

    def pentanomial(self) -> list[int]:
        counts = [0] * 5
        for pair in range(self.counted):
            counts[round(2 * sum(self.ends[2 * pair + turn][0] for turn in range(2)))] += 1
        return counts


def watched(client: SocketClient) -> Watched:
    return Watched(client.notices(MatchNews))


def played(client: SocketClient, **values: Any) -> MatchEnded:
    ended = client.do(StartMatch, **values)
    assert isinstance(ended, MatchEnded), ended
    return ended


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two reports say the same, but for time."""
    return all(one[name] == other[name] for name in one if name not in SIMILAR)


def wait_for_moves(client: SocketClient, count: int) -> None:
    while sum(len(moves) for moves in watched(client).moves.values()) < count:
        reply = client.next()
        assert not isinstance(reply, Answer), reply


def test_a_match_is_watched_to_its_end_and_read_again(client: SocketClient) -> None:
    ended = played(client, order=ORDER)
    began = client.notices(MatchBegan)[0]
    assert (began.match, began.order, began.pairs, began.reproducible) == (ended.match, ORDER, 12, True)
    assert began.a_fingerprint == ended.report["a_fingerprint"]
    assert began.book_hash == ended.report["book"]["sha256"]
    seen = watched(client)
    assert len(seen.ends) == 24
    assert (seen.counted, ended.stopped) == (12, "pairs")
    assert seen.pentanomial() == ended.report["pentanomial"]
    assert client.notices(Preparing)[-1].text == ""
    read = client.do(ReadMatch, match=ended.match)
    assert isinstance(read, MatchRead)
    again = Watched([read.news])
    assert (again.games, again.moves, again.ends, again.counted) == (seen.games, seen.moves, seen.ends, 12)
    assert again.values == seen.values
    assert (read.info.state, read.info.order) == ("over", ORDER)
    assert read.info.report == ended.report


def test_every_move_can_be_thought_again(shared: SocketClient) -> None:
    played(shared, order=ORDER)
    seen = watched(shared)
    game = seen.games[5]
    for ply in (0, 1, 6):
        player = ORDER.a if game.a_moves_first == (ply % 2 == 0) else ORDER.b
        actions = (*game.actions, *seen.moves[5][:ply])
        thought = shared.do(
            Think, domain=ORDER.domain, start=game.start, actions=actions, player=player, seed=game.seed
        )
        assert isinstance(thought, Thought)
        assert thought.action == seen.moves[5][ply]
        assert thought.value == pytest.approx(seen.values[5][ply], abs=1e-4)
        assert thought.events
    failed = shared.do(Think, domain=ORDER.domain, start="startpos", player="gen-999@5")
    assert isinstance(failed, Failed)
    assert (failed.kind, "gen-999" in failed.text) == ("input", True)


def test_a_pause_comes_soon_and_the_match_goes_on_as_if_there_had_been_none(client: SocketClient) -> None:
    whole = played(client, order=ORDER)
    client.seen.clear()
    run = client.ask(StartMatch, order=ORDER)
    wait_for_moves(client, 60)
    pause = client.ask(PauseJob)
    assert isinstance(client.answer(pause), Done)
    stopped = client.answer(run)
    assert isinstance(stopped, MatchEnded)
    assert client.answers()[-2:] == [run, pause]
    assert stopped.stopped == stopped.report["stopped"] == "by hand"
    assert stopped.report["pairs"] < 12
    part = watched(client)
    client.seen.clear()
    ended = played(client, match=stopped.match)
    assert ended.match == stopped.match != whole.match
    first = client.notices(MatchNews)[0]
    told = Watched([first])
    assert all(told.moves[index] == moves for index, moves in part.moves.items()), "all games so far come first"
    assert same(ended.report, whole.report)
    listed = client.do(ListMatches)
    assert isinstance(listed, Matches)
    assert [one.match for one in listed.matches] == [ended.match, whole.match]
    assert isinstance(client.do(PauseJob), Done)  # nothing runs: nothing happens


def test_a_pause_in_the_middle_of_a_long_thought(shared: SocketClient) -> None:
    run = shared.ask(StartMatch, order=LONG)
    while not shared.notices(MatchBegan):
        shared.next()
    time.sleep(0.3)
    began = time.monotonic()
    shared.do(PauseJob)
    assert time.monotonic() - began < 5, "loaded machines included"
    ended = shared.answer(run)
    assert isinstance(ended, MatchEnded)
    assert ended.stopped == "by hand"


@pytest.mark.parametrize("moves", [1, 150])
def test_a_kill_costs_nothing(moves: int, client: SocketClient, tmp_path: Path) -> None:
    whole = played(client, order=ORDER)
    uninterrupted = watched(client)
    with engine_with(tmp_path) as victim:
        victim.client.ask(StartMatch, order=ORDER)
        wait_for_moves(victim.client, moves)
        before = watched(victim.client)
        victim.process.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
        victim.ends()
    client.seen.clear()
    listed = client.do(ListMatches, domain="connect_four")
    assert isinstance(listed, Matches)
    killed = listed.matches[0]
    assert (killed.state, killed.report, killed.order) == ("paused", None, ORDER)
    with (tmp_path / "matches" / killed.match / "journal.jsonl").open("ab") as journal:
        journal.write(b'{"line":"moves","games":[0],"act')  # the kill may come in the middle of a line
    ended = played(client, match=killed.match)
    seen = watched(client)
    assert all(seen.moves[index][: len(known)] == known for index, known in before.moves.items()), "nothing is lost"
    assert before.ends.items() <= seen.ends.items()
    assert (seen.moves, seen.ends) == (uninterrupted.moves, uninterrupted.ends)
    assert same(ended.report, whole.report)


def test_a_closed_engine_leaves_a_match_that_can_go_on(client: SocketClient, tmp_path: Path) -> None:
    with engine_with(tmp_path) as other:
        run = other.client.ask(StartMatch, order=LONG)
        while not other.client.notices(MatchBegan):
            other.client.next()
        busy = client.do(StartMatch, match=other.client.notices(MatchBegan)[0].match)
        assert isinstance(busy, Failed), "two processes never play the same match"
        listed = client.do(ListMatches)
        assert isinstance(listed, Matches)
        assert listed.matches[0].state == "running"
        assert isinstance(client.do(RemoveMatch, match=listed.matches[0].match), Failed)
        assert other.process.stdin is not None
        other.process.stdin.close()
        assert other.ends() == 0
        assert run not in other.client.answers()
    listed = client.do(ListMatches)
    assert isinstance(listed, Matches)
    assert listed.matches[0].state == "paused"
    assert listed.matches[0].report is not None
    assert isinstance(client.do(RemoveMatch, match=listed.matches[0].match), Done)
    assert client.do(ListMatches) == Matches(id=client.answers()[-1], matches=())
    assert isinstance(client.do(ReadMatch, match=listed.matches[0].match), Failed)
    assert isinstance(client.do(PutBackMatch, match=listed.matches[0].match), Done)
    assert isinstance(client.do(PutBackMatch, match=listed.matches[0].match), Failed)
    assert isinstance(client.do(ReadMatch, match=listed.matches[0].match), MatchRead)


def test_a_search_and_a_match_take_turns(shared: SocketClient) -> None:
    search = opened(shared, "connect_four", "startpos")
    assert isinstance(search, Opened)
    match = shared.ask(StartMatch, order=ORDER)
    run = shared.ask(RunSearch, limits=Limits(simulations=30_000))
    other = shared.ask(StartMatch, order=ORDER)
    refused = shared.answer(other)
    assert isinstance(refused, Failed)
    assert (refused.kind, "already" in refused.text) == ("state", True)
    ended, searched = shared.answer(match), shared.answer(run)
    assert isinstance(ended, MatchEnded)
    assert ended.report["pairs"] == 12
    assert isinstance(searched, RunEnded)
    assert searched.reason == "simulations"
    kinds = [type(notice) for notice in shared.seen if isinstance(notice, MatchNews | SearchFigures)]
    first_search, first_match = kinds.index(SearchFigures), kinds.index(MatchNews)
    assert first_search < len(kinds) - 1 - kinds[::-1].index(MatchNews), "neither waited for the other's end"
    assert first_match < len(kinds) - 1 - kinds[::-1].index(SearchFigures)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({}, "order"),
        ({"match": "20200101-000000-000"}, "20200101-000000-000"),
        ({"match": "../../etc"}, "etc"),
        ({"order": MatchOrder(domain="connect_four", a="gen-999", b="random")}, "gen-999"),
        ({"order": MatchOrder(domain="countdown", a="random", b="random")}, "countdown"),
        ({"order": MatchOrder(domain="connect_four", a="random", b="uci:no-such-engine")}, "chess"),
        ({"order": MatchOrder(domain="chess", a="random", b="random", openings="/no/such/book.epd")}, "book.epd"),
    ],
)
def test_a_match_that_cannot_be_played(shared: SocketClient, values: dict[str, Any], named: str) -> None:
    failed = shared.do(StartMatch, **values)
    assert isinstance(failed, Failed)
    assert named in failed.text
    assert isinstance(
        played(shared, order=MatchOrder(domain="connect_four", a="random", b="random", pairs=2)), MatchEnded
    )


def test_a_match_whose_player_fails_stands_still_and_the_session_goes_on(client: SocketClient) -> None:
    command = f"{shlex.quote(sys.executable)} {shlex.quote(str(REPOSITORY / 'tests/engine/uci/scripted.py'))} tires"
    order = MatchOrder(domain="chess", a="random", b=f"uci:{command},nodes=1", pairs=4, max_plies=60)
    failed = client.do(StartMatch, order=order)
    assert isinstance(failed, Failed)
    assert (failed.kind, "in a row" in failed.text) == ("engine", True)
    listed = client.do(ListMatches)
    assert isinstance(listed, Matches)
    assert listed.matches[0].state == "paused"
    assert listed.matches[0].report is not None, "what was played is kept"
    assert played(client, order=ORDER).stopped == "pairs"


def test_a_match_with_a_test_and_resignations(shared: SocketClient) -> None:
    order = MatchOrder(
        domain="connect_four",
        a="uniform@100",
        b="random",
        pairs=100,
        sprt=SprtOrder(elo0=0, elo1=200),
        adjudication=Adjudication(resign_value=0.6, resign_moves=1, audit_share=0.5),
        concurrency=8,
    )
    ended = played(shared, order=order)
    seen = watched(shared)
    assert ended.stopped == "sprt"
    assert ended.report["sprt"]["verdict"] == "H1"
    assert seen.counted == ended.report["pairs"] < 100
    assert seen.pentanomial() == ended.report["pentanomial"]
    read = shared.do(ReadMatch, match=ended.match)
    assert isinstance(read, MatchRead)
    assert Watched([read.news]).ends == seen.ends
    assert read.news.counted == seen.counted


LADDER = {
    "domain": "connect_four",
    "players": ("random", "uniform@6", "uniform@40", "uniform@80"),
    "pairs": 6,
    "anchors": {"random": 0.0},
}


def rated(client: SocketClient, kind: type[RunLadder | RunMatrix], **values: Any) -> LadderRated:
    answer = client.do(kind, **values)
    assert isinstance(answer, LadderRated), answer
    return answer


def test_a_ladder_survives_a_kill(client: SocketClient, tmp_path: Path) -> None:
    whole = rated(client, RunLadder, **LADDER)
    progress = client.notices(JobProgress)
    assert [one.done for one in progress] == sorted(one.done for one in progress)
    assert (progress[-1].done, progress[-1].total) == (18, 18)
    assert len({began.match for began in client.notices(MatchBegan)}) == 3
    with engine_with(tmp_path / "other") as victim:
        victim.client.ask(RunLadder, **LADDER)
        while len(victim.client.notices(MatchBegan)) < 2:
            victim.client.next()
        victim.process.kill()
        victim.ends()
    with engine_with(tmp_path / "other") as heir:
        again = rated(heir.client, RunLadder, **LADDER)
        played = [began.order.b for began in heir.client.notices(MatchBegan)]
        assert played[-1] == "uniform@80"
        assert "uniform@6" not in played, "what was over is not played again"
        listed = heir.client.do(ListMatches)
        assert isinstance(listed, Matches)
        assert len(listed.matches) == 3
        only_rated = rated(heir.client, RunLadder, domain="connect_four", anchors={"random": 0.0})
    for ladder in (again, only_rated):
        assert msgspec.structs.replace(ladder, id=whole.id) == whole
    assert [player.player for player in whole.players][-1] == "random"
    assert whole.players[-1].anchored
    assert whole.players[-1].elo == 0.0
    assert whole.players[0].elo > 100
    assert whole.superiority[0][3] > 0.9 > whole.superiority[3][0]
    assert "random held at 0" in whole.scale


def test_a_paused_ladder_says_so(shared: SocketClient) -> None:
    run = shared.ask(RunMatrix, domain="connect_four", generations=("uniform",), budgets=(100, 150, 200), pairs=40)
    wait_for_moves(shared, 1)
    assert isinstance(shared.do(PauseJob), Done)
    ended = shared.answer(run)
    assert isinstance(ended, LadderRated)
    assert ended.stopped == "by hand"
    assert sum(player.games for player in ended.players) < 2 * 2 * 80
    assert "no games" in next(player for player in ended.players if player.player == "uniform@200").note


@pytest.mark.parametrize(("players", "named"), [(("random", "gen-999"), "gen-999"), (("random",), "random")])
def test_a_ladder_that_cannot_be_played(shared: SocketClient, players: tuple[str, ...], named: str) -> None:
    failed = shared.do(RunLadder, domain="connect_four", players=players)
    assert isinstance(failed, Failed)
    assert (failed.kind, named in failed.text) == ("input", True)


def test_the_cost_of_a_match(client: SocketClient, tmp_path: Path) -> None:
    cost = client.do(EstimateMatch, order=ORDER)
    assert isinstance(cost, MatchCost)
    assert (cost.games, cost.worst_games) == (24, 24)
    assert cost.seconds_s == pytest.approx(24 * 60 / cost.games_per_minute)
    assert cost.half_width_elo > 50
    assert not (tmp_path / "matches").exists(), "nothing of it is kept"
    run = client.ask(EstimateMatch, order=LONG)
    while client.notices(Preparing)[-1].text or len(client.notices(Preparing)) < 5:
        client.next()
    client.do(PauseJob)
    assert isinstance(client.answer(run), MatchCost | Failed)


def test_disagreements(shared: SocketClient) -> None:
    ended = played(shared, order=ORDER)
    asked = {"domain": ORDER.domain, "a": ORDER.a, "b": ORDER.b, "match": ended.match, "judge": "uniform@300"}
    answer = shared.do(FindDisagreements, **asked, judged=4, positions=100)
    assert isinstance(answer, Disagreements)
    assert (answer.judge, answer.stopped, answer.positions) == ("uniform@300", "", 100)
    assert 0 < answer.differing <= 100
    assert [one.gap for one in answer.found] == sorted((one.gap for one in answer.found), reverse=True)
    told = [notice.found for notice in shared.notices(DisagreementFound)]
    assert sorted(told, key=lambda one: -one.gap) == list(answer.found)
    assert len(told) == 4
    for one in answer.found:
        assert one.judge is not None
        assert one.gap == max(one.a_loss or 0.0, one.b_loss or 0.0)
    seen = watched(shared)
    lines = {
        (game.start, (*game.actions, *seen.moves[index][:ply]))
        for index, game in seen.games.items()
        for ply in range(len(seen.moves[index]))
    }
    assert {(one.start, one.actions) for one in answer.found} <= lines
    run = shared.ask(FindDisagreements, **{**asked, "match": "", "a": "uniform@300"}, judged=4)
    while not [notice for notice in shared.notices(JobProgress) if "openings" in notice.text]:
        shared.next()
    shared.do(PauseJob)
    stopped = shared.answer(run)
    assert isinstance(stopped, Disagreements)
    assert stopped.stopped == "by hand"


def test_the_registry(shared: SocketClient, tmp_path: Path) -> None:
    shown = shared.do(ShowGeneration, generation="gen-000")
    assert isinstance(shown, GenerationShown)
    assert (shown.card["id"], shown.card["domain"]) == ("gen-000", "chess")
    for name in ("net.onnx", "net.safetensors", "all.zip"):
        assert isinstance(shared.do(ExportGeneration, generation="gen-000", path=str(tmp_path / name)), Done)
        assert (tmp_path / name).stat().st_size > 1000
    assert isinstance(shared.do(ExportGeneration, generation="gen-000", path=str(tmp_path / "net.txt")), Failed)
    taken = shared.do(ImportGeneration, path=str(tmp_path / "all.zip"), name="copy")
    assert isinstance(taken, GenerationShown)
    assert taken.card["weights_sha256"] == shown.card["weights_sha256"]
    assert isinstance(shared.do(RemoveGeneration, generation="copy"), Done)
    for request, generation in ((ShowGeneration, "copy"), (RemoveGeneration, "gen-000")):
        failed = shared.do(request, generation=generation)
        assert isinstance(failed, Failed)
        assert (failed.kind, generation in failed.text) == ("input", True)
