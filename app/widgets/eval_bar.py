"""The evaluation bar: how good the situation is for the first player, beside the board."""

from itertools import pairwise

from PySide6.QtCore import QEasingCurve, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.theme import DARK, EASING_MS, Theme, color, font
from app.viewmodels.records import ValueRecord

_WIDTH = 40
_LABEL_ROOM = 20
_LEAST_BAND = 14
"""Bands lower than this many pixels carry no percentage."""

Bands = tuple[float, float, float]
"""Shares of first player's win, draw and second player's win; they sum to 1."""


class EvalBar(QWidget):
    """Three bands, the first player's at the bottom unless the board is flipped. A click changes the words on it.

    Signals:
        clicked(): the words were changed by a person.
    """

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._record = ValueRecord()
        self._flipped = False
        self._in_percent = False
        self._is_moving = True
        self._bands: Bands = (0.0, 1.0, 0.0)
        self._from: Bands = self._bands
        self._goal: Bands = self._bands
        self._clock = QVariantAnimation(self, startValue=0.0, endValue=1.0, duration=EASING_MS)
        self._clock.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._clock.valueChanged.connect(self._ease)
        self.setFixedWidth(_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Evaluation bar")
        self.setToolTip(
            "How good it looks for the side that moved first; click for the chances in percent. (value, WDL)"
        )

    def show_value(self, record: ValueRecord, flipped: bool) -> None:
        """Show `record`; the bands ease to their new places."""
        self._record, self._flipped = record, flipped
        wanted = bands(record)
        if wanted != self._goal:
            self._from, self._goal = self._bands, wanted
            self._clock.stop()
            if self._is_moving and self.isVisible():
                self._clock.start()
            else:
                self._bands = wanted
        self.setAccessibleDescription(record.text)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.setFixedWidth(theme.room(_WIDTH))
        self.update()

    def set_motion(self, moving: bool) -> None:
        """Freeze (False) or allow easing."""
        self._is_moving = moving

    @override
    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, 420)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        painter.fillRect(self.rect(), color(theme.raised))
        if self._record.value_white is None:
            return
        faint = 0.35 if self._record.stale else 1.0
        height = float(self.height())
        win, draw, _ = self._bands
        edges = (0.0, win, win + draw, 1.0)
        for tint, (low, high) in zip((theme.good, theme.even, theme.bad), pairwise(edges), strict=True):
            painter.fillRect(self._band_rect(low, high, height), color(tint, 0.8 * faint))
        painter.fillRect(QRectF(0, round(height / 2), self.width(), 1), color(theme.ink, 0.35))
        if self._in_percent:
            self._paint_percentages(painter, edges, height)
        else:
            self._paint_text(painter)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._change_words()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._change_words()
        else:
            super().keyPressEvent(event)

    def _change_words(self) -> None:
        self._in_percent = not self._in_percent
        self.clicked.emit()
        self.update()

    def _ease(self, done: float) -> None:
        win, draw, loss = (a + (b - a) * done for a, b in zip(self._from, self._goal, strict=True))
        self._bands = (win, draw, loss)
        self.update()

    def _band_rect(self, low: float, high: float, height: float) -> QRectF:
        top = low * height if self._flipped else (1 - high) * height
        return QRectF(0, round(top), self.width(), round(top + (high - low) * height) - round(top))

    def _paint_text(self, painter: QPainter) -> None:
        """The number stands at the end of the side that is ahead."""
        ahead_is_first = (self._record.value_white or 0.0) >= 0
        at_bottom = ahead_is_first != self._flipped
        room = self._theme.room(_LABEL_ROOM)
        top = self.height() - room if at_bottom else 0
        painter.setFont(font(self._theme.small))
        painter.setPen(color(self._theme.ink))
        painter.drawText(QRectF(0, top, self.width(), room), Qt.AlignmentFlag.AlignCenter, self._record.text)

    def _paint_percentages(self, painter: QPainter, edges: tuple[float, ...], height: float) -> None:
        painter.setFont(font(self._theme.small))
        painter.setPen(color(self._theme.ink))
        for low, high in pairwise(edges):
            band = self._band_rect(low, high, height)
            if band.height() >= _LEAST_BAND:
                painter.drawText(band, Qt.AlignmentFlag.AlignCenter, f"{100 * (high - low):.0f}")


def bands(record: ValueRecord) -> Bands:
    """The three shares of a record; without chances of a draw they follow from the value alone."""
    total = record.win + record.draw + record.loss
    if record.value_white is None or total <= 0:
        return (0.0, 1.0, 0.0)
    return (record.win / total, record.draw / total, record.loss / total)
