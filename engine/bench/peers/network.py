"""The small Connect Four network that both sides of the lockstep comparison run: its shape, weights and cost.

The weights are drawn, not trained: what is compared is speed at equal cost. Both sides draw the same ones from the same
seed, and the comparison checks that their outputs agree. Input: planes [B, 3, 6, 7] as in this project (discs of the
player to move, of the other player, ones; lowest row first). Output: 7 policy logits, then 3 win/draw/loss logits.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PLANES, ROWS, COLUMNS, OUTPUTS = 3, 6, 7, 10
CELLS = ROWS * COLUMNS
_KERNEL = 3

Weights = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Network:
    """`convolutions` of `channels` 3x3 filters each, one dense layer of `hidden` units, the outputs; ReLU between."""

    convolutions: int
    channels: int
    hidden: int

    @property
    def flat(self) -> int:
        """Numbers into the first dense layer."""
        return CELLS * (self.channels if self.convolutions else PLANES)


NETWORKS = {"dense": Network(0, 0, 128), "convolutional": Network(3, 32, 64)}


def macs(network: Network) -> int:
    """Multiply-accumulate operations of one evaluation."""
    inputs, total = PLANES, 0
    for _ in range(network.convolutions):
        total += CELLS * _KERNEL * _KERNEL * inputs * network.channels
        inputs = network.channels
    return total + network.flat * network.hidden + network.hidden * OUTPUTS


def weights(network: Network, seed: int = 0) -> list[Weights]:
    """Filters [channels, inputs, 3, 3] of each convolution, then matrices [inputs, units] of the dense layers."""
    rng = np.random.default_rng(seed)
    shapes: list[tuple[int, ...]] = []
    inputs = PLANES
    for _ in range(network.convolutions):
        shapes.append((network.channels, inputs, _KERNEL, _KERNEL))
        inputs = network.channels
    shapes += [(network.flat, network.hidden), (network.hidden, OUTPUTS)]
    drawn = []
    for shape in shapes:
        fan_in = shape[0] if len(shape) == 2 else int(np.prod(shape[1:]))
        drawn.append((rng.standard_normal(shape) * np.sqrt(2.0 / fan_in)).astype(np.float32))
    return drawn


def probe(count: int = 4) -> Weights:
    """Planes [count, 3, 6, 7] on which both sides must give the same outputs."""
    planes = np.random.default_rng(1).integers(0, 2, (count, PLANES, ROWS, COLUMNS))
    return planes.astype(np.float32)
