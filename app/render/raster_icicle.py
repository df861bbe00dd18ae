"""The raster of the icicle: every node a rectangle as high as its share of visits, plies from left to right.

Fill = value found by search, strip on the left = intuition's value. A gold line at the foot of a rectangle is as long
as intuition's prior: long in a thin rectangle is a hope that search did not share. The principal variation is lined in
ivory, the way to the selected node in violet.
"""

import numpy as np

from app.render.ink import WEDGE, dot_radius, ring_color, streak_tone, tone_color
from app.render.palette import ATTENTION, BACKGROUND, EFFORT, INTUITION, PRUNED
from app.render.slots import (
    CLOSED,
    FADED,
    FOLD,
    GHOST,
    GREYED,
    MARKED,
    NODE,
    ON_MAIN_LINE,
    ON_PATH,
    OUTSIDE,
    PROVEN,
    WHOLE,
)
from app.render.strokes import DIAMOND, DISC, SQUARE, blend, fading, mixed, shape
from engine.compiled import inline, kernel

STRIP = 5.0
"""Logical pixels of the strip for intuition's value."""
ROOT_WIDTH = 52.0
"""Logical pixels of the root's rectangle: all there is to say of it is at the left edge."""


@inline
def _fill(image, ids, x0, x1, top, bottom, color, share, mark):
    """A rectangle; its edges may lie inside pixels from top to bottom, but not from left to right."""
    height, width = image.shape
    left, right = max(0, int(x0)), min(width, int(x1))
    for row in range(max(0, int(top)), min(height - 1, int(bottom)) + 1):
        cover = min(bottom, row + 1.0) - max(top, np.float64(row))
        if cover > 0.0:
            for column in range(left, right):
                blend(image, ids, row, column, color, share * cover, np.int32(0))
                if cover >= 0.5:
                    ids[row, column] = mark


@inline
def _frame(image, ids, x0, x1, top, bottom, thick, color, mark):
    """The outline of a rectangle, within it."""
    inner_top, inner_bottom = min(bottom, top + thick), max(top, bottom - thick)
    _fill(image, ids, x0, x1, top, inner_top, color, 1.0, mark)
    _fill(image, ids, x0, x1, inner_bottom, bottom, color, 1.0, mark)
    _fill(image, ids, x0, min(x1, x0 + thick), inner_top, inner_bottom, color, 1.0, mark)
    _fill(image, ids, max(x0, x1 - thick), x1, inner_top, inner_bottom, color, 1.0, mark)


@inline
def _node(image, ids, slots, at, ink):
    """A visited node."""
    s = slots[at]
    zoom, ground, mark = ink.zoom, ink.inks[BACKGROUND], np.int32(at + 1)
    x1 = np.float64(s.x)
    x0 = np.float64(slots[s.up].x) if s.up >= 0 else x1 - ROOT_WIDTH * zoom
    top, bottom = np.float64(s.top), np.float64(s.bottom)
    if x1 < 0.0 or x0 >= image.shape[1]:
        return
    gap = min(1.0 * zoom, 0.25 * (bottom - top))
    x1, bottom = x1 - 1.0 * zoom, bottom - gap
    tall = bottom - top
    fill = tone_color(np.float64(s.tone), s.flags, ink)
    if s.flags & GHOST:
        _frame(image, ids, x0, x1, top, bottom, 1.0 * zoom, mixed(ground, ink.inks[PRUNED], 0.5), mark)
        return
    body = mixed(ground, fill, 0.82)
    if s.flags & GREYED and not s.flags & FADED:
        body = mixed(ground, fill, 0.45)
    _fill(image, ids, x0, x1, top, bottom, body, 1.0, mark)
    strip = STRIP * zoom * min(1.0, tall / (6.0 * zoom))
    _fill(image, ids, x0, x0 + strip, top, bottom, ring_color(s, fill, ink), 1.0, mark)
    if tall >= 9.0 * zoom and s.up >= 0:
        long = np.float64(s.prior) * (x1 - x0 - strip)
        gold = ink.inks[PRUNED] if s.flags & GREYED else ink.inks[INTUITION]
        _fill(image, ids, x0 + strip, x0 + strip + long, bottom - 2.0 * zoom, bottom, gold, 1.0, mark)
    if s.outcome != 0 and tall >= 7.0 * zoom:
        form = np.int64(DIAMOND if s.q == 0.0 else SQUARE)
        middle, size = 0.5 * (top + bottom), min(4.0 * zoom, 0.35 * tall)
        shape(image, ids, x1 - 9.0 * zoom, middle, size, ground, ground, ground, 0.0, form, mark)
    elif s.flags & PROVEN and tall >= 9.0 * zoom:
        middle = 0.5 * (max(0.0, top) + min(image.shape[0], bottom))
        shape(
            image, ids, x1 - 9.0 * zoom, middle, 4.0 * zoom, body, ground, body, 1.4 * zoom, np.int64(DISC), mark
        )  # fmt: skip
    if s.flags & ON_MAIN_LINE:
        _frame(image, ids, x0, x1, top, bottom, min(2.0 * zoom, 0.3 * tall), ink.inks[EFFORT], mark)
    if s.flags & ON_PATH:
        _frame(image, ids, x0, x1, top, bottom, min(2.0 * zoom, 0.3 * tall), ink.inks[ATTENTION], mark)
    if s.node == ink.selected:
        _frame(image, ids, x0, x1, top, bottom, min(3.5 * zoom, 0.4 * tall), ink.inks[ATTENTION], mark)
    if s.flags & MARKED:
        _violet_corner(image, ids, x1, top, bottom, ink, mark)


