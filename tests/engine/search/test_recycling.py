"""A tree that has reached its size makes room and goes on: what it knows of the best line stays."""

from collections.abc import Iterator

import numpy as np
import pytest

from engine.search.hash_evaluator import HashEvaluator
from engine.search.limits import Limits
from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import PruneReason, Recycle, decode, pack
from engine.tree.explain import node_value, principal_variation
from engine.tree.fold import apply, empty_tree
from tests.engine.search.stand_ins import (
    CHESS,
    FOUR,
    SUMS,
    Network,
    Run,
    assert_in_range,
    assert_journal_tells_all,
    begin,
    done,
)

CAP = 2**20
MIDDLEGAME = "r1bq1rk1/pp2bppp/2n1pn2/2pp4/3P1B2/2PBPN2/PP1N1PPP/R2Q1RK1 w - - 0 9"


def recyclings(run: Run) -> Iterator[tuple[SearchTree, Recycle]]:
    """The tree before each recycling, as the journal tells it."""
    tree = empty_tree(run.search.header)
    for event in decode(b"".join(run.journal)):
        if isinstance(event, Recycle):
            yield tree, event
        apply(tree, event)


@pytest.mark.parametrize(("method", "batch"), [("puct", 1), ("puct", 64), ("gumbel", 32), ("uct", 16)])
def test_memory_stays_flat_and_the_best_line_stays(method: str, batch: int) -> None:
    run = begin(CHESS, MIDDLEGAME, HashEvaluator(6.0), method=method, batch=batch, memory_bytes=CAP)
    run.search.start_run(Limits(simulations=4000))
    largest = 0
    while run.search.advance() is None:
        largest = max(largest, run.search.figures().tree_bytes)
    assert largest < CAP + batch * 1000
    assert run.tree.stats["visits"][ROOT] == run.tree.simulations == 4000
    assert_journal_tells_all(run)
    assert_in_range(run.tree)
    for tree, event in recyclings(run):
        line, value, nodes = principal_variation(tree), node_value(tree), tree.num_nodes
        stats = {tree.path(node): tree.stats[node].tobytes() for node in range(nodes)}
        mapping = apply(tree, event)
        assert mapping is not None
        assert principal_variation(tree) == line
        assert node_value(tree) == value
        assert tree.num_nodes < 0.75 * nodes
        for node in range(tree.num_nodes):
            assert tree.stats[node].tobytes() == stats[tree.path(node)], "counts, sums and bounds stay as they were"
        break  # the tree has been changed under the generator
    before = run.search.figures().recycled
    assert before > 0
    run.go(2500)
    assert run.search.figures().recycled > before
    assert_journal_tells_all(run)


def test_what_is_given_up_is_what_was_visited_least() -> None:
    run = done(4000, CHESS, MIDDLEGAME, HashEvaluator(6.0), batch=16, memory_bytes=CAP)
    for tree, event in recyclings(run):
        spared = set(np.frombuffer(event.spared, "<i4").tolist())
        parent = tree.links["parent"][: tree.num_nodes]
        above = tree.stats["visits"][parent]
        proven = tree.stats["lower"][parent] == tree.stats["upper"][parent]
        paths = [tree.path(node) for node in range(tree.num_nodes)]
        mapping = apply(tree, event)
        assert mapping is not None
        gone = np.flatnonzero(mapping < 0)
        kept = [node for node in np.flatnonzero(mapping >= 0).tolist() if node and node not in spared]
        assert all(above[node] > event.below and not proven[node] for node in kept)
        for node in gone.tolist():
            up = int(parent[node])
            assert above[node] <= event.below or proven[node] or mapping[up] < 0
        assert [paths[node] for node in np.flatnonzero(mapping >= 0)] == [
            tree.path(node) for node in range(tree.num_nodes)
        ]
        return


def test_a_batch_in_the_air_when_room_is_made_lands_where_it_belongs_and_room_is_made_once() -> None:
    run = begin(FOUR, "startpos", Network(), batch=64, memory_bytes=CAP, look_for_wins=False)
    run.go(12_000)
    last = None
    count = 0
    for tree, _ in recyclings(run):
        count += 1
        if last is not None:
            assert tree.simulations - last > 1000, "one recycling follows upon another"
        last = tree.simulations
    assert count >= 2
    assert_journal_tells_all(run)
    assert_in_range(run.tree)


def test_proven_branches_stay_proven_when_their_proof_is_recycled() -> None:
    run = begin(FOUR, "startpos moves 1 4 1 4 7 4", HashEvaluator(3.0), batch=8, memory_bytes=CAP)
    run.go(12_000)
    assert run.search.figures().recycled
    lost = {action for action, reason in run.reasons().items() if reason == PruneReason.PROVEN}
    assert lost == {0, 1, 2, 4, 5, 6}
    for action in lost:
        node = int(run.tree.edge_child[run.tree.find_edge((action,))])
        assert run.tree.stats["lower"][node] == run.tree.stats["upper"][node] == 1
        assert run.tree.facts["distance"][node] >= 1
    assert_journal_tells_all(run)


def test_the_evidence_of_a_duplicate_follows_its_twin() -> None:
    run = done(60, SUMS, "0 5", HashEvaluator(1.0), batch=1, look_for_wins=False, prune_out_of_reach=False)
    tree = run.tree
    seen = []
    for below in (0, 1, 2, 4):
        twins = {}
        for edge, pruned in tree.prunes.items():
            if tree.edge_pruned[edge] == PruneReason.DUPLICATE and pruned.evidence >= 0:
                owner = tree.owner(edge)
                twins[tree.path(owner), int(tree.edge_action[edge])] = tree.path(int(pruned.evidence))
        apply(tree, Recycle(tree.simulations, below, pack(np.zeros(0), "<i4")))
        paths = {tree.path(node) for node in range(tree.num_nodes)}
        seen.append(len(twins))
        for (path, action), twin in twins.items():
            if path in paths:
                evidence = int(tree.prunes[tree.find_edge((*path, action))].evidence)
                assert evidence == -1 if twin not in paths else tree.path(evidence) == twin
    assert seen[0] > 3
    assert seen[0] > seen[-1]
