"""Run and pause a job, see how far it is, and what went wrong: the foot of a page of the arena."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.theme import DARK, GRID, PADDING, Theme
from app.viewmodels.arena_job import IDLE, JobRecord
from app.widgets.error_line import ErrorLine
from app.widgets.icons import set_icon

_PARTS = 1000
_BUTTON_WIDTH = 96


class JobBar(QWidget):
    """A button, a line of words and a thin bar.

    Signals:
        run_clicked(), pause_clicked(): what should happen. dismissed(): the error was read.
        retry_clicked(): do again what failed.
    """

    run_clicked = Signal()
    pause_clicked = Signal()
    dismissed = Signal()
    retry_clicked = Signal()

    def __init__(self, tooltip: str, parent: QWidget | None = None) -> None:
        """`tooltip`: what Run does, one sentence."""
        super().__init__(parent)
        self._theme = DARK
        self._job = IDLE
        self._is_dressed_running = False
        self._tooltip = tooltip
        self._run = QPushButton("Run")
        self._run.setFixedWidth(_BUTTON_WIDTH)
        self._run.clicked.connect(lambda: (self.pause_clicked if self._job.running else self.run_clicked).emit())
        self._text = QLabel()
        self._text.setProperty("role", "quiet")
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._bar = QProgressBar()
        self._bar.setRange(0, _PARTS)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(3)
        self._bar.setAccessibleName("Progress")
        self.error = ErrorLine()
        self.error.dismissed.connect(self.dismissed)
        self.error.action_clicked.connect(self.retry_clicked)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._lay_out()

    def show_job(self, job: JobRecord, idle_text: str, *, can_run: bool) -> None:
        """Show how far it is; `idle_text` stands there while nothing runs."""
        self._job = job
        if job.running != self._is_dressed_running:
            self._is_dressed_running = job.running
            self._dress()
        self._run.setEnabled(not job.pausing if job.running else can_run)
        text = job.text if job.running else job.blocked or idle_text
        self._text.setText(text)
        self._text.setToolTip(text)
        self._bar.setValue(round((job.share or 0.0) * _PARTS) if job.running else 0)
        self.error.show_error(job.error, "Try again" if job.error else "")

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self._run.setFixedWidth(theme.room(_BUTTON_WIDTH))
        self.error.set_theme(theme)
        self._dress()

    def _dress(self) -> None:
        running = self._is_dressed_running
        self._run.setText("Pause" if running else "Run")
        self._run.setAccessibleName("Pause" if running else "Run")
        self._run.setToolTip("Finish what is in hand and stop; nothing is lost." if running else self._tooltip)
        set_icon(self._run, "pause" if running else "play", self._theme)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(PADDING, GRID, PADDING, GRID)
        row.setSpacing(PADDING)
        row.addWidget(self._run)
        row.addWidget(self._text, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.error)
        column.addWidget(self._bar)
        column.addLayout(row)
