"""The panel of notes and bookmarks: a list to read, to edit in place, and to go to places from."""

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.qt_models.notes_model import ROW_ROLE, NotesModel
from app.theme import GRID, PADDING, Theme
from app.viewmodels.notes import NotesRecord
from app.widgets.icons import set_icon
from app.widgets.notes_delegate import NotesDelegate

_INVITATION = "Nothing noted yet. Select a node and press Ctrl+M to write a note on it, or K to keep the place."
_UNSAVED = "Kept on this machine; saving the search (Ctrl+S) puts the notes into its recording."


class NotesPanel(QWidget):
    """Entries in the order in which they were made.

    Signals:
        chosen(str): go to an entry's place. written(str, str): its text was edited. removed(str): take it out.
        note_wanted(), bookmark_wanted(): begin one about what is looked at.
    """

    chosen = Signal(str)
    written = Signal(str, str)
    removed = Signal(str)
    note_wanted = Signal()
    bookmark_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Notes")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._model, self._delegate = NotesModel(self), NotesDelegate(self)
        self._model.written.connect(self.written)
        self._list = _NotesView(self._model, self._delegate)
        self._list.chosen.connect(self.chosen)
        self._list.removed.connect(self.removed)
        self._list.left.connect(self.written)  # a note that was begun and left without a text goes
        self._note = _button("Note", "Write a note on the node that is inspected. (Ctrl+M)")
        self._note.clicked.connect(self.note_wanted)
        self._bookmark = _button("Bookmark", "Keep this place and moment to come back to. (K)")
        self._bookmark.clicked.connect(self.bookmark_wanted)
        self._invitation = _quiet(_INVITATION)
        self._unsaved = _quiet(_UNSAVED)
        row = QHBoxLayout()
        row.setContentsMargins(PADDING, GRID, PADDING, GRID)
        row.setSpacing(GRID)
        row.addWidget(self._note)
        row.addWidget(self._bookmark)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._invitation, 0, Qt.AlignmentFlag.AlignTop)
        column.addWidget(self._list, 1)
        column.addWidget(self._unsaved)
        self.show_notes(NotesRecord())

    def show_notes(self, record: NotesRecord) -> None:
        """Show `record`."""
        self._model.show_record(record)
        self._invitation.setVisible(not record.rows)
        self._list.setVisible(bool(record.rows))
        self._unsaved.setVisible(record.unsaved and bool(record.rows))

    def edit(self, name: str) -> None:
        """Open the editor of an entry."""
        place = self._model.row_of(name)
        if place >= 0:
            index = self._model.index(place)
            self._list.setCurrentIndex(index)
            self._list.scrollTo(index)
            self._list.edit(index)

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._delegate.set_theme(theme)
        self._list.scheduleDelayedItemsLayout()
        set_icon(self._note, "note-plus-outline", theme)
        set_icon(self._bookmark, "bookmark-plus-outline", theme)


class _NotesView(QListView):
    """The list. Signals: chosen(str), removed(str); left(str, str): an entry's editor was closed, its text now."""

    chosen = Signal(str)
    removed = Signal(str)
    left = Signal(str, str)

    def __init__(self, model: NotesModel, delegate: NotesDelegate) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setAccessibleName("Notes and bookmarks")
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setWordWrap(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        self.clicked.connect(self._choose)

    @override
    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        index = self.currentIndex()
        super().closeEditor(editor, hint)
        if index.isValid():
            self.left.emit(index.data(ROW_ROLE).id, index.data(ROW_ROLE).text)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self._choose(index)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and index.isValid():
            self.removed.emit(index.data(ROW_ROLE).id)
        else:
            super().keyPressEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()  # texts wrap anew

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(index.data(ROW_ROLE).id)

    def _open_menu(self, point: QPoint) -> None:
        index = self.indexAt(point)
        if not index.isValid():
            return
        name = index.data(ROW_ROLE).id
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Go there", lambda: self.chosen.emit(name))
        menu.addAction("Edit", lambda: self.edit(index))
        menu.addAction("Remove", lambda: self.removed.emit(name))
        menu.popup(self.viewport().mapToGlobal(point))


def _button(text: str, tooltip: str) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("role", "compact")
    button.setToolTip(tooltip)
    return button


def _quiet(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "quiet")
    label.setWordWrap(True)
    label.setContentsMargins(PADDING, GRID, PADDING, GRID)
    return label
