"""Arrows on a board: what intuition and search point at, and what a person draws."""

import math
from collections import defaultdict
from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from app.theme import Theme, color, font
from app.viewmodels.records import Arrow
from app.widgets.board_geometry import BoardGeometry
from app.widgets.board_marks import Mark

_LABEL_RADIUS = 0.26
_HEAD_LENGTH = 0.34
_MARK_WIDTH = 0.15
"""These three are in cells."""
_TINTS = {"prior": "intuition", "visits": "effort", "threat": "bad", "a": "good", "b": "bad", "judge": "effort"}
"""The theme's colour of each kind of arrow."""


def paint_arrows(painter: QPainter, geometry: BoardGeometry, arrows: Iterable[Arrow], theme: Theme) -> None:
    """Draw the search's arrows: the longest underneath, and among equally long ones the weakest.

    Where several show the same way, the narrower lies on the wider, so that both strengths are seen. An arrow without a
    source (a disc dropped from above) is drawn as its head alone.
    """
    same_way: dict[tuple[int, int], list[Arrow]] = defaultdict(list)
    for arrow in arrows:
        same_way[arrow.source, arrow.target].append(arrow)

    def order(way: tuple[int, int]) -> tuple[float, float]:
        return -round(_length(geometry, *way)), max(arrow.strength for arrow in same_way[way])

    for way in sorted(same_way, key=order):
        together = sorted(same_way[way], key=lambda arrow: arrow.strength, reverse=True)
        is_labelled = any(arrow.label for arrow in together) or way[0] < 0
        for arrow in together:
            _paint_arrow(painter, geometry, arrow, theme, labelled=is_labelled)
        for arrow in together:
            _paint_label(painter, geometry, arrow, theme)


def paint_marks(painter: QPainter, geometry: BoardGeometry, marks: Iterable[Mark]) -> None:
    """Draw a person's arrows and circles."""
    for mark in marks:
        tint = QColor(mark.color)
        tint.setAlphaF(0.75)
        if mark.source == mark.target:
            pen_width = geometry.cell * 0.07
            inset = pen_width / 2 + 1
            painter.setPen(QPen(tint, pen_width))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(geometry.cell_rect(mark.target).adjusted(inset, inset, -inset, -inset))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tint)
            width = geometry.cell * _MARK_WIDTH
            painter.drawPath(_arrow_path(geometry, mark.source, mark.target, width, labelled=False))


def _paint_arrow(painter: QPainter, geometry: BoardGeometry, arrow: Arrow, theme: Theme, *, labelled: bool) -> None:
    """One arrow; `labelled`: it, or another on the same way, has a disc for a head."""
    tint = color(getattr(theme, _TINTS[arrow.kind]), 0.4 + 0.5 * arrow.strength)
    painter.setPen(QPen(color(theme.outline, 0.3), 1))
    painter.setBrush(tint)
    if arrow.label or arrow.source < 0:
        radius = geometry.cell * _LABEL_RADIUS
        painter.drawEllipse(geometry.centre(arrow.target), radius, radius)
    if arrow.source >= 0:
        width = geometry.cell * (0.05 + 0.17 * arrow.strength)
        painter.drawPath(_arrow_path(geometry, arrow.source, arrow.target, width, labelled=labelled))


def _length(geometry: BoardGeometry, source: int, target: int) -> float:
    way = geometry.centre(target) - geometry.centre(source if source >= 0 else target)
    return math.hypot(way.x(), way.y())


def _arrow_path(geometry: BoardGeometry, source: int, target: int, width: float, *, labelled: bool) -> QPainterPath:
    """Shaft and head as one outline, so that a see-through arrow has no darker joint; a label brings its own head."""
    end, length = geometry.centre(target), _length(geometry, source, target)
    way = end - geometry.centre(source)
    along = way / max(length, 1.0)
    across = QPointF(-along.y(), along.x())
    head = geometry.cell * _LABEL_RADIUS if labelled else max(geometry.cell * _HEAD_LENGTH, width * 1.6)
    start, neck = end - way + along * geometry.cell * 0.2, end - along * head
    half, wing = across * (width / 2), across * max(width * 1.1, geometry.cell * 0.13)
    point = [] if labelled else [neck + wing, end, neck - wing]
    path = QPainterPath()
    path.addPolygon(QPolygonF([start + half, neck + half, *point, neck - half, start - half]))
    path.closeSubpath()
    return path


def _paint_label(painter: QPainter, geometry: BoardGeometry, arrow: Arrow, theme: Theme) -> None:
    side = geometry.cell * _LABEL_RADIUS * 2
    box = QRectF(0, 0, side, side)
    box.moveCenter(geometry.centre(arrow.target))
    painter.setFont(font(max(min(theme.small, int(geometry.cell * 0.24)), 1), strong=True))
    painter.setPen(color(theme.ink))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, arrow.label)
