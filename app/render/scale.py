"""The colour scale of values: which value is the middle, and how far from it the strongest colours lie.

Automatic: the middle is the root's value and the ends follow the values in the picture, because on an absolute scale
the branches of most trees are all one grey. The ends move in round steps and only when they must, so colours do not
flicker.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STEPS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)
"""Round distances from the middle to the ends of an automatic scale."""
_COVERED = 0.9
_SLACK = 0.55


@dataclass(frozen=True, slots=True)
class ValueScale:
    """Colours run from `middle - reach` (bad) to `middle + reach` (good), from the shown player's view.

    The ends may lie beyond -1 and +1, where there are no values: then the strongest colours are not used.
    """

    middle: float = 0.0
    reach: float = 1.0
    is_absolute: bool = False

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest value that has a colour, in [-1, 1]."""
        return max(-1.0, self.middle - self.reach), min(1.0, self.middle + self.reach)

    def share(self, value: float) -> float:
        """Where a value lies on the scale, -1 at its bad and 1 at its good end."""
        return (value - self.middle) / max(self.reach, 1e-6)


ABSOLUTE = ValueScale(0.0, 1.0, is_absolute=True)


def automatic(spread: NDArray[np.float64], root_value: float, before: ValueScale | None = None) -> ValueScale:
    """The scale on which nine tenths of the picture have a colour of their own.

    Args:
        spread: float64 [bins], how much of the picture is `|q - q(root)|` away from the root, over [0, 2].
        root_value: of the root, from the shown player's view.
        before: the scale in use; it is kept while it fits nearly as well.
    """
    total = float(spread.sum())
    if total <= 0.0:
        return ValueScale(root_value, before.reach if before else STEPS[3])
    within = np.searchsorted(np.cumsum(spread), _COVERED * total)
    needed = (float(within) + 1.0) * 2.0 / len(spread)
    if before is not None and not before.is_absolute and _SLACK * before.reach <= needed <= before.reach:
        return ValueScale(root_value, before.reach)
    return ValueScale(root_value, next((step for step in STEPS if step >= needed), STEPS[-1]))


def eased(scale: ValueScale, target: ValueScale, step: float) -> ValueScale:
    """A step of the way from one scale to another; `step` in (0, 1]."""
    if step >= 1.0 or scale.is_absolute != target.is_absolute:
        return target
    middle = scale.middle + (target.middle - scale.middle) * step
    return ValueScale(middle, scale.reach + (target.reach - scale.reach) * step, target.is_absolute)
