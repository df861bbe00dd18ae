"""The solver against plain search through everything, against itself, and against published scores where they are."""

import os
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domains.base import Line
from engine.domains.connect_four.board import COLUMNS
from engine.domains.connect_four.rules import ConnectFourRules
from engine.domains.connect_four.solved import NO_SCORE, load_solved, make_solved, save_solved
from engine.domains.connect_four.solver import Solver, SolverStoppedError

RULES = ConnectFourRules()
CELLS = 42


def solver() -> Solver:
    return Solver(2**17 + 1)


def played(seed: int, discs: int) -> Line | None:
    """A line of random moves with so many discs; None where the game ended before."""
    rng = np.random.default_rng(seed)
    line = Line("startpos")
    for _ in range(discs):
        expansion = RULES.expand(RULES.load(line)[-1:])
        if expansion.outcomes[0]:
            return None
        line = line.then(int(rng.choice(expansion.actions)))
    return None if RULES.expand(RULES.load(line)[-1:]).outcomes[0] else line


@cache
def by_brute_force(line: Line) -> int:
    """Score of a position by looking at everything, with the rules the search has."""
    state = RULES.load(line)[-1:]
    expansion = RULES.expand(state)
    discs = len(line.actions)
    if expansion.outcomes[0]:
        value = RULES.outcomes[int(expansion.outcomes[0])].value
        return int(value) * ((CELLS - discs) // 2 + 1)
    return max(-by_brute_force(line.then(action)) for action in expansion.actions.tolist())


@pytest.mark.parametrize("discs", [33, 34, 36])
def test_late_positions_against_brute_force(discs: int) -> None:
    lines = [line for seed in range(60) if (line := played(seed, discs)) is not None][:4]
    assert lines
    for line in lines:
        found = solver().verdict(line)
        expected = {
            action: -by_brute_force(line.then(action))
            for action in RULES.expand(RULES.load(line)[-1:]).actions.tolist()
        }
        assert found.scores == expected
        assert solver().score(line) == found.score == max(expected.values())


@given(st.integers(0, 10**6), st.integers(20, 34))
def test_a_score_is_the_best_of_what_follows(seed: int, discs: int) -> None:
    line = played(seed, discs)
    if line is None:
        return
    mine = solver()
    found = mine.verdict(line)
    for action, score in found.scores.items():
        after = line.then(action)
        if not RULES.expand(RULES.load(after)[-1:]).outcomes[0]:
            assert mine.verdict(after).score == -score
    assert found.best <= found.sound <= set(found.scores)


@given(st.integers(0, 10**6), st.integers(22, 34))
def test_a_mirror_changes_nothing(seed: int, discs: int) -> None:
    line = played(seed, discs)
    if line is None:
        return
    mirrored = Line(line.start, tuple(COLUMNS - 1 - action for action in line.actions))
    scores = solver().verdict(line).scores
    assert solver().verdict(mirrored).scores == {COLUMNS - 1 - action: score for action, score in scores.items()}


def test_a_win_at_hand_scores_by_how_soon_it_is() -> None:
    found = solver().verdict(Line("startpos", (0, 1, 0, 1, 0, 1)))
    assert found.score == found.scores[0] == (CELLS + 1 - 6) // 2 == 18
    assert found.best == {0}


def test_a_budget_and_a_stop_end_the_work() -> None:
    with pytest.raises(SolverStoppedError):
        solver().verdict(Line("startpos"), budget=10_000)
    with pytest.raises(ValueError, match="ended"):
        solver().verdict(Line("startpos", (0, 1, 0, 1, 0, 1, 0)))
    with pytest.raises(ValueError, match="100"):
        Solver(100)


def test_a_table_full_of_other_positions_misleads_nobody() -> None:
    shared, lines = solver(), [line for seed in range(60) if (line := played(seed, 26)) is not None]
    assert [shared.verdict(line) for line in lines] == [solver().verdict(line) for line in lines]


def test_the_set_that_ships_says_what_the_solver_says() -> None:
    solved = load_solved()
    assert len(np.unique(solved.states["key"])) == len(solved.states) == 1000
    late = np.flatnonzero(solved.discs >= 20)[::12]
    mine = solver()
    for row in late.tolist():
        scores = mine.verdict_of(solved.states[row : row + 1]).scores
        assert solved.scores[row].tolist() == [scores.get(action, NO_SCORE) for action in range(COLUMNS)]
    assert (solved.sound >= solved.best).all()
    assert solved.best.any(1).all()
    mistakes = ~solved.sound & (solved.scores != NO_SCORE)
    assert (mistakes.any(1) == solved.is_choice).all()
    assert set(solved.results.tolist()) == {-1, 0, 1}


def test_a_set_comes_back_as_it_was_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.domains.connect_four.solved._FEWEST", 28)
    made = make_solved(12, 3)
    save_solved(made, tmp_path / "x.npz")
    again = load_solved(tmp_path / "x.npz")
    assert again.states.tobytes() == made.states.tobytes()
    assert np.array_equal(again.scores, made.scores)
    assert np.array_equal(make_solved(12, 3).scores, made.scores)


def test_published_scores() -> None:
    shared = os.environ.get("ARBORIST_SHARED")
    if not shared:
        pytest.skip("ARBORIST_SHARED does not name the folder with the published positions")
    mine, checked = Solver(), 0
    for path in sorted((Path(shared) / "data" / "unlicensed" / "connect4").glob("Test_L*")):
        for words in map(str.split, path.read_text().splitlines()):
            if len(words) == 2:
                line = Line("startpos", tuple(int(each) - 1 for each in words[0]))
                assert mine.score(line) == int(words[1]), words
                checked += 1
    assert checked > 1000
