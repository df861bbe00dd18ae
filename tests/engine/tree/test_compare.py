"""Two trees on one set of nodes: what a union keeps of each, and what is said of their differences."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domains.base import Line
from engine.tree.columns import ROOT, SearchTree
from engine.tree.compare import CompareError, Union, below, moved, project, take, unite
from engine.tree.compare_figures import biggest, differences, judge, summary
from engine.tree.events import Bounds, Prune, PruneReason, Simulations, pack
from engine.tree.explain import candidates, principal_variation
from engine.tree.fold import apply
from engine.tree.selection import selection_parameters

START = Line("start")


def visit(tree: SearchTree, path: tuple[int, ...], value: float, opens: dict[int, float] | None = None) -> int:
    """One simulation that ends at `path`; a new node opens the actions of `opens` with their priors."""
    parent, edge = -1, -1
    node = ROOT if tree.num_nodes else -1
    for action in path:
        parent, edge = node, tree.edge_of(node, action)
        assert edge >= 0, f"no {action} at {path}"
        node = int(tree.edge_child[edge])
    is_new = node < 0
    if not is_new:
        parent, edge = node, -1
    actions = list(opens or {}) if is_new else []
    event = Simulations(
        pack(np.array([parent]), "<i4"),
        pack(np.array([edge]), "<i4"),
        pack(np.array([value]), "<f4"),
        pack(np.array([0.25]), "<f4"),
        bytes([0]),
        pack(np.array([len(actions)]), "<u2"),
        pack(np.array(actions), "<u2"),
        pack(np.array([(opens or {})[action] for action in actions]), "<f2"),
    )
    apply(tree, event)
    return tree.num_nodes - 1 if is_new else node


def grown(seed: int, simulations: int, players: int = 2, same_moves: bool = True) -> SearchTree:
    """A tree of random walks; a node's actions go by its path alone (`same_moves`) or by the seed too."""
    tree, dice = SearchTree(START, players), random.Random(seed)
    for _ in range(simulations):
        path: tuple[int, ...] = ()
        node = ROOT
        while tree.num_nodes and len(path) < 6:
            run = tree.edge_run(node)
            if run.start == run.stop:
                break
            edge = dice.randrange(run.start, run.stop)
            path = (*path, int(tree.edge_action[edge]))
            node = int(tree.edge_child[edge])
            if node < 0:
                break
        moves = random.Random(repr(path if same_moves else (path, seed)))
        actions = moves.sample(range(9), moves.randrange(5))
        priors = [dice.random() for _ in actions]
        visit(tree, path, dice.uniform(-1, 1), dict(zip(actions, priors, strict=True)))
    return tree


seeds, sizes, players = st.integers(0, 10**6), st.integers(1, 120), st.sampled_from([1, 2])


def paths(tree: SearchTree) -> dict[tuple[int, ...], int]:
    return {tree.path(node): node for node in range(tree.num_nodes)}


def check_is_a_tree(tree: SearchTree) -> None:
    """What every user of a tree relies on."""
    links = tree.links[: tree.num_nodes]
    assert links["first_edge"].tolist() == (np.cumsum(links["num_edges"]) - links["num_edges"]).tolist()
    for node in range(1, tree.num_nodes):
        edge, parent = int(links["parent_edge"][node]), int(links["parent"][node])
        assert parent < node
        assert tree.edge_child[edge] == node
        assert tree.owner(edge) == parent
        assert tree.facts["depth"][node] == tree.facts["depth"][parent] + 1


@given(seeds, seeds, sizes, sizes, players, st.booleans())
def test_a_union_has_every_node_of_both_once_and_nothing_else(
    first: int, second: int, n: int, m: int, count: int, same_moves: bool
) -> None:
    a, b = grown(first, n, count, same_moves), grown(second, m, count, same_moves)
    union = unite(take(a), take(b))
    check_is_a_tree(union.tree)
    found, of_a, of_b = paths(union.tree), paths(a), paths(b)
    assert set(found) == set(of_a) | set(of_b)
    assert len(found) == union.tree.num_nodes, "no path twice"
    for path, node in found.items():
        assert union.in_a[node] == of_a.get(path, -1)
        assert union.in_b[node] == of_b.get(path, -1)
    assert (union.in_a[union.from_a] == np.arange(a.num_nodes)).all()
    assert (union.in_b[union.from_b] == np.arange(b.num_nodes)).all()


