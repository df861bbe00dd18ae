"""The ratchet as a chart: what each generation gained over the first, with intervals, and the fuel that is left.

Every round's matches are independent of those of other rounds, so along a line of parents and children gains add up and
the squares of half intervals do. A generation's fuel is what search gains over its own intuition.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.viewmodels.figures import signed
from app.viewmodels.train_verdict import ends_of
from engine.service.messages import GenerationInfo


@dataclass(frozen=True, slots=True)
class Measured:
    """Elo relative to the first generation's intuition, with its 95 % interval; an end may be infinite."""

    elo: float
    low: float
    high: float

    def plus(self, other: "Measured") -> "Measured":
        """The sum of two independent measurements."""
        elo = self.elo + other.elo
        below = math.hypot(self.elo - self.low, other.elo - other.low)
        above = math.hypot(self.high - self.elo, other.high - other.elo)
        return Measured(elo, elo - below, elo + above)


NOTHING_GAINED = Measured(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class RatchetPoint:
    """A generation.

    Attributes:
        intuition: of its prior alone. searched: with the simulations of the rounds; None = not measured.
        is_first: the zero of the scale, which has no interval. text: all of it in a sentence.
    """

    id: str
    intuition: Measured
    searched: Measured | None
    is_first: bool
    text: str


@dataclass(frozen=True, slots=True)
class RatchetRecord:
    """A line of generations, the first one first. `summary`: what they gained in all, and what fuel is left."""

    points: tuple[RatchetPoint, ...] = ()
    summary: str = ""


def tips(generations: Sequence[GenerationInfo]) -> tuple[str, ...]:
    """Where lines of measured children end: generations with a measured parent and no measured child, newest last."""
    measured = {info.id: info for info in generations if _gain(info) is not None}
    parents = {info.parent for info in measured.values()}
    return tuple(name for name in measured if name not in parents)


def ratchet_record(generations: Sequence[GenerationInfo], tip: str) -> RatchetRecord:
    """The line that ends at `tip`."""
    line = _line(generations, tip)
    if len(line) < 2:
        return RatchetRecord()
    points: list[RatchetPoint] = []
    searched_before: Measured | None = None
    intuition = NOTHING_GAINED
    for place, info in enumerate(line):
        gain = _gain(info) if place else None
        if gain is not None:
            intuition = intuition.plus(gain)
        searched = _searched(generations, info, intuition, searched_before, has_parent=place > 0)
        points.append(
            RatchetPoint(info.id, intuition, searched, not place, _told(info.id, intuition, searched, not place))
        )
        searched_before = searched
    return RatchetRecord(tuple(points), _summary(points))


def _line(generations: Sequence[GenerationInfo], tip: str) -> list[GenerationInfo]:
    """From the first generation to `tip`, over parents that a child was measured against."""
    by_id = {info.id: info for info in generations}
    line: list[GenerationInfo] = []
    info = by_id.get(tip)
    while info is not None and info not in line:
        line.append(info)
        info = by_id.get(info.parent or "") if _gain(info) is not None else None
    return line[::-1]


def _gain(info: GenerationInfo) -> Measured | None:
    """Of the child's intuition over its parent's, where they met."""
    return _measured(info.metrics.get("match_parent")) if info.parent else None


def _searched(
    generations: Sequence[GenerationInfo],
    info: GenerationInfo,
    intuition: Measured,
    parent_searched: Measured | None,
    *,
    has_parent: bool,
) -> Measured | None:
    """By the fuel check of a round on it, or by its searched match against its parent, where that one is known."""
    children = (child for child in generations if child.parent == info.id and child.domain == info.domain)
    fuel = next((found for child in children if (found := _measured(child.metrics.get("fuel"))) is not None), None)
    if fuel is not None:
        return intuition.plus(fuel)
    met = _measured(info.metrics.get("search_match_parent")) if has_parent else None
    return parent_searched.plus(met) if parent_searched is not None and met is not None else None


def _measured(match: Mapping[str, Any] | None) -> Measured | None:
    if not match or match.get("elo") is None:
        return None
    return Measured(float(match["elo"]), *ends_of(match))


def _told(name: str, intuition: Measured, searched: Measured | None, is_first: bool) -> str:
    said = f"{name}: the first" if is_first else f"{name}: {_interval(intuition)} by intuition alone"
    return said if searched is None else f"{said}, {_interval(searched)} with search"


def _interval(measured: Measured) -> str:
    return f"{signed(measured.elo, 0)} Elo (95 %: {signed(measured.low, 0)} to {signed(measured.high, 0)})"


def _summary(points: Sequence[RatchetPoint]) -> str:
    first, last = points[0], points[-1]
    gained = f"From {first.id} to {last.id} the intuition gained {_interval(last.intuition)}."
    if last.searched is None:
        return f"{gained} The fuel left in {last.id} is not measured yet; the next round's fuel check tells."
    return f"{gained} Fuel left: search is worth {signed(last.searched.elo - last.intuition.elo, 0)} Elo to {last.id}."
