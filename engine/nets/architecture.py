"""The shape of a network as a record: stored in a generation's card and enough to rebuild the network.

Free of torch, so that cards can be read where no network is run.
"""

import re
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.domains.base import Rules

PresetName = Literal["standard", "nano"]

POLICY_PLANES = 73
"""Planes of a chess policy: 56 queen moves, 8 knight moves, 9 promotions; each over 64 squares of departure."""

_PRESETS: dict[str, dict[str, tuple[int, int]]] = {
    "chess": {"standard": (5, 48), "nano": (2, 32)},
    "connect_four": {"standard": (3, 32), "nano": (2, 16)},
}


class ArchitectureError(ValueError):
    """A name or record that describes no network we can build; the message names it."""


class Architecture(msgspec.Struct, frozen=True, kw_only=True):
    """A residual policy/value network with squeeze-and-excitation.

    Attributes:
        domain: name of the domain, e.g. "chess".
        fmt: name of the input format, a key of `Rules.formats`.
        planes: input planes, from the view of the player to move.
        height: rows of the board.
        width: columns of the board.
        num_actions: policy logits.
        blocks: residual blocks, each of two 3x3 convolutions.
        channels: channels of the trunk.
        squeeze: width of the squeeze-and-excitation bottleneck; 0 = blocks without it.
        policy: "planes" = a convolution to `policy_planes` planes, of which the domain's policy map picks the
            `num_actions` logits; "flat" = a small convolution and a linear layer.
        policy_planes: planes of a "planes" head, `POLICY_PLANES` or more; unused in a "flat" head.
        policy_kernel: side of the convolution that makes those planes, 1 or 3.
        policy_channels: channels into the linear layer of a "flat" head.
        value_channels: channels into the value head.
        value_hidden: width of the value head's hidden layer.
    """

    domain: str
    fmt: str
    planes: int
    height: int
    width: int
    num_actions: int
    blocks: int
    channels: int
    squeeze: int
    policy: Literal["planes", "flat"]
    policy_planes: int = POLICY_PLANES
    policy_kernel: int = 1
    policy_channels: int = 8
    value_channels: int = 16
    value_hidden: int = 96

    @property
    def text(self) -> str:
        """For people, e.g. "5 blocks x 48 channels, compact planes"."""
        return f"{self.blocks} blocks x {self.channels} channels, {self.fmt} planes"


def named_architecture(rules: Rules, name: str = "standard", fmt: str | None = None) -> Architecture:
    """The architecture that `name` means for a domain.

    Args:
        rules: the domain's rules; give sizes and formats.
        name: "standard", "nano", or BLOCKSxCHANNELS such as "5x48".
        fmt: input format; None = "compact" where the domain has it, else its first.

    Raises:
        ArchitectureError: the name or format is unknown.
    """
    blocks, channels = _size(rules.name, name)
    chosen = fmt or ("compact" if "compact" in rules.formats else next(iter(rules.formats)))
    if chosen not in rules.formats:
        raise ArchitectureError(f"unknown input format {chosen!r} of {rules.name}; it has {', '.join(rules.formats)}")
    form = rules.formats[chosen]
    return Architecture(
        domain=rules.name,
        fmt=chosen,
        planes=form.channels,
        height=form.height,
        width=form.width,
        num_actions=rules.num_actions,
        blocks=blocks,
        channels=channels,
        squeeze=max(4, channels // 4),
        policy="planes" if has_policy_map(rules.name) else "flat",
    )


def _size(domain: str, name: str) -> tuple[int, int]:
    presets = _PRESETS.get(domain, _PRESETS["connect_four"])
    if name in presets:
        return presets[name]
    match = re.fullmatch(r"([1-9]\d?)x([1-9]\d{0,2})", name)
    if match is None:
        raise ArchitectureError(
            f"unknown architecture {name!r}; expected {', '.join(presets)} or BLOCKSxCHANNELS such as 5x48"
        )
    return int(match[1]), int(match[2])


def has_policy_map(domain: str) -> bool:
    """Whether the domain's actions are points of a stack of planes over the board."""
    return domain == "chess"


def policy_map(architecture: Architecture) -> NDArray[np.int64]:
    """Where each action's logit stands among the flattened planes [policy_planes * height * width]: [num_actions].

    Raises:
        ArchitectureError: the domain has no such map.
    """
    if not has_policy_map(architecture.domain):
        raise ArchitectureError(f"domain {architecture.domain!r} has no policy map; its networks have a flat policy")
    # Imported when asked for: a Connect Four network needs nothing of chess.
    from engine.domains.chess.actions import POLICY_MAP

    return np.asarray(POLICY_MAP, np.int64)
