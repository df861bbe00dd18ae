"""Tournaments: who meets whom, what is played again and what is not, and what is said of a rating."""

import dataclasses
import itertools
import math
from pathlib import Path

import msgspec
import pytest

from engine.arena.ladder_games import stored_for
from engine.arena.order import MatchOrder
from engine.arena.player_spec import PlayerError
from engine.arena.players import IntuitionPlayer
from engine.arena.running import open_match
from engine.arena.store import MatchStore
from engine.arena.tournament import Tournament, TournamentError, check_players, ladder_of, matrix_of, notes_of, scale_of
from engine.generations.card import GenerationError
from engine.nets.recent import RecentEvaluators
from engine.search.breaks import without_breaks

ANY = MatchOrder(domain="connect_four", a="", b="", pairs=4, seed=1)
PLAYERS = ("random", "uniform@4", "uniform@40")


@pytest.fixture
def store(tmp_path: Path) -> MatchStore:
    return MatchStore(tmp_path)


def play(tournament: Tournament, most: int | None = None) -> list[str]:
    """Play what is missing, at most so many matches; who played."""
    played = []
    for order in itertools.islice(tournament.orders(), most):
        stored = stored_for(tournament.store, order)
        if stored.state != "over":
            played.append(f"{order.a}-{order.b}")
            with tournament.store.playing(stored.id), open_match(stored.order, stored.journal) as running:
                while running.advance():
                    pass
                tournament.store.keep_report(stored.id, running.report())
    return played


def test_a_ladder_that_was_cut_off_goes_on(store: MatchStore) -> None:
    ladder = ladder_of(store, ANY, PLAYERS, "all", {"random": 0.0})
    assert ladder.total() == 12
    assert play(ladder, 1) == ["random-uniform@4"]
    assert play(ladder) == ["random-uniform@40", "uniform@4-uniform@40"]
    assert play(ladder) == []
    longer = ladder_of(store, msgspec.structs.replace(ANY, pairs=6), PLAYERS[:2], "all", {})
    assert play(longer) == ["random-uniform@4"], "with more pairs, only what is missing is played"
    assert len(store.list()) == 3
    found, rated = without_breaks(ladder.rated())
    assert [rung.name for rung in rated.rungs] == list(PLAYERS)
    assert [rung.games for rung in rated.rungs] == [12 + 8, 12 + 8, 16]
    elo = {rung.name: rung.elo for rung in rated.rungs}
    assert elo["random"] == 0.0
    assert elo["uniform@4"] < elo["uniform@40"], "more search is stronger"
    assert notes_of(rated.rungs[0], found, rated) == ["held here"]


def test_neighbours_meet_in_the_order_given(store: MatchStore) -> None:
    ladder = ladder_of(store, ANY, PLAYERS, "neighbours", {})
    assert ladder.meetings == (("random", "uniform@4"), ("uniform@4", "uniform@40"))


def test_an_informative_ladder_plays_as_many_games_where_they_tell_most(store: MatchStore) -> None:
    ladder = ladder_of(store, msgspec.structs.replace(ANY, pairs=9), PLAYERS, "informative", {})
    play(ladder)
    pairs = [stored.order.pairs for stored in store.list()]
    assert 18 <= sum(pairs) <= 18 + 8


def test_everything_stored_can_be_rated(store: MatchStore) -> None:
    play(ladder_of(store, ANY, PLAYERS, "neighbours", {}))
    found, rated = without_breaks(ladder_of(store, ANY, (), "neighbours", {}).rated())
    assert set(found.players) == set(PLAYERS)
    assert len(rated.rungs) == 3


def test_in_a_matrix_each_meets_its_neighbours_in_the_table(store: MatchStore) -> None:
    matrix = matrix_of(store, ANY, ("g", "h"), (0, 8, 64), "gumbel")
    assert matrix.players == ("g@0", "g@8:gumbel", "g@64:gumbel", "h@0", "h@8:gumbel", "h@64:gumbel")
    assert set(matrix.meetings) == {
        ("g@0", "g@8:gumbel"),
        ("g@8:gumbel", "g@64:gumbel"),
        ("h@0", "h@8:gumbel"),
        ("h@8:gumbel", "h@64:gumbel"),
        ("g@0", "h@0"),
        ("g@8:gumbel", "h@8:gumbel"),
        ("g@64:gumbel", "h@64:gumbel"),
    }
    assert len(matrix.meetings) == 7
    assert matrix_of(store, ANY, ("g",), (1,), "puct").players == ("g@1",)


@pytest.mark.parametrize(
    ("players", "error", "named"),
    [
        (("random", "random"), TournamentError, "twice"),
        (("random",), TournamentError, "nobody"),
        (("random", "@"), PlayerError, "'@'"),
        (("random", "gen-999"), GenerationError, "gen-999"),
        (("random", "gen-000"), GenerationError, "connect_four"),
    ],
)
def test_players_are_checked_before_anything_is_played(
    players: tuple[str, ...], error: type[Exception], named: str
) -> None:
    with pytest.raises(error, match=named):
        check_players(players, "connect_four")


def test_a_match_that_is_made_longer_counts_once(store: MatchStore) -> None:
    ladder = ladder_of(store, ANY, PLAYERS, "all", {})
    play(ladder_of(store, msgspec.structs.replace(ANY, pairs=2), PLAYERS[:2], "all", {}))
    assert [before for _, before in ladder.matches()] == [0, 4, 8]
    again = itertools.chain(ladder.meetings, ladder.meetings[:1])
    doubled = dataclasses.replace(ladder, meetings=tuple(again))
    assert [before for _, before in doubled.matches()] == [0, 4, 8, 8], "its own pairs are not before it"


def test_anchors_may_be_written_otherwise(store: MatchStore) -> None:
    play(ladder_of(store, ANY, ("random", "uniform@0", "uniform@4"), "neighbours", {}))
    for players in ((), ("random", "uniform", "uniform@4")):
        _, rated = without_breaks(ladder_of(store, ANY, players, "all", {"uniform": 70.0}).rated())
        assert [rung.elo for rung in rated.rungs if rung.is_anchor] == [70.0]
        assert scale_of(rated).endswith("held at 70")


def test_what_zero_is_follows_from_who_has_bounds(store: MatchStore) -> None:
    play(ladder_of(store, ANY, ("random", "uniform@4"), "all", {}))
    _, rated = without_breaks(ladder_of(store, ANY, (), "all", {}).rated())
    is_open = [rung.is_open for rung in rated.rungs]
    assert is_open in ([False, False], [True, True])
    assert scale_of(rated) == "Elo, 0 is the mean of all players"
    one_open = dataclasses.replace(rated, rungs=(dataclasses.replace(rated.rungs[0], low=-math.inf), rated.rungs[1]))
    if not any(is_open):
        assert scale_of(one_open).endswith("with bounds on both sides")


def test_one_network_serves_all_matches(store: MatchStore) -> None:
    networks = RecentEvaluators(2, threads=1)
    order = msgspec.structs.replace(ANY, domain="chess", a="gen-000", b="random", pairs=1, max_plies=2, device="cpu")
    evaluators = []
    for seed in (1, 2):
        with open_match(msgspec.structs.replace(order, seed=seed), networks=networks) as running:
            assert isinstance(running.asked.a, IntuitionPlayer)
            evaluators.append(running.asked.a._evaluator)
    assert evaluators[0] is evaluators[1]
