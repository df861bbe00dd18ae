import numpy as np
import pytest

from engine.distill.lessons import Lessons
from engine.distill.preflight import Check, examined
from tests.engine.distill.games import RULES
from tests.engine.distill.lessons_of_play import played


@pytest.fixture(scope="module")
def lessons() -> Lessons:
    return played(40)


def found(lessons: Lessons) -> dict[str, Check]:
    return {check.name: check for check in examined(RULES, lessons)}


def changed(lessons: Lessons) -> Lessons:
    return lessons.chosen(np.arange(len(lessons)))


def test_lessons_of_ours_are_well(lessons: Lessons) -> None:
    assert {check.outcome for check in found(lessons).values()} == {"well"}


def test_turned_values_are_found(lessons: Lessons) -> None:
    turned = changed(lessons)
    turned.rows["value"] *= -1
    assert found(turned)["wins at hand"].outcome == "wrong"
    assert found(turned)["signs"].outcome == "wrong"


def test_turned_results_are_found(lessons: Lessons) -> None:
    turned = changed(lessons)
    turned.rows["result"] = 2 - turned.rows["result"]
    assert found(turned)["signs"].outcome == "wrong"


def test_policies_that_are_none_are_found(lessons: Lessons) -> None:
    bent = changed(lessons)
    bent.policy[3] += 0.5
    assert found(bent)["targets"].outcome == "wrong"
    shifted = changed(lessons)
    shifted.actions[0] = 6 - shifted.actions[0]
    assert found(shifted)["targets"].outcome == "wrong"


def test_the_same_game_again_and_again_is_warned_of(lessons: Lessons) -> None:
    again = lessons.chosen(np.repeat(np.arange(20), 30))
    assert found(again)["variety"].outcome == "warning"


@pytest.mark.parametrize("surprise", [0.0, 5.0])
def test_targets_too_soft_or_too_sharp_are_warned_of(lessons: Lessons, surprise: float) -> None:
    other = changed(lessons)
    other.rows["surprise"] = surprise
    assert found(other)["surprise"].outcome == "warning"


def test_no_lesson_at_all(lessons: Lessons) -> None:
    assert examined(RULES, lessons.chosen(np.zeros(0, np.int64)))[0].outcome == "wrong"
