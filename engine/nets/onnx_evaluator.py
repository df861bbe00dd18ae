"""An evaluator that runs an exported network in ONNX Runtime: the default on a CPU. Loads no torch."""

import os
from pathlib import Path

import numpy as np
import onnxruntime

from engine.nets.legal_logits import legal_logits
from engine.nets.row_workers import Floats, RowWorkers
from engine.search.evaluator import Evaluation, Leaves

_ROWS_A_PART = 8


class NetworkFileError(ValueError):
    """A network file that cannot be run; the message names the file and what is wrong."""


def available_cores() -> int:
    """Processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def runtime_version() -> str:
    """Version of ONNX Runtime."""
    return str(onnxruntime.__version__)


class OnnxEvaluator:
    """Runs a network exported by `engine.nets.onnx_export` on the CPU.

    Rows are divided among `threads` threads that work alone (`RowWorkers`): a different count may change the last bit
    of a result.

    Args:
        model: path of the ONNX file.
        name: for people, e.g. "gen-000".
        weights_hash: content hash of the weights the file was made from, hex.
        fmt: the network's input format.
        threads: None = every core this process may use.
        precision: what the file computes in, for people; "" = float32.

    Raises:
        NetworkFileError: the file is missing or is no network.
    """

    def __init__(
        self,
        model: Path,
        *,
        name: str,
        weights_hash: str,
        fmt: str,
        threads: int | None = None,
        precision: str = "",
    ) -> None:
        count = threads or available_cores()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        if not model.is_file():
            raise NetworkFileError(f"{model}: no such network file")
        try:
            self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # ONNX Runtime raises a dozen classes without a common base
            raise NetworkFileError(f"{model}: not a network that ONNX Runtime can run ({error})") from error
        self._input = self._session.get_inputs()[0].name
        self._workers = RowWorkers(count, _ROWS_A_PART, caller_helps=True)
        self.name = name
        self.weights_hash = weights_hash
        runtime = f"ONNX Runtime {precision}".strip()
        self.device = f"cpu, {runtime}, {count} {'thread' if count == 1 else 'threads'}"
        self.fmt: str | None = fmt

    def evaluate(self, leaves: Leaves) -> Evaluation:
        """Logits and win/draw/loss for every leaf."""
        if leaves.features is None:
            raise ValueError(f"{self.name} needs features in format {self.fmt!r}; the leaves carry none")
        policy, wdl = self._workers.compute(self._compute, leaves.features)
        return Evaluation(legal_logits(policy, leaves.offsets, leaves.actions), wdl)

    def _compute(self, features: Floats) -> tuple[Floats, Floats]:
        """Policy logits [B, A] and chances of win, draw and loss [B, 3] for `features` [B, C, H, W]."""
        policy, wdl = self._session.run(["policy_logits", "wdl"], {self._input: features})
        return np.asarray(policy), np.asarray(wdl)
