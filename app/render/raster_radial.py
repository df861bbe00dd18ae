"""The raster of the radial view: the link diagram bent to rings around the root, drawn wide where the screen is wide.

Edges, discs, folds and colours mean what they mean in the link diagram (`app.render.raster`).
"""

import math

import numpy as np

from app.render.camera import WIDTH
from app.render.ink import EDGE, WEDGE, all_discs, edge_width, layer_of, streak_tone, tone_color
from app.render.palette import ATTENTION, BACKGROUND, EFFORT, INTUITION, PRUNED
from app.render.slots import (
    CLOSED,
    FADED,
    FOLD,
    GHOST,
    GREYED,
    NODE,
    ON_MAIN_LINE,
    ON_PATH,
    OUTSIDE,
    SHRINK,
    STUB,
    WHOLE,
)
from app.render.strokes import DISC, mixed, shape, stroke
from engine.compiled import inline, kernel

MOST_PIECES = 20
"""Straight pieces that a bent edge is drawn in, at most."""


@inline
def _spot(bend, far, angle):
    """Pixels of a place given by its distance from the centre and its angle."""
    x, y, across, down = bend[0], bend[1], bend[2], bend[3]
    return x + across * far * math.cos(angle), y + down * far * math.sin(angle)


@kernel
def bend_slots(slots, reports, views, bend):
    """Move every slot from its flat place to its place on a ring; intervals become lengths of arcs.

    Args:
        slots, reports: what `walk` has filled. views: what it was given.
        bend: float64 [6], an `app.render.views.Bend`.
    """
    view, reach, turn = views[0], bend[4], bend[5]
    for i in range(reports[0].slots):
        s = slots[i]
        x, y = np.float64(s.x), np.float64(s.y)
        s.far = max(0.0, x) / reach
        s.angle = math.pi * (1.0 + 2.0 * y / turn)
        behind = view.left + view.column * WIDTH * (1.0 - SHRINK ** (s.depth + 1))
        if s.kind == NODE and (behind <= 0.0 or y < 0.0 or y > turn):
            s.flags |= OUTSIDE  # it and all that it hangs on are one point in the middle, or it lies beyond the seam
            if y < 0.0 or y > turn:
                s.far = -1.0
        px, py = _spot(bend, max(0.0, np.float64(s.far)), np.float64(s.angle))
        arc = (np.float64(s.bottom) - np.float64(s.top)) * max(0.12, 2.0 * math.pi * s.far * reach / turn)
        s.x, s.y, s.top, s.bottom = px, py, py - 0.5 * arc, py + 0.5 * arc
        s.radius = min(np.float64(s.radius), max(1.0, 0.46 * arc))


@inline
def _arm(image, ids, bend, slots, at, far, w0, w1, color, dash, mark):
    """The bent edge from its parent to a slot, `far` from the centre, its width going from `w0` to `w1`."""
    s = slots[at]
    up = slots[s.up]
    f0, a0, a1 = max(0.0, np.float64(up.far)), np.float64(up.angle), np.float64(s.angle)
    x0, y0 = _spot(bend, f0, a0)
    x3, y3 = _spot(bend, far, a1)
    x1, y1 = _spot(bend, 0.5 * (f0 + far), a0 if f0 > 0.0 else a1)
    x2, y2 = _spot(bend, 0.5 * (f0 + far), a1)
    if max(max(x0, x1), max(x2, x3)) < 0.0 or min(min(x0, x1), min(x2, x3)) > image.shape[1]:
        return
    if max(max(y0, y1), max(y2, y3)) < 0.0 or min(min(y0, y1), min(y2, y3)) > image.shape[0]:
        return
    fine = max(8.0, max(w0, w1))
    pieces = np.int64(max(3.0, min(np.float64(MOST_PIECES), (abs(x3 - x0) + abs(y3 - y0)) / fine)))
    before_x, before_y, travelled = x0, y0, 0.0
    for piece in range(1, pieces + 1):
        t = piece / pieces
        u = 1.0 - t
        a, b, c, d = u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t
        x, y = a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3
        travelled += math.hypot(x - before_x, y - before_y)
        if dash == 0.0 or travelled % (2.0 * dash) < dash:
            start, end = w0 + (w1 - w0) * (t - 1.0 / pieces), w0 + (w1 - w0) * t
            stroke(image, ids, before_x, before_y, x, y, start, end, color, 1.0, mark)
        before_x, before_y = x, y


