"""What the search pauses for, as a list over the row of controls: sentences with a number in them, and what to add."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.theme import DARK, GRID, PADDING, Theme
from app.viewmodels.watchpoints import Number, Offer, WatchpointsRecord, WatchRow
from app.widgets.icons import set_icon

_WIDTH, _NUMBER_WIDTH = 480, 112


class WatchList(QFrame):
    """A popup; a click beside it or Escape closes it. Every choice holds at once.

    Signals:
        added(object): the watchpoint of an offer. query_added(str): a query as it was typed.
        switched(int, bool), figure_changed(int, float), removed(int): a row, by its number.
        one_by_one_changed(bool): whether leaves are to be evaluated one at a time.
    """

    added = Signal(object)
    query_added = Signal(str)
    switched = Signal(int, bool)
    figure_changed = Signal(int, float)
    removed = Signal(int)
    one_by_one_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "popup")
        self.setAccessibleName("Pause when")
        self.setFixedWidth(_WIDTH)
        self._theme = DARK
        self._record = WatchpointsRecord()
        self._rows: list[_Row] = []
        self._foot = QPoint()
        self._column = QVBoxLayout()
        self._column.setSpacing(GRID // 2)
        self._empty = QLabel("Nothing yet. Add what you want to be there for; the search stands still when it happens.")
        self._empty.setProperty("role", "quiet")
        self._empty.setWordWrap(True)
        self._add = QPushButton("Add …")
        self._add.setToolTip("Wait for more. A branch's own menu offers what is about that branch. (new watchpoint)")
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._add.setMenu(self._menu)
        self._query = QLineEdit()
        self._query.setPlaceholderText("or a query: N > 500 and abs(Q - V) > 0.3")
        self._query.setToolTip("Pause as soon as this is true of a node. Enter adds it. (query)")
        self._query.setAccessibleName("Pause when a query is true")
        self._query.returnPressed.connect(self._take_query)
        self._problem = QLabel()
        self._problem.setProperty("role", "notice")
        self._problem.setWordWrap(True)
        self._exact = QCheckBox("Search nothing beyond it")
        self._exact.setToolTip(
            "Evaluate one position at a time while something is waited for: slower, and not the same search. Without "
            "it the search ends at most a batch later, and the playhead goes to the exact simulation. (batch of one)"
        )
        self._exact.clicked.connect(self.one_by_one_changed)
        self._lay_out()
        self.show_problem("")
        self._fill()

    def show_watchpoints(self, record: WatchpointsRecord) -> None:
        """Show what is waited for."""
        if record.offers != self._record.offers:
            self._offer(record.offers)
        same = [row.number for row in record.rows] == [row.number for row in self._record.rows]
        self._record = record
        self._exact.setChecked(record.one_by_one)
        if same:
            for widget, row in zip(self._rows, record.rows, strict=True):
                widget.show_row(row)
        else:
            self._fill()

    def show_problem(self, text: str) -> None:
        """What is wrong with the query that was typed; "" = nothing, and it is taken away."""
        self._problem.setText(text)
        self._problem.setVisible(bool(text))
        if not text:
            self._query.clear()
        self._fit()

    def open_above(self, point: QPoint) -> None:
        """Show it with its lower left corner at a place of the screen, or as near as there is room."""
        self._foot = point
        self._fit()
        self.show()
        self._add.setFocus()

    def set_theme(self, theme: Theme) -> None:
        """Change icons and sizes; colours come with the style sheet."""
        self._theme = theme
        self.setFixedWidth(theme.room(_WIDTH))
        for row in self._rows:
            row.set_theme(theme)

    def _take_query(self) -> None:
        if self._query.text().strip():
            self.query_added.emit(self._query.text())

    def _offer(self, offers: tuple[Offer, ...]) -> None:
        self._menu.clear()
        groups: dict[str, QMenu] = {"": self._menu}
        for offer in offers:
            if offer.group not in groups:
                groups[offer.group] = self._menu.addMenu(offer.group)
            groups[offer.group].addAction(offer.text, partial(self.added.emit, offer.watchpoint))

    def _fill(self) -> None:
        for row in self._rows:
            self._column.removeWidget(row)
            row.deleteLater()
        self._rows = [_Row(row, self) for row in self._record.rows]
        for row in self._rows:
            row.set_theme(self._theme)
            self._column.addWidget(row)
            row.show()  # Qt would do so later, and its height would not count yet
        self._empty.setVisible(not self._rows)
        self._fit()

    def _fit(self) -> None:
        """As high as its rows, its foot where it stays."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        height = layout.totalHeightForWidth(self.width()) if layout.hasHeightForWidth() else self.sizeHint().height()
        self.resize(self.width(), height)
        room = self.screen().availableGeometry()
        left = min(max(self._foot.x(), room.left()), room.right() - self.width())
        self.move(left, max(self._foot.y() - height, room.top()))

    def _lay_out(self) -> None:
        heading = QLabel("Pause when")
        heading.setProperty("role", "heading")
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self._add)
        foot.addWidget(self._query, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        column.setSpacing(GRID)
        column.addWidget(heading)
        column.addWidget(self._empty)
        column.addLayout(self._column)
        column.addLayout(foot)
        column.addWidget(self._problem)
        column.addWidget(self._exact)


class _Row(QWidget):
    """One watchpoint: a switch, its sentence with the number in it, and a button that takes it away."""

    def __init__(self, row: WatchRow, owner: WatchList) -> None:
        super().__init__()
        self._switch = QCheckBox()
        self._switch.clicked.connect(lambda on: owner.switched.emit(row.number, on))
        self._before, self._after = _words(), _words()
        self._last = self._before if row.figure is None else self._after
        self._last.setWordWrap(True)
        self._spin = _spin(row.figure, lambda value: owner.figure_changed.emit(row.number, value))
        self._remove = QToolButton()
        self._remove.setProperty("role", "plain")
        self._remove.clicked.connect(lambda: owner.removed.emit(row.number))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GRID)
        line.addWidget(self._switch)
        for widget in (self._before, self._spin, self._after):
            if widget is not None:
                line.addWidget(widget, 1 if widget is self._last else 0)
        line.addWidget(self._remove)
        self.show_row(row)

    def show_row(self, row: WatchRow) -> None:
        """Bring it up to date."""
        self._switch.setChecked(row.is_on)
        self._switch.setAccessibleName(f"Pause when {row.text}")
        self._switch.setToolTip("Wait for it, or leave it for later.")
        for label, text in ((self._before, row.before), (self._after, row.after)):
            label.setText(text)
            label.setVisible(bool(text) or label is self._last)
            label.setEnabled(row.is_on and row.is_here)
            label.setToolTip(row.tooltip)
        if self._spin is not None and row.figure is not None:
            self._spin.blockSignals(True)
            self._spin.setValue(row.figure.value)
            self._spin.blockSignals(False)
            self._spin.setToolTip(row.tooltip)
        self._remove.setToolTip("Wait for it no more.")
        self._remove.setAccessibleName(f"Remove: {row.text}")

    def set_theme(self, theme: Theme) -> None:
        """Change the icon and sizes."""
        set_icon(self._remove, "close", theme)
        if self._spin is not None:
            self._spin.setFixedWidth(theme.room(_NUMBER_WIDTH))


def _words() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
    return label


def _spin(number: Number | None, changed: Callable[[float], None]) -> QDoubleSpinBox | None:
    if number is None:
        return None
    spin = QDoubleSpinBox()
    spin.setRange(number.low, number.high)
    spin.setDecimals(number.digits)
    spin.setSingleStep(number.step)
    spin.setGroupSeparatorShown(True)
    spin.setKeyboardTracking(False)  # a number holds when it is typed to its end
    spin.setAccessibleName(number.name)
    spin.setAlignment(Qt.AlignmentFlag.AlignRight)
    spin.setFixedWidth(_NUMBER_WIDTH)
    spin.setValue(number.value)
    spin.valueChanged.connect(changed)
    return spin
