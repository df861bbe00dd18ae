"""A small board to look at: node card, hover card, wall of games."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.theme import DARK, Theme
from app.widgets import board_paint as paint
from app.widgets.board_geometry import fit_board
from engine.domains.base import Card


class CardView(QWidget):
    """Draws one card; nothing can be moved on it. `side`: length of the square it asks for, in pixels."""

    def __init__(self, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._theme = DARK
        self._card: Card | None = None
        self._flipped = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Small board")

    def show_card(self, card: Card | None, flipped: bool) -> None:
        """Show `card`; None leaves the place empty."""
        self._card, self._flipped = card, flipped
        self.setAccessibleDescription(card.status if card is not None else "")
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._card is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        geometry = fit_board(self._card, self._flipped, self.rect(), self.devicePixelRatioF())
        paint.paint_cells(painter, geometry, self._card, self._theme)
        paint.paint_pieces(painter, geometry, self._card, self._theme)
