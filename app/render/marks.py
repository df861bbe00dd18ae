"""Marks that say why a branch was pruned, drawn by Qt."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from engine.tree.events import PruneReason


def paint_mark(painter: QPainter, reason: int, x: float, y: float, size: float, ink: QColor, zoom: float) -> None:
    """The mark of a `PruneReason` at (x, y): a cross = cut by hand, two chevrons = out of reach, a square = proven."""
    painter.save()
    pen = QPen(ink, 1.5 * zoom)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    if reason == PruneReason.BY_HAND:
        painter.drawLine(QPointF(x - size, y - size), QPointF(x + size, y + size))
        painter.drawLine(QPointF(x - size, y + size), QPointF(x + size, y - size))
    elif reason == PruneReason.OUT_OF_REACH:
        for shift in (-0.8 * size, 0.2 * size):
            tip = QPointF(x + shift + 0.7 * size, y)
            painter.drawLine(QPointF(x + shift, y - size), tip)
            painter.drawLine(QPointF(x + shift, y + size), tip)
    else:
        painter.fillRect(QRectF(x - 0.7 * size, y - 0.7 * size, 1.4 * size, 1.4 * size), ink)
    painter.restore()
