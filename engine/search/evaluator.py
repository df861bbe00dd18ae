"""Intuition as the search sees it: a batch of leaves in, prior logits and win/draw/loss out.

The search asks only this protocol; networks, ONNX sessions and other engines implement it elsewhere (`engine.nets`), so
that search needs no torch. Shape letters: `B` leaves, `E` legal actions of all leaves together.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Leaves:
    """What an evaluator may look at.

    Attributes:
        states: the leaves' state rows [B].
        features: float32 [B, channels, height, width] in the evaluator's format, or None where it declared none.
        offsets: int32 [B + 1] into `actions`.
        actions: uint16 [E], the legal actions of each leaf (never empty: ended leaves are not evaluated).
    """

    states: NDArray[np.void]
    features: NDArray[np.float32] | None
    offsets: NDArray[np.int32]
    actions: NDArray[np.uint16]


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """Intuition of a batch.

    Attributes:
        logits: float32 [E], prior logits of the legal actions (softmax over a row gives its priors).
        wdl: float32 [B, 3], chances of win, draw, loss for the player to move; rows sum to 1.
    """

    logits: NDArray[np.float32]
    wdl: NDArray[np.float32]


class Evaluator(Protocol):
    """Gives priors and values for a batch of leaves. May block on a device; not called from two threads at once.

    Attributes:
        name: for people, e.g. "gen-000".
        weights_hash: content hash of the weights, hex; "" where there are none.
        device: for people, e.g. "cpu, ONNX Runtime".
        fmt: input format the features must be in, or None for no features.
    """

    name: str
    weights_hash: str
    device: str
    fmt: str | None

    def evaluate(self, leaves: Leaves) -> Evaluation:
        """Logits and win/draw/loss for every leaf."""
        ...


class UniformEvaluator:
    """No intuition: equal priors, every state a sure draw. The null evaluator of tests and baselines."""

    name = "uniform"
    weights_hash = ""
    device = "none"
    fmt: str | None = None

    def evaluate(self, leaves: Leaves) -> Evaluation:
        """Zero logits and (0, 1, 0) for every leaf."""
        wdl = np.zeros((len(leaves.states), 3), np.float32)
        wdl[:, 1] = 1.0
        return Evaluation(np.zeros(len(leaves.actions), np.float32), wdl)
