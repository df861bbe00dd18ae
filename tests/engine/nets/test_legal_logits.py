import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.nets.legal_logits import legal_logits


def test_picks_the_logits_of_each_row_from_its_own_row() -> None:
    dense = np.array([[0, 1, 2, 3], [10, 11, 12, 13], [20, 21, 22, 23]], np.float32)
    offsets = np.array([0, 2, 3, 6], np.int32)
    actions = np.array([3, 0, 2, 1, 2, 3], np.uint16)
    assert legal_logits(dense, offsets, actions).tolist() == [3, 0, 12, 21, 22, 23]


def test_a_row_far_down_a_wide_batch_is_found() -> None:
    """Row times width passes 65,535: a product in the actions' uint16 would wrap."""
    dense = np.arange(300 * 1858, dtype=np.float32).reshape(300, 1858)
    offsets = np.arange(301, dtype=np.int32)
    actions = np.full(300, 1857, np.uint16)
    assert np.array_equal(legal_logits(dense, offsets, actions), dense[:, 1857])


@given(st.lists(st.lists(st.integers(0, 6), max_size=7), min_size=1, max_size=9))
def test_equals_a_plain_loop(rows: list[list[int]]) -> None:
    dense = np.random.default_rng(1).random((len(rows), 7), np.float32)
    offsets = np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int32)
    actions = np.array([action for row in rows for action in row], np.uint16)
    expected = [dense[index, action] for index, row in enumerate(rows) for action in row]
    assert legal_logits(dense, offsets, actions).tolist() == expected
