"""The names of the lines of a chart, in a column at its right end: a piece of the line, the move, its share now."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.theme import DARK, GRID, PADDING, Theme, color, font

_WIDTH = 132
_SAMPLE = 18
"""Pixels of line before a name."""


@dataclass(frozen=True, slots=True)
class Name:
    """What stands beside one line's end.

    Attributes:
        height: of the line's end, in pixels from the column's top. pen: what the line is drawn with.
    """

    height: float
    text: str
    share: str
    pen: QPen
    strong: bool


class TrailNames(QWidget):
    """Most important first: those that there is no room for are left out. A last line says what the chart counts."""

    def __init__(self, unit: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._unit = unit
        self._names: tuple[Name, ...] = ()
        self._lowest = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_names(self, names: tuple[Name, ...], lowest: float) -> None:
        """Show `names` above `lowest`, the chart's lower edge in pixels from the top."""
        self._names, self._lowest = names, lowest
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._theme.room(_WIDTH), 0)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        line = theme.small + 3
        names = self._names[: max(int(self._lowest // line), 1)]
        places = spread([name.height for name in names], line, 0, self._lowest)
        for name, middle in zip(names, places, strict=True):
            self._paint_name(painter, name, middle, line)
        painter.setFont(font(theme.small))
        painter.setPen(color(theme.quiet))
        below = QRectF(GRID, self._lowest, self.width() - GRID - PADDING, self.height() - self._lowest)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._unit)
        painter.end()

    def _paint_name(self, painter: QPainter, name: Name, middle: float, line: int) -> None:
        theme = self._theme
        level = round(middle) + 0.5
        painter.setPen(name.pen)
        painter.drawLine(QPointF(GRID, level), QPointF(GRID + _SAMPLE, level))
        painter.setFont(font(theme.small, strong=name.strong))
        painter.setPen(name.pen.color())
        left = 2 * GRID + _SAMPLE
        room = QRectF(left, middle - line / 2, self.width() - left - PADDING, line)
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name.share)
        metrics = painter.fontMetrics()
        room.setRight(room.right() - metrics.horizontalAdvance(name.share) - GRID / 2)
        text = metrics.elidedText(name.text, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def spread(heights: Sequence[float], gap: float, top: float, bottom: float) -> list[float]:
    """Middles of lines of text near `heights`, at least `gap` apart and within `top` to `bottom` if they fit there.

    Their order from top to bottom is that of `heights`; equal ones keep the order they are given in.
    """
    order = sorted(range(len(heights)), key=lambda place: heights[place])
    placed = [0.0] * len(heights)
    least = top + gap / 2
    for place in order:
        placed[place] = max(heights[place], least)
        least = placed[place] + gap
    most = bottom - gap / 2
    for place in reversed(order):
        placed[place] = min(placed[place], most)
        most = placed[place] - gap
    return placed
