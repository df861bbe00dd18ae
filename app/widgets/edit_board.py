"""The board of the position editor: cells are pressed, pieces are dragged anywhere, or off the board."""

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.theme import DARK, Theme
from app.widgets import board_paint as paint
from app.widgets.board_cursor import BoardCursor
from app.widgets.board_geometry import EMPTY_CARD, BoardGeometry, fit_board
from app.widgets.board_moves import NO_CELL
from engine.domains.base import Card

_DRAG_FROM = 4
"""Pixels the pointer travels before a press becomes a drag."""


class EditBoard(QWidget):
    """Knows no rules. With the keyboard: Ctrl and an arrow key moves a cursor, Enter puts down, Delete takes away.

    Signals:
        pressed(int): a cell. erased(int): a cell, with the right button or Delete.
        dragged(int, int): from a cell to another; the second is -1 beside the board.
    """

    pressed = Signal(int)
    erased = Signal(int)
    dragged = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._card, self._flipped = EMPTY_CARD, False
        self._cursor = BoardCursor()
        self._from, self._from_point, self._pointer = NO_CELL, QPointF(), QPointF()
        self._is_dragging = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 200)
        self.setAccessibleName("Board to set up")

    def show_card(self, card: Card, *, flipped: bool) -> None:
        """Show `card`; `flipped`: the second player sits at the bottom."""
        self._card, self._flipped = card, flipped
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.update()

    def board_geometry(self) -> BoardGeometry:
        """Where the cells are, in pixels of this widget."""
        return fit_board(self._card, self._flipped, self.rect(), self.devicePixelRatioF())

    @override
    def sizeHint(self) -> QSize:
        return QSize(400, 400)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        geometry, theme, card = self.board_geometry(), self._theme, self._card
        paint.paint_cells(painter, geometry, card, theme)
        paint.paint_coordinates(painter, geometry, card, theme)
        lifted = (self._from,) if self._is_dragging else ()
        paint.paint_pieces(painter, geometry, card, theme, hidden=lifted)
        if self._cursor.cell != NO_CELL:
            paint.paint_frame(painter, geometry.cell_rect(self._cursor.cell), theme.attention)
        if self._is_dragging and self._from in card.pieces:
            corner = self._pointer - QPointF(geometry.cell, geometry.cell) / 2
            paint.paint_piece(painter, geometry, card.style, card.pieces[self._from], corner, theme)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.board_geometry().cell_at(event.position())
        self._cursor.cell = NO_CELL
        if event.button() is Qt.MouseButton.RightButton and cell != NO_CELL:
            self.erased.emit(cell)
        elif event.button() is Qt.MouseButton.LeftButton:
            self._from, self._from_point = cell, event.position()
        self.update()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        if self._from in self._card.pieces:
            self._is_dragging |= (self._pointer - self._from_point).manhattanLength() >= _DRAG_FROM
        self.update()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        source, was_dragging = self._from, self._is_dragging
        self._from, self._is_dragging = NO_CELL, False
        cell = self.board_geometry().cell_at(event.position())
        if was_dragging:
            self.dragged.emit(source, cell)
        elif source != NO_CELL and cell == source:
            self.pressed.emit(cell)
        self.update()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self._cursor.cell != NO_CELL:
            self.erased.emit(self._cursor.cell)
        elif not self._cursor.wants(event):
            super().keyPressEvent(event)
        elif self._cursor.presses(event):
            self.pressed.emit(self._cursor.cell)
        else:
            self._cursor.follow(event, self.board_geometry())
        self.update()
