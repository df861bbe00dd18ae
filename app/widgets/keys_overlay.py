"""All keys on one page, over the window ("?")."""

from itertools import combinations, pairwise

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from app.theme import DARK, GRID, Theme, color

Group = tuple[str, list[tuple[str, str]]]
"""A heading, and pairs of keys and what they do."""
_COLUMN = 280
"""Pixels a column needs."""
_MOST_COLUMNS = 4
_LETTERS = 40
"""That one line of a column has room for."""


class KeysOverlay(QWidget):
    """Covers its parent; any click or Escape closes it.

    Signals:
        closed(): it was closed by a person.
    """

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self._theme = DARK
        self._scroll = QScrollArea()  # a low window shows as many as it can
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        title = QLabel("Keys")
        title.setProperty("role", "title")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(5 * GRID, 3 * GRID, 5 * GRID, 3 * GRID)
        rows.setSpacing(2 * GRID)
        rows.addWidget(title)
        rows.addWidget(self._scroll, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Keys")
        parent.installEventFilter(self)
        self.hide()

    def show_keys(self, groups: list[Group]) -> None:
        """Cover the parent with `groups`, balanced over columns."""
        room = self._host.width() // self._theme.room(_COLUMN)
        page = _page(balanced(groups, columns=min(max(room, 1), _MOST_COLUMNS)))
        self._scroll.setWidget(page)
        page.setAutoFillBackground(False)
        self.setGeometry(self._host.rect())
        self.show()
        self.raise_()
        self.setFocus()

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), color(self._theme.background, 0.96))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._close()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Question):
            self._close()
        else:
            super().keyPressEvent(event)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._host.rect())
        return super().eventFilter(watched, event)

    def _close(self) -> None:
        self.hide()
        self.closed.emit()


def balanced(groups: list[Group], columns: int) -> list[list[Group]]:
    """The groups in reading order over at most `columns` columns, the longest of them as short as can be."""
    lines = [_lines(keys) + 2 for _, keys in groups]
    inner = range(1, len(groups))
    ways = [(0, *cuts, len(groups)) for cuts in combinations(inner, min(columns - 1, len(inner)))]
    best = min(ways, key=lambda way: max(sum(lines[start:end]) for start, end in pairwise(way)))
    return [groups[start:end] for start, end in pairwise(best)]


def _lines(keys: list[tuple[str, str]]) -> int:
    """About how many lines a group takes; beside long names of keys the words need two."""
    room = max(_LETTERS - max((len(key) for key, _ in keys), default=0), 1)
    return sum(-(-len(what) // room) for _, what in keys)


def _page(columns: list[list[Group]]) -> QWidget:
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4 * GRID)
    for column in columns:
        side = QVBoxLayout()
        side.setSpacing(0)
        for heading, keys in column:
            side.addWidget(_group(heading, keys))
        side.addStretch()
        row.addLayout(side, 1)
    return page


def _group(heading: str, keys: list[tuple[str, str]]) -> QWidget:
    group = QWidget()
    grid = QGridLayout(group)
    grid.setContentsMargins(0, 0, 0, GRID)
    grid.setHorizontalSpacing(2 * GRID)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(1, 1)
    title = QLabel(heading)
    title.setProperty("role", "heading")
    grid.addWidget(title, 0, 0, 1, 2)
    for place, (key, what) in enumerate(keys, start=1):
        name = QLabel(key)
        name.setProperty("role", "key")
        text = QLabel(what)
        text.setWordWrap(True)
        grid.addWidget(name, place, 0, alignment=Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        grid.addWidget(text, place, 1)
    return group
