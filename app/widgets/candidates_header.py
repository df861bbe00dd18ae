"""The heading of the candidates table; its words carry the colours of the bars below, and so are the legend."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QWidget
from typing_extensions import override

from app.qt_models.candidates_model import HEADINGS, Column
from app.theme import DARK, PADDING, Theme, color, font

_PAD = 6


class CandidatesHeader(QHeaderView):
    """Paints plain words over a hairline."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = DARK
        self.setHighlightSections(False)
        self.setSectionsClickable(False)
        self.setMinimumSectionSize(1)

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.updateGeometry()
        self.viewport().update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._theme.small + 15)

    @override
    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        theme, column = self._theme, Column(logicalIndex)
        painter.save()
        painter.fillRect(rect, color(theme.panel))
        painter.setPen(QPen(color(theme.hairline), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setFont(font(theme.small, strong=column is Column.SHARES))
        left = PADDING if column is Column.MOVE else _PAD
        area = QRectF(rect).adjusted(left, 0, -_PAD, 0)
        if column is Column.SHARES:
            self._paint_legend(painter, area)
        else:
            side = Qt.AlignmentFlag.AlignLeft if column is Column.MOVE else Qt.AlignmentFlag.AlignRight
            painter.setPen(color(theme.quiet))
            painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, HEADINGS[column].text)
        painter.restore()

    def _paint_legend(self, painter: QPainter, area: QRectF) -> None:
        first, over, second = HEADINGS[Column.SHARES].text.partition(" over ")
        theme, left = self._theme, area.left()
        for word, tint in ((first, theme.intuition), (over, theme.quiet), (second, theme.effort)):
            painter.setPen(color(tint))
            room = QRectF(left, area.top(), area.right() - left, area.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, word)
            left += painter.fontMetrics().horizontalAdvance(word)
