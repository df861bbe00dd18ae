"""Elo over games with its 95 % band: how the picture of a match became sharper."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from app.theme import DARK, GRID, Theme, color, font
from app.viewmodels.arena_scale import ticks
from app.viewmodels.figures import count, signed
from engine.arena.curves import Curves

_LEFT = 44
_MOST_ELO, _LEAST_ELO = 800.0, 40.0
_SETTLED = 0.25
"""The scale fits what came after this share of the games; before, nearly everything was possible."""
_EMPTY = "Elo over games is drawn here once pairs are over."


class EloChart(QWidget):
    """A line with a band around it; infinite ends are cut off at the edge."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._curves: Curves | None = None
        self._range = (-_LEAST_ELO, _LEAST_ELO)
        self.setAccessibleName("Elo over games")
        self.setToolTip(_EMPTY)

    def show_curves(self, curves: Curves | None) -> None:
        """Draw `curves`; None = nothing is over yet."""
        self._curves = curves
        self._range = _range(curves)
        if curves is not None:
            self.setAccessibleDescription(self._told(len(curves.pairs) - 1))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(360, self._theme.room(130))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.room(160), self._theme.room(90))

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and self._curves is not None:
            field = self._field()
            share = min(max((event.pos().x() - field.left()) / max(field.width(), 1), 0.0), 1.0)
            at = int(np.abs(self._curves.pairs - share * self._curves.pairs[-1]).argmin())
            QToolTip.showText(event.globalPos(), self._told(at), self)
            return True
        return super().event(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(theme.small))
        if self._curves is None:
            painter.setPen(color(theme.quiet))
            painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, _EMPTY)
            return
        field = self._field()
        self._paint_scale(painter, field)
        painter.setClipRect(field)
        xs = field.left() + field.width() * self._curves.pairs / self._curves.pairs[-1]
        low, elo, high = (
            self._heights(values, field) for values in (self._curves.low, self._curves.elo, self._curves.high)
        )
        band = [QPointF(x, y) for x, y in zip(xs, high, strict=True)]
        band += [QPointF(x, y) for x, y in zip(xs[::-1], low[::-1], strict=True)]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme.effort, 0.16))
        painter.drawPolygon(QPolygonF(band))
        painter.setPen(QPen(color(theme.effort), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in zip(xs, elo, strict=True)]))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme.effort))
        painter.drawEllipse(QPointF(xs[-1], elo[-1]), 3, 3)

    def _paint_scale(self, painter: QPainter, field: QRectF) -> None:
        theme = self._theme
        line = painter.fontMetrics().height()
        for elo in ticks(*self._range, most=max(int(field.height() // (2 * line)), 1)):
            y = float(self._heights(np.array([elo]), field)[0])
            painter.setPen(QPen(color(theme.pruned if elo == 0 else theme.hairline), 1))
            painter.drawLine(QPointF(field.left(), y), QPointF(field.right(), y))
            painter.setPen(color(theme.quiet))
            room = QRectF(0, y - line / 2, field.left() - GRID / 2, line)
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, signed(elo, 0))
        assert self._curves is not None
        below = QRectF(field.left(), field.bottom(), field.width(), line + 2)
        games = f"{count(2 * int(self._curves.pairs[-1]))} games"
        painter.drawText(below, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, games)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, "0")

    def _field(self) -> QRectF:
        below = self.fontMetrics().height() + 2
        left = self._theme.room(_LEFT)
        return QRectF(left, GRID / 2, max(self.width() - left - GRID, 1), max(self.height() - below - GRID / 2, 1))

    def _heights(self, elo: NDArray[np.float64], field: QRectF) -> NDArray[np.float64]:
        low, high = self._range
        cut = np.clip(elo, low - 1e4, high + 1e4)
        heights: NDArray[np.float64] = field.bottom() - (cut - low) / (high - low) * field.height()
        return heights

    def _told(self, at: int) -> str:
        """One point in words."""
        assert self._curves is not None
        elo, low, high = (float(values[at]) for values in (self._curves.elo, self._curves.low, self._curves.high))
        games = count(2 * int(self._curves.pairs[at]))
        return f"After {games} games: {signed(elo, 0)} Elo, 95 %: {signed(low, 0)} to {signed(high, 0)}"


def _range(curves: Curves | None) -> tuple[float, float]:
    """The Elo at the lower and upper edge; zero is always between them."""
    if curves is None:
        return -_LEAST_ELO, _LEAST_ELO
    settled = curves.pairs >= _SETTLED * curves.pairs[-1]
    seen = np.concatenate([values[settled] for values in (curves.low, curves.elo, curves.high)])
    finite = np.clip(seen[np.isfinite(seen)], -_MOST_ELO, _MOST_ELO)
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (-_LEAST_ELO, _LEAST_ELO)
    low, high = min(low, 0.0), max(high, 0.0)
    margin = max(0.08 * (high - low), (_LEAST_ELO - (high - low)) / 2, 0.0)
    return low - margin, high + margin
