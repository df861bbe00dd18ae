"""Which piece a pawn becomes: a strip of pieces that opens at the square."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.theme import DARK, Theme, color
from app.widgets.board_geometry import BoardGeometry
from app.widgets.pieces import piece_pixmap
from engine.domains.base import Card, Choice

_ORDER = "qrbn"
"""Most wanted first; letters not listed come last."""


class PromotionChooser(QWidget):
    """Lies over the board while a promotion is open.

    Signals:
        chosen(int): the action chosen.
        dismissed(): closed without a choice.
    """

    chosen = Signal(int)
    dismissed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._choices: tuple[Choice, ...] = ()
        self._glyphs: tuple[str, ...] = ()
        self._current = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Promotion")
        self.hide()

    def open_at(self, choices: tuple[Choice, ...], geometry: BoardGeometry, card: Card, theme: Theme) -> None:
        """Offer `choices`, which differ in `promotion` alone, over their target cell."""
        square = geometry.cell_rect(choices[0].target)
        height = geometry.cell * len(choices)
        opens_down = square.center().y() < geometry.rect.center().y()
        letters = [choice.promotion.lower() for choice in choices]
        # The most wanted piece lies on the square itself, so that a second click there takes it.
        order = sorted(range(len(choices)), key=lambda place: (_ORDER + letters[place]).index(letters[place]))
        self._choices = tuple(choices[place] for place in (order if opens_down else reversed(order)))
        self._glyphs = tuple(c.promotion.upper() if card.to_move == 0 else c.promotion.lower() for c in self._choices)
        self._theme = theme
        self._current = 0 if opens_down else len(choices) - 1
        top = square.top() if opens_down else square.bottom() - height
        self.setGeometry(QRectF(square.left(), top, geometry.cell, height).toAlignedRect())
        self.setAccessibleDescription(", ".join(c.text for c in self._choices))
        self.show()
        self.raise_()
        self.setFocus()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(self._theme.board_light))
        side = float(self.width())
        for place, glyph in enumerate(self._glyphs):
            square = QRectF(0, place * side, side, side)
            if place == self._current:
                painter.fillRect(square, color(self._theme.attention, 0.6))
            pixmap = piece_pixmap(glyph, "chess", side, self.devicePixelRatioF(), self._theme)
            painter.drawPixmap(square.topLeft(), pixmap)
        painter.setPen(QPen(color(self._theme.attention), 2))
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(self._place(event.position()))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._choose(self._place(event.position()))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        letters = [choice.promotion.lower() for choice in self._choices]
        if event.text().lower() in letters:
            self._choose(letters.index(event.text().lower()))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self._current)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self._point_at((self._current + step) % len(self._choices))
        elif event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.dismiss()

    def dismiss(self) -> None:
        """Close without a choice."""
        if self.isVisible():
            self.hide()
            self.dismissed.emit()

    def _place(self, point: QPointF) -> int:
        return max(0, min(int(point.y() // self.width()), len(self._choices) - 1))

    def _point_at(self, place: int) -> None:
        self._current = place
        self.update()

    def _choose(self, place: int) -> None:
        action = self._choices[place].action
        self.hide()
        self.chosen.emit(action)
