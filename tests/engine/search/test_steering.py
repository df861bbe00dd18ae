"""Steering: every act and its undoing, lent visits, and journals that tell all of it whatever the order."""

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.search.evaluator import UniformEvaluator
from engine.search.hash_evaluator import HashEvaluator
from engine.search.limits import Limits
from engine.search.settings import SearchSettings
from engine.tree.choice import best_edge
from engine.tree.columns import ROOT, BranchError, SearchTree
from engine.tree.events import PruneReason
from engine.tree.explain import candidates, node_value
from engine.tree.selection import selection_parameters
from tests.engine.search.stand_ins import (
    CHESS,
    FOUR,
    HALF,
    Network,
    Run,
    Told,
    assert_in_range,
    assert_journal_tells_all,
    begin,
    done,
    tree_of,
)

CALM = {"prune_out_of_reach": False, "prune_duplicates": False}


def what_selection_reads(tree: SearchTree) -> list[bytes]:
    nodes, edges = tree.num_nodes, tree.num_edges
    stats = [tree.stats[name][:nodes].tobytes() for name in tree.stats.dtype.names if name != "birth"]
    rows = [getattr(tree, name)[:edges].tobytes() for name in ("edge_prior", "edge_child", "edge_pruned")]
    return [*stats, *rows, tree.facts["raw_value"][:nodes].tobytes(), repr(sorted(tree.lent.items())).encode()]


ACTS = {
    "cut": lambda search: search.cut((3,)),
    "cut deep": lambda search: search.cut((3, 2)),
    "cut what is cut": lambda search: search.cut((0,)),
    "restore": lambda search: search.restore((0,)),
    "pin": lambda search: search.pin((2,)),
    "pin what is cut": lambda search: search.pin((0,)),
    "boost": lambda search: search.boost((4,), 30),
    "set_prior": lambda search: search.set_prior((3,), 0.05),
    "set_prior to nothing": lambda search: search.set_prior((3,), 0.0),
    "set_prior to all": lambda search: search.set_prior((6,), 1.0),
    "reevaluate": lambda search: search.reevaluate((), HashEvaluator(1.0, 0.1), "another"),
    "reevaluate deep": lambda search: search.reevaluate((3,), UniformEvaluator(), "another"),
}


@pytest.mark.parametrize("act", ACTS)
def test_undone_an_act_has_changed_nothing_that_selection_reads(act: str) -> None:
    run = done(300, FOUR, "startpos", HashEvaluator(2.0), batch=1, **CALM)
    run.search.cut((0,))
    before = what_selection_reads(run.tree)
    ACTS[act](run.search)
    changed = what_selection_reads(run.tree)
    assert (changed == before) == (act == "cut what is cut")
    assert run.search.undo()
    assert what_selection_reads(run.tree) == before
    assert_journal_tells_all(run)
    again = done(300, FOUR, "startpos", HashEvaluator(2.0), batch=1, **CALM)
    again.search.cut((0,))
    for each in (run, again):
        each.go(200)
    assert run.visits() == again.visits(), "the search goes on as if nothing had been done"
    assert run.search.undo(), "the first cut is still there to be undone"
    assert not run.search.undo()


def test_acts_are_undone_in_reverse_order() -> None:
    run = done(300, FOUR, "startpos", HashEvaluator(2.0), batch=1, **CALM)
    kept = []
    for act in ("cut", "set_prior", "pin", "boost", "reevaluate", "restore"):
        kept.append(what_selection_reads(run.tree))
        ACTS[act](run.search)
    for before in reversed(kept):
        assert run.search.undo()
        assert what_selection_reads(run.tree) == before
    assert not run.search.undo()


def test_set_prior_shares_the_rest_and_keeps_the_sum() -> None:
    run = done(100, FOUR, "startpos", HashEvaluator(2.0), **CALM)

    def priors() -> dict[int, float]:
        edges = run.tree.edge_run(ROOT)
        return dict(zip(run.tree.edge_action[edges].tolist(), run.tree.priors[edges].astype(float), strict=True))

    before = priors()
    run.search.set_prior((3,), 0.7)
    after = priors()
    assert after[3] == pytest.approx(0.7, abs=1e-3)
    assert sum(after.values()) == pytest.approx(1.0, abs=3e-3)
    for action in (0, 1, 2, 4, 5):
        assert after[action] / after[6] == pytest.approx(before[action] / before[6], rel=5e-3)
    with pytest.raises(ValueError, match=r"1\.5"):
        run.search.set_prior((3,), 1.5)


