from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.distill.autopsy import EARLIER_ROUNDS, THIS_ROUND, autopsy
from engine.distill.learning import Learning
from engine.distill.lessons import Lessons
from engine.distill.verdict import helped, verdict
from engine.nets.policy_value_net import PolicyValueNet, fresh_network
from tests.engine.distill.games import RULES
from tests.engine.distill.lessons_of_play import played
from tests.engine.distill.test_learning import SETTINGS
from tests.engine.nets.small import CONNECT_FOUR


@pytest.fixture(scope="module")
def lessons() -> Lessons:
    return played(16, seed=1)


@pytest.fixture(scope="module")
def learned(lessons: Lessons, tmp_path_factory: pytest.TempPathFactory) -> PolicyValueNet:
    """A network that knows the lessons."""
    torch.set_num_threads(1)
    learning = Learning(RULES, fresh_network(CONNECT_FOUR, 1), lessons, lessons, SETTINGS, 1, folder(tmp_path_factory))
    list(learning.run())
    return learning.child()


def folder(factory: pytest.TempPathFactory) -> Path:
    return factory.mktemp("learning")


def told(parent: PolicyValueNet, child: PolicyValueNet, **held_out: Lessons) -> dict[str, Any]:
    origins = {"own": THIS_ROUND, "earlier": EARLIER_ROUNDS}
    asked = {origins[name]: lessons for name, lessons in held_out.items()}
    return autopsy(RULES, parent, child, asked, SETTINGS)


def test_a_child_that_forgot_is_found_out(lessons: Lessons, learned: PolicyValueNet) -> None:
    found = told(learned, fresh_network(CONNECT_FOUR, 1), earlier=lessons)
    assert {(head["head"], head["lessons"]) for head in found["heads"]} == {
        ("policy", EARLIER_ROUNDS),
        ("value", EARLIER_ROUNDS),
    }
    assert len(found["worse"]) == 2
    assert "policy head forgot" in found["text"]
    positions = found["positions"]
    assert [one["lost"] for one in positions] == sorted((one["lost"] for one in positions), reverse=True)
    worst = positions[0]
    assert worst["lost"] == pytest.approx(
        sum(worst[name][1] - worst[name][0] for name in ("policy_loss", "value_loss"))
    )
    assert worst["lost"] > 0


def test_a_child_that_knows_more_lost_nothing(lessons: Lessons, learned: PolicyValueNet) -> None:
    found = told(fresh_network(CONNECT_FOUR, 1), learned, own=lessons)
    assert found["worse"] == []
    assert "some got better" in found["text"]
    assert all(head["change"] < 0 for head in found["heads"])


def test_no_change_and_no_lessons(lessons: Lessons, learned: PolicyValueNet) -> None:
    same = told(learned, learned, own=lessons)
    assert same["positions"] == []
    assert "changed too little" in same["text"]
    nothing = told(learned, learned, own=lessons.chosen(np.zeros(0, np.int64)))
    assert "No lesson was held out" in nothing["text"]


def test_lessons_of_one_game_are_no_evidence_by_themselves(lessons: Lessons, learned: PolicyValueNet) -> None:
    places = np.flatnonzero(lessons.rows["game"] < 4)
    some = lessons.chosen(places)
    many = some.chosen(np.tile(np.arange(len(some)), 50))
    fresh = fresh_network(CONNECT_FOUR, 1)
    for one, other in zip(
        told(learned, fresh, own=some)["heads"], told(learned, fresh, own=many)["heads"], strict=True
    ):
        assert one["interval_95"] == pytest.approx(other["interval_95"], abs=0.01)


def test_verdicts() -> None:
    assert helped({"elo_interval_95": [1.0, None]})
    assert not helped({"elo_interval_95": [None, 50.0]})
    assert not helped({"elo_interval_95": [-1.0, 50.0]})
    assert not helped(None)
    assert verdict(None) == verdict({"elo_interval_95": None})
