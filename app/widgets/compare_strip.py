"""What is said of two trees side by side: names, main lines with the place where they part, and who was right."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.theme import DARK, GRID, PADDING, Theme
from app.viewmodels.comparison import ComparisonRecord, JudgeRecord
from app.viewmodels.comparison_texts import row_sentence
from app.widgets.compare_side import SideRow
from app.widgets.icons import set_icon

_PROGRESS_PARTS = 1000
_MODES = (
    ("beside", "view-split-vertical", "Two pictures with the same places. (side by side)"),
    ("over", "layers-outline", "One picture of both, coloured by who looks there more. (laid over each other)"),
)


class CompareStrip(QWidget):
    """The head of a comparison.

    Signals:
        divergence_clicked(): show where the main lines part.
        deeper_clicked(): have that position searched deeper. judge_chosen(str): by which generation.
        mode_chosen(str): "beside" or "over". change_clicked(): choose what to compare with. close_clicked().
    """

    divergence_clicked = Signal()
    deeper_clicked = Signal()
    judge_chosen = Signal(str)
    mode_chosen = Signal(str)
    change_clicked = Signal()
    close_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._rows = [SideRow(letter) for letter in "AB"]
        self._agreement = QLabel()
        self._agreement.setWordWrap(True)
        self._show_split = QPushButton("Show")
        self._show_split.setProperty("role", "compact")
        self._show_split.setToolTip("Go to where the main lines part. (first divergence)")
        self._show_split.clicked.connect(self.divergence_clicked)
        self._facts = QLabel()
        self._facts.setProperty("role", "quiet")
        self._facts.setWordWrap(True)
        self._facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._waiting = QLabel()
        self._waiting.setWordWrap(True)
        self._verdict = QLabel()
        self._verdict.setWordWrap(True)
        self._verdict.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._progress = QProgressBar()
        self._progress.setRange(0, _PROGRESS_PARTS)
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(3)
        self._progress.setAccessibleName("Progress of the deeper search")
        self._ask = QPushButton()
        self._ask.clicked.connect(self.deeper_clicked)
        self._judges = QComboBox()
        self._judges.setAccessibleName("Who judges")
        self._judges.setToolTip("Whose intuition the deeper search uses. (generation)")
        self._judges.activated.connect(lambda place: self.judge_chosen.emit(self._judges.itemData(place)))
        self._modes = QButtonGroup(self)
        self._mode_buttons = [self._mode_button(*mode) for mode in _MODES]
        self._change = QPushButton("Change …")
        self._change.setProperty("role", "compact")
        self._change.setToolTip("Choose what to compare with.")
        self._change.clicked.connect(self.change_clicked)
        self._close = QToolButton()
        self._close.setProperty("role", "plain")
        self._close.setToolTip("Back to one tree. (Esc)")
        self._close.setAccessibleName("Leave the comparison")
        self._close.clicked.connect(self.close_clicked)
        self.setAccessibleName("Comparison")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._lay_out()

    def show_comparison(self, record: ComparisonRecord) -> None:
        """Show what is said."""
        for row, side in zip(self._rows, (record.a, record.b), strict=True):
            row.show_side(side)
        self._agreement.setText(record.agreement)
        self._agreement.setVisible(bool(record.agreement))
        self._show_split.setVisible(record.divergence >= 0)
        is_elsewhere = record.here is not None and record.here.node != record.divergence
        facts = row_sentence(record.here) if record.here and is_elsewhere else record.opinions or record.distance
        self._facts.setText(" · ".join(filter(None, (facts, record.age))))
        self._facts.setToolTip("\n".join(filter(None, (record.opinions, record.distance, record.shared))))
        self._waiting.setText(record.waiting)
        self._waiting.setVisible(bool(record.waiting))
        self._show_judge(record.judge, is_known=bool(record.agreement))

    def show_mode(self, mode: str) -> None:
        """Show which way of looking is on. Emits nothing."""
        for (name, _, _), button in zip(_MODES, self._mode_buttons, strict=True):
            button.setChecked(name == mode)

    def set_theme(self, theme: Theme) -> None:
        """Change icons and sizes."""
        self._theme = theme
        set_icon(self._close, "close", theme)
        for (_, icon_name, _), button in zip(_MODES, self._mode_buttons, strict=True):
            set_icon(button, icon_name, theme)

    def _show_judge(self, judge: JudgeRecord, *, is_known: bool) -> None:
        self._ask.setText(judge.ask)
        self._ask.setEnabled(judge.can_ask)
        self._ask.setToolTip(judge.tooltip)
        wanted = [(each.id, each.text) for each in judge.generations]
        if wanted != [(self._judges.itemData(i), self._judges.itemText(i)) for i in range(self._judges.count())]:
            self._judges.clear()
            for key, text in wanted:
                self._judges.addItem(text, key)
        self._judges.setCurrentIndex(self._judges.findData(judge.generation))
        for widget in (self._ask, self._judges):
            widget.setVisible(is_known)
        self._verdict.setText(judge.text)
        self._verdict.setAccessibleName(judge.text)
        self._verdict.setVisible(bool(judge.text))
        self._progress.setVisible(judge.progress is not None)
        self._progress.setValue(round((judge.progress or 0.0) * _PROGRESS_PARTS))

    def _mode_button(self, name: str, _: str, tooltip: str) -> QToolButton:
        button = QToolButton()
        button.setCheckable(True)
        button.setToolTip(tooltip)
        button.setAccessibleName(tooltip.split(".")[0])
        button.clicked.connect(lambda: self.mode_chosen.emit(name))
        self._modes.addButton(button)
        return button

    def _lay_out(self) -> None:
        sides = QGridLayout()
        sides.setHorizontalSpacing(GRID)
        sides.setVerticalSpacing(2)
        sides.setColumnStretch(3, 1)
        for place, row in enumerate(self._rows):
            row.add_to(sides, place)
        tools = QHBoxLayout()
        tools.setSpacing(GRID // 2)
        for widget in (*self._mode_buttons, self._change, self._close):
            tools.addWidget(widget)
        middle = QHBoxLayout()
        middle.setSpacing(GRID)
        middle.addWidget(self._agreement, 1)
        middle.addWidget(self._show_split)
        middle.addLayout(tools)
        lower = QHBoxLayout()
        lower.setSpacing(GRID)
        lower.addWidget(self._facts, 1)
        lower.addWidget(self._judges)
        lower.addWidget(self._ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, GRID, GRID, GRID)
        column.setSpacing(GRID // 2)
        column.addLayout(sides)
        column.addWidget(self._waiting)
        column.addLayout(middle)
        column.addLayout(lower)
        column.addWidget(self._progress)
        column.addWidget(self._verdict)
