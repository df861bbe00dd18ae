"""A board with a hand over it as one picture: its layers, from the cells to the piece under the pointer."""

from collections.abc import Collection
from dataclasses import dataclass

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from app.theme import Theme
from app.viewmodels.records import Arrow, BoardRecord, HeatRecord
from app.widgets import board_paint as paint
from app.widgets.board_arrows import paint_arrows, paint_marks
from app.widgets.board_geometry import BoardGeometry
from app.widgets.board_marks import Mark
from app.widgets.board_moves import NO_CELL, drop, is_capture
from app.widgets.board_travel import BoardTravel

_GHOST = 0.3
"""Opacity of a piece where it still is, or where it would fall."""


@dataclass(frozen=True, slots=True)
class BoardScene:
    """Everything to draw.

    Attributes:
        held: the cell whose piece is taken up, or -1; targets: where it can go.
        pointer: of the mouse. is_dragging: the held piece hangs on it.
        cursor: the cell the keyboard points at, or -1.
        marks: drawn by a person.
        arrows, heat: what of the record's is drawn.
    """

    record: BoardRecord
    held: int
    targets: Collection[int]
    pointer: QPointF
    is_dragging: bool
    cursor: int
    marks: tuple[Mark, ...]
    arrows: tuple[Arrow, ...]
    heat: HeatRecord


def paint_scene(
    painter: QPainter, geometry: BoardGeometry, scene: BoardScene, travel: BoardTravel, theme: Theme
) -> None:
    """Draw `scene` with what is travelling in it."""
    card = scene.record.card
    paint.paint_cells(painter, geometry, card, theme)
    paint.paint_heat(painter, geometry, scene.heat, theme)
    paint.paint_coordinates(painter, geometry, card, theme)
    _paint_choices(painter, geometry, scene, theme)
    lifted = {scene.held} if scene.is_dragging else set()
    paint.paint_pieces(painter, geometry, card, theme, hidden=travel.cells() | lifted)
    paint_arrows(painter, geometry, scene.arrows, theme)
    paint_marks(painter, geometry, scene.marks)
    travel.paint(painter, geometry, card.style, theme)
    _paint_falling(painter, geometry, scene, theme)
    _paint_dragged(painter, geometry, scene, theme)
    if scene.record.is_preview:
        paint.paint_preview_frame(painter, geometry, theme)


def _paint_choices(painter: QPainter, geometry: BoardGeometry, scene: BoardScene, theme: Theme) -> None:
    """What is held, where it can go, and the keyboard's cursor."""
    if scene.held != NO_CELL:
        paint.paint_frame(painter, geometry.cell_rect(scene.held), theme.attention)
    under = geometry.cell_at(scene.pointer) if scene.is_dragging else NO_CELL
    for cell in scene.targets:
        if cell == under:
            paint.paint_frame(painter, geometry.cell_rect(cell), theme.attention)
        else:
            is_taken = is_capture(scene.record.card, scene.held, cell)
            paint.paint_target(painter, geometry, cell, capture=is_taken, theme=theme)
    if scene.cursor != NO_CELL:
        paint.paint_frame(painter, geometry.cell_rect(scene.cursor), theme.attention)


def _paint_falling(painter: QPainter, geometry: BoardGeometry, scene: BoardScene, theme: Theme) -> None:
    """A disc's ghost where it would land if it were dropped now."""
    card = scene.record.card
    pointed = geometry.cell_at(scene.pointer) if scene.cursor == NO_CELL else scene.cursor
    falling = drop(scene.record, pointed) if pointed != NO_CELL and card.style == "discs" else None
    if falling is not None:
        painter.setOpacity(_GHOST)
        corner = geometry.cell_rect(falling.target).topLeft()
        paint.paint_piece(painter, geometry, card.style, "X" if card.to_move == 0 else "O", corner, theme)
        painter.setOpacity(1.0)


def _paint_dragged(painter: QPainter, geometry: BoardGeometry, scene: BoardScene, theme: Theme) -> None:
    """The piece under the pointer, and its ghost at home."""
    card = scene.record.card
    glyph = card.pieces.get(scene.held, "")
    if not (scene.is_dragging and glyph):
        return
    painter.setOpacity(_GHOST)
    paint.paint_piece(painter, geometry, card.style, glyph, geometry.cell_rect(scene.held).topLeft(), theme)
    painter.setOpacity(1.0)
    half = QPointF(geometry.cell, geometry.cell) / 2
    paint.paint_piece(painter, geometry, card.style, glyph, scene.pointer - half, theme)
