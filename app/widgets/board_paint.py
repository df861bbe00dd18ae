"""Painting the parts of a board that a card describes: cells, marks, coordinates, pieces."""

import math
from collections.abc import Collection

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QRadialGradient

from app.theme import Theme, color, font
from app.viewmodels.records import HeatRecord
from app.widgets.board_geometry import BoardGeometry
from app.widgets.pieces import piece_pixmap
from engine.domains.base import Card

_HEAT = 0.5
"""Opacity of a layer: black and white pieces stay apart on it in every theme."""
_LEAST_HEAT = 2.0
"""Squares of a layer that are smaller than this many pixels are left out."""
_COORDINATES_FROM = 28
"""Cells smaller than this many pixels carry no coordinates."""


def paint_cells(painter: QPainter, geometry: BoardGeometry, card: Card, theme: Theme) -> None:
    """The empty board with the last action's cells marked and the alarmed cell lit."""
    if card.style == "discs":
        _paint_slab(painter, geometry, card, theme)
        return
    for cell in range(card.rows * card.columns):
        painter.fillRect(geometry.cell_rect(cell), color(cell_color(card, cell, theme)))
    for cell in card.marked:
        painter.fillRect(geometry.cell_rect(cell), color(theme.board_marked, 0.55))
    if card.alarm >= 0:
        square = geometry.cell_rect(card.alarm)
        glow = QRadialGradient(square.center(), square.width() * 0.7)
        glow.setColorAt(0.2, color(theme.bad, 0.95))
        glow.setColorAt(1.0, color(theme.bad, 0.0))
        painter.fillRect(square, glow)


def cell_color(card: Card, cell: int, theme: Theme) -> str:
    """Light or dark, as on a chess board: the lower left cell is dark."""
    row, column = divmod(cell, card.columns)
    return theme.board_light if (row + column) % 2 else theme.board_dark


def paint_pieces(
    painter: QPainter, geometry: BoardGeometry, card: Card, theme: Theme, hidden: Collection[int] = ()
) -> None:
    """All pieces but those on `hidden` cells."""
    for cell, glyph in card.pieces.items():
        if cell not in hidden:
            paint_piece(painter, geometry, card.style, glyph, geometry.cell_rect(cell).topLeft(), theme)
    if card.style == "discs":
        _paint_disc_marks(painter, geometry, [cell for cell in card.marked if cell not in hidden], theme)


def paint_piece(
    painter: QPainter, geometry: BoardGeometry, style: str, glyph: str, corner: QPointF, theme: Theme
) -> None:
    """One piece in a cell-sized square whose upper left corner is `corner`."""
    ratio = painter.device().devicePixelRatio()
    painter.drawPixmap(corner, piece_pixmap(glyph, style, geometry.cell, ratio, theme))


def paint_coordinates(painter: QPainter, geometry: BoardGeometry, card: Card, theme: Theme) -> None:
    """Letters and numbers inside the outer cells, as on any chess screen; for discs, numbers of columns."""
    if geometry.cell < _COORDINATES_FROM:
        return
    painter.setFont(font(min(theme.small, round(geometry.cell * 0.24)), strong=True))
    if card.style == "discs":
        _paint_column_numbers(painter, geometry, card, theme)
        return
    low = card.rows - 1 if geometry.flipped else 0
    left = card.columns - 1 if geometry.flipped else 0
    inset = max(geometry.cell * 0.05, 2)
    for column in range(card.columns):
        cell = low * card.columns + column
        painter.setPen(_coordinate_color(card, cell, theme))
        box = geometry.cell_rect(cell).adjusted(inset, 0, -inset, -1)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, chr(ord("a") + column))
    for row in range(card.rows):
        cell = row * card.columns + left
        painter.setPen(_coordinate_color(card, cell, theme))
        box = geometry.cell_rect(cell).adjusted(inset, 1, -inset, 0)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, str(row + 1))


