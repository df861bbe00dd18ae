"""View-models of training: setup, replica, curves, stages, verdict, list, ratchet, positions."""

import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.presenter import phrases
from app.viewmodels.train_curves import MOST_POINTS, Curve, LearningCurves
from app.viewmodels.train_list import round_row
from app.viewmodels.train_minds import lesson_tile, pinned_tile
from app.viewmodels.train_ratchet import Measured, ratchet_record, tips
from app.viewmodels.train_replica import PinnedTrace, replica_of
from app.viewmodels.train_setup import TrainSetup, following, going_on, problem_of, request_of, setup_of, size_words
from app.viewmodels.train_stages import live_stages, stored_stages
from app.viewmodels.train_verdict import elo_with_interval, verdict_record
from engine.domains.base import Line
from engine.service.train_messages import PinnedAnswer, RoundEnded
from tests.app.train.rounds import (
    GENERATIONS,
    ORDER,
    began,
    found,
    games,
    generation,
    learned,
    lesson,
    met,
    moved,
    news,
    over,
    pinned,
    report,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
WORDS = phrases("connect_four")


# -- setup -------------------------------------------------------------------------------------------------------------


def test_the_box_stops_a_round_before_it_learns():
    assert request_of(TrainSetup(stops_before_learning=True), 1, ()).until == "play"
    assert request_of(TrainSetup(), 1, ()).until == "done"


def test_going_on_never_stops_before_learning():
    assert going_on(ORDER, 2, 1, ()).until == "done"


def test_a_form_is_filled_from_an_order():
    setup = setup_of(ORDER, TrainSetup(domain="chess", size="large", rounds=4))
    assert (setup.domain, setup.parent, setup.size, setup.rounds, setup.seed) == (
        "connect_four",
        "c4-000",
        "small",
        4,
        7,
    )


@pytest.mark.parametrize(("match", "parent"), [(met(30, 5, 60), "gen-001"), (met(30, -5, 60), "c4-000")])
def test_the_next_round_is_on_the_child_only_if_it_is_stronger(match, parent):
    after = following(setup_of(ORDER, TrainSetup()), found("done", told=report(match=match)))
    assert (after.parent, after.seed) == (parent, 8)


def test_without_a_generation_the_form_says_how_to_make_one():
    assert "train-base --domain connect_four" in problem_of(TrainSetup(domain="connect_four"), ())
    assert problem_of(TrainSetup(domain="connect_four"), GENERATIONS) == ""
    assert "nowhere.toml" in problem_of(TrainSetup(domain="connect_four", size="nowhere.toml"), GENERATIONS)


def test_the_time_of_a_round_that_was_made_here_is_said():
    setup = TrainSetup(domain="connect_four", size="small", rounds=2)
    assert "minutes on two cores" in size_words(setup, ())
    said = size_words(setup, (found("done", told=report()),))
    assert said.startswith("2 rounds, each 512 games, 32 simulations")
    assert "about 2 min here" in said
    assert "minutes on two cores" in size_words(setup, (found("cut off", "play", report("play")),))


# -- replica -----------------------------------------------------------------------------------------------------------


def test_games_of_every_shard_get_numbers_without_a_gap():
    replica = replica_of(began("play"), ())
    replica.fold_games(games(0, 1))
    replica.fold_games(over(0))
    replica.fold_games(games(256, 257))
    replica.fold_games(moved(257, 5))
    assert sorted(replica.games.games) == [0, 1, 2, 3]
    assert replica.games.games[3].actions == [5]
    assert replica.games.live == {1, 2, 3}
    assert replica.games.games[0].points == 1.0


def test_a_round_that_goes_on_in_a_later_stage_has_the_earlier_ones_behind_it():
    stages = live_stages(replica_of(began("learn"), ()), is_running=True)
    assert [stage.standing for stage in stages] == ["over", "over", "running", "waiting"]
    assert [stage.share for stage in stages] == [1.0, 1.0, 0.0, 0.0]


def test_a_stage_says_how_far_it_is_and_how_long_it_takes():
    replica = replica_of(began(), ())
    replica.fold(news("play", 128, 512, left=90.0))
    play = live_stages(replica, is_running=True)[1]
    assert (play.share, play.text) == (0.25, "128 of 512 games, 2 min left")
    assert live_stages(replica, is_running=False)[1].text == "paused at 128 of 512"


def test_the_end_of_a_round_stands_in_its_stages():
    replica = replica_of(began(), ())
    replica.end(RoundEnded(round="gen-001", number=1, report=report(match=met(45.4, 3, 90), fuel=met(-12, -40, 20))))
    stages = live_stages(replica, is_running=False)
    assert [stage.standing for stage in stages] == ["over"] * 4
    assert [stages[place].text for place in (0, 1, 3)] == ["−12 Elo", "4,321 lessons", "+45 Elo"]
    stored = stored_stages(found("done", told=replica.report))
    assert [stage.text for stage in stored] == ["−12 Elo", "4,321 lessons", "done", "+45 Elo"]


# -- curves ------------------------------------------------------------------------------------------------------------


@given(st.integers(1, 5000))
def test_a_curve_is_never_too_long_and_keeps_both_ends(length):
    curve = Curve()
    for step in range(length):
        curve.note(step, float(step))
    assert len(curve.steps) <= MOST_POINTS
    assert (curve.steps[0], curve.steps[-1]) == (0, length - 1)
    assert curve.steps == sorted(set(curve.steps))
    assert curve.values == [float(step) for step in curve.steps]


def test_training_that_goes_back_to_its_checkpoint_takes_the_curve_back():
    curves = LearningCurves()
    for step, policy in ((10, 2.0), (20, 1.9), (30, 1.8), (15, 1.95)):
        curves.fold(learned(step, policy=policy).learning)
    assert (curves.curves["policy"].steps, curves.curves["policy"].values) == ([10, 15], [2.0, 1.95])


def test_held_out_losses_are_dashed_and_noted_once_for_each_check():
    curves = LearningCurves()
    curves.fold(learned(1).learning)
    for step, held_out in ((10, 1.7), (11, 1.7), (20, 1.6)):
        curves.fold(learned(step, held_out_policy=held_out, held_out_value=0.8).learning)
    policy, value, gradient, pace = curves.charts()
    assert [(series.is_dashed, series.steps) for series in policy.series] == [
        (False, (1, 10, 11, 20)),
        (True, (10, 20)),
    ]
    assert policy.now == "1.50, held out 1.60"
    assert value.series[1].steps == (10,)
    assert (gradient.now, pace.now, pace.from_zero) == ("2.00", "1k", True)


# -- verdict and list --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("match", "tone"), [(met(9, 1, 20), "good"), (met(-9, -20, -1), "bad"), (met(9, -1, 20), "even"), (None, "open")]
)
def test_the_verdict_goes_by_the_interval(match, tone):
    assert verdict_record(report(match=match), WORDS).tone == tone


