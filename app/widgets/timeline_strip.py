"""The search as one strip: who had the visits, what happened, and the playhead one drags along it."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from app.theme import DARK, GRID, Theme, color, font
from app.viewmodels.figures import count, percent
from app.viewmodels.timeline import Mark, TimelineRecord

_HEIGHT = 44
_MARKS = 13
"""Pixels at the top that belong to the marks."""
_CUTS = 7
"""Pixels at the bottom that cuts are drawn into."""
_NEAR = 6
"""Pixels within which the pointer means a mark."""
_STRONG = ("mind", "proof")
_EMPTY, _EMPTY_SHORT = "The whole search is drawn here, and can be rewound, once it has begun.", "The search, to rewind"


class TimelineStrip(QWidget):
    """The strip. Press and drag to look at a moment; its right end is the present.

    Keys: Left and Right one simulation (Shift ten, Ctrl a hundred), PageUp and PageDown from event to event, Home and
    End to the ends.

    Signals:
        sought(int): look at that simulation. stepped(int): so many simulations on, or back.
        event_wanted(int): to the next event (+1) or the one before (-1).
        present_wanted(): to the right end.
    """

    sought = Signal(int)
    stepped = Signal(int)
    event_wanted = Signal(int)
    present_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._record = TimelineRecord()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Timeline of the search")

    def show_timeline(self, record: TimelineRecord) -> None:
        """Draw `record` in place of what was there."""
        self._record = record
        self.setAccessibleDescription(f"Simulation {record.text}. {len(record.marks)} events.")
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._can_scrub else Qt.CursorShape.ArrowCursor)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.setFixedHeight(theme.room(_HEIGHT))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(300, self._theme.room(_HEIGHT))

    # -- from pixels to simulations and back ---------------------------------------------------------------------------

    @property
    def _can_scrub(self) -> bool:
        return self._record.last > self._record.first

    @property
    def _track(self) -> QRectF:
        return QRectF(self.rect()).adjusted(GRID, 0.0, -GRID, 0.0)

    def _x(self, simulation: float) -> float:
        """Pixel of a simulation."""
        first, span = self._record.first, max(self._record.last - self._record.first, 1)
        return self._track.left() + self._track.width() * (simulation - first) / span

    def _simulation(self, x: float) -> int:
        """Simulation at a pixel, within the strip."""
        share = (x - self._track.left()) / max(self._track.width(), 1.0)
        first, span = self._record.first, self._record.last - self._record.first
        return first + round(span * min(max(share, 0.0), 1.0))

    def _mark_at(self, x: float) -> Mark | None:
        """The mark under a pixel; where there are several the most important."""
        near = [mark for mark in self._record.marks if abs(self._x(mark.at) - x) <= _NEAR]
        return min(near, key=lambda mark: (mark.kind not in _STRONG, abs(self._x(mark.at) - x)), default=None)

    # -- mouse and keys ------------------------------------------------------------------------------------------------

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            mark = self._mark_at(event.position().x()) if event.position().y() < _MARKS + 2 else None
            self._seek(event.position().x(), mark)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._seek(event.position().x(), None)

    def _seek(self, x: float, mark: Mark | None) -> None:
        if not self._can_scrub:
            return
        if mark is not None:
            self.sought.emit(mark.at)
        elif x >= self._track.right() - 1:
            self.present_wanted.emit()
        else:
            self.sought.emit(self._simulation(x))

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / 120
        step = max((self._record.last - self._record.first) // 100, 1)
        if self._can_scrub and notches:
            self.stepped.emit(round(-notches * step))
        event.accept()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        modifiers = event.modifiers()
        size = 100 if modifiers & Qt.KeyboardModifier.ControlModifier else 1
        size = 10 if modifiers & Qt.KeyboardModifier.ShiftModifier else size
        match event.key():
            case Qt.Key.Key_Left:
                self.stepped.emit(-size)
            case Qt.Key.Key_Right:
                self.stepped.emit(size)
            case Qt.Key.Key_PageUp:
                self.event_wanted.emit(-1)
            case Qt.Key.Key_PageDown:
                self.event_wanted.emit(1)
            case Qt.Key.Key_Home:
                self.sought.emit(self._record.first)
            case Qt.Key.Key_End:
                self.present_wanted.emit()
            case _:
                super().keyPressEvent(event)

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.told_at(float(event.pos().x())), self)
            return True
        return super().event(event)

    def told_at(self, x: float) -> str:
        """What there is to say about a pixel: the event there, and who had the visits."""
        record = self._record
        if not self._can_scrub:
            return _EMPTY
        mark = self._mark_at(x)
        at = mark.at if mark is not None else self._simulation(x)
        lines = [mark.text] if mark is not None else []
        lines.append(f"After {count(at)} simulations")
        moments = record.bands.moments
        if moments:
            place = min(range(len(moments)), key=lambda place: abs(moments[place] - at))
            lines += [f"{trail.text}  {percent(trail.shares[place])}" for trail in record.bands.trails]
        return "\n".join(lines)

    # -- painting ------------------------------------------------------------------------------------------------------

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, track = self._theme, self._track
        band = QRectF(track.left(), theme.room(_MARKS), track.width(), self.height() - theme.room(_MARKS) - 4)
        painter.fillRect(band, color(theme.panel))
        if self._can_scrub:
            self._paint_bands(painter, band)
            self._paint_cuts(painter, band)
            for mark in self._record.marks:
                self._paint_mark(painter, mark)
        else:
            painter.setPen(color(theme.quiet))
            painter.setFont(font(theme.small))
            room = band.adjusted(GRID, 0, -GRID, 0)
            fits = painter.fontMetrics().horizontalAdvance(_EMPTY) <= room.width()
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, _EMPTY if fits else _EMPTY_SHORT)
        painter.setPen(QPen(color(theme.attention if self.hasFocus() else theme.hairline), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(band.adjusted(0.5, 0.5, -0.5, -0.5))
        if self._can_scrub:
            self._paint_playhead(painter, band)
        painter.end()

    def _paint_bands(self, painter: QPainter, band: QRectF) -> None:
        """Shares of the leading moves as lines over a faint ground, the best in ivory, the favourite in gold."""
        record, theme = self._record.bands, self._theme
        for trail in reversed(record.trails):
            tint = theme.effort if trail.is_best else theme.intuition if trail.is_favourite else theme.quiet
            line = [
                QPointF(self._x(moment), band.bottom() - (band.height() - 2) * share)
                for moment, share in zip(record.moments, trail.shares, strict=True)
            ]
            if trail.is_best or trail.is_favourite:
                ground = QPolygonF([QPointF(line[0].x(), band.bottom()), *line, QPointF(line[-1].x(), band.bottom())])
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(color(tint, 0.14))
                painter.drawPolygon(ground)
            painter.setPen(QPen(color(tint, 0.85 if trail.is_best or trail.is_favourite else 0.5), 1.2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF(line))

    def _paint_cuts(self, painter: QPainter, band: QRectF) -> None:
        """How many branches were cut over time, from the lower edge."""
        cuts = self._record.cuts
        if not cuts:
            return
        wide = band.width() / len(cuts)
        for place, part in enumerate(cuts):
            if part > 0.0:
                high = max(1.0, self._theme.room(_CUTS) * part**0.5)
                bar = QRectF(band.left() + place * wide, band.bottom() - high, max(wide, 1.0), high)
                painter.fillRect(bar, color(self._theme.pruned, 0.9))

    def _paint_mark(self, painter: QPainter, mark: Mark) -> None:
        theme = self._theme
        x, middle = self._x(mark.at), 0.5 * theme.room(_MARKS)
        size = 4.0 if mark.kind not in _STRONG else 5.0
        tint = {"note": theme.attention, "watch": theme.attention, "mind": theme.intuition}.get(mark.kind, theme.effort)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(tint))
        match mark.kind:
            case "proof":
                painter.drawRect(QRectF(x - size + 1, middle - size + 1, 2 * size - 2, 2 * size - 2))
            case "steer" | "switch":
                painter.drawPolygon(_shape(x, middle, ((-size, -size + 1), (size, -size + 1), (0, size - 1))))
            case "note" | "watch":
                painter.drawEllipse(QPointF(x, middle), size - 1, size - 1)
            case _:
                painter.drawPolygon(_shape(x, middle, ((0, -size), (size, 0), (0, size), (-size, 0))))

    def _paint_playhead(self, painter: QPainter, band: QRectF) -> None:
        """A violet line; what came after the moment looked at is dimmed."""
        theme, at = self._theme, self._record.at
        x = self._x(self._record.last if at is None else at)
        if at is not None:
            painter.fillRect(QRectF(x, band.top(), band.right() - x, band.height()), color(theme.background, 0.6))
        painter.setPen(QPen(color(theme.attention), 2))
        painter.drawLine(QPointF(x, 2), QPointF(x, band.bottom()))
        painter.setBrush(color(theme.attention))
        painter.drawPolygon(_shape(x, 1, ((-5, 0), (5, 0), (0, 6))))
        if self._record.busy or at is not None:
            self._paint_words(painter, band, x, self._record.busy or self._record.text)

    def _paint_words(self, painter: QPainter, band: QRectF, x: float, words: str) -> None:
        """Which moment it is, beside the playhead, on the side where there is more room."""
        theme = self._theme
        painter.setFont(font(theme.small, strong=True))
        wide = painter.fontMetrics().horizontalAdvance(words) + GRID
        left = x + 3 if x + wide + 3 < band.right() else x - wide - 3
        ground = QRectF(left, band.center().y() - 0.75 * theme.small, wide, 1.5 * theme.small)
        painter.fillRect(ground, color(theme.background, 0.8))
        painter.setPen(color(theme.text))
        painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, words)


def _shape(x: float, y: float, corners: tuple[tuple[float, float], ...]) -> QPolygonF:
    return QPolygonF([QPointF(x + right, y + down) for right, down in corners])
