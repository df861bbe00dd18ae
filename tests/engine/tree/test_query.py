"""Queries: every mask against a slow interpreter of the same expression that goes node by node, and what is refused."""

import subprocess
import sys
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domains.base import Line
from engine.domains.registry import notation, rules
from engine.search.hash_evaluator import HashEvaluator
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings
from engine.tree.columns import SearchTree
from engine.tree.events import Bounds, Prune, PruneReason, pack
from engine.tree.explain import principal_variation
from engine.tree.fold import apply
from engine.tree.query import Sweep, parse, parse_scale
from engine.tree.query_syntax import MOST_CHARACTERS, MOST_NESTED, QueryError
from engine.tree.query_values import CHOICES, FLAGS, NUMBERS
from engine.tree.query_words import WORDS, Kind, completions, vocabulary
from engine.tree.selection import selection_parameters
from tests.engine.tree.slow_query import RELATIONS, Slow, is_on_edge, meaning, spelt
from tests.engine.tree.test_fold import batch, small_tree

PARAMETERS = np.array([0.0, 1.5, 1000.0, 2.0, 0.4, 1.4, 50.0, 0.1])


@cache
def slow(name: str, node: int) -> Slow:
    """What is known of a node of one of `TREES`."""
    return Slow(*TREES[name](), node)


# -- trees -------------------------------------------------------------------------------------------------------------


def run(search: Search, simulations: int) -> None:
    search.start_run(Limits(simulations=simulations))
    while search.advance() is None:
        pass


@cache
def searched(domain: str, method: str) -> tuple[SearchTree, np.ndarray]:
    """A tree with cuts, lent visits, proofs and duplicates, and the parameters of its rule."""
    line = notation(domain).parse_line(notation(domain).sample)
    made = SearchSettings(method=method, batch=8, prune_duplicates=method == "puct")
    search = Search(rules(domain), HashEvaluator(), line, made, lambda _: None, "gen-000")
    run(search, 300)
    if method == "puct":
        line_now = tuple(principal_variation(search.tree))
        search.boost(line_now[:1], 25)
        run(search, 60)
        search.cut(line_now[:2])
        run(search, 60)
    return search.tree, selection_parameters(search.header.settings)


@cache
def one_player() -> tuple[SearchTree, np.ndarray]:
    """A tree in which values do not change sign, with a proof and a cut."""
    tree = small_tree(players=1)
    apply(tree, batch((2, 5, 0.9, 1), (3, -1, 0.1, 0)))
    apply(tree, Bounds(6, pack(np.array([2]), "<i4"), b"\x01", b"\x01", b"\x03"))
    reasons = bytes([PruneReason.BY_HAND, PruneReason.DUPLICATE])
    apply(tree, Prune(6, pack(np.array([0, 3]), "<i4"), reasons, pack(np.array([2.0, 2.0]), "<f4")))
    return tree, PARAMETERS


@cache
def lone() -> tuple[SearchTree, np.ndarray]:
    """A root without moves."""
    tree = SearchTree(Line("start"), 2)
    apply(tree, batch((-1, -1, 0.5, 0)))
    return tree, PARAMETERS


TREES: dict[str, Callable[[], tuple[SearchTree, np.ndarray]]] = {
    "connect four": lambda: searched("connect_four", "puct"),
    "chess": lambda: searched("chess", "puct"),
    "uct": lambda: searched("connect_four", "uct"),
    "gumbel": lambda: searched("connect_four", "gumbel"),
    "one player": one_player,
    "one node": lone,
}


NUMBER_WORDS = [word.name for word in WORDS if word.kind is Kind.NUMBER]
FLAG_WORDS = [word.name for word in WORDS if word.kind in (Kind.FLAG, Kind.CHOICE)]
PICKS = [(word.name, name) for word in WORDS for name, _ in word.choices]

