"""One tree as a picture, frame after frame: buffers, what they show, and what lies under a pixel. Knows no Qt.

Everything is in device pixels. A picture is drawn in the thread that folds the journal: a frame costs a few
milliseconds whatever the tree's size, and no row can change under it.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.lights import Lights
from app.render import scale as scales
from app.render.camera import FIT, Camera, eased, fitted_column, is_close
from app.render.folding import FoldRules, with_closed, with_opened
from app.render.ink import Ink
from app.render.lens import Lens
from app.render.overlay import Overlay
from app.render.palette import Palette, lens_scale
from app.render.raster import paint
from app.render.raster_icicle import paint_icicle
from app.render.raster_radial import bend_slots, paint_radial
from app.render.room import locate
from app.render.scale import ValueScale
from app.render.sheet import Sheet
from app.render.slots import CLOSED, FOLD, NODE
from app.render.views import Bend, View
from app.render.walk import MARGIN, empty_spread, path_nodes, principal_nodes, view_record, walk
from engine.tree.columns import NO_NODE, ROOT, SearchTree

LEAST = 2.4
"""Logical pixels of height below which a branch is folded."""
_LEAST = {View.LINK: LEAST, View.ICICLE: LEAST, View.RADIAL: 3.2}
"""On rings there is room for many more, but not for an eye to tell them apart."""
RADIUS = 22.0
"""Logical radius of the root's disc."""
_WORTH = {View.LINK: 2.0 * LEAST, View.ICICLE: 12.0, View.RADIAL: 9.0}
"""Logical pixels of height from which a node is worth that the whole tree's columns are made narrow for it."""
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


