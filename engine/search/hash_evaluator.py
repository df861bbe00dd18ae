"""A made-up intuition that costs next to nothing: priors and values drawn from a hash of the state.

For measuring the search itself and for tests that need an uneven, repeatable tree (Lc0's `random` backend serves the
same purpose). Equal states get equal answers, whatever batch they are in.
"""

import numpy as np

from engine.compiled import inline, kernel
from engine.search.evaluator import Evaluation, Leaves

_GOLDEN, _MIX1, _MIX2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S40 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(40)


@inline
def _uniform(seed):
    """A number in [0, 1) from 64 bits (SplitMix64, Steele et al. 2014)."""
    x = seed + _GOLDEN
    x = (x ^ (x >> _S30)) * _MIX1
    x = (x ^ (x >> _S27)) * _MIX2
    x = x ^ (x >> _S31)
    return np.float64(x >> _S40) / 16777216.0


@kernel
def _draw(keys, offsets, actions, skew, spread, logits, wdl):
    for row in range(len(keys)):
        for e in range(offsets[row], offsets[row + 1]):
            logits[e] = skew * _uniform(keys[row] ^ (np.uint64(actions[e] + 1) * _GOLDEN))
        value = spread * (2.0 * _uniform(keys[row]) - 1.0)
        wdl[row, 0] = max(value, 0.0)
        wdl[row, 2] = max(-value, 0.0)
        wdl[row, 1] = 1.0 - wdl[row, 0] - wdl[row, 2]


class HashEvaluator:
    """Logits uniform in [0, `skew`), values uniform in [-`spread`, `spread`], all from a hash of the state's `key`.

    Attributes:
        skew: 0 = equal priors; 6 = about as uneven as a chess network's.
        spread: largest value, in [0, 1].
    """

    device = "none"
    fmt: str | None = None

    def __init__(self, skew: float = 6.0, spread: float = 0.5) -> None:
        self.skew, self.spread = skew, spread
        self.name = "hash"
        self.weights_hash = f"hash-{skew:g}-{spread:g}"

    def evaluate(self, leaves: Leaves) -> Evaluation:
        """The drawn logits and chances of every leaf; needs states with a `key`."""
        logits = np.empty(len(leaves.actions), np.float32)
        wdl = np.empty((len(leaves.states), 3), np.float32)
        keys = np.ascontiguousarray(leaves.states["key"])
        _draw(keys, leaves.offsets, leaves.actions, self.skew, self.spread, logits, wdl)
        return Evaluation(logits, wdl)
