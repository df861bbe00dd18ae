"""The command palette: type a few letters of what is wanted, press Enter. It lies over the window's upper edge."""

from collections.abc import Iterable

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.theme import DARK, GRID, PADDING, Theme, color, font
from app.viewmodels.palette import Entry, found

_WIDTH, _ROWS = 560, 12
_AROUND = 72
"""Pixels of its height that are not rows."""
_ENTRY = Qt.ItemDataRole.UserRole


class CommandPalette(QFrame):
    """A line and a list under it. Up and Down choose, Enter carries out, Escape or a click beside closes.

    Signals:
        chosen(str): name of the command to carry out; the palette is closed already.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._host = parent
        self.setProperty("role", "popup")
        self.setAccessibleName("Command palette")
        self._entries: tuple[Entry, ...] = ()
        self._line = QLineEdit()
        self._line.setPlaceholderText("What do you want to do?")
        self._line.setAccessibleName("Command")
        self._line.textChanged.connect(self._find)
        self._line.returnPressed.connect(self._choose)
        self._line.installEventFilter(self)
        self._list = QListWidget()
        self._list.setAccessibleName("Commands found")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.itemClicked.connect(lambda _: self._choose())
        self._delegate = _Rows(self._list)
        self._list.setItemDelegate(self._delegate)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        column.setSpacing(GRID)
        column.addWidget(self._line)
        column.addWidget(self._list)

    def open_with(self, entries: Iterable[Entry]) -> None:
        """Open over the window with what can be done now."""
        self._entries = tuple(entries)
        self._line.clear()
        self._find("")
        host = self._host.window()
        width = min(_WIDTH, host.width() - 2 * PADDING)
        self.setFixedWidth(width)
        self.move(host.mapToGlobal(QPoint((host.width() - width) // 2, 6 * GRID)))
        self.show()
        self._line.setFocus()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._delegate.theme = theme

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            ways = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: _ROWS, Qt.Key.Key_PageUp: -_ROWS}
            if event.key() in ways:
                row = self._list.currentRow() + ways[Qt.Key(event.key())]
                self._list.setCurrentRow(min(max(row, 0), self._list.count() - 1))
                return True
        return super().eventFilter(watched, event)

    def _find(self, typed: str) -> None:
        self._list.clear()
        for entry in found(self._entries, typed):
            item = QListWidgetItem(entry.text)
            item.setData(_ENTRY, entry)
            if not entry.enabled:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        rows = min(max(self._list.count(), 1), _ROWS)
        self.setFixedHeight(min(self._delegate.height() * rows + _AROUND, self._host.window().height() - 2 * PADDING))

    def _choose(self) -> None:
        item = self._list.currentItem()
        entry: Entry | None = item.data(_ENTRY) if item is not None else None
        if entry is not None and entry.enabled:
            self.hide()
            self.chosen.emit(entry.name)


class _Rows(QStyledItemDelegate):
    """A command's words on the left, its menu and keys on the right."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = DARK

    def height(self) -> int:
        """Pixels of a row."""
        return self.theme.body + 2 * GRID

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, self.height())

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry: Entry = index.data(_ENTRY)
        theme, area = self.theme, QRect(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, color(theme.hover))
        area.adjust(GRID, 0, -GRID, 0)
        painter.setFont(font(theme.body))
        painter.setPen(color(theme.text if entry.enabled else theme.pruned))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, entry.text)
        painter.setFont(font(theme.small))
        painter.setPen(color(theme.quiet))
        beside = f"{entry.place}   {entry.keys}" if entry.keys else entry.place
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, beside)
        painter.restore()
