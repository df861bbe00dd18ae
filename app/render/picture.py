"""One tree as a picture, frame after frame: buffers, what they show, and what lies under a pixel. Knows no Qt.

Everything is in device pixels. A picture is drawn in the thread that folds the journal: a frame costs a few
milliseconds whatever the tree's size, and no row can change under it.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.render import scale as scales
from app.render.camera import FIT, Frame, eased, fitted_column, is_close
from app.render.palette import Palette
from app.render.raster import EDGE, paint
from app.render.scale import ValueScale
from app.render.slots import FOLD, MOST_SLOTS, MOST_STREAKS, NODE, SLOT, STREAK
from app.render.walk import empty_counts, empty_spread, path_nodes, principal_nodes, view_record, walk
from engine.tree.columns import NO_NODE, ROOT, SearchTree

LEAST = 2.4
"""Logical pixels of height below which a branch is folded."""
RADIUS = 22.0
"""Logical radius of the root's disc."""
_NEAR = 6.0
_SETTLED = 0.4
_MOST_BRANCHES = 1 << 16
_ANY_DEPTH = 200


@dataclass(frozen=True, slots=True)
class Visible:
    """What a frame showed; `shown + folded + outside` simulations are all of the root's visits.

    Attributes:
        nodes: visited nodes drawn one by one.
        shown: simulations that ended at one of them; folded: inside folds; outside: beyond the picture's edges.
        is_moving: a further frame would look different without any news.
    """

    nodes: int
    shown: int
    folded: int
    outside: int
    is_moving: bool


NOTHING = Visible(0, 0, 0, 0, is_moving=False)


