"""A position with bars beside it: what a network thought of its actions before, and what it thinks now."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from app.theme import GRID, Theme, color, font
from app.viewmodels.figures import percent
from app.viewmodels.train_minds import MindBar
from app.widgets import board_paint as paint
from app.widgets.board_geometry import fit_board
from engine.domains.base import Card

_THICK, _NAME, _FIGURE = 7, 46, 44
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def bar_height(theme: Theme, *, is_pair: bool) -> int:
    """Pixels of one row of bars."""
    return 2 * theme.room(_THICK) + 7 if is_pair else theme.small + 6


def paint_board(painter: QPainter, card: Card, area: QRect, theme: Theme) -> None:
    """A small board in `area`, the player to move at the bottom."""
    geometry = fit_board(card, card.to_move == 1, area, painter.device().devicePixelRatio())
    paint.paint_cells(painter, geometry, card, theme)
    paint.paint_pieces(painter, geometry, card, theme)


def paint_moving_bar(painter: QPainter, area: QRectF, bar: MindBar, longest: float, theme: Theme) -> None:
    """The prior as it is now, in gold, and a mark where the parent had it."""
    field = _field(painter, area, bar.text, percent(bar.now), theme)
    thick = theme.room(_THICK)
    top = round(field.center().y() - thick / 2)
    painter.fillRect(
        QRectF(field.left(), top, max(field.width() * bar.now / longest, 1), thick), color(theme.intuition)
    )
    x = field.left() + field.width() * bar.before / longest
    painter.setPen(QPen(color(theme.text), 2))
    painter.drawLine(QPointF(x, top - 3), QPointF(x, top + thick + 3))


def paint_pair_of_bars(painter: QPainter, area: QRectF, bar: MindBar, longest: float, theme: Theme) -> None:
    """Intuition's prior in gold over what search teaches, in the colour of effort."""
    field = _field(painter, area, bar.text, percent(bar.now), theme)
    thick = theme.room(_THICK)
    top = round(field.center().y() - thick - 0.5)
    for place, (share, tint) in enumerate(((bar.before, theme.intuition), (bar.now, theme.effort))):
        width = max(field.width() * share / longest, 1)
        painter.fillRect(QRectF(field.left(), top + place * (thick + 1), width, thick), color(tint))


def paint_value_curve(painter: QPainter, area: QRectF, values: tuple[tuple[int, float], ...], theme: Theme) -> None:
    """The value over the steps of a training, from -1 at the lower edge to +1 at the upper one."""
    painter.setPen(QPen(color(theme.hairline), 1))
    painter.drawLine(QPointF(area.left(), area.center().y()), QPointF(area.right(), area.center().y()))
    if not values:
        return
    first, last = values[0][0], max(values[-1][0], values[0][0] + 1)
    points = [
        QPointF(
            area.left() + area.width() * (step - first) / (last - first),
            area.center().y() - value * area.height() / 2,
        )
        for step, value in values
    ]
    painter.setPen(QPen(color(theme.learning), 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(points))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(theme.learning))
    painter.drawEllipse(points[-1], 2.4, 2.4)


def _field(painter: QPainter, area: QRectF, name: str, figure: str, theme: Theme) -> QRectF:
    """Write name and figure at both sides; the room between them."""
    names, figures = theme.room(_NAME), theme.room(_FIGURE)
    painter.setFont(font(theme.small))
    painter.setPen(color(theme.text))
    painter.drawText(QRectF(area.left(), area.top(), names, area.height()), _LEFT, name)
    painter.setPen(color(theme.quiet))
    painter.drawText(QRectF(area.right() - figures, area.top(), figures, area.height()), _RIGHT, figure)
    return QRectF(area.left() + names, area.top(), area.width() - names - figures - GRID / 2, area.height())
