"""The picture of a tree as SVG elements: the same slots as on screen, as shapes that stay sharp at any size.

Here are the link diagram and the radial view, which differ in the way that an edge takes; the icicle is in
`app.export.vector_icicle`. Things that can be pointed at carry the number of their slot (`data-s`).
"""

import math
from collections.abc import Iterator
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.export.scene import Drawn
from app.export.shapes import Ink, Letters, Paint, Way, band, mark, number, shape, stroke
from app.render.labels import INSIDE, ON_COLOR, ON_GROUND, QUIET, STRONG, Label
from app.render.slots import FADED, FOLD, GREYED, NODE, ON_MAIN_LINE, OUTSIDE, PROVEN, STUB, WHOLE
from app.render.views import Bend, View
from app.theme import Theme

STEPS = 16
"""Steps of the value scale to either side of its middle."""
PLAIN, WASHED, CUT = "v", "w", "g"
"""First letters of a value's colour: as it is, of a branch out of reach, of one that was cut. The number of its step in
-STEPS..STEPS follows."""
_INKS = ("text", "quiet", "pruned", "attention", "text", "background")
"""Colours of labels by their shade (`app.render.labels`)."""


def elements(drawn: Drawn, theme: Theme, paint: Paint) -> Iterator[str]:
    """Links or rings, from the back to the front."""
    picture = drawn.picture
    slots = picture.slots[: picture.num_slots]
    for line in picture.streaks[: picture.num_streaks]:
        yield from _streak(drawn, line, slots, paint)
    for at in range(len(slots) - 1, 0, -1):
        if slots["kind"][at] == FOLD:
            yield from _fold(drawn, slots, at, paint)
        elif slots["kind"][at] == STUB:
            yield from _stub(drawn, slots, at, paint)
    for at in _layers(slots):
        yield from _edge(drawn, slots, at, paint)
    for at in range(len(slots) - 1, -1, -1):
        if slots["kind"][at] == NODE and not slots["flags"][at] & OUTSIDE:
            yield from _node(drawn, slots, at, paint)
    letters = Letters(theme, picture.zoom)
    for label in drawn.lettering.labels:
        yield from words(label, letters, paint)


def value_color(drawn: Drawn, value: float, flags: int) -> str:
    """The colour of a value, as a `Paint` takes it."""
    share = max(-1.0, min(1.0, drawn.picture.scale.share(value)))
    kind = (WASHED if flags & FADED else CUT) if flags & GREYED else PLAIN
    return f"{kind}{round(STEPS * share)}"


def hint(at: int) -> str:
    """What a page finds the slot by."""
    return f' data-s="{at}"'


def _layers(slots: NDArray[Any]) -> list[int]:
    """Edges of visited nodes: pruned ones below, the main line on top, small ones below large ones."""
    flags = slots["flags"]
    layer = np.where(flags & ON_MAIN_LINE, 2, np.where(flags & GREYED, 0, 1))
    nodes = np.flatnonzero((slots["kind"] == NODE) & (slots["up"] >= 0))
    return [int(at) for at in sorted(nodes, key=lambda at: (layer[at], -at))]


def _way(drawn: Drawn, slots: NDArray[Any], at: int) -> Way:
    """The way of the edge to a slot; over thirds it is, in the link diagram, exactly the curve of the raster."""
    slot, up = slots[at], slots[slots[at]["up"]]
    x0, y0, x3, y3 = float(up["x"]), float(up["y"]), float(slot["x"]), float(slot["y"])
    if drawn.picture.view is not View.RADIAL:
        third = (x3 - x0) / 3.0
        return (x0, y0), (x0 + third, y0), (x3 - third, y3), (x3, y3)
    bend, middle = drawn.picture.bend, 0.5 * (max(0.0, float(up["far"])) + float(slot["far"]))
    angle = float(up["angle"] if up["far"] > 0.0 else slot["angle"])
    return (x0, y0), _spot(bend, middle, angle), _spot(bend, middle, float(slot["angle"])), (x3, y3)


def _spot(bend: Bend, far: float, angle: float) -> tuple[float, float]:
    """Pixels of a place on a ring."""
    return bend.x + bend.across * far * math.cos(angle), bend.y + bend.down * far * math.sin(angle)


