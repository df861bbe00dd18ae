"""The list of stored matches, and what can be done with the one that is picked."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from app.theme import GRID, PADDING
from app.viewmodels.arena_list import MatchRow

_EMPTY = "Matches that were played are listed here; each can be looked at again, and goes on where it was paused."
_MATCH, _CAN_GO_ON = Qt.ItemDataRole.UserRole, int(Qt.ItemDataRole.UserRole) + 1


class MatchList(QWidget):
    """Newest first.

    Signals:
        opened(str): a match is to be looked at. continued(str): it is to go on.
        removed(str): it is to be taken away. put_back(): the one that was removed last is to come back.
    """

    opened = Signal(str)
    continued = Signal(str)
    removed = Signal(str)
    put_back = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[MatchRow, ...] = ()
        self._shown: tuple[tuple[MatchRow, ...], str, bool] | None = None
        self._list, self._empty = QListWidget(), QLabel(_EMPTY)
        self._list.setAccessibleName("Earlier matches")
        self._list.setProperty("role", "rows")
        self._list.setWordWrap(False)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._empty.setProperty("role", "quiet")
        self._empty.setWordWrap(True)
        self._empty.setContentsMargins(PADDING, GRID, PADDING, GRID)
        self._go_on = _button("Go on", "Play this match on.")
        self._remove = _button("Remove", "Take this match away; until another is removed it can be put back.")
        self._put_back = _button("Put back", "Bring the match back that was removed last. (undo)")
        acts = QHBoxLayout()
        acts.setContentsMargins(PADDING, GRID // 2, PADDING, 0)
        acts.setSpacing(GRID // 2)
        for button in (self._go_on, self._remove, self._put_back):
            acts.addWidget(button)
        acts.addStretch(1)
        heading = QLabel("Earlier matches")
        heading.setProperty("role", "heading")
        heading.setContentsMargins(PADDING, GRID, PADDING, GRID // 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, GRID)
        column.setSpacing(0)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        for widget in (heading, self._empty, self._list):
            column.addWidget(widget, 0 if widget is heading else 1)
        column.addLayout(acts)
        self._list.currentItemChanged.connect(lambda *_: self._picked())
        self._list.itemClicked.connect(lambda item: self.opened.emit(item.data(_MATCH)))
        self._list.itemActivated.connect(lambda item: self.opened.emit(item.data(_MATCH)))
        self._go_on.clicked.connect(lambda: self.continued.emit(self._match()))
        self._remove.clicked.connect(lambda: self.removed.emit(self._match()))
        self._put_back.clicked.connect(self.put_back)
        self.show_rows((), "")

    def show_rows(self, rows: tuple[MatchRow, ...], shown: str, *, can_put_back: bool = False) -> None:
        """Show the matches; `shown`: id of the one that is looked at, or ""."""
        if (rows, shown, can_put_back) == self._shown:
            return
        self._shown = rows, shown, can_put_back
        if rows != self._rows:
            self._rows = rows
            picked = self._match()
            self._list.blockSignals(True)
            self._list.clear()
            for row in rows:
                item = QListWidgetItem(f"{row.title}\n{row.result}\n{row.when}")
                item.setToolTip(f"{row.title}\n{row.result}\n{row.when}")
                item.setData(_MATCH, row.match)
                item.setData(_CAN_GO_ON, row.can_go_on)
                self._list.addItem(item)
            self._list.blockSignals(False)
            self._pick(picked or shown)
        if shown and shown != self._match():
            self._pick(shown)
        self._empty.setVisible(not rows)
        self._list.setVisible(bool(rows))
        self._go_on.setVisible(bool(rows))
        self._remove.setVisible(bool(rows))
        self._put_back.setVisible(can_put_back)
        self._picked()

    def _pick(self, match: str) -> None:
        place = next((place for place, row in enumerate(self._rows) if row.match == match), -1)
        self._list.blockSignals(True)
        self._list.setCurrentRow(place)
        self._list.blockSignals(False)

    def _match(self) -> str:
        item = self._list.currentItem()
        return str(item.data(_MATCH)) if item is not None else ""

    def _picked(self) -> None:
        item = self._list.currentItem()
        self._go_on.setEnabled(item is not None and bool(item.data(_CAN_GO_ON)))
        self._remove.setEnabled(item is not None)


def _button(text: str, tooltip: str) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("role", "compact")
    button.setToolTip(tooltip)
    button.setAccessibleName(f"{text}: {tooltip}")
    return button
