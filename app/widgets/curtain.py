"""Curtains over everything that a computer has to say, so that a person can think first."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.theme import DARK, PADDING, Theme, color, font

WORDS = "Hints are hidden"
_MORE = "Think first. Q shows them again; hold Q to hide them for as long as it is held."
_WIDE, _HIGH = 180, 60
"""Places with less room, in pixels, carry no words."""


class Curtain(QWidget):
    """Lies over its parent and keeps the mouse from it; hidden at first. `speaks`: it says so where there is room."""

    def __init__(self, parent: QWidget, *, speaks: bool = True) -> None:
        super().__init__(parent)
        self._host, self._speaks = parent, speaks
        self._theme = DARK
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setAccessibleName(WORDS)
        self.setToolTip(_MORE)
        parent.installEventFilter(self)
        self.hide()

    def draw(self, closed: bool) -> None:
        """Close the curtain, or open it."""
        if closed:
            self.setGeometry(self._host.rect())
            self.raise_()
        self.setVisible(closed)

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.update()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self.setGeometry(self._host.rect())
        elif event.type() is QEvent.Type.ChildAdded and self.isVisible():
            self.raise_()
        return super().eventFilter(watched, event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(self._theme.panel))
        room = QRectF(self.rect()).adjusted(PADDING, 0, -PADDING, 0)
        if not self._speaks or room.width() < _WIDE:
            return
        middle = room.center().y()
        centred = Qt.AlignmentFlag.AlignHCenter
        painter.setPen(color(self._theme.text))
        painter.setFont(font(self._theme.large if room.height() >= _HIGH else self._theme.small, strong=True))
        if room.height() < _HIGH:
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, WORDS)
            return
        line = self._theme.large * 2
        painter.drawText(QRectF(room.left(), middle - line, room.width(), line), centred, WORDS)
        painter.setPen(color(self._theme.quiet))
        painter.setFont(font(self._theme.small))
        below = QRectF(room.left(), middle, room.width(), room.bottom() - middle)
        painter.drawText(below, centred | Qt.TextFlag.TextWordWrap, _MORE)


class Curtains:
    """One over each of several widgets, drawn together.

    Attributes:
        are_closed: whether they hide what is behind them.
    """

    def __init__(self, hosts: Iterable[QWidget], silent: Iterable[QWidget] = ()) -> None:
        """`hosts`: what is covered by curtains that say so; `silent`: what is covered without words, beside them."""
        self.are_closed = False
        self._all = [Curtain(host) for host in hosts]
        self._all += [Curtain(host, speaks=False) for host in silent]

    def draw(self, closed: bool) -> None:
        """Close all curtains, or open them."""
        self.are_closed = closed
        for curtain in self._all:
            curtain.draw(closed)

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        for curtain in self._all:
            curtain.set_theme(theme)
