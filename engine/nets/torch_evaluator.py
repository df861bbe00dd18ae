"""An evaluator that runs a network in torch on a CPU, where no exported file is at hand."""

import torch

from engine.nets.legal_logits import legal_logits
from engine.nets.policy_value_net import PolicyValueNet, channels_last, folded
from engine.search.evaluator import Evaluation, Leaves


class TorchEvaluator:
    """Runs a `PolicyValueNet` in float32 on a CPU; `engine.nets.gpu_evaluator` does so on a GPU.

    Takes the network over: it is folded for inference.

    Args:
        network: the network.
        name: for people, e.g. "gen-000".
        weights_hash: content hash of the weights, hex.
        threads: torch threads (for the whole process); None = leave as it is.
    """

    device = "cpu, torch"

    def __init__(self, network: PolicyValueNet, *, name: str, weights_hash: str, threads: int | None = None) -> None:
        if threads is not None:
            torch.set_num_threads(threads)
        self._network = channels_last(folded(network))
        self.name = name
        self.weights_hash = weights_hash
        self.fmt: str | None = network.architecture.fmt

    def evaluate(self, leaves: Leaves) -> Evaluation:
        """Logits and win/draw/loss for every leaf."""
        if leaves.features is None:
            raise ValueError(f"{self.name} needs features in format {self.fmt!r}; the leaves carry none")
        with torch.inference_mode():
            planes = torch.from_numpy(leaves.features).contiguous(memory_format=torch.channels_last)  # [B, C, H, W]
            output = self._network(planes)
            wdl = torch.softmax(output.wdl_logits, 1).numpy()  # [B, 3]
        return Evaluation(legal_logits(output.policy_logits.numpy(), leaves.offsets, leaves.actions), wdl)
