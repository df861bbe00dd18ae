"""Lettering: labels, marks and their halos, painted by Qt into the picture's image.

Texts are drawn once into small images with a halo of the background's colour and kept; a frame only copies them.
Figures change at most a few times a second, so that they can be read while a search runs.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from app.render.labels import QUIET, Label, LabelGrid, Wording, renumbered, wanted, wordings
from app.render.marks import paint_loan, paint_mark
from app.render.numbers import visits_text
from app.render.picture import TreePicture
from app.render.slots import FADED, NODE, OUTSIDE, STUB
from app.theme import Theme, font

REFRESH_S = 0.16
"""Figures in labels are renewed this often."""
PATIENCE_S = 0.005
"""A frame spends no longer on making texts; notation can be slow, and the rest is there in the next."""
_KEPT = 2500


class Lettering:
    """Texts of one picture in one theme.

    Attributes:
        labels: the labels of the last frame, as placed.
        patience_s: how long a frame may spend on making texts.
        is_late: some texts were not made in time for it; the next frame goes on.
    """

    def __init__(self, theme: Theme) -> None:
        self.labels: list[Label] = []
        self.is_late = False
        self.patience_s = PATIENCE_S
        self._grid = LabelGrid()
        self._sprites: OrderedDict[tuple[str, int, int], QImage] = OrderedDict()
        self._sizes: dict[tuple[str, int], tuple[float, float]] = {}
        self._wordings: dict[int, tuple[float, list[Wording]]] = {}
        self.set_theme(theme, 1.0)

    def set_theme(self, theme: Theme, zoom: float) -> None:
        """Change colours, text sizes, or the device pixels per logical one."""
        self._theme, self._zoom = theme, zoom
        fonts = (font(theme.small), font(theme.small), font(theme.body, strong=True))
        self._fonts = tuple(_scaled(each, zoom) for each in fonts)
        self._metrics = tuple(QFontMetricsF(each) for each in self._fonts)
        self._sprites.clear()
        self._sizes.clear()
        self._wordings.clear()

    def forget(self) -> None:
        """Another tree: earlier texts and places mean nothing any more."""
        self._grid.forget()
        self._wordings.clear()
        self.labels = []

    def follow(self, mapping: NDArray[np.int32]) -> None:
        """Nodes got other numbers, -1 = gone; their labels stay as they are."""
        self._grid.follow(mapping)
        self._wordings = renumbered(self._wordings, mapping)

    def letter(self, picture: TreePicture, names: Callable[[int], str] | None, selected: int, now_s: float) -> None:
        """Place and paint the labels and marks of a picture that was just drawn.

        Args:
            names: text of the action that led to a node; None = marks alone.
            selected: node whose label comes first, -1 for none.
            now_s: any steady clock; tells when figures are due to change.
        """
        slots, ids, zoom = picture.slots, picture.ids, picture.zoom
        self._grid.start(ids, slots, picture.num_slots, zoom, selected)
        self._place_loans(slots[: picture.num_slots], picture.tree.lent if picture.tree is not None else {})
        self._place_stub_marks(slots[: picture.num_slots])
        self.labels, self.is_late = [], False
        deadline_s = time.perf_counter() + self.patience_s
        for slot in wanted(slots, picture.num_slots, zoom, selected):
            if names is None:
                break
            row = slots[slot]
            options = self._words(row, names, now_s, deadline_s)
            label = self._grid.place(ids, int(slot), row, options) if options else None
            if label is not None:
                self.labels.append(label)
        height, width = picture.image.shape
        canvas = QImage(picture.image.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        painter = QPainter(canvas)
        self._paint_marks(painter, slots[: picture.num_slots])
        for label in self.labels:
            self._paint_label(painter, label)
        painter.end()

    def _words(self, row: NDArray[Any], names: Callable[[int], str], now_s: float, deadline_s: float) -> list[Wording]:
        """The wordings of a node; kept for a moment, so that figures tick instead of flickering."""
        node = int(row["node"])
        until, options = self._wordings.get(node, (-math.inf, []))
        if now_s >= until:
            if time.perf_counter() > deadline_s:
                self.is_late = True
                return options
            if len(self._wordings) > _KEPT:
                self._wordings.clear()
            options = wordings(row, names(node), self._zoom, self._measure)
            # Nodes take turns: not all of them are measured and drawn anew in the same frame.
            self._wordings[node] = (now_s + REFRESH_S * (1.0 + 0.5 * (node * 7 % 11) / 11.0), options)
        return options

    def _measure(self, text: str, style: int) -> tuple[float, float]:
        size = self._sizes.get((text, style))
        if size is None:
            if len(self._sizes) > 4 * _KEPT:
                self._sizes.clear()
            metrics = self._metrics[style]
            size = (metrics.horizontalAdvance(text), metrics.ascent() + metrics.descent())
            self._sizes[text, style] = size
        return size

    def _paint_label(self, painter: QPainter, label: Label) -> None:
        y = label.y
        for line in label.wording.lines:
            x = label.x
            # Centred above and below, flush with the node beside it.
            slack = label.wording.width - sum(self._measure(*part)[0] for part in line)
            x += slack * (0.5 if label.place in (0, 2) else 1.0 if label.place >= 6 else 0.0)
            tallest = 0.0
            for text, style in line:
                width, height = self._measure(text, style)
                tallest = max(tallest, height)
                sprite = self._sprite(text, style, label.shade)
                painter.drawImage(QPointF(round(x - self._halo), round(y - self._halo)), sprite)
                x += width
            y += tallest

    @property
    def _halo(self) -> int:
        return int(2 * self._zoom + 1)

    def _sprite(self, text: str, style: int, shade: int) -> QImage:
        """A text with its halo, from the store."""
        key = (text, style, shade)
        sprite = self._sprites.get(key)
        if sprite is not None:
            self._sprites.move_to_end(key)
            return sprite
        sprite = self._drawn(text, style, shade)
        self._sprites[key] = sprite
        if len(self._sprites) > _KEPT:
            self._sprites.popitem(last=False)
        return sprite

    def _drawn(self, text: str, style: int, shade: int) -> QImage:
        theme, halo = self._theme, self._halo
        width, height = self._measure(text, style)
        sprite = QImage(
            int(width) + 2 * halo + 2, int(height) + 2 * halo + 2, QImage.Format.Format_ARGB32_Premultiplied
        )
        sprite.fill(Qt.GlobalColor.transparent)
        painter = QPainter(sprite)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._fonts[style])
        base = QPointF(halo, halo + self._metrics[style].ascent())
        ground = QColor(theme.background)
        ground.setAlphaF(0.8)  # the copies lie over each other: in the middle it is opaque, at the rim it fades
        painter.setPen(ground)
        for turn in range(8):
            angle = turn * math.pi / 4
            painter.drawText(base + QPointF(math.cos(angle), math.sin(angle)) * (halo - 1.0), text)
        painter.setPen(QColor((theme.text if style != QUIET else theme.quiet, theme.quiet, theme.pruned)[shade]))
        painter.drawText(base, text)
        painter.end()
        return sprite

    def _paint_marks(self, painter: QPainter, slots: NDArray[Any]) -> None:
        """The reason of every cut that has room for a mark: inside discs, or behind stubs with their number."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for slot in slots[_is_cut(slots, NODE) & (slots["radius"] >= 3.5 * self._zoom)]:
            size = min(0.42 * float(slot["radius"]), 5.0 * self._zoom)
            ink = QColor(self._theme.background if slot["flags"] & FADED else self._theme.quiet)
            paint_mark(painter, int(slot["reason"]), float(slot["x"]), float(slot["y"]), size, ink, self._zoom)
        effort = QColor(self._theme.effort)
        for number, x, y in self._loans:
            paint_loan(painter, x - 4.0 * self._zoom, y, 4.0 * self._zoom, effort, self._zoom)
            _, height = self._measure(number, QUIET)
            sprite = self._sprite(number, QUIET, 0)
            corner = QPointF(round(x + 3.0 * self._zoom - self._halo), round(y - 0.5 * height - self._halo))
            painter.drawImage(corner, sprite)
        quiet = QColor(self._theme.quiet)
        for reason, number, x, y in self._stub_marks:
            paint_mark(painter, reason, x, y, 3.5 * self._zoom, quiet, self._zoom)
            _, height = self._measure(number, QUIET)
            sprite = self._sprite(number, QUIET, 1)
            place = QPointF(round(x + 7.0 * self._zoom - self._halo), round(y - 0.5 * height - self._halo))
            painter.drawImage(place, sprite)

    def _place_loans(self, slots: NDArray[Any], lent: dict[int, int]) -> None:
        """Find the branches on screen that visits are lent to, and keep room before their nodes."""
        self._loans: list[tuple[str, float, float]] = []
        for slot in slots[np.isin(slots["edge"], list(lent))] if lent else ():
            number = visits_text(lent[int(slot["edge"])])
            width, height = self._measure(number, QUIET)
            x = float(slot["x"]) - max(float(slot["radius"]), 3.0 * self._zoom) - width - 8.0 * self._zoom
            y = float(slot["y"])
            self._grid.reserve(x - 8.0 * self._zoom, y - 0.5 * height, width + 14.0 * self._zoom, height)
            self._loans.append((number, x, y))

    def _place_stub_marks(self, slots: NDArray[Any]) -> None:
        """Find room behind each group of stubs that were pruned for one reason."""
        self._stub_marks: list[tuple[int, str, float, float]] = []
        stubs = slots[_is_cut(slots, STUB)]
        groups, first = np.unique(stubs["up"].astype(np.int64) * 16 + stubs["reason"], return_inverse=True)
        for group in range(len(groups)):
            members = stubs[first == group]
            x, y = float(members["x"].max()) + 9.0 * self._zoom, float(members["y"].mean())
            number = f"{int(members['branches'].sum())}"
            width, height = self._measure(number, QUIET)
            tall = float(members["bottom"].max() - members["top"].min()) >= 4.0 * self._zoom
            left = x - 4.0 * self._zoom
            if tall and self._grid.reserve(left, y - 0.5 * height, width + 12.0 * self._zoom, height):
                self._stub_marks.append((int(members["reason"][0]), number, x, y))


def _is_cut(slots: NDArray[Any], kind: int) -> NDArray[np.bool_]:
    """Which slots are of a kind, pruned themselves, and within the picture."""
    cut: NDArray[np.bool_] = (slots["kind"] == kind) & (slots["reason"] != 0) & (slots["flags"] & OUTSIDE == 0)
    return cut


def _scaled(base: QFont, zoom: float) -> QFont:
    """A font that much larger; a copy, for the theme's own is shared."""
    scaled = QFont(base)
    scaled.setPixelSize(max(1, round(base.pixelSize() * zoom)))
    return scaled
