"""Labels: which nodes get one, what it says, and where it stands so that no label ever covers a node or another label.

Placing is greedy by importance on a grid of cells: a cell that any disc or placed label touches is taken. Among the
free places around a node the one with the least ink below it wins, with a bonus for the place the label had before, so
that labels do not hop about. A label that finds no place is tried again with less to say, and then left out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.render.numbers import value_text, visits_text
from app.render.slots import FADED, GHOST, GREYED, MARKED, NODE, ON_MAIN_LINE, OUTSIDE, PROVEN
from engine.compiled import inline, kernel

PROVEN_TEXTS = {1: "won", 0: "drawn", -1: "lost"}
"""A proven value, from the view of the player whose colours are shown."""
MOST_LABELS = 160
PLACES = 8
"""Places around a node, in order of preference: above, above right, below, right, right above, right below, left above,
left below."""
SELECTED_RING, PROVEN_RING = 6.0, 4.0
"""Logical pixels by which these rings stand out beyond a disc."""
_CELL = 2
"""Pixels of a grid cell; a label keeps further than this from discs, so neighbours never share a cell by rounding."""
_MARGIN = 1.0
_MOST_PLACES = 10_000
"""Places that are remembered; many pictures' labels."""

T = TypeVar("T")


QUIET, PLAIN, STRONG = 0, 1, 2
"""Styles of a text: figures, the name of a small node, the name of a large one."""
LIVE, QUIETLY, CUT, VIOLET, ON_GROUND, ON_COLOR = range(6)
"""Shades of a text: of a live branch, of one out of reach, of one that was cut, of a person's marks; without a halo and
in the words' usual colour; without a halo and in the colour of the background, for bright rectangles."""
INSIDE = 8
"""The place of a label that stands in its rectangle."""

_Lines = tuple[tuple[tuple[str, int], ...], ...]

Measure = Callable[[str, int], tuple[float, float]]
"""Width and height in pixels of a text in a style."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to write a label: lines of (text, style) parts; `width` and `height` in pixels."""

    lines: tuple[tuple[tuple[str, int], ...], ...]
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Label:
    """A placed label.

    Attributes:
        slot: what it belongs to.
        x, y: its upper left corner in pixels.
        shade: its colour. place: where around the node it stands, or `INSIDE`.
    """

    slot: int
    wording: Wording
    x: float
    y: float
    shade: int
    place: int


def wanted(slots: NDArray[Any], num_slots: int, zoom: float, selected: int) -> NDArray[np.intp]:
    """Slots of nodes large enough for a label, the most important first."""
    live = slots[:num_slots]
    height = live["bottom"] - live["top"]
    fits = (live["kind"] == NODE) & (live["flags"] & OUTSIDE == 0) & (height >= 9.0 * zoom)
    fits |= (live["kind"] == NODE) & (live["node"] == selected)
    rank = np.log1p(live["visits"].astype(np.float64)) + np.where(live["flags"] & ON_MAIN_LINE, 3.0, 0.0)
    rank += np.where(live["flags"] & GHOST, live["prior"], 0.0)
    rank -= np.where(live["flags"] & GREYED, 2.0, 0.0) + 0.02 * live["depth"]
    rank += np.where(live["node"] == selected, 100.0, 0.0)
    chosen = np.flatnonzero(fits)
    return chosen[np.argsort(-rank[chosen], kind="stable")][:MOST_LABELS]


def wordings(slot: NDArray[Any], name: str, zoom: float, measure: Measure) -> list[Wording]:
    """Ways to write the label of a slot, the fullest first.

    Args:
        slot: one row of slots.
        name: text of the action that led here; "" for the root.
        zoom: device pixels per logical pixel.
        measure: how large a text is.
    """
    name = name or "Root"
    height = (float(slot["bottom"]) - float(slot["top"])) / zoom
    if slot["flags"] & GHOST:
        return _of_ghost(slot, name, measure)[0 if height >= 15.0 else 1 :]
    value = "" if slot["outcome"] else value_text(float(slot["q"]))
    if slot["flags"] & PROVEN:
        value = PROVEN_TEXTS[int(np.sign(slot["q"]))]
    if height >= 36.0:
        figures = f"{visits_text(int(slot['visits']))}  {value}"
        return [_wording((((name, STRONG),), ((figures, QUIET),)), measure), _wording((((name, STRONG),),), measure)]
    short = _wording((((name, PLAIN),),), measure)
    return [short] if height < 15.0 else [_wording((((name, PLAIN), (f" {value}", QUIET)),), measure), short]


