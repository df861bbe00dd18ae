"""A curve over a number of places that is clicked, dragged and stepped through: what several charts have in common."""

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from app.theme import DARK, Theme, color

INSET = 10
"""Pixels kept free on all sides, so that a dot at the edge is whole."""
_HEIGHT, _LEAST_HEIGHT = 96, 72
_NOTCH = 120
"""Of a mouse wheel, in eighths of a degree."""


class ScrubCurve(QWidget):
    """Click or drag to go to a place; the wheel steps. The drawing is a subclass's business, as is what places mean.

    Signals:
        scrubbed(int): the place chosen. stepped(int): places to go on, or back.
    """

    scrubbed = Signal(int)
    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._pointed = -1
        self._turned = 0
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def places(self) -> int:
        """How many places there are."""
        raise NotImplementedError

    def cursor_place(self) -> int:
        """The place where we are."""
        raise NotImplementedError

    def place_text(self, place: int) -> str:
        """One line about a place, for the pointer."""
        raise NotImplementedError

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(240, self._theme.room(_HEIGHT))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(80, self._theme.room(_LEAST_HEIGHT))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._scrub(event.position().x())

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position().x())
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._scrub(event.position().x())
        if place != self._pointed:
            self._pointed = place
            if 0 <= place < self.places():
                QToolTip.showText(event.globalPosition().toPoint(), self.place_text(place), self)
            self.update()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._pointed = -1
        self.update()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        self._turned += event.angleDelta().y()
        notches = int(self._turned / _NOTCH)
        self._turned -= notches * _NOTCH
        if notches:
            self.stepped.emit(-notches)
        event.accept()

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            return True  # said at once, as the pointer moves
        return super().event(event)

    def place_at(self, x: float) -> int:
        """The place nearest to a pixel."""
        last = self.places() - 1
        left, right = self.sides()
        return min(max(round((x - left) / max(right - left, 1.0) * last), 0), max(last, 0))

    def x_of(self, place: int) -> float:
        """The pixel of a place."""
        left, right = self.sides()
        return left + place / max(self.places() - 1, 1) * (right - left)

    def sides(self) -> tuple[float, float]:
        """Pixels of the first and the last place."""
        return float(INSET), float(self.width() - INSET)

    def paint_cursors(self, painter: QPainter) -> None:
        """A line where we are, and a fainter one under the pointer."""
        for place, strength in ((self._pointed, 0.45), (self.cursor_place(), 1.0)):
            if 0 <= place < self.places():
                painter.setPen(QPen(color(self._theme.attention, strength), 1.4))
                painter.drawLine(QPointF(self.x_of(place), 2), QPointF(self.x_of(place), self.height() - 2))

    def _scrub(self, x: float) -> None:
        place = self.place_at(x)
        if place != self.cursor_place():
            self.scrubbed.emit(place)
