"""A small chart of a training: lines over steps, its title and the last figures on top."""

from bisect import bisect_left

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from app.theme import DARK, GRID, Theme, color, font
from app.viewmodels.arena_scale import ticks
from app.viewmodels.figures import count, short_count
from app.viewmodels.train_curves import ChartRecord, Series

_LEFT = 40
_EMPTY = "Drawn while it learns"
_LEAST_SPAN = 0.02
_TRIMMED = 0.02
"""Share of the values at either end that may stick out of the scale: the first steps are wild."""


class TrainChart(QWidget):
    """Draws one `ChartRecord`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._record: ChartRecord | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_chart(self, record: ChartRecord) -> None:
        """Draw `record` in place of what was there."""
        if record != self._record:
            self._record = record
            self.setAccessibleName(record.title)
            self.setAccessibleDescription(record.now)
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(220, self._theme.room(140))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.room(120), self._theme.room(90))

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and self._record is not None:
            QToolTip.showText(event.globalPos(), self._told(event.pos().x()), self)
            return True
        return super().event(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        record, theme = self._record, self._theme
        if record is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_title(painter, record)
        field = self._field()
        if not any(series.steps for series in record.series):
            painter.setFont(font(theme.small))
            painter.setPen(color(theme.pruned))
            painter.drawText(field, Qt.AlignmentFlag.AlignCenter, _EMPTY)
            return
        low, high = scale_of(record)
        self._paint_scale(painter, field, low, high)
        painter.setClipRect(field.adjusted(0, -2, 2, 2))
        for series in record.series:
            self._paint_series(painter, field, series, low, high)
        painter.setClipping(False)
        painter.setFont(font(theme.small))
        painter.setPen(color(theme.quiet))
        below = QRectF(field.left(), field.bottom() + 1, field.width(), theme.small + 4)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, "0")
        if record.steps:
            painter.drawText(below, Qt.AlignmentFlag.AlignRight, f"{count(record.steps)} steps")

    def _paint_title(self, painter: QPainter, record: ChartRecord) -> None:
        theme = self._theme
        line = QRectF(0, 0, self.width() - GRID, theme.small + GRID)
        painter.setFont(font(theme.small, strong=True))
        painter.setPen(color(theme.quiet))
        title = painter.fontMetrics().horizontalAdvance(record.title)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, record.title)
        painter.setFont(font(theme.small))
        painter.setPen(color(theme.text))
        room = line.adjusted(title + GRID, 0, 0, 0)
        text = painter.fontMetrics().elidedText(record.now, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_scale(self, painter: QPainter, field: QRectF, low: float, high: float) -> None:
        theme = self._theme
        painter.setFont(font(theme.small))
        line = painter.fontMetrics().height()
        for tick in ticks(low, high, most=max(int(field.height() // (2 * line)), 1)):
            y = field.bottom() - (tick - low) / (high - low) * field.height()
            painter.setPen(QPen(color(theme.hairline), 1))
            painter.drawLine(QPointF(field.left(), y), QPointF(field.right(), y))
            painter.setPen(color(theme.quiet))
            room = QRectF(0, y - line / 2, field.left() - GRID / 2, line)
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, _figure(tick))

    def _paint_series(self, painter: QPainter, field: QRectF, series: Series, low: float, high: float) -> None:
        if not series.steps:
            return
        tint = color(getattr(self._theme, series.tint))
        last = max(self._last_step(), 1)
        points = [
            QPointF(
                field.left() + field.width() * step / last,
                field.bottom() - (value - low) / (high - low) * field.height(),
            )
            for step, value in zip(series.steps, series.values, strict=True)
        ]
        pen = QPen(tint, 1.6)
        if series.is_dashed:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        for point in points if series.is_dashed else points[-1:]:
            painter.drawEllipse(point, 2.4, 2.4)

    def _field(self) -> QRectF:
        theme = self._theme
        top, below = theme.small + GRID + 4, theme.small + 6
        left = theme.room(_LEFT)
        return QRectF(left, top, max(self.width() - left - GRID, 1), max(self.height() - top - below, 1))

    def _last_step(self) -> int:
        assert self._record is not None
        return self._record.steps or max(
            (series.steps[-1] for series in self._record.series if series.steps), default=0
        )

    def _told(self, x: float) -> str:
        """What the chart shows, and its figures under the pointer."""
        assert self._record is not None
        field = self._field()
        step = round(min(max((x - field.left()) / field.width(), 0.0), 1.0) * self._last_step())
        said = [self._record.tooltip]
        for series in self._record.series:
            if series.steps:
                place = min(bisect_left(series.steps, step), len(series.steps) - 1)
                said.append(f"{series.name}, step {count(series.steps[place])}: {series.values[place]:.4g}")
        return "\n".join(said)


def scale_of(record: ChartRecord) -> tuple[float, float]:
    """Values at the lower and upper edge; a few wild ones may stick out."""
    values = sorted(value for series in record.series for value in series.values)
    if not values:
        return 0.0, 1.0
    cut = int(len(values) * _TRIMMED)
    low, high = (0.0 if record.from_zero else values[cut]), values[-1 - cut]
    margin = max(0.08 * (high - low), _LEAST_SPAN / 2)
    return (0.0 if record.from_zero else low - margin), high + margin


def _figure(value: float) -> str:
    return short_count(value) if abs(value) >= 1000 else f"{value:.3g}"