def test_another_intuition_at_a_node_is_what_that_node_goes_by() -> None:
    run = done(200, FOUR, "startpos", HashEvaluator(2.0), **CALM)
    total = float(run.tree.stats["value_sum"][ROOT])
    run.search.reevaluate((), UniformEvaluator(), "uniform")
    edges = run.tree.edge_run(ROOT)
    assert run.tree.priors[edges].astype(float).tolist() == pytest.approx([1 / 7] * 7, abs=1e-3)
    assert run.tree.facts["raw_value"][ROOT] == 0.0
    assert run.tree.stats["value_sum"][ROOT] == total, "visits made so far stay as they are"
    with pytest.raises(BranchError):
        run.search.reevaluate((3, 3, 3, 3, 3, 3, 3, 3, 3), UniformEvaluator(), "uniform")


# -- lent visits -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("batch", [1, 4, 32])
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_lent_visits_count_below_the_branch_and_not_above(batch: int, depth: int) -> None:
    run = done(400, FOUR, "startpos", HashEvaluator(2.0), batch=batch, **CALM)
    tree = run.tree
    path = []
    node = ROOT
    for _ in range(depth):
        path.append(int(tree.edge_action[best_edge(tree, node)]))
        node = int(tree.edge_child[best_edge(tree, node)])
    above = (
        [ROOT]
        if depth == 1
        else [ROOT, *(int(tree.edge_child[tree.find_edge(tuple(path[:d]))]) for d in range(1, depth))]
    )
    before = {k: tree.stats[k].copy() for k in above}
    own = int(tree.stats["visits"][node])
    run.search.boost(tuple(path), 100)
    run.go(100)
    for k, stats in before.items():
        assert tree.stats[k] == stats, "visits, sums, everything above stands as it was"
    assert tree.stats["visits"][node] == own + 100
    assert tree.stats["borrowed"][node] == 100
    assert not tree.lent
    for parent in [*above, node]:
        child = tree.edge_child[tree.edge_run(parent)]
        child = child[child >= 0]
        counted = (tree.stats["visits"][child] - tree.stats["borrowed"][child]).sum()
        assert counted + 1 == tree.stats["visits"][parent]
    table = candidates(tree, ROOT, selection_parameters(run.search.header.settings))
    assert int(table.visits.sum()) + 1 == tree.stats["visits"][ROOT]
    assert_journal_tells_all(run)
    assert_in_range(tree)


def test_lent_visits_move_selection_through_a_better_value_alone() -> None:
    """Arms whose value never changes: whatever is lent to one, the next visits go where they would have gone."""
    rules = tree_of([3, *[1] * 60], lambda path: HALF)
    told = Told(
        lambda s: (
            ([0.5, 0.3, 0.2], 0.0)
            if not s["depth"]
            else (None, (0.1, 0.3, 0.2)[int(str(int(s["path"])).zfill(min(18, int(s["depth"])))[0])])
        )
    )
    for method in ("puct", "gumbel", "uct"):
        plain, lent = (done(20, rules, "0 0", told, batch=1, method=method, seed=1, **CALM) for _ in range(2))
        lent.search.boost((2,), 15)
        lent.go(15)
        assert plain.visits() == lent.visits(), method
        if method == "uct":
            continue  # its playouts have been drawn from the same sequence
        for run in (plain, lent):
            run.go(30)
        assert plain.visits() == lent.visits(), method


def test_visits_lent_to_what_nobody_has_visited() -> None:
    for method in ("puct", "uct", "gumbel", "beam", "best-of-n"):
        run = done(1, FOUR, "startpos", HashEvaluator(2.0), batch=4, method=method, **CALM)
        run.search.boost((5,), 12)
        run.search.start_run(Limits(simulations=40))
        while run.tree.lent:
            run.search.advance()
        child = int(run.tree.edge_child[run.tree.find_edge((5,))])
        assert run.tree.stats["visits"][child] == run.tree.stats["borrowed"][child] == 12
        assert run.visits()[5] == 0
        while run.search.advance() is None:
            pass
        assert run.tree.stats["visits"][ROOT] == 41 - 12
        assert_journal_tells_all(run)


