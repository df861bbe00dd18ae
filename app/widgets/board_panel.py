"""The board with its evaluation bar: as large as the room allows, the bar exactly as high as the board."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.theme import GRID, PADDING
from app.viewmodels.records import BoardRecord, ValueRecord
from app.widgets.board_widget import BoardWidget
from app.widgets.eval_bar import EvalBar

_GAP = GRID


class BoardPanel(QWidget):
    """Places a board and its bar side by side, in the middle.

    Attributes:
        board, value: the two.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.board, self.value = BoardWidget(self), EvalBar(self)
        self._shape = (8, 8)
        least = self.board.minimumSize()
        self.setMinimumSize(least.width() + self.value.width() + _GAP + 2 * PADDING, least.height() + 2 * PADDING)

    def show_board(self, record: BoardRecord) -> None:
        """Show `record` on the board."""
        self.board.show_board(record)
        shape = (record.card.rows, record.card.columns)
        if shape != self._shape:
            self._shape = shape
            self._place()

    def show_value(self, record: ValueRecord, *, flipped: bool) -> None:
        """Show `record` on the bar."""
        self.value.show_value(record, flipped)

    @override
    def sizeHint(self) -> QSize:
        return QSize(360, 360)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def _place(self) -> None:
        rows, columns = self._shape
        room = self.rect().adjusted(PADDING, PADDING, -PADDING, -PADDING)
        across = room.width() - self.value.width() - _GAP
        cell = max(min(across // columns, room.height() // rows), 1)
        width, height = cell * columns, cell * rows
        left = room.left() + max(across - width, 0) // 2
        top = room.top() + max(room.height() - height, 0) // 2
        self.value.setGeometry(left, top, self.value.width(), height)
        self.board.setGeometry(left + self.value.width() + _GAP, top, width, height)
