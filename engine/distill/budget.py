"""How long a training lasts, and the learning rate over its course.

Both follow the share of the budget that is used, so that a training limited by the clock ends as calmly as one limited
by samples, however busy the machine was.
"""

import math

import msgspec


class BudgetError(ValueError):
    """A budget that limits nothing or cannot be met; the message names it."""


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """Where training ends: whichever limit is reached first.

    Attributes:
        samples: samples trained on, or None.
        minutes: wall-clock minutes of training, over all resumed parts together, or None.
    """

    samples: int | None = None
    minutes: float | None = None

    def __post_init__(self) -> None:
        """Refuse a budget without a limit or with one that is not positive."""
        if self.samples is None and self.minutes is None:
            raise BudgetError("a budget needs a number of samples or of minutes")
        for name, limit in (("samples", self.samples), ("minutes", self.minutes)):
            if limit is not None and limit <= 0:
                raise BudgetError(f"a budget of {limit} {name} is not positive")

    def used(self, samples: int, seconds: float) -> float:
        """The share of the budget in [0, 1] that `samples` and `seconds` of training have used."""
        by_samples = samples / self.samples if self.samples else 0.0
        by_clock = seconds / (60.0 * self.minutes) if self.minutes else 0.0
        return min(1.0, max(by_samples, by_clock))


def learning_rate(used: float, peak: float, *, warm_up: float = 0.02, floor: float = 0.01) -> float:
    """Rises linearly to `peak` over the first `warm_up` of the budget, then falls along a cosine to `floor * peak`.

    Args:
        used: share of the budget used, in [0, 1].
        peak: highest rate.
        warm_up: share of the budget spent rising.
        floor: lowest rate as a share of `peak`.
    """
    if used < warm_up:
        return peak * (floor + (1 - floor) * used / warm_up)
    fall = (used - warm_up) / (1 - warm_up)
    return peak * (floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * min(1.0, fall))))
