"""The devices torch can use, by the names people give them."""

import contextlib

import torch

from engine.nets.errors import DeviceError


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


def device_text(device: torch.device) -> str:
    """For people, e.g. "cuda, NVIDIA H100 80GB HBM3"."""
    if device.type == "cuda":
        # The name is a courtesy to people; a driver that cannot tell it can still compute.
        with contextlib.suppress(RuntimeError):
            return f"{device}, {torch.cuda.get_device_name(device)}"
    return str(device)
