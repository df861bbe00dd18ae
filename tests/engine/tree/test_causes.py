"""Causes against the tree itself: shares add up to the change of a mean, along every way down."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.tree.carried import carry_up
from engine.tree.causes import Causes, causes, explained
from engine.tree.columns import ROOT, SearchTree
from engine.tree.compaction import subtree_of
from engine.tree.contributions import Contributions, contributions
from engine.tree.events import decode
from engine.tree.fold import empty_tree, fold_stream
from engine.tree.history import History
from tests.engine.search.stand_ins import Run, begin
from tests.engine.tree.test_fold import small_tree


def recorded(run: Run) -> History:
    history = History(empty_tree(run.search.header))
    for event in decode(b"".join(run.journal)):
        history.apply(event)
    return history


@pytest.fixture(scope="module")
def run() -> Run:
    run = begin("connect_four", batch=4)
    run.go(300)
    run.search.boost(run.tree.path(int(run.tree.edge_child[1])), 40)
    run.go(100)
    return run


@pytest.fixture(scope="module")
def history(run: Run) -> History:
    return recorded(run)


def mean(tree: SearchTree, node: int) -> float:
    return float(tree.stats["value_sum"][node] / tree.stats["visits"][node])


def at(run: Run, moment: int) -> SearchTree:
    tree = empty_tree(run.search.header)
    fold_stream(tree, b"".join(run.journal), until=moment)
    return tree


def check(found: Causes, before: float, after: float, visits: int) -> None:
    assert found.before == pytest.approx(before, abs=1e-12)
    assert found.after == pytest.approx(after, abs=1e-12)
    assert found.visits == visits
    assert found.own + math.fsum(link.share for link in found.branches) == pytest.approx(after - before, abs=1e-12)


def test_shares_add_up_at_every_node_from_its_birth(run: Run, history: History) -> None:
    tree = run.tree
    for node in range(0, tree.num_nodes, 7):
        raw = float(tree.facts["raw_value"][node])
        check(causes(history, node), raw, mean(tree, node), int(tree.stats["visits"][node]))


@given(st.integers(20, 400), st.integers(0, 420))
def test_shares_add_up_between_any_two_moments(run: Run, history: History, since: int, more: int) -> None:
    """Before, after and visits are those of trees folded to the two moments, loans included."""
    until = min(since + more, run.tree.simulations)
    earlier, later = at(run, since), at(run, until)
    busy = np.argsort(-earlier.stats["visits"][: earlier.num_nodes])[:6]
    for node in busy.tolist():
        found = causes(history, node, since, until)
        check(found, mean(earlier, node), mean(later, node), int(later.stats["visits"][node]))
        assert found.visits_before == int(earlier.stats["visits"][node])


def test_a_node_born_in_between_starts_with_its_raw_value(run: Run, history: History) -> None:
    node = int(np.flatnonzero(run.tree.stats["birth"][: run.tree.num_nodes] > 150)[0])
    birth = int(run.tree.stats["birth"][node])
    found = causes(history, node, 100)
    assert found.since == birth - 1
    assert found.before == pytest.approx(float(run.tree.facts["raw_value"][node]))


def test_the_chain_leads_down_and_its_evaluations_lie_below(run: Run, history: History) -> None:
    tree = run.tree
    found = causes(history, ROOT)
    assert found.chain
    above, carried = ROOT, found.change
    for link in found.chain:
        assert tree.links["parent"][link.node] == above
        assert link.share * carried > 0
        above, carried = link.node, link.share
    for one in found.evaluations:
        assert tree.path(one.leaf)[: len(tree.path(above))] == tree.path(above)


def test_every_share_is_what_the_mean_loses_without_it(run: Run, history: History) -> None:
    """A single evaluation's share: had it found the old mean instead, the new one would lack just that."""
    found = causes(history, ROOT, 100, 300, most=200)
    total = found.after * found.visits
    for one in found.evaluations[:20]:
        without = (total - one.value + found.before) / found.visits
        assert found.after - without == pytest.approx(one.share, abs=1e-12)


def test_by_hand() -> None:
    """The root saw .5 at birth; then -.25 and +.5 and .75, seen from it, by its two children."""
    tree = small_tree()
    found = Contributions(
        np.arange(1, 5), np.array([0, 1, 2, 3], np.int32), np.array([0.5, -0.25, 0.5, 0.75]), np.zeros(4)
    )
    told = explained(tree, ROOT, found, (0, 0.0), (0, 4))
    assert (told.before, told.after, told.own) == (0.5, 0.375, 0.0)
    shares = {link.node: link.share for link in told.branches}
    assert shares == {1: pytest.approx((-0.75 + 0.25) / 4), 2: 0.0}
    assert {link.node: link.mean for link in told.branches} == {1: pytest.approx(0.25), 2: 0.5}
    # Node 1 lowered the mean; its own evaluation did that, its child worked against it.
    assert [link.node for link in told.chain] == [1]
    assert (told.evaluations[0].simulation, told.evaluations[0].leaf) == (2, 1)


def test_a_swing_is_found_where_it_is() -> None:
    tree = small_tree()
    values = np.concatenate((np.full(100, 0.5), np.full(30, -1.0), np.full(200, 0.05)))
    found = Contributions(np.arange(1, 331), np.zeros(330, np.int32), values, np.zeros(330))
    first = explained(tree, ROOT, found, (0, 0.0), (0, 330)).swings[0]
    assert 99 <= first.first <= 131
    assert 99 <= first.last <= 131
    assert first.before > first.after
    assert first.after == pytest.approx(values[: first.last].mean())


def test_what_is_carried_up_is_what_went_through(run: Run, history: History) -> None:
    tree = run.tree
    found = contributions(history, ROOT)
    carried = carry_up(tree, ROOT, found.leaf, found.value, np.ones(len(found.value)))
    lent = tree.stats["borrowed"][: tree.num_nodes] > 0
    assert lent.any()
    below = subtree_of(tree, int(np.flatnonzero(lent)[0]))
    assert carried.count[~below].tolist() == tree.stats["visits"][: tree.num_nodes][~below].tolist()
    assert (carried.count[below] <= tree.stats["visits"][: tree.num_nodes][below]).all()
    assert carried.share == pytest.approx(carried.count)
    # Seen from the root: the sign turns with every ply.
    depth = tree.facts["depth"][: tree.num_nodes]
    own = tree.stats["value_sum"][: tree.num_nodes] * np.where(depth % 2, -1.0, 1.0)
    assert carried.value[~below] == pytest.approx(own[~below], abs=1e-9)


def test_nothing_happened() -> None:
    history = History(small_tree())
    found = causes(history, ROOT)
    assert (found.visits, found.visits_before, found.change) == (4, 4, 0.0)
    assert not found.branches
    assert not found.evaluations