literals = st.one_of(
    st.integers(0, 60).map(lambda n: ("number", float(n), str(n))),
    st.integers(0, 60).map(lambda n: ("number", n * 0.01, f"{n}%")),
    st.sampled_from(
        [("number", 0.5, ".5"), ("number", 250.0, "2.5e2"), ("number", 1000.0, "1k"), ("number", 1e6, "1M")]
    ),
)
measures = st.recursive(
    st.one_of(literals, *[st.tuples(st.just("word"), st.sampled_from(NUMBER_WORDS))] * 3),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["+", "-", "*", "/"]), inner, inner),
        st.tuples(st.just("negative"), inner),
        st.tuples(st.just("call"), st.sampled_from(["abs", "sqrt", "log"]), inner),
        st.tuples(st.just("call"), st.sampled_from(["min", "max"]), inner, inner),
    ),
    max_leaves=4,
)
conditions = st.recursive(
    st.one_of(
        st.tuples(st.sampled_from(list(RELATIONS)), measures, measures),
        st.tuples(st.just("chain"), measures, st.sampled_from(["<", "<=", ">"]), measures, st.just("<"), measures),
        st.tuples(st.just("word"), st.sampled_from(FLAG_WORDS)),
        st.sampled_from(PICKS).flatmap(
            lambda pick: st.tuples(st.just("choice"), *map(st.just, pick), st.sampled_from(["==", "!="]))
        ),
    ),
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: ("and", *parts)),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: ("or", *parts)),
    ),
    max_leaves=4,
)


@settings(deadline=None, max_examples=100)
@given(st.randoms(use_true_random=False), conditions, st.sampled_from(sorted(TREES)))
def test_a_mask_says_of_each_node_what_a_slow_interpreter_says(random, condition, name):
    tree, parameters = TREES[name]()
    text = spelt(condition, random.choice)
    mask = parse(text).run(tree, parameters)
    assert mask.shape == (tree.num_nodes,)
    nodes = random.sample(range(tree.num_nodes), min(tree.num_nodes, 12))
    for node in nodes:
        if mask[node] != meaning(condition, slow(name, node)):
            assert is_on_edge(condition, slow(name, node)), f"{text} at {node}"
    assert parse(text).holds_at(tree, parameters, nodes).tolist() == mask[nodes].tolist()