def box_wordings(slot: NDArray[Any], name: str, zoom: float, measure: Measure) -> list[Wording]:
    """Ways to write the label of a rectangle, the fullest first; each fits its height, not always its width."""
    name = name or "Root"
    room = (float(slot["bottom"]) - float(slot["top"])) / zoom
    if slot["flags"] & GHOST:
        return [wording for wording in _of_ghost(slot, name, measure) if wording.height <= room * zoom]
    value = "" if slot["outcome"] else value_text(float(slot["q"]))
    if slot["flags"] & PROVEN:
        value = PROVEN_TEXTS[int(np.sign(slot["q"]))]
    visits = visits_text(int(slot["visits"]))
    strong, figures = ((name, STRONG),), ((f"{visits}  {value}", QUIET),)
    ways: list[_Lines] = []
    ways += [(strong, figures), (strong, ((visits, QUIET),), ((value, QUIET),)), (strong,)] if room >= 36.0 else []
    ways += [(((name, PLAIN), (f"  {visits}  {value}", QUIET)),), (((name, PLAIN), (f"  {value}", QUIET)),)]
    ways += [(((name, PLAIN),),)]
    made = [_wording(way, measure) for way in ways]
    return [wording for wording in made if wording.height <= room * zoom]


def _of_ghost(slot: NDArray[Any], name: str, measure: Measure) -> list[Wording]:
    """A node that nothing was spent on has no figures; where intuition's share of it is known, that is said."""
    hoped = f" {100 * float(slot['prior']):.0f} %" if slot["prior"] > 0 else ""
    return [_wording((((name, PLAIN), (hoped, QUIET)),), measure), _wording((((name, PLAIN),),), measure)]


def placed_inside(
    slot: int, row: NDArray[Any], left: float, right: float, options: list[Wording], zoom: float,
    shape: tuple[int, int],
) -> Label | None:  # fmt: skip
    """The fullest wording that fits a rectangle from `left` to `right`, in the middle of the part that is seen.

    Args:
        shape: height and width of the picture in pixels.
    """
    top, bottom = max(1.0, float(row["top"])), min(shape[0] - 1.0, float(row["bottom"]))
    left, right = max(2.0, left) + 9.0 * zoom, min(shape[1] - 1.0, right) - (17.0 if _has_sign(row) else 4.0) * zoom
    for wording in options:
        if wording.width <= right - left and wording.height <= bottom - top:
            return Label(slot, wording, left, 0.5 * (top + bottom - wording.height), LIVE, INSIDE)
    return None


def _has_sign(row: NDArray[Any]) -> bool:
    """Whether something stands at the right end of a rectangle."""
    return bool(row["outcome"] or row["reason"] or row["flags"] & (PROVEN | MARKED))


def _wording(lines: tuple[tuple[tuple[str, int], ...], ...], measure: Measure) -> Wording:
    sizes = [[measure(text, style) for text, style in line] for line in lines]
    width = max(sum(w for w, _ in line) for line in sizes)
    return Wording(lines, width, sum(max(h for _, h in line) for line in sizes))


def renumbered(by_node: dict[int, T], mapping: NDArray[np.int32]) -> dict[int, T]:
    """What is known by node, by the numbers that `mapping` [nodes before] gives; -1 = gone."""
    moved = ((int(mapping[node]), kept) for node, kept in by_node.items() if node < len(mapping))
    return {node: kept for node, kept in moved if node >= 0}


