"""Figures in a row whose places never move: each keeps the widest room it ever needed."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.theme import DARK, GRID, Theme, color, font

_LEAST_VALUE = "00,000"
_GAP = 2 * GRID


class FigureStrip(QWidget):
    """Quiet labels, each with its figure; where there is no room for all, the last ones are left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._figures: tuple[tuple[str, str], ...] = ()
        self._widest: dict[str, int] = {}
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Figures of the search")

    def show_figures(self, figures: tuple[tuple[str, str], ...]) -> None:
        """Show pairs of label and figure."""
        self._figures = figures
        grown = {label: max(self._widest.get(label, 0), self._value_width(value)) for label, value in figures}
        if grown != self._widest:
            self._widest = grown
            self.updateGeometry()
        self.setAccessibleDescription(", ".join(f"{label} {value}" for label, value in figures))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self._widest = {}
        self.show_figures(self._figures)

    @override
    def sizeHint(self) -> QSize:
        width = sum(self._label_width(label) + self._widest[label] + _GAP for label, _ in self._figures)
        return QSize(width, self._theme.small + 2 * GRID)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(font(self._theme.small))
        left = 0.0
        for label, value in self._figures:
            if left + self._label_width(label) + self._widest[label] > self.width():
                break
            room = QRectF(left, 0, self._label_width(label), self.height())
            painter.setPen(color(self._theme.quiet))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, label)
            room = QRectF(room.right(), 0, self._widest[label], self.height())
            painter.setPen(color(self._theme.text))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, value)
            left = room.right() + _GAP

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(font(self._theme.small))

    def _label_width(self, label: str) -> int:
        return self._metrics().horizontalAdvance(label) + GRID

    def _value_width(self, value: str) -> int:
        # Any figure is as wide as any other, so a longer number is the only reason to grow.
        is_number = value[:1].isdigit()
        return max(self._metrics().horizontalAdvance(text) for text in (value, _LEAST_VALUE if is_number else ""))
