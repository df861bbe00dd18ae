"""Watchpoints against slow folds: the simulation that is named is the first at which one becomes true, none is missed.

The reference folds the journal one simulation at a time and looks at the whole tree after each.
"""

from collections.abc import Iterator

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.search.hash_evaluator import HashEvaluator
from engine.search.limits import Limits
from engine.search.stoppers import StopReason
from engine.search.watch_queries import QueryWatch
from engine.search.watchpoints import (
    AnyWatchpoint,
    BestChanges,
    BranchPruned,
    DepthReached,
    Hit,
    Path,
    ProofFound,
    QueryHolds,
    ValueCrosses,
    ValueMoves,
    VisitsReach,
    hit_sentence,
    moved,
    plain_path,
    watchpoint_sentence,
)
from engine.tree.choice import best_edge
from engine.tree.columns import ROOT, BranchError, SearchTree
from engine.tree.events import Bounds, Event, Prune, PruneReason, Simulations, decode
from engine.tree.fold import apply, empty_tree, first_simulations
from engine.tree.query import parse
from engine.tree.query_syntax import QueryError
from engine.tree.selection import selection_parameters
from tests.engine.search.stand_ins import CHESS, FOUR, Run, begin

ENDGAME = "8/8/8/8/5k2/8/1q6/3K4 b - - 0 1"
MATE = "6k1/5ppp/8/8/8/8/5PPP/3R2K1 w - - 0 1"


# -- the reference -----------------------------------------------------------------------------------------------------


def steps(stream: bytes) -> Iterator[Event]:
    """The events of a journal with every batch taken apart."""
    for event in decode(stream):
        if not isinstance(event, Simulations):
            yield event
            continue
        for done in range(len(event.outcome)):
            yield last_of(first_simulations(event, done + 1))


def last_of(event: Simulations) -> Simulations:
    n = len(event.outcome) - 1
    opened = int(np.frombuffer(event.num_edges, "<u2")[:n].sum())
    columns = (event.parent[4 * n :], event.edge[4 * n :], event.value[4 * n :], event.draw[4 * n :])
    rest = (event.outcome[n:], event.num_edges[2 * n :], event.action[2 * opened :], event.prior[2 * opened :])
    return Simulations(*columns, *rest, event.branch)


def node_of(tree: SearchTree, path: Path) -> int:
    if not path:
        return ROOT if tree.num_nodes else -1
    try:
        return int(tree.edge_child[tree.find_edge(path)])
    except BranchError:
        return -1


def visits_of(tree: SearchTree, path: Path) -> int:
    node = node_of(tree, path)
    return int(tree.stats["visits"][node]) if node >= 0 else 0


def value_of(tree: SearchTree, path: Path) -> float:
    node = node_of(tree, path)
    seat = tree.sign if path else 1
    own = tree.stats[node]
    if own["lower"] == own["upper"]:
        return seat * float(own["lower"])
    return seat * float(own["value_sum"]) / float(own["visits"])


def certain(tree: SearchTree) -> set[Path]:
    nodes = range(tree.num_nodes)
    known = [n for n in nodes if tree.stats["lower"][n] == tree.stats["upper"][n] and not tree.facts["outcome"][n]]
    return {tree.path(n) for n in known}


