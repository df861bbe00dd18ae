"""A passing remark: a line over its parent that goes by itself and is never in the way of a click."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget
from typing_extensions import override

from app.theme import GRID, PADDING

_MS_FOR_A_WORD = 350
_LEAST_MS = 2_500
_RAISED = 6 * GRID
"""Pixels above the lower edge, where legends and rows of buttons are."""


class Remark(QLabel):
    """Lies low in the middle of a picture: headings are at the upper edge, what is being read is in the middle."""

    def __init__(self, parent: QWidget, over: Sequence[QWidget] = ()) -> None:
        """Lies over the first widget of `over` that is shown, all of them within `parent`; else over `parent`."""
        super().__init__(parent)
        self._host, self._over = parent, over
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        self.setProperty("role", "remark")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setContentsMargins(PADDING, GRID // 2, PADDING, GRID // 2)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        parent.installEventFilter(self)
        self.hide()

    def say(self, text: str) -> None:
        """Show `text` for as long as it takes to read."""
        self.setText(text)
        self.setAccessibleName(text)
        self._place()
        self.show()
        self.raise_()
        self._timer.start(max(_LEAST_MS, _MS_FOR_A_WORD * len(text.split())))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        below = next((widget for widget in self._over if widget.isVisible()), self._host)
        corner = below.mapTo(self._host, QPoint(0, 0))
        self.setMaximumWidth(below.width() - 2 * PADDING)
        self.adjustSize()
        left, top = (below.width() - self.width()) // 2, below.height() - self.height() - _RAISED
        self.move(corner + QPoint(left, max(PADDING, top)))
