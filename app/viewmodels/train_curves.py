"""How a training goes, as curves: losses, gradient and pace over steps, thinned where there are very many."""

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Literal

from app.viewmodels.figures import MISSING, count, short_count
from engine.service.train_messages import LearningFigures

Tint = Literal["learning", "intuition", "effort", "quiet"]
MOST_POINTS = 600
"""Of a curve; twice as many as a chart has pixels to show them on."""


@dataclass(slots=True, eq=False)
class Curve:
    """Values over rising steps."""

    steps: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def note(self, step: int, value: float) -> None:
        """Put a value at the end; what was known of this step and later ones goes: training went back to there."""
        keep = bisect_left(self.steps, step)
        del self.steps[keep:], self.values[keep:]
        self.steps.append(step)
        self.values.append(value)
        if len(self.steps) > MOST_POINTS:  # the first and the last stay
            last_step, last_value = self.steps[-1], self.values[-1]
            self.steps, self.values = self.steps[:-1:2], self.values[:-1:2]
            self.steps.append(last_step)
            self.values.append(last_value)


@dataclass(frozen=True, slots=True)
class Series:
    """A line of a chart. `is_dashed`: measured on lessons that are held out of the training."""

    name: str
    tint: Tint
    steps: tuple[int, ...]
    values: tuple[float, ...]
    is_dashed: bool = False


@dataclass(frozen=True, slots=True)
class ChartRecord:
    """A chart.

    Attributes:
        title: what it shows. tooltip: the same in a sentence. now: the last figures, in words.
        series: its lines. steps: of the whole training, where the right edge is; 0 = not known.
        from_zero: the scale begins at zero.
    """

    title: str
    tooltip: str
    now: str
    series: tuple[Series, ...]
    steps: int = 0
    from_zero: bool = False


@dataclass(slots=True, eq=False)
class LearningCurves:
    """All curves of a training; `fold` is the only thing that changes them."""

    steps: int = 0
    step: int = 0
    curves: dict[str, Curve] = field(default_factory=dict)

    def fold(self, figures: LearningFigures) -> None:
        """Take in how the training is."""
        self.step, self.steps = figures.step, figures.steps
        for name in ("policy", "value", "gradient", "samples_per_s"):
            self._curve(name).note(figures.step, getattr(figures, name))
        for name in ("held_out_policy", "held_out_value"):
            value = getattr(figures, name)
            curve = self._curve(name)
            if value is not None and not (curve.values and curve.values[-1] == value):  # told until the next check
                curve.note(figures.step, value)

    def charts(self) -> tuple[ChartRecord, ...]:
        """The charts, in their order."""
        return (
            self._loss("Policy loss", "policy", "How far the prior is from what search found. (cross-entropy, nats)"),
            self._loss("Value loss", "value", "How far the value is from results and search. (cross-entropy, nats)"),
            ChartRecord(
                "Gradient norm",
                "How strongly the lessons pull at the weights, before it is clipped. (L2 norm)",
                f"{self._last('gradient'):.2f}" if self._known("gradient") else MISSING,
                (self._series("gradient", "gradient", "quiet"),),
                self.steps,
                from_zero=True,
            ),
            ChartRecord(
                "Samples a second",
                "Lessons learned in a second. (training throughput)",
                short_count(self._last("samples_per_s")) if self._known("samples_per_s") else MISSING,
                (self._series("samples/s", "samples_per_s", "quiet"),),
                self.steps,
                from_zero=True,
            ),
        )

    def progress(self) -> str:
        """How far the training is, in words; "" before it began."""
        return f"step {count(self.step)} of {count(self.steps)}" if self.steps else ""

    def _loss(self, title: str, name: str, tooltip: str) -> ChartRecord:
        words = [f"{self._last(name):.2f}"] if self._known(name) else [MISSING]
        if self._known(f"held_out_{name}"):
            words.append(f"held out {self._last(f'held_out_{name}'):.2f}")
        lines = (
            self._series("in training", name, "learning"),
            self._series("held out", f"held_out_{name}", "learning", is_dashed=True),
        )
        return ChartRecord(
            title, f"{tooltip} Dashed: on lessons it does not learn from.", ", ".join(words), lines, self.steps
        )

    def _series(self, title: str, name: str, tint: Tint, *, is_dashed: bool = False) -> Series:
        curve = self._curve(name)
        return Series(title, tint, tuple(curve.steps), tuple(curve.values), is_dashed)

    def _curve(self, name: str) -> Curve:
        return self.curves.setdefault(name, Curve())

    def _known(self, name: str) -> bool:
        return bool(self._curve(name).values)

    def _last(self, name: str) -> float:
        return self._curve(name).values[-1]
