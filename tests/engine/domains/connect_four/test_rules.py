"""The kernels of Connect Four against a naive reading of the rules, and against published counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.domains.base import NO_ACTION, Line
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


def mirror_image(states: NDArray[np.void]) -> NDArray[np.void]:
    """The same positions with their columns in reverse, but for the key."""
    image = states.copy()
    for name in ("own", "other"):
        columns = [states[name] >> np.uint64(column * plain.COLUMN_BITS) & np.uint64(127) for column in range(7)]
        image[name] = sum(bits << np.uint64((6 - c) * plain.COLUMN_BITS) for c, bits in enumerate(columns))
    return image


def test_the_number_of_positions_and_that_a_key_is_a_position_and_its_mirror_image() -> None:
    states = RULES.load(Line("startpos"))
    for count in POSITIONS:
        states = np.unique(grown(states))
        assert len(states) == count
        images = mirror_image(states)
        symmetric = np.count_nonzero((images["own"] == states["own"]) & (images["other"] == states["other"]))
        assert len(np.unique(states["key"])) == (count + symmetric) // 2


@given(columns=st.lists(st.integers(0, 6), max_size=42))
def test_a_game_played_in_a_mirror_has_the_same_keys(columns: list[int]) -> None:
    line: list[int] = []
    board = plain.Board()
    for column in columns:
        if column in plain.legal_columns(board):
            line.append(column)
            board = plain.play(board, column)
    keys = RULES.load(Line("startpos", tuple(line)))["key"]
    assert keys.tolist() == RULES.load(Line("startpos", tuple(6 - column for column in line)))["key"].tolist()
    assert len(set(keys.tolist())) == len(line) + 1


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


def test_the_win_is_the_first_of_several_and_not_the_opponents() -> None:
    """Three in the lowest row, open at both ends: a win for who has them, on either side."""
    three = discs([2, 3, 4])
    states = np.concatenate([row_of(three, discs([9, 10, 11])), row_of(discs([9, 10, 11]), three), row_of(0, three)])
    # The mover of the second row has three above them: they are his, but hang over nothing at the sides.
    assert RULES.wins(states, RULES.expand(states)).tolist() == [1, NO_ACTION, NO_ACTION]
    only_right = row_of(three | discs([8]), discs([1, 9, 10]))
    assert RULES.wins(only_right, RULES.expand(only_right)).tolist() == [5]


def test_every_column_is_drawn_alike() -> None:
    """Four of the seven columns are open and one of them wins: a quarter of all games end there at once."""
    columns = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 6, 6, 6, 6, 6, 6, 3, 2, 3, 2, 3, 2]
    states = RULES.load(Line("startpos", tuple(columns)))[-1:]
    assert RULES.wins(states, RULES.expand(states)).tolist() == [3]
    outcomes, plies = RULES.playouts(states.repeat(20_000), np.arange(20_000, dtype=np.uint64), 1)
    assert (plies == 1).all()
    assert np.mean(outcomes == plain.FOUR_IN_A_ROW) == pytest.approx(0.25, abs=0.015)


def test_an_unknown_format_is_named() -> None:
    states = RULES.load(Line("startpos"))
    with pytest.raises(ValueError, match="'lc0_112'; it has planes"):
        RULES.encode(states[:, None], np.ones(1, np.int32), "lc0_112")


def test_rows_that_are_strided_or_read_only_are_taken_as_they_are() -> None:
    states = RULES.load(Line("startpos", (3, 3, 4, 2)))
    states.setflags(write=False)
    backwards = RULES.expand(states[::-1]).actions
    assert backwards.tolist() == RULES.expand(states[::-1].copy()).actions.tolist()
