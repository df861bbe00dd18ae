"""One simulation's anatomy, as the picture is to light it up: plain data, no drawing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Phase = Literal["select", "expand", "evaluate", "backup"]


@dataclass(frozen=True, slots=True)
class Lights:
    """One moment of one simulation.

    Attributes:
        path: nodes from the root to the one where the simulation ends; the last is new if it was expanded.
        phase: what the search does.
        captions: a few words at some of these nodes, such as "Q +0.12" or "+0.31".
        progress: how much of the phase has passed, in [0, 1]. `select` lights the edges one after the other, `expand`
            and `evaluate` pulse the last node, `backup` lets a light run back to the root.
    """

    path: tuple[int, ...]
    phase: Phase
    captions: Mapping[int, str] = field(default_factory=dict)
    progress: float = 1.0
