"""The raster: slots and streaks become pixels, from the back to the front.

An edge starts as wide as intuition's prior and ends as wide as search's share of visits: a wedge that narrows is a hope
that search did not share, and where it narrows much it is cased in gold, the colour of intuition; one that widens is a
discovery. The principal variation is cased in ivory, the colour of search. Fill of a disc = value found by search, ring
= intuition's value.
"""

import numpy as np

from app.render.palette import ATTENTION, BACKGROUND, EFFORT, INTUITION, PRUNED
from app.render.slots import FADED, FOLD, GREYED, NODE, ON_MAIN_LINE, ON_PATH, OUTSIDE, PROVEN, STUB, WHOLE
from app.render.strokes import DIAMOND, DISC, SQUARE, curve, fading, mixed, shape
from engine.compiled import inline, kernel

EDGE = 1 << 28
"""Added to an id where an edge lies, not the thing itself. An id is a slot's number plus one; 0 = background."""


@inline
def _value_color(q, flags, scale, inks, middle, reach):
    """Colour of a value on a scale that ends `reach` beyond `middle`; washed out where pruned."""
    half = len(scale) // 2
    share = max(-1.0, min(1.0, (q - middle) / reach))
    color = scale[np.int64(np.floor(half + half * share + 0.5))]
    if flags & GREYED:
        color = mixed(inks[PRUNED], color, 0.5 if flags & FADED else 0.2)
    return color


@inline
def _edge_width(part, room):
    """Pixels of an edge that carries `part` in [0, 1] of a node's prior or visits."""
    return max(0.7, min(17.0 * part**0.8, room))


@inline
def _edge(image, ids, slots, at, scale, inks, middle, reach, zoom):
    """The edge from its parent to a visited node."""
    s = slots[at]
    up = slots[s.up]
    x0, y0, x1, y1 = np.float64(up.x), np.float64(up.y), np.float64(s.x), np.float64(s.y)
    height = np.float64(s.bottom) - np.float64(s.top)
    if x1 < 0.0 or x0 >= image.shape[1] or max(y0, y1) < -20.0 or min(y0, y1) > image.shape[0] + 20.0:
        return
    start = _edge_width(np.float64(s.prior), 0.9 * up.radius) * zoom
    end = _edge_width(np.float64(s.share), min(0.9 * s.radius, 0.45 * height)) * zoom
    share = 0.3 + 0.7 * min(1.0, height / (14.0 * zoom))
    color = _value_color(np.float64(s.q), s.flags, scale, inks, middle, reach)
    mark = np.int32(at + 1 + EDGE)
    if s.flags & ON_PATH:
        wide = 5.0 * zoom
        curve(image, ids, x0, y0, x1, y1, start + wide, end + wide, inks[ATTENTION], 0.9, 0.0, mark)
    if s.flags & ON_MAIN_LINE:
        wide = 3.2 * zoom
        curve(image, ids, x0, y0, x1, y1, start + wide, end + wide, inks[EFFORT], 0.85, 0.0, mark)
    else:
        trust = min(1.0, up.visits / 40.0)  # among few visits a share says little
        hoped = min(1.0, (np.float64(s.prior) - np.float64(s.share)) * 5.0 - 0.15) * share * trust
        if hoped > 0.0 and height > 4.0 and (not s.flags & GREYED or s.flags & FADED):
            wide = 3.0 * zoom
            curve(image, ids, x0, y0, x1, y1, start + wide, end + wide, inks[INTUITION], 0.8 * hoped, 0.0, mark)
    if s.reason != 0:  # a shadow of the edge it was, and a dashed line
        shadow = mixed(inks[BACKGROUND], color, 0.45 if s.flags & FADED else 0.25)
        curve(image, ids, x0, y0, x1, y1, start, end, shadow, 1.0, 0.0, mark)
        start = end = 1.5 * zoom
    curve(image, ids, x0, y0, x1, y1, start, end, color, share, 5.0 * zoom if s.reason != 0 else 0.0, mark)


@inline
def _stub(image, ids, slots, at, inks, zoom):
    """An action not visited yet: a short gold line, or a grey dashed one where it was pruned."""
    s = slots[at]
    up = slots[s.up]
    wide = _edge_width(np.float64(s.prior), 2.0 * up.radius) * zoom
    height = np.float64(s.bottom) - np.float64(s.top)
    share = 0.25 + 0.45 * min(1.0, height / (12.0 * zoom))
    pruned = s.flags & GREYED
    ink = inks[PRUNED] if pruned else inks[INTUITION]
    x0, y0, x1, y1 = np.float64(up.x), np.float64(up.y), np.float64(s.x), np.float64(s.y)
    # Too near to one another, dashes make a pattern.
    dash = 4.0 * zoom if s.reason != 0 and height >= 7.0 * zoom else 0.0
    curve(image, ids, x0, y0, x1, y1, wide, 0.8 * zoom, ink, share, dash, np.int32(at + 1 + EDGE))
    radius = min(2.6 * zoom, 0.4 * height)
    if radius > 0.8 and not pruned:
        ring = mixed(inks[BACKGROUND], ink, share + 0.2)
        shape(image, ids, x1, y1, radius, inks[BACKGROUND], ring, ring, 1.1 * zoom, np.int64(DISC), np.int32(at + 1))


