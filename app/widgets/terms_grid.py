"""Figures in two columns: what it is called, and how much it is."""

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.theme import GRID
from app.viewmodels.why_records import TermRecord


class TermsGrid(QWidget):
    """One line a term; labels are made anew only when the terms are others, so that ticking figures do not flicker.

    Signals:
        moment_wanted(int): a figure that names a simulation was clicked.
    """

    moment_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._lines: list[tuple[QLabel, QLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(GRID // 2)
        self._grid.setColumnStretch(1, 1)

    def show_terms(self, terms: tuple[TermRecord, ...]) -> None:
        """Show `terms` from top to bottom."""
        names = tuple(term.label for term in terms)
        if names != self._names:
            self._rebuild(names)
        for (label, value), term in zip(self._lines, terms, strict=True):
            label.setToolTip(term.tooltip)
            value.setToolTip(term.tooltip)
            # A link's colour and underline come from the palette, its address is the simulation.
            value.setText(f'<a href="{term.moment}">{escape(term.text)}</a>' if term.moment >= 0 else term.text)

    def _rebuild(self, names: tuple[str, ...]) -> None:
        for line in self._lines:
            for widget in line:
                self._grid.removeWidget(widget)
                widget.deleteLater()
        self._names, self._lines = names, []
        for place, name in enumerate(names):
            label, value = QLabel(name), QLabel()
            label.setProperty("role", "quiet")
            value.setWordWrap(True)
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
            value.linkActivated.connect(lambda address: self.moment_wanted.emit(int(address)))
            value.setAccessibleName(name)
            self._grid.addWidget(label, place, 0)
            self._grid.addWidget(value, place, 1)
            self._lines.append((label, value))
