"""The legend below the tree, always there."""

from dataclasses import replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.render.legend import LegendRecord, counts_text, legend_height, legend_text, paint_legend
from app.theme import DARK, Theme
from engine.tree.events import PruneReason

_USUAL = frozenset({int(PruneReason.BY_HAND), int(PruneReason.PROVEN), int(PruneReason.OUT_OF_REACH)})
"""Reasons that have room from the beginning."""
_TOOLTIP = "How to read the tree. Every visit of the root is shown, folded, or outside the picture."


class TreeLegend(QWidget):
    """Explains the picture; as high as its entries need at its width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._record = LegendRecord(reasons=frozenset())
        self._page: QImage | None = None
        self.setAccessibleName("Legend of the search tree")
        self.setToolTip(_TOOLTIP)
        self.setAccessibleDescription(legend_text(self._record))

    def show_legend(self, record: LegendRecord) -> None:
        """Show other numbers."""
        if record != self._record:
            self._record = record
            self._page = None
            self.setAccessibleDescription(legend_text(record))
            self.setToolTip(f"{_TOOLTIP} {counts_text(record)}." if record.nodes else _TOOLTIP)
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self._page = None
        self.update()

    @override
    def heightForWidth(self, width: int) -> int:
        # With the longest counts there are, so that it does not change its height while a search runs.
        reasons = (self._record.reasons or frozenset()) | _USUAL
        widest = replace(
            self._record, nodes=8_888_888, drawn=8_888, shown=99_000, folded=99_000, outside=99_000, reasons=reasons
        )
        return round(legend_height(self._theme, widest, width))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        size = self.size() * ratio
        if self._page is None or self._page.size() != size:  # kept: what lies beside it is repainted at every frame
            self._page = QImage(size, QImage.Format.Format_RGB32)
            self._page.setDevicePixelRatio(ratio)
            painter = QPainter(self._page)
            paint_legend(painter, QRectF(self.rect()), self._theme, self._record)
            painter.end()
        painter = QPainter(self)
        painter.drawImage(0, 0, self._page)
        painter.end()
