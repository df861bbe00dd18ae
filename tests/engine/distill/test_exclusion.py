"""A round stopped after its games: its surprises are looked at, some are excluded, and it goes on without them."""

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from engine.distill.found_rounds import found_rounds
from engine.distill.ratchet import Plan, exclude_lessons, rounds
from engine.distill.round import open_round
from engine.distill.round_order import RoundError
from engine.distill.surprising import surprising
from engine.generations.registry import Registry
from tests.engine.distill.games import RULES
from tests.engine.distill.small_rounds import SIZE, data_with_a_parent

PLAYED = Plan("connect_four", SIZE, threads=1, until="play")
ALL = msgspec.structs.replace(PLAYED, until="done")


@pytest.fixture(autouse=True)
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    return data_with_a_parent(tmp_path / "data", monkeypatch)


def last(plan: Plan, registry: Registry, folder: Path, count: int = 1, **options: Any) -> dict[str, Any]:
    told = list(rounds(plan, registry, folder, "c4-000", count, **options))[-1]
    assert isinstance(told, dict)
    return told


def test_lessons_can_be_looked_at_before_they_are_learned(tmp_path: Path, registry: Registry) -> None:
    told = last(PLAYED, registry, tmp_path, count=3)
    assert (told["stage"], told["published"], told["samples"] > 0) == ("learn", False, True)
    assert [(one.name, one.standing) for one in found_rounds(tmp_path)] == [("gen-001", "played")]
    found = surprising(tmp_path / "gen-001", registry, 10)
    assert found.can_exclude
    assert found.total == told["samples"]
    surprise = found.lessons.rows["surprise"]
    assert (np.diff(surprise) <= 0).all()
    for place, opinion in enumerate(found.priors):
        run = slice(found.lessons.offsets[place], found.lessons.offsets[place + 1])
        assert sorted(found.lessons.actions[run].tolist()) == opinion.actions.tolist()
        row = found.lessons.rows[place]
        assert RULES.load(found.lessons.games[row["game"]].line(int(row["ply"])))[-1] == row["state"]
        # The surprise is that of the improved policy over this very prior.
        improved = dict(zip(found.lessons.actions[run].tolist(), found.lessons.policy[run].tolist(), strict=True))
        policy = np.array([improved[action] for action in opinion.actions.tolist()])
        kept = policy > 0
        divergence = float((policy[kept] * np.log(policy[kept] / opinion.prior[kept])).sum())
        assert divergence == pytest.approx(float(surprise[place]), abs=0.02)
        assert opinion.value == pytest.approx(float(row["raw_value"]), abs=1e-3)


def test_what_is_excluded_is_not_learned_and_decides_the_child(tmp_path: Path, registry: Registry) -> None:
    last(PLAYED, registry, tmp_path)
    numbers = surprising(tmp_path / "gen-001", registry, 5).numbers
    exclude_lessons(registry, tmp_path, "gen-001", (0, 1, 2))
    exclude_lessons(registry, tmp_path, "gen-001", tuple(numbers))
    found = surprising(tmp_path / "gen-001", registry, 5)
    assert found.excluded == tuple(sorted(numbers))
    told = last(ALL, registry, tmp_path, resume=True)
    train = told["train"]
    assert train["lessons"] + train["held_out"] == told["samples"] - 5
    assert train["excluded"] == 5
    assert not surprising(tmp_path / "gen-001", registry, 1).can_exclude
    with pytest.raises(RoundError, match="learning has begun"):
        exclude_lessons(registry, tmp_path, "gen-001", ())
    registry.remove("gen-001")
    other = last(ALL, registry, tmp_path / "other")
    assert other["child_hash"] != told["child_hash"]
    # A later round does not learn them either.
    registry.remove("gen-001")


def test_excluded_when_the_round_goes_on(tmp_path: Path, registry: Registry) -> None:
    last(PLAYED, registry, tmp_path)
    told = last(ALL, registry, tmp_path, resume=True, name="gen-001", excluded=(4, 7))
    assert told["train"]["excluded"] == 2
    later = last(ALL, registry, tmp_path, count=1)
    assert later["child"] == "gen-002"
    window = open_round(tmp_path / "gen-001", registry).lessons.own()
    assert len(window) == told["samples"] - 2


def test_only_what_is_there_can_be_excluded(tmp_path: Path, registry: Registry) -> None:
    with pytest.raises(RoundError, match="no round 'gen-001'"):
        exclude_lessons(registry, tmp_path, "gen-001", ())
    with pytest.raises(RoundError, match=r"no round '\.\./x'"):
        exclude_lessons(registry, tmp_path, "../x", ())
    happening = rounds(PLAYED, registry, tmp_path, None, 1)
    next(happening)
    assert [(one.name, one.standing) for one in found_rounds(tmp_path)] == [("gen-001", "running")]
    with pytest.raises(RoundError, match="another process"):
        exclude_lessons(registry, tmp_path, "gen-001", ())
    happening.close()
    assert [(one.name, one.standing) for one in found_rounds(tmp_path)] == [("gen-001", "cut off")]
    with pytest.raises(RoundError, match="not all its games"):
        exclude_lessons(registry, tmp_path, "gen-001", ())
    last(PLAYED, registry, tmp_path, resume=True)
    with pytest.raises(RoundError, match="none with the number 99999"):
        exclude_lessons(registry, tmp_path, "gen-001", (1, 99999))


def test_a_new_round_leaves_one_that_was_cut_off_alone(tmp_path: Path, registry: Registry) -> None:
    last(PLAYED, registry, tmp_path)
    assert last(PLAYED, registry, tmp_path)["child"] == "gen-002"
    (tmp_path / "gen-002" / "order.json").write_text("{")
    found = {one.name: one for one in found_rounds(tmp_path)}
    assert found["gen-002"].standing == "damaged"
    assert "order.json" in found["gen-002"].text
    assert last(ALL, registry, tmp_path, resume=True)["child"] == "gen-001"
    assert found_rounds(tmp_path, "connect_four")[0].standing == "done"
