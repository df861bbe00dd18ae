"""Asks for a name beside a button: one line, one button; Escape or a click elsewhere closes it."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.theme import GRID, PADDING

_WIDTH = 300
_MOST_CHARACTERS = 40


class NamePopup(QFrame):
    """Gone when it is closed.

    Signals:
        chosen(str): the name, once the person accepts it; never empty.
    """

    chosen = Signal(str)

    def __init__(self, title: str, accept: str, name: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "popup")
        self.setAccessibleName(title)
        self.setFixedWidth(_WIDTH)
        heading = QLabel(title)
        heading.setProperty("role", "heading")
        self._name = QLineEdit(name)
        self._name.setMaxLength(_MOST_CHARACTERS)
        self._name.setPlaceholderText("Name")
        self._name.setAccessibleName("Name")
        self._accept = QPushButton(accept)
        self._accept.setEnabled(bool(name))
        self._name.textChanged.connect(lambda text: self._accept.setEnabled(bool(text.strip())))
        self._name.returnPressed.connect(self._accept.click)
        self._accept.clicked.connect(self._done)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self._name, 1)
        row.addWidget(self._accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        column.setSpacing(GRID)
        column.addWidget(heading)
        column.addLayout(row)
        self._name.selectAll()
        self._name.setFocus()

    def open_above(self, widget: QWidget) -> None:
        """Show it over `widget`, its right edge at the same place."""
        self.adjustSize()
        corner = widget.mapToGlobal(QPoint(widget.width() - self.width(), -self.height() - GRID // 2))
        room = self.screen().availableGeometry()
        self.move(max(corner.x(), room.left()), max(corner.y(), room.top()))
        self.show()

    def _done(self) -> None:
        self.chosen.emit(self._name.text().strip())
        self.close()
