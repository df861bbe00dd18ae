"""What came of a round: one sentence, the figures behind it, and, where it did not help, what went wrong."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.theme import DARK, GRID, PADDING, Theme
from app.viewmodels.train_verdict import LostPosition, Tone, VerdictRecord

_MOST_LOST = 6


class VerdictPanel(QWidget):
    """Words only; positions that were lost open in Explore.

    Signals:
        explore_wanted(object): the `Line` of a position to open there.
    """

    explore_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._record: VerdictRecord | None = None
        self._sentence, self._facts, self._autopsy = _words("large"), _words(""), _words("")
        self._mark = QFrame()
        self._mark.setFixedWidth(4)
        self._autopsy_heading, self._lost_heading = _words("heading"), _words("heading")
        self._autopsy_heading.setText("What went wrong")
        self._lost_heading.setText("Positions it got worse on")
        self._lost = QVBoxLayout()
        self._lost.setSpacing(2)
        host = QWidget()
        column = QVBoxLayout(host)
        column.setContentsMargins(PADDING, GRID, PADDING, GRID)
        column.setSpacing(GRID)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self._mark)
        head.addWidget(self._sentence, 1)
        column.addLayout(head)
        for label in (self._facts, self._autopsy_heading, self._autopsy, self._lost_heading):
            column.addWidget(label)
        column.addLayout(self._lost)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(host)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        self.setAccessibleName("What came of the round")

    def show_verdict(self, record: VerdictRecord) -> None:
        """Show a round's end."""
        if record == self._record:
            return
        self._record = record
        self._sentence.setText(record.sentence)
        self._facts.setText("\n".join(record.facts))
        self._autopsy.setText("\n".join(record.autopsy))
        for label, is_there in (
            (self._facts, bool(record.facts)),
            (self._autopsy_heading, bool(record.autopsy)),
            (self._autopsy, bool(record.autopsy)),
            (self._lost_heading, bool(record.lost)),
        ):
            label.setVisible(is_there)
        self._show_lost(record.lost[:_MOST_LOST])
        self.setAccessibleDescription(" ".join((record.sentence, *record.facts, *record.autopsy)))
        self._dress()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self._dress()

    def _dress(self) -> None:
        tone: Tone = self._record.tone if self._record is not None else "open"
        theme = self._theme
        tint = {"good": theme.learning, "bad": theme.bad, "even": theme.even, "open": theme.pruned}[tone]
        self._mark.setStyleSheet(f"background: {tint}; border: 0;")

    def _show_lost(self, lost: tuple[LostPosition, ...]) -> None:
        while (item := self._lost.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for position in lost:
            button = QPushButton(position.text)
            button.setProperty("role", "compact")
            button.setToolTip("Open this position in Explore.")
            button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda *_, line=position.line: self.explore_wanted.emit(line))
            self._lost.addWidget(button)


def _words(role: str) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if role:
        label.setProperty("role", role)
    return label
