"""One generation of the lineage: a rounded card with its id, its name, and how strong it is."""

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget
from typing_extensions import override

from app.theme import DARK, GRID, PADDING, Theme, color, font
from app.viewmodels import figures
from app.viewmodels.lineage import LineageNode

WIDTH, HEIGHT = 184, 68
"""Pixels of a card when words have their usual size."""

_RADIUS = 6
_STRIPE = 4
_WIDEST = "−0,000 ± 000"
"""Strength in words, as long as it usually gets."""
_TINTS = {
    "dark": ("#4FC3B5", "#C98F5A", "#D88BA8", "#9DA9F0"),
    "light": ("#0F766E", "#8A5A2B", "#A1486B", "#4653B0"),
}
"""Colours of domains: none that means anything else. The domain's name always stands by."""
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


def domain_tint(theme: Theme, place: int) -> str:
    """The colour of the domain that comes as number `place`, from 0."""
    tints = _TINTS[theme.name]
    return tints[place % len(tints)]


class LineageCard(QAbstractButton):
    """A button that looks like a card.

    Signals:
        arrow(int, int): columns and rows that an arrow key wants to go. pointed(bool): the pointer came or went.
        focused(): the keyboard came here.
    """

    arrow = Signal(int, int)
    pointed = Signal(bool)
    focused = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._node: LineageNode | None = None
        self._domain = 0
        self._scale: tuple[float, float] | None = None
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_node(self, node: LineageNode, domain: int, scale: tuple[float, float] | None) -> None:
        """Show `node` of the domain that comes as number `domain`; `scale`: Elo at the two ends of its whisker."""
        self._node, self._domain, self._scale = node, domain, scale
        self.setAccessibleName(node.spoken)
        self.setAccessibleDescription(node.notice)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.resize(self.sizeHint())
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._theme.room(WIDTH), self._theme.room(HEIGHT))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        way = _ARROWS.get(Qt.Key(event.key()))
        if way is None:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.click()
            else:
                super().keyPressEvent(event)
        else:
            self.arrow.emit(*way)

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.pointed.emit(True)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(False)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        node = self._node
        if node is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, is_missing=node.missing)
        inner = QRectF(self.rect()).adjusted(PADDING + _STRIPE, GRID, -PADDING, -GRID)
        self._paint_words(painter, node, inner)
        if node.rating is not None and self._scale is not None and not node.missing:
            self._paint_whisker(painter, node, inner)

    def _paint_ground(self, painter: QPainter, *, is_missing: bool) -> None:
        theme = self._theme
        room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        edge = theme.attention if self.isChecked() else theme.text if self.hasFocus() else theme.hairline
        pen = QPen(color(theme.pruned if is_missing and edge == theme.hairline else edge), 2 if self.isChecked() else 1)
        pen.setStyle(Qt.PenStyle.DashLine if is_missing else Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.setBrush(color(theme.background if is_missing else theme.hover if self.underMouse() else theme.panel))
        painter.drawRoundedRect(room, _RADIUS, _RADIUS)
        if not is_missing:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(domain_tint(theme, self._domain)))
            stripe = QRectF(room.left() + _STRIPE, room.top() + GRID, _STRIPE, room.height() - 2 * GRID)
            painter.drawRoundedRect(stripe, _STRIPE / 2, _STRIPE / 2)

    def _paint_words(self, painter: QPainter, node: LineageNode, inner: QRectF) -> None:
        theme = self._theme
        strong, small = font(theme.body, strong=True), font(theme.small)
        lines = [
            (strong, theme.quiet if node.missing else theme.text, node.id),
            (small, theme.quiet, "no longer here" if node.missing else node.name),
            (small, theme.text if node.rating else theme.quiet, "" if node.missing else _strength(node)),
        ]
        step = inner.height() / len(lines)
        for place, (words_font, tint, text) in enumerate(lines):
            painter.setFont(words_font)
            painter.setPen(color(tint))
            shown = QFontMetrics(words_font).elidedText(text, Qt.TextElideMode.ElideRight, int(inner.width()))
            room = QRectF(inner.left(), inner.top() + place * step, inner.width(), step)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)

    def _paint_whisker(self, painter: QPainter, node: LineageNode, inner: QRectF) -> None:
        """The interval as a line and the rating as a dot on it, on a scale that the whole domain shares."""
        assert node.rating is not None
        assert self._scale is not None
        theme, (least, most) = self._theme, self._scale
        # The same room for the words on every card, so that the dots of two cards can be compared.
        words = QFontMetrics(font(theme.small)).horizontalAdvance(_WIDEST) + GRID
        left, right = inner.left() + words, inner.right()
        span = max(most - least, 1.0)
        low, dot, high = (
            left + min(max((elo - least) / span, 0.0), 1.0) * (right - left)
            for elo in (node.rating.low, node.rating.elo, node.rating.high)
        )
        height = inner.bottom() - inner.height() / 6
        painter.setPen(QPen(color(theme.hairline), 1))
        painter.drawLine(QPointF(left, height), QPointF(right, height))
        painter.setPen(QPen(color(theme.learning), 2))
        painter.drawLine(QPointF(low, height), QPointF(high, height))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme.learning))
        painter.drawEllipse(QPointF(dot, height), 3.5, 3.5)


def _strength(node: LineageNode) -> str:
    """The rating and how far its interval reaches to the farther side, in few letters."""
    rating = node.rating
    if rating is None:
        return "not rated yet"
    reach = max(rating.elo - rating.low, rating.high - rating.elo)
    return f"{figures.count(round(rating.elo))} ± {round(reach) if math.isfinite(reach) else '∞'}"
