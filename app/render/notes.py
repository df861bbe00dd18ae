"""Small notes on a picture besides its labels: why a branch was cut, what was lent to it, what a fold holds.

They are placed before the labels, on the same grid, so neither covers the other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.render.ink import WEDGE
from app.render.labels import ON_GROUND, QUIET, QUIETLY, VIOLET, LabelGrid
from app.render.numbers import visits_text
from app.render.picture import TreePicture
from app.render.slots import CLOSED, FADED, FOLD, NODE, OUTSIDE, STUB
from app.render.views import View

LOAN = -1
"""In the place of a reason: the plus of a branch that visits are lent to."""
_MOST = 120
"""Fold captions in one picture."""

Measure = Callable[[str, int], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Note:
    """A mark with a number behind it, either of which may be missing.

    Attributes:
        sign: `PruneReason`, `LOAN`, or 0 for none, at (x, y), `size` pixels from its middle to its edge.
        text: from `text_x` on, around the height y, in a shade of `app.render.labels`; "" = none.
        is_inverse: the sign stands on a colour and takes that of the background.
    """

    sign: int
    x: float
    y: float
    size: float
    text: str = ""
    text_x: float = 0.0
    shade: int = QUIETLY
    is_inverse: bool = False


def place_notes(picture: TreePicture, grid: LabelGrid, measure: Measure) -> list[Note]:
    """Everything that has room, in the order in which it takes room."""
    slots, zoom = picture.slots[: picture.num_slots], picture.zoom
    notes = _loans(picture, slots, grid, measure)
    notes += _folds(picture, slots, grid, measure)
    notes += _matches(picture, slots, grid, measure)
    if picture.view is View.ICICLE:
        return notes + [_at_the_end(slot, zoom) for slot in slots[_is_cut(slots, NODE)] if _height(slot) >= 10.0 * zoom]
    cut = slots[_is_cut(slots, NODE) & (slots["radius"] >= 3.5 * zoom)]
    for slot in cut:
        size = min(0.42 * float(slot["radius"]), 5.0 * zoom)
        faded = bool(slot["flags"] & FADED)
        notes.append(Note(int(slot["reason"]), float(slot["x"]), float(slot["y"]), size, is_inverse=faded))
    return notes + _stubs(slots, grid, measure, zoom)


def _at_the_end(slot: NDArray[Any], zoom: float) -> Note:
    """The reason's mark inside a rectangle."""
    return Note(int(slot["reason"]), float(slot["x"]) - 9.0 * zoom, float(slot["y"]), 3.6 * zoom)


def _loans(picture: TreePicture, slots: NDArray[Any], grid: LabelGrid, measure: Measure) -> list[Note]:
    """Branches on screen that visits are lent to; room before their nodes."""
    lent = picture.tree.lent if picture.tree is not None else {}
    notes, zoom = [], picture.zoom
    for slot in slots[np.isin(slots["edge"], list(lent)) & (slots["flags"] & OUTSIDE == 0)] if lent else ():
        number = visits_text(lent[int(slot["edge"])])
        width, height = measure(number, QUIET)
        y = float(slot["y"])
        x = float(slot["x"]) - max(float(slot["radius"]), 3.0 * zoom) - width - 8.0 * zoom
        if picture.view is View.ICICLE:
            if _height(slot) < height:
                continue
            x = float(slot["x"]) - width - 12.0 * zoom
            notes.append(Note(LOAN, x - 4.0 * zoom, y, 4.0 * zoom, number, x + 3.0 * zoom, ON_GROUND))
            continue
        grid.reserve(x - 8.0 * zoom, y - 0.5 * height, width + 14.0 * zoom, height)
        notes.append(Note(LOAN, x - 4.0 * zoom, y, 4.0 * zoom, number, x + 3.0 * zoom))
    return notes


