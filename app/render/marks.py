"""Marks that say why a branch was pruned, drawn by Qt; one shape a reason, told apart without colour."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from engine.tree.events import PruneReason

REASON_WORDS = (
    (PruneReason.BY_HAND, "by hand"),
    (PruneReason.PROVEN, "proven worse"),
    (PruneReason.OUT_OF_REACH, "out of reach"),
    (PruneReason.ELIMINATED, "eliminated"),
    (PruneReason.LOW_PRIOR, "left out"),
    (PruneReason.DUPLICATE, "duplicate"),
    (PruneReason.REJECTED, "rejected"),
)
"""Every reason in a word or two, in the order of the legend."""


def paint_mark(painter: QPainter, reason: int, x: float, y: float, size: float, ink: QColor, zoom: float) -> None:
    """The mark of a `PruneReason` at (x, y), `size` pixels from its middle to its edge; a dot for an unknown one."""
    painter.save()
    pen = QPen(ink, 1.5 * zoom)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.translate(x, y)
    _MARKS.get(reason, _dot)(painter, size, ink)
    painter.restore()


def paint_loan(painter: QPainter, x: float, y: float, size: float, ink: QColor, zoom: float) -> None:
    """A plus at (x, y): visits are lent to this branch and not spent yet."""
    painter.save()
    painter.setPen(QPen(ink, 2.0 * zoom))
    painter.drawLine(QPointF(x - size, y), QPointF(x + size, y))
    painter.drawLine(QPointF(x, y - size), QPointF(x, y + size))
    painter.restore()


def _cross(painter: QPainter, size: float, ink: QColor) -> None:
    del ink
    painter.drawLine(QPointF(-size, -size), QPointF(size, size))
    painter.drawLine(QPointF(-size, size), QPointF(size, -size))


def _chevrons(painter: QPainter, size: float, ink: QColor) -> None:
    """It cannot catch up."""
    del ink
    for shift in (-0.8 * size, 0.2 * size):
        tip = QPointF(shift + 0.7 * size, 0.0)
        painter.drawLine(QPointF(shift, -size), tip)
        painter.drawLine(QPointF(shift, size), tip)


def _square(painter: QPainter, size: float, ink: QColor) -> None:
    painter.fillRect(QRectF(-0.7 * size, -0.7 * size, 1.4 * size, 1.4 * size), ink)


def _half(painter: QPainter, size: float, ink: QColor) -> None:
    """A disc of which the lower half is left: it was in the weaker one."""
    painter.setBrush(ink)
    painter.drawChord(QRectF(-size, -1.3 * size, 2.0 * size, 2.0 * size), 0, -180 * 16)


def _bar(painter: QPainter, size: float, ink: QColor) -> None:
    """Nothing to see."""
    del ink
    painter.drawLine(QPointF(-size, 0.0), QPointF(size, 0.0))


def _equal(painter: QPainter, size: float, ink: QColor) -> None:
    """The same as another."""
    del ink
    for y in (-0.5 * size, 0.5 * size):
        painter.drawLine(QPointF(-size, y), QPointF(size, y))


def _barred(painter: QPainter, size: float, ink: QColor) -> None:
    """A ring with a stroke through it: no entry."""
    del ink
    painter.drawEllipse(QPointF(0.0, 0.0), size, size)
    painter.drawLine(QPointF(-0.7 * size, 0.7 * size), QPointF(0.7 * size, -0.7 * size))


def _dot(painter: QPainter, size: float, ink: QColor) -> None:
    painter.setBrush(ink)
    painter.drawEllipse(QPointF(0.0, 0.0), 0.4 * size, 0.4 * size)


_MARKS: dict[int, Callable[[QPainter, float, QColor], None]] = {
    PruneReason.BY_HAND: _cross,
    PruneReason.OUT_OF_REACH: _chevrons,
    PruneReason.PROVEN: _square,
    PruneReason.ELIMINATED: _half,
    PruneReason.LOW_PRIOR: _bar,
    PruneReason.DUPLICATE: _equal,
    PruneReason.REJECTED: _barred,
}
