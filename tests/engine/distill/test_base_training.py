import json
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch

from engine.distill.base_training import (
    BaseTrainingSettings,
    Pace,
    Progress,
    held_out_figures,
    train_base,
    train_on,
)
from engine.distill.budget import Budget, BudgetError
from engine.distill.training_state import CheckpointError, TrainingState, fresh_state, update_average
from engine.generations.registry import Registry
from engine.nets.policy_value_net import fresh_network
from engine.nets.weights import network_from_file, weights_bytes
from tests.engine.distill.games import RULES, random_dataset
from tests.engine.nets.small import CONNECT_FOUR

SETTINGS = BaseTrainingSettings(
    id="gen-000",
    name="a test",
    domain="connect_four",
    architecture=CONNECT_FOUR,
    budget=Budget(samples=16 * 24),
    batch=16,
    threads=1,
)


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def weights(state: TrainingState | None) -> tuple[bytes, bytes]:
    assert state is not None
    return weights_bytes(state.network.state_dict()), weights_bytes(state.average)


def stop_after(steps: int):  # type: ignore[no-untyped-def]
    asked = iter(range(1, 10**6))
    return lambda: next(asked) >= steps


def test_a_training_cut_twice_ends_with_the_same_bits(tmp_path: Path) -> None:
    data = random_dataset()
    straight = train_on(SETTINGS, data, tmp_path / "straight")
    for steps in (7, 9):
        assert train_on(SETTINGS, data, tmp_path / "cut", should_stop=stop_after(steps), resume=True) is None
    cut = train_on(SETTINGS, data, tmp_path / "cut", resume=True)
    assert cut is not None
    assert cut.step == 24
    assert weights(cut) == weights(straight)
    assert weights(train_on(SETTINGS, data, tmp_path / "again")) == weights(straight)
    other = msgspec.structs.replace(SETTINGS, seed=2)
    assert weights(train_on(other, data, tmp_path / "other")) != weights(straight)


def test_a_kill_costs_what_was_done_since_the_checkpoint(tmp_path: Path) -> None:
    """The process dies without a word right after a step: the last checkpoint is whole and is gone on from."""
    data = random_dataset()
    straight = train_on(SETTINGS, data, tmp_path / "straight")

    class KilledError(Exception):
        pass

    def die() -> bool:
        if (tmp_path / "cut" / "state.safetensors").exists():
            raise KilledError
        return False

    with pytest.raises(KilledError):
        train_on(SETTINGS, data, tmp_path / "cut", should_stop=die, pace=Pace(checkpoint_s=0.0))
    assert weights(train_on(SETTINGS, data, tmp_path / "cut", resume=True)) == weights(straight)


def test_it_learns_and_says_so(tmp_path: Path) -> None:
    data = random_dataset(40)
    told: list[Progress] = []
    longer = msgspec.structs.replace(SETTINGS, budget=Budget(samples=16 * 150), learning_rate=1e-2, average_decay=0.9)
    state = train_on(longer, data, tmp_path, told.append, pace=Pace(report_s=0.0))
    assert state is not None
    early = np.mean([progress.policy_loss + progress.value_loss for progress in told[:10]])
    late = np.mean([progress.policy_loss + progress.value_loss for progress in told[-10:]])
    assert late < early - 0.3
    used = [progress.used for progress in told]
    assert used == sorted(used)
    assert all(progress.stage == "training" and progress.remaining_s >= 0 for progress in told)
    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert rows[0]["samples"] == 16
    assert "held_out" in rows[-1]


def test_a_checkpoint_of_other_settings_is_refused(tmp_path: Path) -> None:
    data = random_dataset(10)
    assert train_on(SETTINGS, data, tmp_path, should_stop=lambda: True) is None
    other = msgspec.structs.replace(SETTINGS, learning_rate=1.0)
    with pytest.raises(CheckpointError, match="other settings"):
        train_on(other, data, tmp_path, resume=True)
    (tmp_path / "state.safetensors").write_bytes(b"\x10\0\0\0\0\0\0\0broken")
    with pytest.raises(CheckpointError, match=r"state\.safetensors"):
        train_on(SETTINGS, data, tmp_path, resume=True)
    finished = train_on(SETTINGS, data, tmp_path)
    assert finished is not None
    assert finished.step == 24, "without resume, training starts anew"


def test_more_time_may_be_given_to_a_checkpoint(tmp_path: Path) -> None:
    data = random_dataset(10)
    train_on(SETTINGS, data, tmp_path)
    longer = msgspec.structs.replace(SETTINGS, budget=Budget(samples=16 * 30))
    state = train_on(longer, data, tmp_path, resume=True)
    assert state is not None
    assert state.step == 30


def test_an_untrained_generation(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "generations")
    settings = msgspec.structs.replace(SETTINGS, budget=None)
    generation = train_base(settings, registry, tmp_path / "work")
    assert generation is not None
    network = network_from_file(generation.verified_file("weights.safetensors"), CONNECT_FOUR)
    expected = fresh_network(CONNECT_FOUR, settings.seed).state_dict()
    assert all(torch.equal(tensor, expected[name]) for name, tensor in network.state_dict().items())
    assert generation.card.notes.startswith("Untrained")
    assert not (tmp_path / "work").exists()


def test_games_need_a_budget(tmp_path: Path) -> None:
    with pytest.raises(BudgetError, match="needs a budget"):
        train_on(msgspec.structs.replace(SETTINGS, budget=None), random_dataset(2), tmp_path)


def test_the_average_follows_the_network() -> None:
    state = fresh_state(CONNECT_FOUR, 1, 0.0)
    name = "stem.conv.weight"
    start = state.average[name].clone()
    with torch.no_grad():
        state.network.state_dict()[name].add_(1.0)
    state.step = 10**6
    update_average(state, 0.9)
    torch.testing.assert_close(state.average[name], start + 0.1)
    torch.testing.assert_close(state.averaged_network().state_dict()[name], start + 0.1)


def test_figures_for_the_card_leave_out_known_positions(tmp_path: Path) -> None:
    data = random_dataset()
    found = held_out_figures(RULES, fresh_network(CONNECT_FOUR, 1), data)
    assert 0 < data.held_out_seen.sum() < len(data.held_out)
    assert found["positions"] == (~data.held_out_seen).sum()
    assert found["all_positions"]["positions"] == len(data.held_out)
    assert 1.0 < found["policy_cross_entropy"] < 2.5, "an untrained prior over about seven columns"
