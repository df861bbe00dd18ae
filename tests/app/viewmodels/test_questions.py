"""Answers made in slices: the same as all at once, the list in order, the colours between their ends."""

import numpy as np
import pytest

from app.viewmodels.moment import Moment
from app.viewmodels.questions import (
    MOST_LISTED,
    Answer,
    Inquiry,
    count_text,
    lens_records,
    own_lens_error,
    results_record,
    worth_text,
)
from engine.domains.registry import notation, rules
from engine.search.hash_evaluator import HashEvaluator
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings
from engine.tree.lenses import READY, Tint, own_lens, read_question
from engine.tree.query import parse_scale
from engine.tree.selection import selection_parameters


@pytest.fixture(scope="module")
def moment() -> Moment:
    line = notation("connect_four").parse_line("startpos")
    made = SearchSettings()
    search = Search(rules("connect_four"), HashEvaluator(), line, made, lambda _: None, "gen-000")
    search.start_run(Limits(simulations=1500))
    while search.advance() is None:
        pass
    return Moment(search.header, search.tree, "gen-000", "", made, selection_parameters(search.header.settings), 0)


def answered(text: str, moment: Moment, tint: Tint | None = None) -> Answer:
    inquiry = Inquiry(read_question(text), tint, moment)
    turns = 0
    while not inquiry.is_done:
        inquiry.advance()
        turns += 1
    assert turns > 0
    return inquiry.answer


@pytest.mark.parametrize("text", ["N > 5 by share", "leaf by Q", "best and mine by -N", "policy > 30% by policy"])
def test_an_answer_in_slices_is_that_of_the_whole_tree(
    text: str, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.tree.query._MOST_NODES", 64)
    monkeypatch.setattr("engine.tree.query._LEAST_NODES", 16)
    answer, question = answered(text, moment), read_question(text)
    mask = question.query.run(moment.tree, moment.parameters)
    assert answer.marks.astype(bool).tolist() == mask.tolist()
    found = np.flatnonzero(mask).astype(np.int32)
    worths = question.order.at(moment.tree, moment.parameters, found)
    best = sorted(zip(-worths, found.tolist(), strict=True))[:MOST_LISTED]
    assert answer.listed.tolist() == [node for _, node in best]
    assert answer.count == len(found)


def test_nodes_without_the_number_of_the_order_come_last(moment: Moment) -> None:
    answer = answered("depth <= 1 by reply_birth", moment)
    rows = results_record(read_question("depth <= 1 by reply_birth"), answer, moment).rows
    known = [row.worth != "–" for row in rows]
    assert known == sorted(known, reverse=True)


def test_colours_are_numbers_of_all_nodes_between_their_ends(moment: Moment) -> None:
    colours = answered("N > 5", moment, Tint("depth", "depth", 0.0)).colours
    assert colours is not None
    assert colours.values.tolist() == moment.tree.facts["depth"][: moment.tree.num_nodes].tolist()
    assert (colours.low, colours.high) == (0.0, float(colours.values.max()))
    missing = answered("N > 5", moment, Tint("reply_birth", "answered", None, None)).colours
    assert missing is not None
    assert np.isnan(missing.values).any()
    assert not np.isinf(missing.values).any()
    flat = answered("N > 5", moment, Tint("1", "one", None, None)).colours
    assert flat is not None
    assert flat.low < flat.high


def test_rows_have_the_figures_of_their_nodes_from_the_chooser(moment: Moment) -> None:
    question = read_question("mine by N")
    record = results_record(question, answered("mine by N", moment), moment)
    first, tree = record.rows[0], moment.tree
    assert first.visits == tree.stats["visits"][first.node]
    assert first.q == pytest.approx(-tree.stats["value_sum"][first.node] / first.visits)
    assert first.raw_value == pytest.approx(-float(tree.facts["raw_value"][first.node]))
    assert first.prior == float(tree.priors[tree.links["parent_edge"][first.node]])
    assert record.is_column
    assert not results_record(read_question("mine by N + 1"), answered("mine", moment), moment).is_column


def test_texts(moment: Moment) -> None:
    assert count_text(None) == "counting …"
    assert count_text(answered("N > 1000000", moment)) == f"none of {moment.tree.num_nodes:,} nodes"
    assert count_text(answered("depth == 0", moment)) == f"1 of {moment.tree.num_nodes:,} nodes"
    assert [worth_text(value) for value in (12000.0, -0.25, float("-inf"), float("inf"))] == [
        "12,000",
        "−0.250",
        "–",
        "∞",
    ]
    assert own_lens_error("", "N > 1")
    assert own_lens_error("late", " ")
    assert not own_lens_error("late", "N > 1")


def test_a_persons_own_lenses_stand_last_and_can_be_told_apart() -> None:
    records = lens_records(READY, (own_lens("mine", "N > 1"),))
    assert [record.is_own for record in records] == [False] * len(READY) + [True]
    assert parse_scale("N").text == "N"
