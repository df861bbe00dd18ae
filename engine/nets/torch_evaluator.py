"""An evaluator that runs a network in torch: on a GPU, or on a CPU where no exported file is at hand."""

import contextlib

import torch

from engine.nets.errors import DeviceError
from engine.nets.legal_logits import legal_logits
from engine.nets.policy_value_net import PolicyValueNet, channels_last, folded
from engine.search.evaluator import Evaluation, Leaves


def torch_device(name: str) -> torch.device:
    """The torch device called `name` ("cpu", "cuda", "cuda:1", "mps").

    Raises:
        DeviceError: there is no such device here.
    """
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise DeviceError(f"unknown device {name!r}; use cpu, cuda or mps") from error
    available = {
        "cpu": True,
        "cuda": torch.cuda.is_available() and (device.index or 0) < torch.cuda.device_count(),
        "mps": torch.backends.mps.is_available(),
    }
    if not available.get(device.type, False):
        raise DeviceError(f"device {name!r} is not available; use cpu")
    return device


class TorchEvaluator:
    """Runs a `PolicyValueNet`: float32 on a CPU, float16 on a GPU.

    Takes the network over: it is folded for inference and moved to the device.

    Args:
        network: the network.
        name: for people, e.g. "gen-000".
        weights_hash: content hash of the weights, hex.
        device: "cpu", "cuda", "cuda:N" or "mps".
        threads: torch threads on a CPU (for the whole process); None = leave as it is.

    Raises:
        DeviceError: there is no such device here.
    """

    def __init__(
        self,
        network: PolicyValueNet,
        *,
        name: str,
        weights_hash: str,
        device: str = "cpu",
        threads: int | None = None,
    ) -> None:
        self._device = torch_device(device)
        on_gpu = self._device.type != "cpu"
        self._dtype = torch.float16 if on_gpu else torch.float32
        if threads is not None and not on_gpu:
            torch.set_num_threads(threads)
        self._network = channels_last(folded(network).to(self._device, self._dtype))
        self.name = name
        self.weights_hash = weights_hash
        self.device = f"{_device_text(self._device)}, torch"
        self.fmt: str | None = network.architecture.fmt

    def evaluate(self, leaves: Leaves) -> Evaluation:
        """Logits and win/draw/loss for every leaf."""
        if leaves.features is None:
            raise ValueError(f"{self.name} needs features in format {self.fmt!r}; the leaves carry none")
        with torch.inference_mode():
            planes = torch.from_numpy(leaves.features)  # [B, C, H, W]
            planes = planes.to(self._device, self._dtype, memory_format=torch.channels_last)
            output = self._network(planes)
            policy = output.policy_logits.float().cpu().numpy()  # [B, A]
            wdl = torch.softmax(output.wdl_logits.float(), 1).cpu().numpy()  # [B, 3]
        return Evaluation(legal_logits(policy, leaves.offsets, leaves.actions), wdl)


def _device_text(device: torch.device) -> str:
    if device.type == "cuda":
        # The name is a courtesy to people; a driver that cannot tell it can still compute.
        with contextlib.suppress(RuntimeError):
            return f"{device}, {torch.cuda.get_device_name(device)}"
    return str(device)
