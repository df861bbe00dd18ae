"""One of two that are compared, as a line: who it is, what it found, and what it expects to be played."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy

from app.viewmodels.comparison import SideRecord

_LINE_TOOLTIP = "What this search expects to be played; the first move that differs is underlined. (main line)"
_MOVES_SHOWN = 14
_MOVES_BEFORE = 2
"""Moves that both lines have, shown before the first that differs."""


class SideRow:
    """Letter, name, figures and main line, in four columns of somebody's grid."""

    def __init__(self, letter: str) -> None:
        self._letter = QLabel(letter)
        self._letter.setProperty("role", "key")
        self._name = QLabel()
        self._figures, self._line = QLabel(), QLabel()
        self._figures.setProperty("role", "quiet")
        self._line.setTextFormat(Qt.TextFormat.RichText)
        self._line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def add_to(self, grid: QGridLayout, place: int) -> None:
        """Stand in a row of `grid`."""
        for column, widget in enumerate((self._letter, self._name, self._figures, self._line)):
            grid.addWidget(widget, place, column)

    def show_side(self, side: SideRecord) -> None:
        """Show what is said of it."""
        self._name.setText(side.name)
        self._figures.setText(side.figures)
        moves = []
        first = max(0, side.parts_at - _MOVES_BEFORE)
        if first:
            moves.append("…")
        for place, move in enumerate(side.line[first : first + _MOVES_SHOWN], first):
            text = move.replace("&", "&amp;").replace("<", "&lt;")
            moves.append(f"<b><u>{text}</u></b>" if place == side.parts_at else text)
        self._line.setText("&nbsp; ".join(moves))
        self._line.setAccessibleName(f"Main line of {side.letter}: {' '.join(side.line)}")
        self._line.setToolTip(f"{_LINE_TOOLTIP}\n{' '.join(side.line)}")
