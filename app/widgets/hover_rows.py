"""Painted rows of equal height, one under the other: which of them is under the pointer, and what it says."""

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from app.theme import DARK, Theme

NONE = -1
"""No row."""


class HoverRows(QWidget):
    """The part that lists of painted rows share; a subclass says how many rows there are and paints them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._hovered = NONE
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._row_at(event.position()))

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._hover(NONE)

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            place = self._row_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self._told(place) if place != NONE else "", self)
            return True
        return super().event(event)

    def _num_rows(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def _line_height(self) -> int:
        """Pixels of a row."""
        raise NotImplementedError

    def _told(self, place: int) -> str:
        """What row `place` says when the pointer rests on it."""
        raise NotImplementedError

    def _hover(self, place: int) -> None:
        if place != self._hovered:
            self._hovered = place
            self.setCursor(Qt.CursorShape.ArrowCursor if place == NONE else Qt.CursorShape.PointingHandCursor)
            self.update()

    def _row_at(self, point: QPointF) -> int:
        """The row at a point of the widget, or `NONE`."""
        place = int(point.y() // self._line_height())
        return place if 0 <= place < self._num_rows() else NONE
