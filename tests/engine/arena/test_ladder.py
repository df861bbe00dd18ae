"""The ladder: known ratings are found again, and whatever the games do not say is said to be unknown."""

import math
import time
from itertools import pairwise

import numpy as np
import pytest

from engine.arena.counts import Counts
from engine.arena.elo import estimate
from engine.arena.ladder import Ladder, LadderError, Prior, Rung, fit_ladder
from engine.arena.ladder_results import Played, played_counts
from engine.arena.outcomes import nu_of, outcome_shares

WIDE = Prior(spread_elo=1e5)


def expected(a: str, b: str, elo: float, games: int, draws: float = 0.3, first_move: float = 0.0) -> Played:
    """Just what is expected, as far as whole games go, without pairs."""
    shares = outcome_shares([elo + first_move, elo - first_move], nu_of(draws))
    first, second = (np.round(games / 2 * row).astype(int).tolist() for row in shares)
    return Played(a, b, tuple(first), tuple(second))


def rung(ladder: Ladder, name: str) -> Rung:
    return next(one for one in ladder.rungs if one.name == name)


def swept(winner: str, loser: str, games: int = 20) -> Played:
    return Played(winner, loser, (0, 0, games // 2), (0, 0, games // 2), pentanomial=(0, 0, 0, 0, games // 2))


def test_expected_results_give_the_ratings_back() -> None:
    truth = {"a": 160.0, "b": 20.0, "c": -40.0, "d": -140.0}
    names = list(truth)
    results = [
        expected(one, other, truth[one] - truth[other], 40_000, draws=0.35, first_move=25.0)
        for at, one in enumerate(names)
        for other in names[:at]
    ]
    found = fit_ladder(names, results, prior=WIDE)
    assert [one.elo for one in found.rungs] == pytest.approx(list(truth.values()), abs=0.2)
    assert found.draw == pytest.approx(0.35, abs=0.002)
    assert found.first_move_elo == pytest.approx(25.0, abs=0.2)
    assert found.first_move_interval[0] < 25.0 < found.first_move_interval[1]
    assert rung(found, "a").games == 120_000
    assert rung(found, "a").score > 0.6
    assert found.groups == (("a", "b", "c", "d"),)
    assert found.cycles == ()


def test_two_players_are_as_far_apart_as_their_match_says() -> None:
    counts = Counts(wins=60, draws=30, losses=40)
    found = fit_ladder(["a", "b"], [played_counts("a", "b", counts)], prior=WIDE, reference="b")
    alone = estimate(counts)
    a, b = found.rungs
    assert (b.elo, b.low, b.high) == (0.0, 0.0, 0.0)
    assert a.elo == pytest.approx(alone.elo, abs=0.01)
    assert a.low == pytest.approx(alone.elo_interval[0], abs=2.0)
    assert a.high == pytest.approx(alone.elo_interval[1], abs=2.0)
    assert found.superiority[0, 1] == pytest.approx(alone.los, abs=0.002)


def test_swapping_wins_and_losses_turns_the_ladder_round() -> None:
    results = [played_counts("a", "b", Counts(30, 10, 20)), played_counts("b", "c", Counts(25, 5, 12))]
    turned = [played_counts(one.b, one.a, one.counts) for one in results]
    found, other = (fit_ladder(["a", "b", "c"], these) for these in (results, turned))
    assert found.rungs[0].elo > found.rungs[1].elo > found.rungs[2].elo
    assert [one.elo for one in other.rungs] == pytest.approx([-one.elo for one in found.rungs], abs=1e-3)
    assert np.allclose(found.superiority + found.superiority.T, 1.0)
    assert np.allclose(other.superiority, found.superiority.T, atol=1e-6)


def test_told_from_the_other_side_it_is_the_same_match() -> None:
    forth = Played("a", "b", (5, 4, 11), (8, 5, 7), pentanomial=(2, 4, 6, 5, 3))
    back = Played("b", "a", (7, 5, 8), (11, 4, 5), pentanomial=(3, 5, 6, 4, 2))
    one, other = fit_ladder(["a", "b"], [forth]), fit_ladder(["a", "b"], [back])
    assert one.rungs[0].elo == pytest.approx(other.rungs[0].elo)
    assert one.first_move_elo == pytest.approx(other.first_move_elo)
    assert one.first_move_elo > 0
    assert one.pair_variance == pytest.approx(other.pair_variance)


def test_anchors_hold_and_set_the_scale() -> None:
    results = [expected("stockfish", "gen", 120.0, 400), expected("gen", "old", 50.0, 400)]
    found = fit_ladder(["stockfish", "gen", "old"], results, anchors={"stockfish": 1500.0})
    held = rung(found, "stockfish")
    assert (held.elo, held.low, held.high, held.is_anchor) == (1500.0, 1500.0, 1500.0, True)
    assert rung(found, "gen").elo == pytest.approx(1380, abs=4)
    assert rung(found, "old").elo == pytest.approx(1330, abs=6)
    error = [one.high - one.elo for one in found.rungs]
    assert 0.0 == error[0] < error[1] < error[2], "the further from the anchor, the less is known"


def test_two_anchors_pull_a_player_between_them() -> None:
    results = [expected("low", "x", 0.0, 200), expected("high", "x", 0.0, 200)]
    found = fit_ladder(["low", "high", "x"], results, anchors={"low": 1000.0, "high": 1100.0})
    assert rung(found, "x").elo == pytest.approx(1050, abs=1)
    assert found.groups == (("low", "high", "x"),)


@pytest.mark.parametrize("is_told_by_the_loser", [False, True])
def test_who_lost_everything_has_a_rating_and_no_lower_bound(is_told_by_the_loser: bool) -> None:
    lost = [swept("a", "c"), swept("b", "c")]
    if is_told_by_the_loser:
        lost = [Played("c", one.a, (10, 0, 0), (10, 0, 0), pentanomial=(10, 0, 0, 0, 0)) for one in lost]
    results = [expected("a", "b", 30.0, 200), *lost]
    found = fit_ladder(["a", "b", "c"], results)
    loser = rung(found, "c")
    assert -3000 < loser.elo < -200
    assert loser.low == -math.inf
    assert loser.elo < loser.high < rung(found, "b").low
    assert loser.is_open
    assert not rung(found, "a").is_open
    assert rung(found, "a").high - rung(found, "a").low < 60, "the loser's uncertainty is not the others'"
    assert found.superiority[0, 2] > 0.99


def test_a_sweep_that_is_open_at_both_ends_of_a_chain() -> None:
    found = fit_ladder(["a", "b", "c"], [swept("a", "b"), swept("b", "c")])
    assert (rung(found, "a").high, rung(found, "c").low) == (math.inf, -math.inf)
    assert rung(found, "a").elo > rung(found, "b").elo > rung(found, "c").elo


def test_a_thinly_tested_child_stays_near_its_parent() -> None:
    results = [expected("old", "x", 0.0, 400), played_counts("child", "old", Counts(wins=4, losses=1))]
    free = fit_ladder(["old", "child", "x"], results)
    known = fit_ladder(["old", "child", "x"], results, lineage=[("old", "child"), ("gone", "old")])
    loose = fit_ladder(["old", "child", "x"], results, lineage=[("old", "child")], prior=Prior(step_elo=500.0))
    lead = [rung(one, "child").elo - rung(one, "old").elo for one in (known, loose, free)]
    assert 0 < lead[0] < 60 < lead[1] < lead[2]
    assert known.superiority[1, 0] < free.superiority[1, 0]
    assert rung(known, "child").high - rung(known, "child").low < 250


def test_groups_that_never_met_are_on_scales_of_their_own() -> None:
    results = [expected("a", "b", 100.0, 100), expected("x", "y", 20.0, 100), expected("y", "z", 20.0, 100)]
    found = fit_ladder(["a", "x", "b", "y", "z", "alone"], results)
    assert found.groups == (("x", "y", "z"), ("a", "b"), ("alone",))
    assert rung(found, "a").elo + rung(found, "b").elo == pytest.approx(0.0, abs=1e-6)
    assert np.isnan(found.superiority[0, 1])
    assert np.isfinite(found.superiority[0, 2])
    assert rung(found, "alone").games == 0
    assert math.isnan(rung(found, "alone").score)


def test_a_cycle_is_named_and_chance_is_none() -> None:
    def beats(one: str, other: str) -> Played:
        return played_counts(one, other, Counts(wins=70, losses=30))

    found = fit_ladder(["a", "b", "c", "d"], [beats("a", "b"), beats("b", "c"), beats("c", "a"), beats("a", "d")])
    assert found.cycles == (("a", "b", "c"),)
    longer = fit_ladder(["a", "b", "c", "d"], [beats("a", "b"), beats("b", "c"), beats("c", "d"), beats("d", "a")])
    assert longer.cycles == (("a", "b", "c", "d"),)
    close = played_counts("c", "a", Counts(wins=52, losses=48))
    assert fit_ladder(["a", "b", "c"], [beats("a", "b"), beats("b", "c"), close]).cycles == ()


def test_meetings_of_the_same_two_add_up() -> None:
    once = Played("a", "b", (10, 6, 14), (12, 7, 11), pentanomial=(4, 6, 9, 6, 5))
    swapped = Played("b", "a", (11, 7, 12), (14, 6, 10), pentanomial=(5, 6, 9, 6, 4))
    twice = fit_ladder(["a", "b"], [once, swapped], prior=WIDE)
    single = fit_ladder(["a", "b"], [once], prior=WIDE)
    assert twice.rungs[0].elo == pytest.approx(single.rungs[0].elo, abs=0.1)
    width = [one.rungs[0].high - one.rungs[0].low for one in (single, twice)]
    assert width[0] / width[1] == pytest.approx(math.sqrt(2), rel=0.02)
    assert twice.rungs[0].games == 120


def test_pairs_that_go_together_widen_and_pairs_that_cancel_narrow() -> None:
    trinomials = ((20, 10, 20), (20, 10, 20))
    independent, alike, opposed = (
        fit_ladder(["a", "b"], [Played("a", "b", *trinomials, pentanomial=pairs)])
        for pairs in ((8, 8, 18, 8, 8), (20, 0, 10, 0, 20), (0, 5, 40, 5, 0))
    )
    assert alike.pair_variance > 1.5 > 1.1 > independent.pair_variance > 0.9 > 0.5 > opposed.pair_variance
    widths = [one.rungs[0].high - one.rungs[0].low for one in (opposed, independent, alike)]
    assert widths == sorted(widths)
    assert widths[2] > 1.6 * widths[0]
    assert alike.rungs[0].elo == pytest.approx(0.0, abs=1e-6)


def test_without_a_draw_the_share_of_draws_is_small_and_not_none() -> None:
    found = fit_ladder(["a", "b"], [played_counts("a", "b", Counts(wins=120, losses=100))])
    assert 0.0 < found.draw < 0.02
    only = fit_ladder(["a", "b"], [played_counts("a", "b", Counts(draws=200))])
    assert 0.95 < only.draw < 1.0
    assert only.rungs[0].elo == pytest.approx(0.0, abs=1e-6)


def test_no_games_at_all() -> None:
    found = fit_ladder(["a", "b"], [])
    assert [one.elo for one in found.rungs] == [0.0, 0.0]
    assert fit_ladder([], []).rungs == ()


@pytest.mark.parametrize(
    ("players", "results", "words", "said"),
    [
        (["a", "a"], [], {}, "'a' is there twice"),
        (["a"], [swept("a", "b")], {}, "'b' is not among the players"),
        (["a"], [swept("a", "a")], {}, "'a' cannot play itself"),
        (["a"], [], {"anchors": {"b": 0.0}}, "'b' is not among the players"),
        (["a"], [], {"anchors": {"a": math.inf}}, "'a' cannot be held at inf"),
        (["a"], [], {"reference": "b"}, "'b' is not among the players"),
    ],
)
def test_what_cannot_be_rated_is_named(players, results, words, said) -> None:
    with pytest.raises(LadderError, match=said):
        fit_ladder(players, results, **words)


def test_a_prior_that_makes_no_sense_is_refused() -> None:
    for words in ({"step_elo": 0.0}, {"spread_elo": -1.0}, {"draws": 1.0}, {"first_move_elo": math.nan}):
        with pytest.raises(ValueError, match="a prior's"):
            Prior(**words)


def test_forty_players_are_rated_while_one_waits() -> None:
    random = np.random.default_rng(5)
    names = [f"player {at}" for at in range(40)]
    truth = np.cumsum(random.normal(0, 50, 40))
    truth -= truth.mean()
    results = []
    for a in range(40):
        for b in range(max(0, a - 4), a):
            shares = outcome_shares(truth[a] - truth[b], nu_of(0.25))
            first, second = (tuple(random.multinomial(100, shares).tolist()) for _ in range(2))
            results.append(Played(names[a], names[b], first, second))
    taken = []
    for _ in range(5):
        started = time.perf_counter()
        found = fit_ladder(names, results, lineage=list(pairwise(names)))
        taken.append(time.perf_counter() - started)
    assert min(taken) < 0.25, "some 15 ms are usual; this leaves room for a busy machine"
    elos = np.array([one.elo for one in found.rungs])
    assert np.sqrt(np.mean((elos - truth) ** 2)) < 30
    assert np.corrcoef(elos, truth)[0, 1] > 0.98
    inside = [one.low <= elo <= one.high for one, elo in zip(found.rungs, truth.tolist(), strict=True)]
    assert sum(inside) >= 32