def paint_target(painter: QPainter, geometry: BoardGeometry, cell: int, *, capture: bool, theme: Theme) -> None:
    """A cell that can be reached: a dot, or a ring around what would be taken."""
    square = geometry.cell_rect(cell)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if capture:
        width = geometry.cell * 0.08
        painter.setPen(QPen(color(theme.outline, 0.45), width))
        inset = width / 2 + 1
        painter.drawEllipse(square.adjusted(inset, inset, -inset, -inset))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme.outline, 0.45))
        radius = geometry.cell * 0.13
        painter.drawEllipse(square.center(), radius, radius)


def paint_frame(painter: QPainter, square: QRectF, tint: str) -> None:
    """A frame inside a cell: it is held, or the keyboard's cursor stands there."""
    width = max(square.width() * 0.05, 2.0)
    inset = width / 2
    painter.setBrush(color(tint, 0.22))
    painter.setPen(QPen(color(tint), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap, Qt.PenJoinStyle.MiterJoin))
    painter.drawRect(square.adjusted(inset, inset, -inset, -inset))


def paint_heat(painter: QPainter, geometry: BoardGeometry, heat: HeatRecord, theme: Theme) -> None:
    """A square in each cell, the larger the hotter, so that it is read on either colour and not by colour alone.

    Gold for intuition, the colour of effort for search.
    """
    tint = theme.intuition if heat.kind == "prior" else theme.effort
    painter.setPen(QPen(color(theme.outline, 0.35), 1))
    painter.setBrush(color(tint, _HEAT))
    for cell, share in enumerate(heat.cells):
        side = geometry.cell * math.sqrt(share)
        if side >= _LEAST_HEAT:
            square = QRectF(0, 0, side, side)
            square.moveCenter(geometry.centre(cell))
            painter.drawRect(square)


def paint_preview_frame(painter: QPainter, geometry: BoardGeometry, theme: Theme) -> None:
    """A dashed frame around the board: what is seen does not stand there, it is only thought of."""
    width = max(geometry.cell * 0.07, 3.0)
    inset = width / 2
    painter.setBrush(Qt.BrushStyle.NoBrush)
    square = geometry.rect.adjusted(inset, inset, -inset, -inset)
    for tint, style in ((theme.outline, Qt.PenStyle.SolidLine), (theme.attention, Qt.PenStyle.DashLine)):
        painter.setPen(QPen(color(tint), width, style, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin))
        painter.drawRect(square)


def _coordinate_color(card: Card, cell: int, theme: Theme) -> QColor:
    other = theme.board_dark if cell_color(card, cell, theme) == theme.board_light else theme.board_light
    return color(other)


def _paint_column_numbers(painter: QPainter, geometry: BoardGeometry, card: Card, theme: Theme) -> None:
    """In the holes of the top row; a full column, which cannot be chosen, covers its number."""
    painter.setPen(color(theme.board_dark))
    for column in range(card.columns):
        hole = geometry.cell_rect((card.rows - 1) * card.columns + column)
        painter.drawText(hole, Qt.AlignmentFlag.AlignCenter, str(column + 1))


def _paint_slab(painter: QPainter, geometry: BoardGeometry, card: Card, theme: Theme) -> None:
    """An upright board with round holes."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(theme.board_dark))
    radius = geometry.cell * 0.12
    painter.drawRoundedRect(geometry.rect, radius, radius)
    painter.setBrush(color(theme.board_light))
    inset = geometry.cell * 0.09
    for cell in range(card.rows * card.columns):
        painter.drawEllipse(geometry.cell_rect(cell).adjusted(inset, inset, -inset, -inset))


def _paint_disc_marks(painter: QPainter, geometry: BoardGeometry, cells: Collection[int], theme: Theme) -> None:
    """A ring around the last disc, or around the four that won."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    width = max(geometry.cell * 0.06, 2)
    painter.setPen(QPen(color(theme.board_marked), width))
    inset = geometry.cell * 0.09
    for cell in cells:
        painter.drawEllipse(geometry.cell_rect(cell).adjusted(inset, inset, -inset, -inset))
