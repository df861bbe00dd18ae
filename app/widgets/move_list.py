"""The moves of the line, two columns, with the place where the root stands."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget
from typing_extensions import override

from app.qt_models.moves_model import CELL_ROLE, MovesModel
from app.theme import PADDING, Theme
from app.viewmodels.records import MovesRecord

_NUMBER_WIDTH = 44
_START = -1


class MoveList(QWidget):
    """Click a move, or press Enter on it, to go there.

    Signals:
        move_clicked(int): the `index` of the cell chosen.
    """

    move_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = MovesModel(self)
        self._table = _MovesView(self._model)
        self._table.chosen.connect(self.move_clicked)
        self._outcome = QLabel()
        self._outcome.setContentsMargins(PADDING, 4, PADDING, 8)
        self._empty = QLabel("No moves yet. Play one on the board, or paste a game.")
        self._empty.setProperty("role", "quiet")
        self._empty.setWordWrap(True)
        self._empty.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._empty, 0, Qt.AlignmentFlag.AlignTop)
        column.addWidget(self._table, 1)
        column.addWidget(self._outcome)
        self.setAccessibleName("Moves")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.show_moves(MovesRecord())

    def show_moves(self, record: MovesRecord) -> None:
        """Show `record` and keep its current move in view."""
        self._model.show_record(record)
        self._empty.setVisible(not record.cells)
        self._table.setVisible(bool(record.cells))
        self._outcome.setText(record.outcome)
        self._outcome.setVisible(bool(record.outcome))
        current = self._model.current()
        if current.isValid():
            self._table.setCurrentIndex(current)
            self._table.scrollTo(current)

    def set_theme(self, theme: Theme) -> None:
        """Change sizes; colours come with the style sheet."""
        self._table.verticalHeader().setDefaultSectionSize(theme.body + 11)
        self._table.setColumnWidth(0, theme.room(_NUMBER_WIDTH))


class _MovesView(QTableView):
    """The table itself. Signals: chosen(int)."""

    chosen = Signal(int)

    def __init__(self, model: MovesModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setAccessibleName("Moves")
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(24)
        self.setColumnWidth(0, _NUMBER_WIDTH)
        self.clicked.connect(self._choose)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _choose(self, index: QModelIndex) -> None:
        cell = index.data(CELL_ROLE) if index.isValid() else None
        if cell is not None:
            self.chosen.emit(cell.index)
