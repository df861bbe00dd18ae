"""The printed table: never wider than the terminal, nothing cut off, nothing broken over lines."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bench.records import result
from engine.bench.table import lines, number


def row(name: str, median: float = 1.0, unit: str = "simulations/s", target: float | None = None) -> dict[str, Any]:
    built: dict[str, Any] = msgspec.to_builtins(result(name, unit, [median, median * 1.1, median * 0.9], target))
    return built


LONGEST = [
    row("uniform priors, tree of 1,000,000, worst position (middlegame)", 1_234_567.0, target=150_000.0),
    row("search with the network / the network alone", 0.8, "ratio", 0.9),
    row("chess from a middlegame, free evaluator: Arborist, batch 256 / OpenSpiel, Python", 10.0, "times"),
    row("chess from a middlegame, free evaluator: OpenSpiel, Python", 17_900.0),
]


@pytest.mark.parametrize("width", [60, 80, 120, 300])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    made = list(lines(LONGEST, width))
    assert max(len(line) for line in made) <= max(width, 62)
    text = "\n".join(made)
    assert "worst position (middlegame)" in text
    assert "1,234,567" in text
    assert "150,000 met" in text
    assert "0.9 MISSED" in text


def test_figures_of_one_group_stand_under_its_name() -> None:
    made = list(lines([row("match: ours"), row("match: theirs"), row("alone"), row("other: ours")], 80))
    assert made[0] == "match"
    assert [line.split("  ")[1] for line in made[1:3]] == ["ours", "theirs"]
    assert made[3].startswith("alone")
    assert made[4] == "other"
    assert len(made) == 6


def test_a_name_without_room_gets_a_line_of_its_own_and_numbers_stay_in_their_columns() -> None:
    made = list(lines([row("short"), row("x" * 70)], 80))
    assert made[1] == "x" * 70
    assert made[2].index("simulations/s") == made[0].index("simulations/s")


def test_one_run_has_no_spread() -> None:
    once = msgspec.to_builtins(result("a", "s", [2.0]))
    assert "%" not in next(lines([once], 80))
    assert list(lines([], 80)) == []


@given(st.floats(min_value=-1e12, max_value=1e12))
def test_numbers_are_read_back_to_three_figures(value: float) -> None:
    said = float(number(value).replace(",", ""))
    assert said == pytest.approx(value, rel=6e-3, abs=1e-300)
