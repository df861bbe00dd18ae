"""The ladder's figures: rating, games, score, and how surely each player is stronger than the next."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget
from typing_extensions import override

from app.theme import DARK, Theme
from app.viewmodels.arena_ladder import LadderRow, sure_percent
from app.viewmodels.figures import MISSING, count, percent

_HEADS = (
    ("Player", "Generation and simulations for each move, or an outside engine."),
    ("Elo", "Strength on the scale said above. (rating)"),
    ("±", "Half of the 95 % interval; “held” for an anchor. (confidence interval)"),
    ("Games", "Games that the rating is made of."),
    ("Score", "Share of the points won in them."),
    ("Above next", "Chance to be stronger than the next in the list. (likelihood of superiority)"),
)
_WIDTHS = (0, 62, 92, 60, 60, 88)
_NAMES_FROM = 480
"""Pixels of the table from which names are repeated in it; the rows of the picture beside it have them anyway."""
HEAD_ROOM = 14
"""Pixels of the head beside its letters, as above the picture."""


class LadderTable(QTableWidget):
    """One row a player, the strongest first.

    Signals:
        row_selected(int): a row was chosen.
    """

    row_selected = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(_HEADS), parent)
        self._theme = DARK
        self.setProperty("role", "rows")
        self.setAccessibleName("Table of ratings")
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        for column, (text, tooltip) in enumerate(_HEADS):
            head = QTableWidgetItem(text)
            head.setToolTip(tooltip)
            side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
            head.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(column, head)
            mode = QHeaderView.ResizeMode.Stretch if column == 0 else QHeaderView.ResizeMode.Fixed
            header.setSectionResizeMode(column, mode)
        self.itemSelectionChanged.connect(lambda: self.row_selected.emit(self.currentRow()))
        self.set_theme(DARK)

    def show_rows(self, rows: tuple[LadderRow, ...]) -> None:
        """Show these players; the selection stays at its place."""
        self.blockSignals(True)
        self.setRowCount(len(rows))
        for place, row in enumerate(rows):
            for column, text in enumerate(_texts(row)):
                item = self.item(place, column)
                if item is None:
                    item = QTableWidgetItem()
                    side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
                    item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                    self.setItem(place, column, item)
                item.setText(text)
                item.setToolTip(row.sentence)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{row.name}, {_HEADS[column][0]}: {text}")
        self.blockSignals(False)

    def show_selected(self, place: int) -> None:
        """Mark a row, or none with -1. Emits nothing."""
        self.blockSignals(True)
        if place >= 0:
            self.selectRow(place)
        else:
            self.clearSelection()
        self.blockSignals(False)

    def set_theme(self, theme: Theme) -> None:
        """Change sizes."""
        self._theme = theme
        self.verticalHeader().setDefaultSectionSize(theme.body + 13)
        self.horizontalHeader().setFixedHeight(theme.small + HEAD_ROOM)
        self._share_width()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        has_names = self.width() >= self._theme.room(_NAMES_FROM)
        self.setColumnHidden(0, not has_names)
        self._share_width()

    def _share_width(self) -> None:
        """With names each column has its room; without, the room is shared out in proportion."""
        room = self.viewport().width() / sum(_WIDTHS) if self.isColumnHidden(0) else self._theme.room(100) / 100
        for column, width in enumerate(_WIDTHS):
            if width:
                self.setColumnWidth(column, int(width * room))


def _texts(row: LadderRow) -> tuple[str, ...]:
    above = MISSING if row.above_next is None else sure_percent(row.above_next)
    return row.name, row.elo_text, row.margin_text, count(row.games), percent(row.score), above
