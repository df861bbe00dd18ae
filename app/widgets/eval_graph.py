"""The evaluation graph: how the first player's chances went over the game, and where they were thrown away."""

from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from app.theme import GRID, PADDING, Theme, color, font
from app.viewmodels.eval_graph import GraphPoint, GraphRecord, point_text
from app.viewmodels.mistakes import BLUNDER, MISTAKE
from app.widgets.scrub_curve import INSET, ScrubCurve

_MOST_DOTS = 160
"""Points up to which each has a dot of its own."""
_EMPTY = "What each side could expect, move by move, is drawn here once positions of the game were searched."


class EvalGraph(QWidget):
    """Click or drag to go through the game; the wheel steps.

    Signals:
        scrubbed(int): moves played at the place chosen. stepped(int): moves to go on, or back.
        analyse_clicked(), stop_clicked(): the buttons of the line above.
    """

    scrubbed = Signal(int)
    stepped = Signal(int)
    analyse_clicked = Signal()
    stop_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curve = _Curve()
        self._curve.scrubbed.connect(self.scrubbed)
        self._curve.stepped.connect(self.stepped)
        self._line = QLabel(_EMPTY)
        self._line.setProperty("role", "quiet")
        self._line.setWordWrap(True)
        self._line.setTextFormat(Qt.TextFormat.PlainText)
        self._button = QPushButton()
        self._button.clicked.connect(self._press)
        row = QHBoxLayout()
        row.setContentsMargins(PADDING, GRID // 2, PADDING, 0)
        row.setSpacing(GRID)
        row.addWidget(self._line, 1)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._curve, 1)
        self.setAccessibleName("Evaluation graph")
        self._record = GraphRecord()
        self.show_graph(self._record)

    def show_graph(self, record: GraphRecord) -> None:
        """Draw `record` in place of what was there."""
        self._record = record
        self._curve.show_graph(record)
        self._curve.setVisible(not record.is_empty)
        is_on = record.share is not None
        words = record.progress if is_on else _EMPTY if record.is_empty else ""
        self._line.setText(words)
        self._line.setVisible(bool(words))
        self._button.setText("Stop" if is_on else "Analyse the game")
        tip = "Stop here; what was found is kept." if is_on else "Search every position of the game. (game analysis)"
        self._button.setToolTip(tip)
        self._button.setVisible(is_on or (record.is_empty and len(record.points) > 1))
        self.setToolTip("\n".join(record.summary))
        self.setVisible(len(record.points) > 1)
        self.setAccessibleDescription(" ".join([self._curve.words(), *record.summary]))

    def set_bands(self, bands: bool) -> None:
        """Show win, draw and loss as three bands, or the expected score alone."""
        self._curve.set_bands(bands)

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._curve.set_theme(theme)

    def _press(self) -> None:
        (self.analyse_clicked if self._record.share is None else self.stop_clicked).emit()


