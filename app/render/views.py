"""The three views of one tree, and how the flat layout of the walk becomes a picture in each.

The walk lays every tree out flat: columns from left to right, intervals from top to bottom. The link diagram and the
icicle show just that; the radial view bends it: the height becomes a full turn, the columns become rings, drawn wide
where the screen is wide. Cameras, zooming and picking work in flat pixels, so they are the same in every view.
"""

import math
from dataclasses import dataclass
from enum import Enum

from app.render.camera import Frame


class View(Enum):
    """A way to draw a tree; the value is its name in settings and commands."""

    LINK = "link"
    ICICLE = "icicle"
    RADIAL = "radial"

    @property
    def is_exact(self) -> bool:
        """Room goes by visits alone."""
        return self is View.ICICLE


@dataclass(frozen=True, slots=True)
class Bend:
    """The ellipse that a flat layout is bent onto.

    Attributes:
        x, y: its centre in pixels. across, down: its half axes.
        reach, turn: flat pixels from the root to the outermost ring, and of a full turn.
    """

    x: float
    y: float
    across: float
    down: float
    reach: float
    turn: float

    def bent(self, x: float, y: float) -> tuple[float, float]:
        """Where a flat place lies in the picture. The turn begins at the left and goes over the top."""
        far, angle = max(0.0, x) / self.reach, math.pi * (1.0 + 2.0 * y / self.turn)
        return self.x + self.across * far * math.cos(angle), self.y + self.down * far * math.sin(angle)

    def flat(self, x: float, y: float) -> tuple[float, float]:
        """The flat place at a pixel: the reverse of `bent`."""
        dx, dy = (x - self.x) / self.across, (y - self.y) / self.down
        angle = math.atan2(dy, dx) / math.pi - 1.0  # in [-2, 0]
        return math.hypot(dx, dy) * self.reach, (0.5 * angle % 1.0) * self.turn


def frame_of(view: View, width: float, height: float, zoom: float, *, plain: bool) -> Frame:
    """The flat drawing area of a view in a picture of that many device pixels.

    Args:
        zoom: device pixels per logical pixel. plain: without margins for labels.
    """
    if view is View.RADIAL:
        bend = bend_of(width, height, zoom, plain=plain)
        return Frame(bend.reach, bend.turn, 0.0, 0.0, 0.0, 0.0)
    margins = (60.0, 104.0, 34.0, 16.0) if view is View.LINK else (64.0, 12.0, 34.0, 10.0)
    if plain:
        margins = (4.0, 4.0, 3.0, 3.0) if view is View.LINK else (10.0, 2.0, 2.0, 2.0)
    left, right, top, bottom = (margin * zoom for margin in margins)
    return Frame(width, height, left, right, top, bottom)


def bend_of(width: float, height: float, zoom: float, *, plain: bool) -> Bend:
    """The ellipse that fills a picture, with room for labels around it."""
    side, above = (4.0, 4.0) if plain else (min(96.0, 0.11 * width / zoom), 30.0)
    across = max(20.0, 0.5 * width - side * zoom)
    down = max(20.0, 0.5 * height - above * zoom)
    reach = math.sqrt(across * down)  # of the circle with the same area
    # As fine as on a ring half-way out, where most of what is to be told apart stands.
    return Bend(0.5 * width, 0.5 * height + (0.0 if plain else 4.0 * zoom), across, down, reach, math.pi * reach)
