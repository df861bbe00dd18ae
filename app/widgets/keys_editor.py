"""The page on which keys are changed: every command with its key, over the window."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.theme import DARK, GRID, Theme, color

Index = QModelIndex | QPersistentModelIndex
_KEY, _NAME = 2, Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One command. `is_changed`: its keys are not those it came with."""

    name: str
    text: str
    place: str
    keys: str
    is_changed: bool = False


class KeysEditor(QWidget):
    """Covers its parent. Double-click or Enter on a row, then press the new key; Delete takes a key away.

    Signals:
        key_chosen(str, str): a command's name, and its new key, "" = none.
        reset_wanted(str): the command's keys as they were; "" = of all commands.
    """

    key_chosen = Signal(str, str)
    reset_wanted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self._theme = DARK
        self._rows: tuple[KeyRow, ...] = ()
        title = QLabel("Change keys")
        title.setProperty("role", "title")
        self._said = QLabel("Double-click a key and press another. Delete takes it away.")
        self._said.setProperty("role", "quiet")
        self._filter = QLineEdit()
        self._filter.setPlaceholderText("Find a command")
        self._filter.setAccessibleName("Find a command")
        self._filter.textChanged.connect(self._fill)
        self._table = _table()
        self._table.setItemDelegateForColumn(_KEY, _KeyDelegate(self._table, self._edited))
        self._table.installEventFilter(self)
        one, every, done = QPushButton("Reset this"), QPushButton("Reset all"), QPushButton("Done")
        one.clicked.connect(lambda: self.reset_wanted.emit(self._name_at(self._table.currentRow())))
        every.clicked.connect(lambda: self.reset_wanted.emit(""))
        done.clicked.connect(self.hide)
        buttons = QHBoxLayout()
        buttons.addWidget(self._said, 1)
        for button in (one, every, done):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * GRID, 5 * GRID, 6 * GRID, 5 * GRID)
        column.setSpacing(2 * GRID)
        for widget in (title, self._filter):
            column.addWidget(widget)
        column.addWidget(self._table, 1)
        column.addLayout(buttons)
        self.setAccessibleName("Change keys")
        parent.installEventFilter(self)
        self.hide()

    def open_with(self, rows: Sequence[KeyRow]) -> None:
        """Cover the parent with all commands."""
        self.show_rows(rows, "")
        self.setGeometry(self._host.rect())
        self.show()
        self.raise_()
        self._filter.setFocus()

    def show_rows(self, rows: Sequence[KeyRow], said: str) -> None:
        """Show keys as they are now, and what came of the last change."""
        self._rows = tuple(rows)
        if said:
            self._said.setText(said)
        self._fill()

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), color(self._theme.background))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() is QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._host.rect())
        if watched is self._table and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            item = self._table.item(self._table.currentRow(), _KEY)
            if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and item is not None:
                self.key_chosen.emit(str(item.data(_NAME)), "")
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
                self._table.editItem(item)
                return True
        return super().eventFilter(watched, event)

    def _fill(self) -> None:
        typed = self._filter.text().casefold()
        rows = [row for row in self._rows if typed in f"{row.text} {row.place} {row.keys}".casefold()]
        current = self._table.currentRow()
        self._table.setRowCount(len(rows))
        for number, row in enumerate(rows):
            for place, text in enumerate((row.text, row.place, row.keys)):
                item = QTableWidgetItem(text)
                item.setData(_NAME, row.name)
                flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
                item.setFlags(flags | Qt.ItemFlag.ItemIsEditable if place == _KEY else flags)
                words = item.font()
                words.setBold(row.is_changed and place == _KEY)
                item.setFont(words)
                self._table.setItem(number, place, item)
        self._table.setCurrentCell(min(max(current, 0), len(rows) - 1), _KEY)

    def _name_at(self, row: int) -> str:
        item = self._table.item(row, _KEY)
        return str(item.data(_NAME)) if item is not None else ""

    def _edited(self, row: int, key: str) -> None:
        if key:
            self.key_chosen.emit(self._name_at(row), key)


class _KeyDelegate(QStyledItemDelegate):
    """Takes the next key pressed."""

    def __init__(self, parent: QWidget, edited: Callable[[int, str], None]) -> None:
        super().__init__(parent)
        self._edited = edited

    @override
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QKeySequenceEdit(parent)
        editor.setMaximumSequenceLength(1)
        # It says so once more when the view takes the focus from it, and belongs to no view by then.
        once = Qt.ConnectionType.SingleShotConnection
        editor.editingFinished.connect(lambda: self._finish(editor), once)
        return editor

    @override
    def setEditorData(self, editor: QWidget, index: Index) -> None:
        pass  # it begins empty: the next key pressed is the one

    @override
    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, QKeySequenceEdit)
        self._edited(index.row(), editor.keySequence().toString(QKeySequence.SequenceFormat.PortableText))

    def _finish(self, editor: QKeySequenceEdit) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor)


def _table() -> QTableWidget:
    table = QTableWidget(0, 3)
    table.setHorizontalHeaderLabels(["Command", "Menu", "Key"])
    table.verticalHeader().hide()
    table.setShowGrid(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
    table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
    table.setColumnWidth(_KEY, 180)
    table.setAccessibleName("Commands and their keys")
    return table
