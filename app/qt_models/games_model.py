"""The games of a file as a table; a row's headers are read when it comes into view."""

from collections import OrderedDict

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from app.viewmodels.game_file import GameEntry, GameFile

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("", "White", "Black", "Result", "Date", "Event")
_KEPT = 2000
"""Headers remembered."""


class GamesModel(QAbstractTableModel):
    """Rows of a `GameFile`, all of them or those that were searched for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file: GameFile | None = None
        self._found: tuple[int, ...] | None = None
        self._count = 0
        self._entries: OrderedDict[int, GameEntry] = OrderedDict()

    def show_games(self, file: GameFile | None, found: tuple[int, ...] | None) -> None:
        """Show a file, as far as its games were found; `found`: only these."""
        count = 0 if file is None else len(file) if found is None else len(found)
        if file is self._file and found is self._found is None and count >= self._count:
            if count > self._count:
                self.beginInsertRows(QModelIndex(), self._count, count - 1)
                self._count = count
                self.endInsertRows()
            return
        self.beginResetModel()
        if file is not self._file:
            self._entries.clear()
        self._file, self._found, self._count = file, found, count
        self.endResetModel()

    def number(self, row: int) -> int:
        """Which game of the file a row shows."""
        return row if self._found is None else self._found[row]

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._count

    @override
    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        is_title = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return COLUMNS[section] if is_title else None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.TextAlignmentRole):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if index.column() == 0 else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        entry = self._entry(self.number(index.row()))
        return (f"{entry.number + 1:,}", entry.white, entry.black, entry.result, entry.date, entry.event)[
            index.column()
        ]

    def _entry(self, number: int) -> GameEntry:
        if number not in self._entries:
            assert self._file is not None
            try:
                self._entries[number] = self._file.entry(number)
            except OSError as error:
                return GameEntry(number, error.strerror or str(error), "", "", "", "")
            if len(self._entries) > _KEPT:
                self._entries.popitem(last=False)
        return self._entries[number]
