"""Ratings as points with their 95 % intervals, the strongest on top: one row a player on a common scale."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.theme import GRID, PADDING, Theme, color, font
from app.viewmodels.arena_ladder import LadderRow, elo_text
from app.viewmodels.arena_ladder_players import KIND_WORDS, Kind
from app.viewmodels.arena_scale import padded, ticks
from app.widgets.hover_rows import NONE, HoverRows
from app.widgets.ladder_table import HEAD_ROOM

_NAME_SHARE, _MOST_NAME = 0.36, 280
_RADIUS = 5.0
_MOST_TICKS = 6
_OPEN = 24
"""Pixels of an arrow where an interval has no end."""
_KEYS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class LadderChart(HoverRows):
    """The ladder as a picture. A rating's kind is told by colour and shape, a held one by an anchor's bar.

    Signals:
        row_selected(int): a row was chosen by mouse or keyboard.
    """

    row_selected = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[LadderRow, ...] = ()
        self._selected = NONE
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Ratings")

    def show_rows(self, rows: tuple[LadderRow, ...]) -> None:
        """Draw these players in place of what was there."""
        if len(rows) != len(self._rows):
            self.updateGeometry()
        self._rows = rows
        self._selected = self._selected if self._selected < len(rows) else NONE
        told = (f"{row.name} {row.elo_text} {row.margin_text}" for row in rows)
        self.setAccessibleDescription("; ".join(told))
        self.update()

    def show_selected(self, place: int) -> None:
        """Mark a row, or none with -1. Emits nothing."""
        self._selected = place
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(420, self._axis_height() + len(self._rows) * self._line_height() + GRID)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(260, self.sizeHint().height())

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose(self._row_at(event.position()))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _KEYS.get(Qt.Key(event.key()))
        if step is None or not self._rows:
            super().keyPressEvent(event)
        else:
            self._choose(min(max(self._selected + step, 0), len(self._rows) - 1))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._rows:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plot, low, high = self._plot_area(), *scale_of(self._rows)
        self._paint_scale(painter, plot, low, high)
        for place, row in enumerate(self._rows):
            top = self._axis_height() + place * self._line_height()
            line = QRectF(0, top, self.width(), self._line_height())
            if place in (self._selected, self._hovered):
                painter.fillRect(line, color(self._theme.attention, 0.2 if place == self._selected else 0.08))
            self._paint_name(painter, line, row, plot.left())
            self._paint_rating(painter, line, row, plot, (low, high))

    @override
    def _num_rows(self) -> int:
        return len(self._rows)

    @override
    def _line_height(self) -> int:
        return self._theme.body + 13

    @override
    def _told(self, place: int) -> str:
        return self._rows[place].sentence

    @override
    def _row_at(self, point: QPointF) -> int:
        return super()._row_at(point - QPointF(0, self._axis_height()))

    def _axis_height(self) -> int:
        return self._theme.small + HEAD_ROOM

    def _choose(self, place: int) -> None:
        if place != NONE:
            self.show_selected(place)
            self.row_selected.emit(place)

    def _plot_area(self) -> QRectF:
        names = min(self._theme.room(_MOST_NAME), self.width() * _NAME_SHARE)
        return QRectF(names, self._axis_height(), self.width() - names - PADDING, self.height() - self._axis_height())

    def _paint_scale(self, painter: QPainter, plot: QRectF, low: float, high: float) -> None:
        painter.setFont(font(self._theme.small))
        for tick in ticks(low, high, _MOST_TICKS):
            x = _x(tick, plot, low, high)
            painter.setPen(color(self._theme.hairline))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom() - GRID))
            painter.setPen(color(self._theme.quiet))
            box = QRectF(x - 40, 4, 80, self._theme.small + 4)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, elo_text(tick))

    def _paint_name(self, painter: QPainter, line: QRectF, row: LadderRow, right: float) -> None:
        painter.setFont(font(self._theme.body))
        painter.setPen(color(self._theme.text))
        box = QRectF(PADDING, line.top(), right - PADDING - GRID, line.height())
        name = painter.fontMetrics().elidedText(row.name, Qt.TextElideMode.ElideMiddle, int(box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_rating(
        self, painter: QPainter, line: QRectF, row: LadderRow, plot: QRectF, scale: tuple[float, float]
    ) -> None:
        tint, y = color(kind_color(row.kind, self._theme)), line.center().y()
        centre = QPointF(_x(row.elo, plot, *scale), y)
        painter.setPen(QPen(tint, 2))
        if row.anchored:  # a held rating has no interval; a bar across says that it does not move
            painter.drawLine(centre - QPointF(0, 9), centre + QPointF(0, 9))
        else:
            for end, way in ((row.low, -1), (row.high, 1)):
                if end is not None:
                    tip = QPointF(_x(end, plot, *scale), y)
                    painter.drawLine(centre, tip)
                    painter.drawLine(tip - QPointF(0, 3), tip + QPointF(0, 3))
                else:
                    tip = centre + QPointF(way * _OPEN, 0)
                    painter.drawLine(centre, tip)
                    painter.drawPolyline([tip + QPointF(-5 * way, -4), tip, tip + QPointF(-5 * way, 4)])
        paint_kind(painter, centre, row.kind, self._theme)


class LadderLegend(QWidget):
    """Which colour and shape is which kind of player."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Legend")
        self.setAccessibleDescription(", ".join(KIND_WORDS.values()))

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(300, (self._theme.small if self._theme else 11) + 12)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._theme is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(self._theme.small))
        x, middle = float(PADDING + 4), self.height() / 2
        for kind, words in KIND_WORDS.items():
            paint_kind(painter, QPointF(x, middle), kind, self._theme)
            painter.setPen(color(self._theme.quiet))
            width = painter.fontMetrics().horizontalAdvance(words)
            box = QRectF(x + 10, 0, width + 2, self.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
            x += 10 + width + 2 * GRID + 4


def scale_of(rows: tuple[LadderRow, ...]) -> tuple[float, float]:
    """The Elo at both ends of the picture: all that is bounded is seen."""
    ends = [end for row in rows for end in (row.elo, row.low, row.high) if end is not None]
    return padded(min(ends), max(ends))


def kind_color(kind: Kind, theme: Theme) -> str:
    """Intuition is gold and search ivory, as everywhere; what is not ours is quiet."""
    return {
        "intuition": theme.intuition,
        "searched": theme.effort,
        "outside": theme.quiet,
        "random": theme.quiet,
    }[kind]


def paint_kind(painter: QPainter, centre: QPointF, kind: Kind, theme: Theme) -> None:
    """A player's mark: diamond, disc, square or cross."""
    tint, r = color(kind_color(kind, theme)), _RADIUS
    painter.setPen(QPen(tint, 2))
    painter.setBrush(tint)
    if kind == "searched":
        painter.drawEllipse(centre, r - 1, r - 1)
    elif kind == "intuition":
        points = (QPointF(0, -r), QPointF(r, 0), QPointF(0, r), QPointF(-r, 0))
        painter.drawPolygon(QPolygonF([centre + point for point in points]))
    elif kind == "outside":
        painter.drawRect(QRectF(centre.x() - r + 1, centre.y() - r + 1, 2 * r - 2, 2 * r - 2))
    else:
        painter.drawLine(centre + QPointF(-r + 1, -r + 1), centre + QPointF(r - 1, r - 1))
        painter.drawLine(centre + QPointF(-r + 1, r - 1), centre + QPointF(r - 1, -r + 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _x(elo: float, plot: QRectF, low: float, high: float) -> float:
    return plot.left() + plot.width() * (elo - low) / (high - low)