def _streak(drawn: Drawn, line: Any, slots: NDArray[Any], paint: Paint) -> Iterator[str]:
    """One branch of a fold: longer the more visits it carries. On screen it fades out; here it ends sooner."""
    slot, zoom = slots[line["slot"]], drawn.picture.zoom
    up = slots[slot["up"]]
    visits = max(1, int(line["visits"]))
    length = 0.66 * (10.0 + 9.0 * math.log1p(visits)) * zoom
    top, bottom = float(line["top"]), max(float(line["bottom"]), float(line["top"]) + 0.5)
    wide = bottom - top if bottom - top <= 2.0 else max(1.2, 0.45 * (bottom - top))
    if drawn.picture.view is View.RADIAL:
        bend = drawn.picture.bend
        far = float(up["far"] if slot["flags"] & WHOLE else slot["far"])
        middle = 0.5 * (top + bottom)
        if far <= 0.0 or up["far"] < 0.0 or not 0.0 <= middle <= bend.turn:
            return
        angle = math.pi * (1.0 + 2.0 * middle / bend.turn)
        ends = [*_spot(bend, far, angle), *_spot(bend, far + length / bend.reach, angle)]
        wide *= 2.0 * math.pi * far * bend.reach / bend.turn
    else:
        start = float(up["x"]) if slot["flags"] & WHOLE else float(line["x"])
        ends = [start, 0.5 * (top + bottom), start + length, 0.5 * (top + bottom)]
    color = value_color(drawn, float(line["q"]) / visits, int(slot["flags"]))
    opacity = 0.5 * (0.35 + 0.06 * min(6.0, math.log1p(visits)))
    x0, y0, x1, y1 = (number(end) for end in ends)
    yield (
        f'<path d="M{x0} {y0}L{x1} {y1}" stroke-width="{number(max(0.4, wide))}" opacity="{opacity:.2f}"'
        f"{paint('stroke', color)}{hint(int(line['slot']))}/>"
    )


def _fold(drawn: Drawn, slots: NDArray[Any], at: int, paint: Paint) -> Iterator[str]:
    """The faint wedge that leads to a run of folded branches."""
    slot = slots[at]
    if slot["flags"] & WHOLE or not _is_seen(drawn, slots, at):
        return
    wide = max(0.6, float(slot["bottom"]) - float(slot["top"]))
    color = value_color(drawn, float(slot["q"]), int(slot["flags"]))
    yield band(_way(drawn, slots, at), 0.8 * drawn.picture.zoom, wide, Ink(color, 0.16, hint(at)), paint)


def _stub(drawn: Drawn, slots: NDArray[Any], at: int, paint: Paint) -> Iterator[str]:
    """An action that was not visited."""
    slot, zoom = slots[at], drawn.picture.zoom
    if not _is_seen(drawn, slots, at):
        return
    height = float(slot["bottom"]) - float(slot["top"])
    opacity = 0.25 + 0.45 * min(1.0, height / (12.0 * zoom))
    color = "pruned" if slot["flags"] & GREYED else "intuition"
    wide = _edge_width(float(slot["prior"]), 2.0 * float(slots[slot["up"]]["radius"])) * zoom
    way = _way(drawn, slots, at)
    if slot["reason"]:
        yield stroke(way, zoom, Ink(color, opacity, hint(at), 4.0 * zoom), paint)
    else:
        yield band(way, wide, 0.8 * zoom, Ink(color, opacity, hint(at)), paint)
    radius = min(2.6 * zoom, 0.4 * height)
    if radius > 0.8 and not slot["flags"] & GREYED:
        attributes = f"{paint('fill', 'background')}{paint('stroke', color)}{hint(at)}"
        yield shape("disc", *way[3], radius, attributes, 1.1 * zoom)


def _edge(drawn: Drawn, slots: NDArray[Any], at: int, paint: Paint) -> Iterator[str]:
    """The edge to a visited node: as wide as the prior where it begins, as the share of visits where it ends."""
    slot, zoom = slots[at], drawn.picture.zoom
    if not _is_seen(drawn, slots, at):
        return
    up, flags = slots[slot["up"]], int(slot["flags"])
    way = _way(drawn, slots, at)
    height = float(slot["bottom"]) - float(slot["top"])
    is_trunk = drawn.picture.view is View.RADIAL and up["far"] <= 0.0
    start = _edge_width(float(slot["prior"]), 14.0 if is_trunk else 0.9 * float(up["radius"])) * zoom
    end = _edge_width(float(slot["share"]), min(0.9 * float(slot["radius"]), 0.45 * height)) * zoom
    opacity = 0.3 + 0.7 * min(1.0, height / (14.0 * zoom))
    color = value_color(drawn, float(slot["q"]), flags)
    if flags & ON_MAIN_LINE:
        wide = 3.2 * zoom
        yield band(way, start + wide, end + wide, Ink("effort", 0.85), paint)
    else:
        trust = min(1.0, float(up["visits"]) / 40.0)
        hoped = min(1.0, (float(slot["prior"]) - float(slot["share"])) * 5.0 - 0.15) * opacity * trust
        if hoped > 0.02 and height > 4.0 and (not flags & GREYED or flags & FADED):
            wide = 3.0 * zoom
            yield band(way, start + wide, end + wide, Ink("intuition", 0.8 * hoped), paint)
    if slot["reason"]:
        yield band(way, start, end, Ink(color, 0.45 if flags & FADED else 0.25, hint(at)), paint)
        yield stroke(way, 1.5 * zoom, Ink(color, opacity, dash=5.0 * zoom), paint)
    else:
        yield band(way, start, end, Ink(color, opacity, hint(at)), paint)


