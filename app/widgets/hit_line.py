"""A watchpoint was reached: one line over the tree that says what happened, with the way there and the way on."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from app.theme import GRID, PADDING, Theme
from app.viewmodels.watchpoints import HitRecord
from app.widgets.icons import set_icon


class HitLine(QFrame):
    """Hidden until there is something to tell.

    Signals:
        go_clicked(): look at the very moment. on_clicked(): search on. dismissed(): the line was closed.
    """

    go_clicked = Signal()
    on_clicked = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "hit")
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._go = QPushButton("Go there")
        self._go.setToolTip("Look at the tree as it was right after that simulation. (move the playhead)")
        self._go.clicked.connect(self.go_clicked)
        self._on = QPushButton("Go on")
        self._on.setToolTip("Search on, until it happens again or something else does. (Space)")
        self._on.clicked.connect(self.on_clicked)
        self._close = QToolButton()
        self._close.setProperty("role", "plain")
        self._close.setToolTip("Close this message.")
        self._close.setAccessibleName("Close")
        self._close.clicked.connect(self.dismissed)
        row = QHBoxLayout(self)
        row.setContentsMargins(PADDING, GRID // 2, GRID // 2, GRID // 2)
        row.setSpacing(GRID)
        row.addWidget(self._text, 1)
        for button in (self._go, self._on, self._close):
            row.addWidget(button)
        self.hide()

    def show_hit(self, record: HitRecord | None) -> None:
        """Show what happened; None closes the line."""
        self.setVisible(record is not None)
        if record is not None:
            self._text.setText(record.text)
            self.setAccessibleName(record.text)
            self._go.setEnabled(record.can_go)
            self._on.setEnabled(record.can_run)

    def set_theme(self, theme: Theme) -> None:
        """Change the icon; the rest comes with the style sheet."""
        set_icon(self._close, "close", theme)
