"""Builds our network from one of Lc0's: the architecture is the same, only names, order and heads differ.

Normalisations stay apart from their convolutions, so that an imported network can be trained on; folding them is the
evaluators' and the export's business, as for every network.
"""

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.domains.chess.actions import NUM_ACTIONS
from engine.domains.chess.encodings import FORMATS
from engine.nets.architecture import POLICY_PLANES, Architecture
from engine.nets.lc0_file import Convolution, Dense, Lc0FileError, Lc0Network
from engine.nets.policy_value_net import PolicyValueNet

FORMAT = FORMATS["lc0_112"]

_CELLS = 64
_VARIANCE_OFFSET = 1e-5
"""Added to variances when normalising: Lc0's, and the default of torch."""
_NO_DRAW = -100.0
"""Logit of a draw in networks that know none; its chance is 0 in float32 and in half precision."""


def network_of(file: Lc0Network) -> PolicyValueNet:
    """The network in `file` as one of ours, in evaluation mode.

    Raises:
        Lc0FileError: its layers do not fit together; the message names the first that does not.
    """
    architecture = architecture_of(file)
    network = PolicyValueNet(architecture)
    expected = {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}
    network.load_state_dict(_state(file, expected))
    return network.eval()


def architecture_of(file: Lc0Network) -> Architecture:
    """The shape of the network in `file`, from the sizes of its layers.

    Raises:
        Lc0FileError: a size that all others follow from makes no sense.
    """
    channels = _count(file.stem.weights, FORMAT.channels * 9, "input")
    blocks = file.blocks
    if any((block.squeeze is None) != (blocks[0].squeeze is None) for block in blocks):
        raise Lc0FileError("has squeeze-and-excitation in some of its blocks only")
    is_flat = file.policy_dense is not None
    policy_outputs = _count(file.policy.weights, channels * (1 if is_flat else 9), "policy")
    if not is_flat and policy_outputs < POLICY_PLANES:
        raise Lc0FileError(f"has {policy_outputs} planes of policy, at least {POLICY_PLANES} are needed")
    return Architecture(
        domain="chess",
        fmt=FORMAT.name,
        planes=FORMAT.channels,
        height=FORMAT.height,
        width=FORMAT.width,
        num_actions=NUM_ACTIONS,
        blocks=len(blocks),
        channels=channels,
        squeeze=blocks[0].squeeze.biases.size if blocks and blocks[0].squeeze else 0,
        policy="flat" if is_flat else "planes",
        policy_planes=POLICY_PLANES if is_flat else policy_outputs,
        policy_kernel=1 if is_flat else 3,
        policy_channels=policy_outputs if is_flat else 0,
        value_channels=_count(file.value.weights, channels, "value"),
        value_hidden=file.value_hidden.biases.size,
    )


def _count(weights: NDArray[np.float32], size: int, name: str) -> int:
    """How many outputs a layer has whose weights are `size` for each."""
    outputs, rest = divmod(weights.size, size)
    if rest or not outputs:
        raise Lc0FileError(f"has a layer {name!r} of {weights.size} weights, which is no multiple of {size}")
    return outputs


def _state(file: Lc0Network, expected: Mapping[str, tuple[int, ...]]) -> dict[str, Tensor]:
    """The weights by their names in `PolicyValueNet`, in the `expected` shapes."""
    parts = _normalised("stem", file.stem)
    for index, block in enumerate(file.blocks):
        prefix = f"blocks.{index}"
        parts |= _normalised(f"{prefix}.first", block.first) | _normalised(f"{prefix}.second", block.second)
        if block.squeeze and block.excite:
            parts |= _dense(f"{prefix}.excitation.squeeze", block.squeeze)
            parts |= _dense(f"{prefix}.excitation.excite", block.excite)
    parts |= _policy(file)
    parts |= _normalised("value.features", file.value) | _dense("value.hidden", file.value_hidden)
    parts |= _dense("value.logits", file.value_output if file.is_wdl else _as_wdl(file.value_output))
    state = {name: torch.zeros(shape, dtype=torch.int64) for name, shape in expected.items() if not shape}
    for name, numbers in parts.items():
        shape = expected[name]
        if numbers.size != np.prod(shape):
            raise Lc0FileError(f"has {numbers.size} numbers for {name!r} where {' x '.join(map(str, shape))} belong")
        state[name] = torch.from_numpy(numbers.reshape(shape).copy())
    return state


def _policy(file: Lc0Network) -> dict[str, NDArray[np.float32]]:
    if file.policy_dense is not None:
        return _normalised("policy.features", file.policy) | _dense("policy.logits", file.policy_dense)
    assert file.policy_features is not None
    # Lc0's planes are [plane, rank, file] of the square of departure, as the policy map counts them; the planes after
    # the 73rd mean nothing.
    plane_biases = file.policy.biases
    if plane_biases is None:
        raise Lc0FileError("lacks the biases of the layer 'policy'")
    return _normalised("policy.features", file.policy_features) | {
        "policy.planes.weight": file.policy.weights,
        "policy.planes.bias": plane_biases,
    }


def _normalised(name: str, layer: Convolution) -> dict[str, NDArray[np.float32]]:
    """A convolution and its normalisation; a neutral one where the file has none."""
    count = next((part.size for part in (layer.means, layer.biases) if part is not None), 0)
    zeros, ones = np.zeros(count, np.float32), np.ones(count, np.float32)
    biases = zeros if layer.biases is None else layer.biases
    means = zeros if layer.means is None else layer.means
    if biases.size != means.size:
        raise Lc0FileError(f"has {biases.size} biases and {means.size} means for {name!r}")
    neutral = ones - np.float32(_VARIANCE_OFFSET)
    return {
        f"{name}.conv.weight": layer.weights,
        f"{name}.norm.weight": ones if layer.gammas is None else layer.gammas,
        f"{name}.norm.bias": zeros if layer.betas is None else layer.betas,
        # A bias before a normalisation is the same as a mean shifted the other way.
        f"{name}.norm.running_mean": means - biases,
        f"{name}.norm.running_var": neutral if layer.variances is None else layer.variances,
    }


def _dense(name: str, layer: Dense) -> dict[str, NDArray[np.float32]]:
    return {f"{name}.weight": layer.weights, f"{name}.bias": layer.biases}


def _as_wdl(layer: Dense) -> Dense:
    """Logits of win, draw and loss whose expected result is the tanh of a classical value, without draws.

    With logits (x, -100, -x) win less loss is (e^x - e^-x) / (e^x + e^-x), which is tanh x.
    """
    weights, nothing = layer.weights, np.zeros_like(layer.weights)
    biases = np.concatenate((layer.biases, [_NO_DRAW], -layer.biases))
    return Dense(np.concatenate((weights, nothing, -weights)), biases.astype(np.float32))
