"""What both players of a game thought of it, move by move, from the first player's view; the space between is doubt."""

from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.theme import color, font
from app.viewmodels.arena_game import CurvesRecord, point_text
from app.widgets.scrub_curve import INSET, ScrubCurve

_MOST_DOTS = 160
"""Places up to which each known value has a mark of its own."""
_EMPTY = "What both players thought of the game is drawn here, as far as they said it."


class GameCurves(ScrubCurve):
    """A's curve is full with dots, B's is dashed with squares; gold where a player does not search."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record = CurvesRecord()
        self.setAccessibleName("Values over the game")

    def show_curves(self, record: CurvesRecord) -> None:
        """Draw `record`."""
        self._record = record
        self.setAccessibleDescription(self.place_text(record.cursor) if record.cursor < self.places() else "")
        self.update()

    @override
    def places(self) -> int:
        return len(self._record.points)

    @override
    def cursor_place(self) -> int:
        return self._record.cursor

    @override
    def place_text(self, place: int) -> str:
        return point_text(self._record.points[place], self._record)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_opening(painter)
        self._paint_between(painter)
        self._paint_levels(painter)
        for side in (0, 1):
            self._paint_curve(painter, side)
        self.paint_cursors(painter)
        self._paint_words(painter)

    def _top(self) -> float:
        """Where the drawing begins, under the line of words."""
        return INSET + self._theme.small + 2.0

    def _y(self, white: float) -> float:
        """Height of a value in [-1, 1]; the first player's advantage is up."""
        return self._top() + (1 - white) / 2 * (self.height() - INSET - self._top())

    def _known(self, side: int) -> list[tuple[int, float]]:
        """Places and values that a player said."""
        found = ((point.played, point.whites[side]) for point in self._record.points)
        return [(place, white) for place, white in found if white is not None]

    def _paint_opening(self, painter: QPainter) -> None:
        given = sum(point.is_opening for point in self._record.points)
        if given:
            corner = QPointF(self.x_of(0), self._y(1.0))
            painter.fillRect(
                QRectF(corner, QPointF(self.x_of(given), self._y(-1.0))), color(self._theme.hairline, 0.45)
            )

    def _paint_between(self, painter: QPainter) -> None:
        """The disagreement: what lies between both curves where both are known around a place."""
        curves = [self._known(side) for side in (0, 1)]
        if any(len(curve) < 2 for curve in curves):
            return
        low = max(curve[0][0] for curve in curves)
        high = min(curve[-1][0] for curve in curves)
        if high <= low:
            return
        there = range(low, high + 1)
        one = [QPointF(self.x_of(place), self._y(_between(curves[0], place))) for place in there]
        other = [QPointF(self.x_of(place), self._y(_between(curves[1], place))) for place in there]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(self._theme.even, 0.30))
        painter.drawPolygon(QPolygonF([*one, *reversed(other)]))

    def _paint_levels(self, painter: QPainter) -> None:
        painter.setPen(QPen(color(self._theme.hairline), 1))
        for level in (-1.0, 0.0, 1.0):
            height = round(self._y(level)) + 0.5
            painter.drawLine(QPointF(INSET, height), QPointF(self.width() - INSET, height))

    def _paint_curve(self, painter: QPainter, side: int) -> None:
        known = self._known(side)
        places = [QPointF(self.x_of(place), self._y(white)) for place, white in known]
        painter.setPen(self._pen(side))
        for before, after in pairwise(places):
            painter.drawLine(before, after)
        if self.places() <= _MOST_DOTS or len(places) == 1:
            for place in places:
                self._paint_mark(painter, place, side)

    def _paint_words(self, painter: QPainter) -> None:
        """Who is which curve, and whose advantage is up."""
        record, theme = self._record, self._theme
        painter.setFont(font(theme.small))
        line = QRectF(INSET, 3, self.width() - 2 * INSET, theme.small + 6)
        x = line.left()
        for side, player in enumerate(record.players):
            tint = color(theme.intuition if record.is_intuition[side] else theme.effort)
            self._paint_sample(painter, x, line.center().y(), side)
            text = f"{'AB'[side]}  {player}"
            painter.setPen(tint)
            painter.drawText(line.adjusted(x - line.left() + 30, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
            x += 30 + painter.fontMetrics().horizontalAdvance(text) + 24
        painter.setPen(color(theme.quiet))
        up = f"up is good for {record.sides[0]}" if record.sides else ""
        words = " · ".join(filter(None, (_EMPTY if record.is_empty else "", record.note, up)))
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_sample(self, painter: QPainter, x: float, y: float, side: int) -> None:
        """A short piece of a player's curve."""
        painter.setPen(self._pen(side))
        painter.drawLine(QPointF(x, y), QPointF(x + 24, y))
        self._paint_mark(painter, QPointF(x + 12, y), side)

    def _pen(self, side: int) -> QPen:
        pen = QPen(color(self._theme.intuition if self._record.is_intuition[side] else self._theme.effort), 1.6)
        pen.setStyle(Qt.PenStyle.SolidLine if side == 0 else Qt.PenStyle.DashLine)
        return pen

    def _paint_mark(self, painter: QPainter, place: QPointF, side: int) -> None:
        tint = self._pen(side).color()
        painter.setPen(QPen(tint, 1.2))
        painter.setBrush(tint if side == 0 else color(self._theme.background))
        if side == 0:
            painter.drawEllipse(place, 2.0, 2.0)
        else:
            painter.drawRect(QRectF(place.x() - 2.2, place.y() - 2.2, 4.4, 4.4))


def _between(curve: list[tuple[int, float]], place: int) -> float:
    """The curve's height at a place between its first and its last."""
    for (start, low), (end, high) in pairwise(curve):
        if start <= place <= end:
            return low + (high - low) * (place - start) / (end - start)
    return curve[-1][1]
