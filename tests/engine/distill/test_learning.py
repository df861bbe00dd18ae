from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch

from engine.distill.learning import Learned, Learning, LearningError, held_out_losses
from engine.distill.lessons import Lessons
from engine.distill.settings import LearningSettings
from engine.distill.training_state import CheckpointError
from engine.nets.policy_value_net import PolicyValueNet, fresh_network
from engine.nets.weights import weights_bytes
from tests.engine.distill.games import RULES
from tests.engine.distill.lessons_of_play import played
from tests.engine.nets.small import CONNECT_FOUR

SETTINGS = LearningSettings(batch=32, reuse=8.0, learning_rate=5e-3, checks=4)


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def lessons() -> Lessons:
    return played(16, seed=1)


@pytest.fixture(scope="module")
def unseen() -> Lessons:
    return played(6, seed=2)


def parent() -> PolicyValueNet:
    return fresh_network(CONNECT_FOUR, 1)


def learned(learning: Learning) -> list[Learned]:
    return list(learning.run())


def bits(network: PolicyValueNet) -> bytes:
    return weights_bytes(network.state_dict())


def test_a_child_knows_its_lessons_better_than_its_parent(lessons: Lessons, unseen: Lessons, tmp_path: Path) -> None:
    settings = msgspec.structs.replace(SETTINGS, reuse=30.0, patience=99)
    learning = Learning(RULES, parent(), lessons, lessons, settings, 1, tmp_path)
    before = held_out_losses(RULES, parent(), lessons, settings)
    news = learned(learning)
    assert [one.step for one in news] == list(range(1, learning.steps + 1))
    after = held_out_losses(RULES, learning.child(), lessons, settings)
    assert after.policy < before.policy - 0.05
    assert after.value < before.value - 0.1
    assert learning.best is not None
    assert after.total == pytest.approx(learning.best.total, abs=1e-5)
    assert len(learning.history) == settings.checks


def test_a_training_cut_twice_ends_with_the_same_bits(lessons: Lessons, unseen: Lessons, tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("straight", "cut", "again")]
    for folder in folders:
        folder.mkdir()
    straight, again = (Learning(RULES, parent(), lessons, unseen, SETTINGS, 1, folders[at]) for at in (0, 2))
    learned(straight)
    learned(again)
    for steps in (5, 7):
        part = Learning(RULES, parent(), lessons, unseen, SETTINGS, 1, folders[1])
        running = part.run()
        for _ in range(steps):
            next(running)
        running.close()  # type: ignore[attr-defined]
    last = Learning(RULES, parent(), lessons, unseen, SETTINGS, 1, folders[1])
    assert learned(last)[0].step == 13
    assert bits(last.child()) == bits(straight.child()) == bits(again.child())
    assert last.history == straight.history


def test_another_seed_is_another_child(lessons: Lessons, unseen: Lessons, tmp_path: Path) -> None:
    one, two = (Learning(RULES, parent(), lessons, unseen, SETTINGS, seed, tmp_path) for seed in (1, 2))
    learned(one)
    with pytest.raises(CheckpointError):
        Learning(RULES, parent(), lessons, unseen, SETTINGS, 2, tmp_path)
    learned(two)
    assert bits(one.child()) != bits(two.child())


def test_an_anchor_holds_the_child_near_its_parent(lessons: Lessons, unseen: Lessons, tmp_path: Path) -> None:
    away = []
    for number, anchor in enumerate((1e-6, 30.0)):
        folder = tmp_path / str(number)
        folder.mkdir()
        settings = msgspec.structs.replace(SETTINGS, anchor=anchor)
        away.append(learned(Learning(RULES, parent(), lessons, unseen, settings, 1, folder))[-1].losses.drift)
    assert 0.0 <= away[1] < 0.5 * away[0]


def test_training_stops_where_the_held_out_get_no_better(lessons: Lessons, unseen: Lessons, tmp_path: Path) -> None:
    contrary = unseen.chosen(np.arange(len(unseen)))
    contrary.rows["result"] = 2 - contrary.rows["result"]  # who won has lost
    contrary.rows["value"] *= -1
    settings = msgspec.structs.replace(SETTINGS, reuse=60.0, checks=20, patience=3)
    learning = Learning(RULES, parent(), lessons, contrary, settings, 1, tmp_path)
    news = learned(learning)
    assert news[-1].step < learning.steps
    assert learning.is_over


def test_a_loss_that_is_no_number_stops_with_a_sentence(lessons: Lessons, unseen: Lessons, tmp_path: Path) -> None:
    network = parent()
    with torch.no_grad():
        network.stem.conv.weight.fill_(float("nan"))
    with pytest.raises(LearningError, match="step 0"):
        learned(Learning(RULES, network, lessons, unseen, SETTINGS, 1, tmp_path))


def test_nothing_to_learn_is_said(lessons: Lessons, tmp_path: Path) -> None:
    nothing = lessons.chosen(np.zeros(0, np.int64))
    with pytest.raises(ValueError, match="nothing to learn"):
        Learning(RULES, parent(), nothing, nothing, SETTINGS, 1, tmp_path)