@inline
def _edge(image, ids, slots, at, bend, ink):
    """The edge from its parent to a visited node; colours are mixed beforehand, for the pieces overlap."""
    s = slots[at]
    up = slots[s.up]
    if s.far <= 0.0:
        return
    ground, mark, zoom, far = ink.inks[BACKGROUND], np.int32(at + 1 + EDGE), ink.zoom, np.float64(s.far)
    height = np.float64(s.bottom) - np.float64(s.top)
    trunk = 14.0 if up.far <= 0.0 else 0.9 * up.radius
    start = edge_width(np.float64(s.prior), trunk) * zoom
    end = edge_width(np.float64(s.share), min(0.9 * s.radius, 0.45 * height)) * zoom
    share = 0.3 + 0.7 * min(1.0, height / (14.0 * zoom))
    if s.flags & GHOST:
        share *= 0.35
    color = tone_color(np.float64(s.tone), s.flags, ink)
    if s.flags & ON_PATH:
        wide = 5.0 * zoom
        _arm(image, ids, bend, slots, at, far, start + wide, end + wide, ink.inks[ATTENTION], 0.0, mark)
    if s.flags & ON_MAIN_LINE:
        wide = 3.2 * zoom
        _arm(image, ids, bend, slots, at, far, start + wide, end + wide, ink.inks[EFFORT], 0.0, mark)
    else:
        trust = min(1.0, up.visits / 40.0)  # among few visits a share says little
        hoped = min(1.0, (np.float64(s.prior) - np.float64(s.share)) * 5.0 - 0.15) * share * trust
        if hoped > 0.0 and height > 4.0 and (not s.flags & GREYED or s.flags & FADED):
            gold, wide = mixed(ground, ink.inks[INTUITION], 0.8 * hoped), 3.0 * zoom
            _arm(image, ids, bend, slots, at, far, start + wide, end + wide, gold, 0.0, mark)
    if s.reason != 0:
        start = end = 1.5 * zoom
    dash = 5.0 * zoom if s.reason != 0 else 0.0
    # Narrower than a pixel: fainter instead.
    thin = min(1.0, max(0.5 * (start + end), 0.35))
    _arm(
        image, ids, bend, slots, at, far, max(1.0, start), max(1.0, end), mixed(ground, color, share * thin), dash, mark
    )


@inline
def _stub(image, ids, slots, at, bend, ink):
    """An action not visited yet."""
    s = slots[at]
    up = slots[s.up]
    if s.far <= 0.0 or up.far < 0.0:
        return
    height, zoom = np.float64(s.bottom) - np.float64(s.top), ink.zoom
    share = 0.25 + 0.45 * min(1.0, height / (12.0 * zoom))
    pruned = s.flags & GREYED
    color = mixed(ink.inks[BACKGROUND], ink.inks[PRUNED] if pruned else ink.inks[INTUITION], share)
    wide = max(1.0, edge_width(np.float64(s.prior), 2.0 * up.radius) * zoom)
    dash = 4.0 * zoom if s.reason != 0 and height >= 7.0 * zoom else 0.0
    _arm(image, ids, bend, slots, at, np.float64(s.far), wide, 1.0, color, dash, np.int32(at + 1 + EDGE))
    radius = min(2.6 * zoom, 0.4 * height)
    if radius > 0.8 and not pruned:
        ground, thin = ink.inks[BACKGROUND], 1.1 * zoom
        x, y = np.float64(s.x), np.float64(s.y)
        shape(image, ids, x, y, radius, ground, color, color, thin, np.int64(DISC), np.int32(at + 1))


