"""Who is stronger than whom, how surely: the lower triangle of all pairs, the strongest first."""

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from app.theme import DARK, GRID, PADDING, Theme, color, font
from app.viewmodels.arena_ladder import LadderRow, sure_percent
from app.viewmodels.figures import MISSING

_NAME_ROOM = 220
_CAPTION_ROOM = 48
_CAPTION = "Chance in percent that the column's player is stronger than the row's. A click opens their match."
_MOST_CELL, _LEAST_CELL = 52, 18
_FIGURES_FROM = 34
"""Pixels of a cell from which its figure is written in it."""

_KEYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class LadderHeat(QWidget):
    """A cell each pair: the chance that the player above (the column) is stronger than the one beside (the row).

    Signals:
        pair_chosen(int, int): places of the two players in the list were clicked.
    """

    pair_chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._rows: tuple[LadderRow, ...] = ()
        self._chances: tuple[tuple[float, ...], ...] = ()
        self._cursor: tuple[int, int] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Who is stronger than whom")

    def show_chances(self, rows: tuple[LadderRow, ...], chances: tuple[tuple[float, ...], ...]) -> None:
        """Draw these chances, [players][players], the chance that the player of the row is the stronger."""
        self._rows, self._chances = rows, chances
        if self._cursor is not None and self._cursor[1] >= len(rows):
            self._cursor = None
        told = (self._told(upper, lower) for lower in range(len(rows)) for upper in range(lower))
        self.setAccessibleDescription("; ".join(list(told)[:60]))
        self.updateGeometry()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.update()

    @override
    def sizeHint(self) -> QSize:
        side = self._theme.room(_NAME_ROOM) + _LEAST_CELL * len(self._rows) + 2 * PADDING
        return QSize(side, _LEAST_CELL * len(self._rows) + 2 * PADDING + _CAPTION_ROOM)

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            pair = self._pair_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self._told(*pair) if pair else "", self)
            return True
        return super().event(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        pair = self._pair_at(event.position())
        if pair is not None:
            self.pair_chosen.emit(*pair)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go over the pairs, Enter opens the match of one."""
        step = _KEYS.get(Qt.Key(event.key()))
        if step is not None and len(self._rows) > 1:
            upper, lower = self._cursor or (0, 1)
            if self._cursor is not None:
                lower = min(max(lower + step[1], 1), len(self._rows) - 1)
                upper = min(max(upper + step[0], 0), lower - 1)
            self._cursor = upper, lower
            self.setAccessibleName(f"Who is stronger than whom: {self._told(upper, lower)}")
            self.update()
        elif self._cursor is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.pair_chosen.emit(*self._cursor)
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        cell, names = self._cell(), self._theme.room(_NAME_ROOM)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for lower, row in enumerate(self._rows):
            line = QRectF(0, PADDING + lower * cell, names, cell)
            painter.setFont(font(self._theme.small))
            painter.setPen(color(self._theme.text))
            text = painter.fontMetrics().elidedText(row.name, Qt.TextElideMode.ElideMiddle, int(names - PADDING))
            painter.drawText(line.adjusted(PADDING, 0, -GRID, 0), right, text if lower else "")
            for upper in range(lower):
                self._paint_cell(painter, QRectF(names + upper * cell, line.top(), cell - 1, cell - 1), upper, lower)
            number = QRectF(names + lower * cell + 4, line.top(), names, cell)
            painter.setPen(color(self._theme.quiet))
            left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(number, left, row.name if lower < len(self._rows) - 1 else "")

        self._paint_caption(painter, PADDING + len(self._rows) * cell + GRID)

    def _paint_caption(self, painter: QPainter, top: float) -> None:
        painter.setFont(font(self._theme.small))
        painter.setPen(color(self._theme.quiet))
        names = self._theme.room(_NAME_ROOM)
        box = QRectF(names, top, self.width() - names - PADDING, 2 * (self._theme.small + 6))
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(box, flags, _CAPTION)

    def _paint_cell(self, painter: QPainter, box: QRectF, upper: int, lower: int) -> None:
        chance = self._chances[upper][lower]
        painter.fillRect(box, color(self._theme.raised))
        is_known = not math.isnan(chance)
        if is_known:
            painter.fillRect(box, color(self._theme.good, min(max(2.0 * chance - 1.0, 0.0), 1.0) * 0.6))
        if (upper, lower) == self._cursor and self.hasFocus():
            painter.setPen(QPen(color(self._theme.attention), 2))
            painter.drawRect(box.adjusted(1, 1, -1, -1))
        if box.width() >= _FIGURES_FROM:
            painter.setPen(color(self._theme.text if is_known else self._theme.quiet))
            text = f"{min(int(100 * chance), 99)}" if is_known else MISSING
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _cell(self) -> float:
        count = max(len(self._rows), 1)
        room = min(self.width() - 2 * self._theme.room(_NAME_ROOM), self.height() - 2 * PADDING - _CAPTION_ROOM)
        return min(max(room / count, _LEAST_CELL), self._theme.room(_MOST_CELL))

    def _pair_at(self, point: QPointF) -> tuple[int, int] | None:
        """Places of the stronger (column) and the weaker (row) player under a point."""
        cell = self._cell()
        upper = int((point.x() - self._theme.room(_NAME_ROOM)) // cell)
        lower = int((point.y() - PADDING) // cell)
        return (upper, lower) if 0 <= upper < lower < len(self._rows) else None

    def _told(self, upper: int, lower: int) -> str:
        one, other = self._rows[upper], self._rows[lower]
        if math.isnan(self._chances[upper][lower]):
            return f"No game connects {one.name} with {other.name}."
        return f"{one.name} is stronger than {other.name}: {sure_percent(self._chances[upper][lower])}"
