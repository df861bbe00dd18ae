"""What a network thinks of positions: priors of the legal actions, and value; as search would ask it."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from engine.distill.batches import planes_and_legal
from engine.distill.losses import legal_log_policy
from engine.domains.base import Rules
from engine.nets.policy_value_net import PolicyValueNet


@dataclass(frozen=True, slots=True, eq=False)
class Opinion:
    """What a network thinks of a position.

    Attributes:
        actions: legal ones, ascending; none where play has ended. prior: of each of them.
        value: for the player to move, in [-1, 1]. draw: chance of a draw.
    """

    actions: NDArray[np.int64]
    prior: NDArray[np.float32]
    value: float
    draw: float


def opinions(
    rules: Rules, network: PolicyValueNet, states: NDArray[np.void], temperature: float = 1.0
) -> tuple[Opinion, ...]:
    """What `network` thinks of `states`, each without what came before.

    Args:
        temperature: of the priors.
    """
    if not len(states):
        return ()
    device = next(network.parameters()).device
    network.eval()
    planes, legal = planes_and_legal(rules, states, network.architecture.fmt)
    with torch.inference_mode():
        output = network(torch.from_numpy(planes).to(device).contiguous(memory_format=torch.channels_last))
        logits = output.policy_logits.float() / temperature
        prior = legal_log_policy(logits, torch.from_numpy(legal).to(device)).exp().cpu().numpy()
        wdl = torch.softmax(output.wdl_logits.float(), 1).cpu().numpy()
    return tuple(
        Opinion(np.flatnonzero(open_), each[open_], float(chances[0] - chances[2]), float(chances[1]))
        for each, open_, chances in zip(prior, legal, wdl, strict=True)
    )
