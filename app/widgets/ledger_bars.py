"""The scores of a node's actions as bars that lie under each other: what each is worth, and what is added to that.

All bars begin at the same value, so whose is longest has the highest score; a line shows how long the next one's is.
"""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.theme import color, font
from app.viewmodels.why_records import LedgerRecord, LedgerRow
from app.widgets.hover_rows import NONE, HoverRows
from app.widgets.value_tint import value_tint

_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_NAME_ROOM, _SCORE_ROOM, _MARK_ROOM = 62, 48, 16
_BAR = 9
_MARGIN = 0.08
"""Share of the room that the shortest bar's value part has at least."""


class LedgerBars(HoverRows):
    """A row for each action; one of them can be picked.

    Signals:
        picked(int): a row was clicked or reached with the arrow keys.
        opened(int): it was double-clicked, or Enter was pressed on it.
    """

    picked = Signal(int)
    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record = LedgerRecord()
        self._picked = NONE
        self.setAccessibleName("Scores")

    def show_ledger(self, record: LedgerRecord, picked: int) -> None:
        """Show `record`, its row `picked` marked."""
        if len(record.rows) != len(self._record.rows):
            self.updateGeometry()
        self._record, self._picked = record, picked
        self.setAccessibleDescription(", ".join(f"{row.text} {row.score_text}" for row in record.rows))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        rows = len(self._record.rows)
        return QSize(200, rows * self._line_height() + self._theme.small + 8 if rows else 0)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = self._line_height()
        low, high = self._scale()
        for place, row in enumerate(self._record.rows):
            self._paint_row(painter, QRectF(0, place * height, self.width(), height), row, place, low, high)
        following = next((row for row in self._record.rows if row.is_next), None)
        if following is not None and self._is_summed():
            self._paint_goal(painter, self._x_of(_score(following), low, high))
        if self._record.rows:
            self._paint_foot(painter, QRectF(0, len(self._record.rows) * height, self.width(), self._theme.small + 8))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and (place := self._row_at(event.position())) != NONE:
            self.picked.emit(place)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and (place := self._row_at(event.position())) != NONE:
            self.opened.emit(place)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up.value: -1, Qt.Key.Key_Down.value: 1}
        last = len(self._record.rows) - 1
        if event.key() in steps and last >= 0:
            place = min(max(self._picked + steps[event.key()], 0), last)
            if place != self._picked:
                self.picked.emit(place)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._picked != NONE:
            self.opened.emit(self._picked)
        else:
            super().keyPressEvent(event)

    @override
    def _num_rows(self) -> int:
        return len(self._record.rows)

    @override
    def _told(self, place: int) -> str:
        return row_text(self._record.rows[place])

    def _is_summed(self) -> bool:
        """The bars are scores, and not shares."""
        return any(row.value is not None for row in self._record.rows)

    def _scale(self) -> tuple[float, float]:
        """Scores at the left end and at the right end of the room for bars."""
        rows = self._record.rows
        highest = max((_score(row) for row in rows), default=1.0)
        lowest = min((row.value for row in rows if row.value is not None), default=0.0)
        if not self._is_summed():
            return 0.0, max(highest, 1e-6)
        return lowest - _MARGIN * max(highest - lowest, 1e-3), highest

    def _x_of(self, score: float, low: float, high: float) -> float:
        left, right = self._bar_room()
        return left + (right - left) * min(max((score - low) / max(high - low, 1e-9), 0.0), 1.0)

    def _bar_room(self) -> tuple[float, float]:
        theme = self._theme
        return theme.room(_NAME_ROOM + _MARK_ROOM), max(self.width() - theme.room(_SCORE_ROOM), 1.0)

    @override
    def _line_height(self) -> int:
        return self._theme.body + 9

    def _paint_row(self, painter: QPainter, line: QRectF, row: LedgerRow, place: int, low: float, high: float) -> None:
        theme = self._theme
        if place == self._picked:
            painter.fillRect(line, color(theme.attention, 0.2))
        elif place == self._hovered:
            painter.fillRect(line, color(theme.hover))
        ink = theme.pruned if row.cut else theme.text
        self._paint_marks(painter, line, row)
        painter.setFont(font(theme.body, strong=row.is_self))
        painter.setPen(color(ink))
        name = QRectF(theme.room(_MARK_ROOM), line.top(), theme.room(_NAME_ROOM) - 4, line.height())
        text = painter.fontMetrics().elidedText(row.text, Qt.TextElideMode.ElideRight, int(name.width()))
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, text)
        painter.setFont(font(theme.small))
        painter.setPen(color(theme.pruned if row.cut else theme.quiet))
        painter.drawText(line.adjusted(0, 0, -2, 0), _RIGHT, row.score_text)
        self._paint_bar(painter, line.center().y(), row, low, high)

    def _paint_bar(self, painter: QPainter, centre: float, row: LedgerRow, low: float, high: float) -> None:
        theme = self._theme
        left, _ = self._bar_room()
        thick = theme.room(_BAR)
        top = round(centre - thick / 2)
        middle = left if row.value is None else self._x_of(row.value, low, high)
        end = self._x_of(_score(row), low, high)
        painter.setOpacity(0.45 if row.cut else 1.0)
        if row.value is not None:
            tint = theme.even if row.quality is None else value_tint(theme, row.quality)
            painter.fillRect(QRectF(left, top, middle - left, thick), color(tint, 0.5 if row.quality is None else 1.0))
        tints = {"puct": theme.intuition, "none": theme.intuition, "ucb": theme.pruned}
        added = tints.get(self._record.kind, theme.effort)
        painter.fillRect(QRectF(middle, top, max(end - middle, 1.0), thick), color(added))
        painter.setOpacity(1.0)

    def _paint_marks(self, painter: QPainter, line: QRectF, row: LedgerRow) -> None:
        """An arrow where the next simulation goes, a disc at the action to play."""
        theme, middle = self._theme, line.center().y()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme.effort))
        if row.is_next:
            painter.drawPolygon([QPointF(2, middle - 4), QPointF(2, middle + 4), QPointF(7, middle)])
        if row.is_played:
            painter.drawEllipse(QPointF(10.5 if row.is_next else 5.0, middle), 2.0, 2.0)

    def _paint_foot(self, painter: QPainter, room: QRectF) -> None:
        """How many there are beside, and what the marks mean."""
        painter.setFont(font(self._theme.small))
        painter.setPen(color(self._theme.quiet))
        rows = self._record.rows
        marks = (
            ("▸ next simulation", any(row.is_next for row in rows)),
            ("• to play", any(row.is_played for row in rows)),
        )
        painter.drawText(room, _RIGHT, "  ".join(mark for mark, is_there in marks if is_there))
        if self._record.others:
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, f"and {self._record.others} more")

    def _paint_goal(self, painter: QPainter, x: float) -> None:
        """A line down to which every bar must reach to be chosen."""
        painter.setPen(QPen(color(self._theme.effort, 0.7), 1, Qt.PenStyle.DashLine))
        x = round(x) + 0.5
        painter.drawLine(QPointF(x, 0), QPointF(x, len(self._record.rows) * self._line_height()))


def row_text(row: LedgerRow) -> str:
    """A row in words, for its tooltip."""
    sums = ", ".join(f"{term.label} {term.text}" for term in row.figures)
    return "\n".join((f"{row.text}: {sums}.", *row.sentences))


def _score(row: LedgerRow) -> float:
    score = (row.value or 0.0) + row.bonus
    return score if math.isfinite(score) else 2.0
