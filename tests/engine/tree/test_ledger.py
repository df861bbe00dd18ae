"""The ledger against the compiled search: its terms add up to the scores, and its choice is the search's."""

from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domains import registry
from engine.domains.base import Line
from engine.search.evaluator import Leaves
from engine.search.hash_evaluator import HashEvaluator
from engine.search.leaves import priors_from_logits
from engine.search.methods.gumbel import gumbel_noise
from engine.search.settings import SearchSettings
from engine.tree.columns import NO_NODE, PENDING, ROOT, SearchTree
from engine.tree.ledger import Ledger, Rule, edges_of, ledger, rule_at
from engine.tree.selection import edge_terms
from tests.engine.search.stand_ins import PLAIN, begin, done
from tests.engine.tree.terms_of_trees import SETTINGS, compiled_choice, compiled_root_scores, parameters_of, roots

INNER = {"puct": Rule.PUCT, "uct": Rule.UCB, "gumbel": Rule.IMPROVED_POLICY}


def total(account: Ledger) -> np.ndarray:
    names = ("value", "reduction", "bonus", "noise", "spent", "in_flight", "borrowed", "sigma")
    return sum(getattr(account, name) for name in names)


@given(roots(), SETTINGS)
def test_the_terms_add_up_to_what_selection_scores(tree: SearchTree, settings: dict[str, Any]) -> None:
    parameters, rule = parameters_of(**settings), INNER[settings["method"]]
    account = ledger(edges_of(tree, ROOT), rule, parameters)
    assert total(account) == pytest.approx(account.score, abs=1e-12)
    q, u, policy, urgency = edge_terms(tree, ROOT, parameters)
    expected = u if rule is Rule.IMPROVED_POLICY else np.where(np.isnan(q), urgency, q) + u
    # `edge_terms` looks at trees that stand still, where nothing is pending.
    still = tree.edge_child[: tree.num_edges] != PENDING
    assert account.score[still] == pytest.approx(expected[still], abs=1e-12)
    if rule is Rule.IMPROVED_POLICY:
        assert account.policy == pytest.approx(policy, abs=1e-12)
    if rule is Rule.PUCT:
        assert account.urgency == pytest.approx(urgency, abs=1e-12)


@given(roots(), SETTINGS)
def test_it_chooses_what_the_compiled_search_chooses(tree: SearchTree, settings: dict[str, Any]) -> None:
    parameters = parameters_of(**settings)
    account = ledger(edges_of(tree, ROOT), INNER[settings["method"]], parameters)
    assert account.next == compiled_choice(tree, parameters)


@given(roots(), SETTINGS)
def test_each_term_has_its_sign(tree: SearchTree, settings: dict[str, Any]) -> None:
    rule = INNER[settings["method"]]
    account = ledger(edges_of(tree, ROOT), rule, parameters_of(**settings))
    assert (account.reduction <= 0).all()
    assert (account.in_flight <= 1e-15).all()
    assert (account.borrowed >= -1e-15).all()
    assert (account.reduction[account.edges.is_visited] == 0).all()
    assert (account.in_flight[account.edges.in_flight == 0] == 0).all()
    assert (account.borrowed[account.edges.borrowed == 0] == 0).all()
    if rule is not Rule.UCB:
        assert (account.spent <= 0).all()


@pytest.mark.parametrize("method", ["puct", "uct", "gumbel"])
@pytest.mark.parametrize("domain", ["connect_four", "chess"])
def test_it_is_what_real_searches_score_everywhere(domain: str, method: str) -> None:
    """At every node of a real tree, proofs, cuts and loans included."""
    run = begin(domain, method=method, batch=4)
    run.go(150)
    if method != "gumbel":
        run.search.boost(run.tree.path(1), 20)
        run.go(60)
    tree, parameters = run.tree, parameters_of(method=method)
    for node in range(min(tree.num_nodes, 120)):
        rule = rule_at(method, node)
        account = ledger(edges_of(tree, node), rule, parameters)
        q, u, _, urgency = edge_terms(tree, node, parameters)
        assert total(account) == pytest.approx(account.score, abs=1e-12)
        if rule is Rule.KNOCK_OUT or not len(q):
            continue
        expected = u if rule is Rule.IMPROVED_POLICY else np.where(np.isnan(q), urgency, q) + u
        assert account.score == pytest.approx(expected, abs=1e-12)


def test_the_next_simulation_goes_where_the_ledger_says() -> None:
    run = begin(batch=1, **PLAIN)
    run.go(1)
    for _ in range(200):
        account = ledger(edges_of(run.tree, ROOT), Rule.PUCT, parameters_of())
        before = run.visits()
        run.go(1)
        moved = [action for action, visits in run.visits().items() if visits != before[action]]
        assert moved == [int(run.tree.edge_action[account.next])]


