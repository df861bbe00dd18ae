"""The move list as a table of three columns: number, the first player's move, the second player's."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from app.viewmodels.records import MoveCell, MovesRecord

Index = QModelIndex | QPersistentModelIndex
Pair = tuple[str, MoveCell | None, MoveCell | None]
CELL_ROLE = Qt.ItemDataRole.UserRole
"""The `MoveCell`, or None beside the moves."""


class MovesModel(QAbstractTableModel):
    """Holds one record."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Pair, ...] = ()

    def show_record(self, record: MovesRecord) -> None:
        """Replace what is shown."""
        self.beginResetModel()
        self._rows = pairs(record.cells)
        self.endResetModel()

    def current(self) -> QModelIndex:
        """Where the root stands; invalid at the start of the line."""
        for place, row in enumerate(self._rows):
            for column in (1, 2):
                cell = row[column]
                if isinstance(cell, MoveCell) and cell.current:
                    return self.index(place, column)
        return QModelIndex()

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 3

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        held = self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return held.text if isinstance(held, MoveCell) else held
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if index.column() == 0 else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return held if role == CELL_ROLE and isinstance(held, MoveCell) else None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        is_move = index.isValid() and isinstance(self._rows[index.row()][index.column()], MoveCell)
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if is_move else Qt.ItemFlag.NoItemFlags


def pairs(cells: tuple[MoveCell, ...]) -> tuple[Pair, ...]:
    """Moves in rows of two. A cell without a number, or whose number ends in dots, is the second player's."""
    rows: list[Pair] = []
    for cell in cells:
        is_second = cell.number == "" or cell.number.endswith(("…", "..."))
        if not is_second:
            rows.append((cell.number, cell, None))
        elif rows and rows[-1][2] is None and cell.number == "":
            rows[-1] = (*rows[-1][:2], cell)
        else:
            rows.append((cell.number, None, cell))
    return tuple(rows)