def test_a_round_that_is_not_over_has_no_verdict():
    assert verdict_record(report("match", match=met(9, 1, 20)), WORDS).tone == "open"


def test_an_interval_without_an_end_is_told_as_one():
    assert elo_with_interval(met(45.2, 3.1, 90.4, 300)) == "+45 Elo (95 %: +3 to +90) in 300 games"
    assert elo_with_interval(met(None, 7.0, None, 8)) == "∞ Elo (95 %: above +7) in 8 games"
    assert elo_with_interval(met(None, None, -7.0, 8)) == "−∞ Elo (95 %: below −7) in 8 games"


def test_the_autopsy_names_positions_that_open():
    told = report(
        match=met(-40, -80, -10),
        autopsy={
            "text": "The value head forgot what it knew.",
            "positions": [
                {
                    "start": "startpos",
                    "actions": [3, 2],
                    "lessons": "earlier rounds",
                    "lost": 1.0,
                    "policy_loss": [1.0, 1.5],
                    "value_loss": [0.5, 1.0],
                }
            ],
        },
        lessons={"positions": 9, "checks": [{"name": "variety", "outcome": "doubtful", "text": "Half are the same."}]},
    )
    record = verdict_record(told, WORDS)
    assert record.autopsy == ("The value head forgot what it knew.", "Half are the same.")
    (lost,) = record.lost
    assert lost.line == Line("startpos", (3, 2))
    assert lost.text == "X to move after 3, action 3, earlier rounds: loss 1.50 to 2.50"


def test_rows_say_where_a_round_stands_and_what_can_be_done():
    done = round_row(found("done", told=report(match=met(45, 3, 90))), NOW)
    assert (done.title, done.result) == ("c4-000 → gen-001", "+45 Elo, helped")
    assert (done.can_go_on, done.has_lessons) == (False, True)
    cut = round_row(found("cut off", "play"), NOW)
    assert (cut.result, cut.can_go_on, cut.has_lessons) == ("cut off: playing", True, False)
    played = round_row(found("played", "learn"), NOW)
    assert (played.can_go_on, played.has_lessons) == (True, True)
    damaged = round_row(found("damaged", "fuel", order=None), NOW)
    assert (damaged.can_go_on, damaged.has_lessons, damaged.result) == (False, False, "damaged")