class LabelGrid:
    """The taken cells of one picture, and the places labels have had.

    Attributes:
        cells: uint8 [rows, columns], 1 = touched by a disc, a label, or something else that must stay free.
    """

    def __init__(self) -> None:
        self.cells = np.zeros((1, 1), np.uint8)
        self._places: dict[int, int] = {}
        self._zoom, self._selected = 1.0, -1

    def start(
        self, ids: NDArray[np.int32], slots: NDArray[Any], num_slots: int, zoom: float = 1.0, selected: int = -1
    ) -> None:
        """Begin a picture: take the cells of every disc and its rings (none: `num_slots` = 0)."""
        height, width = ids.shape
        size = (height // _CELL + 2, width // _CELL + 2)
        if self.cells.shape != size:
            self.cells = np.zeros(size, np.uint8)
        take_discs(self.cells, slots, num_slots, np.float64(zoom), np.int64(selected))
        self._zoom, self._selected = zoom, selected

    def reserve(self, x: float, y: float, width: float, height: float) -> bool:
        """Take the cells of a box for something other than a label; False where one of them is taken already."""
        rows = slice(max(0, int(y) // _CELL), max(0, int(y + height) // _CELL + 1))
        columns = slice(max(0, int(x) // _CELL), max(0, int(x + width) // _CELL + 1))
        if self.cells[rows, columns].any():
            return False
        self.cells[rows, columns] = 1
        return True

    def take(self, x: float, y: float, width: float, height: float) -> None:
        """Take the cells of a box, whatever lies there."""
        rows = slice(max(0, int(y) // _CELL), max(0, int(y + height) // _CELL + 1))
        self.cells[rows, max(0, int(x) // _CELL) : max(0, int(x + width) // _CELL + 1)] = 1

    def place(self, ids: NDArray[np.int32], slot: int, row: NDArray[Any], options: list[Wording]) -> Label | None:
        """Find the best place for the fullest wording that has one, and take it."""
        node, zoom = int(row["node"]), self._zoom
        rings = SELECTED_RING if node == self._selected else PROVEN_RING if int(row["flags"]) & PROVEN else 0.0
        radius = float(row["radius"]) + rings * zoom
        before = self._places.get(node, -1)
        found = np.zeros(2)
        for wording in options:
            place = find_place(
                self.cells, ids, float(row["x"]), float(row["y"]), radius, wording.width, wording.height,
                zoom, before, found,
            )  # fmt: skip
            if place >= 0:
                if len(self._places) >= _MOST_PLACES:
                    self._places.clear()
                self._places[node] = int(place)
                flags = int(row["flags"])
                shade = LIVE if not flags & GREYED else QUIETLY if flags & FADED else CUT
                return Label(slot, wording, float(found[0]), float(found[1]), shade, int(place))
        return None

    def forget(self) -> None:
        """Forget earlier places: another tree."""
        self._places.clear()

    def follow(self, mapping: NDArray[np.int32]) -> None:
        """Nodes got other numbers, -1 = gone."""
        self._places = renumbered(self._places, mapping)


@kernel
def take_discs(cells, slots, num_slots, zoom, selected):
    """Mark every cell that a drawn disc with its rings, or the dot of a stub, may touch."""
    cells[:, :] = 0
    for i in range(num_slots):
        s = slots[i]
        if s.kind > 1 or s.flags & OUTSIDE:
            continue
        radius = max(np.float64(s.radius), 1.5) + _MARGIN
        if s.kind == NODE and s.node == selected:
            radius += SELECTED_RING * zoom
        elif s.flags & PROVEN:
            radius += PROVEN_RING * zoom
        top, bottom = int((s.y - radius) // _CELL), int((s.y + radius) // _CELL)
        left, right = int((s.x - radius) // _CELL), int((s.x + radius) // _CELL)
        for row in range(max(0, top), min(cells.shape[0] - 1, bottom) + 1):
            for column in range(max(0, left), min(cells.shape[1] - 1, right) + 1):
                cells[row, column] = 1


@kernel
def find_place(cells, ids, x, y, radius, width, height, zoom, before, found):
    """The free place around a node with the least ink, or -1; `found` gets its corner, and its cells are taken."""
    best, best_cost = -1, 1e9
    gap = 3.0 * zoom + 0.5
    for place in range(8):
        left = x - 0.5 * width
        if place == 1:
            left = x - min(radius, 4.0 * zoom)
        elif 3 <= place <= 5:
            left = x + radius + gap
        elif place >= 6:
            left = x - radius - gap - width
        top = y - radius - gap - height
        if place == 2:
            top = y + radius + gap
        elif place == 3:
            top = y - 0.5 * height
        elif place == 4 or place == 6:
            top = y - height - zoom
        elif place == 5 or place == 7:
            top = y + zoom
        if left < 1.0 or top < 1.0 or left + width > ids.shape[1] - 1.0 or top + height > ids.shape[0] - 1.0:
            continue
        if not _is_free(cells, left, top, width, height):
            continue
        cost = 3.0 * _ink(ids, left, top, width, height) + 0.05 * place - (0.35 if place == before else 0.0)
        if cost < best_cost:
            best, best_cost = place, cost
            found[0], found[1] = left, top
    if best >= 0:
        for row in range(int(found[1]) // _CELL, int(found[1] + height) // _CELL + 1):
            for column in range(int(found[0]) // _CELL, int(found[0] + width) // _CELL + 1):
                cells[row, column] = 1
    return best


@inline
def _is_free(cells, left, top, width, height):
    for row in range(int(top) // _CELL, int(top + height) // _CELL + 1):
        for column in range(int(left) // _CELL, int(left + width) // _CELL + 1):
            if cells[row, column] != 0:
                return False
    return True


@inline
def _ink(ids, left, top, width, height):
    """Share of a box, sampled every third pixel, that something is drawn in."""
    inked, seen = 0, 0
    for row in range(int(top), int(top + height), 3):
        for column in range(int(left), int(left + width), 3):
            seen += 1
            if ids[row, column] != 0:
                inked += 1
    return inked / max(1, seen)
