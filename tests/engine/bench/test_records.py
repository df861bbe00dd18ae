"""What a figure says of its runs, and whether it meets its target, whichever way is better."""

import pytest

from engine.bench.records import report, result


def test_median_and_spread_of_the_runs() -> None:
    figure = result("a", "nodes/s", [90.0, 100.0, 130.0])
    assert (figure.value, figure.median, figure.runs) == (100.0, 100.0, (90.0, 100.0, 130.0))
    assert figure.spread == pytest.approx(0.4)
    assert figure.target is None
    assert figure.met is None


@pytest.mark.parametrize(
    ("median", "lower_is_better", "met"),
    [(101.0, False, True), (99.0, False, False), (101.0, True, False), (99.0, True, True), (100.0, True, True)],
)
def test_a_target_is_met_on_its_good_side(median: float, lower_is_better: bool, met: bool) -> None:
    assert result("a", "s", [median], 100.0, lower_is_better=lower_is_better).met is met


def test_a_report_is_plain_data() -> None:
    made = report("search", [result("a", "ms", [0.0, 0.0], 1.0, lower_is_better=True)])
    assert made["bench"] == "search"
    assert set(made["results"][0]) == {"name", "value", "unit", "median", "spread", "runs", "target", "met"}
    assert made["results"][0]["spread"] == 0.0
    assert made["machine"]["cores"] >= 1