class TreePicture(Sheet):
    """The drawing of one tree.

    Attributes:
        scale: the value scale in use. is_absolute: it runs from -1 to +1.
        overlay: folds, marks and colours that a person laid over it. lights: one simulation that is lit up, or None.
    """

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.palette = palette
        self.tree: SearchTree | None = None
        self.seat_sign = 1
        self.is_absolute = False
        self.overlay = Overlay()
        self.lights: Lights | None = None
        self.scale = self._scale_ahead = ValueScale()
        self._spread, self._scratch = empty_spread(), np.zeros(_MOST_BRANCHES)
        self._weights = np.zeros(0, np.float32)
        self._stamps = np.zeros(0, np.int64)
        self._known = 0
        self._frame_number = 1
        self._is_new = True
        self._main_line = np.zeros(0, np.int32)
        self._left: dict[View, tuple[Camera, int]] = {}

    def set_view(self, view: View | str) -> None:
        """Draw the same tree in another way, from where one looked at it in that way before.

        Raises:
            ValueError: there is no view of that name.
        """
        view = View(view)
        if view is self.view:
            return
        self._left[self.view] = self.target, self._depth
        self.camera, self._depth = self._left.get(view, (FIT, 1))
        self.target, self.view, self._is_new = self.camera, view, True
        self._fit_frame()

    def set_folding(self, rules: FoldRules) -> None:
        """Fold other branches; what was folded opens, and makes room, as fast as everything moves."""
        self.overlay.set_folding(rules)

    def is_folded(self, node: int) -> bool:
        """Whether a person or a rule folded what is below a node of the tree."""
        rules = self.overlay.folding
        return node in rules.by_hand or (self._is_ruled(node) and node not in rules.opened)

    def toggled(self, node: int) -> FoldRules:
        """The rules by which `node` is folded if it is open, and open if it is folded."""
        rules = self.overlay.folding
        if self.is_folded(node):
            return with_opened(rules, node, is_ruled=self._is_ruled(node))
        return with_closed(rules, node)

    def _is_ruled(self, node: int) -> bool:
        """Whether a node would be folded as pruned."""
        assert self.tree is not None
        edge = int(self.tree.links["parent_edge"][node])
        return self.overlay.folding.pruned and edge >= 0 and int(self.tree.edge_pruned[edge]) != 0

    def set_marks(self, marks: NDArray[np.uint8] | None) -> None:
        """Put a violet ring around the nodes where `marks` [up to N] is not 0; folds tell how many they hold."""
        self.overlay.set_marks(self.tree, marks)

    def set_tint(self, values: NDArray[Any] | None, name: str = "", low: float = 0.0, high: float = 1.0) -> None:
        """Colour nodes by `values` [up to N] on a scale from `low` to `high` instead of by their value.

        Args:
            values: NaN = grey. None = by their value again.
            name: what they are, for the legend.
        """
        self.overlay.set_tint(values, Lens(name, low, high))

    def set_lights(self, lights: Lights | None) -> None:
        """Light up one simulation; None = put the lights out."""
        self.lights = lights

    def show(self, tree: SearchTree | None, seat_sign: int, layout_visits: NDArray[Any] | None = None) -> None:
        """Draw another tree from now on, from the beginning.

        Args:
            tree: it may grow in place between frames.
            seat_sign: +1 where the player whose view colours take is to move at the root, else -1.
            layout_visits: [N] visits that give room instead of the tree's own: trees with the same nodes and the same
                such visits stand in the same places. Nodes without visits of their own are drawn as ghosts.
        """
        self.tree, self.seat_sign = tree, seat_sign
        self.overlay.clear()
        self.overlay.set_room(layout_visits)
        self.lights = None
        self.camera = self.target = FIT
        self._left.clear()
        self.num_slots, self._depth, self._is_new = 0, 1, True
        self.refresh()
        self._weights = np.zeros(0, np.float32)
        self._stamps = np.zeros(0, np.int64)
        self._known = 0

    def turn_to(
        self,
        tree: SearchTree,
        mapping: NDArray[np.int32] | None = None,
        layout_visits: NDArray[Any] | None = None,
    ) -> None:
        """Draw the same search at another moment, from the same root.

        Args:
            tree: there are more or fewer nodes; those that were there before have the same numbers, or those that
                `mapping` [nodes before] gives.
            layout_visits: see `show`.
        """
        self.tree = tree
        if mapping is not None:
            self._renumber(mapping)
            self._known = min(len(self._weights), max(self._known, tree.num_nodes))
        self.overlay.set_room(layout_visits)
        self._weights[tree.num_nodes : self._known] = 0.0  # what is not there yet grows out of its stub again
        self.refresh()

    def refresh(self) -> None:
        """Find the principal variation anew: the tree has changed."""
        self._main_line = np.zeros(0, np.int32) if self.tree is None else principal_nodes(self.tree)

    def follow(self, mapping: NDArray[np.int32], seat_sign: int) -> None:
        """Keep the looks of nodes that got other numbers: `mapping` [nodes before] gives them, -1 = gone.

        Where the root stays the root, nothing moves; after a re-rooting the picture is fitted anew.
        """
        self._renumber(mapping)
        if not len(mapping) or mapping[ROOT] != ROOT:
            self._stamps[: self._known] = 0
            self._depth = 1
            self._left.clear()
        self.seat_sign = seat_sign
        self.refresh()

    def _renumber(self, mapping: NDArray[np.int32]) -> None:
        """Let all that is known by node go with the nodes; `mapping` may lead beyond the numbers there were."""
        if self.tree is not None:
            self.overlay.follow(self.tree, mapping)
        self.lights = None
        count = min(len(mapping), len(self._weights))
        kept = np.flatnonzero(mapping[:count] >= 0)
        size = max(len(self._weights), int(mapping[kept].max()) + 1 if len(kept) else 0)
        for name in ("_weights", "_stamps"):
            before = getattr(self, name)
            after = np.zeros(size, before.dtype)
            after[mapping[kept]] = before[kept]
            setattr(self, name, after)
        if len(mapping) and mapping[ROOT] == ROOT:  # what is on screen can still be pointed at
            drawn = self.slots["node"][: self.num_slots]
            drawn[:] = np.where(drawn < len(mapping), mapping[np.minimum(drawn, len(mapping) - 1)], NO_NODE)

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
        self._paint(selected)
        counts = self._counts[0]
        nodes = int(np.count_nonzero(self.slots["kind"][: self.num_slots] == NODE))
        moving = not settled or counts["motion"] > _SETTLED or not is_close(self.camera, self.target)
        return Visible(nodes, int(counts["shown"]), int(counts["folded"]), int(counts["outside"]), moving)

    def place_of(self, node: int) -> tuple[int, float, float]:
        """Depth and final interval in [0, 1] of a node, drawn or not, for the camera."""
        assert self.tree is not None
        return locate(self.tree, node, self.overlay.layout(exact=self.view.is_exact))

    def _paint(self, selected: int) -> None:
        """From slots to pixels."""
        lens = self.overlay.lens
        scale = self.palette.scale if lens is None else lens_scale(self.palette, two_sided=lens.is_two_sided)
        middle, reach = (self.scale.middle, self.scale.reach) if lens is None else (lens.middle, lens.reach)
        ink = Ink(scale, self.palette.inks, middle, max(reach, 1e-6), self.zoom, selected, int(lens is not None))
        canvas = (self.image, self.ids, self.slots, self.streaks, self._counts)
        if self.view is View.LINK:
            paint(*canvas, ink)
        elif self.view is View.ICICLE:
            paint_icicle(*canvas, ink)
        else:
            paint_radial(*canvas, _numbers(self.bend), ink)

    def _walk(self, tree: SearchTree, selected: int, ease: float) -> None:
        """Fill the slots; the columns widen as the tree grows deeper."""
        if len(self._weights) < tree.num_nodes:
            grown = len(tree.links)
            for name in ("_weights", "_stamps"):
                before = getattr(self, name)
                wider = np.zeros(grown, before.dtype)
                wider[: self._known] = before[: self._known]  # no more: pages never written to cost nothing
                setattr(self, name, wider)
        self._known = max(self._known, tree.num_nodes)
        self._frame_number += 1
        view = view_record(
            self.camera, self.frame, sign=tree.sign, seat_sign=self.seat_sign, least=_LEAST[self.view] * self.zoom,
            radius=RADIUS * self.zoom,
        )  # fmt: skip
        rules = self.overlay.folding
        view["ease"], view["frame"] = ease, self._frame_number
        view["below"], view["folds_pruned"], view["exact"] = rules.below, rules.pruned, self.view.is_exact
        # A full turn has no edge to stand beyond.
        view["margin"] = 0.0 if self.view is View.RADIAL else MARGIN
        walk(
            tree.links, tree.stats, tree.facts, tree.edge_prior, tree.edge_child, tree.edge_pruned, self.overlay.looks,
            self._weights, self._stamps, self._main_line, path_nodes(tree, selected), view, self.slots, self.streaks,
            self._counts, self._spread, self._scratch,
        )  # fmt: skip
        self.num_slots = int(self._counts["slots"][0])
        if self.view is View.RADIAL:
            bend_slots(self.slots, self._counts, view, _numbers(self.bend))

    def _settle(self, ease: float) -> bool:
        """Let columns and colours follow what the walk has found; whether they have arrived."""
        live = self.slots[: self.num_slots]
        if self.camera.span >= 1.0:
            least = _WORTH[self.view] * self.zoom
            worth = live["depth"][(live["kind"] == NODE) & (live["bottom"] - live["top"] >= least)]
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


def _numbers(bend: Bend) -> NDArray[np.float64]:
    """A bend as the kernels read it."""
    return np.array([bend.x, bend.y, bend.across, bend.down, bend.reach, bend.turn])


def fold_text(slot: NDArray[Any]) -> str:
    """One sentence about a fold: how much it holds and how its values range."""
    if int(slot["kind"]) != FOLD:
        return ""
    visits, branches, marks = int(slot["visits"]), int(slot["branches"]), int(slot["marks"])
    is_closed = bool(slot["flags"] & CLOSED)
    what = f"{branches:,} small branches" if branches > 1 else "a small branch" if branches else "everything below"
    if is_closed:
        what = f"{branches:,} branches" if branches > 1 else "one branch" if branches else "everything below"
    low, high = float(slot["low"]), float(slot["high"])
    matches = f", {marks:,} of them marked" if marks > 1 else ", one of them marked" if marks else ""
    return f"Folded: {what}, {visits:,} visits{matches}, values {low:+.2f} to {high:+.2f}."
