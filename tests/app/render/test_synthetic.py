"""Synthetic trees are sound search trees, and look like real ones."""

import numpy as np
import pytest

from app.render.synthetic import synthetic_labels, synthetic_search
from engine.tree.columns import ROOT
from engine.tree.events import PruneReason


def test_visits_of_children_are_the_nodes_less_its_own() -> None:
    tree = synthetic_search(3000, seed=4).tree
    visits = tree.stats["visits"][: tree.num_nodes].astype(int)
    inside = np.zeros(tree.num_nodes, int)
    np.add.at(inside, tree.links["parent"][1 : tree.num_nodes], visits[1:])
    decided = tree.facts["outcome"][: tree.num_nodes] != 0
    assert (visits[~decided] - inside[~decided] == 1).all()
    assert visits[ROOT] == tree.simulations == 3000


def test_values_flip_at_every_step_for_two_players_and_do_not_for_one() -> None:
    for players in (1, 2):
        tree = synthetic_search(500, num_players=players, cuts=False).tree
        total = tree.facts["raw_value"][0] + sum(
            tree.sign * tree.stats["value_sum"][child] for child in tree.edge_child[tree.edge_run(ROOT)] if child >= 0
        )
        assert tree.stats["value_sum"][ROOT] == pytest.approx(total, abs=1e-6)


def test_priors_fall_and_sum_to_about_one() -> None:
    tree = synthetic_search(300).tree
    for node in range(0, tree.num_nodes, 17):
        priors = tree.priors[tree.edge_run(node)].astype(float)
        if len(priors):
            assert (np.diff(priors) <= 0).all()
            assert 0.97 <= priors.sum() <= 1.0


def test_equal_seeds_give_equal_trees() -> None:
    first, second, other = (synthetic_search(400, seed=seed).tree for seed in (3, 3, 4))
    assert first.stats[: first.num_nodes].tobytes() == second.stats[: second.num_nodes].tobytes()
    assert first.stats[: first.num_nodes].tobytes() != other.stats[: other.num_nodes].tobytes()


def test_growing_is_the_same_as_growing_at_once() -> None:
    whole = synthetic_search(900, cuts=False)
    parts = synthetic_search(450, cuts=False)
    for _ in range(9):
        parts.grow(50)
    assert whole.tree.stats[: whole.tree.num_nodes].tobytes() == parts.tree.stats[: parts.tree.num_nodes].tobytes()


def test_some_branches_are_cut_with_reasons_and_not_visited_any_more() -> None:
    search = synthetic_search(2000)
    tree = search.tree
    run = tree.edge_run(ROOT)
    reasons = set(tree.edge_pruned[run].tolist())
    assert reasons == {0, PruneReason.BY_HAND, PruneReason.OUT_OF_REACH}
    by_hand = int(tree.edge_child[run][tree.edge_pruned[run] == PruneReason.BY_HAND][0])
    before = int(tree.stats["visits"][by_hand])
    search.grow(500)
    assert tree.stats["visits"][by_hand] == before


def test_labels_are_fixed_and_the_roots_is_empty() -> None:
    tree = synthetic_search(50).tree
    label = synthetic_labels(tree)
    assert label(ROOT) == ""
    assert [label(node) for node in range(1, 20)] == [label(node) for node in range(1, 20)]
    assert all(label(node) for node in range(1, 20))


def test_a_search_without_simulations_is_refused() -> None:
    with pytest.raises(ValueError, match="0"):
        synthetic_search(0)
