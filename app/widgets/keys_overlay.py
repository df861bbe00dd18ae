"""All keys on one page, over the window ("?")."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from app.theme import DARK, GRID, Theme, color

Group = tuple[str, list[tuple[str, str]]]
"""A heading, and pairs of keys and what they do."""
_WIDE = 900
"""From this many pixels on there is room for three columns."""


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
        self._page = QWidget()
        title = QLabel("Keys")
        title.setProperty("role", "title")
        self._rows = rows = QVBoxLayout(self)
        rows.setContentsMargins(6 * GRID, 5 * GRID, 6 * GRID, 5 * GRID)
        rows.setSpacing(3 * GRID)
        rows.addWidget(title)
        rows.addWidget(self._page)
        rows.addStretch()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Keys")
        parent.installEventFilter(self)
        self.hide()

    def show_keys(self, groups: list[Group]) -> None:
        """Cover the parent with `groups`, balanced over columns."""
        page = _page(balanced(groups, columns=3 if self._host.width() >= _WIDE else 2))
        self._rows.replaceWidget(self._page, page)
        self._page.deleteLater()
        self._page = page
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
    """The groups in reading order over at most `columns` columns of about the same length."""
    lines = [len(keys) + 2 for _, keys in groups]
    limit = sum(lines) / columns
    result: list[list[Group]] = [[]]
    filled = 0.0
    for group, count in zip(groups, lines, strict=True):
        if filled + count / 2 > limit and result[-1] and len(result) < columns:
            result.append([])
            filled = 0.0
        result[-1].append(group)
        filled += count
    return result


def _page(columns: list[list[Group]]) -> QWidget:
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6 * GRID)
    for column in columns:
        side = QVBoxLayout()
        side.setSpacing(GRID)
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
    grid.setVerticalSpacing(GRID // 2)
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
