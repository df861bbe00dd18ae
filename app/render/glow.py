"""One simulation lit up on the picture: its way through the tree, the new node, its value, and the way back."""

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from app.render.labels import LabelGrid
from app.render.slots import NODE, OUTSIDE
from app.render.views import View
from app.theme import Theme

if TYPE_CHECKING:
    from app.render.picture import TreePicture

_HALO, _CORE, _SPARK = 9.0, 2.4, 5.0
"""Logical pixels: width of the violet glow, of the ivory line in it, and radius of the light that runs."""


class Glow:
    """The lights of one frame; only nodes that are drawn are lit, so the way may end at a fold.

    Attributes:
        picture: what they lie on, with `lights`.
    """

    def __init__(self, picture: "TreePicture", theme: Theme, letters: QFont) -> None:
        assert picture.lights is not None
        self.picture, self._theme, self._font = picture, theme, letters
        self._lights, self._zoom = picture.lights, picture.zoom
        self._metrics = QFontMetricsF(letters)
        self._slots = self._drawn()
        self._captions: list[tuple[QRectF, str]] = []

    def _drawn(self) -> list[int]:
        """Slots of the path, as far as each of its nodes is drawn."""
        live = self.picture.slots[: self.picture.num_slots]
        places = {int(live["node"][at]): at for at in range(len(live)) if live["kind"][at] == NODE} if len(live) else {}
        slots: list[int] = []
        for node in self._lights.path:
            if node not in places:
                break
            slots.append(places[node])
        return slots

    @property
    def _reached(self) -> float:
        """How far along the path the light is, in edges from the root."""
        edges, progress = max(0, len(self._slots) - 1), min(1.0, max(0.0, self._lights.progress))
        if self._lights.phase == "select":
            return edges * progress
        return edges * (1.0 - progress) if self._lights.phase == "backup" else float(edges)

    def place_captions(self, grid: LabelGrid) -> None:
        """Find room for what is said at nodes, before any label takes it."""
        zoom, reached = self._zoom, self._reached
        for at, slot in enumerate(self._slots):
            text = self._lights.captions.get(int(self.picture.slots["node"][slot]), "")
            is_said = at >= reached - 1e-6 if self._lights.phase == "backup" else at <= reached + 1e-6
            if not text or not is_said or self.picture.slots["flags"][slot] & OUTSIDE:
                continue
            width, height = self._metrics.horizontalAdvance(text) + 10.0 * zoom, self._metrics.height() + 4.0 * zoom
            box = self._free_box(grid, slot, width, height)
            if box is not None:
                self._captions.append((box, text))

    def _free_box(self, grid: LabelGrid, slot: int, width: float, height: float) -> QRectF | None:
        """A box near a node that covers nothing, or None."""
        point = self._point(self._slots.index(slot))
        x, y = point.x(), point.y()
        away = (float(self.picture.slots["radius"][slot]) if not self.picture.view.is_exact else 0.0) + 9.0 * self._zoom
        rows, columns = self.picture.image.shape
        if self.picture.view.is_exact:
            away = -0.5 * height
        for left, top in (
            (x - 0.5 * width, y - away - height),
            (x - 0.5 * width, y + away),
            (x + away, y - 0.5 * height),
            (x + away, y - away - height),
            (x + away, y + away),
            (x - away - width, y + away),
        ):
            fits = left >= 1.0 and top >= 1.0 and left + width < columns - 1.0 and top + height < rows - 1.0
            if fits and grid.reserve(left, top, width, height):
                return QRectF(left, top, width, height)
        return None

    def paint(self, painter: QPainter) -> None:
        """The way, and the light on it."""
        if not self._slots:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        reached, whole = self._reached, float(len(self._slots) - 1)
        lit = whole if self._lights.phase == "backup" else reached
        for at in range(len(self._slots) - 1):
            part = min(1.0, lit - at)
            if part > 0.0:
                self._paint_edge(painter, self._edge(at), part)
        if self._lights.phase in ("expand", "evaluate"):
            self._paint_pulse(painter)
        else:
            at = min(int(reached), len(self._slots) - 2) if len(self._slots) > 1 else 0
            here = self._edge(at).pointAtPercent(min(1.0, reached - at)) if len(self._slots) > 1 else self._point(0)
            self._paint_spark(painter, here)
        painter.restore()

    def paint_captions(self, painter: QPainter) -> None:
        """What is said at nodes, on small plates over everything else."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        for box, text in self._captions:
            painter.setPen(QPen(QColor(self._theme.attention), 1.0 * self._zoom))
            painter.setBrush(QColor(self._theme.panel))
            painter.drawRoundedRect(box, 3.0 * self._zoom, 3.0 * self._zoom)
            painter.setPen(QColor(self._theme.text))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()

    def _point(self, at: int) -> QPointF:
        """Where the way passes a node: its middle, or above the words in its rectangle."""
        x, y = self.picture.centre_of(self._slots[at])
        if self.picture.view.is_exact:
            row = self.picture.slots[self._slots[at]]
            top, bottom = max(0.0, float(row["top"])), min(float(self.picture.image.shape[0]), float(row["bottom"]))
            y = top + 0.2 * (bottom - top)
        return QPointF(x, y)

    def _edge(self, at: int) -> QPainterPath:
        """The way from one node of the path to the next, as the picture draws it."""
        start, end = self._point(at), self._point(at + 1)
        path = QPainterPath(start)
        if self.picture.view is View.RADIAL:
            path.cubicTo(*self._bent(self._slots[at], self._slots[at + 1]), end)
        elif self.picture.view is View.LINK:
            third = (end.x() - start.x()) / 3.0
            path.cubicTo(QPointF(start.x() + third, start.y()), QPointF(end.x() - third, end.y()), end)
        else:
            path.lineTo(end)
        return path

    def _bent(self, up: int, slot: int) -> tuple[QPointF, QPointF]:
        """The inner points of an edge between two rings (`app.render.raster_radial`)."""
        slots, bend = self.picture.slots, self.picture.bend
        far = 0.5 * (float(slots["far"][up]) + float(slots["far"][slot])) * bend.reach
        angles = [float(slots["angle"][at]) for at in (up if slots["far"][up] > 0.0 else slot, slot)]
        flat = [(angle / math.pi - 1.0) * 0.5 * bend.turn for angle in angles]
        return QPointF(*bend.bent(far, flat[0])), QPointF(*bend.bent(far, flat[1]))

    def _paint_edge(self, painter: QPainter, edge: QPainterPath, part: float) -> None:
        path = edge
        if part < 1.0:
            path = QPainterPath(edge.pointAtPercent(0.0))
            for step in range(1, 17):
                path.lineTo(edge.pointAtPercent(part * step / 16))
        halo = QColor(self._theme.attention)
        halo.setAlphaF(0.55)
        for ink, width in ((halo, _HALO), (QColor(self._theme.effort), _CORE)):
            pen = QPen(ink, width * self._zoom)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(path)

    def _paint_spark(self, painter: QPainter, here: QPointF) -> None:
        painter.setPen(QPen(QColor(self._theme.attention), 2.0 * self._zoom))
        painter.setBrush(QColor(self._theme.effort))
        painter.drawEllipse(here, _SPARK * self._zoom, _SPARK * self._zoom)

    def _paint_pulse(self, painter: QPainter) -> None:
        """The last node: rings that grow and fade while it is expanded, one steady ring while it is evaluated."""
        here, zoom = self._point(len(self._slots) - 1), self._zoom
        radius = 0.0 if self.picture.view.is_exact else float(self.picture.slots["radius"][self._slots[-1]])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        progress = min(1.0, max(0.0, self._lights.progress))
        rings = (0.0, 0.5) if self._lights.phase == "expand" and progress < 1.0 else ()
        for shift in rings:
            grown = (2.0 * progress + shift) % 1.0
            ink = QColor(self._theme.attention)
            ink.setAlphaF(1.0 - grown)
            painter.setPen(QPen(ink, 2.5 * zoom))
            painter.drawEllipse(here, radius + (4.0 + 16.0 * grown) * zoom, radius + (4.0 + 16.0 * grown) * zoom)
        painter.setPen(QPen(QColor(self._theme.effort), 2.0 * zoom))
        painter.drawEllipse(here, radius + 5.0 * zoom, radius + 5.0 * zoom)
