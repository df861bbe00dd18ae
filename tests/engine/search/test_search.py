"""The search against a slow reference, solved positions, its own invariants and its own journal."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domains import registry
from engine.domains.base import ActionError, Line
from engine.search.evaluator import Evaluation, Leaves, UniformEvaluator
from engine.search.hash_evaluator import HashEvaluator
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings
from engine.tree.choice import best_edge
from engine.tree.columns import ROOT
from engine.tree.events import PruneReason, journal_sha256
from engine.tree.explain import candidates, node_value, wdl
from engine.tree.fold import empty_tree, fold_stream
from engine.tree.selection import selection_parameters
from tests.engine.search.reference import reference_search

FOUR = "connect_four"


def line_of(text: str) -> Line:
    return registry.notation(FOUR).parse_line(text)


def searched(
    text: str = "startpos",
    simulations: int = 300,
    evaluator: object | None = None,
    **options: object,
) -> tuple[Search, list[bytes]]:
    parts: list[bytes] = []
    search = Search(
        registry.rules(FOUR),
        evaluator or HashEvaluator(),  # type: ignore[arg-type]
        line_of(text),
        SearchSettings(**({"policy_temperature": 1.0} | options)),  # type: ignore[arg-type]
        parts.append,
    )
    search.start_run(Limits(simulations=simulations))
    while search.advance() is None:
        pass
    return search, parts


def visits_by_action(search: Search, node: int = ROOT) -> dict[int, int]:
    table = candidates(search.tree, node, selection_parameters(search.header.settings))
    return dict(zip(table.action.tolist(), table.visits.tolist(), strict=True))


@pytest.mark.parametrize("text", ["startpos", "startpos moves 4"])
@pytest.mark.parametrize("fpu", [0.0, 0.33])
def test_a_batch_of_one_is_the_sequential_search(text: str, fpu: float) -> None:
    options = {
        "batch": 1,
        "fpu_reduction": fpu,
        "prune_out_of_reach": False,
        "look_for_wins": False,
        "prune_duplicates": False,
    }
    evaluator = HashEvaluator(skew=3.0)
    search, _ = searched(text, 400, evaluator, **options)
    reference = reference_search(
        registry.rules(FOUR), evaluator, line_of(text), SearchSettings(**({"policy_temperature": 1.0} | options)), 400
    )
    expected = {
        action: (reference.children[action].visits if action in reference.children else 0)
        for action in reference.priors
    }
    assert visits_by_action(search) == expected
    assert node_value(search.tree) == pytest.approx(reference.total / reference.visits, abs=1e-9)
    best = max(reference.children, key=lambda action: reference.children[action].visits)
    child = int(search.tree.edge_child[search.tree.edge_of(ROOT, best)])
    grand = reference.children[best]
    assert visits_by_action(search, child) == {
        action: (grand.children[action].visits if action in grand.children else 0) for action in grand.priors
    }


def check_invariants(search: Search) -> None:
    tree = search.tree
    n = tree.num_nodes
    assert not tree.stats["in_flight"][:n].any()
    assert not (tree.edge_child[: tree.num_edges] < -1).any(), "a pending mark was left"
    for node in range(n):
        run = tree.edge_run(node)
        child = tree.edge_child[run]
        child = child[child >= 0]
        below = int((tree.stats["visits"] - tree.stats["borrowed"])[child].sum())
        own = int(tree.stats["visits"][node])
        if tree.facts["outcome"][node] or tree.stats["lower"][node] == tree.stats["upper"][node]:
            assert below <= own
        else:
            assert own - below == 1
        assert abs(float(tree.stats["value_sum"][node])) <= own + 1e-9
        if run.stop > run.start:
            assert float(tree.priors[run].astype(np.float64).sum()) == pytest.approx(1.0, abs=2e-3)
            assert (np.diff(tree.priors[run].astype(np.float64)) <= 0).all()
        assert (tree.links["parent"][child] == node).all()


@settings(max_examples=25, deadline=None)
@given(
    moves=st.lists(st.integers(1, 7), max_size=12),
    simulations=st.integers(1, 250),
    batch=st.sampled_from([1, 2, 7, 32, 256]),
    skew=st.floats(0, 8),
)
def test_visits_are_conserved_and_nothing_is_left_in_flight(
    moves: list[int], simulations: int, batch: int, skew: float
) -> None:
    legal: list[int] = []
    for move in moves:  # keep the longest legal beginning
        try:
            line_of("startpos moves " + " ".join(map(str, [*legal, move])))
        except ActionError:
            break
        legal.append(move)
    text = "startpos moves " + " ".join(map(str, legal)) if legal else "startpos"
    search, parts = searched(text, simulations, HashEvaluator(skew), batch=batch)
    check_invariants(search)
    if search.tree.stats["lower"][ROOT] != search.tree.stats["upper"][ROOT]:
        assert int(search.tree.stats["visits"][ROOT]) == simulations
    again, other = searched(text, simulations, HashEvaluator(skew), batch=batch)
    assert journal_sha256(search.header, parts) == journal_sha256(again.header, other)


def test_the_journal_alone_gives_the_same_tree() -> None:
    search, parts = searched("startpos moves 4 4", 3000, HashEvaluator(4.0, 0.9), batch=16)
    copy = empty_tree(search.header)
    fold_stream(copy, b"".join(parts))
    tree = search.tree
    assert (copy.num_nodes, copy.num_edges, copy.simulations) == (tree.num_nodes, tree.num_edges, tree.simulations)
    for name in ("links", "stats", "facts"):
        assert getattr(copy, name)[: copy.num_nodes].tobytes() == getattr(tree, name)[: tree.num_nodes].tobytes(), name
    for name in ("edge_action", "edge_prior", "edge_child", "edge_pruned"):
        assert np.array_equal(getattr(copy, name)[: copy.num_edges], getattr(tree, name)[: tree.num_edges]), name
    assert copy.prunes == tree.prunes


def test_a_journal_can_be_stopped_at_any_simulation() -> None:
    search, parts = searched("startpos", 200, batch=1)
    batched, other = searched("startpos", 200, batch=32)
    for stream, source in ((parts, search), (other, batched)):
        for stop in (1, 2, 57, 199):
            tree = empty_tree(source.header)
            fold_stream(tree, b"".join(stream), until=stop)
            assert tree.simulations == stop
            assert int(tree.stats["visits"][ROOT]) == stop


@pytest.mark.parametrize(
    ("text", "best", "proven"),
    [
        ("startpos moves 4 1 4 1 4 1", "4", 1),  # X completes a column
        ("startpos moves 1 4 1 4 7 4", "4", 0),  # X must block; O's threat is real
    ],
)
def test_a_win_or_a_forced_block_is_found_by_search_alone(text: str, best: str, proven: int) -> None:
    search, _ = searched(text, 2000, UniformEvaluator(), batch=8)
    action = int(search.tree.edge_action[best_edge(search.tree, ROOT)])
    names = {c.action: c.name for c in registry.notation(FOUR).choices(line_of(text))}
    assert names[action] == best
    if proven:
        assert node_value(search.tree) == proven
        assert wdl(search.tree) == (1.0, 0.0, 0.0)
        assert search.advance().name == "solved"  # type: ignore[union-attr]


def test_a_blunder_is_pruned_as_proven_with_its_evidence() -> None:
    search, _ = searched("startpos moves 1 4 1 4 7 4", 2000, UniformEvaluator(), batch=4)
    tree = search.tree
    reasons = {int(tree.edge_action[e]): int(tree.edge_pruned[e]) for e in range(*tree.edge_run(ROOT).indices(10**9))}
    table = candidates(tree, ROOT, selection_parameters(search.header.settings))
    lost = [int(a) for a, upper in zip(table.action, table.upper, strict=True) if upper == -1]
    assert sorted(lost) == [0, 1, 2, 4, 5, 6], "every move but the block loses at once"
    for action in lost:
        edge = tree.edge_of(ROOT, action)
        assert reasons[action] == PruneReason.PROVEN
        assert tree.prunes[edge].evidence == -1.0
        assert 0 < tree.prunes[edge].at <= 2000


def test_out_of_reach_cuts_only_what_cannot_catch_up() -> None:
    search, _ = searched("startpos", 500, HashEvaluator(5.0))
    tree = search.tree
    table = candidates(tree, ROOT, selection_parameters(search.header.settings))
    cut = table.pruned == PruneReason.OUT_OF_REACH
    assert cut.any()
    for edge, visits in zip(table.edge[cut], table.visits[cut], strict=True):
        record = tree.prunes[int(edge)]
        assert record.evidence > 500 - record.at, "it could still have caught up"
        assert visits + (500 - record.at) < table.visits.max()
    search.start_run(Limits(simulations=1))
    assert not (tree.edge_pruned[: tree.num_edges] == PruneReason.OUT_OF_REACH).any(), "a new budget gives a new chance"


def test_a_step_decides_nothing_and_gives_up_nothing() -> None:
    search, _ = searched("startpos", 500, HashEvaluator(5.0))
    for is_step in (True, False):
        search.start_run(Limits(simulations=10, is_step=is_step))
        while search.advance() is None:
            pass
        cut = search.tree.edge_pruned[: search.tree.num_edges] == PruneReason.OUT_OF_REACH
        assert cut.any() != is_step
    assert search.tree.simulations == 520


def test_a_branch_cut_by_hand_gets_no_more_visits_until_it_is_restored() -> None:
    search, _ = searched("startpos", 200, prune_out_of_reach=False)
    action = int(search.tree.edge_action[best_edge(search.tree, ROOT)])
    before = visits_by_action(search)[action]
    search.cut((action,))
    assert search.tree.prunes[search.tree.edge_of(ROOT, action)].evidence == before
    search.start_run(Limits(simulations=300))
    while search.advance() is None:
        pass
    assert visits_by_action(search)[action] == before
    check_invariants(search)
    search.restore((action,))
    search.start_run(Limits(simulations=300))
    while search.advance() is None:
        pass
    assert visits_by_action(search)[action] > before
    assert search.tree.edge_of(ROOT, action) not in search.tree.prunes


def test_a_node_with_every_branch_cut_is_a_dead_end_and_the_root_stops_the_run() -> None:
    search, _ = searched("startpos", 50, prune_out_of_reach=False)
    main = int(search.tree.edge_action[best_edge(search.tree, ROOT)])
    for action in range(7):
        search.cut((main, action))
    search.start_run(Limits(simulations=100))
    while search.advance() is None:
        pass
    for action in range(7):
        search.cut((action,))
    search.start_run(Limits(simulations=100))
    assert search.advance().name == "nothing_left"  # type: ignore[union-attr]


def test_playing_an_action_keeps_its_subtree_exactly() -> None:
    search, parts = searched("startpos moves 4", 1500, HashEvaluator(3.0))
    tree = search.tree
    edge = best_edge(tree, ROOT)
    action, child = int(tree.edge_action[edge]), int(tree.edge_child[edge])
    kept = visits_by_action(search, child)
    visits, value = int(tree.stats["visits"][child]), float(tree.stats["value_sum"][child])
    search.play((action,))
    assert search.tree.line == line_of("startpos moves 4").then(action)
    assert int(tree.stats["visits"][ROOT]) == visits
    assert float(tree.stats["value_sum"][ROOT]) == value
    assert visits_by_action(search) == kept
    assert int(tree.facts["depth"][: tree.num_nodes].min()) == 0
    check_invariants(search)
    search.start_run(Limits(simulations=400))
    while search.advance() is None:
        pass
    check_invariants(search)
    copy = empty_tree(search.header)
    fold_stream(copy, b"".join(parts))
    assert copy.stats[: copy.num_nodes].tobytes() == tree.stats[: tree.num_nodes].tobytes()


def test_playing_an_unvisited_action_starts_afresh_and_an_illegal_one_changes_nothing() -> None:
    search, _ = searched("startpos", 2, prune_out_of_reach=False)
    unvisited = [action for action, visits in visits_by_action(search).items() if visits == 0]
    nodes = search.tree.num_nodes
    with pytest.raises(ActionError, match="not legal"):
        search.play((unvisited[0], 9))
    assert search.tree.num_nodes == nodes
    search.play((unvisited[0],))
    assert search.tree.num_nodes == 0
    search.start_run(Limits(simulations=20))
    while search.advance() is None:
        pass
    assert int(search.tree.stats["visits"][ROOT]) == 20
    check_invariants(search)


class Bandit:
    """Knows nothing of the root; every action's value is fixed by hand."""

    name, weights_hash, device, fmt = "bandit", "", "none", None

    def __init__(self, priors: list[float], values: list[float]) -> None:
        self.priors, self.values = priors, values

    def evaluate(self, leaves: Leaves) -> Evaluation:
        logits = np.concatenate([np.log(np.array(self.priors, np.float32)) for _ in range(len(leaves.states))])
        wdl = np.zeros((len(leaves.states), 3), np.float32)
        wdl[:, 1] = 1.0
        for row, state in enumerate(leaves.states):
            value = self._value(state)
            wdl[row] = (max(value, 0.0), 1.0 - abs(value), max(-value, 0.0))
        return Evaluation(logits, wdl)

    def _value(self, state: np.void) -> float:
        planes = registry.rules(FOUR).encode(np.array([[state]], state.dtype), np.ones(1, np.int32), "planes")[0]
        theirs = np.flatnonzero(planes[1].sum(axis=0))
        return -self.values[int(theirs[0])] if len(theirs) == 1 and planes[0].sum() == 0 else 0.0


