import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.distill.lessons import Lessons, lesson_dtype
from engine.distill.samples import DRAW, LOSS, NOT_KNOWN, WIN
from engine.distill.targets import lesson_weights, value_targets
from tests.engine.distill.games import RULES


def lessons_of(**columns: list[float]) -> Lessons:
    count = len(next(iter(columns.values())))
    rows = np.zeros(count, lesson_dtype(RULES))
    for name, values in columns.items():
        rows[name] = values
    nothing = np.zeros(0)
    return Lessons(rows, np.zeros(count + 1, np.int64), nothing.astype(np.uint16), nothing.astype(np.float32))


def test_a_result_alone() -> None:
    lessons = lessons_of(result=[WIN, DRAW, LOSS], value=[-1.0, 1.0, 1.0])
    assert value_targets(lessons, 1.0).tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]


def test_a_search_alone_keeps_its_value_and_the_chance_of_a_draw() -> None:
    lessons = lessons_of(result=[LOSS, LOSS], value=[0.5, -0.2], draw=[0.1, 0.4])
    targets = value_targets(lessons, 0.0)
    assert targets[:, 0] - targets[:, 2] == pytest.approx([0.5, -0.2])
    assert targets[:, 1] == pytest.approx([0.1, 0.4])


def test_where_no_result_is_known_the_search_has_all_of_it() -> None:
    lessons = lessons_of(result=[NOT_KNOWN], value=[0.4], draw=[0.2])
    assert np.array_equal(value_targets(lessons, 1.0), value_targets(lessons, 0.0))


@given(
    st.sampled_from([WIN, DRAW, LOSS, NOT_KNOWN]),
    st.floats(-1, 1, width=32),
    st.floats(0, 1, width=32),
    st.floats(0, 1),
)
def test_targets_are_chances(result: int, value: float, draw: float, share: float) -> None:
    targets = value_targets(lessons_of(result=[result], value=[value], draw=[draw]), share)[0]
    assert (targets >= -1e-6).all()
    assert targets.sum() == pytest.approx(1.0, abs=1e-5)
    swapped = {WIN: LOSS, LOSS: WIN}.get(result, result)
    mirrored = value_targets(lessons_of(result=[swapped], value=[-value], draw=[draw]), share)[0]
    assert targets[::-1] == pytest.approx(mirrored, abs=1e-6)


def test_surprises_count_more_but_not_without_limit() -> None:
    lessons = lessons_of(surprise=[0.0] * 99 + [1.0])
    assert lesson_weights(lessons, 0.0).tolist() == [1.0] * 100
    weights = lesson_weights(lessons, 0.5)
    assert weights[0] == 0.5
    assert weights[-1] == 4.0
    even = lesson_weights(lessons_of(surprise=[0.0, 2.0]), 0.5)
    assert even.tolist() == [0.5, 1.5]
    assert even.mean() == 1.0
