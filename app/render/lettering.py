"""Lettering: labels, marks and their halos, painted by Qt into the picture's image.

Texts are drawn once into small images with a halo of the background's colour and kept; a frame only copies them.
Figures change at most a few times a second, so that they can be read while a search runs.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from app.render.glow import Glow
from app.render.labels import (
    INSIDE,
    ON_COLOR,
    ON_GROUND,
    QUIET,
    Label,
    LabelGrid,
    Wording,
    box_wordings,
    placed_inside,
    renumbered,
    wanted,
    wordings,
)
from app.render.marks import paint_loan, paint_mark
from app.render.notes import LOAN, Note, place_notes
from app.render.palette import packed
from app.render.picture import TreePicture
from app.render.views import View
from app.theme import Theme, font

REFRESH_S = 0.16
"""Figures in labels are renewed this often."""
PATIENCE_S = 0.005
"""A frame spends no longer on making texts; notation can be slow, and the rest is there in the next."""
_KEPT = 2500

Box = tuple[float, float, float, float]
"""Left, top, width and height."""


class Lettering:
    """Texts of one picture in one theme.

    Attributes:
        labels: the labels of the last frame, as placed. notes: what stands beside them.
        patience_s: how long a frame may spend on making texts.
        is_late: some texts were not made in time for it; the next frame goes on.
    """

    def __init__(self, theme: Theme) -> None:
        self.labels: list[Label] = []
        self.notes: list[Note] = []
        self._write = wordings
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

    def letter(
        self,
        picture: TreePicture,
        names: Callable[[int], str] | None,
        selected: int,
        now_s: float,
        covered: Iterable[Box] = (),
    ) -> None:
        """Place and paint the labels and marks of a picture that was just drawn.

        Args:
            names: text of the action that led to a node; None = marks alone.
            selected: node whose label comes first, -1 for none.
            now_s: any steady clock; tells when figures are due to change.
            covered: boxes that something lies over, in logical pixels; nothing is written there.
        """
        slots, ids, zoom = picture.slots, picture.ids, picture.zoom
        self._write = box_wordings if picture.view is View.ICICLE else wordings
        discs = 0 if picture.view is View.ICICLE else picture.num_slots
        self._grid.start(ids, slots, discs, zoom, selected)
        for left, top, wide, high in covered:
            self._grid.take(left * zoom, top * zoom, wide * zoom, high * zoom)
        glow = Glow(picture, self._theme, self._fonts[QUIET]) if picture.lights is not None else None
        if glow is not None:
            glow.place_captions(self._grid)
        self.notes = place_notes(picture, self._grid, self._measure)
        self.labels, self.is_late = [], False
        deadline_s = time.perf_counter() + self.patience_s
        for slot in wanted(slots, picture.num_slots, zoom, selected):
            if names is None:
                break
            row = slots[slot]
            options = self._words(row, names, now_s, deadline_s)
            label = self._placed(picture, int(slot), options) if options else None
            if label is not None:
                self.labels.append(label)
        height, width = picture.image.shape
        canvas = QImage(picture.image.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        painter = QPainter(canvas)
        if glow is not None:
            glow.paint(painter)
        self._paint_notes(painter, self.notes)
        for label in self.labels:
            self._paint_label(painter, label)
        if glow is not None:
            glow.paint_captions(painter)
        painter.end()

    def _placed(self, picture: TreePicture, slot: int, options: list[Wording]) -> Label | None:
        """A place for a label: around its disc, or in its rectangle."""
        row = picture.slots[slot]
        if picture.view is not View.ICICLE:
            return self._grid.place(picture.ids, slot, row, options)
        right = float(row["x"])
        left = right - picture.width_of(slot)
        label = placed_inside(slot, row, left, right, options, picture.zoom, picture.image.shape)
        if label is None or not self._grid.reserve(label.x, label.y, label.wording.width, label.wording.height):
            return None
        under = int(picture.image[int(label.y + 0.5 * label.wording.height), int(label.x)])
        return replace(label, shade=ON_COLOR if self._is_bright(under) else ON_GROUND)

    def _is_bright(self, pixel: int) -> bool:
        """Whether words in the background's colour are easier to read on a pixel than those in the words' own."""
        inks = (packed(self._theme.background), packed(self._theme.text))
        ground, words = (abs(_luminance(pixel) - _luminance(ink)) for ink in inks)
        return ground > words

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
            options = self._write(row, names(node), self._zoom, self._measure)
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
            x += slack * (0.5 if label.place in (0, 2) else 1.0 if 6 <= label.place < INSIDE else 0.0)
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
        for turn in range(8 if shade not in (ON_GROUND, ON_COLOR) else 0):
            angle = turn * math.pi / 4
            painter.drawText(base + QPointF(math.cos(angle), math.sin(angle)) * (halo - 1.0), text)
        live = theme.text if style != QUIET else theme.quiet
        inks = (live, theme.quiet, theme.pruned, theme.attention, theme.text, theme.background)
        painter.setPen(QColor(inks[shade]))
        painter.drawText(base, text)
        painter.end()
        return sprite

    def _paint_notes(self, painter: QPainter, notes: list[Note]) -> None:
        """Marks and their numbers."""
        theme, zoom = self._theme, self._zoom
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for note in notes:
            if note.sign == LOAN:
                paint_loan(painter, note.x, note.y, note.size, QColor(theme.effort), zoom)
            elif note.sign:
                ink = QColor(theme.background if note.is_inverse else theme.quiet)
                paint_mark(painter, note.sign, note.x, note.y, note.size, ink, zoom)
            if note.text:
                _, height = self._measure(note.text, QUIET)
                corner = QPointF(round(note.text_x - self._halo), round(note.y - 0.5 * height - self._halo))
                painter.drawImage(corner, self._sprite(note.text, QUIET, note.shade))


def _scaled(base: QFont, zoom: float) -> QFont:
    """A font that much larger; a copy, for the theme's own is shared."""
    scaled = QFont(base)
    scaled.setPixelSize(max(1, round(base.pixelSize() * zoom)))
    return scaled


def _luminance(color: int) -> float:
    """How bright a colour 0xRRGGBB looks, in [0, 1] (CIE lightness, roughly)."""
    red, green, blue = color >> 16 & 255, color >> 8 & 255, color & 255
    return float((0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2) ** (1.0 / 2.4) / 255.0 ** (2.2 / 2.4))
