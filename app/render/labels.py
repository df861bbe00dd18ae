"""Labels: which nodes get one, what it says, and where it stands so that no label ever covers a node or another label.

Placing is greedy by importance on a grid of cells: a cell that any disc or placed label touches is taken. Among the free
places around a node the one with the least ink below it wins, with a bonus for the place the label had before, so that labels
do not hop about. A label that finds no place is tried again with less to say, and then left out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.render.slots import DIMMED, NODE, ON_MAIN_LINE, OUTSIDE, PROVEN
from engine.compiled import kernel

MINUS = "\u2212"
MOST_LABELS = 160
PLACES = 8
"""Places around a node, in order of preference: above, above right, below, right, right above, right below, left above,
left below."""
_CELL = 4


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to write a label: lines of (text, is strong); `width` and `height` in pixels."""

    lines: tuple[tuple[tuple[str, bool], ...], ...]
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Label:
    """A placed label: the slot it belongs to, its wording, and its upper left corner in pixels."""

    slot: int
    wording: Wording
    x: float
    y: float
    dimmed: bool
    place: int


def visits_text(visits: int) -> str:
    """A visit count in at most five characters: 812, 9,430, 12.3k, 104k, 1.05M."""
    if visits < 10_000:
        return f"{visits:,}"
    if visits < 999_500:
        return f"{visits / 1000:.1f}k" if visits < 99_950 else f"{visits / 1000:.0f}k"
    return f"{visits / 1_000_000:.2f}M" if visits < 9_995_000 else f"{visits / 1_000_000:.1f}M"


def value_text(value: float) -> str:
    """A value with its sign and two digits; the sign says what the colour says."""
    rounded = round(value, 2)
    return f"{MINUS if rounded < 0 else '+' if rounded > 0 else '±'}{abs(rounded):.2f}"


def wanted(slots: NDArray[Any], num_slots: int, zoom: float, selected: int) -> NDArray[np.intp]:
    """Slots of nodes large enough for a label, the most important first."""
    live = slots[:num_slots]
    height = live["bottom"] - live["top"]
    fits = (live["kind"] == NODE) & (live["flags"] & OUTSIDE == 0) & (height >= 9.0 * zoom)
    fits |= (live["kind"] == NODE) & (live["node"] == selected)
    rank = np.log1p(live["visits"].astype(np.float64)) + np.where(live["flags"] & ON_MAIN_LINE, 3.0, 0.0)
    rank -= np.where(live["flags"] & DIMMED, 2.0, 0.0) + 0.02 * live["depth"]
    rank += np.where(live["node"] == selected, 100.0, 0.0)
    chosen = np.flatnonzero(fits)
    return chosen[np.argsort(-rank[chosen], kind="stable")][:MOST_LABELS]


def wordings(slot: NDArray[Any], move: str, zoom: float, measure: Callable[[str, bool], tuple[float, float]]) -> list[Wording]:
    """Ways to write the label of a slot, the fullest first.

    Args:
        slot: one row of slots.
        move: text of the action that led here.
        zoom: device pixels per logical pixel.
        measure: width and height in pixels of a text, strong or not.
    """
    value = value_text(float(slot["q"])) + (" proven" if int(slot["flags"]) & PROVEN else "")
    height = (float(slot["bottom"]) - float(slot["top"])) / zoom
    name, figures = (move, True), (f"{visits_text(int(slot['visits']))}  {value}", False)
    options: list[tuple[tuple[tuple[str, bool], ...], ...]] = []
    if height >= 34.0:
        options.append(((name,), (figures,)))
    if height >= 15.0:
        options.append(((name, (f" {value}", False)),))
    options.append(((name,),))
    return [_wording(lines, measure) for lines in options]


def _wording(lines: tuple[tuple[tuple[str, bool], ...], ...], measure: Callable[[str, bool], tuple[float, float]]) -> Wording:
    sizes = [[measure(text, strong) for text, strong in line] for line in lines]
    width = max(sum(w for w, _ in line) for line in sizes)
    return Wording(lines, width, sum(max(h for _, h in line) for line in sizes))


class LabelGrid:
    """The taken cells of one picture, and the places labels have had.

    Attributes:
        cells: uint8 [rows, columns], 1 = touched by a disc, a label, or something else that must stay free.
    """

    def __init__(self) -> None:
        self.cells = np.zeros((1, 1), np.uint8)
        self._places: dict[int, int] = {}

    def start(self, ids: NDArray[np.int32], slots: NDArray[Any], num_slots: int) -> None:
        """Begin a picture: take the cells of every disc."""
        height, width = ids.shape
        size = (height // _CELL + 2, width // _CELL + 2)
        if self.cells.shape != size:
            self.cells = np.zeros(size, np.uint8)
        take_discs(self.cells, slots, num_slots)

    def place(
        self, ids: NDArray[np.int32], slot: int, row: NDArray[Any], options: list[Wording], zoom: float
    ) -> Label | None:
        """Find the best place for the fullest wording that has one, and take it."""
        node = int(row["node"])
        before = self._places.get(node, -1)
        found = np.zeros(2)
        for wording in options:
            place = find_place(
                self.cells, ids, float(row["x"]), float(row["y"]), float(row["radius"]), wording.width, wording.height,
                zoom, before, found,
            )  # fmt: skip
            if place >= 0:
                self._places[node] = int(place)
                dimmed = bool(int(row["flags"]) & DIMMED)
                return Label(slot, wording, float(found[0]), float(found[1]), dimmed, int(place))
        return None

    def forget(self) -> None:
        """Forget earlier places: another tree."""
        self._places.clear()


@kernel
def take_discs(cells, slots, num_slots):  # type: ignore[no-untyped-def]
    """Mark every cell that a drawn disc, or the dot of a stub, may touch."""
    cells[:, :] = 0
    for i in range(num_slots):
        s = slots[i]
        if s.kind > 1 or s.flags & OUTSIDE:
            continue
        radius = max(np.float64(s.radius), 1.5) + 2.0
        top, bottom = int((s.y - radius) // 4), int((s.y + radius) // 4)
        left, right = int((s.x - radius) // 4), int((s.x + radius) // 4)
        for row in range(max(0, top), min(cells.shape[0] - 1, bottom) + 1):
            for column in range(max(0, left), min(cells.shape[1] - 1, right) + 1):
                cells[row, column] = 1


@kernel
def find_place(cells, ids, x, y, radius, width, height, zoom, before, found):  # type: ignore[no-untyped-def]
    """The free place around a node with the least ink, or -1; `found` gets its corner, and its cells are taken."""
    best, best_cost = -1, 1e9
    gap = 3.0 * zoom
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
        for row in range(int(found[1]) // 4, int(found[1] + height) // 4 + 1):
            for column in range(int(found[0]) // 4, int(found[0] + width) // 4 + 1):
                cells[row, column] = 1
    return best


@kernel
def _is_free(cells, left, top, width, height):  # type: ignore[no-untyped-def]
    for row in range(int(top) // 4, int(top + height) // 4 + 1):
        for column in range(int(left) // 4, int(left + width) // 4 + 1):
            if cells[row, column] != 0:
                return False
    return True


@kernel
def _ink(ids, left, top, width, height):  # type: ignore[no-untyped-def]
    """Share of a box, sampled every third pixel, that something is drawn in."""
    inked, seen = 0, 0
    for row in range(int(top), int(top + height), 3):
        for column in range(int(left), int(left + width), 3):
            seen += 1
            if ids[row, column] != 0:
                inked += 1
    return inked / max(1, seen)