@given(seeds, seeds, sizes, sizes, players)
def test_projections_keep_the_statistics_of_each_tree_and_lose_no_visit(
    first: int, second: int, n: int, m: int, count: int
) -> None:
    trees = grown(first, n, count), grown(second, m, count)
    sides = take(trees[0]), take(trees[1])
    union = unite(*sides)
    drawn = [project(union, side) for side in sides]
    for tree, picture, places in zip(trees, drawn, (union.in_a, union.in_b), strict=True):
        check_is_a_tree(picture)
        here = places >= 0
        for name in ("visits", "borrowed", "value_sum", "draw_sum", "birth", "lower", "upper"):
            assert (picture.stats[name][here] == tree.stats[name][places[here]]).all(), name
        assert not picture.stats["visits"][~here].any()
        assert (picture.facts["raw_value"][here] == tree.facts["raw_value"][places[here]]).all()
        for node in np.flatnonzero(here)[1:]:
            edge, own = picture.links["parent_edge"][node], tree.links["parent_edge"][places[node]]
            assert picture.edge_prior[edge] == tree.edge_prior[own]
            assert picture.edge_action[edge] == tree.edge_action[own]
        inner = np.zeros(union.tree.num_nodes, np.int64)
        np.add.at(inner, picture.links["parent"][1:], picture.stats["visits"][1:])
        assert (picture.stats["visits"] >= inner).all()
    assert (union.tree.stats["visits"] == sum(picture.stats["visits"] for picture in drawn)).all()
    assert union.tree.stats["value_sum"] == pytest.approx(sum(picture.stats["value_sum"] for picture in drawn))


@given(seeds, sizes, players)
def test_a_tree_does_not_differ_from_itself(seed: int, n: int, count: int) -> None:
    tree = grown(seed, n, count)
    union = unite(take(tree), take(tree))
    found, said = differences(union), summary(union)
    assert union.tree.num_nodes == tree.num_nodes
    for column in (found.balance, found.effort, found.value):
        assert not column.any()
    assert said.identical
    assert (said.only_a, said.only_b, said.root_distance, said.divergence) == (0, 0, 0.0, None)
    assert said.agreement == len(said.line_a)
    assert not len(biggest(found.effort, 5))


@given(seeds, st.integers(2, 120), st.data(), players)
def test_an_earlier_moment_has_nothing_that_the_later_one_lacks(seed: int, n: int, data, count: int) -> None:  # type: ignore[no-untyped-def]
    early, late = grown(seed, data.draw(st.integers(1, n - 1)), count), grown(seed, n, count)
    union = unite(take(early), take(late))
    said = summary(union)
    assert said.only_a == 0
    assert said.only_b == late.num_nodes - early.num_nodes
    assert not said.identical
    assert (union.from_b == np.arange(late.num_nodes)).all(), "node numbers of the past are those of the present"


@given(seeds, seeds, st.integers(1, 60), st.integers(1, 60), st.integers(1, 60), st.integers(1, 60))
def test_nodes_are_found_again_when_both_trees_have_grown(
    first: int, second: int, n: int, more: int, m: int, k: int
) -> None:
    before = unite(take(grown(first, n)), take(grown(second, m)))
    after = unite(take(grown(first, n + more)), take(grown(second, m + k)))
    mapping = moved(before, after)
    for node in range(before.tree.num_nodes):
        assert after.tree.path(int(mapping[node])) == before.tree.path(node)


def hand_made() -> tuple[SearchTree, SearchTree]:
    """A prefers 1 at the root and then 4; B tried 1 as well and prefers 2; 4 belongs to A alone, 5 to B alone."""
    a, b = SearchTree(START, 2), SearchTree(START, 2)
    root = {1: 0.5, 2: 0.3, 3: 0.2}
    visit(a, (), 0.1, root)
    visit(a, (1,), -0.4, {4: 0.6, 5: 0.4})
    visit(a, (1, 4), 0.6, {6: 1.0})
    visit(a, (1,), -0.2)
    visit(a, (2,), 0.2, {7: 1.0})
    visit(b, (), 0.3, {2: 0.5, 1: 0.25, 3: 0.25})
    visit(b, (1,), 0.5, {5: 0.6, 4: 0.4})
    visit(b, (2,), -0.5, {7: 1.0})
    visit(b, (2,), -0.5)
    visit(b, (1, 5), 0.0, {})
    visit(b, (2,), -0.5)
    visit(b, (2,), -0.5)
    return a, b


