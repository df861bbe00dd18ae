"""Explanations against numbers worked out by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.compiled import kernel
from engine.domains.base import Line
from engine.tree.choice import best_edge
from engine.tree.columns import SearchTree
from engine.tree.explain import (
    candidates,
    node_value,
    principal_variation,
    wdl,
)
from engine.tree.fold import apply
from engine.tree.puct import prior_of_bits
from tests.engine.tree.test_fold import batch, small_tree

PARAMETERS = np.array([0.0, 1.5, 1000.0, 2.0, 0.4, 1.4, 50.0, 0.1])


@kernel
def _read(bits):
    return prior_of_bits(bits)


def test_every_float16_prior_is_read_exactly() -> None:
    for bits in range(0x3C01):  # 0 to 1.0
        assert float(_read(np.uint16(bits))) == float(np.array([bits], np.uint16).view(np.float16)[0])


def test_terms_by_hand() -> None:
    tree = small_tree()  # root: 4 visits, children: 2 visits q .25, none, 1 visit q .5; priors .6 .4 .2
    table = candidates(tree, 0, PARAMETERS)
    assert table.action.tolist() == [10, 12, 11]
    assert table.visits.tolist() == [2, 1, 0]
    assert table.q[:2].tolist() == [0.25, 0.5]
    assert math.isnan(table.q[2])
    c = (1.5 + 2.0 * math.log((4 + 1000) / 1000)) * math.sqrt(3)
    priors = [float(np.float16(x)) for x in (0.6, 0.2, 0.4)]
    assert table.u.tolist() == pytest.approx([c * priors[0] / 3, c * priors[1] / 2, c * priors[2]])
    assert table.urgency == pytest.approx(1.5 / 4 - 0.4 * math.sqrt(priors[0] + priors[1]))
    assert table.raw_value[:2].tolist() == [-0.25, 0.5]


def improved_policy(prior: list[float], visits: list[int], q: list[float], raw_value: float) -> np.ndarray:
    """The improved policy at the root of a tree with such children; actions 10, 11, ..."""
    tree = SearchTree(Line("start"), 2)
    apply(tree, batch((-1, -1, raw_value, len(prior))))
    tree.edge_prior[: len(prior)] = np.array(prior, np.float16).view(np.uint16)
    for edge, count in enumerate(visits):
        if count:
            apply(tree, batch((0, edge, -q[edge], 1), *[(tree.num_nodes, -1, -q[edge], 0)] * (count - 1)))
    table = candidates(tree, 0, PARAMETERS)
    return table.improved_policy[np.argsort(table.action)]


def test_improved_policy_by_hand() -> None:
    prior = [0.5, 0.25, 0.125]  # exact in float16
    weighted = (0.5 * 0.25 + 0.25 * -0.5) / 0.75
    mix = (0.125 + 4 * weighted) / 5
    logits = np.log(prior) + (50 + 3) * 0.1 * (np.array([0.25, -0.5, mix]) + 1) / 2
    expected = np.exp(logits) / np.exp(logits).sum()
    assert improved_policy(prior, [3, 1, 0], [0.25, -0.5, 0.0], 0.125) == pytest.approx(expected, abs=1e-9)


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=20))
def test_without_visits_the_improved_policy_is_the_prior(weights: list[float]) -> None:
    prior = (np.array(weights) / sum(weights)).astype(np.float16).astype(np.float64)
    policy = improved_policy(prior.tolist(), [0] * len(prior), [0.0] * len(prior), 0.3)
    assert policy == pytest.approx(prior / prior.sum(), abs=1e-6)


@given(st.integers(0, 3), st.floats(0.01, 0.5))
def test_a_better_q_never_lowers_its_own_target(which: int, more: float) -> None:
    prior, visits, q = [0.4, 0.3, 0.2, 0.1], [5, 3, 2, 1], [0.1, 0.0, -0.1, 0.2]
    better = q.copy()
    better[which] += more
    assert improved_policy(prior, visits, better, 0.0)[which] > improved_policy(prior, visits, q, 0.0)[which]


def test_value_and_chances_are_means_and_sum_to_one() -> None:
    tree = small_tree()
    assert node_value(tree) == 1.5 / 4
    win, draw, loss = wdl(tree)
    assert draw == 0.25
    assert win - loss == pytest.approx(1.5 / 4)
    assert win + draw + loss == pytest.approx(1.0)


def test_the_main_line_follows_visits_but_takes_a_proven_win() -> None:
    tree = small_tree()
    assert principal_variation(tree) == [10, 10]
    tree.stats["lower"][2] = tree.stats["upper"][2] = -1  # the other child is lost for its mover: a win for us
    assert best_edge(tree, 0) == 2
    tree.stats["lower"][2] = tree.stats["upper"][2] = -1
    tree.stats["lower"][1] = tree.stats["upper"][1] = 1
    tree.stats["lower"][2], tree.stats["upper"][2] = -1, 1
    assert best_edge(tree, 0) == 2, "a proven loss is avoided, however often it was visited"


def test_before_any_visit_the_best_is_the_highest_prior() -> None:
    tree = small_tree()
    assert best_edge(tree, 2) == 5
    apply(tree, batch((2, 6, 0.9, 1)))
    assert best_edge(tree, 2) == 6