def _is_seen(drawn: Drawn, slots: NDArray[Any], at: int) -> bool:
    """Whether an edge has two ends; around the seam of the rings some have not."""
    slot = slots[at]
    return drawn.picture.view is not View.RADIAL or bool(slot["far"] > 0.0 and slots[slot["up"]]["far"] >= 0.0)


def _node(drawn: Drawn, slots: NDArray[Any], at: int, paint: Paint) -> Iterator[str]:
    """A visited node: filled with search's value, ringed with intuition's."""
    slot, zoom = slots[at], drawn.picture.zoom
    x, y, radius, flags = float(slot["x"]), float(slot["y"]), float(slot["radius"]), int(slot["flags"])
    fill = value_color(drawn, float(slot["q"]), flags)
    ring = fill if slot["outcome"] else value_color(drawn, float(slot["raw"]), flags)
    form = "disc" if not slot["outcome"] else "diamond" if slot["q"] == 0.0 else "square"
    ground = paint("fill", "background")
    if flags & PROVEN and not slot["outcome"] and radius > 2.5:
        yield shape(form, x, y, radius + 3.2 * zoom, f"{ground}{paint('stroke', 'effort')}", 1.5 * zoom)
    if radius > 4.5 * zoom:
        yield shape(form, x, y, radius + 1.2 * zoom, ground, 0.0)
    if flags & GREYED and not flags & FADED and slot["reason"] and radius > 3.0:
        yield shape(form, x, y, radius - 0.8 * zoom, f"{ground}{paint('stroke', fill)}{hint(at)}", 1.6 * zoom)
    elif radius > 4.5 * zoom:
        thick = min(0.22 * radius, 3.4 * zoom)
        yield shape(form, x, y, radius - 0.5 * thick, f"{ground}{paint('stroke', ring)}{hint(at)}", thick)
        yield shape(form, x, y, radius - 1.5 * thick, f"{paint('fill', fill)}{hint(at)}", 0.0)
    else:
        yield shape(form, x, y, radius, f"{paint('fill', fill)}{hint(at)}", 0.0)
    if slot["reason"] and radius >= 3.5 * zoom:
        size = min(0.42 * radius, 5.0 * zoom)
        yield mark(int(slot["reason"]), x, y, size, "background" if flags & FADED else "quiet", zoom, paint)


def words(label: Label, letters: Letters, paint: Paint) -> Iterator[str]:
    """A placed label; outside of rectangles with a halo that keeps it readable over edges."""
    y = label.y
    for line in label.wording.lines:
        slack = label.wording.width - sum(letters.width(*part) for part in line)
        # As `app.render.lettering` has it: centred above and below, flush with the node beside it.
        x = label.x + slack * (0.5 if label.place in (0, 2) else 1.0 if 6 <= label.place < INSIDE else 0.0)
        for text, style in line:
            ink = ("text" if style != QUIET else "quiet", *_INKS[1:])[label.shade]
            weight = ' font-weight="bold"' if style == STRONG else ""
            base = number(y + letters.ascent(style))
            where = f'x="{number(x)}" y="{base}" font-size="{number(letters.pixels[style])}"{weight}'
            said = f' xml:space="preserve">{escape(text)}</text>'
            if label.shade not in (ON_GROUND, ON_COLOR):
                halo = f"{paint('fill', 'background')}{paint('stroke', 'background')}"
                wide = f'stroke-width="{number(3.0 * letters.zoom)}"'
                yield f'<text {where}{halo} {wide} stroke-linejoin="round" opacity="0.8"{said}'
            yield f"<text {where}{paint('fill', ink)}{said}"
            x += letters.width(text, style)
        y += max(letters.height(style) for _, style in line)


def _edge_width(part: float, room: float) -> float:
    """As the raster has it."""
    return max(0.7, min(17.0 * math.pow(max(0.0, part), 0.8), room))
