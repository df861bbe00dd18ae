"""Where one looks: the part of the tree that fills the picture, and how it moves. Pure functions on a frozen record.

The tree's own coordinates: `y` in [0, 1] from the top of the root's interval to its bottom; `x` counts columns from the
root, each `SHRINK` times as wide as the one before, so that all columns together are `WIDTH` wide. Zooming stretches
`y` by the full factor and `x` by a small power of it: intervals shrink with every ply, columns hardly do.
"""

import math
from dataclasses import dataclass, replace

from app.render.slots import SHRINK

WIDTH = 1.0 / (1.0 - SHRINK)
"""Compiled into `@kernel` functions, like the constants of `app.render.slots`."""
CLOSEST = 1e-9
"""Smallest height that can fill the picture; float64 places still differ there."""
_FAR_COLUMN, _FAR_ZOOM = 0.42, 1000.0
"""A thousand times nearer, the first column would fill that part of the frame; the columns then in sight are far
smaller."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The drawing area in pixels: size, margins for the root's disc and the last labels, width of the first column."""

    width: float
    height: float
    left: float = 64.0
    right: float = 96.0
    top: float = 30.0
    bottom: float = 14.0
    column: float = 160.0

    @property
    def inner_height(self) -> float:
        """Pixels the whole tree's height takes when nothing is zoomed; at least 1."""
        return max(1.0, self.height - self.top - self.bottom)


@dataclass(frozen=True, slots=True)
class Camera:
    """What fills the picture: columns from `x` on, heights from `y` to `y + span`."""

    x: float = 0.0
    y: float = 0.0
    span: float = 1.0

    @property
    def zoom(self) -> float:
        """1 = the whole tree."""
        return 1.0 / self.span


FIT = Camera()


def column_x(depth: float) -> float:
    """Place of a column, in widths of the first."""
    return WIDTH * (1.0 - float(SHRINK**depth))


def fitted_column(frame: Frame, depth: int) -> float:
    """Width of the first column at which `depth` plies fill the frame; never so wide that a shallow tree looks torn."""
    room = max(1.0, frame.width - frame.left - frame.right)
    return min(room / column_x(max(1, depth)), max(150.0, 0.26 * room))


def column_pixels(camera: Camera, frame: Frame) -> float:
    """Pixels per column width at this zoom."""
    power = math.log(_FAR_COLUMN * frame.width / frame.column) / math.log(_FAR_ZOOM)
    return frame.column * float(camera.zoom ** max(0.03, power))


def to_pixels(camera: Camera, frame: Frame, x: float, y: float) -> tuple[float, float]:
    """Where a place of the tree lies in the picture."""
    scale = frame.inner_height / camera.span
    return frame.left + (x - camera.x) * column_pixels(camera, frame), frame.top + (y - camera.y) * scale


def from_pixels(camera: Camera, frame: Frame, px: float, py: float) -> tuple[float, float]:
    """The place of the tree at a pixel: the reverse of `to_pixels`."""
    scale = camera.span / frame.inner_height
    return camera.x + (px - frame.left) / column_pixels(camera, frame), camera.y + (py - frame.top) * scale


def zoomed(camera: Camera, frame: Frame, factor: float, px: float, py: float) -> Camera:
    """`factor` times as near, with the place at pixel (px, py) staying where it is."""
    x, y = from_pixels(camera, frame, px, py)
    nearer = replace(camera, span=min(1.0, max(CLOSEST, camera.span / factor)))
    nx, ny = from_pixels(nearer, frame, px, py)
    return kept_in_view(replace(nearer, x=nearer.x + x - nx, y=nearer.y + y - ny))


def panned(camera: Camera, frame: Frame, dx: float, dy: float) -> Camera:
    """Moved so that the picture shifts by (dx, dy) pixels."""
    scale = camera.span / frame.inner_height
    return kept_in_view(replace(camera, x=camera.x - dx / column_pixels(camera, frame), y=camera.y - dy * scale))


def kept_in_view(camera: Camera) -> Camera:
    """Held so that some of the tree stays in the picture; the whole tree is never moved away vertically at no zoom."""
    half = 0.5 * camera.span
    y = 0.0 if camera.span >= 1.0 else min(1.0 - half, max(-half, camera.y))
    return replace(camera, x=min(WIDTH - 0.5, max(-0.5 * WIDTH, camera.x)), y=y)


def centred(frame: Frame, depth: int, top: float, bottom: float, *, least: float, camera: Camera) -> Camera:
    """The camera for which the interval [top, bottom] of column `depth` is in the middle, `least` pixels high."""
    height = max(bottom - top, 1e-12)
    span = min(camera.span, max(CLOSEST, height * frame.inner_height / least))
    x_pixels = column_pixels(replace(camera, span=span), frame)
    place = (0.32 * frame.width - frame.left) / x_pixels  # left of the middle: what follows stands to the right
    fits = span >= 1.0 and frame.left + column_x(depth) * x_pixels < frame.width
    x = 0.0 if fits else max(0.0, column_x(depth) - place)
    return kept_in_view(Camera(x, 0.5 * (top + bottom) - 0.5 * span, span))


def is_visible(camera: Camera, frame: Frame, depth: int, top: float, bottom: float, *, least: float) -> bool:
    """Whether a node is in the picture and at least `least` pixels high there."""
    px, upper = to_pixels(camera, frame, column_x(depth), top)
    lower = to_pixels(camera, frame, 0.0, bottom)[1]
    middle = 0.5 * (upper + lower)
    return lower - upper >= least and 0.0 <= px <= frame.width and 0.0 <= middle <= frame.height


def eased(camera: Camera, target: Camera, frame: Frame, step: float) -> Camera:
    """A step from `camera` towards `target`; `step` in (0, 1], 1 arrives.

    The place that both see at the same spot is held still, so a zoom at the cursor stays at the cursor all the way.
    """
    if step >= 1.0 or is_close(camera, target):
        return target
    span = camera.span * math.exp(step * math.log(target.span / camera.span))
    y = _eased_edge(camera.y, camera.span, target.y, target.span, span, step)
    widths = [frame.width / column_pixels(c, frame) for c in (camera, target, replace(camera, span=span))]
    x = _eased_edge(camera.x, widths[0], target.x, widths[1], widths[2], step)
    return Camera(x, y, span)


def is_close(camera: Camera, target: Camera) -> bool:
    """Whether the two differ by less than a pixel anywhere."""
    return (
        abs(camera.x - target.x) < 2e-4
        and abs(camera.y - target.y) < 2e-4 * target.span
        and abs(camera.span - target.span) < 2e-4 * target.span
    )


def _eased_edge(start: float, extent: float, end: float, end_extent: float, new_extent: float, step: float) -> float:
    """The lower edge of a range on its way from [start, +extent] to [end, +end_extent], now `new_extent` wide."""
    if abs(extent - end_extent) < 1e-3 * end_extent:
        return start + (end - start) * step
    still = (end - start) / (extent - end_extent)  # share of the range at which both have the same place
    return start + still * (extent - new_extent)
