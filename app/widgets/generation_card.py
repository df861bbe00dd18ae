"""The card of one generation: where it comes from, how it was trained, how good it was measured."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.theme import GRID, PADDING
from app.viewmodels.arena_generations import CardRecord, CardSection
from app.widgets.section import Section
from app.widgets.terms_grid import TermsGrid

_EMPTY = "Choose a generation to read its card."
_READING = "Reading its card ..."
_CLOSED_AT_FIRST = ("network", "settings")


class GenerationCard(QScrollArea):
    """Scrolls where it is longer than its place; which sections are open is the same for all cards."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._closed = set(_CLOSED_AT_FIRST)
        self._record: CardRecord | None = None
        self._title, self._subtitle, self._notes = QLabel(), QLabel(), QLabel()
        for label, role in ((self._title, "large"), (self._subtitle, "quiet"), (self._notes, "quiet")):
            label.setProperty("role", role)
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._sections: list[Section] = []
        host = QWidget()
        self._column = QVBoxLayout(host)
        self._column.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        self._column.setSpacing(GRID)
        for label in (self._title, self._subtitle, self._notes):
            self._column.addWidget(label)
        self._column.addStretch()
        self.setWidget(host)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Card of the generation")
        self.show_card(None, is_reading=False)

    def show_card(self, record: CardRecord | None, *, is_reading: bool) -> None:
        """Show a card; None = none, which is still being read or not chosen."""
        self._title.setText(record.title if record is not None else "")
        words = record.subtitle if record is not None else _READING if is_reading else _EMPTY
        self._subtitle.setText(words)
        self._notes.setText(record.notes if record is not None else "")
        self._notes.setVisible(bool(self._notes.text()))
        if record == self._record:
            return
        self._record = record
        for section in self._sections:
            self._column.removeWidget(section)
            section.hide()
            section.deleteLater()
        self._sections = [self._section(section) for section in (record.sections if record is not None else ())]
        for place, made in enumerate(self._sections):
            self._column.insertWidget(self._column.count() - 1 if place else 3, made)
        self.setAccessibleDescription(_spoken(record))

    def _section(self, section: CardSection) -> Section:
        grid = TermsGrid()
        grid.show_terms(section.terms)
        made = Section(section.name, section.title, "", grid)
        made.set_open(section.name not in self._closed)
        made.toggled.connect(lambda is_open, name=section.name: self._remember(name, is_open=is_open))
        return made

    def _remember(self, name: str, *, is_open: bool) -> None:
        (self._closed.discard if is_open else self._closed.add)(name)


def _spoken(record: CardRecord | None) -> str:
    if record is None:
        return ""
    lines = (f"{term.label}: {term.text}" for section in record.sections for term in section.terms)
    return "; ".join((record.title, record.subtitle, *lines))