class Slow:
    """One watchpoint, looked after without any haste."""

    def __init__(self, watchpoint: AnyWatchpoint, tree: SearchTree) -> None:
        self.watchpoint = watchpoint
        self.base: float | None = watchpoint.base if isinstance(watchpoint, ValueMoves) else None
        self.certain = certain(tree) if watchpoint == ProofFound(path=None) else set()
        self.held = self.holds(tree, None)

    def newly(self, tree: SearchTree, event: Event) -> bool:
        held, self.held = self.held, self.holds(tree, event)
        return self.held and (not held or isinstance(self.watchpoint, BranchPruned))

    def holds(self, tree: SearchTree, event: Event | None) -> bool:  # noqa: C901, RUF100
        match self.watchpoint:
            case BestChanges(after=after):
                if visits_of(tree, ()) < after:
                    return False
                action = int(tree.edge_action[best_edge(tree, ROOT)])
                self.base = action if self.base is None else self.base
                return action != self.base
            case VisitsReach(path=path, visits=visits):
                return visits_of(tree, path) >= visits
            case ValueMoves(path=path, by=by, after=after):
                if visits_of(tree, path) < after:
                    return False
                now = value_of(tree, path)
                self.base = now if self.base is None else self.base
                return abs(now - self.base) >= by
            case ValueCrosses(path=path, value=value, way=way, after=after):
                if visits_of(tree, path) < after:
                    return False
                now = value_of(tree, path)
                if way == "up":
                    return now >= value
                if way == "down":
                    return now <= value
                self.base = float(now >= value) if self.base is None else self.base
                return float(now >= value) != self.base
            case BranchPruned(reasons=reasons, below=below):
                if not isinstance(event, Prune):
                    return False
                for edge, reason in zip(np.frombuffer(event.edge, "<i4"), event.reason, strict=True):
                    path = (*tree.path(tree.owner(edge)), int(tree.edge_action[edge]))
                    wanted = reason in reasons if reasons else reason != PruneReason.BY_HAND
                    if wanted and path[: len(below)] == below:
                        return True
                return False
            case ProofFound(path=None):
                now_certain = certain(tree)
                is_new = bool(now_certain - self.certain)
                self.certain |= now_certain
                return is_new
            case ProofFound(path=path):
                node = node_of(tree, path)
                return node >= 0 and bool(tree.stats["lower"][node] == tree.stats["upper"][node])
            case DepthReached(depth=depth):
                return bool(tree.num_nodes and tree.facts["depth"][: tree.num_nodes].max() >= depth)
            case QueryHolds():
                raise AssertionError


def first_moment(run: Run, before: int, watchpoints: list[AnyWatchpoint]) -> tuple[int, int] | None:
    """Place and simulation of the first watchpoint reached after the first `before` pieces of a journal."""
    tree = empty_tree(run.search.header)
    for piece in run.journal[:before]:
        for event in decode(piece):
            apply(tree, event)
    slow = [Slow(one, tree) for one in watchpoints]
    for step in steps(b"".join(run.journal[before:])):
        apply(tree, step)
        newly = [one.newly(tree, step) for one in slow]
        if any(newly):
            return newly.index(True), tree.simulations
    return None


def watch(run: Run, simulations: int, *watchpoints: AnyWatchpoint, one_by_one: bool = False) -> StopReason:
    """Run with watchpoints to the end."""
    run.search.start_run(Limits(simulations=simulations), watchpoints=watchpoints, one_by_one=one_by_one)
    while (reason := run.search.advance()) is None:
        pass
    return reason


# -- against the reference ---------------------------------------------------------------------------------------------


def paths(run: Run) -> list[Path]:
    """The root, and nodes of the tree, much and little visited ones."""
    tree = run.tree
    nodes = np.argsort(-tree.stats["visits"][: tree.num_nodes], kind="stable")
    return [(), *(tree.path(int(node)) for node in nodes[np.array([0, 1, 2, 3, 5, 9, 40, 100]) % len(nodes)])]


def any_watchpoint(where: list[Path]) -> st.SearchStrategy[AnyWatchpoint]:
    path, after = st.sampled_from(where), st.sampled_from([1, 1, 3, 50])
    value = st.floats(-0.4, 0.4)
    return st.one_of(
        st.builds(BestChanges, after=after),
        st.builds(VisitsReach, path=path, visits=st.integers(1, 100)),
        st.builds(ValueMoves, path=path, by=st.floats(0.001, 0.5), base=st.none() | st.floats(-1, 1), after=after),
        st.builds(ValueCrosses, path=path, value=value, way=st.sampled_from(["up", "down", "either"]), after=after),
        st.builds(
            BranchPruned, reasons=st.lists(st.integers(1, 7), max_size=2).map(tuple), below=st.sampled_from(where[:4])
        ),
        st.builds(ProofFound, path=st.none() | path),
        st.builds(DepthReached, depth=st.integers(1, 14)),
    )


