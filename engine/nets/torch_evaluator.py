"""An evaluator that runs a network in torch on a CPU, where no exported file is at hand."""

import threading
from typing import Literal

import torch

from engine.nets.half_trunk import HalfTrunk
from engine.nets.keep_memory import keep_memory
from engine.nets.legal_logits import legal_logits
from engine.nets.policy_value_net import PolicyValueNet, channels_last, folded
from engine.nets.row_workers import Floats, RowWorkers
from engine.search.evaluator import Evaluation, Leaves

_ROWS_A_PART = 16
"""Fewest rows that are worth a thread of their own."""


class TorchEvaluator:
    """Runs a `PolicyValueNet` on a CPU; `engine.nets.gpu_evaluator` does so on a GPU.

    Takes the network over: it is folded for inference.

    Args:
        network: the network.
        name: for people, e.g. "gen-000".
        weights_hash: content hash of the weights, hex.
        threads: how many compute, each a part of the batch; None = the calling thread, as torch is set.
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
        self._workers = None if threads is None else _torch_workers(threads)
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
        if self._workers is None:
            policy, wdl = self._compute(leaves.features)
        else:
            policy, wdl = self._workers.compute(self._compute, leaves.features)
        return Evaluation(legal_logits(policy, leaves.offsets, leaves.actions), wdl)

    def _compute(self, features: Floats) -> tuple[Floats, Floats]:
        """Policy logits [B, A] and chances of win, draw and loss [B, 3] for `features` [B, C, H, W]."""
        with torch.inference_mode():
            planes = torch.from_numpy(features).contiguous(memory_format=torch.channels_last)
            output = self._network(planes)
            return output.policy_logits.numpy(), torch.softmax(output.wdl_logits, 1).numpy()


def _torch_workers(count: int) -> RowWorkers:
    """Workers in whose threads torch computes alone."""
    keep_memory()
    workers = RowWorkers(count, _ROWS_A_PART, caller_helps=False)
    before = torch.get_num_threads()
    all_there = threading.Barrier(count)

    def work_alone() -> None:
        all_there.wait()
        torch.set_num_threads(1)

    for done in [workers.pool.submit(work_alone) for _ in range(count)]:
        done.result()
    torch.set_num_threads(before)  # what one thread says, threads to come believe as well
    return workers
