"""What the match page says: the form and its cost, the scoreboard, the list and the wall."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.viewmodels import arena_picker as picker
from app.viewmodels.arena_list import match_row
from app.viewmodels.arena_score import halves, player_names, score_record
from app.viewmodels.arena_setup import Setup, cost_words, known_pace, order_of, setup_of
from app.viewmodels.arena_wall import EMPTY, hang, in_words, page_of, tile_record
from app.viewmodels.match_replica import GameReplica, MatchReplica
from app.viewmodels.phrases import Phrases
from engine.arena.counts import count_pairs
from engine.arena.order import MatchOrder
from engine.domains.registry import notation
from engine.service.arena_messages import GameBegan, MatchCost, MatchInfo

FORM = Setup("connect_four", "gen-000@16", "uniform", is_test=False)
TEST = replace(FORM, is_test=True)
FOUR = Phrases(notation("connect_four"))


def played(pairs: list[tuple[float, float]], setup: Setup = FORM) -> MatchReplica:
    replica = MatchReplica("m", order_of(setup), 100, seconds_s=60.0)
    replica.pair_points, replica.counts = pairs, count_pairs(pairs)
    replica.games = {number: game(number, points) for number, points in enumerate(chain.from_iterable(pairs))}
    return replica


def game(number: int, points: float | None = None, **fields: object) -> GameReplica:
    begin = {"start": "startpos", "actions": (), "a_moves_first": number % 2 == 0, "seed": 0} | fields
    return GameReplica(GameBegan(game=number, **begin), points=points)  # type: ignore[arg-type]


# -- the form ----------------------------------------------------------------------------------------------------------


def test_a_form_becomes_an_order_and_comes_back() -> None:
    for form in (FORM, TEST, replace(TEST, elo0=-5.0, elo1=5.0, seed=7, ends_early=True), replace(FORM, pairs=7)):
        assert setup_of(order_of(form)) == form


@pytest.mark.parametrize(
    ("form", "named"),
    [
        (replace(FORM, a="gen-000@many"), "gen-000@many"),
        (replace(FORM, b=""), "''"),
        (replace(TEST, elo0=10.0, elo1=0.0), "10"),
    ],
)
def test_what_is_wrong_with_a_form_is_named(form: Setup, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        order_of(form)


def test_cost_in_words() -> None:
    assert "200 games. They tell ±43 Elo." in cost_words(order_of(FORM))
    assert "Measure" in cost_words(order_of(FORM))
    test = cost_words(order_of(TEST), pace=600.0)
    assert test.startswith("About 5,100 games, about 9 min")
    assert "Measure" not in test
    measured = MatchCost(
        id=1,
        games=5123.0,
        worst_games=8000.0,
        seconds_s=740.0,
        worst_seconds_s=1200.0,
        half_width_elo=9.0,
        games_per_minute=415.0,
    )
    assert "5,100 games, about 12 min" in cost_words(order_of(TEST), None, measured)


def test_the_pace_is_that_of_the_newest_match_of_the_same_players_whoever_is_a() -> None:
    order = order_of(FORM)

    def info(order: MatchOrder, pace: float) -> MatchInfo:
        return MatchInfo(match="m", order=order, date="", state="over", report={"games_per_minute": pace})

    swapped = order_of(replace(FORM, a=FORM.b, b=FORM.a))
    other = order_of(replace(FORM, a="gen-000@64"))
    assert known_pace(order, [info(other, 1.0), info(swapped, 2.0), info(order, 3.0)]) == 2.0
    assert known_pace(order, [info(other, 1.0), info(order, 0.0)]) is None
    written = order_of(replace(FORM, a="gen-000@16:puct", b="uniform@0"))
    assert known_pace(order, [info(written, 4.0)]) == 4.0, "the same players, written otherwise"


# -- picking players ---------------------------------------------------------------------------------------------------


@given(
    st.sampled_from(("gen-000", "uniform", "my net")),
    st.integers(0, 10_000),
    st.sampled_from(("puct", "gumbel", "uct")),
)
def test_what_was_picked_is_found_again(who: str, simulations: int, method: str) -> None:
    picked = picker.Picked(who, simulations, method if simulations else "puct")
    assert picker.picked_of(picker.player_of(picked)) == picked


@pytest.mark.parametrize("text", ["uci:stockfish,nodes=1", "gen-000@64:puct,c_puct=2", "gen-000,tc=1+0.1", "a@b@c", ""])
def test_what_the_choices_cannot_say_is_written_out(text: str) -> None:
    assert picker.picked_of(text) == picker.Written(text)


def test_numbers_of_simulations() -> None:
    texts = ("intuition alone", "64 simulations", " 1,600 ", "25", "many", "-3", "")
    assert [picker.budget_of(text) for text in texts] == [0, 64, 1600, 25, None, None, None]


# -- the scoreboard ----------------------------------------------------------------------------------------------------


def test_points_as_chess_players_write_them() -> None:
    assert [halves(points) for points in (0.0, 0.5, 1.0, 57.5, 1234.0)] == ["0", "½", "1", "57½", "1,234"]


def test_who_leads_is_named_with_its_likelihood() -> None:
    winner = score_record(played([(1.0, 1.0), (1.0, 0.5), (1.0, 0.0), (1.0, 1.0)] * 5), is_playing=True)
    assert winner.lead.startswith("gen-000, 16 simulations is surely the stronger")
    assert (winner.points_a, winner.points_b) == ("32½", "7½")
    loser = score_record(played([(0.0, 0.0), (0.0, 0.5), (0.0, 1.0), (0.0, 0.0)] * 5), is_playing=True)
    assert loser.lead.startswith("Uniform priors, intuition is surely")
    assert loser.elo.startswith("−")
    even = score_record(played([(1.0, 0.0)] * 5 + [(0.5, 0.5)]), is_playing=True)
    assert even.lead == "Neither is ahead by more than chance."


def test_nothing_is_claimed_before_a_pair_is_over() -> None:
    record = score_record(played([], TEST), is_playing=True)
    assert (record.elo, record.share, record.left) == ("–", None, "")
    assert record.test is not None
    assert record.test.verdict == "continue"


def test_what_is_left_falls_with_the_pairs_and_is_said_as_time() -> None:
    record = score_record(played([(1.0, 0.0)] * 25), is_playing=True)
    assert record.left == "150 games to go, 3 min left"  # 50 games took a minute
    assert record.share == 0.25
    ahead = played([(1.0, 0.0)] * 25)  # games that are over count for the time before all pairs before them do
    ahead.games |= {number: game(number, 1.0) for number in range(50, 100)}
    assert score_record(ahead, is_playing=True).left == "100 games to go, 1 min left"
    assert score_record(played([(1.0, 0.0)] * 100), is_playing=False).left == ""


@pytest.mark.parametrize(("points", "verdict", "word"), [(1.0, "H1", "Yes"), (0.0, "H0", "No")])
def test_a_test_that_is_decided_says_so(points: float, verdict: str, word: str) -> None:
    # Some pairs are split, for players who only ever win leave the test nothing to weigh.
    form = replace(TEST, elo1=100.0)
    record = score_record(played([(points, points)] * 40 + [(1.0, 0.0)] * 4, form), is_playing=False)
    assert record.test is not None
    assert (record.test.verdict, record.test.text.split(":")[0]) == (verdict, word)
    assert (record.test.llr > 0) == (verdict == "H1")


def test_equal_players_are_told_apart() -> None:
    order = order_of(replace(FORM, a="uniform", b="uniform"))
    assert len(set(player_names(order))) == 2


# -- the list ----------------------------------------------------------------------------------------------------------


def test_a_row_of_the_list() -> None:
    report = {
        "games": 4,
        "wins": 2,
        "draws": 1,
        "losses": 1,
        "pentanomial": [0, 0, 1, 1, 0],
        "sprt": {"verdict": "H1"},
    }
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    info = MatchInfo(match="m", order=order_of(TEST), date="2026-11-24T10:30:00+00:00", state="paused", report=report)
    row = match_row(info, now)
    assert row.result.startswith("2½ : 1½ · +89 (")
    assert row.result.endswith("Elo · yes")
    assert (row.when, row.can_go_on) == ("today 10:30, paused", True)
    fresh = match_row(MatchInfo(match="n", order=order_of(FORM), date="2025-01-02T00:00:00Z", state="running"), now)
    assert (fresh.when, fresh.can_go_on) == ("2 Jan 2025, being played", False)


# -- the wall ----------------------------------------------------------------------------------------------------------


def test_a_board_names_who_plays_which_pieces_and_values_are_the_first_players() -> None:
    order = order_of(FORM)
    line = FOUR.notation.parse_line("startpos")
    for a_first, first in ((True, "gen-000, 16 simulations"), (False, "Uniform priors, intuition")):
        one = game(0, start=line.start, a_moves_first=a_first)
        one.actions, one.values = [3], [0.5]
        tile = tile_record(one, order, FOUR)
        assert (tile.first, tile.a_is_first, tile.value) == (first, a_first, 0.5)
        one.actions, one.values = [3, 3], [None, 0.5]
        assert tile_record(one, order, FOUR).value == -0.5


def test_seats_hold_after_an_opening_of_odd_length() -> None:
    line = FOUR.notation.parse_line("startpos")
    one = game(0, start=line.start, actions=(3,), a_moves_first=True)  # A makes the second player's moves
    tile = tile_record(one, order_of(FORM), FOUR)
    assert (tile.a_is_first, tile.second) == (False, "gen-000, 16 simulations")


def test_results_are_a_to_b_and_are_read_out() -> None:
    line = FOUR.notation.parse_line("startpos")
    one = game(3, points=0.0, start=line.start)
    one.text = "four in a row"
    tile = tile_record(one, order_of(FORM), FOUR)
    assert tile.result == "0 : 1"
    assert in_words(tile).startswith("Game 4: ")
    assert in_words(tile).endswith("0 : 1, four in a row")


@given(st.data())
def test_games_that_are_played_hang_and_none_moves(data: st.DataObject) -> None:
    """Over a whole match: no board changes its place, and no game that is over hangs while one played does not."""
    capacity = data.draw(st.integers(1, 6))
    games: dict[int, GameReplica] = {}
    places: tuple[int, ...] = ()
    for _ in range(data.draw(st.integers(1, 25))):
        if data.draw(st.booleans()) or not games:
            games[len(games)] = game(len(games))
        else:
            games[data.draw(st.integers(0, len(games) - 1))].points = 0.5
        live = {number for number, one in games.items() if one.points is None}
        before, places = places, hang(places, capacity, games, live)
        hung = [number for number in places if number != EMPTY]
        assert len(set(hung)) == len(hung) == min(capacity, len(games))
        assert live <= set(hung) or all(games[number].points is None for number in hung)
        both = [number for number in before if number != EMPTY and number in places]
        assert all(before.index(number) == places.index(number) for number in both)
        assert all(games[number].points is not None for number in set(before) - set(places) - {EMPTY})


def test_pages_of_all_games() -> None:
    games = {number: game(number, points=1.0) for number in range(5)}
    assert page_of(0, 2, games) == (0, 1)
    assert page_of(2, 2, games) == (4, EMPTY)