def test_what_is_lent_can_be_taken_back_and_is_not_lent_where_it_would_find_nothing() -> None:
    run = done(100, FOUR, "startpos", HashEvaluator(2.0), batch=1, **CALM)
    run.search.boost((2,), 50)
    run.search.boost((2,), 20)
    run.search.start_run(Limits(simulations=300))
    for _ in range(10):
        run.search.advance()
    assert run.search.undo()
    assert run.tree.lent == {run.tree.find_edge((2,)): 50}
    assert run.search.undo()
    assert not run.tree.lent
    assert run.tree.stats["borrowed"][run.tree.edge_child[run.tree.find_edge((2,))]] == 10
    with pytest.raises(ValueError, match="0 visits"):
        run.search.boost((2,), 0)
    won = done(50, FOUR, "startpos moves 4 1 4 1 4 1", UniformEvaluator())
    with pytest.raises(ValueError, match="certain"):
        won.search.boost((3,), 5)


# -- acts that meet a run --------------------------------------------------------------------------------------------


def test_a_win_below_what_was_cut_is_not_visited() -> None:
    """A reply that wins is seen, its branch is cut before it is visited: the branch gets no visit more."""
    run = begin(FOUR, "startpos moves 4 1 4 1", UniformEvaluator(), batch=1)
    run.search.start_run(Limits(simulations=100))
    for _ in range(2):
        run.search.advance()
    first = run.tree.path(1)
    run.search.cut(first)
    before = run.visits()[first[0]]
    while run.search.advance() is None:
        pass
    assert run.visits()[first[0]] == before


def test_gumbel_can_be_chosen_before_a_run_and_not_within_one_that_has_no_budget() -> None:
    run = begin(FOUR, "startpos", HashEvaluator(), method="gumbel")
    run.search.play((3,))
    run.go(40)
    run.search.play((3,))
    assert run.search.advance() is not None, "the run is over, and playing on does not begin another"
    run.go(40)
    assert_journal_tells_all(run)
    other = begin(FOUR, "startpos", HashEvaluator())
    other.search.start_run(Limits(seconds=1000.0))
    other.search.advance()
    events = len(other.journal)
    with pytest.raises(ValueError, match="number of simulations"):
        other.search.switch(HashEvaluator(), SearchSettings(method="gumbel"), "hash")
    assert len(other.journal) == events
    assert other.search.settings.method == "puct"
    other.search.pause()
    other.search.switch(HashEvaluator(), SearchSettings(method="gumbel"), "hash")
    other.go(30)
    assert_journal_tells_all(other)


def test_a_switch_within_a_run_gives_what_the_last_method_gave_up_another_chance() -> None:
    run = begin(CHESS, "startpos", HashEvaluator(3.0), method="gumbel", considered=4)
    run.search.start_run(Limits(simulations=200))
    for _ in range(12):
        run.search.advance()
    assert PruneReason.LOW_PRIOR in run.reasons().values()
    run.search.switch(HashEvaluator(3.0), SearchSettings(method="puct", prune_out_of_reach=False), "hash")
    while run.search.advance() is None:
        pass
    assert set(run.reasons().values()) == {0}
    assert_journal_tells_all(run)


def test_nothing_can_be_undone_across_a_move() -> None:
    run = done(200, FOUR, "startpos", HashEvaluator(2.0), **CALM)
    run.search.cut((0,))
    run.search.play((3,))
    assert not run.search.undo()


# -- any order of acts -----------------------------------------------------------------------------------------------