@settings(max_examples=40)
@given(st.data(), st.sampled_from([1, 7, 64]), st.sampled_from([0, 1, 40]), st.integers(0, 5))
def test_the_first_simulation_at_which_one_becomes_true_is_found(
    data: st.DataObject, batch: int, already: int, seed: int
) -> None:
    where, line = data.draw(st.sampled_from([(FOUR, "startpos"), (CHESS, ENDGAME), (CHESS, MATE)]))
    method = data.draw(st.sampled_from(["puct", "puct", "gumbel", "uct"]))
    options = {"batch": batch, "seed": seed, "method": method}
    known = begin(where, line, HashEvaluator(), **options)
    known.go(already + 100)  # as the run to be watched goes, but for watchpoints
    chosen = data.draw(st.lists(any_watchpoint(paths(known)), min_size=1, max_size=4))
    run = begin(where, line, HashEvaluator(), **options)
    if already:
        run.go(already)
    before = len(run.journal)
    reason = watch(run, 100, *chosen)
    expected = first_moment(run, before, chosen)
    if expected is None:
        assert reason.hit is None
        assert reason.name != "watchpoint"
    else:
        assert reason.name == "watchpoint"
        assert reason.hit is not None
        assert (reason.hit.index, reason.hit.simulation) == expected
        assert reason.hit.watchpoint == chosen[expected[0]]
        assert hit_sentence(reason.hit, plain_path) == reason.text


@settings(max_examples=25)
@given(st.integers(0, 50), st.integers(20, 200), st.integers(1, 3))
def test_lent_visits_and_other_roots_are_followed(seed: int, visits: int, depth: int) -> None:
    run = begin(FOUR, evaluator=HashEvaluator(), seed=seed, batch=16)
    run.go(120)
    line = tuple(run.tree.path(int(np.argmax(run.tree.facts["depth"][: run.tree.num_nodes]))))[:depth]
    run.search.boost(line[:1], 40)
    before = len(run.journal)
    chosen = [BestChanges(after=150), VisitsReach(path=line, visits=visits), ValueMoves(path=(), by=0.05)]
    reason = watch(run, 200, *chosen)
    found = (reason.hit.index, reason.hit.simulation) if reason.hit else None
    assert found == first_moment(run, before, chosen)


def test_a_path_means_the_same_after_the_root_has_moved() -> None:
    run = begin(FOUR, evaluator=HashEvaluator(), batch=16)
    run.go(100)
    tree = run.tree
    line = tree.path(int(np.argmax(tree.facts["depth"][: tree.num_nodes])))[:3]
    target = visits_of(tree, line) + 20
    gone = VisitsReach(path=((line[0] + 1) % 7, 0), visits=1000)
    run.search.start_run(Limits(simulations=3000), watchpoints=[gone, VisitsReach(path=line, visits=target)])
    run.search.advance()
    run.search.play(line[:2])
    while (reason := run.search.advance()) is None:
        pass
    assert reason.hit is not None
    assert reason.hit.watchpoint == VisitsReach(path=line[2:], visits=target)
    again = empty_tree(run.search.header)
    for step in steps(b"".join(run.journal)):
        if again.simulations == reason.hit.simulation:
            break
        apply(again, step)
    assert visits_of(again, line[2:]) == target


def test_watching_changes_nothing_of_the_search() -> None:
    free, watched = (begin(CHESS, evaluator=HashEvaluator(), batch=16) for _ in range(2))
    free.go(400)
    reason = watch(watched, 400, BestChanges(after=399), VisitsReach(path=(0,), visits=9999), DepthReached(depth=200))
    assert reason.name == "simulations"
    assert b"".join(free.journal) == b"".join(watched.journal)


