"""A ledger: the rule, a bar for each action, and under them the numbers and sentences of the one that is picked."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.theme import GRID, Theme
from app.viewmodels.figures import count
from app.viewmodels.why_records import LedgerRecord, LedgerRow
from app.widgets.hover_rows import NONE
from app.widgets.ledger_bars import LedgerBars
from app.widgets.terms_grid import TermsGrid


class LedgerView(QWidget):
    """Shows where the next simulation goes, and why.

    Signals:
        node_wanted(int): a node is to be selected. moment_wanted(int): a moment is to be looked at.
    """

    node_wanted = Signal(int)
    moment_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record = LedgerRecord()
        self._action: int | None = None  # picked by a person; stays with its action when rows change places
        self._rule, self._sentences = _quiet(), _quiet()
        self._sentences.setToolTip(
            "One thing is changed at a time; a changed prior leaves its siblings the rest in the proportions they have."
        )
        self._bars = LedgerBars()
        self._bars.picked.connect(self._pick)
        self._bars.opened.connect(self._open)
        self._terms = TermsGrid()
        self._to_node = _link("Select it", "Look at this action's node. (Enter, or a double click)")
        self._to_node.clicked.connect(lambda: self._open(self._place()))
        self._to_cut = _link("", "Look at the tree as it was when this branch was cut.")
        self._to_cut.clicked.connect(self._go_to_cut)
        links = QHBoxLayout()
        links.setSpacing(GRID)
        links.addWidget(self._to_node)
        links.addWidget(self._to_cut)
        links.addStretch()
        self._details = QWidget()
        inside = QVBoxLayout(self._details)
        inside.setContentsMargins(GRID, GRID // 2, 0, GRID // 2)
        inside.setSpacing(GRID // 2)
        inside.addWidget(self._terms)
        inside.addWidget(self._sentences)
        inside.addLayout(links)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        for widget in (self._rule, self._bars, self._details):
            column.addWidget(widget)

    def show_ledger(self, record: LedgerRecord) -> None:
        """Show `record`; the row of the node itself is picked until a person picks another."""
        self._record = record
        self._rule.setText(f"{record.note} {record.rule}".strip())
        self._show_picked()

    def forget_pick(self) -> None:
        """Another node is shown."""
        self._action = None

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._bars.set_theme(theme)

    def _place(self) -> int:
        """The row picked, or that of the node itself."""
        rows = self._record.rows
        own = next((place for place, row in enumerate(rows) if row.is_self), NONE)
        return next((place for place, row in enumerate(rows) if row.action == self._action), own)

    def _picked_row(self) -> LedgerRow | None:
        place = self._place()
        return None if place == NONE else self._record.rows[place]

    def _show_picked(self) -> None:
        row = self._picked_row()
        self._bars.show_ledger(self._record, self._place())
        self._details.setVisible(row is not None)
        if row is None:
            return
        self._terms.show_terms(row.figures)
        self._sentences.setText("\n".join(row.sentences))
        self._sentences.setVisible(bool(row.sentences))
        self._to_node.setVisible(row.node >= 0 and not row.is_self)
        self._to_cut.setVisible(row.cut_at >= 0 and not row.is_self)  # the card leads there already
        self._to_cut.setText(f"Go to simulation {count(row.cut_at)}")

    def _pick(self, place: int) -> None:
        action = self._record.rows[place].action
        self._action = None if action == self._action else action  # a second click closes it
        self._show_picked()

    def _open(self, place: int) -> None:
        if place != NONE and self._record.rows[place].node >= 0:
            self.node_wanted.emit(self._record.rows[place].node)

    def _go_to_cut(self) -> None:
        row = self._picked_row()
        if row is not None and row.cut_at >= 0:
            self.moment_wanted.emit(row.cut_at)


def _quiet() -> QLabel:
    label = QLabel()
    label.setProperty("role", "quiet")
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _link(text: str, tooltip: str) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("role", "compact")
    button.setToolTip(tooltip)
    return button
