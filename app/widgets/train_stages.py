"""The stages of a round side by side, each with a thin bar and a line of words."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from app.theme import DARK, GRID, PADDING, Theme, color, font
from app.viewmodels.train_stages import StageRecord

_BAR = 4
_SIGNS = {"over": "✓", "running": "▸", "paused": "‖", "waiting": ""}
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class StageStrip(QWidget):
    """All stages in a row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._views: list[StageView] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(PADDING, GRID, PADDING, GRID)
        self._row.setSpacing(2 * GRID)
        self.setAccessibleName("Stages of the round")

    def show_stages(self, stages: tuple[StageRecord, ...]) -> None:
        """Show these stages."""
        while len(self._views) < len(stages):
            view = StageView()
            view.set_theme(self._theme)
            self._views.append(view)
            self._row.addWidget(view, 1)
        for view, record in zip(self._views, stages, strict=False):
            view.show_stage(record)

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        for view in self._views:
            view.set_theme(theme)


class StageView(QWidget):
    """One stage: its name with a sign for its state, a bar, and how far it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._record: StageRecord | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_stage(self, record: StageRecord) -> None:
        """Show `record`."""
        if record != self._record:
            self._record = record
            self.setAccessibleName(f"{record.title}: {record.standing}")
            self.setAccessibleDescription(record.text)
            self.setToolTip(f"{record.tooltip}\n{record.text}".strip())
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(160, self._theme.body + self._theme.small + _BAR + 3 * GRID)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.room(90), self.sizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        record, theme = self._record, self._theme
        if record is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_now = record.standing in ("running", "paused")
        line = float(theme.body + GRID)
        painter.setFont(font(theme.body, strong=is_now))
        painter.setPen(color(theme.text if record.standing != "waiting" else theme.quiet))
        painter.drawText(QRectF(0, 0, self.width(), line), _LEFT, f"{record.title}  {_SIGNS[record.standing]}".strip())
        bar = QRectF(0, line, self.width(), _BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme.hairline))
        painter.drawRoundedRect(bar, 2, 2)
        if record.share > 0:
            painter.setBrush(color(theme.pruned if record.standing == "paused" else theme.learning))
            painter.drawRoundedRect(QRectF(0, line, self.width() * record.share, _BAR), 2, 2)
        painter.setFont(font(theme.small))
        painter.setPen(QPen(color(theme.text if is_now else theme.quiet)))
        words = QRectF(0, line + _BAR + 2, self.width(), theme.small + GRID)
        text = painter.fontMetrics().elidedText(record.text, Qt.TextElideMode.ElideRight, int(words.width()))
        painter.drawText(words, _LEFT, text)