def _folds(picture: TreePicture, slots: NDArray[Any], grid: LabelGrid, measure: Measure) -> list[Note]:
    """What a person folded: how many branches and visits, behind the wedge."""
    notes, zoom = [], picture.zoom
    folds = slots[(slots["kind"] == FOLD) & (slots["flags"] & CLOSED != 0)]
    for fold in folds[np.argsort(-folds["visits"], kind="stable")][:_MOST]:
        up = slots[int(fold["up"])]
        text = f"{int(fold['branches'])} \u00b7 {visits_text(int(fold['visits']))}"
        marks = f"\u25cf {visits_text(int(fold['marks']))}" if fold["marks"] else ""
        own, height = measure(text, QUIET)
        width = own + (measure(marks, QUIET)[0] + 6.0 * zoom if marks else 0.0)
        y = float(up["y"])
        if picture.view is View.ICICLE:
            x = float(up["x"]) + (WEDGE + 4.0) * zoom
            if _height(fold) >= height:
                notes += _caption(x, y, text, own, marks, zoom)
            continue
        reach = float(up["radius"]) + (WEDGE + 3.0) * zoom
        tall = min(26.0 * zoom, 0.7 * _height(up))
        x = float(up["x"])
        if picture.view is View.RADIAL:
            tip_x, tip_y = picture.outwards(int(fold["up"]), reach)
            grid.take(min(x, tip_x), min(y, tip_y), abs(tip_x - x), abs(tip_y - y))
            left = tip_x + 3.0 * zoom if tip_x >= x else tip_x - width - 3.0 * zoom
            x, y = left, tip_y
        else:
            grid.take(x, y - 0.5 * tall, reach, tall)
            x += reach + 3.0 * zoom
        if grid.reserve(x, y - 0.5 * height, width, height):
            notes += _caption(x, y, text, own, marks, zoom)
    return notes


def _caption(x: float, y: float, text: str, width: float, marks: str, zoom: float) -> list[Note]:
    """What a fold holds, and how many marked nodes of it."""
    notes = [Note(0, x, y, 0.0, text, x)]
    return [*notes, Note(0, x, y, 0.0, marks, x + width + 6.0 * zoom, VIOLET)] if marks else notes


def _matches(picture: TreePicture, slots: NDArray[Any], grid: LabelGrid, measure: Measure) -> list[Note]:
    """How many marked nodes folds hold, beside their violet dots."""
    notes, zoom = [], picture.zoom
    folds = slots[(slots["kind"] == FOLD) & (slots["marks"] > 0) & (slots["flags"] & (OUTSIDE | CLOSED) == 0)]
    around = folds if picture.view is not View.ICICLE else folds[:0]
    for x, y in zip(around["x"].tolist(), around["y"].tolist(), strict=True):
        grid.take(x - zoom, y - 3.0 * zoom, 7.0 * zoom, 6.0 * zoom)  # their dots
    folds = folds[folds["marks"] > 1]
    for fold in folds[np.argsort(-folds["marks"], kind="stable")][:_MOST]:
        text = visits_text(int(fold["marks"]))
        width, height = measure(text, QUIET)
        x, y = float(fold["x"]) + 9.0 * zoom, float(fold["y"])
        if picture.view is View.ICICLE:
            if _height(fold) >= height:
                notes.append(Note(0, x, y, 0.0, text, x - width - 24.0 * zoom, VIOLET))
        elif grid.reserve(x, y - 0.5 * height, width, height):
            notes.append(Note(0, x, y, 0.0, text, x, VIOLET))
    return notes


def _stubs(slots: NDArray[Any], grid: LabelGrid, measure: Measure, zoom: float) -> list[Note]:
    """Each group of stubs that were pruned for one reason, with their number."""
    notes = []
    stubs = slots[_is_cut(slots, STUB)]
    groups, first = np.unique(stubs["up"].astype(np.int64) * 16 + stubs["reason"], return_inverse=True)
    for group in range(len(groups)):
        members = stubs[first == group]
        x, y = float(members["x"].max()) + 9.0 * zoom, float(members["y"].mean())
        number = f"{int(members['branches'].sum())}"
        width, height = measure(number, QUIET)
        tall = float(members["bottom"].max() - members["top"].min()) >= 4.0 * zoom
        if tall and grid.reserve(x - 4.0 * zoom, y - 0.5 * height, width + 12.0 * zoom, height):
            notes.append(Note(int(members["reason"][0]), x, y, 3.5 * zoom, number, x + 7.0 * zoom))
    return notes


def _is_cut(slots: NDArray[Any], kind: int) -> NDArray[np.bool_]:
    """Which slots are of a kind, pruned themselves, and within the picture."""
    cut: NDArray[np.bool_] = (slots["kind"] == kind) & (slots["reason"] != 0) & (slots["flags"] & OUTSIDE == 0)
    return cut


def _height(slot: NDArray[Any]) -> float:
    return float(slot["bottom"] - slot["top"])
