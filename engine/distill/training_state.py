"""What a training must remember to go on after a kill as if nothing had happened: one file, replaced atomically."""

import json
from dataclasses import dataclass
from pathlib import Path

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from engine.distill.durable import write_durably
from engine.nets.architecture import Architecture
from engine.nets.policy_value_net import PolicyValueNet, channels_last, fresh_network

CPU = torch.device("cpu")


class CheckpointError(ValueError):
    """A checkpoint that cannot be gone on from; the message names the file and why."""


class DamagedError(CheckpointError):
    """A checkpoint that is not there, or cannot be read."""


@dataclass(slots=True)
class TrainingState:
    """A training between two steps.

    Attributes:
        network: the network being trained.
        optimizer: its optimizer.
        average: moving average of the network's state dict: what is published.
        step: optimizer steps done.
        seconds: time spent training, over all parts together.
    """

    network: PolicyValueNet
    optimizer: torch.optim.Optimizer
    average: dict[str, Tensor]
    step: int
    seconds: float

    def averaged_network(self) -> PolicyValueNet:
        """A network of its own with the averaged weights, on the same device."""
        network = fresh_network(self.network.architecture, seed=0).to(next(self.network.parameters()).device)
        network.load_state_dict(self.average)
        return network


def fresh_state(architecture: Architecture, seed: int, weight_decay: float) -> TrainingState:
    """A training that has not begun."""
    return state_from(fresh_network(architecture, seed), weight_decay)


def state_from(network: PolicyValueNet, weight_decay: float) -> TrainingState:
    """A training that has not begun, of a network that may have learned before; `network` is taken over."""
    network = channels_last(network)
    average = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    return TrainingState(network, _optimizer(network, weight_decay), average, 0, 0.0)


def update_average(state: TrainingState, decay: float) -> None:
    """Move the average towards the network; early steps move it further, so that it forgets the random start."""
    towards = 1.0 - min(decay, (1 + state.step) / (10 + state.step))
    with torch.no_grad():
        for name, tensor in state.network.state_dict().items():
            if tensor.is_floating_point():
                state.average[name].lerp_(tensor, towards)
            else:
                state.average[name].copy_(tensor)


def save_state(
    state: TrainingState,
    path: Path,
    key: str,
    extra: dict[str, Tensor] | None = None,
    told: dict[str, str] | None = None,
) -> None:
    """Write `state`; `key` names the settings it belongs to.

    Args:
        extra, told: whatever else the training must remember.
    """
    tensors = {f"network.{name}": tensor for name, tensor in state.network.state_dict().items()}
    tensors |= {f"average.{name}": tensor for name, tensor in state.average.items()}
    for index, moments in state.optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{index}.{name}": tensor for name, tensor in moments.items()}
    tensors |= {f"extra.{name}": tensor for name, tensor in (extra or {}).items()}
    about = {"step": str(state.step), "seconds": repr(state.seconds), "key": key, **(told or {})}
    write_durably(path, safetensors.torch.save({name: t.contiguous() for name, t in tensors.items()}, about))


def load_state(
    path: Path,
    key: str,
    architecture: Architecture,
    weight_decay: float,
    extra: dict[str, Tensor] | None = None,
    told: dict[str, str] | None = None,
    device: torch.device = CPU,
) -> TrainingState:
    """The state that `save_state` wrote.

    Args:
        extra, told: filled with what `save_state` was given beside the state.
        device: where it is to go on.

    Raises:
        DamagedError: the file cannot be read.
        CheckpointError: it belongs to other settings.
    """
    try:
        content = path.read_bytes()
        tensors = {name: tensor.to(device) for name, tensor in safetensors.torch.load(content).items()}
        length = int.from_bytes(content[:8], "little")
        about = json.loads(content[8 : 8 + length])["__metadata__"]
    except (OSError, safetensors.SafetensorError, KeyError, ValueError) as error:
        raise DamagedError(f"{path}: cannot go on from this checkpoint ({error})") from error
    if about["key"] != key:
        raise CheckpointError(f"{path}: belongs to a training with other settings; choose another folder or delete it")
    state = state_from(fresh_network(architecture, 0).to(device), weight_decay)
    state.network.load_state_dict(_under(tensors, "network."))
    state.average = _under(tensors, "average.")
    _load_moments(state.optimizer, _under(tensors, "optimizer."))
    state.step = int(about["step"])
    state.seconds = float(about["seconds"])
    if extra is not None:
        extra |= _under(tensors, "extra.")
    if told is not None:
        told |= about
    return state


def _optimizer(network: PolicyValueNet, weight_decay: float) -> torch.optim.Optimizer:
    weights = [parameter for parameter in network.parameters() if parameter.dim() > 1]
    # Normalisations and biases are not pulled to zero.
    others = [parameter for parameter in network.parameters() if parameter.dim() <= 1]
    groups = [{"params": weights, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=0.0, fused=True)


def _load_moments(optimizer: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    """Give `optimizer` the moments saved as "<index of the parameter>.<name>"."""
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    about = optimizer.state_dict()
    for name, tensor in tensors.items():
        index, _, moment = name.partition(".")
        like = parameters[int(index)]
        # The fused optimizer walks parameter and moments in memory order: their layouts must be the same.
        laid_out = torch.empty_like(like, requires_grad=False).copy_(tensor) if tensor.shape == like.shape else tensor
        about["state"].setdefault(int(index), {})[moment] = laid_out
    optimizer.load_state_dict(about)


def _under(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
