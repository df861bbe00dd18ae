"""A position on which two players differ: a small board with both moves, and who was right."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget
from typing_extensions import override

from app.theme import DARK, GRID, Theme, color, font
from app.viewmodels.arena_disagreements import DisagreementTile
from app.widgets import board_paint as paint
from app.widgets.board_arrows import paint_arrows
from app.widgets.board_geometry import fit_board

_SIDE = 220
_LINES, _LETTER = 5, 18
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class DisagreementView(QWidget):
    """Painted; the keyboard comes to it, Enter opens it in Explore, the menu key has the other ways.

    Signals:
        explore_wanted(), head_to_head_wanted(): where the position is to be opened.
    """

    explore_wanted = Signal()
    head_to_head_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._tile: DisagreementTile | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @property
    def tile(self) -> DisagreementTile | None:
        """What is shown."""
        return self._tile

    def show_tile(self, tile: DisagreementTile) -> None:
        """Show a position in place of what was there."""
        if tile != self._tile:
            self._tile = tile
            self.setAccessibleName(tile.title)
            self.setAccessibleDescription(tile.sentence)
            self.setToolTip(f"{tile.sentence}\nClick: head to head, or in Explore.")
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.setFixedSize(self.sizeHint())
        self.update()

    @override
    def sizeHint(self) -> QSize:
        side = self._theme.room(_SIDE)
        return QSize(side, side + _LINES * self._line_height() + GRID)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._menu().popup(event.globalPosition().toPoint())

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._menu().popup(event.globalPos())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._menu().popup(self.mapToGlobal(self.rect().center()))
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        tile, theme = self._tile, self._theme
        if tile is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = self.rect()
        area.setHeight(area.width())
        card = tile.board.card
        geometry = fit_board(card, tile.board.flipped, area, self.devicePixelRatioF())
        paint.paint_cells(painter, geometry, card, theme)
        paint.paint_pieces(painter, geometry, card, theme)
        paint_arrows(painter, geometry, tile.board.arrows, theme)
        self._paint_words(painter, tile, float(area.height() + GRID // 2))
        if self.hasFocus() or self.underMouse():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(color(theme.attention, 1.0 if self.hasFocus() else 0.5), 2))
            painter.drawRect(geometry.rect.adjusted(1, 1, -1, -1))

    def _paint_words(self, painter: QPainter, tile: DisagreementTile, top: float) -> None:
        theme, height = self._theme, self._line_height()
        painter.setFont(font(theme.small))
        painter.setPen(color(theme.quiet))
        painter.drawText(QRectF(0, top, self.width(), height), _LEFT, tile.title)
        sides = (("A", tile.a_text, theme.good), ("B", tile.b_text, theme.bad))
        for place, (letter, text, tint) in enumerate(sides, 1):
            line = QRectF(0, top + place * height, self.width(), height)
            painter.setFont(font(theme.body, strong=True))
            painter.setPen(color(tint))
            painter.drawText(line, _LEFT, letter)
            painter.drawText(line.adjusted(0, 0, -2, 0), _RIGHT, "✓" if tile.right == letter else "")
            painter.setPen(color(theme.text))
            painter.drawText(line.adjusted(theme.room(_LETTER), 0, 0, 0), _LEFT, text)
        painter.setFont(font(theme.small))
        painter.setPen(color(theme.text if tile.right in ("A", "B") else theme.quiet))
        words = QRectF(0, top + 3 * height, self.width(), 2 * height)
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(words, flags, tile.verdict)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Head to head: both trees here", self.head_to_head_wanted.emit)
        menu.addAction("Open in Explore", self.explore_wanted.emit)
        return menu

    def _line_height(self) -> int:
        return self._theme.body + 6
