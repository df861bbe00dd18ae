import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.distill.budget import Budget, BudgetError, learning_rate


def test_the_limit_reached_first_ends_training() -> None:
    budget = Budget(samples=1000, minutes=2)
    assert budget.used(500, 30) == 0.5
    assert budget.used(100, 60) == 0.5
    assert budget.used(5000, 0) == 1.0
    assert Budget(minutes=1).used(10**9, 30) == 0.5
    assert Budget(samples=10).used(5, 10**9) == 0.5


@pytest.mark.parametrize("limits", [{}, {"samples": 0}, {"minutes": -1.0}])
def test_budgets_that_are_none(limits: dict[str, float]) -> None:
    with pytest.raises(BudgetError):
        Budget(**limits)  # type: ignore[arg-type]


def test_the_rate_rises_then_falls_to_its_floor() -> None:
    assert learning_rate(0.0, 1.0) == pytest.approx(0.01)
    assert learning_rate(0.01, 1.0) == pytest.approx(0.505)
    assert learning_rate(0.02, 1.0) == pytest.approx(1.0)
    assert learning_rate(0.51, 1.0) == pytest.approx(0.505)
    assert learning_rate(1.0, 1.0) == pytest.approx(0.01)


@given(st.floats(0.02, 1), st.floats(0.02, 1))
def test_after_the_warm_up_it_never_rises(one: float, two: float) -> None:
    assert learning_rate(min(one, two), 3e-3) >= learning_rate(max(one, two), 3e-3)
