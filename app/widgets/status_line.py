"""The status bar: what is happening in one line, and the figures of the search."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget
from typing_extensions import override

from app.theme import DARK, GRID, PADDING, Theme, color, font
from app.viewmodels.records import StatusRecord
from app.widgets.figure_strip import FigureStrip

_LEAST_HEADLINE = 240
"""Pixels that the figures leave to the headline."""


class StatusLine(QWidget):
    """A sign for the engine's state, a headline or an error with its way out, and figures.

    Signals:
        action_clicked(): the button beside an error.
    """

    action_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._headline = Headline()
        self._action = QPushButton()
        self._action.setProperty("role", "compact")
        self._action.clicked.connect(self.action_clicked)
        self._figures = FigureStrip()
        row = QHBoxLayout(self)
        row.setContentsMargins(PADDING, 0, PADDING, 0)
        row.setSpacing(GRID)
        row.addWidget(self._headline, 1)
        row.addWidget(self._action)
        row.addWidget(self._figures)
        self.setAccessibleName("Status")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.show_status(StatusRecord())

    def show_status(self, record: StatusRecord) -> None:
        """Show `record`; an error takes the headline's place."""
        self._headline.show_headline(record.engine, record.error or record.headline, is_error=bool(record.error))
        self._action.setText(record.action)
        self._action.setVisible(bool(record.error and record.action))
        self._figures.show_figures(record.figures)

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._headline.set_theme(theme)
        self._figures.set_theme(theme)


class Headline(QWidget):
    """A sign and one line of words, shortened where there is no room; the tooltip has it all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._engine, self._text, self._is_error = "", "", False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(_LEAST_HEADLINE)

    def show_headline(self, engine: str, text: str, *, is_error: bool) -> None:
        """Show the state's sign and `text`."""
        self._engine, self._text, self._is_error = engine, text, is_error
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(240, self._theme.small + 2 * GRID)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        side = 8.0
        sign = QRectF(0, (self.height() - side) / 2, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        if self._is_error:
            painter.setBrush(color(theme.bad))
            painter.drawRect(sign)
        else:
            is_running = self._engine == "running"
            painter.setBrush(color(theme.text if is_running else theme.pruned))
            painter.drawEllipse(sign)
        painter.setFont(font(theme.small))
        painter.setPen(color(theme.text if self._is_error else theme.quiet))
        room = QRectF(side + GRID, 0, self.width() - side - GRID, self.height())
        text = painter.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
