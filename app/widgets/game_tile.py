"""One small board of the wall, drawn into a pixmap that is kept until the game goes on."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPixmap

from app.theme import GRID, Theme, color, font
from app.viewmodels.arena_wall import TileRecord
from app.widgets.board_geometry import fit_board
from app.widgets.board_paint import paint_cells, paint_pieces

VALUE_WIDTH = 5
_GAP = 3
_DIMMED = 0.35
_LONG_MOVE = "  Nbxd7+"
"""What has room beside a name."""


def tile_size(side: int, rows: int, columns: int, theme: Theme) -> QSize:
    """Pixels of a tile whose board is `side` wide."""
    board = round(side * rows / columns)
    return QSize(side + VALUE_WIDTH + _GAP, board + 2 * _line(theme))


def draw_tile(tile: TileRecord, size: QSize, ratio: float, theme: Theme) -> QPixmap:
    """A game as it stands: names above and below, value at the left, the result over it once it is over."""
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(color(theme.background))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    line = _line(theme)
    area = QRect(VALUE_WIDTH + _GAP, line, size.width() - VALUE_WIDTH - _GAP, size.height() - 2 * line)
    geometry = fit_board(tile.card, False, area, ratio)
    _draw_name(painter, QRectF(0, 0, size.width(), line), tile, theme, is_first=False)
    _draw_name(painter, QRectF(0, size.height() - line, size.width(), line), tile, theme, is_first=True)
    paint_cells(painter, geometry, tile.card, theme)
    paint_pieces(painter, geometry, tile.card, theme)
    _draw_value(painter, QRectF(0, area.top(), VALUE_WIDTH, area.height()), tile, theme)
    if tile.points is not None:
        _draw_result(painter, geometry.rect, tile, theme)
    painter.end()
    return pixmap


def result_tint(points: float, theme: Theme) -> str:
    """Good, even or bad for A."""
    return theme.good if points == 1.0 else theme.bad if points == 0.0 else theme.even


def _draw_name(painter: QPainter, room: QRectF, tile: TileRecord, theme: Theme, *, is_first: bool) -> None:
    """A's name stands out, as much of it as there is room for. The last move is beside who made it."""
    is_a = is_first == tile.a_is_first
    moved_last = tile.card.to_move == (1 if is_first else 0)
    painter.setFont(font(theme.small, strong=True))
    name = _names(tile, painter.fontMetrics(), room.width())[0 if is_first else 1]
    painter.setFont(font(theme.small, strong=is_a))
    painter.setPen(color(theme.text if is_a else theme.quiet))
    text = f"{'A' if is_a else 'B'}  {name}".rstrip()
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
    if tile.points is None and moved_last:
        painter.setPen(color(theme.text))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, tile.last)


def _names(tile: TileRecord, metrics: QFontMetrics, width: float) -> tuple[str, str]:
    """Both names in the longest form in which either has room beside a move; "" where there is none.

    Short is what tells them apart: "gen-001" and "gen-002", or "16 simulations" and "intuition".
    """
    one, other = ((name.split(", ")[0], name.rpartition(", ")[2]) for name in (tile.first, tile.second))
    short = (one[0], other[0]) if one[0] != other[0] else (one[1], other[1])
    room = width - metrics.horizontalAdvance("A  " + _LONG_MOVE)
    forms = ((tile.first, tile.second), short)
    return next((form for form in forms if max(map(metrics.horizontalAdvance, form)) <= room), ("", ""))


def _draw_value(painter: QPainter, room: QRectF, tile: TileRecord, theme: Theme) -> None:
    """The first player's share from below; nothing but a quiet line where nobody has said a value."""
    if tile.value is None:
        painter.fillRect(room.adjusted(2, 0, -2, 0), color(theme.hairline))
        return
    share = (1.0 + tile.value) / 2.0
    height = room.height() * min(max(share, 0.0), 1.0)
    painter.fillRect(room, color(theme.second))
    painter.fillRect(QRectF(room.left(), room.bottom() - height, room.width(), height), color(theme.first))
    painter.fillRect(QRectF(room.left(), room.center().y() - 0.5, room.width(), 1), color(theme.even))


def _draw_result(painter: QPainter, board: QRectF, tile: TileRecord, theme: Theme) -> None:
    """One line across the middle, so that the position can still be seen; how it ended where there is room for that."""
    assert tile.points is not None
    painter.fillRect(board, color(theme.background, _DIMMED))
    height = _line(theme) * 1.3
    plate = QRectF(board.left(), board.center().y() - height / 2, board.width(), height)
    painter.fillRect(plate, color(theme.panel, 0.94))
    painter.fillRect(QRectF(plate.left(), plate.top(), 4, height), color(result_tint(tile.points, theme)))
    painter.setFont(font(theme.body, strong=True))
    score = painter.fontMetrics().horizontalAdvance(tile.result)
    painter.setFont(font(theme.small))
    words = painter.fontMetrics().horizontalAdvance(tile.text)
    is_told = bool(tile.text) and score + words + 3 * GRID <= plate.width()
    if is_told:
        painter.setPen(color(theme.quiet))
        room = plate.adjusted(score + 2 * GRID, 0, -GRID / 2, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, tile.text)
    painter.setPen(color(theme.text))
    painter.setFont(font(theme.body, strong=True))
    side = Qt.AlignmentFlag.AlignLeft if is_told else Qt.AlignmentFlag.AlignHCenter
    painter.drawText(plate.adjusted(GRID + 2, 0, 0, 0), side | Qt.AlignmentFlag.AlignVCenter, tile.result)


def _line(theme: Theme) -> int:
    return QFontMetrics(font(theme.small)).height() + 2