@inline
def _fold(image, ids, slots, at, scale, inks, middle, reach, zoom):
    """The faint wedge that leads to a run of folded branches."""
    s = slots[at]
    up = slots[s.up]
    if s.flags & WHOLE:
        return
    color = _value_color(np.float64(s.q), s.flags, scale, inks, middle, reach)
    x0, y0, x1, y1 = np.float64(up.x), np.float64(up.y), np.float64(s.x), np.float64(s.y)
    wide = max(0.6, np.float64(s.bottom) - np.float64(s.top))
    curve(image, ids, x0, y0, x1, y1, 0.8 * zoom, wide, color, 0.16, 0.0, np.int32(at + 1))


@inline
def _streak(image, ids, slots, streaks, at, scale, inks, middle, reach, zoom):
    """One line of a fold: longer the more visits it carries, fading out to the right."""
    line = streaks[at]
    s = slots[line.slot]
    start = np.float64(slots[s.up].x) if s.flags & WHOLE else np.float64(line.x)
    color = _value_color(np.float64(line.q) / max(1, line.visits), s.flags, scale, inks, middle, reach)
    length = (10.0 + 9.0 * np.log(1.0 + line.visits)) * zoom
    share = 0.35 + 0.06 * min(6.0, np.log(1.0 + line.visits))
    top, bottom = np.float64(line.top), max(np.float64(line.bottom), np.float64(line.top) + 0.5)
    if bottom - top > 2.0:  # a lone branch: thin in the middle of its room, not a slab
        middle_y, half = 0.5 * (top + bottom), 0.5 * max(1.2, 0.45 * (bottom - top))
        top, bottom = middle_y - half, middle_y + half
    fading(image, ids, start, start + length, top, bottom, color, share, np.int32(line.slot + 1))


@inline
def _node(image, ids, slots, at, selected, scale, inks, middle, reach, zoom):
    """A visited node."""
    s = slots[at]
    x, y, radius = np.float64(s.x), np.float64(s.y), np.float64(s.radius)
    fill = _value_color(np.float64(s.q), s.flags, scale, inks, middle, reach)
    ring = _value_color(np.float64(s.raw), s.flags, scale, inks, middle, reach)
    ground = inks[BACKGROUND]
    mark = np.int32(at + 1)
    form = np.int64(DISC)
    if s.outcome != 0:
        form = DIAMOND if s.q == 0.0 else SQUARE
        ring = fill
    if s.flags & PROVEN and s.outcome == 0 and radius > 2.5:
        shape(image, ids, x, y, radius + 4.0 * zoom, ground, inks[EFFORT], ground, 1.5 * zoom, form, mark)
    if s.node == selected:
        shape(image, ids, x, y, radius + 6.0 * zoom, ground, inks[ATTENTION], ground, 3.0 * zoom, form, mark)
    thickness = 0.0
    if radius > 4.5 * zoom:
        thickness = min(0.22 * radius, 3.4 * zoom)
        shape(image, ids, x, y, radius + 1.2 * zoom, ground, ground, ground, 0.0, form, mark)
    if s.flags & GREYED and not s.flags & FADED and s.reason != 0 and radius > 3.0:
        shape(image, ids, x, y, radius, ground, fill, ground, 1.6 * zoom, form, mark)  # hollow
    else:
        shape(image, ids, x, y, radius, fill, ring, ground, thickness, form, mark)


@kernel
def paint(image, ids, slots, streaks, reports, selected, scale, inks, middle, reach, zoom):
    """Draw a whole picture.

    Args:
        image: uint32 [H, W], every pixel is overwritten; ids: int32 [H, W], 0 or slot + 1 (+ `EDGE`).
        slots, streaks, reports: what `walk` has filled.
        selected: node with the ring of attention, -1 for none.
        scale, inks: `Palette`.
        middle, reach: value at the middle of the scale, and from there to its ends.
        zoom: device pixels per logical pixel.
    """
    n, m = reports[0].slots, reports[0].streaks
    image[:, :] = np.uint32(0xFF000000 | inks[BACKGROUND])
    ids[:, :] = 0
    for i in range(m):
        _streak(image, ids, slots, streaks, i, scale, inks, middle, reach, zoom)
    for i in range(n - 1, 0, -1):
        if slots[i].kind == FOLD:
            _fold(image, ids, slots, i, scale, inks, middle, reach, zoom)
        elif slots[i].kind == STUB:
            _stub(image, ids, slots, i, inks, zoom)
    for layer in range(3):  # pruned below all others, the main line and the way to the selected node on top
        for i in range(n - 1, 0, -1):
            flags = slots[i].flags
            over = 2 if flags & (ON_MAIN_LINE | ON_PATH) else (0 if flags & GREYED else 1)
            if slots[i].kind == NODE and over == layer:
                _edge(image, ids, slots, i, scale, inks, middle, reach, zoom)
    for i in range(n - 1, -1, -1):
        if slots[i].kind == NODE and not slots[i].flags & OUTSIDE:
            _node(image, ids, slots, i, selected, scale, inks, middle, reach, zoom)
