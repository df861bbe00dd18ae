"""The games of a file to choose from: a card over the picture that stays until it is closed."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.qt_models.games_model import GamesModel
from app.theme import GRID, PADDING, Theme
from app.viewmodels.figures import count, percent
from app.viewmodels.game_file import GameFile
from app.widgets.icons import set_icon

_WIDTH, _HEIGHT = 560, 420
_SEARCH_MS = 250
"""After the last letter, before the file is looked through."""
_COLUMNS = (56, 130, 130, 64, 90)


class GameList(QFrame):
    """Hidden until there are games. A click or Enter opens one; Escape closes the list.

    Signals:
        chosen(int): number of a game, counted from 0. words_changed(str): what to search for. closed(): not wanted.
    """

    chosen = Signal(int)
    words_changed = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self._file: GameFile | None = None
        self._model = GamesModel(self)
        self._title = QLabel()
        self._title.setProperty("role", "heading")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._search = QLineEdit()
        self._search.setPlaceholderText("Players, event, year …")
        self._search.setAccessibleName("Search the games")
        self._search.setClearButtonEnabled(True)
        self._close = QToolButton()
        self._close.setProperty("role", "plain")
        self._close.setToolTip("Close the list. (Esc)")
        self._close.setAccessibleName("Close")
        self._close.clicked.connect(self.closed)
        self._table = _GamesView(self._model)
        self._table.chosen.connect(lambda index: self.chosen.emit(self._model.number(index.row())))
        self._timer = QTimer(self, singleShot=True, interval=_SEARCH_MS)
        self._timer.timeout.connect(lambda: self.words_changed.emit(self._search.text()))
        self._search.textEdited.connect(lambda _: self._timer.start())
        self.setProperty("role", "popup")
        self.setAccessibleName("Games of the file")
        self._lay_out()
        parent.installEventFilter(self)
        self.hide()

    def show_games(self, file: GameFile | None, found: tuple[int, ...] | None) -> None:
        """Show the games of `file`, or those `found` in it; None hides the list."""
        if file is not self._file:
            self._search.clear()
        self._file = file
        self._model.show_games(file, found)
        if file is None:
            self.hide()
            return
        many = count(len(file)) if found is None else f"{count(len(found))} of {count(len(file))}"
        so_far = "" if file.is_complete else f" so far ({percent(file.share)} read)"
        self._title.setText(f"{file.name}: {many} games{so_far}")
        if self.isHidden():
            self._place()
            self.show()
            self.raise_()
            self._table.setFocus()
            self._table.selectRow(0)

    def set_theme(self, theme: Theme) -> None:
        """Change the icon and sizes; colours come with the style sheet."""
        set_icon(self._close, "close", theme)
        self._table.verticalHeader().setDefaultSectionSize(theme.body + 11)
        for column, wide in enumerate(_COLUMNS):
            self._table.setColumnWidth(column, theme.room(wide))

    @override
    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _HEIGHT)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        room = self._host.rect().adjusted(PADDING, PADDING, -PADDING, -PADDING)
        self.setGeometry(room.left(), room.top(), min(_WIDTH, room.width()), min(_HEIGHT, room.height()))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self._title, 1)
        row.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, GRID, GRID, GRID)
        column.setSpacing(GRID)
        column.addLayout(row)
        column.addWidget(self._search)
        column.addWidget(self._table, 1)


class _GamesView(QTableView):
    """Signals: chosen(QModelIndex)."""

    chosen = Signal(QModelIndex)

    def __init__(self, model: GamesModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setAccessibleName("Games")
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(24)
        self.clicked.connect(self.chosen)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)
