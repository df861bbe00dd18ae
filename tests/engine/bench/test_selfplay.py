"""The bench of games in lockstep at a small size."""

import pytest

from engine.bench import selfplay


def test_every_figure_is_there_and_above_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selfplay, "_PAIRS", 2)
    monkeypatch.setattr(selfplay, "_WHOLE_GAME", 20)
    heard: list[str] = []
    found = selfplay.measure(1, heard.append)
    assert {one.unit for one in found} == {"positions/min", "games/min"}
    assert len(found) == 5
    assert all(one.median > 0 for one in found)
    assert len(heard) == 3
