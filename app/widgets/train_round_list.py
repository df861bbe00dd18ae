"""The list of rounds on disk, and what can be done with the one that is picked."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from app.theme import GRID, PADDING
from app.viewmodels.train_list import RoundRow

_EMPTY = "Rounds are listed here once they are begun. One that was cut off goes on where it was."
_ROUND = Qt.ItemDataRole.UserRole


class RoundList(QWidget):
    """Newest first.

    Signals:
        opened(str): a round is to be looked at. continued(str): it is to go on.
        lessons_wanted(str): its lessons are to be looked at.
    """

    opened = Signal(str)
    continued = Signal(str)
    lessons_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[RoundRow, ...] = ()
        self._can_act = True
        self._list, self._empty = QListWidget(), QLabel(_EMPTY)
        self._list.setAccessibleName("Rounds")
        self._list.setProperty("role", "rows")
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._empty.setProperty("role", "quiet")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._empty.setContentsMargins(PADDING, GRID, PADDING, GRID)
        self._go_on = _button("Go on", "Go on with this round where it was cut off.")
        self._lessons = _button("Lessons", "Look at what search taught it, the most surprising first.")
        self._acts = QWidget()
        row = QHBoxLayout(self._acts)
        row.setContentsMargins(PADDING, GRID // 2, PADDING, 0)
        row.setSpacing(GRID // 2)
        row.addWidget(self._go_on)
        row.addWidget(self._lessons)
        row.addStretch(1)
        heading = QLabel("Rounds")
        heading.setProperty("role", "heading")
        heading.setContentsMargins(PADDING, GRID, PADDING, GRID // 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, GRID)
        column.setSpacing(0)
        column.addWidget(heading)
        column.addWidget(self._empty, 1)
        column.addWidget(self._list, 1)
        column.addWidget(self._acts)
        self._list.itemClicked.connect(lambda item: self.opened.emit(item.data(_ROUND)))
        self._list.itemActivated.connect(lambda item: self.opened.emit(item.data(_ROUND)))
        self._list.currentItemChanged.connect(lambda *_: self._picked())
        self._go_on.clicked.connect(lambda: self.continued.emit(self._round()))
        self._lessons.clicked.connect(lambda: self.lessons_wanted.emit(self._round()))
        self.show_rows((), "", can_act=True)

    def show_rows(self, rows: tuple[RoundRow, ...], shown: str, *, can_act: bool) -> None:
        """Show the rounds; `shown`: id of the one that is looked at, or "". `can_act`: nothing is being made."""
        self._can_act = can_act
        picked = self._round()
        self._list.blockSignals(True)
        if rows != self._rows:
            self._rows = rows
            self._list.clear()
            for row in rows:
                item = QListWidgetItem(f"{row.title}\n{row.result}\n{row.when}")
                item.setToolTip(row.text or row.title)
                item.setData(_ROUND, row.round)
                self._list.addItem(item)
        wanted = shown or picked
        self._list.setCurrentRow(next((place for place, row in enumerate(rows) if row.round == wanted), -1))
        self._list.blockSignals(False)
        self._empty.setVisible(not rows)
        self._list.setVisible(bool(rows))
        self._acts.setVisible(bool(rows))
        self._picked()

    def _round(self) -> str:
        item = self._list.currentItem()
        return str(item.data(_ROUND)) if item is not None else ""

    def _picked(self) -> None:
        name = self._round()
        row = next((row for row in self._rows if row.round == name), None)
        self._go_on.setEnabled(row is not None and row.can_go_on and self._can_act)
        self._lessons.setEnabled(row is not None and row.has_lessons)


def _button(text: str, tooltip: str) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("role", "compact")
    button.setToolTip(tooltip)
    button.setAccessibleName(f"{text}: {tooltip}")
    return button
