"""Threads that compute parts of a batch, each alone.

Runtimes split every layer among their threads and let all wait for the slowest, layer after layer; rows of a batch need
not wait for each other. Measured on two cores with generation 0 in ONNX Runtime: 7,700 against 6,300 evaluations a
second at 64 rows (2026-11-23).
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class RowWorkers:
    """A pool of `count` threads; `compute` is for one caller at a time.

    Args:
        rows_a_part: fewer rows are not worth a thread of their own.
        caller_helps: whether a batch of one part is computed on the caller's thread, which saves waking another.
    """

    def __init__(self, count: int, rows_a_part: int, *, caller_helps: bool) -> None:
        self.count, self._rows_a_part, self._caller_helps = count, rows_a_part, caller_helps
        self.pool = ThreadPoolExecutor(count, "network")

    def compute(self, function: Callable[[Floats], tuple[Floats, Floats]], features: Floats) -> tuple[Floats, Floats]:
        """What `function` says of all rows of `features`, in order. The parts depend on the number of rows alone."""
        parts = min(self.count, max(1, len(features) // self._rows_a_part))
        if parts == 1 and self._caller_helps:
            return function(features)
        found = list(self.pool.map(function, np.array_split(features, parts)))
        if parts == 1:
            return found[0]
        policies, wdls = zip(*found, strict=True)
        return np.concatenate(policies), np.concatenate(wdls)
