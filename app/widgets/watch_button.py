"""The button beside the transport controls that opens the list of watchpoints and counts those armed."""

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QWidget
from typing_extensions import override

from app.theme import DARK, Theme, color, font
from app.viewmodels.watchpoints import WatchpointsRecord
from app.widgets.icons import set_icon
from app.widgets.watch_list import WatchList

_BADGE = 13


class WatchButton(QToolButton):
    """Its badge says how many watchpoints are armed.

    Attributes:
        list: the popup, whose signals say what a person wants.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._num_armed = 0
        self.list = WatchList(self)
        self.setAccessibleName("Pause when")
        self.clicked.connect(self.open_list)
        self.show_watchpoints(WatchpointsRecord())

    def show_watchpoints(self, record: WatchpointsRecord) -> None:
        """Show what is waited for."""
        self.list.show_watchpoints(record)
        self._num_armed = record.num_armed
        armed = [row.text for row in record.rows if row.is_on and row.is_here]
        now = f" Now: {'; '.join(armed)}." if armed else ""
        self.setToolTip(f"Pause the search when something happens.{now} (breakpoints, watchpoints)")
        self.setAccessibleDescription(f"{record.num_armed} armed")
        self.update()

    def open_list(self) -> None:
        """Show the list over the button."""
        self.list.open_above(self.mapToGlobal(QPoint(0, 0)))

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.list.set_theme(theme)
        set_icon(self, "flag-outline", theme)
        self.setMinimumWidth(theme.room(40))
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._num_armed:
            return
        size = self._theme.room(_BADGE)
        badge = QRectF(self.width() - size - 2, 2, size, size)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(self._theme.attention))
            painter.drawEllipse(badge)
            painter.setPen(color(self._theme.background))
            painter.setFont(font(self._theme.small - 1, strong=True))
            text = str(self._num_armed) if self._num_armed < 10 else "9+"
            painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)
