"""A passing remark: a line over its parent that goes by itself and is never in the way of a click."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget
from typing_extensions import override

from app.theme import GRID, PADDING

_MS_FOR_A_WORD = 350
_LEAST_MS = 2_500


class Remark(QLabel):
    """Lies at the upper edge of its parent, in the middle."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
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
        self.setMaximumWidth(self._host.width() - 2 * PADDING)
        self.adjustSize()
        left = (self._host.width() - self.width()) // 2
        self.move(left, PADDING)
