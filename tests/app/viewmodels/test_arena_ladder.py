"""The ladder in words: names, kinds, margins, cycles, seats and what it costs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.viewmodels.arena_job import progress_text
from app.viewmodels.arena_ladder import (
    LadderPlan,
    anchors_in_force,
    cost_sentence,
    ladder_rows,
    ladder_sentences,
    margin_text,
    num_pairings,
    scale_sentence,
    seating,
    sure_percent,
)
from app.viewmodels.arena_ladder_players import anchor_choices, generation_of, kind_of, name_of, nominal_elo
from app.viewmodels.arena_scale import padded, ticks
from engine.service.arena_messages import JobProgress
from tests.app.arena.engines import match, player, rate

STOCKFISH = "uci:/usr/games/stockfish,UCI_LimitStrength=true,UCI_Elo=1500,nodes=100000"


@pytest.mark.parametrize(
    ("text", "kind", "name", "generation"),
    [
        ("gen-000@0", "intuition", "gen-000, intuition", "gen-000"),
        ("gen-000", "intuition", "gen-000, intuition", "gen-000"),
        ("gen-000@400:intuition", "intuition", "gen-000, intuition", "gen-000"),
        ("gen-000@1600", "searched", "gen-000, 1,600 simulations", "gen-000"),
        ("gen-000@64:gumbel", "searched", "gen-000, 64 simulations, Gumbel", "gen-000"),
        ("gen-000@64,c_puct=2.5", "searched", "gen-000, 64 simulations, c_puct=2.5", "gen-000"),
        ("gen-000@:gumbel,movetime=0.1", "searched", "gen-000, Gumbel, movetime=0.1", "gen-000"),
        ("gen-000,tc=10+0.1", "searched", "gen-000, tc=10+0.1", "gen-000"),
        ("uniform@64", "searched", "Uniform priors, 64 simulations", "uniform"),
        ("random", "random", "Random moves", ""),
        (STOCKFISH, "outside", "Stockfish at 1,500", ""),
        ("uci:stockfish,nodes=1", "outside", "Stockfish, 1 node", ""),
        ("uci:gnuchess --uci,depth=1", "outside", "GNU Chess, depth 1", ""),
        ("uci:'/opt/my engine/x y'", "outside", "my", ""),
    ],
)
def test_players_have_a_kind_and_a_short_name(text, kind, name, generation):
    assert (kind_of(text), generation_of(text)) == (kind, generation)
    if "my engine" not in text:
        assert name_of(text) == name


def test_only_an_engines_own_words_state_an_elo():
    assert nominal_elo(STOCKFISH) == 1500.0
    assert nominal_elo("gen-000@0") is None
    assert nominal_elo("uci:stockfish,nodes=1") is None


def test_a_missing_engine_is_said_with_how_to_get_it():
    missing = anchor_choices("chess", lambda name: None)
    assert all(not choice.player and "apt install" in choice.hint for choice in missing)
    found = anchor_choices("chess", lambda name: f"/usr/games/{name}" if name == "stockfish" else None)
    assert found[0].player.startswith("uci:/usr/games/stockfish,UCI_LimitStrength=true,UCI_Elo=1350")
    assert found[0].elo == 1350.0
    assert not found[-1].player
    assert anchor_choices("connect_four", lambda name: "/x") == ()


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((1000.0, 960.0, 1040.0), "±40"),
        ((1000.0, 990.0, 1100.0), "+100 −10"),
        ((1000.0, None, 1100.0), "+100 −∞"),
        ((1000.0, 950.0, None), "+∞ −50"),
        ((1000.0, None, None), "open"),
    ],
)
def test_margins(numbers, text):
    assert margin_text(*numbers) == text


def test_no_chance_is_rounded_to_certainty():
    assert [sure_percent(chance) for chance in (1.0, 0.9995, 0.963, 0.0)] == [
        "> 99.9 %",
        "> 99.9 %",
        "96.3 %",
        "< 0.1 %",
    ]


def test_rows_say_how_surely_each_is_above_the_next_and_not_below():
    rows = ladder_rows(
        rate(1, player("gen-001@0", 1300.0, 1250.0, 1350.0), player("gen-000@0", 1200.0, 1100.0, 1300.0))
    )
    assert [row.above_next for row in rows] == [0.97, None]
    assert "95 % interval 1,250 to 1,350" in rows[0].sentence
    assert "Stronger than the next: 97.0 %" in rows[0].sentence


def test_sentences_name_cycles_open_ratings_and_notes():
    rated = rate(
        1,
        player("gen-001@0", 1.0, 0.0, 2.0, note="not connected with the others"),
        player("gen-000@0", 0.0, -1.0, 1.0, note="not connected with the others"),
        player("random", -500.0, None, -200.0),
        cycles=(("gen-001@0", "gen-000@0", "random"),),
        stopped="by hand",
    )
    said = ladder_sentences(rated)
    assert said[0] == (
        "No order fits: gen-001, intuition beats gen-000, intuition; gen-000, intuition beats Random moves; "
        "Random moves beats gen-001, intuition. One number for each player cannot say that."
    )
    assert said[1] == "gen-001, intuition and gen-000, intuition: not connected with the others."
    assert said[2].startswith("Random moves: won or lost everything")
    assert said[3].startswith("Not all games were played")
    assert ladder_sentences(rate(1, player("gen-000@0", 0.0, -1.0, 1.0))) == ()


def test_the_scale_is_said_with_names():
    engine = player(STOCKFISH, 1500.0, anchored=True, note="held here")
    mean = "Elo, 0 is the mean of all players"
    assert scale_sentence(rate(1, engine, scale=mean)) == f"{mean}."
    assert scale_sentence(rate(1, scale=mean)) == "", "nobody is rated"
    held = rate(1, engine, scale=f"Elo, with {STOCKFISH} held at 1500")
    assert scale_sentence(held) == "Elo, with Stockfish at 1,500 held at 1500."
    assert ladder_sentences(held) == ()
    assert scale_sentence(rate(1, engine, scale="relative to Stockfish")) == "Elo relative to Stockfish."
    assert scale_sentence(rate(1)) == scale_sentence(None) == ""


def test_two_who_meet_are_called_by_their_names():
    told = progress_text(JobProgress(text=f"{STOCKFISH} against gen-000@0", done=1, total=8, seconds_left_s=0.2))
    assert told == "Stockfish at 1,500 against gen-000, intuition: 1 of 8, nearly done"
    assert progress_text(JobProgress(text="", done=6, total=6)) == "Nearly done ..."


def test_neighbours_sit_by_strength_as_far_as_it_is_known():
    rated = rate(1, player("gen-001@0", 1300.0, 1.0, 2.0), player("gen-000@0", 1100.0, 1.0, 2.0))
    players = ("random", "gen-000@0", STOCKFISH, "gen-001@0", "gen-002@0")
    assert seating(players, rated, ()) == (STOCKFISH, "gen-001@0", "gen-002@0", "gen-000@0", "random")
    assert seating(players, rated, (("gen-002@0", 1050.0),))[1:4] == ("gen-001@0", "gen-000@0", "gen-002@0")
    assert seating(("random", "gen-000@0", "gen-000@64"), None, ()) == ("gen-000@64", "gen-000@0", "random")


def test_the_cost_counts_games_and_uses_the_pace_of_these_players():
    plan = LadderPlan(("gen-000@0", "gen-001@0", "random"), pairs=100)
    assert cost_sentence(plan, ()) == "2 pairings, 400 games, about ±43 Elo each."
    stored = (match("gen-000@0", "gen-001@0", 1), match("gen-000@0", "maia@0", 2, games_per_minute=1.0))
    assert cost_sentence(plan, stored).endswith("about 2 min at the pace of earlier matches.")
    assert cost_sentence(LadderPlan(("random",)), ()) == "Two players or more are needed."


def test_the_same_players_may_be_written_otherwise():
    plan = LadderPlan(("gen-000", "gen-001"), pairs=100)
    stored = (match("gen-000@0", "gen-001@0", 1),)
    assert cost_sentence(plan, stored).endswith("at the pace of earlier matches.")
    domain = stored[0].order.domain
    assert anchors_in_force((("gen-000", 50.0), ("gen-009", 1.0)), domain, stored) == {"gen-000@0": 50.0}


def test_pairings():
    assert [num_pairings(n, all_meet=True) for n in (0, 1, 2, 5)] == [0, 0, 1, 10]
    assert [num_pairings(n, all_meet=False) for n in (0, 1, 2, 5)] == [0, 0, 1, 4]


@given(st.floats(-4000, 4000), st.floats(0.01, 5000), st.integers(1, 12))
def test_ticks_lie_in_the_range_and_are_few(low, span, most):
    marks = ticks(low, low + span, most)
    assert len(marks) <= most + 1
    assert all(low - 1e-6 * span <= mark <= low + span * (1 + 1e-6) for mark in marks)
    assert len(ticks(low, low + span, 6)) >= 1


@given(st.floats(-4000, 4000), st.floats(0, 5000))
def test_a_scale_has_room_at_both_ends(low, span):
    left, right = padded(low, low + span)
    assert left < low
    assert right > low + span
    assert right - left >= 40.0
