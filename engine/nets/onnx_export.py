"""Exports a network to ONNX: one file that any ONNX runtime can run, with a free batch size.

Input `planes` float32 [B, C, H, W]; outputs `policy_logits` float32 [B, A] (all actions) and `wdl` float32 [B, 3]
(chances of win, draw, loss for the player to move).
"""

import copy
import tempfile
import warnings
from pathlib import Path

import torch
from torch import Tensor, nn
from typing_extensions import override

from engine.nets.policy_value_net import PolicyValueNet, folded


class _Exported(nn.Module):
    """The network with its win/draw/loss logits turned into chances."""

    def __init__(self, network: PolicyValueNet) -> None:
        super().__init__()
        self.network = network

    @override
    def forward(self, planes: Tensor) -> tuple[Tensor, Tensor]:
        policy, wdl = self.network(planes)  # [B, A], [B, 3]
        return policy, torch.softmax(wdl, 1)


def onnx_bytes(network: PolicyValueNet) -> bytes:
    """`network` as an ONNX file, normalisations folded. The network itself is left alone."""
    architecture = network.architecture
    module = _Exported(folded(copy.deepcopy(network).cpu())).eval()
    # Two rows, because a batch of one would be taken for a constant.
    example = torch.zeros(2, architecture.planes, architecture.height, architecture.width)
    outputs = ["policy_logits", "wdl"]
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        file = Path(folder) / "model.onnx"
        # The TorchScript exporter is deprecated but needs no onnxscript and is ten times quicker for this network.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            module,
            (example,),
            file,
            input_names=["planes"],
            output_names=outputs,
            dynamic_axes={name: {0: "batch"} for name in ["planes", *outputs]},
            opset_version=17,
            dynamo=False,
        )
        return file.read_bytes()
