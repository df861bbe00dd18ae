"""Causes as rows: what it was, how it did it, and how much it moved the value."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.theme import color, font
from app.viewmodels.cause_rows import share_text
from app.viewmodels.why_records import CauseRow
from app.widgets.hover_rows import NONE, HoverRows

_INDENT, _SHARE_ROOM, _BAR_ROOM = 12, 58, 36


class CauseList(HoverRows):
    """Rows of two lines: what it was and how, and to the right how much it moved the value, as bar and number.

    Signals:
        chosen(object): a `CauseRow` was clicked, or Enter was pressed on it.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[CauseRow, ...] = ()
        self._largest = 1.0
        self._current = NONE

    def show_rows(self, rows: tuple[CauseRow, ...], largest: float) -> None:
        """Show `rows`; a share of `largest` fills its bar."""
        if len(rows) != len(self._rows):
            self.updateGeometry()
        self._rows, self._largest = rows, max(largest, 1e-9)
        self._current = min(self._current, len(rows) - 1)
        self.setAccessibleDescription(", ".join(f"{row.text} {share_text(row.share)}" for row in rows))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, len(self._rows) * self._line_height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for place, row in enumerate(self._rows):
            line = QRectF(0, place * self._line_height(), self.width(), self._line_height())
            if place == self._hovered or (place == self._current and self.hasFocus()):
                painter.fillRect(line, color(self._theme.hover))
            self._paint_row(painter, line, row)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and (place := self._row_at(event.position())) != NONE:
            self._current = place
            self.chosen.emit(self._rows[place])

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up.value: -1, Qt.Key.Key_Down.value: 1}
        if event.key() in steps and self._rows:
            self._current = min(max(self._current + steps[event.key()], 0), len(self._rows) - 1)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and 0 <= self._current < len(self._rows):
            self.chosen.emit(self._rows[self._current])
        else:
            super().keyPressEvent(event)

    @override
    def _num_rows(self) -> int:
        return len(self._rows)

    @override
    def _told(self, place: int) -> str:
        return self._rows[place].tooltip

    @override
    def _line_height(self) -> int:
        return self._theme.body + self._theme.small + 12

    def _paint_row(self, painter: QPainter, line: QRectF, row: CauseRow) -> None:
        theme = self._theme
        left = 4 + _INDENT * row.level
        right = self.width() - theme.room(_SHARE_ROOM) - theme.room(_BAR_ROOM)
        upper = QRectF(left, line.top() + 2, right - left - 4, theme.body + 4)
        lower = QRectF(left, upper.bottom(), right - left - 4, theme.small + 4)
        words = ((upper, theme.body, theme.text, row.text), (lower, theme.small, theme.quiet, row.detail))
        for room, size, ink, text in words:
            painter.setFont(font(size))
            painter.setPen(color(ink))
            fitting = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, fitting)
        half = theme.room(_BAR_ROOM) / 2
        length = half * min(abs(row.share) / self._largest, 1.0)
        start = right + half if row.share > 0 else right + half - length
        middle = line.center().y()
        painter.fillRect(QRectF(right + half - 0.5, middle - 7, 1, 14), color(theme.hairline))
        tint = theme.good if row.share > 0 else theme.bad
        painter.fillRect(QRectF(start, middle - 4, max(length, 1.0), 8), color(tint))
        painter.setFont(font(theme.small))
        painter.setPen(color(theme.text))
        at_the_end = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(line.adjusted(0, 0, -2, 0), at_the_end, share_text(row.share))
