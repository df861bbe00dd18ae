"""What the query bar says over the picture: the words one could mean, or why what is written cannot be read."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QHeaderView, QLabel, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from app.theme import DARK, GRID, PADDING, Theme, font
from engine.tree.query_words import Completion

_MOST_ROWS = 8
_WIDTH = 560
_WORD, _MEANING, _EXTENT = range(3)


class QueryHints(QFrame):
    """Lies over its parent, above the bar, and takes no focus: keys stay with the line that is being written.

    Signals:
        word_clicked(object): the `Completion` that was clicked.
    """

    word_clicked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "popup")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._theme = DARK
        self._words: list[Completion] = []
        self._error = QLabel()
        self._error.setWordWrap(True)
        self._error.setTextFormat(Qt.TextFormat.PlainText)
        self._error.setContentsMargins(PADDING, GRID, PADDING, GRID)
        self._list = QTreeWidget()
        self._list.setColumnCount(3)
        self._list.setHeaderHidden(True)
        self._list.setRootIsDecorated(False)
        self._list.setUniformRowHeights(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName("Words that can be asked")
        header = self._list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_WORD, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_MEANING, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_EXTENT, QHeaderView.ResizeMode.ResizeToContents)
        self._list.itemClicked.connect(lambda item: self.word_clicked.emit(self._words[self._row_of(item)]))
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._error)
        column.addWidget(self._list)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and text sizes."""
        self._theme = theme

    def show_words(self, words: list[Completion], above: QPoint, room: int) -> None:
        """Show words above a place of the parent, at most `room` pixels wide; none is chosen yet. No words: hide."""
        if not words:
            self.hide()
            return
        self._words = words
        self._error.hide()
        self._list.clear()
        for word in words:
            item = QTreeWidgetItem([word.text, word.meaning, word.extent])
            item.setFont(_WORD, font(self._theme.body, strong=True))
            item.setFont(_EXTENT, font(self._theme.small))
            item.setForeground(_MEANING, QColor(self._theme.quiet))
            item.setForeground(_EXTENT, QColor(self._theme.quiet))
            item.setToolTip(_MEANING, word.meaning)
            self._list.addTopLevelItem(item)
        row = self._list.sizeHintForRow(0)
        self._list.setFixedHeight(row * min(len(words), _MOST_ROWS) + 2)
        self._list.show()
        self._place(above, room)

    def show_error(self, sentence: str, above: QPoint, room: int) -> None:
        """Show why a question cannot be read."""
        self._list.hide()
        self._error.setText(sentence)
        self.setAccessibleName(sentence)
        self._error.show()
        self._place(above, room)

    @property
    def has_words(self) -> bool:
        """Whether there are words to choose from."""
        return self.isVisible() and self._list.isVisible()

    @property
    def chosen(self) -> Completion | None:
        """The word that a person went to, or None."""
        item = self._list.currentItem() if self.has_words else None
        return self._words[self._row_of(item)] if item is not None else None

    @property
    def first(self) -> Completion | None:
        """The likeliest word, or None."""
        return self._words[0] if self.has_words else None

    def go(self, count: int) -> None:
        """Go so many words down, or up, round the end."""
        item = self._list.currentItem()
        row = self._row_of(item) + count if item is not None else (0 if count > 0 else -1)
        chosen = self._list.topLevelItem(row % self._list.topLevelItemCount())
        if chosen is not None:
            self._list.setCurrentItem(chosen)

    def _row_of(self, item: QTreeWidgetItem) -> int:
        return self._list.indexOfTopLevelItem(item)

    def _place(self, above: QPoint, room: int) -> None:
        self.ensurePolished()
        width = min(room, self._theme.room(_WIDTH))
        height = self._column.totalHeightForWidth(width) if self._column.hasHeightForWidth() else -1
        if height < 0:
            height = self._column.totalSizeHint().height()
        self.setGeometry(above.x(), max(0, above.y() - height), width, height)
        self.show()
        self.raise_()
