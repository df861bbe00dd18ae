"""Every prune reason as a real search gives it: at the right moment, on the right evidence, and taken back again."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domains import registry
from engine.domains.base import Rules
from engine.search.evaluator import UniformEvaluator
from engine.search.hash_evaluator import HashEvaluator
from engine.search.limits import Limits
from engine.tree.choice import best_edge
from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import Prune, PruneReason, Restore, decode
from engine.tree.fold import apply, empty_tree
from tests.engine.search.stand_ins import (
    ADDENDS,
    CHESS,
    FOUR,
    GOAL,
    HALF,
    SUMS,
    WRONG,
    Run,
    Told,
    assert_journal_tells_all,
    begin,
    digits,
    done,
    tree_of,
)

RUN_WISE = {PruneReason.OUT_OF_REACH, PruneReason.ELIMINATED, PruneReason.LOW_PRIOR}


def counted(tree: SearchTree, edge: int) -> int:
    """Visits of an edge that its node counts."""
    child = int(tree.edge_child[edge])
    return int(tree.stats["visits"][child] - tree.stats["borrowed"][child]) if child >= 0 else 0


def open_edges(tree: SearchTree, node: int) -> list[int]:
    run = tree.edge_run(node)
    return [edge for edge in range(run.start, run.stop) if not tree.edge_pruned[edge]]


def follow(run: Run, rules: Rules, budget: int | None = None) -> Counter[PruneReason]:
    """Check moment and evidence of every prune of a journal by what the tree was like just then; how many of each."""
    tree = empty_tree(run.search.header)
    seen: Counter[PruneReason] = Counter()
    for event in decode(b"".join(run.journal)):
        if not isinstance(event, Prune):
            apply(tree, event)
            continue
        assert event.at == tree.simulations
        columns = zip(
            np.frombuffer(event.edge, "<i4").tolist(),
            event.reason,
            np.frombuffer(event.evidence, "<f4").tolist(),
            strict=True,
        )
        rows = [(edge, PruneReason(reason), evidence) for edge, reason, evidence in columns]
        for edge, reason, evidence in rows:
            seen[reason] += 1
            check_evidence(tree, rules, edge, reason, evidence, budget)
        apply(tree, event)
        for edge, reason, evidence in rows:
            if reason == PruneReason.LOW_PRIOR and tree.num_players == 2:
                kept = open_edges(tree, tree.owner(edge))
                assert all(math.log(tree.priors[k]) >= evidence - 1e-3 for k in kept)
    return seen


def check_evidence(
    tree: SearchTree, rules: Rules, edge: int, reason: PruneReason, evidence: float, budget: int | None
) -> None:
    child, node = int(tree.edge_child[edge]), tree.owner(edge)
    match reason:
        case PruneReason.PROVEN | PruneReason.REJECTED:
            assert evidence == -1.0
            assert tree.sign * tree.stats["lower"][child] == tree.sign * tree.stats["upper"][child] == -1
            assert (reason == PruneReason.REJECTED) == (tree.num_players == 1)
        case PruneReason.OUT_OF_REACH:
            assert budget is not None
            assert node == ROOT
            ahead = max(counted(tree, k) for k in open_edges(tree, ROOT))
            assert evidence == ahead - counted(tree, edge) > budget - tree.simulations
        case PruneReason.BY_HAND:
            assert evidence == (tree.stats["visits"][child] if child >= 0 else 0)
        case PruneReason.DUPLICATE:
            twin = int(evidence)
            assert 0 <= twin < child
            keys = [rules.load(tree.line_to(place))[-1]["key"] for place in (child, twin)]
            assert keys[0] == keys[1]
            if tree.num_players == 2:
                assert tree.links["parent"][twin] == node


@given(seed=st.integers(0, 100), batch=st.sampled_from([1, 4, 32]), budget=st.integers(2, 400))
def test_what_is_out_of_reach_could_not_have_caught_up(seed: int, batch: int, budget: int) -> None:
    column = str(1 + seed % 7)
    run = begin(FOUR, f"startpos moves {column} {column}", HashEvaluator(1.0 + seed % 5, 0.9), batch=batch)
    run.go(budget)
    follow(run, registry.rules(FOUR), budget)
    tree = run.tree
    if tree.stats["lower"][ROOT] == tree.stats["upper"][ROOT]:
        return
    ahead = max((counted(tree, edge) for edge in open_edges(tree, ROOT)), default=0)
    behind = [edge for edge in range(7) if tree.edge_pruned[edge] == PruneReason.OUT_OF_REACH]
    assert all(counted(tree, edge) < ahead for edge in behind), "the leader fell, and nobody told those behind it"


def test_those_behind_are_in_reach_again_when_the_leader_turns_out_to_lose() -> None:
    """Arm 0 looks best by far, until its sixth reply, the least plausible one, ends play with a loss."""
    rules = tree_of([3, 6, *[2] * 14], lambda path: HALF, players=2, early={(0, 5): WRONG})

    def opinion(state: np.void) -> tuple[list[float] | None, float]:
        path = digits(state["path"], state["depth"])
        if not path:
            return [0.6, 0.25, 0.15], 0.0
        value = (0.8, 0.2, 0.1)[path[0]] * (-1) ** len(path)
        return ([0.196] * 5 + [0.02] if len(path) == 1 and path[0] == 0 else None), value

    run = begin(rules, "0 0", Told(opinion), batch=1, look_for_wins=False)
    run.go(300)
    reasons = run.reasons()
    events = list(decode(b"".join(run.journal)))
    cut = [e.at for e in events if isinstance(e, Prune) and PruneReason.OUT_OF_REACH in e.reason]
    restored = [e.at for e in events if isinstance(e, Restore)]
    assert reasons[0] == PruneReason.PROVEN, "the test wants a leader that falls"
    assert cut
    assert restored
    assert cut[0] < restored[0] < 300
    assert int(run.tree.edge_action[best_edge(run.tree, ROOT)]) == 1
    assert sum(run.visits().values()) == 299


def test_low_prior_and_eliminated_by_gumbel() -> None:
    run = begin(CHESS, "startpos", HashEvaluator(4.0), method="gumbel", considered=8, batch=4)
    run.go(65)
    seen = follow(run, registry.rules(CHESS))
    assert seen == {PruneReason.LOW_PRIOR: 12, PruneReason.ELIMINATED: 7}
    low = [edge for edge, pruned in run.tree.prunes.items() if run.tree.edge_pruned[edge] == PruneReason.LOW_PRIOR]
    for edge in low:
        assert run.tree.prunes[edge].evidence == pytest.approx(math.log(run.tree.priors[edge]), abs=1e-3)
        assert run.tree.prunes[edge].at == 1
        assert counted(run.tree, edge) == 0
    assert len(open_edges(run.tree, ROOT)) == 1


@pytest.mark.parametrize("method", ["puct", "gumbel", "beam", "best-of-n"])
def test_the_next_run_gives_another_chance_to_what_was_given_up_for_the_last(method: str) -> None:
    run = begin(CHESS, "startpos", HashEvaluator(4.0), method=method, width=3, considered=4)
    run.go(150)
    tree = run.tree
    given_up = {edge for edge in tree.prunes if tree.edge_pruned[edge] in RUN_WISE}
    assert given_up
    before = len(run.journal)
    run.search.start_run(Limits(simulations=10))
    events = list(decode(b"".join(run.journal[before:])))
    assert len(events) == 1
    assert isinstance(events[0], Restore)
    assert set(np.frombuffer(events[0].edge, "<i4").tolist()) == given_up
    assert not {edge for edge in tree.prunes if tree.edge_pruned[edge] in RUN_WISE}
    assert_journal_tells_all(run)


def test_a_verifier_rejects_and_orders_of_the_same_numbers_are_duplicates() -> None:
    run = done(400, SUMS, "1 3", UniformEvaluator(), batch=4, look_for_wins=False, prune_out_of_reach=False)
    seen = follow(run, SUMS)
    assert set(seen) == {PruneReason.REJECTED, PruneReason.DUPLICATE}
    assert seen[PruneReason.REJECTED] > 5
    assert seen[PruneReason.DUPLICATE] > 5
    states = SUMS.load(run.tree.line)
    for edge, pruned in run.tree.prunes.items():
        child = int(run.tree.edge_child[edge])
        state = SUMS.load(run.tree.line_to(child))[-1]
        if run.tree.edge_pruned[edge] == PruneReason.DUPLICATE:
            twin = SUMS.load(run.tree.line_to(int(pruned.evidence)))[-1]
            assert (twin["total"], twin["left"]) == (state["total"], state["left"])
        else:
            assert not solvable(int(state["total"]), int(state["left"]))
    assert not solvable(int(states[-1]["total"]), int(states[-1]["left"])) or run.tree.stats["lower"][ROOT] == 1


def solvable(total: int, left: int) -> bool:
    return total == GOAL or (total < GOAL and left > 0 and any(solvable(total + n, left - 1) for n in ADDENDS))


@pytest.mark.parametrize("total", range(GOAL))
@pytest.mark.parametrize("left", [1, 3, 4])
@pytest.mark.parametrize("method", ["puct", "best-of-n", "beam"])
def test_with_duplicates_cut_no_solution_is_lost(total: int, left: int, method: str) -> None:
    run = begin(SUMS, f"{total} {left}", HashEvaluator(2.0), batch=2, method=method, width=4, look_for_wins=False)
    for _ in range(6):
        if run.go(150).name in ("solved", "exhausted"):
            break
    if method == "puct" or solvable(total, left):
        assert (run.tree.stats["lower"][ROOT] == 1) == solvable(total, left)
    assert_journal_tells_all(run)


def test_a_duplicate_whose_twin_is_dropped_is_searched_again() -> None:
    run = done(60, SUMS, "0 5", HashEvaluator(1.0), batch=1, look_for_wins=False, prune_out_of_reach=False)
    tree = run.tree
    paths = {
        tree.path(int(tree.edge_child[edge])): tree.path(int(pruned.evidence))
        for edge, pruned in tree.prunes.items()
        if tree.edge_pruned[edge] == PruneReason.DUPLICATE
    }
    cut, twin = next((cut, twin) for cut, twin in paths.items() if cut[0] != twin[0] and len(cut) == 2)
    inside = [cut for cut, twin in paths.items() if cut[0] == twin[0] == cut[0] and len(cut) > 2]
    run.search.play(cut[:1])
    edge = tree.find_edge(cut[1:])
    assert not tree.edge_pruned[edge], f"its twin at {twin} is gone"
    assert edge not in tree.prunes
    for path in inside:  # those whose twin is still there stay cut, on evidence that names it by its new number
        if path[0] == cut[0]:
            record = tree.prunes[tree.find_edge(path[1:])]
            assert tree.path(int(record.evidence)) == paths[path][1:]
    assert_journal_tells_all(run)
    run.go(300)
    assert tree.stats["lower"][ROOT] == 1


def test_mirror_images_are_cut_among_siblings_in_connect_four() -> None:
    run = done(300, FOUR, "startpos", HashEvaluator(2.0), prune_out_of_reach=False, batch=8)
    assert follow(run, registry.rules(FOUR))[PruneReason.DUPLICATE] > 3
    reasons = run.reasons()
    assert Counter(reasons.values()) == {0: 4, PruneReason.DUPLICATE: 3}
    for action in range(3):
        assert (reasons[action] == 0) != (reasons[6 - action] == 0)
        cut = action if reasons[action] else 6 - action
        assert run.tree.path(int(run.evidence(cut))) == (6 - cut,)
    plain = done(300, FOUR, "startpos", HashEvaluator(2.0), prune_out_of_reach=False, prune_duplicates=False)
    assert not plain.tree.prunes


def test_nothing_is_a_duplicate_in_chess() -> None:
    run = done(1500, CHESS, "startpos", HashEvaluator(1.0), prune_out_of_reach=False, batch=16)
    assert PruneReason.DUPLICATE not in follow(run, registry.rules(CHESS))


CASES = [
    (PruneReason.PROVEN, FOUR, "startpos moves 1 4 1 4 7 4", {"evaluator": UniformEvaluator()}),
    (PruneReason.OUT_OF_REACH, FOUR, "startpos", {}),
    (PruneReason.ELIMINATED, FOUR, "startpos", {"method": "gumbel"}),
    (PruneReason.LOW_PRIOR, FOUR, "startpos", {"method": "gumbel", "considered": 3}),
    (PruneReason.DUPLICATE, FOUR, "startpos", {}),
    (PruneReason.REJECTED, SUMS, "8 2", {}),
]


@pytest.mark.parametrize(("reason", "where", "line", "options"), CASES, ids=[case[0].name for case in CASES])
def test_whatever_it_was_cut_for_a_person_can_restore_it(
    reason: PruneReason, where: str | Rules, line: str, options: dict[str, object]
) -> None:
    run = done(200, where, line, **options)  # type: ignore[arg-type]
    edge = next(edge for edge in run.tree.prunes if run.tree.edge_pruned[edge] == reason)
    path = tree_path(run.tree, edge)
    run.search.restore(path)
    assert run.tree.edge_pruned[edge] == 0
    assert edge not in run.tree.prunes
    assert run.search.undo()
    assert run.tree.edge_pruned[edge] == reason
    assert_journal_tells_all(run)


def tree_path(tree: SearchTree, edge: int) -> tuple[int, ...]:
    return (*tree.path(tree.owner(edge)), int(tree.edge_action[edge]))


def test_restoring_what_is_open_is_no_act_to_undo() -> None:
    run = done(50)
    run.search.cut((3,))
    run.search.restore((2,))
    assert run.search.undo()
    assert run.reasons()[3] != PruneReason.BY_HAND
    assert not run.search.undo()