@inline
def _violet_corner(image, ids, x1, top, bottom, ink, mark):
    """A band at the right end: marked by a question."""
    _fill(image, ids, x1 - 6.0 * ink.zoom, x1, top, bottom, ink.inks[ATTENTION], 1.0, mark)


@inline
def _fold(image, ids, slots, at, ink):
    """A run of branches too small for rectangles: a faint block as high as all of them; or what a person folded."""
    s = slots[at]
    x0 = np.float64(slots[s.up].x)
    x1, top, bottom, mark = np.float64(s.x), np.float64(s.top), np.float64(s.bottom), np.int32(at + 1)
    if s.flags & CLOSED:
        high = np.float64(s.high) if ink.is_tinted == 0 else np.float64(s.tone)
        low = np.float64(s.low) if ink.is_tinted == 0 else np.float64(s.tone)
        end, middle = min(x1, x0 + WEDGE * ink.zoom), 0.5 * (top + bottom)
        _fill(image, ids, x0 + ink.zoom, end, top, middle, tone_color(high, s.flags, ink), 0.7, mark)
        _fill(image, ids, x0 + ink.zoom, end, middle, bottom - ink.zoom, tone_color(low, s.flags, ink), 0.7, mark)
    elif not s.flags & WHOLE:
        color = tone_color(np.float64(s.tone), s.flags, ink)
        _fill(image, ids, x0, x1 - ink.zoom, top, bottom, color, 0.22, mark)
    if s.marks > 0 and not s.flags & CLOSED:
        violet, ground = ink.inks[ATTENTION], ink.inks[BACKGROUND]
        end, middle = (x0 if s.flags & WHOLE else x1) - 6.0 * ink.zoom, 0.5 * (top + bottom)
        shape(image, ids, end, middle, dot_radius(s, ink), violet, violet, ground, 0.0, np.int64(DISC), mark)


@inline
def _streak(image, ids, slots, streaks, at, ink):
    """One line of a fold, fading out to the right."""
    line = streaks[at]
    s = slots[line.slot]
    start = np.float64(slots[s.up].x)
    color = tone_color(streak_tone(line), s.flags, ink)
    length = (8.0 + 8.0 * np.log(1.0 + line.visits)) * ink.zoom
    bottom = max(np.float64(line.bottom), np.float64(line.top) + 0.5)
    fading(image, ids, start, start + length, np.float64(line.top), bottom, color, 0.5, np.int32(line.slot + 1))


@kernel
def paint_icicle(image, ids, slots, streaks, reports, ink):
    """Draw a whole picture; see `app.render.raster.paint`."""
    n, m = reports[0].slots, reports[0].streaks
    image[:, :] = np.uint32(0xFF000000 | ink.inks[BACKGROUND])
    ids[:, :] = 0
    for i in range(n):
        if slots[i].kind == NODE and not slots[i].flags & OUTSIDE:
            _node(image, ids, slots, i, ink)
    for i in range(n):
        if slots[i].kind == FOLD:
            _fold(image, ids, slots, i, ink)
    for i in range(m):
        _streak(image, ids, slots, streaks, i, ink)