def node_at(union: Union, *path: int) -> int:
    return int(union.tree.edge_child[union.tree.find_edge(path)])


def test_a_comparison_reckoned_by_hand() -> None:
    a, b = hand_made()
    union = unite(take(a), take(b))
    root = union.tree.edge_run(ROOT)
    assert union.tree.edge_action[root].tolist() == [1, 2], "A's order; 3 was visited by neither"
    one, two = node_at(union, 1), node_at(union, 2)
    run = union.tree.edge_run(one)
    assert union.tree.edge_action[run].tolist() == [4, 5]
    found, said = differences(union), summary(union)
    assert found.a.share[[one, two]].tolist() == pytest.approx([3 / 5, 1 / 5])
    assert found.b.share[[one, two]].tolist() == pytest.approx([2 / 7, 4 / 7])
    assert found.b.local_share[two] == pytest.approx(4 / 6)
    # Q is the chooser's: the mean of -0.4, -0.2 and what follows 4, each turned once or twice.
    assert found.a.q[one] == pytest.approx((0.4 + 0.2 + 0.6) / 3)
    assert found.b.q[two] == pytest.approx(0.5)
    assert found.a.raw_value[two] == pytest.approx(-0.2)
    assert found.a.prior[two] == pytest.approx(0.3, abs=1e-3)
    assert found.b.prior[two] == pytest.approx(0.5)
    assert np.isnan(found.b.q[node_at(union, 1, 4)])
    assert found.effort[two] == pytest.approx(4 / 6 - 1 / 4), "B sends more there"
    assert found.effort[one] == pytest.approx(2 / 6 - 3 / 4)
    assert found.value[two] == pytest.approx((0.5 + 0.2) * 1 / 5)
    assert found.balance[node_at(union, 1, 4)] == -1
    assert found.balance[node_at(union, 1, 5)] == 1
    assert set(biggest(found.effort, 2)) == {one, two}
    assert biggest(found.value, 9).tolist()[:1] == [one], "it is worth 0.9 less to B, which spends 2/7 there"

    assert (said.simulations, said.nodes) == ((5, 7), (4, 4))
    assert (said.shared, said.only_a, said.only_b) == (3, 1, 1)
    assert (said.line_a, said.line_b, said.agreement) == ((1, 4), (2,), 0)
    assert said.root_distance == pytest.approx(3 / 4 - 2 / 6)
    split = said.divergence
    assert split is not None
    assert (split.node, split.ply, split.action_a, split.action_b) == (ROOT, 0, 1, 2)
    assert [choice.visits for choice in (*split.a, *split.b)] == [3, 1, 2, 4]
    assert split.b[1].q == pytest.approx(0.5)
    assert split.b[1].share == pytest.approx(4 / 6)


def test_figures_are_those_of_the_candidates_table() -> None:
    """The table of one search and the comparison must never disagree."""
    parameters = selection_parameters(
        {"method": "puct", "c_puct": 1.7, "c_puct_base": 4e4, "c_puct_factor": 3.9, "fpu_reduction": 0.3,
         "c_uct": 1.4, "c_visit": 50, "c_scale": 1}
    )  # fmt: skip
    a, b = grown(5, 300), grown(6, 300)
    union = unite(take(a), take(b))
    found = differences(union)
    for tree, places, mine in ((a, union.in_a, found.a), (b, union.in_b, found.b)):
        for node in range(union.tree.num_nodes):
            if places[node] < 0:
                continue
            rows = candidates(tree, int(places[node]), parameters)
            total = max(1, int(rows.visits.sum()))
            for k, action in enumerate(rows.action):
                edge = union.tree.edge_of(node, int(action))
                child = int(union.tree.edge_child[edge]) if edge >= 0 else -1
                if child < 0 or not rows.visits[k]:
                    continue
                assert mine.q[child] == pytest.approx(rows.q[k], abs=1e-6)
                assert mine.raw_value[child] == pytest.approx(rows.raw_value[k], abs=1e-6)
                assert mine.prior[child] == rows.prior[k]
                assert mine.visits[child] == rows.visits[k]
                if node == ROOT:
                    assert mine.local_share[child] == pytest.approx(rows.visits[k] / total)