def test_one_by_one_nothing_is_searched_beyond_it() -> None:
    run = begin(CHESS, evaluator=HashEvaluator(), batch=64)
    run.go(200)
    reason = watch(run, 400, VisitsReach(path=(), visits=277), one_by_one=True)
    assert reason.hit is not None
    assert reason.hit.simulation == run.tree.simulations == 277
    assert (reason.hit.before, reason.hit.after) == (200.0, 277.0)


def test_going_on_after_a_hit_waits_for_the_next_change() -> None:
    run = begin(CHESS, evaluator=HashEvaluator(), batch=8)
    run.go(20)
    first = watch(run, 4000, BestChanges(after=20)).hit
    second = watch(run, 8000, BestChanges(after=20)).hit
    assert first is not None
    assert second is not None
    assert second.simulation > first.simulation
    assert second.was != second.path
    again = watch(run, 100, VisitsReach(path=(), visits=5))
    assert again.name == "simulations", "what was true before is not reached once more"


# -- queries -----------------------------------------------------------------------------------------------------------


@settings(max_examples=25)
@given(st.integers(0, 20), st.integers(5, 120), st.integers(1, 4), st.sampled_from([1, 16, 64]))
def test_the_first_simulation_at_which_a_query_holds_is_found(seed: int, visits: int, nodes: int, batch: int) -> None:
    run = begin(FOUR, evaluator=HashEvaluator(), seed=seed, batch=batch)
    text = f"N > {visits} and depth > 0 and abs(Q) < 2"
    # Time passes with the search alone, so that asking costs none and is always due.
    run.search.start_run(
        Limits(simulations=300), lambda: float(run.tree.simulations), [QueryHolds(text=text, nodes=nodes)]
    )
    while (reason := run.search.advance()) is None:
        pass
    tree = empty_tree(run.search.header)
    query, parameters = parse(text), selection_parameters(run.search.header.settings)
    expected = None
    for step in steps(b"".join(run.journal)):
        apply(tree, step)
        if expected is None and query.run(tree, parameters).sum() >= nodes:
            expected = tree.simulations
    assert (reason.hit.simulation if reason.hit else None) == expected
    if reason.hit is not None:
        assert reason.hit.is_first
        assert reason.hit.after is not None
        assert reason.hit.after >= nodes


def test_a_query_asked_seldom_is_found_at_the_end_of_the_run_and_its_moment_is_a_true_one() -> None:
    """With a clock that stands still nothing may be spent on asking until the run is about to end."""
    run = begin(CHESS, evaluator=HashEvaluator(), batch=16)
    reason = run_with_still_clock(run, QueryHolds(text="N > 60 and depth == 1"))
    assert reason.name == "watchpoint"
    assert reason.hit is not None
    tree = empty_tree(run.search.header)
    query, parameters = parse("N > 60 and depth == 1"), selection_parameters(run.search.header.settings)
    held = []
    for step in steps(b"".join(run.journal)):
        apply(tree, step)
        held.append((tree.simulations, bool(query.run(tree, parameters).any())))
    assert min(done for done, holds in held if holds) == reason.hit.simulation


def run_with_still_clock(run: Run, *watchpoints: AnyWatchpoint) -> StopReason:
    ticks = iter([0.0, 1.0])  # the limits' start and the arming's, which takes a second; then no time passes
    run.search.start_run(Limits(simulations=500), lambda: next(ticks, 2.0), watchpoints)
    while (reason := run.search.advance()) is None:
        pass
    return reason


