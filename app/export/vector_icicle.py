"""The icicle as SVG elements: every node a rectangle as high as its visits; see `app.render.raster_icicle`."""

from collections.abc import Iterator
from typing import Any

from numpy.typing import NDArray

from app.export.scene import Drawn
from app.export.shapes import Letters, Paint, mark, number, shape
from app.export.vector import hint, value_color, words
from app.render.raster_icicle import STRIP
from app.render.slots import FADED, FOLD, GREYED, NODE, ON_MAIN_LINE, OUTSIDE, PROVEN
from app.theme import Theme


def icicle_elements(drawn: Drawn, theme: Theme, paint: Paint) -> Iterator[str]:
    """Rectangles, folds, and the labels and marks that were placed on screen."""
    picture = drawn.picture
    slots, letters = picture.slots[: picture.num_slots], Letters(theme, picture.zoom)
    for at in range(len(slots)):
        if slots["kind"][at] == NODE and not slots["flags"][at] & OUTSIDE:
            yield from _node(drawn, slots, at, paint)
        elif slots["kind"][at] == FOLD:
            yield _fold(drawn, slots, at, paint)
    yield '<g pointer-events="none">'  # a page is asked about the rectangles
    for note in drawn.lettering.notes:
        if note.sign > 0:
            ink = "background" if note.is_inverse else "quiet"
            yield mark(note.sign, note.x, note.y, note.size, ink, picture.zoom, paint)
    for label in drawn.lettering.labels:
        yield from words(label, letters, paint)
    yield "</g>"


def _box(drawn: Drawn, slots: NDArray[Any], at: int) -> tuple[float, float, float, float]:
    """Left, top, width and height of a slot's rectangle."""
    slot, zoom = slots[at], drawn.picture.zoom
    wide, top = drawn.picture.width_of(at), float(slot["top"])
    tall = float(slot["bottom"]) - top
    return float(slot["x"]) - wide, top, max(1.0, wide - zoom), tall - min(zoom, 0.25 * tall)


def _node(drawn: Drawn, slots: NDArray[Any], at: int, paint: Paint) -> Iterator[str]:
    """A visited node: search's value, on the left intuition's, at the foot the prior in gold."""
    slot, zoom, flags = slots[at], drawn.picture.zoom, int(slots["flags"][at])
    x, y, wide, tall = _box(drawn, slots, at)
    opacity = 0.45 if flags & GREYED and not flags & FADED else 0.82
    fill = value_color(drawn, float(slot["q"]), flags)
    yield _rectangle(x, y, wide, tall, f'{paint("fill", fill)} opacity="{opacity}"{hint(at)}')
    strip = STRIP * zoom * min(1.0, tall / (6.0 * zoom))
    ring = fill if slot["outcome"] else value_color(drawn, float(slot["raw"]), flags)
    yield _rectangle(x, y, strip, tall, f"{paint('fill', ring)}{hint(at)}")
    if tall >= 9.0 * zoom and slot["up"] >= 0:
        gold = paint("fill", "pruned" if flags & GREYED else "intuition")
        long = float(slot["prior"]) * (wide - strip)
        yield _rectangle(x + strip, y + tall - 2.0 * zoom, long, 2.0 * zoom, f"{gold}{hint(at)}")
    if tall >= 9.0 * zoom and (slot["outcome"] or flags & PROVEN):
        form = ("diamond" if slot["q"] == 0.0 else "square") if slot["outcome"] else "disc"
        thick = 0.0 if slot["outcome"] else 1.4 * zoom
        ink = paint("stroke" if thick else "fill", "background") + (' fill="none"' if thick else "")
        yield shape(form, x + wide - 9.0 * zoom, y + 0.5 * tall, 3.4 * zoom, ink, thick)
    if flags & ON_MAIN_LINE:
        line = min(2.0 * zoom, 0.3 * tall)
        inner = (x + 0.5 * line, y + 0.5 * line, wide - line, tall - line)
        ink = f'{paint("stroke", "effort")} fill="none" stroke-width="{number(line)}"'
        yield _rectangle(*inner, ink)


def _fold(drawn: Drawn, slots: NDArray[Any], at: int, paint: Paint) -> str:
    """A run of branches too small for rectangles."""
    slot = slots[at]
    color = value_color(drawn, float(slot["q"]), int(slot["flags"]))
    return _rectangle(*_box(drawn, slots, at), f'{paint("fill", color)} opacity="0.22"{hint(at)}')


def _rectangle(x: float, y: float, wide: float, tall: float, attributes: str) -> str:
    size = f'width="{number(max(0.0, wide))}" height="{max(0.0, tall):.2f}"'
    return f'<rect x="{number(x)}" y="{y:.2f}" {size}{attributes}/>'