class TreePicture:
    """The drawing of one tree.

    Attributes:
        image: uint32 [H, W], 0xFFRRGGBB. ids: int32 [H, W], what each pixel shows (`app.render.raster.paint`).
        slots, streaks: what is drawn; `slots[: num_slots]` are live.
        camera: where one looks now; `target` is where it is going.
        scale: the value scale in use.
        frame: size, margins and column width in device pixels.
    """

    def __init__(self, palette: Palette) -> None:
        self.palette = palette
        self.tree: SearchTree | None = None
        self.seat_sign = 1
        self.is_absolute = False
        self.zoom = 1.0
        self.frame = Frame(1.0, 1.0)
        self.camera = self.target = FIT
        self.scale = self._scale_ahead = ValueScale()
        self.image = np.zeros((1, 1), np.uint32)
        self.ids = np.zeros((1, 1), np.int32)
        self.slots: NDArray[Any] = np.zeros(MOST_SLOTS, SLOT)
        self.streaks: NDArray[Any] = np.zeros(MOST_STREAKS, STREAK)
        self.num_slots = 0
        self._counts, self._spread, self._scratch = empty_counts(), empty_spread(), np.zeros(_MOST_BRANCHES)
        self._weights = np.zeros(0, np.float32)
        self._stamps = np.zeros(0, np.int64)
        self._frame_number = 1
        self._depth = 1
        self._is_new = True
        self._main_line = np.zeros(0, np.int32)

    def resize(self, width: int, height: int, zoom: float, *, plain: bool = False) -> None:
        """Set the size in device pixels and the device pixels per logical one; `plain`: without margins for labels."""
        if self.image.shape != (height, width):
            self.image = np.zeros((max(1, height), max(1, width)), np.uint32)
            self.ids = np.zeros_like(self.image, np.int32)
        self.zoom = zoom
        margins = (4.0, 4.0, 3.0, 3.0) if plain else (60.0, 104.0, 34.0, 16.0)
        left, right, top, bottom = (margin * zoom for margin in margins)
        self.frame = Frame(float(width), float(height), left, right, top, bottom)
        self.frame = replace(self.frame, column=fitted_column(self.frame, self._depth))

    def show(self, tree: SearchTree | None, seat_sign: int) -> None:
        """Draw another tree from now on, from the beginning.

        Args:
            tree: it may grow in place between frames.
            seat_sign: +1 where the player whose view colours take is to move at the root, else -1.
        """
        self.tree, self.seat_sign = tree, seat_sign
        self.camera = self.target = FIT
        self.num_slots, self._depth, self._is_new = 0, 1, True
        self.refresh()
        self._weights = np.zeros(0, np.float32)
        self._stamps = np.zeros(0, np.int64)

    def turn_to(self, tree: SearchTree) -> None:
        """Draw the same search at another moment: nodes have the same numbers, and there are more or fewer of them."""
        self.tree = tree
        self._weights[tree.num_nodes :] = 0.0  # what is not there yet grows out of its stub again
        self.refresh()

    def refresh(self) -> None:
        """Find the principal variation anew: the tree has changed."""
        self._main_line = np.zeros(0, np.int32) if self.tree is None else principal_nodes(self.tree)

    def follow(self, mapping: NDArray[np.int32], seat_sign: int) -> None:
        """Keep the looks of nodes that got other numbers: `mapping` [nodes before] gives them, -1 = gone.

        Where the root stays the root, nothing moves; after a re-rooting the picture is fitted anew.
        """
        is_rerooted = not len(mapping) or mapping[ROOT] != ROOT
        count = min(len(mapping), len(self._weights))
        kept = np.flatnonzero(mapping[:count] >= 0)
        for name in ("_weights", "_stamps"):
            before = getattr(self, name)
            after = np.zeros_like(before)
            after[mapping[kept]] = before[kept]
            setattr(self, name, after)
        if is_rerooted:
            self._stamps[:] = 0
            self._depth = 1
        else:  # what is on screen can still be pointed at
            drawn = self.slots["node"][: self.num_slots]
            drawn[:] = mapping[drawn]
        self.seat_sign = seat_sign
        self.refresh()

    def draw(self, selected: int = NO_NODE, *, ease: float = 1.0) -> Visible:
        """Draw the next frame.

        Args:
            selected: node with the ring of attention, and the way to it.
            ease: share of their way that places, colours and the camera go in this frame; 1 = at once.
        """
        tree = self.tree
        if tree is None or tree.num_nodes == 0:
            self.num_slots = 0
            self.image[:] = np.uint32(0xFF000000 | int(self.palette.inks[0]))
            self.ids[:] = 0
            return NOTHING
        ease = 1.0 if self._is_new else ease
        self.camera = eased(self.camera, self.target, self.frame, ease)
        if self._is_new:  # how deep it is can only be seen while all of it is in the picture
            self.frame = replace(self.frame, column=fitted_column(self.frame, _ANY_DEPTH))
        self._walk(tree, selected, ease)
        settled = self._settle(ease)
        if self._is_new:
            self._is_new = False
            self._walk(tree, selected, 1.0)
        paint(
            self.image, self.ids, self.slots, self.streaks, self._counts, np.int64(selected), self.palette.scale,
            self.palette.inks, self.scale.middle, max(self.scale.reach, 1e-6), self.zoom,
        )  # fmt: skip
        counts = self._counts[0]
        nodes = int(np.count_nonzero(self.slots["kind"][: self.num_slots] == NODE))
        moving = not settled or counts["motion"] > _SETTLED or not is_close(self.camera, self.target)
        return Visible(nodes, int(counts["shown"]), int(counts["folded"]), int(counts["outside"]), moving)

    @property
    def num_streaks(self) -> int:
        """Live rows of `streaks`."""
        return int(self._counts["streaks"][0])

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

    def _walk(self, tree: SearchTree, selected: int, ease: float) -> None:
        """Fill the slots; the columns widen as the tree grows deeper."""
        if len(self._weights) < tree.num_nodes:
            grown = len(tree.links)
            for name in ("_weights", "_stamps"):
                before = getattr(self, name)
                wider = np.zeros(grown, before.dtype)
                wider[: len(before)] = before
                setattr(self, name, wider)
        self._frame_number += 1
        view = view_record(
            self.camera, self.frame, sign=tree.sign, seat_sign=self.seat_sign, least=LEAST * self.zoom,
            radius=RADIUS * self.zoom,
        )  # fmt: skip
        view["ease"], view["frame"] = ease, self._frame_number
        walk(
            tree.links, tree.stats, tree.facts, tree.edge_prior, tree.edge_child, tree.edge_pruned, self._weights,
            self._stamps, self._main_line, path_nodes(tree, selected), view, self.slots, self.streaks,
            self._counts, self._spread, self._scratch,
        )  # fmt: skip
        self.num_slots = int(self._counts["slots"][0])

    def _settle(self, ease: float) -> bool:
        """Let columns and colours follow what the walk has found; whether they have arrived."""
        live = self.slots[: self.num_slots]
        if self.camera.span >= 1.0:
            worth = live["depth"][(live["kind"] == NODE) & (live["bottom"] - live["top"] >= 2.0 * LEAST * self.zoom)]
            self._depth = max(self._depth, int(worth.max(initial=0)) + 1)
        column = fitted_column(self.frame, self._depth)
        before = None if self._is_new else self._scale_ahead
        value = float(live["q"][0])
        ahead = scales.ABSOLUTE if self.is_absolute else scales.automatic(self._spread, value, before)
        self._scale_ahead = ahead
        settled = abs(column - self.frame.column) < 0.5 and abs(ahead.reach - self.scale.reach) < 0.005
        self.frame = replace(self.frame, column=self.frame.column + (column - self.frame.column) * ease)
        self.scale = scales.eased(self.scale, ahead, ease)
        return settled


def fold_text(slot: NDArray[Any]) -> str:
    """One sentence about a fold: how much it holds and how its values range."""
    visits, branches = int(slot["visits"]), int(slot["branches"])
    if int(slot["kind"]) != FOLD:
        return ""
    what = f"{branches:,} small branches" if branches > 1 else "a small branch" if branches else "everything below"
    low, high = float(slot["low"]), float(slot["high"])
    return f"Folded: {what}, {visits:,} visits, values {low:+.2f} to {high:+.2f}. Zoom in to open."
