"""Shapes of SVG: curves of changing width, discs and other forms, marks, letters. Numbers are short, files small.

Elements name their colours by what these mean; a *paint* says how a colour is written: as itself in a picture, as a
variable in a page that follows the reader's theme.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from PySide6.QtGui import QFontMetricsF

from app.theme import Theme, font
from engine.tree.events import PruneReason

Paint = Callable[[str, str], str]
"""`paint(property, colour)` is the attribute that gives an element's `fill` or `stroke` a colour, with a space before
it. Colours are those of a theme ("background", "intuition", ...), and those of values: `PLAIN`, `WASHED` or `CUT` and a
number in -STEPS..STEPS."""

_MARKS = {
    PruneReason.BY_HAND: "M-1-1L1 1M-1 1L1-1",
    PruneReason.PROVEN: "M-.7-.7H.7V.7H-.7Z",
    PruneReason.OUT_OF_REACH: "M-.8-1L-.1 0L-.8 1M.2-1L.9 0L.2 1",
    PruneReason.ELIMINATED: "M-1-.2A1 1 0 0 0 1-.2Z",
    PruneReason.LOW_PRIOR: "M-1 0H1",
    PruneReason.DUPLICATE: "M-1-.5H1M-1 .5H1",
    PruneReason.REJECTED: "M-.7.7L.7-.7M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0",
}
"""As `app.render.marks` draws them, one unit from the middle to the edge."""
_FILLED = (PruneReason.PROVEN, PruneReason.ELIMINATED)
_LEVEL = 0.8
"""Pixels by which the ends of a curve may differ and it is still drawn as one stroke."""
_SAMPLES = 15
"""Corners of one side of a tapered curve."""

Point = tuple[float, float]
Way = tuple[Point, Point, Point, Point]
"""A curve by the four points of Bézier, in pixels."""


class Ink(NamedTuple):
    """How a curve is drawn: its colour, opacity in [0, 1], what is found by it, and the length of dashes, 0 = none."""

    color: str
    opacity: float
    hint: str = ""
    dash: float = 0.0


def band(way: Way, start: float, end: float, ink: Ink, paint: Paint) -> str:
    """A curve whose width goes from `start` to `end` pixels."""
    if abs(start - end) < _LEVEL:
        return stroke(way, max(0.4, 0.5 * (start + end)), ink, paint)
    points = np.array(way)
    t = np.linspace(0.0, 1.0, _SAMPLES)[:, None]
    u = 1.0 - t
    weights = np.hstack([u**3, 3.0 * u * u * t, 3.0 * u * t * t, t**3])
    slopes = np.hstack([-3.0 * u * u, 3.0 * u * u - 6.0 * u * t, 6.0 * u * t - 3.0 * t * t, 3.0 * t * t])
    along, heading = weights @ points, slopes @ points
    across = np.stack([-heading[:, 1], heading[:, 0]], axis=1)
    across /= np.maximum(np.linalg.norm(heading, axis=1, keepdims=True), 1e-6)
    across *= 0.5 * (start + (end - start) * t)
    corners = np.concatenate([along + across, (along - across)[::-1]])
    outline = "L".join(f"{number(x)} {number(y)}" for x, y in corners.tolist())
    return f'<path d="M{outline}Z"{opaque(ink.opacity)}{paint("fill", ink.color)}{ink.hint}/>'


def stroke(way: Way, width: float, ink: Ink, paint: Paint) -> str:
    """A curve of one width."""
    points = [f"{number(x)} {number(y)}" for x, y in way]
    path = f"M{points[0]}C{' '.join(points[1:])}"
    dashes = f' stroke-dasharray="{number(ink.dash)}"' if ink.dash else ""
    look = f'fill="none" stroke-width="{number(width)}"{dashes}{opaque(ink.opacity)}{paint("stroke", ink.color)}'
    return f'<path d="{path}" {look}{ink.hint}/>'


def shape(form: str, x: float, y: float, radius: float, attributes: str, thickness: float) -> str:
    """A disc, square or diamond."""
    line = f' stroke-width="{number(thickness)}"' if thickness else ""
    if form == "disc":
        return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"{line}{attributes}/>'
    if form == "square":
        side = radius / 1.12
        size = f'width="{number(2 * side)}" height="{number(2 * side)}"'
        return f'<rect x="{number(x - side)}" y="{number(y - side)}" {size}{line}{attributes}/>'
    far = number(radius / 0.85)
    start = f"{number(x - radius / 0.85)} {number(y)}"
    return f'<path d="M{start}l{far} -{far} {far} {far} -{far} {far}Z"{line}{attributes}/>'


def mark(reason: int, x: float, y: float, size: float, ink: str, zoom: float, paint: Paint) -> str:
    """The sign of a `PruneReason`."""
    fill = paint("fill", ink) if reason in _FILLED else ' fill="none"'
    path = _MARKS.get(PruneReason(reason), "M-.4 0H.4")
    return (
        f'<path d="{path}" transform="translate({number(x)} {number(y)}) scale({number(size)})" pointer-events="none" '
        f'stroke-width="{number(1.5 * zoom / size)}" stroke-linecap="round"{fill}{paint("stroke", ink)}/>'
    )


class Letters:
    """Sizes of a theme's letters in a picture."""

    def __init__(self, theme: Theme, zoom: float) -> None:
        self.zoom = zoom
        self.pixels = (theme.small * zoom, theme.small * zoom, theme.body * zoom)
        fonts = (font(theme.small), font(theme.small), font(theme.body, strong=True))
        self._metrics = [QFontMetricsF(each) for each in fonts]

    def width(self, text: str, style: int) -> float:
        """Pixels that a text is wide."""
        return self._metrics[style].horizontalAdvance(text) * self.zoom

    def ascent(self, style: int) -> float:
        """Pixels from the top of a line to its base."""
        return self._metrics[style].ascent() * self.zoom

    def height(self, style: int) -> float:
        """Pixels that a line is high."""
        return (self._metrics[style].ascent() + self._metrics[style].descent()) * self.zoom


def opaque(opacity: float) -> str:
    """The attribute of an opacity in [0, 1]; none where it is 1."""
    return "" if opacity >= 0.995 else f' opacity="{opacity:.2f}"'


def number(value: float) -> str:
    """A number with one digit behind the point, and none where that is 0."""
    return f"{value:.1f}".removesuffix(".0")