def test_the_first_choices_on_a_bandit_are_those_of_the_formula_by_hand() -> None:
    """Priors .5 .2 .1 .08 .06 .04 .02, values for the mover .0 .9 0 ...: computed with paper and pencil.

    Simulation 1 evaluates the root (value 0). The second takes action 0 (highest prior). With N = 2, scale =
    1.745 * sqrt(1); action 0 scores 0 + 1.745 * .5 / 2 = .436, action 1 scores fpu + 1.745 * .2 with fpu = 0 - .33 *
    sqrt(.5) = -.233, so .116: action 0 again. It goes on until U of action 0, 1.745 * sqrt(n) * .5 / (1 + n), falls
    below.
    """
    priors, values = [0.5, 0.2, 0.1, 0.08, 0.06, 0.04, 0.02], [0.0, 0.9, 0.0, 0.0, 0.0, 0.0, 0.0]
    search, _ = searched("startpos", 2, Bandit(priors, values), batch=1, prune_out_of_reach=False)
    assert visits_by_action(search)[0] == 1
    first_of_1 = next(
        n
        for n in range(1, 100)
        if 1.745 * math.sqrt(n) * 0.2 - 0.33 * math.sqrt(0.5) > 1.745 * math.sqrt(n) * 0.5 / (1 + n)
    )
    search, _ = searched("startpos", 1 + first_of_1, Bandit(priors, values), batch=1, prune_out_of_reach=False)
    assert visits_by_action(search)[1] == 0
    search, _ = searched("startpos", 2 + first_of_1, Bandit(priors, values), batch=1, prune_out_of_reach=False)
    assert visits_by_action(search)[1] == 1
    table = candidates(search.tree, ROOT, selection_parameters(search.header.settings))
    assert float(table.q[table.action == 1][0]) == pytest.approx(0.9, abs=1e-6), "good for the mover is positive"


def test_limits_of_time_and_memory_end_a_run_and_say_so() -> None:
    clock = iter(float(i) for i in range(10_000))
    search, _ = searched("startpos", 1)
    search.start_run(Limits(seconds=5.0), clock=lambda: next(clock))
    reasons = [reason for _ in range(50) if (reason := search.advance())]
    assert reasons[0].name == "seconds"
    search.start_run(Limits(memory_bytes=20_000))
    while (reason := search.advance()) is None:
        pass
    assert reason.name == "memory"
    assert search.figures().tree_bytes >= 20_000


def test_intuition_alone_evaluates_the_root_and_stops() -> None:
    search, _ = searched("startpos", 500, method="intuition")
    assert int(search.tree.stats["visits"][ROOT]) == 1
    best = best_edge(search.tree, ROOT)
    assert float(search.tree.priors[best]) == float(search.tree.priors.max())


def test_an_unknown_method_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'magic'"):
        searched(method="magic")
