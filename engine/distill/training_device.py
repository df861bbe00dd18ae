"""Where a training computes."""

import os

import torch

from engine.nets.choose import DEVICE_VARIABLE, accelerator
from engine.nets.devices import torch_device


def training_device(name: str) -> torch.device:
    """The device to train on.

    Args:
        name: "auto" (a GPU where there is one, unless `ARBORIST_DEVICE` says otherwise), "cuda", "mps", or a way to
            evaluate on the CPU ("cpu", "cpu-int8", ...), which all train on the CPU.

    Raises:
        DeviceError: there is no such device here.
    """
    if name == "auto":
        name = os.environ.get(DEVICE_VARIABLE) or accelerator() or "cpu"
    return torch_device("cpu" if name.startswith("cpu") else name)