class _Curve(ScrubCurve):
    """The drawing."""

    def __init__(self) -> None:
        super().__init__()
        self._record = GraphRecord()
        self._bands = False

    def show_graph(self, record: GraphRecord) -> None:
        """Draw `record`."""
        self._record = record
        self.update()

    def set_bands(self, bands: bool) -> None:
        """See `EvalGraph`."""
        self._bands = bands
        self.update()

    def words(self) -> str:
        """The point at the cursor in words."""
        return self.place_text(self._record.cursor) if self._record.cursor < self.places() else ""

    @override
    def places(self) -> int:
        return len(self._record.points)

    @override
    def cursor_place(self) -> int:
        return self._record.cursor

    @override
    def place_text(self, place: int) -> str:
        return point_text(self._record.points[place], self._record.players)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        known = [point for point in self._record.points if point.white is not None]
        if self._bands and all(point.win is not None for point in known):
            self._paint_bands(painter, known)
        else:
            self._paint_area(painter, known)
        self._paint_levels(painter)
        self._paint_line(painter, known)
        self._paint_cursor(painter)
        for point in known:
            if point.slip:
                self._paint_slip(painter, point)

    def _y(self, expected: float) -> float:
        """Height of an expected score in [0, 1]; the first player's advantage is up."""
        return INSET + (1 - expected) * (self.height() - 2 * INSET)

    def _place(self, point: GraphPoint) -> QPointF:
        return QPointF(self.x_of(point.index), self._y((1 + (point.white or 0.0)) / 2))

    def _paint_area(self, painter: QPainter, known: list[GraphPoint]) -> None:
        """What lies between the curve and the middle: the side that is ahead."""
        middle = self._y(0.5)
        for good, tint in ((True, self._theme.good), (False, self._theme.bad)):
            path = QPainterPath()
            for stretch in _stretches(known):
                heights = [
                    QPointF(place.x(), min(place.y(), middle) if good else max(place.y(), middle))
                    for place in self._with_crossings(stretch)
                ]
                path.moveTo(heights[0].x(), middle)
                for place in heights:
                    path.lineTo(place)
                path.lineTo(heights[-1].x(), middle)
            painter.fillPath(path, color(tint, 0.30))

    def _with_crossings(self, stretch: list[GraphPoint]) -> list[QPointF]:
        """The places of some points, and where the curve crosses the middle between two of them."""
        middle, places = self._y(0.5), [self._place(point) for point in stretch]
        made = places[:1]
        for before, after in pairwise(places):
            if (before.y() - middle) * (after.y() - middle) < 0:
                share = (middle - before.y()) / (after.y() - before.y())
                made.append(QPointF(before.x() + share * (after.x() - before.x()), middle))
            made.append(after)
        return made

    def _paint_bands(self, painter: QPainter, known: list[GraphPoint]) -> None:
        """The second player's wins above, draws between, the first player's wins below."""
        theme = self._theme
        for stretch in _stretches(known):
            lower = [QPointF(self.x_of(p.index), self._y(p.win or 0.0)) for p in stretch]
            upper = [QPointF(self.x_of(p.index), self._y((p.win or 0.0) + (p.draw or 0.0))) for p in stretch]
            foot = [QPointF(p.x(), self._y(0)) for p in lower]
            head = [QPointF(p.x(), self._y(1)) for p in lower]
            for one, two, tint, strength in (
                (foot, lower, theme.good, 0.42),
                (lower, upper, theme.even, 0.28),
                (upper, head, theme.bad, 0.42),
            ):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(color(tint, strength))
                painter.drawPolygon(QPolygonF([*one, *reversed(two)]))

    def _paint_levels(self, painter: QPainter) -> None:
        painter.setPen(QPen(color(self._theme.hairline), 1))
        for level in (0.0, 0.5, 1.0):
            height = round(self._y(level)) + 0.5
            painter.drawLine(QPointF(INSET, height), QPointF(self.width() - INSET, height))
        painter.setFont(font(self._theme.small))
        painter.setPen(color(self._theme.quiet))
        names = self._record.players or ("first", "second")
        room = QRectF(self.rect()).adjusted(INSET + 4, INSET + 1, -INSET, -INSET - 1)
        painter.drawText(room, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, names[0])
        painter.drawText(room, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, names[-1])

    def _paint_line(self, painter: QPainter, known: list[GraphPoint]) -> None:
        """The curve: full where the intuition of now says so, dashed and grey where it is another's."""
        theme = self._theme
        for stretch in _stretches(known):
            for before, after in pairwise(stretch):
                stale = before.stale or after.stale
                pen = QPen(color(theme.pruned if stale else theme.effort), 1.6)
                pen.setStyle(Qt.PenStyle.DashLine if stale else Qt.PenStyle.SolidLine)
                painter.setPen(pen)
                painter.drawLine(self._place(before), self._place(after))
        if len(self._record.points) <= _MOST_DOTS:
            painter.setPen(Qt.PenStyle.NoPen)
            for point in known:
                painter.setBrush(color(theme.pruned if point.stale else theme.effort))
                painter.drawEllipse(self._place(point), 1.8, 1.8)

    def _paint_cursor(self, painter: QPainter) -> None:
        record, theme = self._record, self._theme
        self.paint_cursors(painter)
        if 0 <= record.cursor < len(record.points) and record.points[record.cursor].white is not None:
            painter.setBrush(color(theme.attention))
            painter.setPen(QPen(color(theme.background), 1))
            painter.drawEllipse(self._place(record.points[record.cursor]), 3.6, 3.6)

    def _paint_slip(self, painter: QPainter, point: GraphPoint) -> None:
        """A shape for each grade: ring, triangle, filled diamond; a darker edge keeps it apart from the curve."""
        place, theme = self._place(point), self._theme
        painter.setPen(QPen(color(theme.bad if point.slip != "inaccuracy" else theme.intuition), 1.4))
        painter.setBrush(color(theme.background))
        if point.slip == BLUNDER:
            painter.setBrush(color(theme.bad))
            painter.drawPolygon(_polygon(place, ((0, -6), (6, 0), (0, 6), (-6, 0))))
        elif point.slip == MISTAKE:
            painter.drawPolygon(_polygon(place, ((-5, -4), (5, -4), (0, 5))))
        else:
            painter.drawEllipse(place, 3.5, 3.5)


def _stretches(known: list[GraphPoint]) -> list[list[GraphPoint]]:
    """Known points without a gap between them."""
    made: list[list[GraphPoint]] = []
    for point in known:
        if made and made[-1][-1].index == point.index - 1:
            made[-1].append(point)
        else:
            made.append([point])
    return made


def _polygon(place: QPointF, corners: tuple[tuple[float, float], ...]) -> QPolygonF:
    return QPolygonF([place + QPointF(x, y) for x, y in corners])
