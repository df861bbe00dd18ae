"""Notes and bookmarks as Qt's item views read them: one row an entry, in the order in which they were made."""

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

from app.viewmodels.notes import NoteRow, NotesRecord

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole
"""The whole `NoteRow`, for the delegate."""


class NotesModel(QAbstractListModel):
    """Holds one record; the text of an entry can be edited.

    Signals:
        written(str, str): an entry's id and its new text.
    """

    written = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._record = NotesRecord()

    def show_record(self, record: NotesRecord) -> None:
        """Replace what is shown; an editor that is open stays open where the entries are the same."""
        before = [row.id for row in self._record.rows]
        if before == [row.id for row in record.rows]:
            self._record = record
            if before:
                self.dataChanged.emit(self.index(0), self.index(len(before) - 1))
            return
        self.beginResetModel()
        self._record = record
        self.endResetModel()

    def row_of(self, name: str) -> int:
        """The row of an entry, or -1."""
        return next((place for place, row in enumerate(self._record.rows) if row.id == name), -1)

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._record.rows)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._record.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return row.text
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return note_words(row)
        return row if role == ROW_ROLE else None

    @override
    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        self.written.emit(self._record.rows[index.row()].id, str(value))
        return True


def place_words(row: NoteRow) -> str:
    """Where and when an entry is about."""
    return f"{row.place} {row.moment}".strip()


def note_words(row: NoteRow) -> str:
    """An entry in words."""
    return f"{'Bookmark' if row.is_bookmark else 'Note'} on {place_words(row)}: {row.text}"
