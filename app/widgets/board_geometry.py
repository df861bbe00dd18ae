"""Where the cells of a board are: whole pixels, square cells, either player at the bottom."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF

from engine.domains.base import Card


@dataclass(frozen=True, slots=True)
class BoardGeometry:
    """The grid in a widget's logical pixels.

    Attributes:
        left, top: corner of the grid. cell: side of one cell; cells sit on device pixels, so edges are crisp.
        flipped: the second player sits at the bottom (the grid is turned by half a turn).
    """

    rows: int
    columns: int
    left: float
    top: float
    cell: float
    flipped: bool

    @property
    def rect(self) -> QRectF:
        """The whole grid."""
        return QRectF(self.left, self.top, self.cell * self.columns, self.cell * self.rows)

    def cell_rect(self, cell: int) -> QRectF:
        """The square of `cell`; cells count from the lower left, row by row, as the first player sees them."""
        row, column = divmod(cell, self.columns)
        across = self.columns - 1 - column if self.flipped else column
        down = row if self.flipped else self.rows - 1 - row
        return QRectF(self.left + across * self.cell, self.top + down * self.cell, self.cell, self.cell)

    def centre(self, cell: int) -> QPointF:
        """The middle of `cell`."""
        return self.cell_rect(cell).center()

    def cell_at(self, point: QPointF) -> int:
        """The cell under `point`, or -1 beside the board."""
        if self.cell <= 0 or not self.rect.contains(point):
            return -1
        across = min(int((point.x() - self.left) // self.cell), self.columns - 1)
        down = min(int((point.y() - self.top) // self.cell), self.rows - 1)
        column = self.columns - 1 - across if self.flipped else across
        row = down if self.flipped else self.rows - 1 - down
        return row * self.columns + column


def fit_board(card: Card, flipped: bool, area: QRect, pixel_ratio: float) -> BoardGeometry:
    """The largest board of whole device pixels in the middle of `area`.

    A board of discs is never turned upside down: gravity stays.
    """
    side = min(area.width() / card.columns, area.height() / card.rows)
    cell = max(int(side * pixel_ratio), 1) / pixel_ratio
    left = area.left() + int((area.width() - cell * card.columns) / 2 * pixel_ratio) / pixel_ratio
    top = area.top() + int((area.height() - cell * card.rows) / 2 * pixel_ratio) / pixel_ratio
    return BoardGeometry(card.rows, card.columns, left, top, cell, flipped and card.style != "discs")


EMPTY_CARD = Card(rows=8, columns=8, pieces={}, style="chess", marked=(), alarm=-1, to_move=0, status="", outcome=0)
"""What a board shows before it is given anything."""
