"""The position as a line of text under the board: to read, to copy, and to write another one into."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from app.theme import GRID, PADDING
from app.viewmodels.position import PositionRecord


class FenBox(QWidget):
    """Enter puts what was written on the board; Escape takes it back.

    Signals:
        entered(str): a text to put on the board. action_clicked(): what the notice offers was taken.
    """

    entered = Signal(str)
    action_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record = PositionRecord()
        self._edit = _Edit()
        self._edit.setAccessibleName("Position as text")
        self._edit.setToolTip("The position as text; write another, or moves, and press Enter. (FEN)")
        self._edit.returnPressed.connect(self._enter)
        self._edit.left.connect(self._restore)
        self._edit.textEdited.connect(lambda _: self._show_line())
        self._line = QLabel()
        self._line.setProperty("role", "quiet")
        self._line.setWordWrap(True)
        self._line.setTextFormat(Qt.TextFormat.PlainText)
        self._action = QPushButton()
        self._action.clicked.connect(self.action_clicked)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self._line, 1)
        row.addWidget(self._action)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, 0, PADDING, GRID)
        column.setSpacing(GRID // 2)
        column.addWidget(self._edit)
        column.addLayout(row)
        self._show_line()

    def show_position(self, record: PositionRecord) -> None:
        """Show `record`; what a person is writing stays, unless it was taken or another position came."""
        is_other = record.text != self._record.text
        self._record = record
        if is_other or not self._edit.isModified():
            self._restore()
        self._show_line()

    def _enter(self) -> None:
        if self._edit.text().strip() != self._record.text:
            self.entered.emit(self._edit.text())
        else:
            self._restore()

    def _restore(self) -> None:
        self._edit.setText(self._record.text)
        self._edit.setCursorPosition(0)
        self._edit.setModified(False)
        self._show_line()

    def _show_line(self) -> None:
        """What is wrong with the text, or what is missing."""
        error = self._record.error if self._edit.isModified() else ""
        words = error or self._record.notice
        self._line.setText(words)
        self._line.setVisible(bool(words))
        self._action.setText(self._record.action)
        self._action.setVisible(bool(self._record.action) and not error)


class _Edit(QLineEdit):
    """Signals: left(): it was given up."""

    left = Signal()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.selectAll()
