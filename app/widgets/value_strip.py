"""What a node is worth: chances of win, draw and loss, and the value at a glance beside that after search."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.theme import DARK, Theme, color, font
from app.viewmodels.figures import percent
from app.viewmodels.why_records import ValuesRecord

_BAR, _AXIS = 12, 14
_GAP = 4


class ValueStrip(QWidget):
    """Three bands, an axis from -1 to +1 with a gold and an ivory mark, and both in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._record: ValuesRecord | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("What it is worth")

    def show_values(self, record: ValuesRecord | None) -> None:
        """Show `record`; None leaves no room for it."""
        self._record = record
        self.setVisible(record is not None)
        if record is not None:
            self.setToolTip(record.tooltip)
            self.setAccessibleDescription(record.text)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        theme = self._theme
        return QSize(160, theme.room(_BAR) + theme.room(_AXIS) + theme.small + 3 * _GAP)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._record is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        bar, axis = theme.room(_BAR), theme.room(_AXIS)
        self._paint_chances(painter, QRectF(0, 0, self.width(), bar), self._record)
        self._paint_axis(painter, QRectF(6, bar + _GAP, self.width() - 12, axis), self._record)
        painter.setFont(font(theme.small))
        painter.setPen(color(theme.quiet))
        words = QRectF(0, bar + axis + _GAP, self.width(), theme.small + 2 * _GAP)
        fitting = painter.fontMetrics().elidedText(self._record.text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, fitting)

    def _paint_chances(self, painter: QPainter, room: QRectF, record: ValuesRecord) -> None:
        theme = self._theme
        painter.setFont(font(theme.small))
        left = room.left()
        chances, tints = (record.win, record.draw, record.loss), (theme.good, theme.hairline, theme.bad)
        bands = zip(chances, tints, (theme.ink, theme.text, theme.ink), strict=True)
        for share, tint, ink in bands:
            band = QRectF(left, room.top(), share * room.width(), room.height())
            painter.fillRect(band, color(tint))
            text = percent(share)
            if painter.fontMetrics().horizontalAdvance(text) + 4 <= band.width():
                painter.setPen(color(ink))
                painter.drawText(band, Qt.AlignmentFlag.AlignCenter, text)
            left = band.right()

    def _paint_axis(self, painter: QPainter, room: QRectF, record: ValuesRecord) -> None:
        theme, middle = self._theme, room.center().y()

        def place(value: float) -> float:
            return room.left() + room.width() * (min(max(value, -1.0), 1.0) + 1.0) / 2.0

        painter.setPen(QPen(color(theme.hairline), 1))
        painter.drawLine(QPointF(room.left(), middle), QPointF(room.right(), middle))
        painter.drawLine(QPointF(place(0.0), middle - 4), QPointF(place(0.0), middle + 4))
        painter.setPen(QPen(color(theme.quiet), 2))
        painter.drawLine(QPointF(place(record.raw), middle), QPointF(place(record.value), middle))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme.effort))
        painter.drawEllipse(QPointF(place(record.value), middle), 4.5, 4.5)
        painter.setBrush(color(theme.intuition))
        corners = ((0, -5), (5, 0), (0, 5), (-5, 0))
        painter.drawPolygon([QPointF(place(record.raw) + x, middle + y) for x, y in corners])
