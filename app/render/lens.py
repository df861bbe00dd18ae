"""What colours say when they do not say values: the name and the ends of a lens."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lens:
    """What colours say instead of values.

    Attributes:
        name: for the legend. low, high: numbers at the ends of the scale.
    """

    name: str
    low: float
    high: float

    @property
    def is_two_sided(self) -> bool:
        """The scale has a middle at 0 that means neither."""
        return self.low < 0.0 < self.high

    @property
    def middle(self) -> float:
        """The number in the middle of the scale."""
        return 0.0 if self.is_two_sided else 0.5 * (self.low + self.high)

    @property
    def reach(self) -> float:
        """From the middle to the ends."""
        return max(-self.low, self.high) if self.is_two_sided else max(0.5 * (self.high - self.low), 1e-6)
