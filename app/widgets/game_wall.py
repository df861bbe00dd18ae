"""A wall of small boards: as many as fit, each drawn anew only when its game has gone on."""

import time
from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from app.theme import DARK, GRID, PADDING, Theme, color
from app.viewmodels.arena_wall import TileRecord, in_words
from app.widgets.game_tile import draw_tile, result_tint, tile_size

_SIDES = tuple(range(232, 87, -8))
"""Widths of a board, in pixels, the largest that has room for all is taken."""
_FLASH_S, _FLASH_MS = 1.2, 50
_PAINT_S = 0.008
"""Time for drawing boards anew in one frame; those that are left are drawn in the next ones."""
_EMPTY_TEXT = "Games are shown here while they are played. Choose two players at the left, then Start."


class GameWall(QWidget):
    """Places in rows; which game hangs where is not decided here.

    Signals:
        game_chosen(int): the number of a game was clicked, or entered with the keyboard.
        capacity_changed(int): room for another number of boards.
    """

    game_chosen = Signal(int)
    capacity_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._shape, self._wanted = (8, 8), 1
        self._tiles: list[TileRecord | None] = []
        self._pixmaps: dict[int, QPixmap] = {}
        self._stale: set[int] = set()
        self._flashes: dict[int, float] = {}
        self._is_moving = True
        self._cursor = 0
        self._waiting = ""
        self._columns, self._capacity, self._size = 1, 0, QSize(1, 1)
        self._flash = QTimer(self, interval=_FLASH_MS)
        self._flash.timeout.connect(self._fade)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(200, 150)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setAccessibleName("Boards of the match")

    @property
    def capacity(self) -> int:
        """How many boards fit."""
        return self._capacity

    @property
    def tiles(self) -> tuple[TileRecord | None, ...]:
        """What hangs there, place by place."""
        return tuple(self._tiles)

    def tile_rect(self, place: int) -> QRect:
        """Where a place is, in the widget's pixels."""
        row, column = divmod(place, self._columns)
        step = self._size + QSize(PADDING, PADDING)
        return QRect(QPoint(PADDING + column * step.width(), GRID + row * step.height()), self._size)

    def make_room(self, rows: int, columns: int, wanted: int) -> None:
        """Boards have so many rows and columns; `wanted`: how many there should be room for."""
        if (rows, columns) != self._shape or wanted != self._wanted:
            self._shape, self._wanted = (rows, columns), max(wanted, 1)
            self._divide()

    def show_waiting(self, words: str) -> None:
        """What is waited for before there are boards; "" = for a person to begin."""
        if words != self._waiting:
            self._waiting = words
            self.update()

    def clear(self) -> None:
        """Take everything down."""
        self.show_tiles(dict.fromkeys(range(len(self._tiles))))

    def show_tiles(self, tiles: Mapping[int, TileRecord | None]) -> None:
        """Hang boards at places, or take them down; others stay as they are."""
        for place, tile in tiles.items():
            if place >= self._capacity or self._tiles[place] == tile:
                continue
            before, self._tiles[place] = self._tiles[place], tile
            self._stale.add(place)
            if tile is None:
                self._pixmaps.pop(place, None)
            is_end = tile is not None and before is not None and before.game == tile.game
            if is_end and tile is not None and tile.points is not None and self._is_moving and self.isVisible():
                self._flashes[place] = time.monotonic()
                self._flash.start()
            self.update(self.tile_rect(place).adjusted(-4, -4, 4, 4))
        if not any(self._tiles):
            self.update()
        self._describe()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self._divide()

    def set_motion(self, moving: bool) -> None:
        """Freeze (False) or allow results to flash."""
        self._is_moving = moving
        if not moving:
            self._flashes.clear()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._divide()

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            place = self._place_at(event.pos())
            tile = self._tiles[place] if place is not None else None
            if tile is not None:
                QToolTip.showText(event.globalPos(), f"{in_words(tile)}. Click to open it.", self)
                return True
        return super().event(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position().toPoint())
        if place is not None and event.button() is Qt.MouseButton.LeftButton:
            self._move_cursor(place)
            self._choose()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position().toPoint())
        is_board = place is not None and self._tiles[place] is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_board else Qt.CursorShape.ArrowCursor)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._columns,
            Qt.Key.Key_Down: self._columns,
        }
        key = Qt.Key(event.key())
        if key in steps:
            self._move_cursor(min(max(self._cursor + steps[key], 0), max(self._capacity - 1, 0)))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose()
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        if not any(self._tiles):
            painter.setPen(color(theme.quiet))
            painter.drawText(
                self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._waiting or _EMPTY_TEXT
            )
            return
        begun = time.perf_counter()
        for place, tile in enumerate(self._tiles):
            rect = self.tile_rect(place)
            if tile is None or not event.rect().intersects(rect.adjusted(-4, -4, 4, 4)):
                continue
            if place in self._stale and time.perf_counter() - begun < _PAINT_S:
                self._pixmaps[place] = draw_tile(tile, self._size, self.devicePixelRatioF(), theme)
                self._stale.discard(place)
            if place in self._pixmaps:
                painter.drawPixmap(rect, self._pixmaps[place])
            if place in self._flashes and tile.points is not None:
                left = 1.0 - (time.monotonic() - self._flashes[place]) / _FLASH_S
                painter.setPen(QPen(color(result_tint(tile.points, theme), round(max(left, 0.0), 2)), 3))
                painter.drawRect(rect.adjusted(-2, -2, 2, 2))
            if self.hasFocus() and place == self._cursor:
                painter.setPen(QPen(color(theme.attention), 1))
                painter.drawRect(rect.adjusted(-3, -3, 3, 3))
        if any(self._tiles[place] is not None for place in self._stale):
            QTimer.singleShot(0, self.update)

    def _divide(self) -> None:
        """Find the largest boards that all fit; where none do, as many of the smallest as there is room for."""
        for side in _SIDES:
            size = tile_size(side, *self._shape, self._theme)
            across = (self.width() - PADDING) // (size.width() + PADDING)
            down = (self.height() - GRID) // (size.height() + PADDING)
            if across * down >= self._wanted:
                break
        self._size, self._columns = size, max(across, 1)
        capacity = max(across * down, 0)
        self._flashes.clear()
        if capacity != self._capacity:
            self._capacity = capacity
            self._tiles = (self._tiles + [None] * capacity)[:capacity]
            self._cursor = min(self._cursor, max(capacity - 1, 0))
            self._pixmaps = {place: pixmap for place, pixmap in self._pixmaps.items() if place < capacity}
            self.capacity_changed.emit(capacity)
        self._stale = set(range(capacity))
        self.update()

    def _place_at(self, point: QPoint) -> int | None:
        return next((place for place in range(self._capacity) if self.tile_rect(place).contains(point)), None)

    def _move_cursor(self, place: int) -> None:
        self._cursor = place
        self._describe()
        self.update()

    def _choose(self) -> None:
        tile = self._tiles[self._cursor] if self._cursor < self._capacity else None
        if tile is not None:
            self.game_chosen.emit(tile.game)

    def _describe(self) -> None:
        tile = self._tiles[self._cursor] if self._cursor < self._capacity else None
        hanging = sum(found is not None for found in self._tiles)
        told = in_words(tile) if tile is not None else ""
        self.setAccessibleDescription(f"{hanging} boards. {told}".strip() if hanging else _EMPTY_TEXT)

    def _fade(self) -> None:
        now = time.monotonic()
        for place, since in tuple(self._flashes.items()):
            self.update(self.tile_rect(place).adjusted(-4, -4, 4, 4))
            if now - since > _FLASH_S:
                del self._flashes[place]
        if not self._flashes:
            self._flash.stop()
