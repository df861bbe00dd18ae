"""Weights as safetensors: bytes out, a network in. Nothing is ever unpickled."""

from pathlib import Path

import safetensors
import safetensors.torch
from torch import Tensor

from engine.nets.architecture import Architecture
from engine.nets.onnx_evaluator import NetworkFileError
from engine.nets.policy_value_net import PolicyValueNet, fresh_network


def weights_bytes(state: dict[str, Tensor]) -> bytes:
    """`state` (a network's state dict) as a safetensors file; equal states give equal bytes."""
    return safetensors.torch.save({name: tensor.detach().cpu().contiguous() for name, tensor in sorted(state.items())})


def network_from_file(path: Path, architecture: Architecture) -> PolicyValueNet:
    """The network of `architecture` with the weights in `path`.

    Raises:
        NetworkFileError: the file is missing, no safetensors file, or holds another network's weights.
    """
    try:
        state = safetensors.torch.load(path.read_bytes())
    except OSError as error:
        raise NetworkFileError(f"{path}: cannot be read ({error.strerror})") from error
    except safetensors.SafetensorError as error:
        raise NetworkFileError(f"{path}: not a safetensors file ({error})") from error
    network = fresh_network(architecture, seed=0)
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        raise NetworkFileError(f"{path}: these are not the weights of a network with {architecture.text}") from error
    return network
