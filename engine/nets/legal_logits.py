"""Picks the logits of legal actions out of dense rows; shared by all evaluators."""

import numpy as np
from numpy.typing import NDArray


def legal_logits(
    logits: NDArray[np.float32], offsets: NDArray[np.int32], actions: NDArray[np.uint16]
) -> NDArray[np.float32]:
    """The logits [E] of `actions` [E], where row `b` of `logits` [B, A] owns `offsets[b]` to `offsets[b + 1]`."""
    rows = np.repeat(np.arange(len(logits), dtype=np.int64) * logits.shape[1], np.diff(offsets))  # [E]
    return logits.ravel().take(rows + actions)
