"""Which generations and budgets the cross table has, and what the selected cell has met: the panel beside it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.theme import GRID, PADDING
from app.viewmodels.arena_matrix import BUDGETS, MatrixRecord, Neighbour, budget_text

_MOST_PAIRS = 100_000
_LIST_HEIGHT = 160
_PROMPT = "Choose a cell to see the matches behind it."


class MatrixPlanPanel(QWidget):
    """Rows, columns, pairs, and the matches of a cell.

    Signals:
        generation_chosen(str, bool), budget_chosen(int, bool): a row or column is to be shown, or not.
        pairs_changed(int): pairs of games between neighbours. match_wanted(str): a stored match is to be opened.
    """

    generation_chosen = Signal(str, bool)
    budget_chosen = Signal(int, bool)
    pairs_changed = Signal(int)
    match_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offered: tuple[tuple[str, bool], ...] = ()
        self._neighbours: tuple[Neighbour, ...] = ()
        self._generations, self._matches = QListWidget(), QListWidget()
        self._budgets = {budget: _budget_button(budget, self._choose_budget(budget)) for budget in BUDGETS}
        self._pairs = QSpinBox()
        self._cell = QLabel(_PROMPT)
        self._open = QPushButton("Open this match")
        self._set_up()
        self._lay_out()

    def show_matrix(self, record: MatrixRecord) -> None:
        """Show what is chosen, and the matches of the selected cell."""
        if record.offered != self._offered:
            self._offered = record.offered
            self._show_generations()
        for budget, button in self._budgets.items():
            button.setChecked(budget in record.budgets)
            button.setEnabled(not record.job.running)
        self._generations.setEnabled(not record.job.running)
        if self._pairs.value() != record.pairs:
            self._pairs.setValue(record.pairs)
        self._pairs.setEnabled(not record.job.running)
        if record.selected is None:
            self._cell.setText(_PROMPT)
        else:
            row, column = record.selected
            self._cell.setText(record.cells[row][column].sentence)
        if record.neighbours != self._neighbours:
            self._neighbours = record.neighbours
            self._show_matches()
        self._matches.setVisible(bool(record.neighbours))
        self._offer()

    def _show_generations(self) -> None:
        self._generations.blockSignals(True)
        self._generations.clear()
        for name, chosen in self._offered:
            item = QListWidgetItem(name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if chosen else Qt.CheckState.Unchecked)
            self._generations.addItem(item)
        self._generations.blockSignals(False)

    def _show_matches(self) -> None:
        self._matches.clear()
        for neighbour in self._neighbours:
            item = QListWidgetItem(f"against {neighbour.name}\n{neighbour.text}")
            item.setToolTip("Enter or a double click opens the match.")
            self._matches.addItem(item)
        if self._neighbours:
            self._matches.setCurrentRow(0)

    def _choose_budget(self, budget: int) -> Callable[[bool], None]:
        return lambda chosen: self.budget_chosen.emit(budget, chosen)

    def _choose_generation(self, item: QListWidgetItem) -> None:
        self.generation_chosen.emit(item.text(), item.checkState() is Qt.CheckState.Checked)

    def _open_match(self) -> None:
        place = self._matches.currentRow()
        if 0 <= place < len(self._neighbours):
            self.match_wanted.emit(self._neighbours[place].match)

    def _offer(self) -> None:
        self._open.setVisible(bool(self._neighbours))
        self._open.setEnabled(self._matches.currentRow() >= 0)

    def _set_up(self) -> None:
        self.setAccessibleName("Rows and columns")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._generations.setAccessibleName("Generations shown")
        self._generations.setFixedHeight(_LIST_HEIGHT)
        self._generations.itemChanged.connect(self._choose_generation)
        self._matches.setAccessibleName("Matches of the selected cell")
        self._matches.setWordWrap(True)
        self._matches.itemActivated.connect(lambda _: self._open_match())
        self._matches.currentRowChanged.connect(lambda _: self._offer())
        self._open.setProperty("role", "compact")
        self._open.clicked.connect(self._open_match)
        self._cell.setProperty("role", "quiet")
        self._cell.setWordWrap(True)
        self._pairs.setRange(1, _MOST_PAIRS)
        self._pairs.lineEdit().setTextMargins(GRID // 2, 0, 0, 0)
        self._pairs.setAccessibleName("Pairs of games between neighbours")
        self._pairs.setKeyboardTracking(False)
        self._pairs.valueChanged.connect(self.pairs_changed)

    def _lay_out(self) -> None:
        budgets = QHBoxLayout()
        budgets.setSpacing(GRID // 2)
        for button in self._budgets.values():
            budgets.addWidget(button)
        budgets.addStretch()
        pairs = QHBoxLayout()
        pairs.addWidget(QLabel("Pairs of games"))
        pairs.addWidget(self._pairs)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        column.setSpacing(GRID)
        for widget, share in (
            (_heading("Generations"), 0),
            (self._generations, 0),
            (_heading("Simulations for each move"), 0),
        ):
            column.addWidget(widget, share)
        column.addLayout(budgets)
        column.addLayout(pairs)
        column.addWidget(_heading("The selected cell"))
        column.addWidget(self._cell)
        column.addWidget(self._matches, 1)
        column.addWidget(self._open)
        column.addStretch()


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label


def _budget_button(budget: int, chosen: Callable[[bool], None]) -> QPushButton:
    button = QPushButton(budget_text(budget) if budget else "0")
    button.setProperty("role", "compact")
    button.setCheckable(True)
    button.setAccessibleName(f"Column: {budget_text(budget)}")
    button.setToolTip("Intuition alone." if budget == 0 else f"{budget_text(budget)} simulations for each move.")
    button.clicked.connect(chosen)
    return button