@inline
def _fold(image, ids, slots, at, bend, ink):
    """The faint arm that leads to a run of folded branches, or the wedge of what a person folded."""
    s = slots[at]
    up = slots[s.up]
    mark, zoom = np.int32(at + 1), ink.zoom
    if s.flags & CLOSED:
        angle, far = np.float64(up.angle), max(0.0, np.float64(up.far))
        x0, y0 = _spot(bend, far, angle)
        x1, y1 = _spot(bend, far + 0.1, angle)
        way = max(1e-6, math.hypot(x1 - x0, y1 - y0))
        dx, dy, long = (x1 - x0) / way, (y1 - y0) / way, up.radius + WEDGE * zoom
        wide = max(4.0 * zoom, min(22.0 * zoom, 0.7 * (np.float64(up.bottom) - np.float64(up.top))))
        high = np.float64(s.high) if ink.is_tinted == 0 else np.float64(s.tone)
        low = np.float64(s.low) if ink.is_tinted == 0 else np.float64(s.tone)
        for half in range(2):
            color = mixed(ink.inks[BACKGROUND], tone_color(high if half == 0 else low, s.flags, ink), 0.8)
            shift = (0.25 if half == 1 else -0.25) * wide
            x2, y2 = x0 + dx * long - dy * shift, y0 + dy * long + dx * shift
            stroke(image, ids, x0, y0, x2, y2, 1.0, 0.5 * wide, color, 1.0, mark)
    elif not s.flags & WHOLE and s.far > 0.0 and up.far >= 0.0:
        wide = max(1.0, np.float64(s.bottom) - np.float64(s.top))
        color = mixed(ink.inks[BACKGROUND], tone_color(np.float64(s.tone), s.flags, ink), 0.16)
        _arm(image, ids, bend, slots, at, np.float64(s.far), 1.0, min(wide, 12.0 * zoom), color, 0.0, mark)


@inline
def _streak(image, ids, slots, streaks, at, bend, ink):
    """One line of a fold, fading outwards."""
    line = streaks[at]
    s = slots[line.slot]
    far = np.float64(slots[s.up].far) if s.flags & WHOLE else np.float64(s.far)
    if far <= 0.0 or slots[s.up].far < 0.0:
        return
    middle = 0.5 * (np.float64(line.top) + np.float64(line.bottom))
    if middle < 0.0 or middle > bend[5]:
        return
    angle = math.pi * (1.0 + 2.0 * middle / bend[5])
    arc = (np.float64(line.bottom) - np.float64(line.top)) * 2.0 * math.pi * far * bend[4] / bend[5]
    wide = max(1.0, arc if arc <= 2.0 else 0.45 * arc)
    color = tone_color(streak_tone(line), s.flags, ink)
    share = (0.35 + 0.06 * min(6.0, np.log(1.0 + line.visits))) * min(1.0, max(arc, 0.3))
    length = (10.0 + 7.0 * np.log(1.0 + line.visits)) * ink.zoom / bend[4]
    mark = np.int32(line.slot + 1)
    x0, y0 = _spot(bend, far, angle)
    x2, y2 = _spot(bend, far + length, angle)
    x1, y1 = 0.5 * (x0 + x2), 0.5 * (y0 + y2)
    stroke(image, ids, x0, y0, x1, y1, wide, wide, color, share, mark)
    stroke(image, ids, x1, y1, x2, y2, wide, wide, color, 0.4 * share, mark)


@kernel
def paint_radial(image, ids, slots, streaks, reports, bend, ink):
    """Draw a whole picture; see `app.render.raster.paint`. `bend` as for `bend_slots`, which was called before."""
    n, m = reports[0].slots, reports[0].streaks
    image[:, :] = np.uint32(0xFF000000 | ink.inks[BACKGROUND])
    ids[:, :] = 0
    for i in range(m):
        _streak(image, ids, slots, streaks, i, bend, ink)
    for i in range(n - 1, 0, -1):
        if slots[i].kind == FOLD:
            _fold(image, ids, slots, i, bend, ink)
        elif slots[i].kind == STUB:
            _stub(image, ids, slots, i, bend, ink)
    for layer in range(3):
        for i in range(n - 1, 0, -1):
            if slots[i].kind == NODE and layer_of(slots[i].flags) == layer:
                _edge(image, ids, slots, i, bend, ink)
    all_discs(image, ids, slots, n, ink)