@pytest.mark.parametrize("name", sorted(TREES))
@pytest.mark.parametrize("word", NUMBER_WORDS)
def test_every_number_at_every_node(name, word):
    tree, parameters = TREES[name]()
    nodes = np.arange(0, tree.num_nodes, max(1, tree.num_nodes // 60), dtype=np.int32)
    found = parse_scale(word).at(tree, parameters, nodes)
    expected = [slow(name, int(node)).word(word) for node in nodes]
    assert found == pytest.approx(expected, abs=1e-6, nan_ok=True)


@pytest.mark.parametrize("name", sorted(TREES))
def test_every_yes_or_no_at_every_node(name):
    tree, parameters = TREES[name]()
    nodes = [slow(name, node) for node in range(tree.num_nodes)]
    for word in FLAG_WORDS:
        assert parse(word).run(tree, parameters).tolist() == [each.word(word) for each in nodes], word
    for word, choice in PICKS:
        found = parse(f"{word} == {choice}").run(tree, parameters)
        assert found.tolist() == [each.choice(word, choice) for each in nodes], choice


def test_the_trees_of_the_tests_have_what_is_asked_for():
    tree, parameters = TREES["connect four"]()
    for text in ("borrowed > 0", "pruned == by_hand", "terminal", "proven == win", "proven == loss", "distance > 0"):
        assert parse(text).run(tree, parameters).any(), text
    assert parse("pruned == duplicate").run(*TREES["one player"]()).any()


def test_by_hand():
    tree = small_tree()  # root .5; 1: visits 2, Q .25, V -.25 (its own .25 seen by the root); 2: Q .5; 3 below 1: -.75

    def nodes(text: str) -> list[int]:
        return np.flatnonzero(parse(text).run(tree, PARAMETERS)).tolist()

    assert nodes("N >= 2") == [0, 1]
    assert nodes("Q > 0.4") == [2], "from the player who chose it; node 3 is a bad choice, and the root stands at .375"
    assert nodes("Q < 0") == [3]
    assert nodes("V < -0.2") == [1, 3]
    assert nodes("|Q - V| >= .5") == [1]
    assert nodes("share > 50 %") == [0, 1, 3]
    assert nodes("P < 30%") == [2]
    assert nodes("regret > .2") == [1]
    assert nodes("mine") == [1, 2]
    assert nodes("birth > simulations / 2 and not leaf") == []
    assert nodes("age < 2") == [2, 3]
    assert nodes("on_pv") == [0, 1, 3]
    assert nodes("reply_birth == 4") == [1]


def test_an_empty_tree_has_no_nodes_to_find():
    assert parse("N > 0 and best and share > 0").run(SearchTree(Line("x"), 2), PARAMETERS).tolist() == []


def test_a_sweep_in_slices_finds_the_same_and_leaves_later_nodes_alone():
    tree, parameters = TREES["chess"]()
    query = parse("share > P and best")
    sweep = Sweep(query, tree, parameters)
    sweep.advance()
    assert 0 < sweep.num_done <= tree.num_nodes
    before = len(sweep.mask)
    while not sweep.is_done:
        sweep.advance()
    assert len(sweep.mask) == before
    assert sweep.mask.tolist() == query.run(tree, parameters).tolist()


def test_parts_bind_as_in_python():
    tree, parameters = TREES["connect four"]()

    def same(one: str, other: str) -> bool:
        return parse(one).condition == parse(other).condition and bool(
            (parse(one).run(tree, parameters) == parse(other).run(tree, parameters)).all()
        )

    assert same("leaf or best and mine", "leaf or (best and mine)")
    assert same("not leaf and best", "(not leaf) and best")
    assert same("not N > 3", "not (N > 3)")
    assert same("N - 1 - 2 > 3 * 4 + 5", "((N - 1) - 2) > ((3 * 4) + 5)")
    assert same("-Q * 2 > 1", "(-Q) * 2 > 1")
    assert same("8 / 4 / 2 == N", "(8 / 4) / 2 = N")
    assert same("N>500 & |Q-V|>.3 & P<1%", "N > 500 and abs(Q - V) > 0.3 and P < 0.01")
    assert same("||Q| - |V|| > .1 || leaf", "abs(abs(Q) - abs(V)) > 0.1 or leaf")
    assert same("|Q|>.1|best", "abs(Q) > 0.1 or best")
    assert same("0.1 < Q ≤ 50 %", "(0.1 < Q) and (Q <= 0.5)")


# -- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "sentence"),
    [
        ("", "", "Write a condition, for example N > 500."),
        ("   ", " ", "Write a condition, for example N > 500."),
        ("N", "N", "“N” is a number; compare it, for example N > 0.5."),
        ("N >", "", "Something is missing at the end."),
        ("visit > 3", "visit", "“visit” is not known: did you mean visits?"),
        ("prunned", "prunned", "“prunned” is not known: did you mean pruned?"),
        ("xyzzy > 3", "xyzzy", "“xyzzy” is not known: type a letter to see the words there are."),
        ("N > 5 best", "best", "Before “best” “and” or “or” is missing."),
        ("N > 5 6", "6", "Before “6” “and” or “or” is missing."),
        ("(N > 5", "(", "The bracket “(” is not closed."),
        ("N > 5)", ")", "This “)” closes nothing."),
        ("|Q > 3", "|", "The bar “|” that opens an absolute value is not closed."),
        ("best > 3", "best", "“best” is yes or no; it cannot be reckoned with."),
        ("N > 1 and P", "P", "“P” is a number; compare it, for example P > 0.5."),
        ("not N", "N", "“N” is a number; compare it, for example N > 0.5."),
        ("pruned > 3", ">", "pruned can only be compared by == or !=, for example pruned == proven."),
        ("proven == lost", "lost", "proven can be win, draw or loss."),
        ("by_hand", "by_hand", "“by_hand” goes with pruned: write pruned == by_hand."),
        ("min(1) > 2", "min", "min takes 2 to 8 numbers, not 1: min(x, y)."),
        ("abs > 2", "abs", "abs wants its numbers in brackets: abs(x)."),
        ("N(3) > 1", "N", "N is no function; functions are abs, log, sqrt, min or max."),
        ("1,000 < N", ",", "A comma stands only between a function's numbers; write 1000 for 1,000."),
        ("Q ** 2 > 1", "**", "There are no powers; multiply instead, or use sqrt()."),
        ("9^9^9^9 > 1", "^", "There are no powers; multiply instead, or use sqrt()."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_sentence_with_its_place(text, place, sentence):
    with pytest.raises(QueryError) as refused:
        parse(text)
    assert str(refused.value) == sentence
    assert text[refused.value.start : refused.value.end] == place
    assert 0 <= refused.value.start < refused.value.end


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true') > 0", "N.__class__ > 0", "().__class__ == 1", "N[0] > 1", "[N for N in N]",
        "lambda: 1", "1 if best else 2", "f'{N}' > 1", "'a' < 'b'", "N := 3", "exec(1)", "eval(1) > 1", "N; N > 1",
        "N @ 2 > 1", "N % 2 == 0", "N // 2 > 1", "1 << 9999999 > N", "~N > 1", "*N > 1", "{N}", "0x10 < N", "1j < N",
        "N > 1 # and best", "N is 1", "N in (1, 2)", "N > ...", "True", "None", "N\x00 > 1", "N > 1e", "１ < N.a",
    ],
)  # fmt: skip
def test_nothing_of_python_comes_in(text):
    with pytest.raises(QueryError):
        parse(text)


def test_a_number_without_end_is_only_a_large_number():
    assert not parse("N > 1e999").run(*TREES["one player"]()).any()


def test_what_is_nested_too_deeply_or_too_long_is_refused_and_never_runs_out_of_stack():
    for text in ("(" * 900 + "N", "-" * 900 + "N > 1", "not " * 240 + "best", "|" * 900, "abs(" * 240 + "N"):
        with pytest.raises(QueryError, match="stand inside each other"):
            parse(text)
    deep = MOST_NESTED // 2
    assert parse("(" * deep + "best" + ")" * deep).condition == parse("best").condition
    with pytest.raises(QueryError, match="characters"):
        parse("N > 1 and " * MOST_CHARACTERS + "best")
    long = parse(" or ".join(["N > 1"] * 100))
    assert long.run(*TREES["one player"]()).any()


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_place_in_it(text):
    try:
        parse(text)
    except QueryError as error:
        refused = error
    else:
        return
    assert 0 <= refused.start <= len(text)
    assert str(refused).endswith((".", "?"))


@given(
    st.lists(
        st.sampled_from([*vocabulary(), *"()|<>=!&-+*/,%", " ", "1", "0.5", "and", "or", "not", "by_hand"]), max_size=15
    )
)
def test_any_heap_of_words_is_read_or_refused(words):
    try:
        found = parse(" ".join(words))
    except QueryError:
        return
    assert found.run(*TREES["one player"]()).dtype == np.bool_


def test_a_scale_is_a_number_and_a_query_is_a_condition():
    with pytest.raises(QueryError, match="yes or no"):
        parse_scale("N > 1")
    tree, parameters = TREES["one player"]()
    assert parse_scale("1").at(tree, parameters, np.array([0, 2], np.int32)).tolist() == [1.0, 1.0]


# -- words -------------------------------------------------------------------------------------------------------------


def test_every_word_is_explained_in_a_sentence_and_can_be_asked():
    for word in WORDS:
        assert word.meaning.endswith(".")
        assert len(word.meaning) < 90
        assert word.extent or word.kind in (Kind.FLAG, Kind.CHOICE)
    assert {word.name for word in WORDS if word.kind is Kind.NUMBER} == set(NUMBERS)
    assert {word.name for word in WORDS if word.kind in (Kind.FLAG, Kind.CHOICE)} == set(FLAGS)
    assert {word.name for word in WORDS if word.kind is Kind.CHOICE} == set(CHOICES)


def test_names_in_small_letters_are_all_different():
    names = [name.lower() for word in WORDS for name in (word.name, *word.aliases)]
    assert len(names) == len(set(names))


def test_completions_go_by_the_word_at_the_end():
    assert [each.text for each in completions("N > 5 and pr")] == ["P", "proven", "pruned"]
    assert [each.text for each in completions("N > 5 and Visi")] == ["N"]
    assert {each.start for each in completions("N > 5 and pr")} == {10}
    assert completions("N > ") == completions("N > 5") == []
    assert [each.text for each in completions("pruned == ")][:3] == ["proven", "out_of_reach", "by_hand"]
    assert [each.text for each in completions("leaf and pruned!=el")] == ["eliminated"]
    assert [each.start for each in completions("pruned == by")] == [10]


def test_neither_qt_nor_torch_is_loaded():
    code = "import sys, engine.tree.query; print([m for m in ('PySide6', 'torch', 'onnxruntime') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
