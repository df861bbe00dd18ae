"""Pictures of pieces, drawn once per size and kept: chess pieces from python-chess's vector shapes, discs by hand."""

import re
from functools import lru_cache

import chess
import chess.svg
from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.theme import Theme, color

_LIGHT_PAINT = re.compile(r"#(?:ffffff|fff|ececec)\b")
_DARK_PAINT = re.compile(r"#(?:000000|000)\b")


@lru_cache(maxsize=512)
def piece_pixmap(glyph: str, style: str, side: float, pixel_ratio: float, theme: Theme) -> QPixmap:
    """The piece `glyph` of a `Card`, filling a transparent square.

    Args:
        glyph: a letter of `Card.pieces`.
        style: `Card.style`.
        side: length of the square in logical pixels.
        pixel_ratio: device pixels per logical pixel.
        theme: colours of the pieces.

    Raises:
        ValueError: the style is unknown.
    """
    pixels = max(round(side * pixel_ratio), 1)
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if style == "chess":
        _renderer(glyph, theme).render(painter, QRectF(0, 0, pixels, pixels))
    elif style == "discs":
        _paint_disc(painter, pixels, first=glyph == "X", theme=theme)
    else:
        painter.end()
        raise ValueError(f"{style!r} is no style of drawing a board")
    painter.end()
    pixmap.setDevicePixelRatio(pixel_ratio)
    return pixmap


@lru_cache(maxsize=32)
def _renderer(glyph: str, theme: Theme) -> QSvgRenderer:
    """The vector shape of a chess piece in the theme's two colours."""
    svg = chess.svg.piece(chess.Piece.from_symbol(glyph))
    svg = _LIGHT_PAINT.sub(theme.first, _DARK_PAINT.sub(theme.second, svg))
    return QSvgRenderer(QByteArray(svg.encode()))


def _paint_disc(painter: QPainter, pixels: int, *, first: bool, theme: Theme) -> None:
    """A disc with its player's sign: a cross or a ring, so that it is not told by brightness alone."""
    body, sign = (theme.first, theme.second) if first else (theme.second, theme.first)
    margin = pixels * 0.09
    disc = QRectF(margin, margin, pixels - 2 * margin, pixels - 2 * margin)
    painter.setPen(QPen(color(theme.outline, 0.6), max(pixels * 0.02, 1)))
    painter.setBrush(color(body))
    painter.drawEllipse(disc)
    painter.setPen(QPen(color(sign, 0.45), pixels * 0.05, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inner = disc.adjusted(*(pixels * 0.24 * s for s in (1, 1, -1, -1)))
    if first:
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.topRight(), inner.bottomLeft())
    else:
        painter.drawEllipse(inner)
