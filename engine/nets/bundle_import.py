"""Takes in a generation that somebody handed on (`engine.generations.bundle`), once it is seen to hold together."""

from pathlib import Path

import msgspec
import safetensors
import safetensors.torch
from torch import Tensor

from engine.domains import registry as domains
from engine.generations.bundle import Bundle, read_bundle
from engine.generations.card import ONNX_FILE, WEIGHTS_FILE, Card, GenerationError
from engine.generations.registry import Generation, Registry
from engine.nets.architecture import Architecture
from engine.nets.onnx_export import onnx_bytes
from engine.nets.policy_value_net import PolicyValueNet

_BYTES = 4
"""Of a weight, float32."""


def import_bundle(registry: Registry, path: Path, generation_id: str | None = None, *, licence: str = "") -> Generation:
    """Write the generation at `path` to the user's registry.

    The weights are taken as they are, so that the hash by which matches know them stays; the ONNX file is made anew
    from them, because nothing says that the one that came along is of the same network.

    Args:
        path: a .zip file or folder that `write_bundle` made, or a file in such a folder.
        generation_id: its name in the registry; None = as the card says.
        licence: terms of the weights; "" = as the card says.

    Raises:
        GenerationError: there is no generation there, it is damaged, of a domain that is not known here or too new; the
            id is no good or taken; the folder cannot be written.
    """
    bundle = read_bundle(path)
    network = _network(path, bundle)
    files = {WEIGHTS_FILE: bundle.weights, ONNX_FILE: onnx_bytes(network)}
    card = bundle.card
    return registry.add(
        msgspec.structs.replace(card, id=generation_id or card.id, licence=licence or card.licence), files
    )


def _network(path: Path, bundle: Bundle) -> PolicyValueNet:
    architecture = _architecture(path, bundle.card)
    try:
        state = safetensors.torch.load(bundle.weights)
    except safetensors.SafetensorError as error:
        raise GenerationError(f"{path}: {WEIGHTS_FILE} is no safetensors file ({error})") from error
    unfit = GenerationError(f"{path}: {WEIGHTS_FILE} does not hold a network with {architecture.text}")
    if _least_bytes(architecture) > len(bundle.weights):  # before memory is asked for
        raise unfit
    network = PolicyValueNet(architecture)
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        raise unfit from error
    _check_numbers(path, state)
    return network.eval()


def _architecture(path: Path, card: Card) -> Architecture:
    """The architecture of a card, if it is one for a domain that is known here."""
    architecture = card.architecture
    if architecture is None:
        raise GenerationError(f"{path}: {card.id!r} is a generation without a network")
    if card.domain not in domains.names() or architecture.domain != card.domain:
        known = ", ".join(domains.names())
        raise GenerationError(f"{path}: {card.id!r} is of domain {card.domain!r}; known here are {known}")
    rules = domains.rules(card.domain)
    form = rules.formats.get(architecture.fmt)
    seen = (architecture.planes, architecture.height, architecture.width, architecture.num_actions)
    if form is None or seen != (form.channels, form.height, form.width, rules.num_actions):
        raise GenerationError(
            f"{path}: {card.id!r} reads {architecture.planes} planes {architecture.fmt!r} and answers "
            f"{architecture.num_actions} actions, which is no network for {card.domain} as it is played here"
        )
    least = min(architecture.channels, architecture.value_channels, architecture.value_hidden, architecture.num_actions)
    others = (architecture.blocks, architecture.squeeze, architecture.policy_planes, architecture.policy_channels)
    if least < 1 or min(others) < 0 or architecture.policy_kernel not in (1, 3):
        raise GenerationError(f"{path}: the card of {card.id!r} describes no network that can be built")
    return architecture


def _least_bytes(architecture: Architecture) -> int:
    """What the largest layers alone take; whoever asks for more than the file has means another network."""
    channels, cells = architecture.channels, architecture.height * architecture.width
    trunk = architecture.blocks * (18 * channels + 2 * architecture.squeeze) * channels
    if architecture.policy == "planes":
        policy = architecture.policy_planes * channels * architecture.policy_kernel**2
    else:
        policy = architecture.policy_channels * (channels + cells * architecture.num_actions)
    value = architecture.value_channels * (channels + cells * architecture.value_hidden)
    return _BYTES * (trunk + policy + value)


def _check_numbers(path: Path, state: dict[str, Tensor]) -> None:
    for name, tensor in state.items():
        if tensor.is_floating_point() and not tensor.isfinite().all():
            raise GenerationError(f"{path}: layer {name!r} is damaged: not every weight is a finite number")
