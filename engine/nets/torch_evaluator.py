"""An evaluator that runs a network in torch on a CPU, where no exported file is at hand."""

from typing import Literal

import torch

from engine.nets.half_trunk import HalfTrunk
from engine.nets.legal_logits import legal_logits
from engine.nets.policy_value_net import PolicyValueNet, channels_last, folded
from engine.search.evaluator import Evaluation, Leaves


class TorchEvaluator:
    """Runs a `PolicyValueNet` on a CPU; `engine.nets.gpu_evaluator` does so on a GPU.

    Takes the network over: it is folded for inference.

    Args:
        network: the network.
        name: for people, e.g. "gen-000".
        weights_hash: content hash of the weights, hex.
        threads: torch threads (for the whole process); None = leave as it is.
        precision: "bfloat16" = of the trunk's convolutions (`engine.nets.half_trunk`); float32 everywhere else.
    """

    def __init__(
        self,
        network: PolicyValueNet,
        *,
        name: str,
        weights_hash: str,
        threads: int | None = None,
        precision: Literal["float32", "bfloat16"] = "float32",
    ) -> None:
        self._threads = threads
        exact = folded(network)
        self._network = channels_last(HalfTrunk(exact) if precision == "bfloat16" else exact)
        kind = "cpu, torch" if precision == "float32" else "cpu, torch in bfloat16"
        self.device = kind if threads is None else f"{kind}, {threads} {'thread' if threads == 1 else 'threads'}"
        self.name = name
        self.weights_hash = weights_hash
        self.fmt: str | None = network.architecture.fmt

    def evaluate(self, leaves: Leaves) -> Evaluation:
        """Logits and win/draw/loss for every leaf."""
        if leaves.features is None:
            raise ValueError(f"{self.name} needs features in format {self.fmt!r}; the leaves carry none")
        # Said for every batch: another evaluator may have said otherwise, and OpenMP asks the thread that calls.
        if self._threads is not None and torch.get_num_threads() != self._threads:
            torch.set_num_threads(self._threads)
        with torch.inference_mode():
            planes = torch.from_numpy(leaves.features).contiguous(memory_format=torch.channels_last)  # [B, C, H, W]
            output = self._network(planes)
            wdl = torch.softmax(output.wdl_logits, 1).numpy()  # [B, 3]
        return Evaluation(legal_logits(output.policy_logits.numpy(), leaves.offsets, leaves.actions), wdl)
