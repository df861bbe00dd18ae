"""The list of results as Qt's item views read it: one row a node, in the order of the record."""

from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from app.qt_models.candidates_model import Heading
from app.viewmodels import figures
from app.viewmodels.questions import ResultRow, ResultsRecord

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """Columns of the list, left to right."""

    MOVES = 0
    WORTH = 1
    VISITS = 2
    Q = 3
    RAW = 4
    PRIOR = 5


HEADINGS = {
    Column.MOVES: Heading("Moves", "The moves from the root to the node. (path)"),
    Column.WORTH: Heading("by", "What the list is in the order of, the highest first. (order)"),
    Column.VISITS: Heading("N", "How often the search has looked at the node. (visit count N)"),
    Column.Q: Heading("Q", "How good search found it for the player who chose it, −1 to +1. (Q)"),
    Column.RAW: Heading("V", "How good it looks at first sight, for the same player. (raw value V)"),
    Column.PRIOR: Heading("P", "How much intuition liked the move before any search. (prior P)"),
}


class ResultsModel(QAbstractTableModel):
    """Holds one record; rows keep their selection as they change places."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._record = ResultsRecord()
        self._path_text: Callable[[int], str] = lambda _: ""

    @property
    def record(self) -> ResultsRecord:
        """What is shown."""
        return self._record

    def show_record(self, record: ResultsRecord, path_text: Callable[[int], str]) -> None:
        """Replace what is shown; `path_text` gives the moves to a node."""
        self.beginResetModel()
        self._record, self._path_text = record, path_text
        self.endResetModel()

    def row_of(self, node: int) -> int:
        """The row of a node, or -1."""
        return next((place for place, row in enumerate(self._record.rows) if row.node == node), -1)

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._record.rows)

    @override
    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(Column)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row, column = self._record.rows[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole or (role == Qt.ItemDataRole.ToolTipRole and column is Column.MOVES):
            return self._text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return row if role == Qt.ItemDataRole.UserRole else None

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        column = Column(section)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return HEADINGS[column].tooltip
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._record.order if column is Column.WORTH else HEADINGS[column].text

    def _text(self, row: ResultRow, column: Column) -> str:
        match column:
            case Column.MOVES:
                return self._path_text(row.node)
            case Column.WORTH:
                return row.worth
            case Column.VISITS:
                return figures.count(row.visits)
            case Column.Q:
                return figures.signed(row.q)
            case Column.RAW:
                return figures.signed(row.raw_value)
            case Column.PRIOR:
                return figures.percent(row.prior)


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column is Column.MOVES else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
