"""The legend below the tree, always there: all of it where there is room, else one row that opens to all of it."""

from dataclasses import replace

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget
from typing_extensions import override

from app.render.legend import LegendRecord, counts_text, folded_height, legend_height, legend_text, paint_legend
from app.theme import DARK, GRID, Theme
from engine.tree.events import PruneReason

_USUAL = frozenset({int(PruneReason.BY_HAND), int(PruneReason.PROVEN), int(PruneReason.OUT_OF_REACH)})
"""Reasons that have room from the beginning."""
_TOOLTIP = "How to read the tree. Every visit of the root is shown, folded, or outside the picture."
_MOST_SHARE = 0.09
"""Of a canvas' height that the legend takes before it folds."""
_POPUP_WIDTH = 560


class TreeLegend(QWidget):
    """Explains the picture; as high as its entries need at its width, or folded into one row where that is too high."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._record = LegendRecord(reasons=frozenset())
        self._page: QImage | None = None
        self.setAccessibleName("Legend of the search tree")
        self.setAccessibleDescription(legend_text(self._record))
        self._describe()

    @property
    def is_folded(self) -> bool:
        """Whether it is lower than all its entries need."""
        return self.height() < self.heightForWidth(self.width())

    def height_in(self, canvas: QSize) -> int:
        """Pixels of height that it takes of a canvas of that size."""
        whole = self.heightForWidth(canvas.width())
        return whole if whole <= _MOST_SHARE * canvas.height() else min(whole, round(folded_height(self._theme)))

    def show_legend(self, record: LegendRecord) -> None:
        """Show other numbers."""
        if record != self._record:
            self._record = record
            self._page = None
            self.setAccessibleDescription(legend_text(record))
            self._describe()
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self._page = None
        self.update()

    def open_whole(self) -> None:
        """Show all of a folded legend above it, until the next click or key."""
        popup = _WholeLegend(self._theme, self._record, self)
        popup.open_above(self.mapToGlobal(QPoint(0, 0)), self.width())

    @override
    def heightForWidth(self, width: int) -> int:
        # With the longest counts there are, so that it does not change its height while a search runs.
        reasons = (self._record.reasons or frozenset()) | _USUAL
        widest = replace(
            self._record, nodes=8_888_888, drawn=8_888, shown=99_000, folded=99_000, outside=99_000, reasons=reasons
        )
        return round(legend_height(self._theme, widest, width))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        folded = self.is_folded
        self.setCursor(Qt.CursorShape.PointingHandCursor if folded else Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if folded else Qt.FocusPolicy.NoFocus)
        self._describe()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.is_folded and event.button() is Qt.MouseButton.LeftButton:
            self.open_whole()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.is_folded and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_whole()
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        size = self.size() * ratio
        if self._page is None or self._page.size() != size:  # kept: what lies beside it is repainted at every frame
            self._page = QImage(size, QImage.Format.Format_RGB32)
            self._page.setDevicePixelRatio(ratio)
            painter = QPainter(self._page)
            paint_legend(painter, QRectF(self.rect()), self._theme, self._record, is_folded=self.is_folded)
            painter.end()
        painter = QPainter(self)
        painter.drawImage(0, 0, self._page)
        painter.end()

    def _describe(self) -> None:
        """The tooltip: what it is, the counts, and how to see all of it."""
        counts = f" {counts_text(self._record)}." if self._record.nodes else ""
        self.setToolTip(f"{_TOOLTIP}{counts}{' Click for all of it.' if self.is_folded else ''}")


class _WholeLegend(QFrame):
    """All of a legend, as it was when it was opened; any click or key closes it."""

    def __init__(self, theme: Theme, record: LegendRecord, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "popup")
        self.setAccessibleName("Legend of the search tree")
        self.setAccessibleDescription(legend_text(record))
        self._theme, self._record = theme, record

    def open_above(self, corner: QPoint, width: int) -> None:
        """Show it with its lower left corner at a place of the screen, no wider than the screen."""
        room = self.screen().availableGeometry()
        width = min(max(width, _POPUP_WIDTH), room.width())
        self.setFixedSize(width, round(legend_height(self._theme, self._record, width - 2)) + GRID)
        left = min(max(corner.x(), room.left()), room.right() - width)
        self.move(left, max(corner.y() - self.height(), room.top()))
        self.show()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        box = QRectF(self.rect()).adjusted(1.0, 1.0, -1.0, -1.0)
        paint_legend(painter, box, self._theme, self._record)
        painter.end()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.close()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.close()
