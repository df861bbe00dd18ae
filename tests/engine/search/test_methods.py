"""Every method against numbers worked out by hand, and against slow references written from the papers."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.domains import registry
from engine.domains.base import Line
from engine.search.halving import draw_noise
from engine.search.hash_evaluator import HashEvaluator
from engine.search.methods.gumbel import considered_at
from engine.search.rollouts import RolloutEvaluator
from engine.search.settings import METHODS, SearchSettings
from engine.tree.choice import best_edge
from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import PruneReason, Simulations, decode
from engine.tree.explain import node_value, principal_variation
from engine.tree.fold import apply, empty_tree
from tests.engine.search.reference_gumbel import Reference, considered_visits
from tests.engine.search.stand_ins import (
    CHESS,
    FOUR,
    HALF,
    PLAIN,
    SOLVED,
    SUMS,
    WRONG,
    Run,
    Told,
    begin,
    digits,
    done,
    tree_of,
)


def root_actions(run: Run) -> list[int]:
    """The action of the root that each simulation after the first went through; for a batch of 1."""
    tree = empty_tree(run.search.header)
    actions: list[int] = []
    for event in decode(b"".join(run.journal)):
        apply(tree, event)
        if isinstance(event, Simulations) and tree.simulations > 1:
            parent, edge = int(np.frombuffer(event.parent, "<i4")[0]), int(np.frombuffer(event.edge, "<i4")[0])
            node = int(tree.edge_child[edge]) if edge >= 0 else parent
            actions.append(tree.path(node)[0])
    return actions


def gumbel_noise(seed: int, ply: int, count: int, scale: float = 1.0) -> NDArray[np.float64]:
    noise = np.empty(count)
    draw_noise(noise, scale, np.uint64(seed), np.uint64(ply))
    return noise


def best_action(tree: SearchTree, node: int = ROOT) -> int:
    return int(tree.edge_action[best_edge(tree, node)])


# -- arms: a root with a few actions, below each a long way on which nothing changes ---------------------------------


def arms(priors: list[float], values: list[float]) -> Told:
    return Told(
        lambda state: (None, values[digits(state["path"], state["depth"])[0]]) if state["depth"] else (priors, 0.0)
    )


def test_puct_goes_by_hand() -> None:
    """Two arms, priors 11/16 and 5/16, values 0 and 1/2, c = 1.1 at every size, no first-play reduction.

    N = 1 and 2: the scale is 1.1; arm 0 scores .756, then .378 with a visit, arm 1 .344: arm 0 twice.
    N = 3: the scale is 1.1 * sqrt 2 = 1.556: arm 0 scores 1.069 / 3 = .357, arm 1 .486.
    N = 4: 1.905: arm 0 .437, arm 1 .5 + .595 / 2 = .798.
    """
    rules = tree_of([2, *[1] * 40], lambda path: HALF)
    options = {**PLAIN, "batch": 1, "c_puct": 1.1, "c_puct_factor": 0.0, "fpu_reduction": 0.0}
    run = done(14, rules, "0 0", arms([11 / 16, 5 / 16], [0.0, 0.5]), **options)
    total, count, expected = [0.0, 0.0], [0, 0], []
    for n in range(1, 14):  # n: visits of the root
        scale = 1.1 * math.sqrt(max(1, n - 1))
        mean = sum(total) / n
        score = [
            (total[i] / count[i] if count[i] else mean) + scale * (11 / 16, 5 / 16)[i] / (1 + count[i])
            for i in range(2)
        ]
        arm = int(score[1] > score[0])
        expected.append(arm)
        count[arm] += 1
        total[arm] += (0.0, 0.5)[arm]
    assert expected[:4] == [0, 0, 1, 1], "with paper and pencil"
    assert root_actions(run) == expected


def test_uct_goes_by_hand() -> None:
    """Three arms whose every playout is a win, half and a loss; c = 1.4, scores Q + c sqrt(ln N / n).

    N=4, each arm once: 1 + 1.648, 0 + 1.648, -1 + 1.648. Arm 0 then has 2.256 (N=5, n=2), 2.082 (6, 3), 1.977 (7, 4),
    against arm 1's 1.776, 1.874, 1.953; at N=8 it is 1.903 (n=5) against 2.019: arm 1 comes to its second visit.
    """
    ends = (SOLVED, HALF, WRONG)
    rules = tree_of([3, *[1] * 40], lambda path: ends[path[0]])
    run = done(9, rules, "0 0", method="uct", batch=1, **PLAIN)
    assert root_actions(run) == [0, 1, 2, 0, 0, 0, 0, 1]
    assert run.visits() == {0: 5, 1: 2, 2: 1}


@pytest.mark.parametrize("batch", [1, 2, 8])
def test_gumbel_goes_by_hand(batch: int) -> None:
    """Four arms, priors .4 .3 .2 .1, values -.5 0 .5 .9, 8 simulations below the root, no noise.

    Phase 1: 8 / (2 * 4) = 1 visit each. ln P + (50 + 1) * .1 * (q + 1) / 2 = .359, 1.346, 2.216, 2.542: two stay.
    Phase 2: 8 / (2 * 2) = 2 visits each. With 53 in place of 51: arm 3 has 2.732, arm 2 has 2.366 and loses.
    """
    rules = tree_of([4, *[1] * 40], lambda path: HALF)
    evaluator = arms([0.4, 0.3, 0.2, 0.1], [-0.5, 0.0, 0.5, 0.9])
    run = done(9, rules, "0 0", evaluator, method="gumbel", c_scale=0.1, considered=16, batch=batch, **PLAIN)
    assert run.visits() == {0: 1, 1: 1, 2: 3, 3: 3}
    assert run.reasons() == {0: 4, 1: 4, 2: 4, 3: 0}
    assert [run.evidence(arm) for arm in range(3)] == pytest.approx([0.359, 1.346, 2.366], abs=2e-3)
    assert best_action(run.tree) == 3


def test_gumbel_visits_the_better_first_and_takes_the_better_where_its_last_round_is_unfinished() -> None:
    """As above with 7 simulations: the last round ends after one of two, and the arm with the higher score has it."""
    rules = tree_of([4, *[1] * 40], lambda path: HALF)
    run = done(
        8,
        rules,
        "0 0",
        arms([0.4, 0.3, 0.2, 0.1], [-0.5, 0.0, 0.5, 0.9]),
        method="gumbel",
        c_scale=0.1,
        considered=16,
        batch=1,
        **PLAIN,
    )
    assert root_actions(run) == [0, 1, 2, 3, 3, 2, 3]
    assert best_action(run.tree) == 3


def test_a_win_seen_out_of_turn_does_not_make_gumbel_choose_by_visits() -> None:
    """Two arms worth -.3 and .5, two visits each; the fifth goes out of turn to a win two plies below arm 0.

    Arm 0 then has three visits of mean .4 / 3: ln .6 + 5.3 * .567 = 2.49. Arm 1 has two: ln .4 + 5.3 * .75 = 3.06.
    """
    rules = tree_of([2, 3, 2, *[1] * 30], lambda path: HALF, players=2, early={(0, 0, 0): WRONG})

    def opinion(state: np.void) -> tuple[list[float] | None, float]:
        depth = int(state["depth"])
        if not depth:
            return [0.6, 0.4], 0.0
        return None, (-0.3, 0.5)[digits(state["path"], depth)[0]] * (-1) ** depth

    run = done(
        6, rules, "0 0", Told(opinion), method="gumbel", c_scale=0.1, considered=16, batch=1, prune_duplicates=False
    )
    assert run.visits() == {0: 3, 1: 2}
    assert run.reasons() == {0: PruneReason.ELIMINATED, 1: 0}
    assert run.evidence(0) == pytest.approx(2.49, abs=0.01)
    assert best_action(run.tree) == 1


def test_best_of_n_draws_by_priors_and_keeps_the_best_value() -> None:
    rules = tree_of([4, *[2] * 8], lambda path: HALF, players=2)
    priors, values = [0.4, 0.3, 0.2, 0.1], [0.3, -0.2, 0.1, -0.4]  # of the player to move after the action
    run = done(400, rules, "0 0", arms(priors, values), method="best-of-n", batch=16, **PLAIN)
    assert best_action(run.tree) == 3
    assert run.reasons() == {0: 4, 1: 4, 2: 4, 3: 0}
    assert [run.evidence(arm) for arm in range(3)] == pytest.approx([-0.3, 0.2, -0.1])
    counts = run.visits()
    assert sum(counts.values()) == 399
    for arm, prior in enumerate(priors):
        spread = math.sqrt(399 * prior * (1 - prior))
        assert abs(counts[arm] - 399 * prior) < 4 * spread, "a share that no fair draw gives"
    assert int(run.tree.facts["depth"][: run.tree.num_nodes].max()) == 1, "nothing is thought through"


def test_best_of_n_for_one_player_draws_whole_solutions() -> None:
    """Priors lead away from 0 0 1, the only solution: samples go to the end, and the one that is right is kept."""
    rules = tree_of([2, 2, 2], lambda path: SOLVED if path == (0, 0, 1) else WRONG)
    evaluator = Told(lambda state: ([0.4, 0.6], 0.0))
    run = done(200, rules, "0 0", evaluator, method="best-of-n", batch=4, look_for_wins=False)
    assert principal_variation(run.tree) == [0, 0, 1]
    assert node_value(run.tree) == 1.0
    bottom = run.tree.facts["depth"][: run.tree.num_nodes] == 3
    assert run.tree.facts["outcome"][: run.tree.num_nodes][bottom].all()


def test_beam_keeps_the_best_of_each_depth() -> None:
    """Width 2, three actions, one player. Values by path; priors fall, so actions 0 and 1 are tried everywhere.

    Depth 1: 0 (.1) and 1 (.2) are reached and kept. Depth 2: 00 (.3), 01 (.5), 10 (.4), 11 (-.1): 01 and 10 are kept.
    Depth 3: 010 (.2), 011 (.0), 100 (.6), 101 (-.2): the best line ends in 100.
    """
    value = {(0,): 0.1, (1,): 0.2, (0, 0): 0.3, (0, 1): 0.5, (1, 0): 0.4, (1, 1): -0.1}
    value |= {(0, 1, 0): 0.2, (0, 1, 1): 0.0, (1, 0, 0): 0.6, (1, 0, 1): -0.2}
    rules = tree_of([3, 3, 3, 1, 1], lambda path: HALF)
    evaluator = Told(
        lambda s: ([0.5, 0.3, 0.2] if s["depth"] < 3 else None, value.get(digits(s["path"], s["depth"]), 0.0))
    )
    for batch in (1, 4, 32):
        run = done(11, rules, "0 0", evaluator, method="beam", width=2, batch=batch, **PLAIN)
        paths = {run.tree.path(node) for node in range(1, run.tree.num_nodes)}
        assert paths == set(value)
        for path, kept in (((0, 0), False), ((1, 1), False), ((0, 1), True), ((1, 0), True)):
            reason = run.tree.edge_pruned[run.tree.find_edge(path)]
            assert (reason == PruneReason.LOW_PRIOR) == (not kept), path
        assert run.evidence(0, 0) == pytest.approx(0.3)
        assert principal_variation(run.tree) == [1, 0, 0]
        assert run.tree.edge_pruned[run.tree.find_edge((0,))] == PruneReason.ELIMINATED
        assert run.evidence(0) == pytest.approx(0.2), "the best that its line comes to"


def test_beam_for_two_goes_by_how_plausible_a_line_is_and_plays_by_values() -> None:
    """Width 2 of 3. Priors .6 .3 .1: lines 00 (.36), 01 (.18), 10 (.18), 11 (.09): the first two are kept.

    The other player picks what is worst for the first: after 0 the better of his replies by value.
    """
    value = {(0, 0): 0.4, (0, 1): -0.2, (1, 0): 0.9, (1, 1): 0.9}
    rules = tree_of([3, 3, 3, 3], lambda path: HALF, players=2)
    evaluator = Told(lambda s: ([0.6, 0.3, 0.1], value.get(digits(s["path"], s["depth"]), 0.0)))
    run = done(10, rules, "0 0", evaluator, method="beam", width=2, batch=1, **PLAIN)
    reasons = {path: int(run.tree.edge_pruned[run.tree.find_edge(path)]) for path in value}
    assert reasons[1, 0] == reasons[1, 1] == PruneReason.LOW_PRIOR
    assert run.evidence(1, 1) == pytest.approx(2 * math.log(0.3), abs=1e-3)


def test_a_beam_that_goes_on_looks_at_all_it_kept_again() -> None:
    rules = tree_of([3] * 8, lambda path: HALF)
    evaluator = Told(lambda s: ([0.5, 0.3, 0.2], (int(s["path"]) * 7919 % 100) / 100 - 0.5))
    whole = done(41, rules, "0 0", evaluator, method="beam", width=2, batch=1, **PLAIN)
    parts = done(15, rules, "0 0", evaluator, method="beam", width=2, batch=1, **PLAIN)
    parts.go(26)
    assert {whole.tree.path(n) for n in range(whole.tree.num_nodes)} == {
        parts.tree.path(n) for n in range(parts.tree.num_nodes)
    }
    assert principal_variation(whole.tree) == principal_variation(parts.tree)


def test_what_a_person_cut_is_not_the_best_line() -> None:
    rules = tree_of([3, *[1] * 90], lambda path: HALF)
    for method in ("beam", "best-of-n"):
        run = begin(rules, "0 0", arms([0.5, 0.3, 0.2], [0.9, 0.1, 0.4]), method=method, batch=1, **PLAIN)
        run.go(1)
        run.search.cut((0,))
        run.go(20)
        run.search.restore((0,))
        run.go(20)
        run.search.cut((0,))
        run.go(20)
        assert best_action(run.tree) == 2, method
        assert run.reasons() == {0: PruneReason.BY_HAND, 1: PruneReason.ELIMINATED, 2: 0}


def test_intuition_alone_never_grows_a_tree() -> None:
    run = done(10, method="intuition")
    assert run.go(10).name == "exhausted"
    run.go(10)
    assert run.tree.num_nodes == run.tree.simulations == 1
    run.search.play((best_action(run.tree),))
    run.go(10)
    assert run.tree.num_nodes == 1


# -- references ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("where", "position"), [(FOUR, "startpos moves 4 4"), (CHESS, "startpos")])
@pytest.mark.parametrize("seed", [0, 1])
def test_uct_with_a_batch_of_one_is_the_sequential_search(where: str, position: str, seed: int) -> None:
    simulations = 250 if where == FOUR else 60
    rules, line = registry.rules(where), registry.notation(where).parse_line(position)
    settings = SearchSettings(method="uct", batch=1, seed=seed, **PLAIN)
    run = done(simulations, where, line, method="uct", batch=1, seed=seed, **PLAIN)
    reference = Reference(rules, RolloutEvaluator(rules, seed), line, settings)
    for _ in range(simulations - 1):
        reference.simulate()
    root = reference.root
    assert run.visits() == {a: root.children[a].visits if a in root.children else 0 for a in root.priors}
    assert node_value(run.tree) == pytest.approx(root.total / root.visits, abs=1e-9)


GUMBEL_CASES = [(FOUR, 16, 33, 0.0), (FOUR, 4, 17, 1.0), (FOUR, 3, 30, 1.0), (CHESS, 16, 33, 1.0), (CHESS, 8, 64, 0.0)]


@pytest.mark.parametrize(("where", "considered", "simulations", "scale"), GUMBEL_CASES)
@pytest.mark.parametrize("seed", [0, 5])
def test_gumbel_with_a_batch_of_one_is_the_sequential_search(
    where: str, considered: int, simulations: int, scale: float, seed: int
) -> None:
    options = {**PLAIN, "method": "gumbel", "considered": considered, "gumbel_scale": scale, "seed": seed, "batch": 1}
    rules, line = registry.rules(where), registry.notation(where).parse_line("startpos")
    evaluator, settings = HashEvaluator(3.0, 0.9), SearchSettings(**({"policy_temperature": 1.0} | options))
    run = done(simulations, where, line, evaluator, **options)
    reference = Reference(rules, evaluator, line, settings)
    noise = gumbel_noise(seed, 0, len(reference.root.priors), scale)
    order, left = reference.halve(simulations - 1, noise)
    assert root_actions(run) == order
    assert best_action(run.tree) == left[0]
    tree = run.tree
    for action, child in reference.root.children.items():  # inside the tree, visits follow the improved policy
        node = int(tree.edge_child[tree.find_edge((action,))])
        for below, grandchild in child.children.items():
            found = int(tree.edge_child[tree.edge_of(node, below)])
            assert tree.stats["visits"][found] == grandchild.visits
    assert node_value(tree) == pytest.approx(reference.root.total / reference.root.visits, abs=1e-9)


@pytest.mark.parametrize(
    ("considered", "simulations", "expected"),
    [
        (16, 32, [0] * 16 + [1] * 8 + [2] * 4 + [3] * 4),
        (4, 8, [0] * 4 + [1, 1, 2, 2]),
        (3, 12, [0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 4]),
        (2, 5, [0, 0, 1, 1, 2]),
        (1, 4, [0, 1, 2, 3]),
        (20, 20, [0] * 20),
    ],
)
def test_visits_are_dealt_out_as_in_mctx(considered: int, simulations: int, expected: list[int]) -> None:
    assert considered_visits(considered, simulations) == expected
    options = {**PLAIN, "method": "gumbel", "considered": considered, "batch": 1}
    run = done(simulations + 1, CHESS, "startpos", HashEvaluator(3.0), **options)
    count: dict[int, int] = {}
    before: list[int] = []
    for action in root_actions(run):
        before.append(count.get(action, 0))
        count[action] = before[-1] + 1
    assert before == expected


@pytest.mark.parametrize("batch", [3, 8, 64])
def test_gumbel_deals_out_the_same_numbers_in_batches(batch: int) -> None:
    one, many = (
        done(101, CHESS, "startpos", HashEvaluator(3.0), method="gumbel", batch=size, **PLAIN) for size in (1, batch)
    )
    assert sorted(one.visits().values()) == sorted(many.visits().values())


# -- seeds -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_the_same_seed_gives_the_same_journal(method: str) -> None:
    runs = [done(120, method=method, batch=8, seed=3, gumbel_scale=1.0, root_noise=0.25) for _ in range(2)]
    assert runs[0].journal == runs[1].journal


@pytest.mark.parametrize(("method", "differs"), [("gumbel", True), ("uct", True), ("best-of-n", True), ("beam", False)])
def test_other_seeds_give_other_journals_where_chance_has_a_say(method: str, differs: bool) -> None:
    one, other = (done(60, method=method, seed=seed, gumbel_scale=1.0) for seed in (0, 1))
    assert (one.journal != other.journal) == differs


def test_without_noise_gumbel_does_not_go_by_its_seed() -> None:
    one, other = (done(60, method="gumbel", seed=seed, gumbel_scale=0.0) for seed in (0, 1))
    assert one.journal == other.journal


def test_noise_follows_seed_and_ply_alone_and_is_gumbel_distributed() -> None:
    assert gumbel_noise(4, 2, 7).tolist() == gumbel_noise(4, 2, 7).tolist()
    assert gumbel_noise(4, 2, 7).tolist() != gumbel_noise(4, 3, 7).tolist()
    assert gumbel_noise(4, 2, 7).tolist() != gumbel_noise(5, 2, 7).tolist()
    assert gumbel_noise(2, 4, 7).tolist() != gumbel_noise(4, 2, 7).tolist()
    assert not gumbel_noise(4, 2, 7, 0.0).any()
    for drawn in (gumbel_noise(9, 0, 20_000), np.array([gumbel_noise(seed, 1, 1)[0] for seed in range(20_000)])):
        assert np.isfinite(drawn).all()
        for level in (-1.0, 0.0, 1.0, 3.0):  # P(g <= x) = exp(-exp(-x))
            assert (drawn <= level).mean() == pytest.approx(math.exp(-math.exp(-level)), abs=0.015)


@pytest.mark.parametrize(("seed", "ply"), [(0, 0), (1, 0), (0, 1)])
def test_root_noise_mixes_the_priors_of_the_root_alone(seed: int, ply: int) -> None:
    line = Line("startpos", (3,) * ply)
    plain = done(100, line=line, seed=seed)
    noisy = done(100, line=line, seed=seed, root_noise=0.25)
    assert noisy.journal == done(100, line=line, seed=seed, root_noise=0.25).journal

    def priors(run: Run, path: tuple[int, ...]) -> dict[int, float]:
        node = int(run.tree.edge_child[run.tree.find_edge(path)]) if path else ROOT
        edges = run.tree.edge_run(node)
        return dict(zip(run.tree.edge_action[edges].tolist(), run.tree.priors[edges].tolist(), strict=True))

    drawn = np.random.default_rng((seed, ply)).dirichlet(np.full(7, 0.3))
    for action, prior in priors(noisy, ()).items():
        assert prior == pytest.approx(0.75 * priors(plain, ())[action] + 0.25 * drawn[action], abs=2e-3)
    assert sum(priors(noisy, ()).values()) == pytest.approx(1.0, abs=2e-3)
    both = {a for a in range(7) if plain.visits()[a] and noisy.visits()[a]}
    assert both
    for action in both:
        assert priors(plain, (action,)) == priors(noisy, (action,))


def test_samples_among_duplicates_come_to_an_end() -> None:
    """Every second order of the same addends is cut as a duplicate: a sample that runs dry must not go on for ever."""
    for seed in range(5):
        run = done(300, SUMS, "11 4", method="best-of-n", batch=1, seed=seed, look_for_wins=False)
        assert run.tree.simulations <= 300


@pytest.mark.parametrize(("simulations", "expected"), [(1, 2), (16, 2), (32, 4), (64, 8), (127, 15), (800, 16)])
def test_gumbel_considers_an_eighth_of_its_simulations_unless_told(simulations: int, expected: int) -> None:
    assert considered_at(SearchSettings(), simulations) == expected
    assert considered_at(SearchSettings(considered=5), simulations) == 5
