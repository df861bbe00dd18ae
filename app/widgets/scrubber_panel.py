"""Through the generations: a slider over all of them, what the chosen one thinks, and how it came to think so."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QSlider, QVBoxLayout, QWidget

from app.theme import GRID, PADDING, Theme
from app.viewmodels.figures import count
from app.viewmodels.scrubber import BUDGETS, ScrubberRecord
from app.widgets.child_bars import ChildBars
from app.widgets.scrubber_chart import ScrubberChart

_BARS_WIDTH = 210


class ScrubberPanel(QWidget):
    """Drag the slider, or in the chart.

    Signals:
        scrubbed(int): the place of a generation. stepped(int): generations on, or back.
        budget_chosen(int): simulations of each, 0 = intuition alone.
    """

    scrubbed = Signal(int)
    stepped = Signal(int)
    budget_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chart, self.bars = ScrubberChart(), ChildBars()
        self._said, self._change = _sentence(), _sentence()
        self._change.setProperty("role", "quiet")
        self._budget = QComboBox()
        self._budget.setAccessibleName("Simulations of each generation")
        self._budget.setToolTip("How long each generation thinks. (simulations)")
        for budget in BUDGETS:
            self._budget.addItem(f"{count(budget)} simulations" if budget else "intuition alone", budget)
        self._budget.activated.connect(lambda place: self.budget_chosen.emit(self._budget.itemData(place)))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Generation")
        self.slider.setToolTip("Go through all generations, the oldest first.")
        self.slider.setPageStep(1)
        self.slider.valueChanged.connect(self.scrubbed)
        self.chart.scrubbed.connect(self.scrubbed)
        self.chart.stepped.connect(self.stepped)
        self.setAccessibleName("Through the generations")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._lay_out()

    def show_record(self, record: ScrubberRecord) -> None:
        """Show `record`; emits nothing."""
        self.chart.show_record(record)
        self.bars.show_rows(record.rows, searched=record.budget > 0)
        self._said.setText(record.said or " ")
        waiting = f"{record.waiting} still to be asked." if record.waiting else ""
        self._change.setText(" ".join(filter(None, (record.change, waiting))) or " ")
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(0, len(record.points) - 1))
        self.slider.setValue(record.at)
        self.slider.blockSignals(False)
        self.slider.setEnabled(len(record.points) > 1)
        if record.points:
            self.slider.setAccessibleDescription(record.points[record.at].id)
        self._budget.setCurrentIndex(self._budget.findData(record.budget))

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self.chart.set_theme(theme)
        self.bars.set_theme(theme)
        self._scroll.setFixedWidth(theme.room(_BARS_WIDTH))

    def _lay_out(self) -> None:
        heading = QLabel("Through the generations")
        heading.setProperty("role", "heading")
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(heading)
        head.addStretch()
        head.addWidget(self._budget)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(_at_top(self.bars))
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        chart = QVBoxLayout()
        chart.setSpacing(0)
        chart.addWidget(self.chart, 1)
        chart.addWidget(self.slider)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self._scroll)
        row.addLayout(chart, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, GRID, PADDING, GRID)
        column.setSpacing(GRID // 2)
        column.addLayout(head)
        column.addWidget(self._said)
        column.addWidget(self._change)
        column.addLayout(row, 1)


def _sentence() -> QLabel:
    label = QLabel(" ")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


def _at_top(widget: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, GRID, 0)
    column.addWidget(widget)
    column.addStretch()
    return holder
