"""Engines that fail and players on clocks: who loses, what is said, and that the match goes on."""

import dataclasses
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import chess
import pytest

from engine.arena.clocks import clock_of
from engine.arena.faults import CRASH, ILLEGAL_MOVE, NO_ANSWER, OUT_OF_TIME, Fault, FaultCounter, FaultyPlayerError
from engine.arena.games import Game, ending
from engine.arena.journal import MatchJournal
from engine.arena.match import Match, MatchSettings
from engine.arena.order import MatchOrder
from engine.arena.player_spec import parse_player
from engine.arena.players import Chosen, RandomPlayer, Turn
from engine.arena.running import open_match, pairs_at_once
from engine.arena.search_player import Budget, SearchPlayer
from engine.arena.uci_opponent import UciOpponent
from engine.domains import registry
from engine.domains.base import Line
from engine.domains.chess.centipawns import value_of_centipawns
from engine.search.evaluator import UniformEvaluator
from engine.search.settings import SearchSettings
from engine.search.time_control import TimeControl
from engine.uci.player_spec import UciSpec
from tests.engine.arena.test_match import HEADER

CHESS, FOUR = registry.rules("chess"), registry.rules("connect_four")
SCRIPT = Path(__file__).resolve().parent.parent / "uci" / "scripted.py"
START = Line(chess.STARTING_FEN)


@contextmanager
def engine(manner: str, processes: int = 1, clock: TimeControl | None = None) -> Iterator[UciOpponent]:
    spec = UciSpec((sys.executable, str(SCRIPT), manner), nodes=1, clock=clock)
    opponent = UciOpponent(spec, processes, manner, patience_s=1.0 if manner == "hang" else 20.0)
    try:
        yield opponent
    finally:
        opponent.close()


def finished(match: Match) -> Match:
    while match.advance():
        pass
    return match


@pytest.mark.parametrize(("manner", "reason"), [("tires", CRASH), ("illegal", ILLEGAL_MOVE), ("none", ILLEGAL_MOVE)])
def test_who_fails_loses_and_the_match_goes_on(manner: str, reason: str) -> None:
    with engine(manner, 2) as opponent:
        random = RandomPlayer(CHESS)
        if manner == "tires":
            match = finished(Match(CHESS, opponent, random, [START] * 2, MatchSettings(1, max_plies=20)))
            assert match.counts().losses == 4
        else:  # it never moves, so it may lose two games only
            match = Match(CHESS, opponent, random, [START], MatchSettings(max_plies=20))
            finished(match)
            assert [len(game.actions) for game in match.counted_games()] == [0, 1]
    for game in match.counted_games():
        assert (game.points, game.outcome, game.ended_by) == (0.0, 0, reason)
        assert ending(CHESS, game) == reason
        assert game.a_to_move, "the player to move has failed"


def test_a_hanging_engine_is_replaced() -> None:
    with engine("hang") as opponent:
        match = finished(Match(CHESS, RandomPlayer(CHESS), opponent, [START], MatchSettings(max_plies=4)))
    assert [(game.points, game.ended_by) for game in match.counted_games()] == [(1.0, NO_ANSWER)] * 2


def test_three_faults_in_a_row_stop_the_match() -> None:
    with engine("crash") as opponent:
        match = Match(CHESS, opponent, RandomPlayer(CHESS), [START] * 4, MatchSettings(concurrency=1))
        with pytest.raises(FaultyPlayerError, match="crash failed 3 times in a row, so the match stops: UCI engine"):
            finished(match)
        assert len(match.games.finished) == 2


def test_a_move_between_faults_starts_the_count_anew() -> None:
    counter, fault = FaultCounter("it"), Fault(CRASH, "it ended")
    for _ in range(5):
        counter.hear([fault, fault, None])
    counter.hear([fault])
    counter.hear([fault])
    with pytest.raises(FaultyPlayerError):
        counter.hear([fault])


def test_faults_stand_in_the_journal(tmp_path: Path) -> None:
    played = []
    for steps in (15, None):
        with engine("tires", 2) as opponent, MatchJournal(tmp_path / "match", HEADER) as journal:
            match = Match(CHESS, opponent, RandomPlayer(CHESS), [START] * 2, MatchSettings(1, max_plies=20), journal)
            while (steps is None or steps > 0) and match.advance():
                steps = None if steps is None else steps - 1
            played.append(match)
    assert not played[0].is_over
    assert played[1].counts().losses == 4
    text = (tmp_path / "match").read_text()
    assert text.count('"crash"') >= 1
    assert "ended by itself" in text


def test_an_engine_says_what_it_thinks() -> None:
    with engine("well") as opponent:
        match = finished(Match(CHESS, opponent, RandomPlayer(CHESS), [START], MatchSettings(max_plies=3)))
    values = match.games[0].values
    assert values[0] == values[2] == round(value_of_centipawns(90), 4), "its own view, whichever colour it has"
    assert match.games[1].values[1] == values[0]


# --- clocks ----------------------------------------------------------------------------------------------------------


def test_a_clock_follows_from_what_was_spent() -> None:
    game = Game(0, START, a_moves_first=False, actions=[1, 2, 3], spent_s=[1.0, 4.0, 2.0])
    control = TimeControl(base_s=10.0, increment_s=0.5)
    b, a = clock_of(game, control, of_a=False), clock_of(game, control, of_a=True)
    assert b is not None
    assert a is not None
    assert (b.remaining_s, a.remaining_s) == (8.0, 6.5), "B moved first, and twice"
    assert a.increment_s == 0.5
    assert clock_of(game, None, of_a=True) is None


