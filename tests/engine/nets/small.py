"""Small networks and leaves for the tests of this folder."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from engine.generations.card import Card
from engine.generations.registry import Generation, Registry
from engine.nets.architecture import Architecture
from engine.nets.policy_value_net import PolicyValueNet, fresh_network
from engine.nets.publish import publish
from engine.search.evaluator import Leaves

CONNECT_FOUR = Architecture(
    domain="connect_four",
    fmt="planes",
    planes=3,
    height=6,
    width=7,
    num_actions=7,
    blocks=1,
    channels=8,
    squeeze=4,
    policy="flat",
)

CHESS = Architecture(
    domain="chess",
    fmt="compact",
    planes=20,
    height=8,
    width=8,
    num_actions=1858,
    blocks=1,
    channels=8,
    squeeze=4,
    policy="planes",
)


def lively_network(architecture: Architecture, seed: int = 3) -> PolicyValueNet:
    """A network in which every part matters: normalisations and zero-initialised scales are given values."""
    network = fresh_network(architecture, seed)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, tensor in network.state_dict().items():
            if name.endswith("running_var"):
                tensor.uniform_(0.5, 2.0, generator=generator)
            elif "norm" in name and tensor.is_floating_point():
                tensor.normal_(0.5, 0.3, generator=generator)
    return network.eval()


def random_leaves(architecture: Architecture, batch: int, seed: int = 0) -> Leaves:
    """Leaves with random planes and from 1 to 5 random actions each."""
    rng = np.random.default_rng(seed)
    planes = rng.random((batch, architecture.planes, architecture.height, architecture.width), np.float32)
    rows = [np.sort(rng.choice(architecture.num_actions, rng.integers(1, 6), replace=False)) for _ in range(batch)]
    return leaves_of(planes, rows)


def leaves_of(planes: NDArray[np.float32], rows: list[NDArray[np.int64]]) -> Leaves:
    offsets = np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int32)
    nothing = np.zeros(len(planes), np.dtype([("nothing", np.uint8)]))
    return Leaves(nothing, planes, offsets, np.concatenate(rows).astype(np.uint16))


def published(folder: Path, network: PolicyValueNet, generation_id: str = "gen-000") -> Generation:
    card = Card(id=generation_id, name="a test", domain=network.architecture.domain, architecture=network.architecture)
    return publish(Registry(folder), network, card)
