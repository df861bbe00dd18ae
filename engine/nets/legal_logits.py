"""Picks the logits of legal actions out of dense rows; shared by all evaluators."""

import numpy as np
from numpy.typing import NDArray


def legal_logits(
    logits: NDArray[np.float32], offsets: NDArray[np.int32], actions: NDArray[np.uint16]
) -> NDArray[np.float32]:
    """The logits [E] of `actions` [E], where row `b` of `logits` [B, A] owns `offsets[b]` to `offsets[b + 1]`."""
    return logits.ravel().take(legal_places(logits.shape[1], offsets, actions))


def legal_places(num_actions: int, offsets: NDArray[np.int32], actions: NDArray[np.uint16]) -> NDArray[np.int64]:
    """Where the logits of `actions` [E] stand among flattened rows of `num_actions` logits: int64 [E]."""
    rows = np.repeat(np.arange(len(offsets) - 1, dtype=np.int64) * num_actions, np.diff(offsets))  # [E]
    return rows + actions
