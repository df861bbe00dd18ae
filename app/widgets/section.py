"""A part of a panel with a heading that opens and closes it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.theme import GRID

_OPEN, _CLOSED = "▾", "▸"


class Section(QWidget):
    """A heading and what stands under it.

    Signals:
        toggled(bool): a person opened or closed it.
    """

    toggled = Signal(bool)

    def __init__(self, name: str, title: str, tooltip: str, content: QWidget, parent: QWidget | None = None) -> None:
        """Begin open. `name`: what it is remembered by."""
        super().__init__(parent)
        self.name = name
        self._content = content
        self._title = title
        self._heading = QPushButton()
        self._heading.setProperty("role", "section")
        self._heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._heading.setCursor(Qt.CursorShape.PointingHandCursor)
        self._heading.setToolTip(tooltip)
        self._heading.clicked.connect(self._turn)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self._heading)
        column.addWidget(content)
        self.set_open(True)

    @property
    def is_open(self) -> bool:
        """What stands under the heading is to be seen."""
        return not self._content.isHidden()

    def set_title(self, title: str) -> None:
        """Another heading."""
        self._title = title
        self._heading.setText(f"{_OPEN if self.is_open else _CLOSED}  {title}")
        self._heading.setAccessibleName(title)

    def set_open(self, is_open: bool) -> None:
        """Show or hide what stands under the heading."""
        self._content.setVisible(is_open)
        self.set_title(self._title)
        self._heading.setAccessibleDescription("open" if is_open else "closed")

    def _turn(self) -> None:
        self.set_open(not self.is_open)
        self.toggled.emit(self.is_open)
