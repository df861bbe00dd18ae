"""The raster of the link diagram: slots and streaks become pixels, from the back to the front.

An edge starts as wide as intuition's prior and ends as wide as search's share of visits: a wedge that narrows is a hope
that search did not share, and where it narrows much it is cased in gold, the colour of intuition; one that widens is a
discovery. The principal variation is cased in ivory, the colour of search. Fill of a disc = value found by search, ring
= intuition's value.
"""

import numpy as np

from app.render.ink import EDGE, WEDGE, all_discs, edge_width, layer_of, streak_tone, tone_color
from app.render.palette import ATTENTION, BACKGROUND, EFFORT, INTUITION, PRUNED
from app.render.slots import CLOSED, FADED, FOLD, GHOST, GREYED, NODE, ON_MAIN_LINE, ON_PATH, STUB, WHOLE
from app.render.strokes import DISC, curve, fading, mixed, shape
from engine.compiled import inline, kernel


@inline
def _edge(image, ids, slots, at, ink):
    """The edge from its parent to a visited node."""
    s = slots[at]
    up = slots[s.up]
    x0, y0, x1, y1 = np.float64(up.x), np.float64(up.y), np.float64(s.x), np.float64(s.y)
    height = np.float64(s.bottom) - np.float64(s.top)
    if x1 < 0.0 or x0 >= image.shape[1] or max(y0, y1) < -20.0 or min(y0, y1) > image.shape[0] + 20.0:
        return
    start = edge_width(np.float64(s.prior), 0.9 * up.radius) * ink.zoom
    end = edge_width(np.float64(s.share), min(0.9 * s.radius, 0.45 * height)) * ink.zoom
    share = 0.3 + 0.7 * min(1.0, height / (14.0 * ink.zoom))
    color = tone_color(np.float64(s.tone), s.flags, ink)
    if s.flags & GHOST and s.prior > 0.0:
        color = ink.inks[INTUITION]  # an intuition that does not search: all that is known is what it hopes
    elif s.flags & GHOST:
        share *= 0.35
    mark = np.int32(at + 1 + EDGE)
    if s.flags & ON_PATH:
        wide = 5.0 * ink.zoom
        curve(image, ids, x0, y0, x1, y1, start + wide, end + wide, ink.inks[ATTENTION], 0.9, 0.0, mark)
    if s.flags & ON_MAIN_LINE and not s.flags & GHOST:
        wide = 3.2 * ink.zoom
        curve(image, ids, x0, y0, x1, y1, start + wide, end + wide, ink.inks[EFFORT], 0.85, 0.0, mark)
    else:
        trust = min(1.0, up.visits / 40.0)  # among few visits a share says little
        hoped = min(1.0, (np.float64(s.prior) - np.float64(s.share)) * 5.0 - 0.15) * share * trust
        if hoped > 0.0 and height > 4.0 and (not s.flags & GREYED or s.flags & FADED):
            wide = 3.0 * ink.zoom
            curve(image, ids, x0, y0, x1, y1, start + wide, end + wide, ink.inks[INTUITION], 0.8 * hoped, 0.0, mark)
    if s.reason != 0:  # a shadow of the edge it was, and a dashed line
        shadow = mixed(ink.inks[BACKGROUND], color, 0.45 if s.flags & FADED else 0.25)
        curve(image, ids, x0, y0, x1, y1, start, end, shadow, 1.0, 0.0, mark)
        start = end = 1.5 * ink.zoom
    curve(image, ids, x0, y0, x1, y1, start, end, color, share, 5.0 * ink.zoom if s.reason != 0 else 0.0, mark)


@inline
def _stub(image, ids, slots, at, ink):
    """An action not visited yet: a short gold line, or a grey dashed one where it was pruned."""
    s = slots[at]
    up = slots[s.up]
    wide = edge_width(np.float64(s.prior), 2.0 * up.radius) * ink.zoom
    height = np.float64(s.bottom) - np.float64(s.top)
    share = 0.25 + 0.45 * min(1.0, height / (12.0 * ink.zoom))
    pruned = s.flags & GREYED
    color = ink.inks[PRUNED] if pruned else ink.inks[INTUITION]
    x0, y0, x1, y1 = np.float64(up.x), np.float64(up.y), np.float64(s.x), np.float64(s.y)
    # Too near to one another, dashes make a pattern.
    dash = 4.0 * ink.zoom if s.reason != 0 and height >= 7.0 * ink.zoom else 0.0
    curve(image, ids, x0, y0, x1, y1, wide, 0.8 * ink.zoom, color, share, dash, np.int32(at + 1 + EDGE))
    radius = min(2.6 * ink.zoom, 0.4 * height)
    if radius > 0.8 and not pruned:
        ring = mixed(ink.inks[BACKGROUND], color, share + 0.2)
        ground, thin = ink.inks[BACKGROUND], 1.1 * ink.zoom
        shape(image, ids, x1, y1, radius, ground, ring, ring, thin, np.int64(DISC), np.int32(at + 1))


