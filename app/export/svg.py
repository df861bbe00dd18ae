"""A picture of a tree as SVG: the tree as shapes, and the legend below it."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator

from app.export.scene import Drawn, Look, Scene, draw_scene
from app.export.shapes import Paint
from app.export.vector import CUT, PLAIN, STEPS, WASHED, elements
from app.export.vector_icicle import icicle_elements
from app.render.legend import LegendRecord, legend_height, paint_legend
from app.render.palette import make_palette, packed, scale_color
from app.render.views import View
from app.theme import Theme
from engine.tree.export import Progress
from engine.tree.whole_file import whole_file

_INKS = ("background", "intuition", "effort", "pruned", "attention", "text", "quiet", "hairline", "panel")


def export_svg(scene: Scene, look: Look, path: Path, progress: Progress) -> None:
    """Write the picture.

    Raises:
        ExportError: the file cannot be written.
    """
    drawn, foot = draw_with_legend(scene, look)
    progress(0.4)
    inks = inks_of(look.theme)
    body = "\n".join(tree_elements(drawn, look.theme, lambda name, color: f' {name}="{inks[color]}"'))
    progress(0.8)
    top = look.height - foot
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{look.width}" height="{look.height}" '
        f'viewBox="0 0 {look.width} {look.height}" font-family="DejaVu Sans, Segoe UI, Helvetica, Arial, sans-serif">\n'
        f'<rect width="{look.width}" height="{look.height}" fill="{inks["background"]}"/>\n'
        f"<g>\n{body}\n</g>\n"  # the legend has a background of its own and covers what hangs over
        f'<g transform="translate(0 {top}) scale({look.zoom:g})">{legend_svg(drawn.legend, look)}</g>\n</svg>\n'
    )
    with whole_file(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8")


def tree_elements(drawn: Drawn, theme: Theme, paint: Paint) -> Iterator[str]:
    """The tree in the view that it was drawn in."""
    if drawn.picture.view is View.ICICLE:
        return icicle_elements(drawn, theme, paint)
    return elements(drawn, theme, paint)


def draw_with_legend(scene: Scene, look: Look) -> tuple[Drawn, int]:
    """The picture above its legend, and the pixels that the legend takes."""
    record = LegendRecord(player=scene.notation.players[0], nodes=scene.tree.num_nodes)
    foot = round(legend_height(look.theme, record, look.width / look.zoom) * look.zoom)
    return draw_scene(scene, look, look.height - foot), foot


def legend_svg(record: LegendRecord, look: Look) -> str:
    """The legend as SVG elements, in logical pixels, its corner at the origin."""
    width = look.width / look.zoom
    height = legend_height(look.theme, record, width)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    page = QSvgGenerator()
    page.setOutputDevice(buffer)
    page.setSize(QSize(round(width), round(height)))
    page.setViewBox(QRectF(0.0, 0.0, width, height))
    painter = QPainter(page)
    paint_legend(painter, QRectF(0.0, 0.0, width, height), look.theme, record)
    painter.end()
    buffer.close()
    text = bytes(data.data()).decode("utf-8")
    inside = re.sub(r"<title>.*?</title>|<desc>.*?</desc>", "", text[text.index(">", text.index("<svg")) + 1 :])
    return inside[: inside.rindex("</svg>")].strip()


def inks_of(theme: Theme) -> Mapping[str, str]:
    """The colour "#rrggbb" of every name that `app.export.vector` uses, in a theme."""
    palette = make_palette(theme)
    inks = {name: str(getattr(theme, name)) for name in _INKS}
    for step in range(-STEPS, STEPS + 1):
        plain = scale_color(palette, step / STEPS)
        inks[f"{PLAIN}{step}"] = plain
        inks[f"{WASHED}{step}"] = _mixed(theme.pruned, plain, 0.5)
        inks[f"{CUT}{step}"] = _mixed(theme.pruned, plain, 0.2)
    return inks


def _mixed(first: str, second: str, share: float) -> str:
    """The colour `share` of the way from `first` to `second`."""
    pairs = zip(packed(first).to_bytes(3, "big"), packed(second).to_bytes(3, "big"), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