def test_a_long_way_is_halved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.search.watch_queries._FINDING_S", -1.0)
    looks = 0
    ask = QueryWatch._ask

    def counted(self: QueryWatch, tree: SearchTree) -> int:
        nonlocal looks
        looks += 1
        return ask(self, tree)

    monkeypatch.setattr(QueryWatch, "_ask", counted)
    run = begin(CHESS, evaluator=HashEvaluator(), batch=16)
    reason = run_with_still_clock(run, QueryHolds(text="N > 60 and depth == 1"))
    assert reason.hit is not None
    assert not reason.hit.is_first
    assert looks < 20
    tree = empty_tree(run.search.header)
    query, parameters = parse("N > 60 and depth == 1"), selection_parameters(run.search.header.settings)
    held = {0: False}
    for step in steps(b"".join(run.journal)):
        apply(tree, step)
        held[tree.simulations] = bool(query.run(tree, parameters).any())
    assert held[reason.hit.simulation]
    assert not held[reason.hit.simulation - 1]


def test_a_query_that_cannot_be_read_is_refused_before_the_run_begins() -> None:
    run = begin(FOUR)
    with pytest.raises(QueryError):
        run.search.start_run(Limits(simulations=10), watchpoints=[QueryHolds(text="N >")])
    assert not run.journal


# -- records -----------------------------------------------------------------------------------------------------------

ONE_OF_EACH: tuple[AnyWatchpoint, ...] = (
    BestChanges(after=100),
    VisitsReach(path=(1, 2), visits=500),
    ValueMoves(path=(1,), by=0.2),
    ValueMoves(path=(1,), by=0.2, base=0.1),
    ValueCrosses(path=(), value=0.0, way="down"),
    BranchPruned(),
    BranchPruned(reasons=(1, 6), below=(4,)),
    ProofFound(),
    ProofFound(path=None),
    DepthReached(depth=12),
    QueryHolds(text="N > 5", nodes=3),
)


def test_each_travels_and_has_a_sentence_of_its_own() -> None:
    sentences = [watchpoint_sentence(one, plain_path) for one in ONE_OF_EACH]
    assert len(set(sentences)) == len(ONE_OF_EACH)
    assert sentences[:3] == [
        "the best choice changes, once the root has 100 visits",
        "(1 2) has 500 visits",
        "the value of (1) moves by 0.20",
    ]
    coded = msgspec.json.encode(ONE_OF_EACH)
    assert msgspec.json.decode(coded, type=tuple[AnyWatchpoint, ...]) == ONE_OF_EACH


def test_what_is_gone_with_the_old_root_is_not_watched() -> None:
    there = VisitsReach(path=(1, 2, 3), visits=5)
    assert moved(there, (1, 2)) == VisitsReach(path=(3,), visits=5)
    assert moved(there, (1, 3)) is None
    assert moved(BranchPruned(below=(1,)), (1, 2)) == BranchPruned()
    assert moved(BranchPruned(below=(1,)), (2,)) is None
    assert moved(ProofFound(path=None), (9,)) == ProofFound(path=None)


@pytest.mark.parametrize(
    ("hit", "words"),
    [
        (
            Hit(watchpoint=BestChanges(), index=0, simulation=1234, was=(1,), path=(2,), before=0.1, after=0.2),
            "at simulation 1,234 the best choice changed from (1) (+0.100) to (2) (+0.200)",
        ),
        (
            Hit(watchpoint=ProofFound(), index=0, simulation=7, path=(), after=-1.0),
            "at simulation 7 the root was proven to be a loss for who is to move",
        ),
        (
            Hit(watchpoint=BranchPruned(), index=0, simulation=7, path=(3,), reason=6),
            "at simulation 7 (3) was pruned as a duplicate",
        ),
    ],
)
def test_what_happened_is_said(hit: Hit, words: str) -> None:
    assert hit_sentence(hit, plain_path) == words


def test_bounds_of_a_proof_are_seen_where_they_are_told() -> None:
    run = begin(CHESS, MATE, HashEvaluator(), batch=4)
    reason = watch(run, 2000, ProofFound(path=None))
    assert reason.hit is not None
    first = next(event for event in steps(b"".join(run.journal)) if isinstance(event, Bounds))
    assert reason.hit.simulation == first.at
