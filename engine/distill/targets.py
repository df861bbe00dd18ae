"""What a lesson asks of the network: chances of win, draw and loss, and how much the lesson counts.

Shape letters: `S` lessons.
"""

import numpy as np
from numpy.typing import NDArray

from engine.distill.lessons import Lessons
from engine.distill.samples import NOT_KNOWN

_MOST_WEIGHT = 4.0


def value_targets(lessons: Lessons, result_share: float) -> NDArray[np.float32]:
    """Chances of win, draw and loss for the player to move: float32 [S, 3], rows sum to 1.

    Args:
        result_share: of the game's result; the rest is the search's value. A result says what really happened, but of
            one game; a search's value is less noisy, but believes the network. Where the result is not known the
            search has all of it.
    """
    rows = lessons.rows
    value = np.clip(rows["value"].astype(np.float64), -1.0, 1.0)
    # The search carries no chance of a draw upwards: the intuition's is kept, as far as the value leaves room for it.
    draw = np.minimum(rows["draw"].astype(np.float64), 1.0 - np.abs(value))
    searched = np.stack(((1.0 - draw + value) / 2.0, draw, (1.0 - draw - value) / 2.0), axis=1)
    known = rows["result"] != NOT_KNOWN
    share = np.where(known, result_share, 0.0)[:, None]
    played = np.eye(3)[np.where(known, rows["result"], 0)]
    targets: NDArray[np.float32] = (share * played + (1.0 - share) * searched).astype(np.float32)
    return targets


def lesson_weights(lessons: Lessons, surprise_share: float) -> NDArray[np.float32]:
    """How much each lesson counts: float32 [S], mean about 1.

    Part of the weight is the same for all, `surprise_share` of it goes by surprise (KataGo's policy surprise
    weighting, D. Wu, "Accelerating Self-Play Learning in Go", 2019), and none counts more than four times.
    """
    surprise = lessons.rows["surprise"].astype(np.float64)
    mean = float(surprise.mean()) if len(surprise) else 0.0
    relative = surprise / mean if mean > 0.0 else np.ones_like(surprise)
    weights: NDArray[np.float32] = np.minimum(1.0 - surprise_share + surprise_share * relative, _MOST_WEIGHT).astype(
        np.float32
    )
    return weights
