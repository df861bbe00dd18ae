"""Proofs against brute force: bounds are never wrong, distances lead to the end they promise, wins are seen at once."""

import random
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domains import registry
from engine.domains.base import Line
from engine.search.evaluator import UniformEvaluator
from engine.search.hash_evaluator import HashEvaluator
from engine.tree.choice import best_edge
from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import PruneReason
from engine.tree.explain import node_value, principal_variation
from tests.engine.search.stand_ins import (
    CHESS,
    FOUR,
    HALF,
    SOLVED,
    WRONG,
    Run,
    Told,
    assert_journal_tells_all,
    begin,
    done,
    tree_of,
)

Columns = tuple[tuple[int, ...], ...]
"""Discs of the seven columns from below, 0 for the first player's, 1 for the second's."""

_STEPS = ((1, 0), (0, 1), (1, 1), (1, -1))


def wins_at(columns: Columns, column: int) -> bool:
    """Whether the top disc of `column` completes a line of four."""
    row, who = len(columns[column]) - 1, columns[column][-1]

    def is_mine(c: int, r: int) -> bool:
        return 0 <= c < 7 and 0 <= r < len(columns[c]) and columns[c][r] == who

    for dc, dr in _STEPS:
        length = 1
        for way in (1, -1):
            step = 1
            while is_mine(column + way * step * dc, row + way * step * dr):
                step += 1
            length += step - 1
        if length >= 4:
            return True
    return False


def dropped(columns: Columns, column: int) -> Columns:
    who = sum(map(len, columns)) % 2
    return (*columns[:column], (*columns[column], who), *columns[column + 1 :])


@cache
def solution(columns: Columns) -> tuple[int, int]:
    """Value for the player to move and plies to the end by best play: the quickest win, the longest loss."""
    options = []
    for column in range(7):
        if len(columns[column]) == 6:
            continue
        after = dropped(columns, column)
        if wins_at(after, column):
            return 1, 1
        value, plies = solution(after)
        options.append((-value, plies + 1))
    if not options:
        return 0, 0
    best = max(value for value, _ in options)
    lengths = [plies for value, plies in options if value == best]
    return best, min(lengths) if best >= 0 else max(lengths)


def columns_of(actions: tuple[int, ...]) -> Columns:
    columns: Columns = ((),) * 7
    for action in actions:
        columns = dropped(columns, action)
    return columns


def endgame(seed: int, empty: int, *, mirrored: bool = False) -> tuple[int, ...] | None:
    """A game without a winner that leaves `empty` cells or a few more; `mirrored`: the board is its own image."""
    chance = random.Random(seed)
    columns: Columns = ((),) * 7
    actions: list[int] = []
    while sum(len(column) for column in columns) < 42 - empty:
        first, second = (chance.randrange(4) for _ in range(2))
        moves = [first, second, 6 - first, 6 - second] if mirrored else [chance.randrange(7)]
        for move in moves:
            if len(columns[move]) == 6:
                break
            after = dropped(columns, move)
            if wins_at(after, move):
                break
            columns = after
            actions.append(move)
        else:
            continue
        if mirrored or all(
            len(column) == 6 or wins_at(dropped(columns, place), place) for place, column in enumerate(columns)
        ):
            return None
    return tuple(actions)


def check_bounds(run: Run, start: tuple[int, ...]) -> None:
    """No bound of any node is wrong, and no proven win is said to be nearer, no loss further, than it can be."""
    tree = run.tree
    for node in range(tree.num_nodes):
        columns = columns_of((*start, *tree.path(node)))
        if tree.facts["outcome"][node]:
            continue
        value, plies = solution(columns)
        lower, upper = int(tree.stats["lower"][node]), int(tree.stats["upper"][node])
        assert lower <= value <= upper, tree.path(node)
        if lower == upper:
            distance = int(tree.facts["distance"][node])
            assert distance >= plies or value == 0
            assert distance % 2 == (value == 1) or value == 0
            check_distance(tree, node)


def check_distance(tree: SearchTree, node: int) -> None:
    """The distance of a proven node is that of its quickest winning or longest losing child, and one more."""
    child = tree.edge_child[tree.edge_run(node)]
    child = child[child >= 0]
    same = child[(tree.stats["lower"][child] == tree.stats["upper"][child])]
    same = same[tree.sign * tree.stats["lower"][same] == tree.stats["lower"][node]]
    far = tree.facts["distance"][same].astype(int)
    assert tree.facts["distance"][node] == 1 + (far.max() if tree.stats["lower"][node] < 0 else far.min())


