"""What goes wrong in a round from outside: a full disk, numbers that are none, too little memory, damaged files."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from engine.distill import durable
from engine.distill.durable import DiskFullError
from engine.distill.learning import AstrayError, Learning, LearningError
from engine.distill.lessons import Lessons, LessonsError
from engine.distill.ratchet import Plan, rounds
from engine.distill.round import Round, open_round
from engine.distill.training_state import CheckpointError
from engine.generations.registry import Registry
from engine.nets.policy_value_net import PolicyValueNet, fresh_network
from engine.nets.weights import weights_bytes
from tests.engine.distill.games import RULES
from tests.engine.distill.lessons_of_play import played
from tests.engine.distill.small_rounds import SIZE, data_with_a_parent, order, run
from tests.engine.distill.test_learning import SETTINGS
from tests.engine.nets.small import CONNECT_FOUR


@pytest.fixture(autouse=True)
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    return data_with_a_parent(tmp_path / "data", monkeypatch)


@pytest.fixture(scope="module")
def lessons() -> Lessons:
    return played(8, seed=1)


def full_after(writes: int) -> Callable[[int], None]:
    """A disk that has room for so many files."""
    left = [writes]

    def flush(_: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")

    return flush


def test_a_full_disk_is_said_and_the_round_goes_on_when_there_is_room(
    tmp_path: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    straight = Round(order(), registry, tmp_path / "a" / "c4-001")
    run(straight)
    folder, failures = tmp_path / "b" / "c4-001", 0
    for room in range(40):
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full_after(room))
            try:
                a_round = Round(order(), registry, folder)
                run(a_round)
                break
            except DiskFullError as error:
                failures += 1
                assert str(folder) in str(error)  # noqa: PT017 - it may also not come
                assert not list(folder.rglob(".*.tmp"))
    assert failures >= 3
    assert a_round.state.child_hash == straight.state.child_hash


def test_only_a_full_disk_is_called_one() -> None:
    with pytest.raises(PermissionError), durable.full_disk_told(Path("x")):
        raise PermissionError(errno.EACCES, "Permission denied")
    with pytest.raises(DiskFullError), durable.full_disk_told(Path("x")):
        raise ValueError("not saved") from OSError(errno.EDQUOT, "quota")


def test_a_training_that_went_astray_goes_on_at_half_the_rate(
    tmp_path: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, taken = tmp_path / "c4-001", Learning._taken

    def spoiled(self: Learning, batch: object) -> object:
        if self.step == 2:
            next(iter(self._state.network.parameters())).data.fill_(float("nan"))
        return taken(self, batch)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Learning, "_taken", spoiled)
        with pytest.raises(AstrayError, match=r"step 2.*half the rate"):
            run(Round(order(), registry, folder))
    again = open_round(folder, registry)
    assert (again.state.stage, again.state.halvings) == ("learn", 1)
    run(again)
    assert again.state.learning is not None
    assert again.state.learning["learning_rate"] == SIZE.learn.learning_rate / 2
    assert again.state.stage == "done"


def short_of_memory(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """A device that can learn `most` lessons at a time."""
    losses = Learning._losses

    def tight(self: Learning, part: object) -> object:
        if len(part.weights) > most:  # type: ignore[attr-defined]
            raise torch.OutOfMemoryError("CUDA out of memory")
        return losses(self, part)  # type: ignore[arg-type]

    monkeypatch.setattr(Learning, "_losses", tight)


def test_too_little_memory_learns_in_parts_and_learns_the_same(
    lessons: Lessons, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def first_gradients() -> list[torch.Tensor]:
        network = fresh_network(CONNECT_FOUR, 1)
        for module in network.modules():  # means over a part are not those over the batch
            if isinstance(module, torch.nn.BatchNorm2d):
                module.momentum = 0.0
        learning = Learning(RULES, network, lessons, lessons, SETTINGS, 1, tmp_path)
        learning._state.network.eval()
        learning._taken(learning._made(0))
        return [each.grad.clone() for each in learning._state.network.parameters() if each.grad is not None]

    whole = first_gradients()
    short_of_memory(monkeypatch, 8)
    learning = Learning(RULES, fresh_network(CONNECT_FOUR, 1), lessons, lessons, SETTINGS, 1, tmp_path)
    news = list(learning.run())
    assert news[-1].parts == SETTINGS.batch // 8
    monkeypatch.setattr(Learning, "__init__", _in_parts(Learning.__init__, 4))
    (tmp_path / "learning.safetensors").unlink()
    for one, other in zip(whole, first_gradients(), strict=True):
        assert torch.allclose(one, other, atol=1e-5)


def _in_parts(begin: Callable[..., None], parts: int) -> Callable[..., None]:
    def made(self: Learning, *values: object) -> None:
        begin(self, *values)
        self._parts = parts

    return made


def test_no_memory_for_a_single_lesson_is_said(
    lessons: Lessons, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short_of_memory(monkeypatch, 0)
    learning = Learning(RULES, fresh_network(CONNECT_FOUR, 1), lessons, lessons, SETTINGS, 1, tmp_path)
    with pytest.raises(LearningError, match="cpu has too little memory"):
        list(learning.run())


def test_a_damaged_checkpoint_costs_its_training_and_nothing_else(lessons: Lessons, tmp_path: Path) -> None:
    def child(folder: Path) -> bytes:
        folder.mkdir(exist_ok=True)
        learning = Learning(RULES, network(), lessons, lessons, SETTINGS, 1, folder)
        list(learning.run())
        return weights_bytes(learning.child().state_dict())

    def network() -> PolicyValueNet:
        return fresh_network(CONNECT_FOUR, 1)

    straight = child(tmp_path / "a")
    path = tmp_path / "a" / "learning.safetensors"
    path.write_bytes(path.read_bytes()[:-40])
    assert child(tmp_path / "a") == straight
    with pytest.raises(CheckpointError, match="other settings"):
        Learning(RULES, network(), lessons, lessons, SETTINGS, 2, tmp_path / "a")


def test_damaged_lessons_of_an_earlier_round_are_named(tmp_path: Path, registry: Registry) -> None:
    plan, folder = Plan("connect_four", SIZE, threads=1), tmp_path / "rounds"
    list(rounds(plan, registry, folder, "c4-000", 1))
    shard = folder / "gen-001" / "lessons" / "0001.parquet"
    content = shard.read_bytes()
    shard.write_bytes(content[:-9])
    with pytest.raises(LessonsError, match=r"earlier round gen-001.*0001\.parquet"):
        list(rounds(plan, registry, folder, None, 1))
    shard.write_bytes(content)
    assert list(rounds(plan, registry, folder, None, 1, resume=True))[-1]["child"] == "gen-002"  # type: ignore[index]
