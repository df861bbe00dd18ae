"""The past is what the fold made then: at every moment, in every order, to the last bit."""

import random
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domains import registry
from engine.domains.base import Line
from engine.search.hash_evaluator import HashEvaluator
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings
from engine.tree import columns, epoch, growing, history, past
from engine.tree import contributions as reads
from engine.tree.columns import ROOT
from engine.tree.digest import tree_digest
from engine.tree.events import Event, Header, Prune, Switch, decode, encode, pack
from engine.tree.fold import FoldError, apply, empty_tree, fold_stream
from engine.tree.history import History, MomentError, Refold, ends_epoch, touched
from tests.engine.tree.journal_of_chance import RENUMBERING, STEADY, header, journal

SEEDS = st.integers(0, 2**32 - 1)


@pytest.fixture(autouse=True)
def _short_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short spans and little room, so that short journals have many keyframes and columns that grow."""
    monkeypatch.setattr(epoch, "KEYFRAME_EVERY", 25)
    monkeypatch.setattr(past, "_MOST_BACK", 7)
    monkeypatch.setattr(past, "_UNDO_ROWS", 40)
    monkeypatch.setattr(columns, "_FIRST_NODES", 4)
    monkeypatch.setattr(columns, "_FIRST_EDGES", 8)
    monkeypatch.setattr(growing, "_FIRST_ROWS", 4)


def remembered(head: Header, events: list[Event]) -> History:
    found = History(empty_tree(head))
    for event in events:
        found.apply(event, len(encode(event)))
    return found


def digest_at(head: Header, stream: bytes, moment: int) -> str:
    tree = empty_tree(head)
    fold_stream(tree, stream, moment)
    return tree_digest(tree)


def moments_of(found: History, rng: random.Random, count: int) -> list[int]:
    """Moments of the present epoch in an order with long ways and single steps, both ways."""
    moments = [rng.randint(found.first, found.last) for _ in range(count)]
    moments += [found.last - step for step in range(12)] + [found.last - 9 + step for step in range(10)]
    moments += [m for start in moments[:2] for m in range(start, start - 4, -1)]
    return [moment for moment in moments if found.first < moment <= found.last]


@settings(max_examples=80, deadline=None)
@given(seed=SEEDS, players=st.sampled_from((1, 2)), length=st.integers(1, 60))
def test_any_moment_is_what_the_fold_makes_of_it(seed: int, players: int, length: int) -> None:
    head, events = header(players), list(journal(seed, players, length))
    stream = b"".join(map(encode, events))
    found = remembered(head, events)
    present = tree_digest(found.tree)
    for moment in moments_of(found, random.Random(seed), 8):
        assert tree_digest(found.seek(moment)) == digest_at(head, stream, moment), moment
    assert tree_digest(found.seek(0)) == tree_digest(empty_tree(head))
    assert tree_digest(found.tree) == present, "looking back changes nothing"


@settings(max_examples=80, deadline=None)
@given(seed=SEEDS, players=st.sampled_from((1, 2)), length=st.integers(10, 70))
def test_epochs_begin_where_nodes_are_renumbered(seed: int, players: int, length: int) -> None:
    head = header(players)
    events = list(journal(seed, players, length, STEADY * 2 + RENUMBERING))
    stream = b"".join(map(encode, events))
    found, begun, tree = History(empty_tree(head)), {0: tree_digest(empty_tree(head))}, empty_tree(head)
    for event in events:
        mapping, expected = found.apply(event, len(encode(event))), apply(tree, event)
        assert (mapping is None) == (expected is None)
        if ends_epoch(event):
            begun[tree.simulations] = tree_digest(tree)
    assert sorted(begun) == [start.first for start in found.epochs]
    for moment in moments_of(found, random.Random(seed), 6):
        assert tree_digest(found.seek(moment)) == digest_at(head, stream, moment), moment
    assert tree_digest(found.seek(found.first)) == begun[found.first], "the first moment is after what began the epoch"
    for number, start in enumerate(found.epochs[:-1]):
        last = found.epochs[number + 1].first
        again = Refold(head, _pieces(stream), number, last)
        while again.step(20):
            assert 0.0 <= again.share <= 1.0
        assert again.share == 1.0
        assert (again.history.first, again.history.last) == (start.first, last)
        assert again.history.epochs == found.epochs[: number + 1]
        assert found.epoch_of(last) == number
        assert tree_digest(again.history.seek(start.first)) == begun[start.first]
        for moment in (start.first + 1, (start.first + last + 1) // 2, last):
            assert tree_digest(again.history.seek(moment)) == digest_at(head, stream, moment)


def _pieces(stream: bytes) -> Iterator[bytes]:
    """The stream in pieces of three events."""
    ends = np.cumsum([len(encode(event)) for event in decode(stream)])[2::3].tolist()
    for start, end in zip([0, *ends], [*ends, len(stream)], strict=True):
        yield stream[start:end]


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, length=st.integers(10, 60))
def test_the_present_goes_on_while_the_past_is_looked_at(seed: int, length: int) -> None:
    head, events, rng = header(2), list(journal(seed, 2, length)), random.Random(seed)
    found, stream = History(empty_tree(head)), b"".join(map(encode, events))
    for event in events:
        found.apply(event)
        if rng.random() < 0.3 and found.last:
            moment = rng.randint(1, found.last)
            before = tree_digest(found.seek(moment))
            assert before == digest_at(head, stream, moment)
            found.apply(Switch(found.last, "x", "", {}))
            assert tree_digest(found.prepare().tree) == before


def searched(domain: str, line: Line, act: Callable[[Search], None], batch: int = 8, **fields: object) -> History:
    """A search that is acted on every 120 simulations, with its journal kept."""
    parts: list[bytes] = []
    options = SearchSettings(batch=batch, **fields)
    search = Search(registry.rules(domain), HashEvaluator(2.0), line, options, parts.append)
    for _ in range(5):
        search.start_run(Limits(simulations=120))
        while search.advance() is None:
            pass
        act(search)
    found = remembered(search.header, list(decode(b"".join(parts))))
    assert tree_digest(found.tree) == tree_digest(search.tree)
    stream = b"".join(parts)
    for moment in moments_of(found, random.Random(3), 12):
        assert tree_digest(found.seek(moment)) == digest_at(search.header, stream, moment), moment
    return found


def test_a_search_that_proves_prunes_and_lends_is_gone_back_through() -> None:
    def act(search: Search) -> None:
        first, second, last = search.tree.edge_action[search.tree.edge_run(ROOT)][[0, 1, -1]].tolist()
        search.cut((last,))
        search.restore((last,))
        search.cut((second,))
        search.boost((first,), 30)

    notation = registry.notation("connect_four")
    found = searched("connect_four", notation.parse_line(notation.sample), act)
    assert len(found.log.prunings)
    assert len(found.log.proofs)
    assert len(found.log.loans(0, found.last))
    assert len(found.epochs) == 1


def test_a_search_that_moves_its_root_and_priors_is_gone_back_through() -> None:
    def act(search: Search) -> None:
        tree = search.tree
        action = int(tree.edge_action[tree.links["parent_edge"][1]])
        search.play((action,))
        search.set_prior((int(tree.edge_action[0]),), 0.5)

    found = searched("chess", Line("rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1"), act)
    assert [start.first for start in found.epochs] == [0, 120, 240, 360, 480, 600]
    assert len(found.log.opinions) == 1
    assert found.epochs[-1].root_at == 600


def test_a_bad_event_leaves_tree_and_history_as_they_were() -> None:
    head, events = header(2), list(journal(1, 2, 30))
    found, stream = remembered(head, events), b"".join(map(encode, events))
    before = (tree_digest(found.tree), len(found.log.prunings), found.last)
    for edge in (10**6, -1):
        with pytest.raises(FoldError):
            found.apply(Prune(found.last, pack(np.array([edge]), "<i4"), b"\1", bytes(4)))
    with pytest.raises(FoldError):
        found.apply(Prune(found.last, bytes(7), b"\1", bytes(4)))
    assert before == (tree_digest(found.tree), len(found.log.prunings), found.last)
    assert tree_digest(found.seek(5)) == digest_at(head, stream, 5)


def test_moments_that_are_not_there_are_named() -> None:
    found = remembered(header(2), list(journal(1, 2, 30)))
    for moment in (-1, found.last + 1):
        for ask in (found.seek, found.epoch_of):
            with pytest.raises(MomentError, match=str(moment)):
                ask(moment)
    with pytest.raises(MomentError):
        found.descent(0)


def test_a_very_long_epoch_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MOST", 100)
    head, events = header(1), list(journal(5, 1, 140))
    found, stream = remembered(head, events), b"".join(map(encode, events))
    assert len(found.epochs) > 2
    assert found.last - found.first < 112
    assert found.epochs[-1].renumbered_at == 0
    for moment in moments_of(found, random.Random(1), 5):
        assert tree_digest(found.seek(moment)) == digest_at(head, stream, moment)
    assert tree_digest(found.seek(found.first)) == digest_at(head, stream, found.first)
    again = Refold(head, [stream], 1, found.epochs[2].first)
    while again.step():
        pass
    assert again.history.epochs == found.epochs[:2]


def test_settings_are_those_of_the_moment() -> None:
    found = History(empty_tree(header(2)))
    batches = list(journal(4, 2, 40, ("simulate",)))
    for event in batches[:10]:
        found.apply(event)
    middle = found.last
    found.apply(Switch(middle, "second", "", {}))
    for event in batches[10:]:
        found.apply(event)
    assert found.switch_at(middle) is None
    switch = found.switch_at(middle + 1)
    assert switch is not None
    assert switch.generation == "second"


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS, players=st.sampled_from((1, 2)), length=st.integers(5, 60))
def test_the_course_of_a_node_is_what_it_had_at_each_moment(seed: int, players: int, length: int) -> None:
    head, rng = header(players), random.Random(seed)
    found = remembered(head, list(journal(seed, players, length, STEADY * 3 + RENUMBERING)))
    if found.first == found.last:
        return
    node = rng.choice((ROOT, rng.randrange(found.tree.num_nodes)))
    for course in (
        reads.value_over_time(found, node, 9),
        reads.course(found, node, np.arange(found.first, found.last + 1)),
    ):
        for moment, visits, total, value in zip(
            course.moment, course.visits, course.value_sum, course.value, strict=True
        ):
            tree = found.seek(int(moment))
            stats = tree.stats[node] if node < tree.num_nodes else np.zeros(1, tree.stats.dtype)[0]
            assert (visits, total) == (stats["visits"], stats["value_sum"])
            assert np.isnan(value) if not visits else value == total / visits


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, players=st.sampled_from((1, 2)))
def test_contributions_of_a_window_are_the_difference_between_its_ends(seed: int, players: int) -> None:
    found = remembered(header(players), list(journal(seed, players, 50)))
    rng = random.Random(seed)
    node = rng.randrange(found.tree.num_nodes)
    after, last = sorted(rng.choices(range(found.last + 1), k=2))
    part = reads.contributions(found, node, after, last)
    assert ((part.simulation > after) & (part.simulation <= last)).all()
    early, late = reads.course(found, node, np.array([after, last])).visits.tolist()
    assert len(part.simulation) == late - early
    for i, simulation in enumerate(part.simulation.tolist()):
        descent = found.descent(simulation)
        assert node in descent.path
        assert descent.path[-1] == part.leaf[i]
        plies = len(descent.path) - 1 - descent.path.index(node)
        assert part.value[i] == descent.value * (-1) ** (plies if players == 2 else 0)
        assert part.draw[i] == descent.draw


def test_a_simulation_is_followed_down_the_tree() -> None:
    found = remembered(header(2), list(journal(11, 2, 50)))
    opened = set()
    for simulation in range(1, found.last + 1):
        descent = found.descent(simulation)
        tree = found.seek(simulation)
        num_nodes = tree.num_nodes
        assert descent.path[0] == ROOT
        assert all(tree.links["parent"][down] == up for up, down in zip(descent.path, descent.path[1:], strict=False))
        visits = tree.stats["visits"][:num_nodes].copy()
        edges = tree.links["parent_edge"][list(descent.path)].tolist()
        before = found.seek(simulation - 1)
        visits[: before.num_nodes] -= before.stats["visits"][: before.num_nodes]
        passed = [node for node in descent.path if visits[node]]
        start = edges.index(descent.branch)  # -1 is the root's
        assert passed == list(descent.path[start:]), "a loan is counted from its branch down"
        assert descent.opened == (num_nodes > before.num_nodes)
        assert np.flatnonzero(touched(found, simulation - 1, simulation)).tolist() == sorted(descent.path)
        opened |= {descent.branch >= 0}
    assert opened == {False, True}


def test_memory_is_small_beside_the_tree() -> None:
    found = remembered(header(2), list(journal(2, 2, 400, ("simulate",))))
    assert found.nbytes() < 12 * found.last + 28 * 12 * found.last
    assert found.nbytes() > 12 * found.last
