"""Random games as an intuition: whose win it is, how it is counted, and that it can be repeated."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from engine.domains import registry
from engine.domains.base import Line, Rules
from engine.domains.python_domain import PythonRules
from engine.search.evaluator import Leaves
from engine.search.rollouts import RolloutEvaluator
from tests.engine.domains import tic_tac_toe
from tests.engine.domains.test_python_domain import SUM

CONNECT_FOUR = registry.rules("connect_four")


def leaves_of(rules: Rules, lines: Sequence[Line]) -> Leaves:
    states = np.concatenate([rules.load(line)[-1:] for line in lines])
    expansion = rules.expand(states)
    return Leaves(states, None, expansion.offsets, expansion.actions)


def test_one_game_from_each_leaf_is_won_drawn_or_lost() -> None:
    leaves = leaves_of(CONNECT_FOUR, [Line("startpos", (3,) * n) for n in (0, 1, 2, 3)] * 50)
    evaluation = RolloutEvaluator(CONNECT_FOUR, seed=1).evaluate(leaves)
    assert (evaluation.logits == 0).all()
    assert evaluation.logits.shape == leaves.actions.shape
    assert evaluation.logits.dtype == evaluation.wdl.dtype == np.float32
    assert np.isin(evaluation.wdl, (0, 1)).all()
    assert (evaluation.wdl.sum(1) == 1).all()


def test_the_value_is_that_of_random_play_for_the_player_to_move() -> None:
    """Tic-tac-toe: X wins 58.49 %, O 28.81 % of random games. After X in a corner it is O's turn."""
    starts = leaves_of(tic_tac_toe.RULES, [Line("startpos"), Line("startpos", (0,))])
    wdl = RolloutEvaluator(tic_tac_toe.RULES, seed=2, playouts=4000).evaluate(starts).wdl
    assert wdl[0] == pytest.approx([0.5849, 0.1270, 0.2881], abs=0.025)
    assert wdl[1, 2] == pytest.approx(exact_share_for_x(), abs=0.025)
    assert wdl[1, 0] < 0.35


def exact_share_for_x() -> float:
    """Chance that X, in the corner already, wins a random game with O to move."""

    def share(state: tic_tac_toe.TicTacToe, x_moved: bool) -> float:
        if state.outcome():
            return float(state.outcome() == 1 and x_moved)
        actions = state.legal_actions()
        return sum(share(state.apply(action), not x_moved) for action in actions) / len(actions)

    return share(tic_tac_toe.TicTacToe().apply(0), True)


@pytest.mark.parametrize(
    ("name", "ahead", "behind"),
    [
        ("chess", Line("4k3/8/8/8/8/8/1Q6/QQ2K3 w - - 0 1"), Line("4k3/8/8/8/8/8/1Q6/QQ2K3 b - - 0 1")),
        ("chess", Line("4k3/1q6/qq6/8/8/8/8/4K3 b - - 0 1"), Line("4k3/1q6/qq6/8/8/8/8/4K3 w - - 0 1")),
        ("connect_four", Line("startpos", (2, 2, 3, 3, 4, 4)), Line("startpos", (0, 2, 0, 3, 6, 4))),
    ],
    ids=["White's queens", "Black's queens", "three in a row"],
)
def test_who_is_ahead_has_the_better_value(name: str, ahead: Line, behind: Line) -> None:
    rules = registry.rules(name)
    wdl = RolloutEvaluator(rules, seed=3, playouts=300).evaluate(leaves_of(rules, [ahead, behind])).wdl
    values = wdl[:, 0] - wdl[:, 2]
    assert values[0] > 0.15
    assert values[1] < -0.15


def test_the_same_calls_give_the_same_games_however_they_are_batched() -> None:
    lines = [Line("startpos", (column, 3)) for column in range(7)] * 6
    together = RolloutEvaluator(CONNECT_FOUR, seed=5).evaluate(leaves_of(CONNECT_FOUR, lines)).wdl
    cut = RolloutEvaluator(CONNECT_FOUR, seed=5)
    parts = [cut.evaluate(leaves_of(CONNECT_FOUR, lines[at : at + 5])).wdl for at in range(0, len(lines), 5)]
    assert (np.concatenate(parts) == together).all()
    again = cut.evaluate(leaves_of(CONNECT_FOUR, lines)).wdl
    other = RolloutEvaluator(CONNECT_FOUR, seed=6).evaluate(leaves_of(CONNECT_FOUR, lines)).wdl
    assert (again != together).any()
    assert (other != together).any()


def test_a_game_that_is_broken_off_is_a_draw() -> None:
    leaves = leaves_of(CONNECT_FOUR, [Line("startpos")] * 3)
    wdl = RolloutEvaluator(CONNECT_FOUR, seed=0, max_plies=6).evaluate(leaves).wdl
    assert wdl.tolist() == [[0, 1, 0]] * 3


def test_a_problem_for_one_is_worth_what_it_ends_in() -> None:
    """7 + 3 of 7, 5 and 3 reach ten: two of the six orders; nothing changes hands. Broken off, it is not solved."""
    rules = PythonRules(SUM)
    leaves = leaves_of(rules, [Line("startpos"), Line("3 from 0 5 3")])
    wdl = RolloutEvaluator(rules, seed=0, playouts=3000).evaluate(leaves).wdl
    assert wdl[0] == pytest.approx([1 / 3, 0, 2 / 3], abs=0.04)
    assert wdl[1] == pytest.approx([1 / 2, 0, 1 / 2], abs=0.04)
    assert RolloutEvaluator(rules, seed=0, max_plies=1).evaluate(leaves).wdl[0].tolist() == [0, 0, 1]


def test_a_problem_for_one_without_failures_is_then_a_draw() -> None:
    rules = PythonRules(replace(SUM, outcomes=(SUM.outcomes[0], SUM.outcomes[1], replace(SUM.outcomes[2], value=0))))
    leaves = leaves_of(rules, [Line("startpos")])
    assert RolloutEvaluator(rules, seed=0, max_plies=1).evaluate(leaves).wdl.tolist() == [[0, 1, 0]]


@pytest.mark.parametrize(("max_plies", "playouts"), [(-1, 1), (10, 0)])
def test_limits_that_make_no_sense_are_named(max_plies: int, playouts: int) -> None:
    with pytest.raises(ValueError, match=rf"{playouts} playouts of at most {max_plies} plies"):
        RolloutEvaluator(CONNECT_FOUR, 0, max_plies, playouts)
