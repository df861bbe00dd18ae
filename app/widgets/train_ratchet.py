"""The ratchet: one place for each generation, its gain with an interval, and the gap to its search."""

import math
from itertools import pairwise

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from app.theme import DARK, GRID, PADDING, Theme, color, font
from app.viewmodels.arena_scale import padded, ticks
from app.viewmodels.figures import signed
from app.viewmodels.train_ratchet import Measured, RatchetPoint, RatchetRecord
from app.widgets.ladder_chart import paint_kind

_LEFT, _BELOW = 56, 30
_MOST_STEP = 150
_MOST_TICKS = 8
_CAP = 4


class RatchetChart(QWidget):
    """Draws one `RatchetRecord`; the band between the two lines is the fuel that is left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._record = RatchetRecord()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Elo of each generation, relative to the first")

    def show_ratchet(self, record: RatchetRecord) -> None:
        """Draw `record`."""
        self._record = record
        self.setAccessibleDescription("; ".join(point.text for point in record.points))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(640, 400)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(260, 180)

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and self._record.points:
            field = self._field()
            distances = [abs(self._x(place, field) - event.pos().x()) for place in range(len(self._record.points))]
            place = distances.index(min(distances))
            QToolTip.showText(event.globalPos(), self._record.points[place].text, self)
            return True
        return super().event(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        points = self._record.points
        if not points:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        field, scale = self._field(), scale_of(points)
        self._paint_scale(painter, field, scale)
        self._paint_names(painter, field)
        painter.setClipRect(field.adjusted(-GRID, -GRID, GRID, GRID))
        self._paint_fuel(painter, field, scale)
        theme = self._theme
        searched = [(place, point.searched) for place, point in enumerate(points) if point.searched is not None]
        self._paint_line(painter, field, scale, searched, color(theme.effort), dashed=True)
        known = [(place, point.intuition) for place, point in enumerate(points)]
        self._paint_line(painter, field, scale, known, color(theme.intuition), dashed=False)
        for place, measured in searched:
            self._paint_point(painter, field, scale, place, measured, is_searched=True)
        for place, measured in known:
            self._paint_point(painter, field, scale, place, measured, is_searched=False)

    def _paint_scale(self, painter: QPainter, field: QRectF, scale: tuple[float, float]) -> None:
        theme = self._theme
        painter.setFont(font(theme.small))
        line = painter.fontMetrics().height()
        for tick in ticks(*scale, most=_MOST_TICKS):
            y = _y(tick, field, scale)
            painter.setPen(QPen(color(theme.pruned if tick == 0 else theme.hairline), 1))
            painter.drawLine(QPointF(field.left(), y), QPointF(field.right(), y))
            painter.setPen(color(theme.quiet))
            room = QRectF(0, y - line / 2, field.left() - GRID / 2, line)
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, signed(tick, 0))

    def _paint_names(self, painter: QPainter, field: QRectF) -> None:
        """A green tick for each generation; as many names as fit, the last one always."""
        theme, points = self._theme, self._record.points
        painter.setFont(font(theme.small))
        taken_from = math.inf
        for place in reversed(range(len(points))):
            x, width = self._x(place, field), painter.fontMetrics().horizontalAdvance(points[place].id) + GRID
            painter.setPen(QPen(color(theme.learning), 2))
            painter.drawLine(QPointF(x, field.bottom() + 2), QPointF(x, field.bottom() + 6))
            if x + width / 2 <= taken_from:
                taken_from = x - width / 2
                painter.setPen(color(theme.text))
                name = QRectF(x - width / 2, field.bottom() + 8, width, theme.small + 6)
                painter.drawText(name, Qt.AlignmentFlag.AlignCenter, points[place].id)

    def _paint_fuel(self, painter: QPainter, field: QRectF, scale: tuple[float, float]) -> None:
        """The gap between the lines, where both are known side by side, and beside a lonely point a bar."""
        points = self._record.points
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(self._theme.effort, 0.08))
        for place, (here, after) in enumerate(pairwise(points)):
            if here.searched is not None and after.searched is not None:
                left, right = self._x(place, field), self._x(place + 1, field)
                corners = (
                    (left, here.searched.elo),
                    (right, after.searched.elo),
                    (right, after.intuition.elo),
                    (left, here.intuition.elo),
                )
                painter.drawPolygon(QPolygonF([QPointF(x, _y(elo, field, scale)) for x, elo in corners]))

    def _paint_line(
        self,
        painter: QPainter,
        field: QRectF,
        scale: tuple[float, float],
        known: list[tuple[int, Measured]],
        tint: QColor,
        *,
        dashed: bool,
    ) -> None:
        pen = QPen(tint, 2)
        if dashed:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        line = [QPointF(self._x(place, field), _y(measured.elo, field, scale)) for place, measured in known]
        painter.drawPolyline(QPolygonF(line))

    def _paint_point(
        self,
        painter: QPainter,
        field: QRectF,
        scale: tuple[float, float],
        place: int,
        measured: Measured,
        *,
        is_searched: bool,
    ) -> None:
        theme = self._theme
        x = self._x(place, field)
        painter.setPen(QPen(color(theme.effort if is_searched else theme.intuition, 0.75), 1.5))
        for end in (measured.low, measured.high):
            y = _y(min(max(end, scale[0]), scale[1]), field, scale)
            painter.drawLine(QPointF(x, _y(measured.elo, field, scale)), QPointF(x, y))
            if math.isfinite(end):
                painter.drawLine(QPointF(x - _CAP, y), QPointF(x + _CAP, y))
        centre = QPointF(x, _y(measured.elo, field, scale))
        paint_kind(painter, centre, "searched" if is_searched else "intuition", theme)

    def _field(self) -> QRectF:
        left, below = self._theme.room(_LEFT), self._theme.room(_BELOW)
        return QRectF(left, PADDING, max(self.width() - left - 4 * PADDING, 1), max(self.height() - below - PADDING, 1))

    def _x(self, place: int, field: QRectF) -> float:
        """Generations stand side by side, not too far apart."""
        most = max(len(self._record.points) - 1, 1)
        step = min(field.width() / (most + 0.5), self._theme.room(_MOST_STEP))
        return field.left() + step * (place + 0.25)


def scale_of(points: tuple[RatchetPoint, ...]) -> tuple[float, float]:
    """Elo at the lower and upper edge: everything that is finite is seen."""
    measured = [known for point in points for known in (point.intuition, point.searched) if known is not None]
    ends = [end for known in measured for end in (known.elo, known.low, known.high) if math.isfinite(end)]
    return padded(min(ends), max(ends))


def _y(elo: float, field: QRectF, scale: tuple[float, float]) -> float:
    low, high = scale
    return field.bottom() - (elo - low) / (high - low) * field.height()
