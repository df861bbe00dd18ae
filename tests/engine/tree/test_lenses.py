"""Ready lenses, and questions with an order."""

import numpy as np
import pytest

from engine.tree.events import PruneReason
from engine.tree.lenses import READY, own_lens, read_question
from engine.tree.query import parse, parse_scale
from engine.tree.query_syntax import QueryError
from tests.engine.tree.test_query import PARAMETERS, TREES


def test_every_ready_lens_can_be_asked_and_says_in_one_sentence_what_it_shows():
    tree, parameters = TREES["connect four"]()
    for lens in READY:
        question = read_question(lens.question)
        found = question.query.run(tree, parameters)
        assert found.shape == (tree.num_nodes,)
        assert not found.all(), "a lens that marks everything shows nothing"
        assert np.isfinite(question.order.at(tree, parameters, np.flatnonzero(found).astype(np.int32))).all()
        assert lens.meaning.endswith(".")
        assert lens.group
        if lens.tint is not None:
            parse_scale(lens.tint.scale).at(tree, parameters, np.arange(tree.num_nodes, dtype=np.int32))
            assert lens.tint.name
    assert len({lens.name for lens in READY}) == len(READY)


def test_there_is_a_lens_for_every_reason_to_prune():
    asked = {lens.question for lens in READY}
    assert {f"pruned == {reason.name.lower()} by N" for reason in PruneReason} <= asked


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("Search against intuition", 1),
        ("Disagreement of value", 1),
        ("Frontier", 5),
        ("Proven", 10),
        ("Cut by hand", 1),
    ],
)
def test_a_searched_tree_has_something_to_see_through_it(name, least):
    tree, parameters = TREES["connect four"]()
    lens = next(lens for lens in READY if lens.name == name)
    assert read_question(lens.question).query.run(tree, parameters).sum() >= least


def test_a_question_says_what_it_is_listed_by():
    question = read_question("N > 3 BY share - P")
    assert question.query.condition == parse("N > 3").condition
    assert question.order.measure == parse_scale("share - P").measure
    assert read_question("N > 3").order.measure == parse_scale("N").measure
    assert read_question("pruned == by_hand").query.condition == parse("pruned == by_hand").condition


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("N > 3 by", "by", "After “by”"),
        ("N > 3 by nonsense", "nonsense", "is not known"),
        ("N > 3 by N > 2", " N > 2", "yes or no"),
        ("N by N", "N ", "compare it"),
        ("N > 3 by N by Q", "by", "is missing"),
    ],
)
def test_what_cannot_be_asked_has_its_place_in_the_whole_text(text, place, said):
    with pytest.raises(QueryError, match=said) as refused:
        read_question(text)
    assert text[refused.value.start : refused.value.end] == place


def test_an_own_lens_colours_by_its_order_and_one_that_cannot_be_read_is_kept_as_it_is():
    lens = own_lens("mine", "N > 3   by share - P")
    assert lens.question == "N > 3 by share - P"
    assert lens.tint is not None
    assert (lens.tint.scale, lens.tint.low) == ("share - P", None)
    assert own_lens("mine", "N > 3").tint is None
    assert own_lens("mine", "of another version").question == "of another version"


def test_refutations_found_late_are_those_whose_answer_came_late():
    tree, _ = TREES["one player"]()
    lens = next(lens for lens in READY if lens.name == "Refutations found late")
    assert not read_question(lens.question).query.run(tree, PARAMETERS).any()
    early = parse("reply_birth - birth > 40% * age").run(*TREES["connect four"]())
    assert 0 < early.sum() < len(early)
