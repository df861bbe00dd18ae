"""The candidates table as Qt's item views read it: one row an action, in the order of the record."""

from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from app.viewmodels import figures
from app.viewmodels.records import CandidateRow, CandidatesRecord

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole
"""The whole `CandidateRow`, for the delegate that paints the bars."""


class Column(IntEnum):
    """Columns of the table, left to right."""

    MOVE = 0
    SHARES = 1
    VISITS = 2
    Q = 3
    U = 4
    RAW = 5
    IMPROVED = 6


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's name and what it means: one plain sentence, then the term of art."""

    text: str
    tooltip: str


HEADINGS = {
    Column.MOVE: Heading("Move", "The possible moves, most searched first. (actions)"),
    Column.SHARES: Heading(
        "intuition over search",
        "Gold: how much intuition liked the move. Below it: how much of the search went there. (prior P, visit share)",
    ),
    Column.VISITS: Heading("N", "How often the search has looked at this move. (visit count N)"),
    Column.Q: Heading("Q", "How good the search found the move for the player who makes it, −1 to +1. (Q)"),
    Column.U: Heading("U", "How much the search still wants to look here out of curiosity. (exploration term U)"),
    Column.RAW: Heading("V", "How good the position after the move looks at first sight, −1 to +1. (raw value V)"),
    Column.IMPROVED: Heading("π′", "How strongly the next intuition would be taught this move. (improved policy)"),
}


class CandidatesModel(QAbstractTableModel):
    """Holds one record. A new record of the same actions moves rows, so that selection stays with its action."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._record = CandidatesRecord()

    @property
    def record(self) -> CandidatesRecord:
        """What is shown."""
        return self._record

    def show_record(self, record: CandidatesRecord) -> None:
        """Replace what is shown."""
        old = [row.action for row in self._record.rows]
        new = [row.action for row in record.rows]
        if sorted(old) != sorted(new):
            self.beginResetModel()
            self._record = record
            self.endResetModel()
            return
        if old != new:
            self._reorder(record, new)
        self._record = record
        if new:
            self.dataChanged.emit(self.index(0, 0), self.index(len(new) - 1, len(Column) - 1))

    def row_of(self, action: int) -> int:
        """The row of an action, or -1."""
        return next((place for place, row in enumerate(self._record.rows) if row.action == action), -1)

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
        row = self._record.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(row, Column(index.column()))
        if role == Qt.ItemDataRole.ToolTipRole:
            return row_tooltip(row) or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            is_left = index.column() in (Column.MOVE, Column.SHARES)
            side = Qt.AlignmentFlag.AlignLeft if is_left else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        return row if role == ROW_ROLE else None

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        heading = HEADINGS[Column(section)]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            is_left = section in (Column.MOVE, Column.SHARES)
            side = Qt.AlignmentFlag.AlignLeft if is_left else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return heading.tooltip
        return heading.text if role == Qt.ItemDataRole.DisplayRole else None

    def _reorder(self, record: CandidatesRecord, order: list[int]) -> None:
        place_of = {action: place for place, action in enumerate(order)}
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        moved = [place_of[self._record.rows[index.row()].action] for index in kept]
        self._record = record
        to = [self.index(place, index.column()) for place, index in zip(moved, kept, strict=True)]
        self.changePersistentIndexList(kept, to)
        self.layoutChanged.emit()


def row_tooltip(row: CandidateRow) -> str:
    """What there is to say of an action beside its figures: why it was cut, what is proven, what was lent."""
    parts = [row.notice]
    if row.certain:
        parts.append(f"Proven: {row.certain}.")
    if row.borrowed or row.lent:
        due = f", {figures.count(row.lent)} more to come" if row.lent else ""
        parts.append(f"{figures.count(row.borrowed)} visits were lent to it{due}; they do not count here.")
    return " ".join(filter(None, parts))


def lent_text(row: CandidateRow) -> str:
    """The visits that a person lent to an action, made and to come, for its cell; "" for none."""
    lent = row.borrowed + row.lent
    return f"+{figures.short_count(lent)} lent" if lent else ""


def cell_text(row: CandidateRow, column: Column) -> str:
    """What stands in a cell; figures keep their width as they change."""
    texts = {
        Column.MOVE: row.text,
        Column.SHARES: f"{figures.percent(row.prior)} / {figures.percent(row.visit_share)}",
        Column.VISITS: figures.count(row.visits),
        Column.Q: row.certain if row.certain and not row.pruned else figures.signed(row.q, 3),
        Column.U: figures.signed(row.u, 3).removeprefix("+"),
        Column.RAW: figures.signed(row.raw_value, 3),
        Column.IMPROVED: figures.percent(row.improved_policy),
    }
    return texts[column]
