"""Asks a network about samples, as search would ask it."""

import numpy as np
import torch
from numpy.typing import NDArray

from engine.distill.batches import encode_batch
from engine.distill.held_out import Answers, played_action
from engine.distill.losses import legal_log_policy
from engine.domains.base import Rules
from engine.nets.policy_value_net import PolicyValueNet

_BATCH = 512


def answers(rules: Rules, network: PolicyValueNet, samples: NDArray[np.void]) -> Answers:
    """What `network` says about `samples` (`samples.sample_dtype`): in evaluation mode, illegal actions masked."""
    was_training = network.training
    network.eval()
    entropies, ranks, wdls = [np.zeros(0, np.float32)], [np.zeros(0, np.int64)], [np.zeros((0, 3), np.float32)]
    for first in range(0, len(samples), _BATCH):
        encoded = encode_batch(rules, samples[first : first + _BATCH], network.architecture.fmt)
        with torch.inference_mode():
            planes = torch.from_numpy(encoded.planes).contiguous(memory_format=torch.channels_last)  # [B, C, H, W]
            output = network(planes)
            log_policy = legal_log_policy(output.policy_logits, torch.from_numpy(encoded.legal)).numpy()  # [B, A]
            wdls.append(torch.softmax(output.wdl_logits, 1).numpy())  # [B, 3]
        entropy, rank = played_action(log_policy, encoded.legal, encoded.actions)
        entropies.append(entropy)
        ranks.append(rank)
    network.train(was_training)
    return Answers(
        np.concatenate(entropies),
        np.concatenate(ranks),
        np.concatenate(wdls),
        samples["result"].astype(np.int64),
        samples["rating"],
    )
