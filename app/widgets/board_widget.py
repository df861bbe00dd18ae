"""The board: shows a state of any domain that has a card, and lets a person move on it.

Every move is an intent (`move_chosen`); the board changes only when it is shown another record.
"""

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.theme import DARK, Theme
from app.viewmodels.records import NO_HEAT, Arrow, BoardRecord
from app.widgets.board_cursor import BoardCursor
from app.widgets.board_geometry import EMPTY_CARD, BoardGeometry, fit_board
from app.widgets.board_hand import BoardHand
from app.widgets.board_marks import Mark, mark_color, toggled
from app.widgets.board_motion import Motion, motions
from app.widgets.board_moves import NO_CELL, sources
from app.widgets.board_scene import BoardScene, paint_scene
from app.widgets.board_travel import BoardTravel
from app.widgets.promotion_chooser import PromotionChooser
from engine.domains.base import Choice

_DRAG_FROM = 4
"""Pixels the pointer travels before a press becomes a drag."""
_NOTCH = 120
"""Of a mouse wheel, in eighths of a degree."""
_NOWHERE = QPointF(-1, -1)


class BoardWidget(QWidget):
    """A square board in whatever room there is.

    Drag or click twice to move, right-drag to draw arrows, right-click for circles, wheel to step. With the keyboard:
    Ctrl and an arrow key moves a cursor over the cells, Enter takes up and puts down, Escape lets go.

    Signals:
        move_chosen(int): the action a person chose.
        wheel_step(int): +1 for a step forward, -1 for one back.
    """

    move_chosen = Signal(int)
    wheel_step = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._record = BoardRecord(EMPTY_CARD)
        self._hand = BoardHand()
        self._cursor = BoardCursor()
        self._travel = BoardTravel(self)
        self._travel.moved.connect(self.update)
        self._chooser = PromotionChooser(self)
        self._chooser.chosen.connect(self._choose)
        self._pointer = _NOWHERE
        self._pressed_at: QPointF | None = None
        self._is_dragging = False
        self._dropped_on = NO_CELL
        self._marks: tuple[Mark, ...] = ()
        self._mark_from = NO_CELL
        self._mark_color = ""
        self._arrows_visible = True
        self._hints_hidden = False
        self._auto_queen = False
        self._wheel_angle = 0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 160)
        self.setAccessibleName("Board")

    def show_board(self, record: BoardRecord) -> None:
        """Show `record`; a piece that moved since the last one is seen to move."""
        old, was_preview, self._record = self._record.card, self._record.is_preview, record
        self._hand.turn_to(record)
        if record.card != old:
            self._hand.let_go()
            self._is_dragging = False
            if not (record.is_preview or was_preview):
                self._marks = ()
            self._chooser.dismiss()
            self._travel.start(tuple(m for m in motions(old, record.card) if m.target != self._dropped_on))
            self.setAccessibleDescription(record.card.status)
        self._shape_pointer()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.update()

    def set_arrows_visible(self, visible: bool) -> None:
        """Show or hide what the search points at; a person's own arrows stay."""
        self._arrows_visible = visible
        self.update()

    def set_hints_hidden(self, hidden: bool) -> None:
        """Hide what search and intuition say, whatever else is switched on; a person's own arrows stay."""
        self._hints_hidden = hidden
        self.update()

    def set_motion(self, moving: bool) -> None:
        """Freeze (False) or allow movement of pieces."""
        self._travel.allow(moving)

    def set_auto_queen(self, auto: bool) -> None:
        """Promote to a queen without asking."""
        self._auto_queen = auto

    def board_geometry(self) -> BoardGeometry:
        """Where the cells are, in pixels of this widget."""
        return fit_board(self._record.card, self._record.flipped, self.rect(), self.devicePixelRatioF())

    @override
    def sizeHint(self) -> QSize:
        return QSize(420, 420)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._chooser.dismiss()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        geometry = self.board_geometry()
        scene = BoardScene(
            self._record,
            held=self._hand.held,
            targets=self._hand.targets(),
            pointer=self._pointer,
            is_dragging=self._is_dragging,
            cursor=self._cursor.cell,
            marks=() if self._record.is_preview else self._marks_shown(geometry),
            arrows=self._arrows_shown(),
            heat=NO_HEAT if self._hints_hidden else self._record.heat,
        )
        paint_scene(painter, geometry, scene, self._travel, self._theme)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        cell = self._cell_under_pointer()
        if event.button() is Qt.MouseButton.LeftButton:
            self._marks = ()
            self._cursor.cell = NO_CELL
            self._pressed_at = event.position()
            self._decide(self._hand.press(cell))
        elif event.button() is Qt.MouseButton.RightButton:
            self._mark_from = NO_CELL if self._hand.held != NO_CELL else cell
            self._mark_color = mark_color(event.modifiers())
            self._hand.let_go()
            self._is_dragging = False
        self.update()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        if self._pressed_at is not None and self._hand.held != NO_CELL:
            self._is_dragging |= (self._pointer - self._pressed_at).manhattanLength() >= _DRAG_FROM
        self._shape_pointer()
        self.update()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        cell = self._cell_under_pointer()
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed_at = None
            self._put_down(cell)
        elif event.button() is Qt.MouseButton.RightButton and self._mark_from != NO_CELL:
            if cell != NO_CELL:
                self._marks = toggled(self._marks, Mark(self._mark_from, cell, self._mark_color))
            self._mark_from = NO_CELL
        self._shape_pointer()
        self.update()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = _NOWHERE
        self.update()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        self._wheel_angle += event.angleDelta().y()
        notches = int(self._wheel_angle / _NOTCH)
        self._wheel_angle -= notches * _NOTCH
        for _ in range(abs(notches)):
            self.wheel_step.emit(-1 if notches > 0 else 1)
        event.accept()

    @override
    def event(self, event: QEvent) -> bool:
        # The window's own Enter and Escape have to wait while the keyboard's cursor is on the board.
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._cursor.wants(event):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._cursor.wants(event):
            super().keyPressEvent(event)
        elif self._cursor.presses(event):
            self._decide(self._hand.press(self._cursor.cell))
            self._hand.release(self._cursor.cell)
        else:
            self._cursor.follow(event, self.board_geometry())
            if self._cursor.cell == NO_CELL:
                self._hand.let_go()
        self.update()

    def _cell_under_pointer(self) -> int:
        return self.board_geometry().cell_at(self._pointer)

    def _put_down(self, cell: int) -> None:
        """End a press: on a target the piece moves, elsewhere a dragged one travels back."""
        held, was_dragging = self._hand.held, self._is_dragging
        made = self._hand.release(cell)
        self._is_dragging = False
        if made:
            self._dropped_on = made[0].target if was_dragging else NO_CELL
            self._decide(made)
        elif was_dragging and held in self._record.card.pieces:
            self._travel.start((self._way_back(held),))

    def _way_back(self, cell: int) -> Motion:
        geometry = self.board_geometry()
        offset = (self._pointer - geometry.centre(cell)) / geometry.cell * (-1 if geometry.flipped else 1)
        row, column = divmod(cell, geometry.columns)
        return Motion(self._record.card.pieces[cell], cell, column + offset.x(), row - offset.y())

    def _decide(self, made: tuple[Choice, ...]) -> None:
        queen = next((choice for choice in made if choice.promotion.lower() == "q"), None)
        if len(made) > 1 and not (self._auto_queen and queen):
            self._chooser.open_at(made, self.board_geometry(), self._record.card, self._theme)
        elif made:
            self._choose((queen or made[0]).action)

    def _choose(self, action: int) -> None:
        self._hand.let_go()
        self.setFocus()
        self.move_chosen.emit(action)
        self._dropped_on = NO_CELL

    def _marks_shown(self, geometry: BoardGeometry) -> tuple[Mark, ...]:
        """The marks, with the one being drawn."""
        cell = geometry.cell_at(self._pointer)
        if self._mark_from == NO_CELL or cell == NO_CELL:
            return self._marks
        return (*self._marks, Mark(self._mark_from, cell, self._mark_color))

    def _arrows_shown(self) -> tuple[Arrow, ...]:
        """A threat was asked for: it is shown even where the search's own arrows are switched off."""
        if self._hints_hidden:
            return ()
        return tuple(arrow for arrow in self._record.arrows if self._arrows_visible or arrow.kind == "threat")

    def _shape_pointer(self) -> None:
        if self._is_dragging:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._cell_under_pointer() in sources(self._record):
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.unsetCursor()
