"""Every reason to end a run, on trees written down by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domains.base import Line
from engine.search.limits import Limits
from engine.search.standing import NO_ACTION, leader_of, root_visits
from engine.search.stoppers import (
    BY_HAND,
    KLD_INTERVAL,
    MOST_VISITS,
    CountStopper,
    DepthStopper,
    KldGainStopper,
    MateStopper,
    NodesStopper,
    Progress,
    SettledStopper,
    StableStopper,
    Stopper,
    first_reason,
    kl_divergence,
    stoppers_for,
)
from engine.tree.columns import ROOT, SearchTree
from tests.engine.search.hand_made import chain, root_with

A, B, C = 10, 11, 12
COUNTS = st.lists(st.integers(0, 500), min_size=1, max_size=6)


def at(simulations: int, tree: SearchTree, *, proven: bool = False, choices: int | None = None) -> Progress:
    alive = int(np.count_nonzero(tree.edge_pruned[tree.edge_run(ROOT)] == 0))
    return Progress(simulations, tree.nbytes(), proven, alive if choices is None else choices, tree)


def names(limits: Limits, progress: Progress) -> str | None:
    reason = first_reason(stoppers_for(limits, clock=lambda: 0.0), progress)
    return reason.name if reason else None


# -- the leader ---------------------------------------------------------------------------------------------------


def test_the_leader_is_the_most_visited_action_that_is_not_cut() -> None:
    tree = root_with([40, 100, 70])
    assert (leader_of(tree).action, leader_of(tree).lead) == (B, 30.0)
    tree = root_with([40, 100, 70], pruned=[1])
    assert (leader_of(tree).action, leader_of(tree).lead) == (C, 30.0)


def test_visits_that_were_lent_do_not_make_a_leader() -> None:
    tree = root_with([40, 100], borrowed={1: 90})
    assert (leader_of(tree).action, leader_of(tree).lead) == (A, 30.0)
    assert root_visits(tree).tolist() == [40, 10]


def test_an_unvisited_action_is_a_runner_up_without_visits() -> None:
    assert leader_of(root_with([7, 0])).lead == 7.0
    assert leader_of(root_with([7])).lead == math.inf
    assert leader_of(root_with([7, 5], pruned=[1])).lead == math.inf
    assert leader_of(root_with([0, 0])).action == NO_ACTION
    assert leader_of(SearchTree(Line("nothing yet"), 2)).action == NO_ACTION


@pytest.mark.parametrize("num_players", [1, 2])
def test_bounds_and_values_are_seen_by_the_player_at_the_root(num_players: int) -> None:
    tree = root_with([50, 30], [0.1, 0.4], bounds={0: (0, 1)}, num_players=num_players)
    leader = leader_of(tree)
    assert (leader.lower, leader.upper) == (0, 1)
    assert not leader.is_valued_most, "the other one has more than half the visits and a higher value"
    assert leader_of(root_with([50, 30], [0.4, 0.1], num_players=num_players)).is_valued_most
    assert leader_of(root_with([50, 20], [0.1, 0.9], num_players=num_players)).is_valued_most, "too few to be serious"


# -- budgets ------------------------------------------------------------------------------------------------------


@given(st.integers(1, 1000), st.integers(0, 2000))
def test_budgets_hold_from_their_number_on(limit: int, done: int) -> None:
    tree = root_with([3, 2])
    assert (names(Limits(simulations=limit), at(done, tree)) == "simulations") == (done >= limit)
    assert (names(Limits(nodes=limit), at(done, tree)) == "nodes") == (limit <= 3)
    assert (names(Limits(memory_bytes=limit), at(done, tree)) == "memory") == (tree.nbytes() >= limit)


def test_time_is_counted_from_the_start_of_the_run() -> None:
    now = [100.0]
    stoppers = stoppers_for(Limits(seconds=2.0), clock=lambda: now[0])
    progress = at(5, root_with([3, 2]))
    assert first_reason(stoppers, progress) is None
    now[0] = 101.9
    assert first_reason(stoppers, progress) is None
    now[0] = 102.0
    reason = first_reason(stoppers, progress)
    assert reason is not None
    assert (reason.name, reason.text) == ("seconds", "the budget of 2 seconds is used up")


def test_what_always_ends_a_run() -> None:
    tree = root_with([3, 2])
    assert names(Limits(), at(5, tree)) is None
    assert names(Limits(), at(5, tree, proven=True)) == "solved"
    assert names(Limits(), at(5, root_with([3, 2], pruned=[0, 1]))) == "nothing_left"
    assert BY_HAND.name == "by_hand"


# -- depth, mate, nodes -------------------------------------------------------------------------------------------


@given(st.integers(0, 40), st.integers(1, 40))
def test_depth_is_the_length_of_the_main_line(length: int, wanted: int) -> None:
    reason = DepthStopper(wanted).reason(at(length, chain(length)))
    assert (reason is not None) == (length >= wanted)


def test_depth_looks_again_after_the_tree_has_grown_a_little() -> None:
    stopper = DepthStopper(300)
    assert stopper.reason(at(0, chain(200))) is None
    assert stopper.reason(at(3, chain(400))) is None, "200 // 64 = 3: not yet"
    assert stopper.reason(at(4, chain(400))) is not None


@pytest.mark.parametrize(("plies", "moves"), [(1, 1), (3, 2), (5, 3), (2, 1), (4, 2)])
def test_a_mate_is_counted_in_moves_of_the_player_at_the_root(plies: int, moves: int) -> None:
    tree = root_with([9, 1])
    tree.facts["distance"][ROOT] = plies
    assert MateStopper(99).reason(at(10, tree)) is None, "a distance alone proves nothing"
    tree.stats["lower"][ROOT] = tree.stats["upper"][ROOT] = -1
    assert MateStopper(99).reason(at(10, tree, proven=True)) is None, "to be mated is not to mate"
    tree.stats["lower"][ROOT] = tree.stats["upper"][ROOT] = 1
    assert (MateStopper(moves).reason(at(10, tree)) or BY_HAND).name == "mate"
    assert MateStopper(moves - 1).reason(at(10, tree)) is None
    assert names(Limits(mate=moves), at(10, tree, proven=True)) == "mate"
    if moves > 1:
        assert names(Limits(mate=moves - 1), at(10, tree, proven=True)) == "solved", "a proof ends the run all the same"


def test_a_single_player_wins_in_as_many_actions_as_plies() -> None:
    tree = root_with([9, 1], num_players=1)
    tree.facts["distance"][ROOT], tree.stats["lower"][ROOT], tree.stats["upper"][ROOT] = 4, 1, 1
    assert MateStopper(3).reason(at(10, tree)) is None
    assert MateStopper(4).reason(at(10, tree)) is not None


def test_nodes_counts_positions_kept_from_earlier_runs() -> None:
    assert NodesStopper(4).reason(at(0, root_with([5, 5]))) is None
    assert NodesStopper(3).reason(at(0, root_with([5, 5]))) is not None


# -- stable -------------------------------------------------------------------------------------------------------


def after(stopper: Stopper, *looks: tuple[int, SearchTree]) -> list[bool]:
    return [stopper.reason(at(simulations, tree)) is not None for simulations, tree in looks]


def test_stable_wants_the_same_leader_for_long_enough_and_out_of_reach_for_as_long() -> None:
    near, far = root_with([150, 60]), root_with([250, 60])
    assert after(StableStopper(100), (10, near), (109, near), (110, near)) == [False, False, False], "the lead is 90"
    assert after(StableStopper(100), (10, near), (109, far), (110, far)) == [False, False, True]
    assert after(StableStopper(89), (10, near), (98, near), (99, near)) == [False, False, True]


def test_another_leader_or_another_proof_starts_the_count_anew() -> None:
    first, second = root_with([300, 60]), root_with([60, 300])
    proof = root_with([300, 60], bounds={0: (0, 1)})
    for other in (second, proof):
        assert after(StableStopper(100), (0, first), (60, other), (120, other), (160, other)) == [
            False, False, False, True,
        ]  # fmt: skip


def test_with_a_budget_a_lead_larger_than_what_is_left_is_enough() -> None:
    tree = root_with([70, 30])
    stopper = StableStopper(1000, budget=140)
    assert after(stopper, (100, tree), (101, tree)) == [False, True], "40 ahead with 40, then 39 left"
    assert names(Limits(stable=1000, simulations=140), at(101, tree)) == "stable"
    assert names(Limits(stable=1000), at(101, tree)) is None


@given(COUNTS, st.integers(1, 300), st.integers(1, 300), st.integers(0, 400))
def test_asking_for_less_stability_never_stops_later(counts: list[int], a: int, b: int, held: int) -> None:
    tree = root_with(counts)
    looks = [(0, tree), (held, tree)]
    strict, lax = after(StableStopper(max(a, b)), *looks), after(StableStopper(min(a, b)), *looks)
    assert all(late <= early for late, early in zip(strict, lax, strict=True))


@given(COUNTS, st.integers(0, 500), st.integers(0, 500))
def test_what_a_budget_cannot_change_is_never_changed_by_it(counts: list[int], left: int, where: int) -> None:
    """The promise itself: whatever the simulations left are spent on, the leader stays."""
    tree = root_with(counts)
    if StableStopper(10**6, budget=left).reason(at(0, tree)) is None:
        return
    spent = list(counts)
    spent[where % len(counts)] += left
    assert leader_of(root_with(spent)).action == leader_of(tree).action


# -- settled ------------------------------------------------------------------------------------------------------


def settled_after(seconds: float, *looks: tuple[float, int, SearchTree]) -> list[bool]:
    now = [0.0]
    stopper = SettledStopper(seconds, 0.0, lambda: now[0])
    answers = []
    for moment, simulations, tree in looks:
        now[0] = moment
        answers.append(stopper.reason(at(simulations, tree)) is not None)
    return answers


def test_a_settled_choice_ends_at_its_time_and_an_unsettled_one_later() -> None:
    steady, changed = root_with([500, 480], [0.2, 0.1]), root_with([500, 510], [0.1, 0.2])
    doubtful = root_with([500, 450], [0.1, 0.2])
    assert settled_after(4.0, (1.0, 250, steady), (3.9, 950, steady), (4.0, 951, steady)) == [False, False, True]
    assert settled_after(4.0, (1.0, 250, steady), (3.5, 900, changed), (4.1, 960, changed)) == [False, False, False]
    assert settled_after(4.0, (3.5, 900, steady), (4.1, 960, changed), (5.4, 990, changed), (5.5, 999, changed)) == [
        False, False, False, True,
    ]  # fmt: skip
    assert settled_after(4.0, (1.0, 250, doubtful), (9.0, 960, doubtful)) == [False, False], "visits and value disagree"


def test_time_that_cannot_change_the_choice_is_saved() -> None:
    tree = root_with([3000, 100])
    assert settled_after(2.0, (0.19, 3100, tree)) == [False], "the speed is not known yet"
    assert settled_after(2.0, (1.0, 3100, tree)) == [False], "3400 more are possible, it leads by 2900"
    assert settled_after(2.0, (1.1, 3100, tree)) == [True], "3400 * 0.9 / 1.1 = 2782"
    assert settled_after(2.0, (0.0, 1, root_with([1]))) == [True], "there is nothing to choose"


# -- KLD gain -----------------------------------------------------------------------------------------------------


def test_kl_divergence_by_hand() -> None:
    old, new = np.array([3, 1, 0]), np.array([4, 4, 8])
    assert kl_divergence(old, new) == pytest.approx(0.75 * math.log(0.75 / 0.25) + 0.25 * math.log(1.0))
    assert kl_divergence(old, 5 * old) == pytest.approx(0.0)


def test_the_gain_is_asked_every_hundred_simulations_and_per_simulation() -> None:
    old, new = [60, 40], [100, 100]
    gain = (0.6 * math.log(0.6 / 0.5) + 0.4 * math.log(0.4 / 0.5)) / 100
    for least, stops in ((gain * 1.01, True), (gain * 0.99, False)):
        looks = [(0, root_with(old)), (99, root_with([100, 99])), (100, root_with(new))]
        assert after(KldGainStopper(least), *looks) == [False, False, stops]


def test_every_look_is_compared_with_the_last_one_not_with_the_first() -> None:
    stopper = KldGainStopper(1e-4)
    looks = [(0, root_with([90, 10])), (100, root_with([100, 100])), (200, root_with([150, 150]))]
    assert after(stopper, *looks) == [False, False, True]


def test_after_a_re_rooting_the_visits_are_counted_from_there() -> None:
    stopper, tree = KldGainStopper(1.0), root_with([1000, 1000])
    other = root_with([50, 40, 30])
    assert stopper.reason(at(1, tree)) is None
    assert stopper.reason(at(2, other)) is None
    assert stopper.reason(at(3, replace(other, line=Line("elsewhere")))) is None


@given(COUNTS, st.lists(st.integers(0, 500), min_size=6, max_size=6))
def test_the_gain_is_never_negative_and_a_higher_threshold_stops_no_later(counts: list[int], more: list[int]) -> None:
    new = [a + b for a, b in zip(counts, more, strict=False)]
    if sum(counts) == 0 or sum(new) - sum(counts) < KLD_INTERVAL:
        return
    assert kl_divergence(np.array(counts), np.array(new)) >= -1e-12
    looks = [(0, root_with(counts)), (KLD_INTERVAL, root_with(new))]
    stops = [after(KldGainStopper(least), *looks)[-1] for least in (1e-6, 1e-4, 1e-2)]
    assert stops == sorted(stops)


def test_a_look_takes_microseconds() -> None:
    import time

    tree = root_with(list(range(1, 41)))
    stoppers = [StableStopper(10**9), SettledStopper(1e9, 0.0, lambda: 0.0), KldGainStopper(1e-9), MateStopper(3)]
    progress = at(5, tree)
    first_reason(stoppers, progress)
    costs = []
    for _ in range(50):
        started = time.perf_counter()
        first_reason(stoppers, progress)
        costs.append(time.perf_counter() - started)
    assert min(costs) < 500e-6, "all of them together"


def test_a_run_ends_before_visits_can_no_longer_be_counted() -> None:
    tree = root_with([3, 2])
    for visits, expected in ((MOST_VISITS - 1, None), (MOST_VISITS, "full"), (MOST_VISITS + 4096, "full")):
        tree.stats["visits"][ROOT] = visits
        reason = CountStopper().reason(at(5, tree))
        assert (reason.name if reason else None) == expected