def test_who_runs_out_of_time_loses() -> None:
    with engine("slow", 1, TimeControl(base_s=0.3)) as opponent:
        match = finished(Match(CHESS, opponent, RandomPlayer(CHESS), [START], MatchSettings(max_plies=30)))
    for game in match.counted_games():
        assert (game.points, game.ended_by) == (0.0, OUT_OF_TIME)
        mine = game.spent_s[0 if game.a_moves_first else 1 :: 2]
        assert 1 <= len(mine) <= 2, "0.12 s and more a move"
        assert 0.12 <= sum(mine) <= 0.3


def test_an_increment_keeps_a_slow_engine_alive() -> None:
    with engine("slow", 1, TimeControl(base_s=5.0, increment_s=5.0)) as opponent:
        match = finished(Match(CHESS, opponent, RandomPlayer(CHESS), [START], MatchSettings(max_plies=8)))
    assert not any(game.ended_by == OUT_OF_TIME for game in match.counted_games())


def test_searches_live_on_their_clock() -> None:
    """Ten moves and more with three seconds, on a busy machine."""
    budget = Budget(clock=TimeControl(base_s=3.0, increment_s=0.02))
    player = SearchPlayer(FOUR, UniformEvaluator(), SearchSettings(batch=1), budget)
    assert player.most_boards == 1
    assert not player.facts.is_reproducible
    idle = Match(FOUR, player, RandomPlayer(FOUR), [Line("startpos")], MatchSettings(max_plies=4))
    finished(idle)  # loads the kernels
    match = finished(Match(FOUR, player, RandomPlayer(FOUR), [Line("startpos")], MatchSettings()))
    assert match.counts().wins == 2
    for game in match.counted_games():
        assert 0.0 < sum(game.spent_s) < 3.0


@pytest.mark.parametrize("method", ["puct", "gumbel"])
def test_time_for_a_move_is_kept(method: str) -> None:
    player = SearchPlayer(FOUR, UniformEvaluator(), SearchSettings(method=method, batch=1), Budget(seconds=0.05))
    match = Match(FOUR, player, player, [Line("startpos")], MatchSettings(max_plies=10))
    match.advance()
    before = match.seconds_s
    for _ in range(6):
        match.advance()
    assert match.seconds_s - before < 6 * 0.3


def test_clocks_go_on_where_they_stood(tmp_path: Path) -> None:
    spent = []
    for steps in (3, None):
        with engine("slow", 2, TimeControl(base_s=9.0)) as opponent, MatchJournal(tmp_path / "m", HEADER) as journal:
            match = Match(CHESS, opponent, RandomPlayer(CHESS), [START], MatchSettings(max_plies=6), journal)
            while (steps is None or steps > 0) and match.advance():
                steps = None if steps is None else steps - 1
            spent.append([game.spent_s[:] for index in range(2) for game in [match.games[index]]])
    assert any(spent[0])
    for before, after in zip(*spent, strict=True):
        assert after[: len(before)] == before


def test_games_on_time_do_not_disturb_one_another() -> None:
    specs = [parse_player("gen-000,movetime=0.1"), parse_player("random")]
    assert pairs_at_once(specs, is_tested=False) == 1
    assert pairs_at_once([parse_player("gen-000@64"), specs[1]], is_tested=False) > 64
    assert pairs_at_once([parse_player("gen-000@64"), specs[1]], is_tested=True) == 64
    assert pairs_at_once([parse_player("uci:sf,nodes=5"), specs[1]], is_tested=False) == 4


def test_games_on_time_are_said_to_be_unlike_the_next() -> None:
    order = MatchOrder(domain="connect_four", a="uniform,movetime=0.001", b="random", pairs=1)
    with open_match(order) as running:
        assert running.report()["reproducible"] is False
        assert running.report()["players"][0]["time"] == "0.001 s a move"


@pytest.mark.parametrize("place", [0, 1])
def test_a_report_says_who_lost_without_a_move(place: int, tmp_path: Path) -> None:
    book = tmp_path / "start.fen"
    book.write_text(chess.STARTING_FEN)
    command = f"uci:{shlex.quote(sys.executable)} {shlex.quote(str(SCRIPT))} tires,nodes=1"
    players = [command, "random"] if place == 0 else ["random", command]
    terms = {"pairs": 1, "concurrency": 1, "max_plies": 20, "openings": str(book)}
    order = MatchOrder(domain="chess", a=players[0], b=players[1], **terms)
    with open_match(order) as running:
        finished(running.match)
        forfeits = running.report()["forfeits"]
    assert forfeits["ab"[place]] == {CRASH: 2}
    assert forfeits["ab"[1 - place]] == {}


class Lame(RandomPlayer):
    """Fails in each game for another reason."""

    def choose(self, turns: Sequence[Turn]) -> Chosen:
        reasons = {0: CRASH, 2: NO_ANSWER}
        faults = [Fault(reasons[turn.game.index], "-") if turn.game.index in reasons else None for turn in turns]
        return dataclasses.replace(super().choose(turns), faults=faults)


def test_each_game_is_lost_for_its_own_reason() -> None:
    match = Match(FOUR, Lame(FOUR), RandomPlayer(FOUR), [Line("startpos")] * 3, MatchSettings())
    match.advance()
    assert [ending(FOUR, match.games[index]) for index in (0, 2)] == [CRASH, NO_ANSWER]
    assert [len(match.games[index].actions) for index in (0, 2, 4)] == [0, 0, 1]
