"""An error where it happened: one line with a way out, never a dialog."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from app.theme import GRID, PADDING, Theme
from app.widgets.icons import set_icon


class ErrorLine(QFrame):
    """Hidden until there is an error.

    Signals:
        action_clicked(): the way out was taken. dismissed(): the line was closed.
    """

    action_clicked = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "error")
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._action = QPushButton()
        self._action.clicked.connect(self.action_clicked)
        self._close = QToolButton()
        self._close.setProperty("role", "plain")
        self._close.setToolTip("Close this message.")
        self._close.setAccessibleName("Close")
        self._close.clicked.connect(self._dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(PADDING, GRID // 2, GRID // 2, GRID // 2)
        row.setSpacing(GRID)
        row.addWidget(self._text, 1)
        row.addWidget(self._action)
        row.addWidget(self._close)
        self.hide()

    def show_error(self, text: str, action_text: str = "") -> None:
        """Show `text`, with a button where `action_text` names one; an empty text closes the line."""
        self._text.setText(text)
        self._action.setText(action_text)
        self._action.setVisible(bool(action_text))
        self.setAccessibleName(text)
        self.setVisible(bool(text))

    def set_theme(self, theme: Theme) -> None:
        """Change the icon; the rest comes with the style sheet."""
        set_icon(self._close, "close", theme)

    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()
