"""What all three views draw alike: the colour of a value, the disc of a node, the wedge of a fold.

Called from the `paint_*` kernels only.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.render.palette import ATTENTION, BACKGROUND, EFFORT, INTUITION, PRUNED
from app.render.slots import CLOSED, FADED, FOLD, GHOST, GREYED, MARKED, ON_MAIN_LINE, ON_PATH, OUTSIDE, PROVEN
from app.render.strokes import DIAMOND, DISC, SQUARE, mixed, shape
from engine.compiled import inline

EDGE = 1 << 28
"""Added to an id where an edge lies, not the thing itself. An id is a slot's number plus one; 0 = background."""
WEDGE = 24.0
"""Logical pixels of length of the wedge that stands for what a person folded."""


class Ink(NamedTuple):
    """What everything of one picture is drawn with.

    Attributes:
        scale, inks: `app.render.palette.Palette`; scale has the colours of values, or of a lens.
        middle, reach: value at the middle of the scale, and from there to its ends.
        zoom: device pixels per logical pixel. selected: node with the ring of attention, -1 for none.
        is_tinted: colours are those of a lens, and rings say nothing of their own.
    """

    scale: NDArray[np.int64]
    inks: NDArray[np.int64]
    middle: float
    reach: float
    zoom: float
    selected: int
    is_tinted: int


@inline
def tone_color(tone, flags, ink):
    """Colour of a value on a scale that ends `reach` beyond `middle`; washed out where pruned, grey where it is NaN."""
    if tone != tone:
        return mixed(ink.inks[BACKGROUND], ink.inks[PRUNED], 0.75)
    half = len(ink.scale) // 2
    share = max(-1.0, min(1.0, (tone - ink.middle) / ink.reach))
    color = ink.scale[np.int64(np.floor(half + half * share + 0.5))]
    if flags & GREYED:
        color = mixed(ink.inks[PRUNED], color, 0.5 if flags & FADED else 0.2)
    return color


@inline
def ring_color(s, fill, ink):
    """Colour of intuition's value; a lens has no second value."""
    return fill if ink.is_tinted != 0 else tone_color(np.float64(s.raw), s.flags, ink)


@inline
def streak_tone(line):
    """The mean of what a line of a fold is coloured by."""
    return np.float64(line.tone) / line.weight if line.weight > 0 else np.nan


@inline
def edge_width(part, room):
    """Pixels of an edge that carries `part` in [0, 1] of a node's prior or visits."""
    return max(0.7, min(17.0 * part**0.8, room))


@inline
def layer_of(flags):
    """Pruned below all others, the main line and the way to the selected node on top."""
    return 2 if flags & (ON_MAIN_LINE | ON_PATH) else (0 if flags & GREYED else 1)


@inline
def node_disc(image, ids, slots, at, ink):
    """A visited node."""
    s = slots[at]
    x, y, radius, zoom = np.float64(s.x), np.float64(s.y), np.float64(s.radius), ink.zoom
    fill = tone_color(np.float64(s.tone), s.flags, ink)
    ring = ring_color(s, fill, ink)
    ground = ink.inks[BACKGROUND]
    mark = np.int32(at + 1)
    form = np.int64(DISC)
    if s.outcome != 0:
        form = DIAMOND if s.q == 0.0 else SQUARE
        ring = fill
    if s.flags & PROVEN and s.outcome == 0 and radius > 2.5:
        shape(image, ids, x, y, radius + 4.0 * zoom, ground, ink.inks[EFFORT], ground, 1.5 * zoom, form, mark)
    if s.node == ink.selected:
        shape(image, ids, x, y, radius + 6.0 * zoom, ground, ink.inks[ATTENTION], ground, 3.0 * zoom, form, mark)
    if s.flags & MARKED:
        shape(image, ids, x, y, radius + 3.2 * zoom, ground, ink.inks[ATTENTION], ground, 1.8 * zoom, form, mark)
    thickness = 0.0
    if radius > 4.5 * zoom:
        thickness = min(0.22 * radius, 3.4 * zoom)
        shape(image, ids, x, y, radius + 1.2 * zoom, ground, ground, ground, 0.0, form, mark)
    if s.flags & GHOST:
        rim = ink.inks[INTUITION] if s.prior > 0.0 else ink.inks[PRUNED]
        shape(image, ids, x, y, radius, ground, mixed(ground, rim, 0.7), ground, 1.2 * zoom, form, mark)
    elif s.flags & GREYED and not s.flags & FADED and s.reason != 0 and radius > 3.0:
        shape(image, ids, x, y, radius, ground, fill, ground, 1.6 * zoom, form, mark)  # hollow
    else:
        shape(image, ids, x, y, radius, fill, ring, ground, thickness, form, mark)


@inline
def dot_radius(s, ink):
    """Of the violet dot on a fold that holds marked nodes; a low fold has a small one."""
    return max(1.3, min(3.6, 0.42 * (np.float64(s.bottom) - np.float64(s.top)) / ink.zoom)) * ink.zoom


@inline
def all_discs(image, ids, slots, n, ink):
    """Every node, and a violet dot on every fold that holds marked ones."""
    for i in range(n - 1, -1, -1):
        s = slots[i]
        if s.flags & OUTSIDE:
            continue
        if s.kind == FOLD and s.marks > 0 and not s.flags & CLOSED:
            violet, ground = ink.inks[ATTENTION], ink.inks[BACKGROUND]
            x, y, radius = np.float64(s.x) + 3.0 * ink.zoom, np.float64(s.y), dot_radius(s, ink)
            shape(image, ids, x, y, radius, violet, violet, ground, 0.0, np.int64(DISC), np.int32(i + 1))
        elif s.kind == 0:
            node_disc(image, ids, slots, i, ink)
