"""What was drawn last and what lies where: buffers, slots, and the way between pixels and the flat layout. Knows no Qt.

Everything is in device pixels.
"""

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.render.camera import FIT, Camera, Frame, fitted_column
from app.render.ink import EDGE
from app.render.raster_icicle import ROOT_WIDTH
from app.render.slots import CLOSED, FOLD, MOST_SLOTS, MOST_STREAKS, NODE, SLOT, STREAK
from app.render.views import Bend, View, bend_of, frame_of
from app.render.walk import empty_counts
from engine.tree.columns import NO_NODE

_NEAR = 6.0
"""Logical pixels by which one may miss a thing."""


class Sheet:
    """The buffers of one picture.

    Attributes:
        image: uint32 [H, W], 0xFFRRGGBB. ids: int32 [H, W], what each pixel shows (`app.render.ink`).
        slots, streaks: what is drawn; `slots[: num_slots]` are live.
        view: how it is drawn. camera: where one looks now; `target` is where it is going. Each view has its own.
        frame: size, margins and column width of the flat layout (`app.render.views`) in device pixels.
        zoom: device pixels per logical pixel.
    """

    def __init__(self) -> None:
        self.zoom = 1.0
        self.view = View.LINK
        self.frame = Frame(1.0, 1.0)
        self.camera: Camera = FIT
        self.target: Camera = FIT
        self.image = np.zeros((1, 1), np.uint32)
        self.ids = np.zeros((1, 1), np.int32)
        self.slots: NDArray[Any] = np.zeros(MOST_SLOTS, SLOT)
        self.streaks: NDArray[Any] = np.zeros(MOST_STREAKS, STREAK)
        self.num_slots = 0
        self._counts = empty_counts()
        self._depth = 1
        self._is_plain = False

    def resize(self, width: int, height: int, zoom: float, *, plain: bool = False) -> None:
        """Set the size in device pixels and the device pixels per logical one; `plain`: without margins for labels."""
        if self.image.shape != (height, width):
            self.image = np.zeros((max(1, height), max(1, width)), np.uint32)
            self.ids = np.zeros_like(self.image, np.int32)
        self.zoom, self._is_plain = zoom, plain
        self._fit_frame()

    def _fit_frame(self) -> None:
        """The flat layout's area for this size and view."""
        height, width = self.image.shape
        self.frame = frame_of(self.view, float(width), float(height), self.zoom, plain=self._is_plain)
        self.frame = replace(self.frame, column=fitted_column(self.frame, self._depth))

    @property
    def num_streaks(self) -> int:
        """Live rows of `streaks`."""
        return int(self._counts["streaks"][0])

    @property
    def bend(self) -> Bend:
        """The ellipse of the radial view."""
        height, width = self.image.shape
        return bend_of(float(width), float(height), self.zoom, plain=self._is_plain)

    def flat(self, x: float, y: float) -> tuple[float, float]:
        """The place in the flat layout, which cameras know, of a pixel."""
        return self.bend.flat(x, y) if self.view is View.RADIAL else (x, y)

    def centre_of(self, slot: int) -> tuple[float, float]:
        """The middle in pixels of what is drawn for a slot."""
        row = self.slots[slot]
        x, y = float(row["x"]), float(row["y"])
        if self.view is View.ICICLE:
            return x - 0.5 * self.width_of(slot), y
        return x, y

    def width_of(self, slot: int) -> float:
        """Width in pixels of the rectangle of a slot in the icicle."""
        row = self.slots[slot]
        up = int(row["up"])
        return float(row["x"]) - float(self.slots["x"][up]) if up >= 0 else ROOT_WIDTH * self.zoom

    def outwards(self, slot: int, pixels: float) -> tuple[float, float]:
        """The place `pixels` further out than a slot: to the right, or away from the centre."""
        row = self.slots[slot]
        x, y = float(row["x"]), float(row["y"])
        if self.view is not View.RADIAL:
            return x + pixels, y
        bend, angle = self.bend, float(row["angle"])
        dx, dy = bend.across * math.cos(angle), bend.down * math.sin(angle)
        way = max(1e-6, math.hypot(dx, dy))
        return x + dx / way * pixels, y + dy / way * pixels

    def slot_at(self, x: float, y: float) -> int:
        """The slot drawn at a pixel or within a few pixels of it, -1 for none; things before their edges."""
        reach = int(_NEAR * self.zoom)
        top, left = max(0, int(y) - reach), max(0, int(x) - reach)
        patch = self.ids[top : int(y) + reach + 1, left : int(x) + reach + 1]
        rows, columns = np.nonzero(patch)
        if not len(rows):
            return -1
        found = patch[rows, columns]
        far = np.hypot(rows + top + 0.5 - y, columns + left + 0.5 - x)
        far += np.where(found >= EDGE, 3.0 * self.zoom, 0.0)
        slot = (int(found[np.argmin(far)]) & (EDGE - 1)) - 1
        return slot if slot < self.num_slots else -1

    def node_at(self, x: float, y: float) -> int:
        """The visited node drawn at a pixel, or `NO_NODE`."""
        slot = self.slot_at(x, y)
        return int(self.slots["node"][slot]) if slot >= 0 and self.slots["kind"][slot] == NODE else NO_NODE

    def slot_of(self, node: int) -> int:
        """The slot of a visited node, or -1 where it is not drawn."""
        live = self.slots[: self.num_slots]
        hits = np.flatnonzero((live["node"] == node) & (live["kind"] == NODE))
        return int(hits[0]) if len(hits) else -1

    def closed_at(self, x: float, y: float) -> int:
        """The node whose folded branches a pixel shows as a wedge, or `NO_NODE`."""
        slot = self.slot_at(x, y)
        if slot < 0 or self.slots["kind"][slot] != FOLD or not self.slots["flags"][slot] & CLOSED:
            return NO_NODE
        return int(self.slots["node"][slot])
