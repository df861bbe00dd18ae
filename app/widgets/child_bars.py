"""The children of one node as gold and ivory bars, without the figures of the candidates table."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.theme import DARK, Theme, color, font
from app.viewmodels.records import CandidateRow
from app.widgets.share_bars import bars_height, paint_share_bars

_MOST_ROWS = 8
_NAME_ROOM = 56


class ChildBars(QWidget):
    """At most eight children, most visited first; a last line counts the others."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._rows: tuple[CandidateRow, ...] = ()
        self._others = 0
        self._is_searched = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Children")

    def show_rows(self, rows: tuple[CandidateRow, ...], *, searched: bool = True) -> None:
        """Show the first of `rows`; `searched`: False = there was no search, and there are no ivory bars."""
        shown = rows[:_MOST_ROWS]
        self._is_searched = searched
        if len(shown) != len(self._rows):
            self.updateGeometry()
        self._rows, self._others = shown, len(rows) - len(shown)
        self.setAccessibleDescription(", ".join(row.text for row in shown))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        lines = len(self._rows) * self._line_height() + (self._theme.small + 6 if self._others else 0)
        return QSize(160, lines)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, height = self._theme, self._line_height()
        longest = max((max(row.prior, row.visit_share) for row in self._rows), default=0.0) or 1.0
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        for place, row in enumerate(self._rows):
            line = QRectF(0, place * height, self.width(), height)
            painter.setFont(font(theme.body))
            painter.setPen(color(theme.pruned if row.pruned else theme.text))
            painter.drawText(line, left, row.text)
            room = line.adjusted(theme.room(_NAME_ROOM), 3, 0, -3)
            paint_share_bars(painter, room, row, theme, longest=longest, stale=False, searched=self._is_searched)
        if self._others:
            painter.setFont(font(theme.small))
            painter.setPen(color(theme.quiet))
            rest = QRectF(0, len(self._rows) * height, self.width(), theme.small + 6)
            painter.drawText(rest, left, f"and {self._others} more")

    def _line_height(self) -> int:
        return bars_height(self._theme) + 6