def test_proofs_and_cuts_are_seen_on_either_side() -> None:
    a, b = hand_made()
    edge = a.edge_of(ROOT, 2)
    apply(a, Prune(5, pack(np.array([edge]), "<i4"), bytes([PruneReason.BY_HAND]), pack(np.array([0.0]), "<f4")))
    node = int(b.edge_child[b.edge_of(ROOT, 1)])
    apply(b, Bounds(7, pack(np.array([node]), "<i4"), b"\xff", b"\xff", b"\x01"))
    union = unite(take(a), take(b))
    found = differences(union)
    drawn = project(union, union.a)
    assert drawn.edge_pruned[drawn.edge_of(ROOT, 2)] == PruneReason.BY_HAND
    assert project(union, union.b).edge_pruned[drawn.edge_of(ROOT, 2)] == 0
    one = node_at(union, 1)
    assert found.b.q[one] == 1.0, "lost for the one to move there, won for the one who chooses it"
    assert (union.tree.stats["lower"][one], union.tree.stats["upper"][one]) == (-1, -1)
    assert drawn.stats["upper"][one] == 1


def test_a_part_of_the_other_tree_is_compared_where_the_root_has_moved_on() -> None:
    whole = grown(3, 200)
    action = principal_variation(whole)[0]
    child = int(whole.edge_child[whole.edge_of(ROOT, action)])
    part = below(take(whole), (action,))
    assert part.line == START.then(action)
    assert part.stats["visits"][ROOT] == whole.stats["visits"][child]
    assert part.main_line == tuple(principal_variation(whole)[1:])
    assert part.facts["depth"][ROOT] == 0
    union = unite(part, part)
    assert {(action, *path) for path in paths(union.tree)} == {path for path in paths(whole) if path[:1] == (action,)}
    with pytest.raises(CompareError, match="never visited action 77 after 1"):
        below(take(whole), (action, 77))


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(CompareError, match="without a root"):
        take(SearchTree(START, 2))
    with pytest.raises(CompareError, match="for 1 cannot be laid over one for 2"):
        unite(take(grown(1, 3, 1)), take(grown(1, 3, 2)))


def deeper(share_one: int, share_two: int, value_one: float, value_two: float, third: int = 0) -> SearchTree:
    """A search of the root in which 1 and 2 get so many visits with such results for the one to move."""
    tree = SearchTree(START, 2)
    visit(tree, (), 0.0, {1: 0.4, 2: 0.4, 3: 0.2})
    for action, visits, value in ((1, share_one, value_one), (2, share_two, value_two), (3, third, 0.0)):
        for _ in range(visits):
            visit(tree, (action,), -value)
    return tree


@pytest.mark.parametrize(
    ("tree", "word"),
    [
        (deeper(60, 30, 0.1, 0.05), "a"),
        (deeper(30, 60, 0.05, 0.1), "b"),
        (deeper(30, 30, 0.05, 0.1, third=40), "neither"),
        (deeper(50, 49, 0.1, 0.1), "undecided"),
        (deeper(50, 49, 0.1, 0.3), "a"),
        (SearchTree(START, 2), "undecided"),
    ],
)
def test_a_deeper_search_sides_with_one_with_neither_or_does_not_say(tree: SearchTree, word: str) -> None:
    a, b = hand_made()
    split = summary(unite(take(a), take(b))).divergence
    assert split is not None
    verdict = judge(tree, split)
    assert verdict.sides_with == word
    if tree.num_nodes:
        assert verdict.simulations == int(tree.stats["visits"][ROOT])
        assert verdict.of_a.q is not None
        assert verdict.of_a.q > 0, "from the one who chooses"
