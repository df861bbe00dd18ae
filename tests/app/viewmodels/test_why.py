"""Reasons on the node card: rows add up, sentences hold when they are tried out, causes lead to where they say."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.viewmodels.flip_words import at_least_percent, at_least_value, exact_percent
from app.viewmodels.phrases import Phrases
from app.viewmodels.replica import Replica, moment_of, replay
from app.viewmodels.showing import Showing
from app.viewmodels.why import Reasons
from app.viewmodels.why_records import LedgerRecord, LedgerRow, TermRecord, WhyRecord
from engine.domains import registry
from engine.search.limits import Limits
from engine.tree.choice import best_edge
from engine.tree.columns import ROOT
from engine.tree.events import PruneReason
from tests.engine.search.stand_ins import PLAIN, Run, begin
from tests.engine.tree.terms_of_trees import compiled_choice, parameters_of

POSITION = "r1bqkbnr/pppp1ppp/2n5/4p3/2B1P3/5N2/PPPP1PPP/RNBQK2R b KQkq - 3 3"
CHESS = registry.notation("chess")


def searched(method: str = "puct", simulations: int = 400, **options: object) -> Run:
    run = begin("chess", POSITION, method=method, batch=4, **options)
    run.go(simulations)
    return run


def replica_of(run: Run) -> Replica:
    replica, damage = replay(run.search.header, b"".join(run.journal))
    assert not damage
    return replica


def showing_of(replica: Replica) -> Showing:
    return Showing(replica.present, Phrases(CHESS), tuple(CHESS.outcomes), history=replica.history)


@pytest.fixture(scope="module")
def run() -> Run:
    return searched(**PLAIN)


@pytest.fixture(scope="module")
def showing(run: Run) -> Showing:
    return showing_of(replica_of(run))


def number(text: str) -> float:
    return float(text.replace("−", "-").replace("+", ""))


def why(node: int, showing: Showing, since: int = -1) -> WhyRecord:
    return Reasons().of(node, showing, (), since)


def sentence(row: LedgerRow, beginning: str) -> str:
    return next((text for text in row.sentences if text.startswith(beginning)), "")


def test_the_card_of_a_move_has_its_siblings_and_what_follows(showing: Showing) -> None:
    record = why(3, showing)
    text = showing.phrases.last_text(showing.moment.tree.line_to(3))
    assert record.title == f"Why {text}?"
    assert [row.text for row in record.siblings.rows if row.is_self] == [text]
    assert len(record.siblings.rows) <= 8
    tree = showing.moment.tree
    parent = tree.links["parent"][3]
    assert record.siblings.others + len(record.siblings.rows) == tree.links["num_edges"][parent]
    assert sum(row.is_next for row in record.siblings.rows) == 1
    assert sum(row.is_played for row in record.siblings.rows) == 1
    for row in record.children.rows:
        assert row.node < 0 or tree.links["parent"][row.node] == 3


def test_the_root_says_where_its_simulations_go(showing: Showing) -> None:
    record = why(ROOT, showing)
    assert record.title == "Where next?"
    assert record.siblings.rows
    assert not record.children.rows
    assert not any(row.is_self for row in record.siblings.rows)


@pytest.mark.parametrize("method", ["puct", "uct", "gumbel"])
def test_lines_and_bars_add_up_to_the_score(method: str) -> None:
    run = searched(method, 64)
    showing = showing_of(replica_of(run))
    for node in (ROOT, 1):
        ledgers = (why(node, showing).siblings, why(node, showing).children)
        rows = [row for record in ledgers for row in record.rows]
        assert rows
        for row in rows:
            if "first of all" in [term.text for term in row.figures]:
                continue
            whole = [
                number(term.text) for term in row.figures if not term.label.startswith("·") and "%" not in term.text
            ]
            used = whole[1:] if row.figures[0].label == "Value used" else whole
            assert sum(used[:-1]) == pytest.approx(used[-1], abs=3e-3)
            parts = [number(term.text) for term in row.figures if term.label.startswith("·")]
            if parts and method == "puct":
                bonus = next(number(term.text) for term in row.figures if term.label == "Prior bonus, U")
                assert sum(parts) == pytest.approx(bonus, abs=3e-3)
            if row.value is not None:
                assert row.value + row.bonus == pytest.approx(number(row.score_text), abs=1e-3)


def test_a_prior_that_is_said_to_do_does_it(run: Run, showing: Showing) -> None:
    """Carried out by the search itself, as the act "set prior", at the figure that is shown."""
    parameters = parameters_of(**PLAIN)
    tried = 0
    for row in why(ROOT, showing).siblings.rows:
        found = re.search(r"at a prior of ([\d.]+) %", " ".join(row.sentences))
        if found is None or float(found[1]) >= 90:
            continue
        tried += 1
        run.search.set_prior((row.action,), float(found[1]) / 100)
        tree = run.tree
        assert int(tree.edge_action[compiled_choice(tree, parameters)]) == row.action
        run.search.undo()
    assert tried >= 3


def test_visits_that_are_said_to_do_do_it(run: Run, showing: Showing) -> None:
    tree = run.tree
    tried = 0
    for row in why(ROOT, showing).siblings.rows:
        found = re.search(r"after at least ([\d,]+) more", " ".join(row.sentences))
        if found is None or row.node < 0:
            continue
        tried += 1
        lacking = int(found[1].replace(",", ""))
        before = tree.stats[row.node].copy()
        for visits, is_best in ((lacking, True), (lacking - 1, False)):
            share = (int(before["visits"]) + visits) / int(before["visits"])
            tree.stats["visits"][row.node] = int(before["visits"]) + visits
            tree.stats["value_sum"][row.node] = before["value_sum"] * share
            assert (tree.edge_action[best_edge(tree, ROOT)] == row.action) is np.bool_(is_best)
        tree.stats[row.node] = before
    assert tried >= 3


@given(st.floats(1e-6, 1.0), st.floats(-1.0, 1.0))
def test_what_is_enough_is_rounded_up(prior: float, value: float) -> None:
    shown = float(at_least_percent(prior).removesuffix(" %")) / 100
    assert prior - 1e-9 <= shown <= max(prior * 1.11, prior + 1e-9) or shown == 1.0
    assert 0.0 <= number(at_least_value(value)) - value + 1e-9 <= 0.001 + 1e-8


def test_small_shares_keep_their_digits() -> None:
    assert at_least_percent(0.031401) == "3.2 %"
    assert at_least_percent(0.00042) == "0.042 %"
    assert at_least_percent(1.0) == "100 %"
    assert exact_percent(0.00042) == "0.042 %"
    assert exact_percent(0.42) == "42 %"


def test_a_cut_branch_says_so_and_leads_to_its_moment() -> None:
    run = searched()
    run.search.cut((run.tree.path(2)[0],))
    showing = showing_of(replica_of(run))
    record = why(2, showing)
    assert record.cut_at == run.tree.prunes[int(run.tree.links["parent_edge"][2])].at
    (own,) = [row for row in record.siblings.rows if row.is_self]
    assert own.cut == "cut by hand"
    assert not sentence(own, "Would be chosen")
    assert sentence(own, "Would not be played while another action is open.")
    (same,) = [row for row in why(ROOT, showing).siblings.rows if row.node == 2]
    assert sentence(same, "Cut by hand at simulation")


def test_what_is_lent_comes_first() -> None:
    run = searched(**PLAIN)
    run.search.boost(run.tree.path(2), 30)
    note = why(ROOT, showing_of(replica_of(run))).siblings.note
    assert "next 30 simulations are lent to" in note


def test_noise_in_the_priors_is_told() -> None:
    run = searched(root_noise=0.25, **PLAIN)
    assert "25 % of the priors here is noise" in why(ROOT, showing_of(replica_of(run))).siblings.note


@pytest.mark.parametrize("method", ["best-of-n", "beam"])
def test_methods_without_scores_claim_none(method: str) -> None:
    record = why(ROOT, showing_of(replica_of(searched(method, 60)))).siblings
    assert record.kind == "none"
    assert "adds nothing up" in record.rule
    assert all(row.value is None and not row.is_next for row in record.rows)
    assert not any(sentence(row, "Would be chosen next") for row in record.rows)


def test_in_a_knock_out_nobody_is_said_to_be_next() -> None:
    """Whose turn it is goes by visits since the run began, and scores by which the lower half drops out."""
    run = begin("chess", POSITION, method="gumbel", batch=1, **PLAIN)
    run.search.start_run(Limits(simulations=64))
    while run.tree.simulations < 40:
        run.search.advance()
    record = why(ROOT, showing_of(replica_of(run))).siblings
    assert not any(row.is_next for row in record.rows)
    is_open = [row for row in record.rows if not row.cut]
    assert len(is_open) > 1
    leading = [row for row in is_open if sentence(row, "Leads the knock-out.")]
    assert leading == [max(is_open, key=lambda row: number(row.score_text))]
    assert all("behind" in row.figures[-1].tooltip for row in is_open if row not in leading)


def test_values_are_those_of_the_player_who_chose_the_move(showing: Showing) -> None:
    tree = showing.moment.tree
    values = why(1, showing).values
    assert values is not None
    assert values.raw == pytest.approx(-float(tree.facts["raw_value"][1]))
    assert values.win - values.loss == pytest.approx(values.value)
    root = why(ROOT, showing).values
    assert root is not None
    assert root.raw == pytest.approx(float(tree.facts["raw_value"][ROOT]))


def test_causes_lead_to_nodes_and_moments(showing: Showing) -> None:
    causes = why(1, showing).causes
    assert causes is not None
    tree = showing.moment.tree
    mean = -float(tree.stats["value_sum"][1] / tree.stats["visits"][1])
    assert f"{mean:+.3f}".replace("-", "−") in causes.summary
    assert causes.branches
    for row in causes.branches:
        assert tree.line_to(row.node).actions[: len(tree.line_to(1).actions)] == tree.line_to(1).actions
        assert row.text == showing.phrases.last_text(tree.line_to(row.node))
    for row in causes.evaluations:
        assert 0 < row.moment <= tree.simulations
        assert tree.stats["birth"][row.node] <= row.moment
    for row in causes.swings:
        assert row.node == 1
        before, after = (number(text) for text in row.detail.removeprefix("from ").split(" to "))
        assert after - before == pytest.approx(row.share, abs=0.011)


def test_a_cause_has_the_sign_that_the_player_sees(showing: Showing) -> None:
    """The chooser's gain is the child's loss: shares of the children add up to the change that is told."""
    causes = why(1, showing).causes
    assert causes is not None
    change = number(causes.summary.rsplit(": ", 1)[1].rstrip("."))
    shares = [row.share for row in causes.branches if row.level == 0]
    if len(shares) < 4:
        assert sum(shares) == pytest.approx(change, abs=2e-3)
    deepest = [row.share for row in causes.branches if row.level]
    assert all(share * change > 0 for share in deepest)


def test_changes_since_a_moment_only_count_from_there(showing: Showing) -> None:
    everything, since = why(ROOT, showing).causes, why(ROOT, showing, 200).causes
    assert everything is not None
    assert since is not None
    assert "at a glance" in everything.summary
    assert "at simulation 200" in since.summary
    assert all(row.moment > 200 for row in since.evaluations)


def test_the_past_is_explained_up_to_the_moment_looked_at(run: Run) -> None:
    replica = replica_of(run)
    past = moment_of(replica.header, replica.history, 150)
    causes = why(ROOT, replace(showing_of(replica), moment=past)).causes
    assert causes is not None
    assert "after 150 visits" in causes.summary
    assert all(row.moment <= 150 for row in causes.evaluations)


def test_causes_are_not_found_anew_while_nothing_happens(showing: Showing, monkeypatch: pytest.MonkeyPatch) -> None:
    reasons = Reasons()
    first = reasons.causes(1, showing)
    monkeypatch.setattr("app.viewmodels.why.causes", lambda *_: pytest.fail("asked again"))
    assert reasons.causes(1, showing) is first


def test_an_unvisited_action_is_among_the_rows_and_asked_about() -> None:
    run = searched(simulations=6, **PLAIN)
    showing = showing_of(replica_of(run))
    tree = showing.moment.tree
    action = int(tree.edge_action[tree.edge_run(ROOT)][-1])
    record = Reasons().of_unvisited(action, showing)
    assert record.title.startswith("Why not ")
    (own,) = [row for row in record.siblings.rows if row.is_self]
    assert own.node == -1
    assert "Less, as untried" in [term.label for term in own.figures]
    assert "if it were taken to be worth" in sentence(own, "Would be chosen next")


def test_the_first_visit_is_a_click_away(showing: Showing) -> None:
    term = TermRecord("First visited", "simulation 5", "")
    (figure,) = Reasons().of(4, showing, (term,)).figures
    assert figure.moment == int(showing.moment.tree.stats["birth"][4])


def test_a_leaf_has_no_ledger_below(showing: Showing) -> None:
    tree = showing.moment.tree
    ended = np.flatnonzero(tree.links["num_edges"][: tree.num_nodes] == 0)
    node = int(ended[0]) if len(ended) else tree.num_nodes - 1
    record = why(node, showing)
    assert record.siblings.rows
    assert isinstance(record.children, LedgerRecord)


def test_reasons_of_every_kind_of_cut_have_words() -> None:
    run = searched(simulations=60)
    tree = run.tree
    for reason in PruneReason:
        tree.edge_pruned[0] = reason
        replica = replica_of(run)
        replica.tree.edge_pruned[0] = reason
        row = next(row for row in why(ROOT, showing_of(replica)).siblings.rows if row.cut)
        assert row.cut
