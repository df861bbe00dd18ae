"""Whose disagreements are looked for, where, and who judges: the panel beside the boards."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QSizePolicy, QSpinBox, QVBoxLayout, QWidget

from app.theme import GRID, PADDING
from app.viewmodels.arena_disagreements import DisagreementsRecord
from app.widgets.short_chooser import ShortChooser

_MOST_POSITIONS, _MOST_JUDGED = 1_000_000, 500


class DisagreementPlanPanel(QWidget):
    """Two players, a source of positions, two numbers and a judge.

    Signals:
        match_chosen(str): id of the stored match whose positions are looked at, "" = those of the openings.
        amounts_changed(int, int): positions looked at, and judged. judge_chosen(str): a player, "" = the usual one.
    """

    match_chosen = Signal(str)
    amounts_changed = Signal(int, int)
    judge_chosen = Signal(str)

    def __init__(self, a: QWidget, b: QWidget, parent: QWidget | None = None) -> None:
        """`a`, `b`: where the players are picked."""
        super().__init__(parent)
        self._matches: tuple[tuple[str, str], ...] | None = None
        self._pickers = (a, b)
        self._source, self._judge = ShortChooser(), QLineEdit()
        self._positions, self._judged = QSpinBox(), QSpinBox()
        self._set_up()
        self._lay_out()

    def show_plan(self, record: DisagreementsRecord) -> None:
        """Show what is chosen."""
        if record.matches != self._matches:
            self._matches = record.matches
            self._source.clear()
            self._source.addItem("the openings · played on by both", "")
            for match, text in record.matches:
                self._source.addItem(text, match)
        self._source.setCurrentIndex(max(0, self._source.findData(record.match)))
        self._source.setToolTip(self._source.currentText())
        for spin, number in ((self._positions, record.positions), (self._judged, record.judged)):
            if spin.value() != number:
                spin.blockSignals(True)
                spin.setValue(number)
                spin.blockSignals(False)
        if self._judge.text() != record.judge and not self._judge.hasFocus():
            self._judge.setText(record.judge)
        for widget in (*self._pickers, self._source, self._positions, self._judged, self._judge):
            widget.setEnabled(not record.job.running)

    def _tell_amounts(self) -> None:
        self.amounts_changed.emit(self._positions.value(), self._judged.value())

    def _set_up(self) -> None:
        self.setAccessibleName("Whose disagreements are looked for")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._source.setAccessibleName("Positions of")
        self._source.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._source.activated.connect(lambda place: self.match_chosen.emit(self._source.itemData(place)))
        for spin, most, name, tooltip in (
            (self._positions, _MOST_POSITIONS, "Positions to look at", "Looked at by both, at most."),
            (self._judged, _MOST_JUDGED, "Positions to judge", "The widest disagreements are judged by a deep search."),
        ):
            spin.setRange(1, most)
            spin.lineEdit().setTextMargins(GRID // 2, 0, 0, 0)
            spin.setGroupSeparatorShown(True)
            spin.setKeyboardTracking(False)
            spin.setAccessibleName(name)
            spin.setToolTip(tooltip)
            spin.valueChanged.connect(lambda _: self._tell_amounts())
        self._judge.setPlaceholderText("ten times the search")
        self._judge.setAccessibleName("Judge")
        self._judge.setToolTip(
            "A player, e.g. gen-000@4000 or uci:stockfish,nodes=1000000. Empty: the stronger one's generation with ten "
            "times its simulations, at least 800."
        )
        self._judge.editingFinished.connect(lambda: self.judge_chosen.emit(self._judge.text()))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(GRID)
        grid.setColumnStretch(1, 1)
        for row, (text, widget) in enumerate(
            (
                ("Positions of", self._source),
                ("Look at", self._positions),
                ("Judge the worst", self._judged),
                ("Judge", self._judge),
            )
        ):
            grid.addWidget(QLabel(text), row, 0)
            grid.addWidget(widget, row, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        column.setSpacing(GRID)
        for letter, picker in zip("AB", self._pickers, strict=True):
            heading = QLabel(f"Player {letter}")
            heading.setProperty("role", "heading")
            column.addWidget(heading)
            column.addWidget(picker)
        column.addSpacing(GRID)
        column.addLayout(grid)
        column.addStretch()
