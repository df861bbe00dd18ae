"""Moving on the board without a mouse: a cursor that Ctrl and the arrow keys lead over the cells."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent

from app.widgets.board_geometry import BoardGeometry
from app.widgets.board_moves import NO_CELL

_STEPS = {
    Qt.Key.Key_Left: QPointF(-1, 0),
    Qt.Key.Key_Right: QPointF(1, 0),
    Qt.Key.Key_Up: QPointF(0, -1),
    Qt.Key.Key_Down: QPointF(0, 1),
}
_PRESS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class BoardCursor:
    """Where the keyboard points.

    Attributes:
        cell: the cell pointed at, or -1 while the keyboard is not in use.
    """

    def __init__(self) -> None:
        self.cell = NO_CELL

    def wants(self, event: QKeyEvent) -> bool:
        """Whether a key is the cursor's: Enter and Escape are only while it is on the board."""
        if event.key() in _STEPS:
            return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        return self.cell != NO_CELL and event.key() in (*_PRESS, Qt.Key.Key_Escape)

    def presses(self, event: QKeyEvent) -> bool:
        """Whether a wanted key takes up or puts down."""
        return event.key() in _PRESS

    def follow(self, event: QKeyEvent, geometry: BoardGeometry) -> None:
        """Go one cell on with an arrow key, or leave the board with Escape."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            self.cell = NO_CELL
        elif self.cell == NO_CELL:
            self.cell = geometry.cell_at(geometry.rect.center() + QPointF(1, 1))
        else:
            reached = geometry.cell_at(geometry.centre(self.cell) + step * geometry.cell)
            self.cell = self.cell if reached == NO_CELL else reached
