"""`bench match`: both ways are really played, and the ratio is that of the same run."""

import pytest

from engine.bench import match


def test_the_ratio_is_that_of_the_two_speeds(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("_PAIRS", 2), ("_PAIRS_ONE_BY_ONE", 1), ("_MAX_PLIES", 4)):
        monkeypatch.setattr(match, name, value)
    said: list[str] = []
    together, one_by_one, ratio = match.measure(1, said.append)
    assert together.value > 0
    assert one_by_one.value > 0
    assert ratio.value == pytest.approx(together.value / one_by_one.value)
    assert [words.split(" games")[0] for words in said] == ["4", "2"]
