"""An export that is being written: one line with a bar, the time that is left, and a way to stop."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from app.theme import GRID, PADDING
from app.viewmodels.exports import ExportRecord

_BAR_WIDTH, _BAR_HEIGHT = 160, 6
_STEPS = 1000


class ExportLine(QFrame):
    """Hidden while nothing is written. Signals: cancel_clicked()."""

    cancel_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._bar = QProgressBar()
        self._bar.setRange(0, _STEPS)
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(_BAR_WIDTH, _BAR_HEIGHT)
        self._bar.setAccessibleName("Progress of the export")
        self._cancel = QPushButton("Stop")
        self._cancel.setProperty("role", "compact")
        self._cancel.setToolTip("Stop writing; no file is left behind. (cancel)")
        self._cancel.clicked.connect(self.cancel_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(PADDING, GRID // 2, PADDING, GRID // 2)
        row.setSpacing(PADDING)
        row.addWidget(self._text, 1)
        row.addWidget(self._bar)
        row.addWidget(self._cancel)
        self.hide()

    def show_export(self, record: ExportRecord) -> None:
        """Show `record`; one without a text takes the line away."""
        self._text.setText(record.text)
        self.setAccessibleName(record.text)
        self._bar.setValue(round(_STEPS * record.share))
        self._cancel.setVisible(record.can_cancel)
        self.setVisible(bool(record.text))
