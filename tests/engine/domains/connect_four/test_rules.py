"""The kernels of Connect Four against a naive reading of the rules, and against published counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.domains.base import Line
from engine.domains.connect_four import board as plain
from engine.domains.connect_four.rules import ConnectFourRules

RULES = ConnectFourRules()

SEQUENCES = (7, 49, 343, 2401, 16807, 117649, 823536)
"""Ways to play 1, 2, ... actions; the seventh is the first that can win, so only then do columns fill or games end."""

POSITIONS = (7, 49, 238, 1120, 4263, 16422, 54859, 184275)
"""Different positions after 1, 2, ... actions (J. Tromp, OEIS A212693)."""


def grid_of(cells: list[int]) -> list[list[bool]]:
    return [[row * plain.COLUMNS + column in cells for column in range(plain.COLUMNS)] for row in range(plain.ROWS)]


def naive_four(grid: list[list[bool]]) -> bool:
    """Four in a row by looking at every run of four cells."""
    for row in range(plain.ROWS):
        for column in range(plain.COLUMNS):
            for up, right in ((0, 1), (1, 0), (1, 1), (-1, 1)):
                run = [(row + up * i, column + right * i) for i in range(4)]
                if all(0 <= r < plain.ROWS and c < plain.COLUMNS and grid[r][c] for r, c in run):
                    return True
    return False


def row_of(own: int, other: int) -> NDArray[np.void]:
    return np.array([(own, other, 0)], RULES.state_dtype)


def discs(cells: list[int]) -> int:
    return sum(plain.bit(cell // plain.COLUMNS, cell % plain.COLUMNS) for cell in cells)


@given(cells=st.sets(st.integers(0, 41), min_size=4, max_size=30).map(sorted))
def test_four_in_a_row_is_seen_in_any_set_of_discs(cells: list[int]) -> None:
    expected = naive_four(grid_of(cells))
    assert bool(RULES.expand(row_of(0, discs(cells))).outcomes[0] == plain.FOUR_IN_A_ROW) == expected
    assert bool(plain.winning_discs(discs(cells))) == expected


@pytest.mark.parametrize(("up", "right"), [(0, 1), (1, 0), (1, 1), (-1, 1)])
def test_every_line_of_four_wins_and_is_found_whole(up: int, right: int) -> None:
    count = 0
    for row in range(plain.ROWS):
        for column in range(plain.COLUMNS):
            run = [(row + up * i, column + right * i) for i in range(4)]
            if not all(0 <= r < plain.ROWS and c < plain.COLUMNS for r, c in run):
                continue
            count += 1
            cells = [r * plain.COLUMNS + c for r, c in run]
            assert RULES.expand(row_of(0, discs(cells))).outcomes[0] == plain.FOUR_IN_A_ROW
            assert plain.cells(plain.winning_discs(discs(cells))) == tuple(sorted(cells))
            assert RULES.expand(row_of(0, discs(cells[:3]))).outcomes[0] == plain.IN_PLAY
    assert count == {(0, 1): 24, (1, 0): 21, (1, 1): 12, (-1, 1): 12}[up, right]


def test_four_of_the_player_to_move_end_nothing() -> None:
    """Such a row cannot come from play; that it is not a win shows that the two players are not confused."""
    assert RULES.expand(row_of(discs([0, 1, 2, 3]), 0)).outcomes[0] == plain.IN_PLAY


def test_the_last_cell_can_still_win() -> None:
    last = discs([38, 39, 40, 41])
    full = RULES.expand(row_of(plain.FULL_MASK & ~last, last))
    assert full.outcomes[0] == plain.FOUR_IN_A_ROW
    assert full.actions.size == 0


def grown(states: NDArray[np.void]) -> NDArray[np.void]:
    """All states one action later."""
    expansion = RULES.expand(states)
    return RULES.step(np.repeat(states, np.diff(expansion.offsets)), expansion.actions)


def test_the_number_of_action_sequences() -> None:
    states = RULES.load(Line("startpos"))
    counts = []
    for _ in SEQUENCES[:-1]:
        states = grown(states)
        counts.append(len(states))
    counts.append(len(RULES.expand(states).actions))
    assert tuple(counts) == SEQUENCES


def test_the_number_of_positions_and_that_a_key_is_a_position() -> None:
    states = RULES.load(Line("startpos"))
    for count in POSITIONS:
        states = grown(states)
        _, first = np.unique(states["key"], return_index=True)
        assert len(first) == len(np.unique(states)) == count
        states = states[first]


@given(columns=st.lists(st.integers(0, 6), max_size=42))
def test_kernels_and_plain_board_play_the_same_game(columns: list[int]) -> None:
    board, state = plain.Board(), RULES.load(Line("startpos"))
    for column in columns:
        expansion = RULES.expand(state)
        assert int(expansion.outcomes[0]) == plain.outcome(board)
        assert tuple(expansion.actions.tolist()) == plain.legal_columns(board)
        if column not in plain.legal_columns(board):
            continue
        board, state = plain.play(board, column), RULES.step(state, np.array([column], np.uint16))
        assert (int(state["own"][0]), int(state["other"][0])) == board
    assert state["key"] == RULES.load(Line(plain.text(board)))["key"]


def test_planes_of_a_known_position() -> None:
    """X in columns 4 and 5 below, O above X in column 4: X has just moved, so O's disc is the mover's own."""
    states = RULES.load(Line("startpos", (3, 3, 4)))[-1:]
    own, other, ones = RULES.encode(states[:, None], np.ones(1, np.int32), "planes")[0]
    assert np.argwhere(own).tolist() == [[1, 3]]
    assert np.argwhere(other).tolist() == [[0, 3], [0, 4]]
    assert ones.all()


def test_an_unknown_format_is_named() -> None:
    states = RULES.load(Line("startpos"))
    with pytest.raises(ValueError, match="'lc0_112'; it has planes"):
        RULES.encode(states[:, None], np.ones(1, np.int32), "lc0_112")


def test_rows_that_are_strided_or_read_only_are_taken_as_they_are() -> None:
    states = RULES.load(Line("startpos", (3, 3, 4, 2)))
    states.setflags(write=False)
    backwards = RULES.expand(states[::-1]).actions
    assert backwards.tolist() == RULES.expand(states[::-1].copy()).actions.tolist()