@inline
def _fold(image, ids, slots, at, ink):
    """The faint wedge that leads to a run of folded branches."""
    s = slots[at]
    up = slots[s.up]
    if s.flags & WHOLE:
        return
    color = tone_color(np.float64(s.tone), s.flags, ink)
    x0, y0, x1, y1 = np.float64(up.x), np.float64(up.y), np.float64(s.x), np.float64(s.y)
    wide = max(0.6, np.float64(s.bottom) - np.float64(s.top))
    curve(image, ids, x0, y0, x1, y1, 0.8 * ink.zoom, wide, color, 0.16, 0.0, np.int32(at + 1))


@inline
def _streak(image, ids, slots, streaks, at, ink):
    """One line of a fold: longer the more visits it carries, fading out to the right."""
    line = streaks[at]
    s = slots[line.slot]
    start = np.float64(slots[s.up].x) if s.flags & WHOLE else np.float64(line.x)
    color = tone_color(streak_tone(line), s.flags, ink)
    length = (10.0 + 9.0 * np.log(1.0 + line.visits)) * ink.zoom
    share = 0.35 + 0.06 * min(6.0, np.log(1.0 + line.visits))
    top, bottom = np.float64(line.top), max(np.float64(line.bottom), np.float64(line.top) + 0.5)
    if bottom - top > 2.0:  # a lone branch: thin in the middle of its room, not a slab
        middle_y, half = 0.5 * (top + bottom), 0.5 * max(1.2, 0.45 * (bottom - top))
        top, bottom = middle_y - half, middle_y + half
    fading(image, ids, start, start + length, top, bottom, color, share, np.int32(line.slot + 1))


@inline
def _closed(image, ids, slots, at, ink):
    """What a person folded: a wedge behind its node, its two halves in the colours of its best and worst branch."""
    s = slots[at]
    up = slots[s.up]
    start = np.float64(up.x) + 0.7 * up.radius
    end = np.float64(up.x) + up.radius + WEDGE * ink.zoom
    wide = max(4.0 * ink.zoom, min(26.0 * ink.zoom, 0.7 * (np.float64(s.bottom) - np.float64(s.top))))
    mark, y = np.int32(at + 1), np.float64(up.y)
    high = np.float64(s.high) if ink.is_tinted == 0 else np.float64(s.tone)
    low = np.float64(s.low) if ink.is_tinted == 0 else np.float64(s.tone)
    for half in range(2):
        color = tone_color(high if half == 0 else low, s.flags, ink)
        middle = y + (0.25 if half == 1 else -0.25) * wide
        curve(image, ids, start, y, end, middle, 1.0, 0.5 * wide - ink.zoom, color, 0.8, 0.0, mark)


@kernel
def paint(image, ids, slots, streaks, reports, ink):
    """Draw a whole picture.

    Args:
        image: uint32 [H, W], every pixel is overwritten; ids: int32 [H, W], 0 or slot + 1 (+ `EDGE`).
        slots, streaks, reports: what `walk` has filled.
        ink: `app.render.ink.Ink`.
    """
    n, m = reports[0].slots, reports[0].streaks
    image[:, :] = np.uint32(0xFF000000 | ink.inks[BACKGROUND])
    ids[:, :] = 0
    for i in range(m):
        _streak(image, ids, slots, streaks, i, ink)
    for i in range(n - 1, 0, -1):
        if slots[i].kind == STUB:
            _stub(image, ids, slots, i, ink)
        elif slots[i].kind == FOLD:
            if slots[i].flags & CLOSED:
                _closed(image, ids, slots, i, ink)
            else:
                _fold(image, ids, slots, i, ink)
    for layer in range(3):
        for i in range(n - 1, 0, -1):
            if slots[i].kind == NODE and layer_of(slots[i].flags) == layer:
                _edge(image, ids, slots, i, ink)
    all_discs(image, ids, slots, n, ink)