class Steered(RuleBasedStateMachine):
    """A search under any sequence of runs and acts; after each, the journal alone gives the same tree."""

    where = FOUR
    methods = ("puct", "gumbel", "uct", "beam", "best-of-n")
    memory = 2**31

    @initialize(
        method=st.sampled_from(("puct", "gumbel", "uct", "beam", "best-of-n")),
        batch=st.sampled_from((1, 3, 16)),
        networked=st.booleans(),
    )
    def begin(self, method: str, batch: int, networked: bool) -> None:
        self.evaluator = Network() if networked and self.where == FOUR else HashEvaluator(3.0, 0.9)
        self.run_: Run = begin(
            self.where, "startpos", self.evaluator, method=method, batch=batch, memory_bytes=self.memory
        )

    def path(self, pick: int, depth: int) -> tuple[int, ...]:
        """Some path into the tree, not always along visited branches."""
        tree = self.run_.tree
        node, path = ROOT, []
        for level in range(depth):
            run = tree.edge_run(node)
            if node < 0 or run.stop == run.start:
                break
            visited = run.start + np.flatnonzero(tree.edge_child[run] >= 0)
            choices = visited if len(visited) and (pick >> level) % 5 else np.arange(run.start, run.stop)
            edge = int(choices[(pick >> (2 * level)) % len(choices)])
            path.append(int(tree.edge_action[edge]))
            node = int(tree.edge_child[edge])
        return tuple(path)

    @rule(simulations=st.integers(1, 120))
    def go(self, simulations: int) -> None:
        self.run_.search.pause()
        before = self.run_.tree.simulations
        self.run_.go(simulations)
        assert self.run_.tree.simulations - before <= simulations

    @rule(simulations=st.integers(1, 200), advances=st.integers(1, 6))
    def begin_and_leave_running(self, simulations: int, advances: int) -> None:
        self.run_.search.start_run(Limits(simulations=simulations))
        for _ in range(advances):
            self.run_.search.advance()

    @rule()
    def pause(self) -> None:
        self.run_.search.pause()

    @precondition(lambda self: self.run_.tree.num_nodes)
    @rule(
        act=st.sampled_from(("cut", "restore", "pin", "boost", "set_prior", "reevaluate")),
        pick=st.integers(0, 10**6),
        depth=st.integers(1, 3),
    )
    def steer(self, act: str, pick: int, depth: int) -> None:
        path, search = self.path(pick, depth), self.run_.search
        if not path:
            return
        try:
            if act == "boost":
                search.boost(path, 1 + pick % 40)
            elif act == "set_prior":
                search.set_prior(path, pick % 100 / 100)
            elif act == "reevaluate":
                search.reevaluate(path, HashEvaluator(1.0, 0.2), "other")
            else:
                getattr(search, act)(path)
        except (BranchError, ValueError):
            pass  # refused, and nothing may have changed

    @rule()
    def undo(self) -> None:
        self.run_.search.undo()

    @rule(pick=st.integers(0, 10**6), depth=st.integers(1, 2))
    def play(self, pick: int, depth: int) -> None:
        path = self.path(pick, depth) if self.run_.tree.num_nodes else ()
        self.run_.search.play(path)

    @rule(method=st.sampled_from(methods), batch=st.sampled_from((1, 5, 40)), looks=st.booleans())
    def switch(self, method: str, batch: int, looks: bool) -> None:
        chosen = SearchSettings(
            method=method, batch=batch, look_for_wins=looks, prune_duplicates=looks, memory_bytes=self.memory
        )
        self.run_.search.switch(self.evaluator, chosen, "switched")

    @invariant()
    def the_journal_tells_all(self) -> None:
        if not hasattr(self, "run_"):
            return
        search, tree = self.run_.search, self.run_.tree
        if not search._flights:
            assert_journal_tells_all(self.run_)
        assert_in_range(tree)
        assert (tree.edge_pruned[: tree.num_edges] > 0).sum() == len(tree.prunes)
        assert abs(node_value(tree)) <= 1 if tree.num_nodes else True

    def teardown(self) -> None:
        if hasattr(self, "run_"):
            self.run_.search.pause()
            assert_journal_tells_all(self.run_)


class SteeredChess(Steered):
    where = CHESS
    memory = 2**20


TestSteered = Steered.TestCase
TestSteered.settings = settings(max_examples=25, stateful_step_count=25, deadline=None, derandomize=True)
TestSteeredChess = SteeredChess.TestCase
TestSteeredChess.settings = settings(max_examples=10, stateful_step_count=25, deadline=None, derandomize=True)
