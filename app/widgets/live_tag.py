"""An honest word in the corner: what is seen happens now, or happened before."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.theme import DARK, Theme, color, font


class LiveTag(QWidget):
    """LIVE with a filled dot, REPLAY with a hollow one; both take the same room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._is_live = True
        self.show_live(True)

    def show_live(self, live: bool) -> None:
        """Show which of the two it is."""
        self._is_live = live
        self.setAccessibleName("Live" if live else "Replay")
        self.setToolTip("What you see happens now. (live)" if live else "What you see happened before. (replay)")
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.setFixedSize(self.sizeHint())
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(7 * self._theme.small, self._theme.small + 10)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        tint = color(theme.text if self._is_live else theme.quiet)
        side = theme.small * 0.7
        dot = QRectF(4, (self.height() - side) / 2, side, side)
        painter.setPen(QPen(tint, 1.5))
        painter.setBrush(tint if self._is_live else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(dot)
        painter.setFont(font(theme.small, strong=True))
        words = QRectF(dot.right() + 6, 0, self.width(), self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, "LIVE" if self._is_live else "REPLAY")
