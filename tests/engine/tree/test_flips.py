"""Flip points against brute force: make the change, select again; and just below it nothing flips."""

import copy
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.search.halving import draw_noise
from engine.search.limits import Limits
from engine.search.steering import Steering
from engine.tree.choice import best_edge
from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import PruneReason
from engine.tree.flips import NEVER, Flips, flips, turns_ahead
from engine.tree.fold import apply
from engine.tree.ledger import Edges, Ledger, Rule, edges_of, ledger
from tests.engine.search.hand_made import root_with
from tests.engine.search.stand_ins import PLAIN, begin
from tests.engine.tree.terms_of_trees import SETTINGS, compiled_choice, parameters_of, roots

INNER = {"puct": Rule.PUCT, "uct": Rule.UCB, "gumbel": Rule.IMPROVED_POLICY}


def asked(tree: SearchTree, rule: Rule, parameters: np.ndarray, most: int = 2000) -> tuple[Ledger, Flips]:
    account = ledger(edges_of(tree, ROOT), rule, parameters)
    return account, flips(tree, ROOT, account, parameters, most=most)


def with_prior(tree: SearchTree, edge: int, prior: float) -> SearchTree:
    """The act of a person, with the rounding of what is stored."""
    tree = copy.deepcopy(tree)
    for event in Steering().set_prior(tree, (int(tree.edge_action[edge]),), prior):
        apply(tree, event)
    return tree


def about(prior: float) -> tuple[float, float]:
    """The stored priors next to one: clearly below it and clearly above it."""
    stored = np.float16(prior)
    below, above = stored, stored
    for _ in range(3):
        below, above = np.nextafter(below, np.float16(0)), np.nextafter(above, np.float16(1))
    return float(below), min(1.0, float(above))


@given(
    roots(lively=False), st.sampled_from(({"method": "puct"}, {"method": "puct", "c_puct": 4.0, "fpu_reduction": 1.5}))
)
def test_the_prior_needed_flips_the_compiled_choice(tree: SearchTree, settings: dict[str, Any]) -> None:
    """Three stored numbers above it flips, three below it does not: siblings are rounded too."""
    parameters = parameters_of(**settings)
    account, found = asked(tree, Rule.PUCT, parameters)
    for edge, prior in enumerate(found.prior):
        if math.isnan(prior):
            if account.edges.is_open[edge] and edge != found.next and not account.edges.is_settled:
                assert compiled_choice(with_prior(tree, edge, 1.0), parameters) != edge
            continue
        assert prior >= account.edges.prior[edge]
        below, above = about(prior)
        if above > prior:
            assert compiled_choice(with_prior(tree, edge, above), parameters) == edge
        if below > account.edges.prior[edge]:
            assert compiled_choice(with_prior(tree, edge, below), parameters) != edge


@given(roots(), SETTINGS)
def test_the_prior_needed_is_exact(tree: SearchTree, settings: dict[str, Any]) -> None:
    """To a billionth, with priors that are not rounded; at the threshold itself two orders of adding up may differ."""
    parameters, rule = parameters_of(**settings), INNER[settings["method"]]
    account, found = asked(tree, rule, parameters)
    for edge, prior in enumerate(found.prior):
        if math.isnan(prior):
            continue
        others = np.delete(account.edges.prior, edge)
        for shift, flipped in ((1e-12, True), (-1e-9, False)):
            if not account.edges.prior[edge] <= prior + shift <= 1.0:
                continue
            mass = others.sum()
            share = others / mass if mass > 0 else np.full(len(others), 1 / max(1, len(others)))
            changed = np.insert((1 - prior - shift) * share, edge, prior + shift)
            again = ledger(replace(account.edges, prior=changed), rule, parameters)
            assert (again.next == edge) is flipped


@given(roots(), SETTINGS)
def test_the_q_needed_flips_the_compiled_choice(tree: SearchTree, settings: dict[str, Any]) -> None:
    parameters, rule = parameters_of(**settings), INNER[settings["method"]]
    account, found = asked(tree, rule, parameters)
    for edge, q in enumerate(found.q):
        node = int(tree.edge_child[edge])
        if node < 0 or edge == found.next or not account.edges.is_open[edge] or account.edges.is_settled:
            continue
        for shift, flipped in ((1e-6, True), (-1e-6, False)):
            changed = copy.deepcopy(tree)
            wanted = (1.0 if math.isnan(q) else q) + shift
            changed.stats["lower"][node], changed.stats["upper"][node] = -1, 1
            changed.stats["value_sum"][node] = tree.sign * wanted * changed.stats["visits"][node]
            if math.isnan(q) and flipped:
                continue
            assert (compiled_choice(changed, parameters) == edge) is flipped


def test_an_unvisited_edge_needs_a_higher_first_play_urgency() -> None:
    tree = root_with([8, 0], [0.5, 0.0])
    tree.edge_prior[:2] = np.array([0.75, 0.25], np.float16).view(np.uint16)
    tree.stats["value_sum"][ROOT] = 0.0
    parameters = parameters_of(c_puct=1.0, c_puct_factor=0.0, fpu_reduction=1.0)
    account, found = asked(tree, Rule.PUCT, parameters)
    scale = math.sqrt(8)
    assert found.next == 0
    assert found.q[1] == pytest.approx(0.5 + 0.75 * scale / 9 - 0.25 * scale, abs=1e-12)
    assert account.urgency == pytest.approx(-math.sqrt(0.75))