def test_a_knock_out_is_scored_as_the_search_scores_it() -> None:
    run = done(48, method="gumbel", gumbel_scale=1.0, seed=5, batch=1)
    tree, parameters = run.tree, parameters_of(method="gumbel")
    settings = msgspec.convert(run.search.header.settings, SearchSettings)
    noise = gumbel_noise(settings, len(tree.line.actions), int(tree.links["num_edges"][ROOT]))
    account = ledger(edges_of(tree, ROOT), rule_at("gumbel", ROOT), parameters, noise)
    assert account.score == pytest.approx(compiled_root_scores(tree, parameters, noise), abs=1e-12)
    assert total(account) == pytest.approx(account.score, abs=1e-12)
    assert account.noise.any()
    # What lost the last comparison lost it by this score.
    last = [edge for edge, note in tree.prunes.items() if note.at == tree.simulations]
    assert last
    (left,) = np.flatnonzero(account.edges.is_open)
    for edge in last:
        assert tree.prunes[edge].evidence == pytest.approx(account.score[edge], abs=1e-5)
        assert account.score[left] > account.score[edge]


def test_the_noise_of_a_root_is_told_apart() -> None:
    rules = registry.rules("connect_four")
    run = done(40, root_noise=0.25, seed=3, batch=1, **PLAIN)
    state = rules.load(run.tree.line)[-1:]
    expansion = rules.expand(state)
    evaluation = HashEvaluator().evaluate(Leaves(state, None, expansion.offsets, expansion.actions))
    bits, actions = priors_from_logits(evaluation.logits, expansion.actions, expansion.offsets, 1.0)
    clean_of = dict(zip(actions.tolist(), bits.view(np.float16).astype(float).tolist(), strict=True))
    clean = np.array([clean_of[action] for action in run.tree.edge_action[run.tree.edge_run(ROOT)].tolist()])
    account = ledger(edges_of(run.tree, ROOT, clean), Rule.PUCT, parameters_of())
    silent = ledger(edges_of(run.tree, ROOT), Rule.PUCT, parameters_of())
    assert account.score == pytest.approx(silent.score, abs=1e-12)
    assert total(account) == pytest.approx(account.score, abs=1e-12)
    assert account.bonus == pytest.approx(account.exploration * clean, abs=1e-12)
    assert np.abs(account.noise).max() > 0.01
    assert not silent.noise.any()


def test_by_hand() -> None:
    """A root with 4 visits: one child with 2 visits of which 1 is lent, one in flight; one edge unvisited."""
    tree = tree_by_hand()
    account = ledger(edges_of(tree, ROOT), Rule.PUCT, parameters_of(c_puct=2.0, c_puct_factor=0.0, fpu_reduction=0.5))
    scale = 2.0 * np.sqrt(3.0)
    assert account.exploration == pytest.approx(scale)
    assert account.value.tolist() == pytest.approx([-0.25, 0.125])  # Q turned round, and the root's own mean
    assert account.reduction.tolist() == pytest.approx([0.0, -0.5 * np.sqrt(0.75)])
    assert account.bonus.tolist() == pytest.approx([0.75 * scale, 0.25 * scale])
    assert account.spent.tolist() == pytest.approx([0.75 * scale * (1 / 3 - 1), 0.0])
    assert account.borrowed.tolist() == pytest.approx([0.75 * scale * (1 / 2 - 1 / 3), 0.0])
    assert account.in_flight.tolist() == pytest.approx([0.75 * scale * (1 / 3 - 1 / 2), 0.0])


def tree_by_hand() -> SearchTree:
    tree = SearchTree(Line("x"), 2)
    tree.num_nodes, tree.num_edges = 2, 2
    tree.links[0] = (NO_NODE, -1, 0, 2, 1)
    tree.links[1] = (0, 0, 2, 0, 0)
    tree.edge_prior[:2] = np.array([0.75, 0.25], np.float16).view(np.uint16)
    tree.edge_child[:2] = 1, NO_NODE
    tree.stats["lower"][:2], tree.stats["upper"][:2] = -1, 1
    tree.stats["visits"][:2] = 4, 2
    tree.stats["value_sum"][:2] = 0.5, 0.5
    tree.stats["borrowed"][1], tree.stats["in_flight"][1] = 1, 1
    return tree


@given(st.sampled_from(("best-of-n", "beam", "intuition")), st.integers(0, 3))
def test_methods_without_a_score_say_so(method: str, node: int) -> None:
    assert rule_at(method, node) is Rule.NONE


def test_a_node_whose_value_is_proven_sends_nobody_on() -> None:
    tree = tree_by_hand()
    tree.stats["lower"][0] = tree.stats["upper"][0] = 1
    assert ledger(edges_of(tree, ROOT), Rule.PUCT, parameters_of()).next == compiled_choice(tree, parameters_of()) == -1
