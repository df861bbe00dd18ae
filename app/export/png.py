"""A picture of a tree as PNG: what the window shows, with its legend."""

from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from app.export.scene import Look, Scene
from app.export.svg import draw_with_legend
from app.render.legend import paint_legend
from engine.tree.export import Progress
from engine.tree.whole_file import ExportError, whole_file


def export_png(scene: Scene, look: Look, path: Path, progress: Progress) -> None:
    """Write the picture.

    Raises:
        ExportError: the file cannot be written.
    """
    drawn, foot = draw_with_legend(scene, look)
    progress(0.5)
    page = QImage(look.width, look.height, QImage.Format.Format_RGB32)
    painter = QPainter(page)
    height, width = drawn.picture.image.shape
    painter.drawImage(0, 0, QImage(drawn.picture.image.data, width, height, 4 * width, QImage.Format.Format_RGB32))
    painter.translate(0.0, look.height - foot)
    painter.scale(look.zoom, look.zoom)
    paint_legend(painter, QRectF(0.0, 0.0, look.width / look.zoom, foot / look.zoom), look.theme, drawn.legend)
    painter.end()
    with whole_file(path) as unfinished:
        if not page.save(str(unfinished)):
            raise ExportError(f"{str(path)!r} cannot be written as a picture")