def played_on(edges: Edges, rule: Rule, parameters: np.ndarray, steps: int) -> list[int]:
    """Which edge each of the next simulations takes if no Q changes, the slow way: by whole ledgers."""
    taken = []
    for _ in range(steps):
        account = ledger(edges, rule, parameters)
        if account.next < 0:
            break
        taken.append(account.next)
        q, visited, visits = edges.q.copy(), edges.is_visited.copy(), edges.visits.copy()
        if not visited[account.next]:
            given = {Rule.PUCT: account.urgency, Rule.UCB: edges.node_value}
            q[account.next] = given.get(rule, account.completed_q[account.next])
            visited[account.next] = True
        visits[account.next] += 1
        edges = replace(edges, q=q, is_visited=visited, visits=visits, node_visits=edges.node_visits + 1)
    return taken


@given(roots(lively=False), SETTINGS)
def test_turns_are_those_of_a_selection_played_on(tree: SearchTree, settings: dict[str, Any]) -> None:
    parameters, rule = parameters_of(**settings), INNER[settings["method"]]
    account = ledger(edges_of(tree, ROOT), rule, parameters)
    taken = played_on(account.edges, rule, parameters, 300)
    expected = [taken.index(edge) if edge in taken else NEVER for edge in range(len(account.score))]
    assert turns_ahead(account, parameters, 300).tolist() == expected


def test_a_turn_that_is_far_away_is_found_and_one_that_is_too_far_is_not() -> None:
    tree = root_with([900, 40], [0.3, -0.4])
    tree.edge_prior[:2] = np.array([0.99, 0.003], np.float16).view(np.uint16)
    parameters = parameters_of()
    account = ledger(edges_of(tree, ROOT), Rule.PUCT, parameters)
    turn = int(turns_ahead(account, parameters)[1])
    assert turn > 500_000
    assert turns_ahead(account, parameters, turn)[1] == NEVER
    assert turns_ahead(account, parameters, turn + 1)[1] == turn
    # So many visits later it is chosen, and one visit before it is not.
    for visits, edge in ((turn, 1), (turn - 1, 0)):
        tree.stats["visits"][[ROOT, 1]] += visits
        tree.stats["value_sum"][1] = -0.3 * tree.stats["visits"][1]
        assert compiled_choice(tree, parameters) == edge
        tree.stats["visits"][[ROOT, 1]] -= visits


@given(roots(lively=False), st.booleans())
def test_visits_lacking_make_it_the_move_to_play(tree: SearchTree, mixed: bool) -> None:
    if mixed:  # several reasons, of which some rank behind all that are open
        tree.edge_pruned[:3] = [PruneReason.BY_HAND, PruneReason.OUT_OF_REACH, 0]
    _, found = asked(tree, Rule.PUCT, parameters_of())
    assert found.played == best_edge(tree, ROOT)
    for edge, lacking in enumerate(found.visits.tolist()):
        node = int(tree.edge_child[edge])
        if node < 0 or lacking == 0:
            continue
        for visits, flipped in ((lacking, True), (lacking - 1, False), (10**6, True)):
            changed = copy.deepcopy(tree)
            mean = changed.stats["value_sum"][node] / changed.stats["visits"][node]
            changed.stats["visits"][node] += 10**6 if lacking == NEVER else visits
            changed.stats["value_sum"][node] = mean * changed.stats["visits"][node]
            # A mean that was summed anew may differ in its last bit, which only matters between equals.
            assert (best_edge(changed, ROOT) == edge) is (flipped and lacking != NEVER)


def test_an_unvisited_edge_lacks_as_many_visits_as_the_leader_has() -> None:
    tree = root_with([7, 5, 0], [0.1, 0.3, 0.0])
    _, found = asked(tree, Rule.PUCT, parameters_of())
    assert found.visits.tolist() == [0, 2, 7]  # the second has the higher Q, and so has perhaps the third
    tree = root_with([7, 5, 0], [0.3, 0.1, 0.0])
    _, found = asked(tree, Rule.PUCT, parameters_of())
    assert found.visits.tolist() == [0, 3, 7]


@pytest.mark.parametrize("scale", [0.0, 1.0])
def test_in_a_knock_out_the_highest_score_is_what_counts(scale: float) -> None:
    run = begin(method="gumbel", gumbel_scale=scale, seed=11, batch=1, **PLAIN)
    run.search.start_run(Limits(simulations=64))
    while run.tree.simulations < 30:
        run.search.advance()
    tree, parameters = run.tree, parameters_of(method="gumbel")
    noise = np.empty(int(tree.links["num_edges"][ROOT]))
    draw_noise(noise, scale, np.uint64(11), np.uint64(0))
    account = ledger(edges_of(tree, ROOT), Rule.KNOCK_OUT, parameters, noise)
    found = flips(tree, ROOT, account, parameters, noise)
    open_edges = np.flatnonzero(account.edges.is_open)
    leader = open_edges[np.argmax(account.score[open_edges])]
    assert math.isnan(found.prior[leader])
    asked_about = [edge for edge in open_edges if account.edges.visits[edge] and not math.isnan(found.q[edge])]
    assert asked_about
    for edge in asked_about:
        q = account.edges.q.copy()
        for shift, flipped in ((1e-9, True), (-1e-9, False)):
            q[edge] = found.q[edge] + shift
            again = ledger(replace(account.edges, q=q), Rule.KNOCK_OUT, parameters, noise).score
            assert bool(open_edges[np.argmax(again[open_edges])] == edge) is flipped


def test_nothing_is_asked_of_a_node_without_edges_or_all_cut() -> None:
    tree = root_with([3, 2], [0.1, 0.2], pruned=[0, 1])
    _, found = asked(tree, Rule.PUCT, parameters_of())
    assert found.next == -1
    assert np.isnan(found.prior).all()
    assert np.isnan(found.q).all()
    assert (found.turn == NEVER).all()
