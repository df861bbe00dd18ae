"""The head of a page of the arena: what is to be seen in one sentence, and of which domain."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.theme import GRID, PADDING
from engine.domains import registry


class PageHead(QWidget):
    """A sentence, room for buttons, and the chooser of the domain.

    Signals:
        domain_chosen(str): name of another domain.
    """

    domain_chosen = Signal(str)

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel(text)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._domain = QComboBox()
        self._domain.setAccessibleName("Domain")
        self._domain.setToolTip("Whose players are shown. (domain)")
        for name in registry.names():
            self._domain.addItem(registry.notation(name).title, name)
        self._domain.activated.connect(lambda place: self.domain_chosen.emit(self._domain.itemData(place)))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(PADDING, GRID, PADDING, GRID)
        self._row.setSpacing(GRID)
        self._row.addWidget(self._text, 1)
        self._row.addWidget(self._domain)

    @property
    def domain(self) -> str:
        """The name of the domain that is chosen."""
        return str(self._domain.currentData())

    def say(self, text: str) -> None:
        """Another sentence."""
        self._text.setText(text)
        self._text.setToolTip(text)

    def show_domain(self, domain: str) -> None:
        """Show a domain as chosen; emits nothing."""
        self._domain.setCurrentIndex(self._domain.findData(domain))

    def add(self, widget: QWidget) -> None:
        """Put a widget before the chooser."""
        self._row.insertWidget(self._row.count() - 1, widget)