# -- ratchet -----------------------------------------------------------------------------------------------------------


def test_gains_add_up_and_half_intervals_add_in_squares():
    record = ratchet_record(GENERATIONS, "gen-002")
    first, second, third = record.points
    assert (first.id, first.is_first, first.intuition) == ("c4-000", True, Measured(0, 0, 0))
    assert second.intuition == Measured(100, 40, 160)
    assert third.intuition.elo == 150
    assert third.intuition.low == pytest.approx(150 - math.hypot(60, 80))
    assert third.intuition.high == pytest.approx(150 + math.hypot(60, 80))


def test_fuel_is_that_of_the_parent_whose_search_was_measured():
    first, second, third = ratchet_record(GENERATIONS, "gen-002").points
    assert first.searched == Measured(300, 200, 400)
    assert second.searched.elo == 100 + 200
    assert third.searched is None
    assert "not measured yet" in ratchet_record(GENERATIONS, "gen-002").summary


def test_a_searched_match_tells_where_no_fuel_was_measured():
    last = generation("gen-003", "gen-002", match_parent=met(10, 0, 20), search_match_parent=met(30, 10, 50))
    known = (*GENERATIONS[:3], last)
    assert ratchet_record(known, "gen-003").points[-1].searched is None  # its parent's search is not known either
    fuelled = generation(
        "gen-003", "gen-002", match_parent=met(10, 0, 20), fuel=met(90, 80, 100), search_match_parent=met(30, 10, 50)
    )
    points = ratchet_record((*GENERATIONS[:3], fuelled), "gen-003").points
    assert points[2].searched.elo == 150 + 90
    assert points[3].searched.elo == 150 + 90 + 30


def test_lines_end_at_measured_children_without_such_a_child():
    assert tips(GENERATIONS) == ("gen-002",)
    assert tips(GENERATIONS[:1]) == ()
    assert ratchet_record(GENERATIONS[:1], "c4-000").points == ()


@given(st.floats(-500, 500), st.floats(0, 300), st.floats(0, 300))
def test_an_open_end_stays_open(elo, below, above):
    some = Measured(elo, elo - below, elo + above)
    assert some.plus(Measured(1.0, -math.inf, 2.0)).low == -math.inf
    assert math.isfinite(some.plus(Measured(1.0, -math.inf, 2.0)).high)


# -- positions ---------------------------------------------------------------------------------------------------------


def test_a_pinned_position_shows_what_is_liked_now_and_what_the_parent_liked():
    line = Line("startpos")
    before = PinnedAnswer(tuple(range(7)), (0.4, 0.2, 0.1, 0.1, 0.1, 0.05, 0.05), 0.0)
    now = PinnedAnswer(tuple(range(7)), (0.01, 0.2, 0.3, 0.25, 0.1, 0.08, 0.06), 0.25)
    tile = pinned_tile(line, PinnedTrace(line, before, now, [(0, 0.0), (9, 0.25)]), WORDS)
    assert [bar.text for bar in tile.bars] == ["3", "4", "2", "5", "1"]
    assert (tile.bars[0].before, tile.bars[0].now) == (0.1, 0.3)
    assert (tile.bars[-1].before, tile.bars[-1].now) == (0.4, 0.01)
    assert tile.sentence == "X to move, at the start. Its favourite is 3, 30 %. Value +0.25, 0.00 before."
    assert pinned_tile(line, None, WORDS).value is None


def test_a_lesson_says_what_search_teaches():
    tile = lesson_tile(lesson(), (), WORDS)
    assert [bar.text for bar in tile.bars[:2]] == ["4", "5"]
    assert ("1", 0.7) in [(bar.text, bar.before) for bar in tile.bars]  # the old favourite
    assert tile.is_learned
    assert "search teaches 4, 90 % instead of 5.0 %" in tile.sentence
    assert "the game was lost" in tile.sentence
    assert not lesson_tile(lesson(), (3,), WORDS).is_learned


def test_answers_to_positions_go_back_with_the_training():
    replica = replica_of(began(), (Line("startpos"),))
    for step, value in ((0, 0.0), (20, 0.2), (40, 0.4), (30, 0.3)):
        replica.fold_pinned(pinned(step, value))
    assert replica.pinned[0].values == [(0, 0.0), (20, 0.2), (30, 0.3)]
