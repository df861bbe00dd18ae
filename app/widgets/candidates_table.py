"""The candidates table: what intuition thought of each move, what the search found, and what was cut."""

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget
from typing_extensions import override

from app.qt_models.candidates_model import HEADINGS, ROW_ROLE, CandidatesModel, Column
from app.theme import DARK, PADDING, Theme, color, font
from app.viewmodels.records import CandidateRow, CandidatesRecord
from app.widgets.candidates_delegate import CandidatesDelegate
from app.widgets.candidates_header import CandidatesHeader

_WIDTHS = {Column.MOVE: 76, Column.VISITS: 64, Column.Q: 62, Column.U: 56, Column.RAW: 60, Column.IMPROVED: 60}
_LEAST_SHARES = 150
_GIVEN_UP_FIRST = (Column.IMPROVED, Column.U, Column.RAW, Column.VISITS)
NO_ACTION = -1
_INVITATION = "Nothing has been searched yet. Press Start, or Space, and the moves appear here."


class CandidatesTable(QTableView):
    """One row an action with two bars, gold over ivory, and its figures.

    In a narrow place columns are left out, the least telling first; the header's menu says which may be shown.

    Signals:
        action_hovered(int): the action under the pointer, -1 for none.
        action_selected(int): chosen by click or keyboard. action_activated(int): double-clicked, or Enter.
        cut_requested(int), restore_requested(int): the Delete key. menu_requested(int, QPoint): what can be done with
            an action is asked for, at a place of the screen.
    """

    action_hovered = Signal(int)
    action_selected = Signal(int)
    action_activated = Signal(int)
    cut_requested = Signal(int)
    restore_requested = Signal(int)
    menu_requested = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = CandidatesModel(self)
        self._delegate = CandidatesDelegate(self)
        self._unwanted: frozenset[Column] = frozenset()
        self._hovered = NO_ACTION
        self._theme = DARK
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName("Candidates")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        self._header = header = CandidatesHeader(self)
        self.setHorizontalHeader(header)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Column.SHARES, QHeaderView.ResizeMode.Stretch)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._open_header_menu)
        self._fit_rows()
        self._fit_columns()
        self.entered.connect(lambda index: self._hover(index.data(ROW_ROLE).action))
        self.clicked.connect(lambda index: self.action_selected.emit(index.data(ROW_ROLE).action))
        self.doubleClicked.connect(lambda index: self.action_activated.emit(index.data(ROW_ROLE).action))
        self.customContextMenuRequested.connect(self._open_row_menu)

    def show_candidates(self, record: CandidatesRecord) -> None:
        """Show `record`; the selection stays with its action."""
        longest = max((max(row.prior, row.visit_share) for row in record.rows), default=1.0)
        self._delegate.show_state(stale=record.stale, longest=longest)
        self._model.show_record(record)

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self._delegate.set_theme(theme)
        self._header.set_theme(theme)
        self._fit_rows()
        self._fit_columns()
        self.viewport().update()

    def select_action(self, action: int) -> None:
        """Show `action` as selected; -1 selects nothing. No signal is emitted."""
        row = self._model.row_of(action)
        if row < 0:
            self.clearSelection()
        else:
            self.setCurrentIndex(self._model.index(row, 0))

    def set_unwanted(self, columns: frozenset[Column]) -> None:
        """Columns never to show, however much room there is."""
        self._unwanted = columns
        self._fit_columns()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._model.record.rows:
            return
        painter = QPainter(self.viewport())
        painter.setFont(font(self._theme.small))
        painter.setPen(color(self._theme.quiet))
        room = self.viewport().rect().adjusted(PADDING, PADDING, -PADDING, -PADDING)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap, _INVITATION)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(NO_ACTION)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self._current_row()
        if row is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.action_activated.emit(row.action)
        elif row is not None and event.key() == Qt.Key.Key_Delete:
            (self.restore_requested if row.pruned else self.cut_requested).emit(row.action)
        else:
            super().keyPressEvent(event)
            moved_to = self._current_row()
            if moved_to is not None and moved_to != row:
                self.action_selected.emit(moved_to.action)

    def _current_row(self) -> CandidateRow | None:
        index = self.currentIndex()
        return self._model.record.rows[index.row()] if index.isValid() else None

    def _hover(self, action: int) -> None:
        if action != self._hovered:
            self._hovered = action
            self.action_hovered.emit(action)

    def _fit_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._delegate.row_height())

    def _fit_columns(self) -> None:
        """Leave out columns until the bars have room."""
        hidden = set(self._unwanted)
        widths = {column: self._theme.room(width) for column, width in _WIDTHS.items()}
        for column in _GIVEN_UP_FIRST:
            taken = sum(width for other, width in widths.items() if other not in hidden)
            if self.viewport().width() - taken >= self._theme.room(_LEAST_SHARES):
                break
            hidden.add(column)
        for column, width in widths.items():
            self.setColumnWidth(column, width)
        for column in Column:
            self.setColumnHidden(column, column in hidden)

    def _open_row_menu(self, point: QPoint) -> None:
        index = self.indexAt(point)
        if index.isValid():
            self.menu_requested.emit(index.data(ROW_ROLE).action, self.viewport().mapToGlobal(point))

    def _open_header_menu(self, point: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in _WIDTHS:
            if column is Column.MOVE:
                continue
            action = QAction(HEADINGS[column].text, menu, checkable=True, checked=column not in self._unwanted)
            action.toggled.connect(lambda wanted, c=column: self._want(c, wanted))
            menu.addAction(action)
        menu.popup(self.horizontalHeader().mapToGlobal(point))

    def _want(self, column: Column, wanted: bool) -> None:
        self.set_unwanted(self._unwanted - {column} if wanted else self._unwanted | {column})
