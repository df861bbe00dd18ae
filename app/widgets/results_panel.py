"""What a question found: one row a node with the moves to it, in the order of the question."""

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget
from typing_extensions import override

from app.qt_models.results_model import Column, ResultsModel
from app.theme import GRID, PADDING, Theme
from app.viewmodels import figures
from app.viewmodels.questions import ResultsRecord

_WIDTHS = {Column.WORTH: 84, Column.VISITS: 60, Column.Q: 52, Column.RAW: 52, Column.PRIOR: 52}
_LEAST_MOVES = 96
_GIVEN_UP_FIRST = (Column.RAW, Column.PRIOR, Column.Q)
_INVITATION = "Ask the tree something with Ctrl+F, or choose a lens, and the nodes it finds are listed here."


class ResultsTable(QTableView):
    """The rows. In a narrow place columns are left out, the least telling first.

    Signals:
        node_selected(int): chosen by click or keyboard. node_activated(int): double-clicked, or Enter.
    """

    node_selected = Signal(int)
    node_activated = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = ResultsModel(self)
        self._widths = dict(_WIDTHS)
        self._least = _LEAST_MOVES
        self._selected = -1
        self.setModel(self._model)
        self.setAccessibleName("Results")
        self.setProperty("role", "rows")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideLeft)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setSectionResizeMode(Column.MOVES, QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)
        self.clicked.connect(lambda index: self.node_selected.emit(self._node_at(index.row())))
        self.doubleClicked.connect(lambda index: self.node_activated.emit(self._node_at(index.row())))

    def show_results(self, record: ResultsRecord, path_text: Callable[[int], str]) -> None:
        """Show `record`; the selection and what is in view stay."""
        place = self.verticalScrollBar().value()
        self._model.show_record(record, path_text)
        self._fit_columns()
        self._mark(keeps_view=True)
        self.verticalScrollBar().setValue(place)

    def select_node(self, node: int) -> None:
        """Show `node` as selected, where it is in the list. No signal is emitted."""
        if node != self._selected:
            self._selected = node
            self._mark(keeps_view=False)

    def set_theme(self, theme: Theme) -> None:
        """Change sizes; the rest comes with the style sheet."""
        self._widths = {column: theme.room(width) for column, width in _WIDTHS.items()}
        self._least = theme.room(_LEAST_MOVES)
        self.verticalHeader().setDefaultSectionSize(theme.room(24))
        self._fit_columns()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.currentIndex().row()
        if before >= 0 and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.node_activated.emit(self._node_at(before))
            return
        super().keyPressEvent(event)
        after = self.currentIndex().row()
        if after >= 0 and after != before:
            self.node_selected.emit(self._node_at(after))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _node_at(self, row: int) -> int:
        return self._model.record.rows[row].node

    def _mark(self, *, keeps_view: bool) -> None:
        row = self._model.row_of(self._selected)
        if row < 0:
            self.clearSelection()
            return
        index = self._model.index(row, 0)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, flags)
        if not keeps_view:
            self.scrollTo(index)

    def _fit_columns(self) -> None:
        hidden = {Column.WORTH} if self._model.record.is_column else set()
        for column in _GIVEN_UP_FIRST:
            taken = sum(width for other, width in self._widths.items() if other not in hidden)
            if self.viewport().width() - taken >= self._least:
                break
            hidden.add(column)
        for column, width in self._widths.items():
            self.setColumnWidth(column, width)
            self.setColumnHidden(column, column in hidden)


class ResultsPanel(QWidget):
    """The rows, and above them how many there are of how many.

    Attributes:
        table: the rows, with their signals.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.table = ResultsTable()
        self._caption = QLabel(_INVITATION)
        self._caption.setProperty("role", "quiet")
        self._caption.setWordWrap(True)
        self._caption.setContentsMargins(PADDING, GRID // 2, PADDING, GRID // 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._caption)
        column.addWidget(self.table, 1)
        self.table.hide()
        column.addStretch()

    def show_results(self, record: ResultsRecord, path_text: Callable[[int], str]) -> None:
        """Show what was found."""
        self.table.show_results(record, path_text)
        self.table.setVisible(bool(record.rows))
        self._caption.setText(caption(record))

    def set_theme(self, theme: Theme) -> None:
        """Change sizes."""
        self.table.set_theme(theme)


def caption(record: ResultsRecord) -> str:
    """How many nodes are listed of how many, and in which order."""
    if not record.is_asked:
        return _INVITATION
    if not record.rows:
        return "No node meets the condition now."
    shown, total = len(record.rows), record.total
    many = f"The first {shown} of {figures.count(total)} nodes" if total > shown else _nodes(total)
    return f"{many}, by {record.order}."


def _nodes(count: int) -> str:
    return f"{figures.count(count)} node{'' if count == 1 else 's'}"
