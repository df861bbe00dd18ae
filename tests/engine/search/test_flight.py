"""Batches on their way: what is in flight leaves no trace, however large, slow or ill-fated the batches are."""

import random

import numpy as np
import pytest

from engine.search.evaluator import Evaluation, Leaves
from engine.search.hash_evaluator import HashEvaluator
from engine.search.limits import Limits
from engine.search.settings import METHODS
from engine.tree.columns import ROOT
from tests.engine.search.stand_ins import SUMS, Network, Run, assert_in_range, assert_journal_tells_all, begin, done

SEARCHES = [method for method in METHODS if method != "intuition"]
WITH_NETWORK = [method for method in SEARCHES if method != "uct"]  # that one brings its own values


@pytest.mark.parametrize("method", SEARCHES)
@pytest.mark.parametrize("batch", [1, 2, 7, 64, 256])
def test_nothing_is_left_in_flight_after_any_pause(method: str, batch: int) -> None:
    run = begin(evaluator=Network(), method=method, batch=batch)
    advances = random.Random(batch)
    for _ in range(4):
        run.search.start_run(Limits(simulations=90))
        for _ in range(advances.randrange(1, 6)):
            run.search.advance()
        run.search.pause()
        assert_journal_tells_all(run)
        assert_in_range(run.tree)
        assert run.tree.simulations == run.tree.stats["visits"][ROOT]


@pytest.mark.parametrize("method", WITH_NETWORK)
def test_the_journal_is_the_same_however_long_the_network_takes(method: str) -> None:
    chance = random.Random(1)
    options = {"method": method, "batch": 3, "root_noise": 0.25}
    quick = done(150, evaluator=Network(), **options)
    slow_network = Network(lambda: chance.choice((0.0, 0.0, 0.004)))
    slow = done(150, evaluator=slow_network, **options)
    assert quick.journal == slow.journal
    if method in ("puct", "gumbel"):
        assert any(name.startswith("evaluator") for name in slow_network.threads), "nothing was overlapped"


def test_overlap_changes_what_is_found_only_by_when_it_lands() -> None:
    apart, overlapped = (done(150, evaluator=Network(), batch=3, overlap=overlap) for overlap in (False, True))
    assert apart.journal != overlapped.journal
    for run in (apart, overlapped):
        assert run.tree.stats["visits"][ROOT] == 150
        assert_in_range(run.tree)


@pytest.mark.parametrize("method", WITH_NETWORK)
@pytest.mark.parametrize("fails_at", [1, 2, 9, 40, 41])
def test_a_network_that_fails_leaves_the_tree_as_the_journal_has_it_and_the_search_goes_on(
    method: str, fails_at: int
) -> None:
    network = Network(lambda: 0.0005, fails_at=[fails_at])
    run = begin(evaluator=network, method=method, batch=3, cache_positions=0)
    run.search.start_run(Limits(simulations=160))
    reason, failures = None, 0
    while reason is None:
        try:
            reason = run.search.advance()
        except OSError:
            failures += 1
            assert_journal_tells_all(run)
    assert failures == (network.calls >= fails_at)
    assert_journal_tells_all(run)
    assert_in_range(run.tree)
    if reason.name == "simulations":
        assert run.tree.stats["visits"][ROOT] == 160


class Short:
    """Forgets a row of its second answer."""

    name, weights_hash, device, fmt = "short", "", "none", None

    def __init__(self) -> None:
        self.calls = 0

    def evaluate(self, leaves: Leaves) -> Evaluation:
        self.calls += 1
        answer = HashEvaluator().evaluate(leaves)
        return Evaluation(answer.logits, np.zeros((0, 3), np.float32)) if self.calls == 2 else answer


def test_an_answer_of_the_wrong_shape_is_a_failure_like_any_other() -> None:
    run = begin(evaluator=Short(), batch=4)
    run.search.start_run(Limits(simulations=60))
    run.search.advance()
    with pytest.raises(ValueError, match="shape"):
        run.search.advance()
    assert_journal_tells_all(run)
    while run.search.advance() is None:
        pass
    assert run.tree.stats["visits"][ROOT] == 60


@pytest.mark.parametrize("batch", [1, 8, 64])
def test_lent_visits_leave_nothing_in_flight_either(batch: int) -> None:
    network = Network()
    run = done(40, evaluator=network, batch=batch, cache_positions=0)
    network.fails_at.add(network.calls + 3)
    first = int(run.tree.edge_action[0])
    run.search.boost((first,), 70)
    run.search.start_run(Limits(simulations=200))
    reason = None
    while reason is None:
        try:
            reason = run.search.advance()
        except OSError:
            assert_journal_tells_all(run)
    assert_journal_tells_all(run)
    assert run.tree.stats["borrowed"][run.tree.edge_child[0]] == 70
    assert run.tree.stats["visits"][ROOT] == 240 - 70


@pytest.mark.parametrize("overlap", [False, True])
def test_samples_of_one_player_survive_flights_and_failures(overlap: bool) -> None:
    run: Run = begin(SUMS, evaluator=Network(fails_at=[5, 50, 51]), method="best-of-n", batch=2, overlap=overlap)
    run.search.start_run(Limits(simulations=200))
    reason, failures = None, 0
    while reason is None:
        try:
            reason = run.search.advance()
        except OSError:
            failures += 1
            assert_journal_tells_all(run)
    assert failures
    assert_journal_tells_all(run)
