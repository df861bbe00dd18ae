"""Who is to meet on the ladder, how often, and who is held still: the panel beside the ratings."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.theme import DARK, GRID, PADDING, Theme
from app.viewmodels.arena_ladder import LadderRecord, elo_text
from app.viewmodels.arena_ladder_players import AnchorChoice

_MOST_PAIRS = 100_000
_HELD_WIDTH = 64
_NOBODY = "Nobody is to play yet. Add players below, or all who are on the ladder."


class LadderPlanPanel(QWidget):
    """Players with the Elo they are held at, and the numbers of the ladder.

    Signals:
        added(str, object): a player is to take part; an Elo it is held at, or None. removed(str): it is not to.
        held(str, object): a player is to be held at an Elo, or let go with None.
        pairs_changed(int), pairing_changed(bool): pairs of games; whether everybody meets everybody.
        all_wanted(): everybody on the ladder is to take part.
    """

    added = Signal(str, object)
    removed = Signal(str)
    held = Signal(str, object)
    pairs_changed = Signal(int)
    pairing_changed = Signal(bool)
    all_wanted = Signal()

    def __init__(self, picker: QWidget, parent: QWidget | None = None) -> None:
        """`picker`: chooses a player; whoever builds it emits `added`."""
        super().__init__(parent)
        self._record = LadderRecord()
        self._choices: tuple[AnchorChoice, ...] = ()
        self._table = QTableWidget(0, 2)
        self._outside = QComboBox()
        self._held = QLineEdit()
        self._remove = _compact("Remove", "Let the selected player take no part; its games stay stored.")
        self._hold = _compact("Hold", "Hold the selected player at this Elo: the scale stands on it. Empty: let it go.")
        self._everybody = _compact("Add all", "Let everybody who is on the ladder take part.")
        self._pairs = QSpinBox()
        self._all_meet = QCheckBox("Everybody meets everybody")
        self._hint, self._nobody = QLabel(), QLabel(_NOBODY)
        self._set_up()
        self._lay_out(picker)

    def show_plan(self, record: LadderRecord) -> None:
        """Show who takes part and what it costs."""
        before, self._record = self._record, record
        if record.plan_rows != before.plan_rows:
            self._show_players()
        self._nobody.setVisible(not record.plan_rows)
        if record.choices != self._choices:
            self._show_choices(record.choices)
        if self._pairs.value() != record.plan.pairs:
            self._pairs.setValue(record.plan.pairs)
        self._all_meet.setChecked(record.plan.all_meet)
        for widget in (self._outside, self._pairs, self._all_meet):
            widget.setEnabled(not record.job.running)
        self._offer()

    def set_theme(self, theme: Theme) -> None:
        """Change sizes."""
        self._table.verticalHeader().setDefaultSectionSize(theme.body + 13)
        self._table.setColumnWidth(1, theme.room(_HELD_WIDTH))

    def _show_players(self) -> None:
        chosen = self._selected()
        self._table.setRowCount(len(self._record.plan_rows))
        for place, (player, name, elo) in enumerate(self._record.plan_rows):
            held = "" if elo is None else elo_text(elo)
            for column, text in enumerate((name, held)):
                item = QTableWidgetItem(text)
                item.setToolTip(player)
                if column:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._table.setItem(place, column, item)
            if player == chosen:
                self._table.selectRow(place)

    def _show_choices(self, choices: tuple[AnchorChoice, ...]) -> None:
        self._choices = choices
        self._outside.clear()
        self._outside.addItem("Add an outside engine ...")
        for choice in choices:
            self._outside.addItem(choice.name if choice.player else f"{choice.name} (missing)")
            self._outside.setItemData(self._outside.count() - 1, choice.hint, Qt.ItemDataRole.ToolTipRole)
        self._outside.setVisible(bool(choices))

    def _take_outside(self, place: int) -> None:
        self._outside.setCurrentIndex(0)
        if place == 0:
            return
        choice = self._choices[place - 1]
        if choice.player:
            self.added.emit(choice.player, choice.elo)
            self._hint.hide()
        else:
            self._hint.setText(choice.hint)
            self._hint.show()

    def _selected(self) -> str:
        """The player of the selected row, or ""."""
        item = self._table.item(self._table.currentRow(), 0)
        return "" if item is None else item.toolTip()

    def _select(self) -> None:
        elo = next((row[2] for row in self._record.plan_rows if row[0] == self._selected()), None)
        self._held.setText("" if elo is None else f"{elo:g}")
        self._offer()

    def _offer(self) -> None:
        can_change = bool(self._selected()) and not self._record.job.running
        for widget in (self._remove, self._hold, self._held):
            widget.setEnabled(can_change)
        self._everybody.setEnabled(bool(self._record.rows) and not self._record.job.running)

    def _hold_selected(self) -> None:
        text = self._held.text().strip().replace(",", "").replace("−", "-")
        try:
            elo = float(text) if text else None
        except ValueError:
            self._hint.setText(f"“{text}” is no Elo: write a number, e.g. 1320.")
            self._hint.show()
            return
        self._hint.hide()
        self.held.emit(self._selected(), elo)

    def _set_up(self) -> None:
        self.setAccessibleName("Players of the ladder")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        table = self._table
        table.setProperty("role", "rows")
        table.setAccessibleName("Who takes part")
        table.setHorizontalHeaderLabels(["Who takes part", "Held at"])
        table.setShowGrid(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        table.itemSelectionChanged.connect(self._select)
        self._outside.setAccessibleName("Add an outside engine")
        self._outside.setToolTip("Engines of known strength, to measure against. (anchors)")
        self._outside.activated.connect(self._take_outside)
        self._held.setPlaceholderText("Elo")
        self._held.setAccessibleName("Elo to hold the selected player at")
        self._held.returnPressed.connect(self._hold_selected)
        self._hold.clicked.connect(self._hold_selected)
        self._remove.clicked.connect(lambda: self.removed.emit(self._selected()))
        self._everybody.clicked.connect(self.all_wanted)
        self._pairs.setRange(1, _MOST_PAIRS)
        self._pairs.lineEdit().setTextMargins(GRID // 2, 0, 0, 0)
        self._pairs.setAccessibleName("Pairs of games in each pairing")
        self._pairs.setToolTip("Each opening is played twice with sides changed; more pairs make intervals narrower.")
        self._pairs.setKeyboardTracking(False)
        self._pairs.valueChanged.connect(self.pairs_changed)
        self._all_meet.setToolTip("Else each meets only its neighbours in strength, which tells most per game.")
        self._all_meet.clicked.connect(self.pairing_changed)
        self._nobody.setProperty("role", "quiet")
        self._nobody.setWordWrap(True)
        self._hint.setProperty("role", "notice")
        self._hint.setWordWrap(True)
        self._hint.hide()
        self.set_theme(DARK)

    def _lay_out(self, picker: QWidget) -> None:
        hold = QHBoxLayout()
        hold.setSpacing(GRID // 2)
        for widget in (self._everybody, self._remove):
            hold.addWidget(widget)
        hold.addStretch()
        hold.addWidget(self._held)
        hold.addWidget(self._hold)
        self._held.setMaximumWidth(72)
        pairs = QHBoxLayout()
        pairs.addWidget(QLabel("Pairs of games"))
        pairs.addWidget(self._pairs)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        column.setSpacing(GRID)
        column.addWidget(self._nobody)
        column.addWidget(self._table, 1)
        column.addLayout(hold)
        column.addWidget(picker)
        column.addWidget(self._outside)
        column.addWidget(self._hint)
        column.addLayout(pairs)
        column.addWidget(self._all_meet)


def _compact(text: str, tooltip: str) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("role", "compact")
    button.setToolTip(tooltip)
    return button