@given(seed=st.integers(0, 10_000), batch=st.sampled_from([1, 8, 64]), uniform=st.booleans(), looks=st.booleans())
def test_small_endgames_are_solved_as_brute_force_does(seed: int, batch: int, uniform: bool, looks: bool) -> None:
    actions = endgame(seed, 7)
    if actions is None:
        return
    evaluator = UniformEvaluator() if uniform else HashEvaluator(4.0, 0.9)
    run = begin(FOUR, Line("startpos", actions), evaluator, batch=batch, look_for_wins=looks, prune_out_of_reach=False)
    run.go(60)
    check_bounds(run, actions)
    value, _ = solution(columns_of(actions))
    ended = run.go(4000).name
    check_bounds(run, actions)
    if value == 0 and ended == "simulations":
        return  # PUCT goes back to an action that is a proven draw rather than prove that the others are worse
    assert ended in ("solved", "exhausted")
    assert node_value(run.tree) == value
    assert run.tree.stats["lower"][ROOT] == run.tree.stats["upper"][ROOT] == value
    best = int(run.tree.edge_action[best_edge(run.tree, ROOT)])
    after = dropped(columns_of(actions), best)
    assert value == (1 if wins_at(after, best) else -solution(after)[0]), "the action to play keeps the value"
    if value:
        assert len(principal_variation(run.tree)) == run.tree.facts["distance"][ROOT], "the main line reaches the end"
    assert_journal_tells_all(run)


@pytest.mark.parametrize("prune", [True, False])
def test_an_endgame_that_is_its_own_image_is_solved_with_half_of_its_actions_cut(prune: bool) -> None:
    solved = set()
    for seed in range(1500):
        actions = endgame(seed, 10, mirrored=True)
        if actions is None:
            continue
        run = begin(FOUR, Line("startpos", actions), UniformEvaluator(), batch=8, prune_duplicates=prune)
        run.go(6000)
        value, _ = solution(columns_of(actions))
        lower, upper = int(run.tree.stats["lower"][ROOT]), int(run.tree.stats["upper"][ROOT])
        assert lower <= value <= upper
        assert lower == upper or value == 0, "only a draw may take longer"
        duplicates = [e for e in run.tree.prunes if run.tree.edge_pruned[e] == PruneReason.DUPLICATE]
        assert bool(duplicates) <= prune
        solved.add((value, bool(duplicates)))
    assert {value for value, _ in solved} == {-1, 0, 1}
    if prune:
        assert (-1, True) in solved, "a loss is proven although a duplicate was never looked into"


WAYS = [({(0,): WRONG, (1, 0, 0): WRONG}, 0), ({(1,): WRONG, (0, 0, 0): WRONG}, 1)]


@pytest.mark.parametrize(("early", "best"), WAYS)
def test_the_shortest_win_is_played(early: dict[tuple[int, ...], int], best: int) -> None:
    """One action wins at once, the other in three plies; both are known."""
    rules = tree_of([2, 1, 1, *[1] * 10], lambda path: HALF, players=2, early=early)
    run = done(1, rules, "0 0", Told(lambda state: (None, 0.0)), batch=1, look_for_wins=False)
    other = 1 - best
    run.search.boost((other,), 2)
    run.go(2)
    run.search.boost((best,), 1)
    run.go(1)
    tree = run.tree
    assert int(tree.edge_action[best_edge(tree, ROOT)]) == best
    assert tree.stats["lower"][ROOT] == 1
    assert tree.facts["distance"][ROOT] == 1


def test_the_longest_loss_is_played() -> None:
    """All three actions lose: at once by the first reply, after a reply that is forced, after three plies more."""
    early = {(0, 0): WRONG, (1, 0): WRONG, (2, 0, 0, 0): WRONG}
    rules = tree_of([3, 1, 1, 1, 1, 1], lambda path: HALF, players=2, early=early)
    for looks in (False, True):
        run = done(200, rules, "0 0", Told(lambda state: (None, 0.0)), batch=1, look_for_wins=looks)
        tree = run.tree
        assert tree.stats["upper"][ROOT] == -1
        assert tree.facts["distance"][ROOT] == 4
        assert principal_variation(tree) == [2, 0, 0, 0]
        assert run.reasons() == dict.fromkeys(range(3), PruneReason.PROVEN)


def test_a_win_that_is_found_again_nearer_brings_the_distance_down() -> None:
    """One batch holds both ends: the one three plies away lands first."""
    early = {(0, 0, 0): WRONG, (1,): WRONG}
    rules = tree_of([2, 1, 1, 1, 1], lambda path: HALF, players=2, early=early)
    run = done(1, rules, "0 0", Told(lambda state: (None, 0.0)), batch=64, look_for_wins=False)
    run.go(30)
    assert run.tree.facts["distance"][ROOT] == 1
    check_distance(run.tree, ROOT)


def test_one_player_takes_the_quickest_solution_and_gives_up_when_there_is_none() -> None:
    ends = {(0, 0, 1): SOLVED, (1, 1): SOLVED}
    rules = tree_of([2, 2, 2], lambda path: ends.get(path, WRONG), early={(1, 1): SOLVED})
    run = done(30, rules, "0 0", Told(lambda state: (None, 0.0)), batch=1)
    assert node_value(run.tree) == 1.0
    assert run.tree.facts["distance"][ROOT] == len(principal_variation(run.tree))
    hopeless = done(60, tree_of([2, 2, 2], lambda path: WRONG), "0 0", Told(lambda state: (None, 0.5)), batch=4)
    assert node_value(hopeless.tree) == -1.0
    assert set(hopeless.reasons().values()) == {PruneReason.REJECTED}


# -- chess -------------------------------------------------------------------------------------------------------

MATES = [
    ("k7/8/1K6/8/8/8/8/7R w - - 0 1", 1),
    ("6k1/5ppp/8/8/8/8/5PPP/R5K1 w - - 0 1", 1),
    ("k7/8/2K5/8/8/8/8/7R w - - 0 1", 3),
    ("7k/8/5K2/8/8/8/8/6R1 w - - 0 1", 3),
    ("k7/8/8/3K4/8/8/8/7R w - - 0 1", 5),
    ("1k6/7R/8/8/8/8/8/K5R1 b - - 0 1", -2),
]


@pytest.mark.parametrize(("fen", "plies"), MATES)
def test_the_distance_of_a_mate_is_counted_in_plies(fen: str, plies: int) -> None:
    run = begin(CHESS, fen, UniformEvaluator(), batch=8, prune_out_of_reach=False)
    assert run.go(30_000).name == "solved"
    assert node_value(run.tree) == (1 if plies > 0 else -1)
    assert run.tree.facts["distance"][ROOT] == abs(plies)
    line = registry.notation(CHESS).texts(run.tree.line, principal_variation(run.tree))
    assert len(line) == abs(plies)
    assert line[-1].endswith("#")


MATES_IN_1 = [
    "6k1/5ppp/8/8/8/8/5PPP/R5K1 w - - 0 1",
    "r5k1/5ppp/8/8/8/8/5PPP/6K1 b - - 0 1",
    "r1bqkb1r/pppp1ppp/2n2n2/4p2Q/2B1P3/8/PPPP1PPP/RNB1K1NR w KQkq - 4 4",
    "rnbqkbnr/pppp1ppp/8/4p3/6P1/5P2/PPPPP2P/RNBQKBNR b KQkq - 0 2",
    "k7/7P/K7/8/8/8/8/8 w - - 0 1",
    "6rk/6pp/8/6N1/8/8/8/6K1 w - - 0 1",
]


@pytest.mark.parametrize("fen", MATES_IN_1)
@pytest.mark.parametrize("method", ["puct", "gumbel", "uct", "best-of-n", "beam"])
def test_a_mate_in_one_is_found_in_three_simulations(fen: str, method: str) -> None:
    run = begin(CHESS, fen, HashEvaluator(9.0), method=method)
    reason = run.go(3)
    assert reason.name == "solved"
    assert run.tree.simulations <= 3
    best = principal_variation(run.tree)
    assert registry.notation(CHESS).texts(run.tree.line, best)[0].endswith("#")


def test_looking_for_wins_can_be_switched_off_and_on() -> None:
    fen = MATES_IN_1[2]
    blind = begin(CHESS, fen, UniformEvaluator(), look_for_wins=False, batch=1)
    blind.go(3)
    assert blind.tree.stats["lower"][ROOT] == -1, "38 moves of equal priors; the mate is not among the first two"
    blind.search.switch(UniformEvaluator(), blind.search.settings, "same")
    blind.go(1)
    assert blind.tree.stats["lower"][ROOT] == -1
    seeing = begin(CHESS, fen, UniformEvaluator(), look_for_wins=True, batch=1)
    seeing.go(1)
    seeing.search.switch(UniformEvaluator(), blind.search.settings, "same")
    seeing.go(2)
    assert seeing.tree.stats["lower"][ROOT] == -1, "switched off, what was seen before is forgotten"


class Knows:
    """Says that a state is drawn (the chess index of a draw) from a few plies on."""

    name = "knows"

    def __init__(self, outcome: int) -> None:
        self._outcome = outcome

    def probe(self, states: np.ndarray) -> np.ndarray:
        return np.full(len(states), self._outcome, np.uint8)


def test_what_an_oracle_ended_is_searched_once_it_is_the_root() -> None:
    outcome = next(i for i, kind in enumerate(registry.rules(CHESS).outcomes) if i and kind.value == 0)
    run = begin(CHESS, "startpos", HashEvaluator(), oracle=Knows(outcome), batch=4)
    run.go(30)
    action = int(run.tree.edge_action[best_edge(run.tree, ROOT)])
    assert run.tree.facts["outcome"][run.tree.edge_child[best_edge(run.tree, ROOT)]] == outcome
    run.search.play((action,))
    run.go(30)
    assert run.tree.links["num_edges"][ROOT] == 20, "Black has moves"
    assert principal_variation(run.tree)
    assert_journal_tells_all(run)


def test_what_repetition_ended_is_searched_once_it_is_the_root() -> None:
    shuffle = "startpos moves g1f3 g8f6 f3g1 f6g8 g1f3 g8f6 f3g1"
    run = begin(CHESS, shuffle, UniformEvaluator(), batch=16, prune_out_of_reach=False)
    run.go(400)
    action = next(c.action for c in registry.notation(CHESS).choices(run.tree.line) if c.name == "f6g8")
    child = int(run.tree.edge_child[run.tree.find_edge((action,))])
    assert child >= 0
    assert run.tree.facts["outcome"][child]
    run.search.play((action,))
    run.go(50)
    assert len(principal_variation(run.tree)) >= 1
    assert run.tree.links["num_edges"][ROOT] == 20
