"""What is under the pointer in the tree: a small board and a few figures. The only thing with a shadow."""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from app.theme import DARK, GRID, PADDING, Theme, color
from app.viewmodels.records import InspectorRecord
from app.widgets.card_view import CardView
from app.widgets.terms_grid import TermsGrid

_SHADOW = 12
_BOARD_SIDE = 112
_WIDTH = 320
_MOST_TERMS = 5
_AWAY = 12
"""Pixels between pointer and card."""


class HoverCard(QWidget):
    """Lies over its parent, beside the pointer, and lets every click through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self._theme = DARK
        self._board = CardView(_BOARD_SIDE)
        self._title = QLabel()
        self._title.setProperty("role", "large")
        self._notice = QLabel()
        self._notice.setProperty("role", "quiet")
        self._notice.setWordWrap(True)
        self._terms = TermsGrid()
        words = QVBoxLayout()
        words.setSpacing(GRID // 2)
        words.addWidget(self._title)
        words.addWidget(self._terms)
        words.addWidget(self._notice)
        words.addStretch()
        self._row = row = QHBoxLayout(self)
        row.setSpacing(PADDING)
        edge = _SHADOW + PADDING
        row.setContentsMargins(edge, edge, edge, edge)
        row.addWidget(self._board, alignment=Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Node under the pointer")
        self.hide()

    def show_card(self, record: InspectorRecord, point: QPoint) -> None:
        """Show `record` beside the global position `point`, inside the parent."""
        self._board.show_card(record.card, record.flipped)
        self._board.setVisible(record.card is not None)
        self._title.setText(record.title)
        self._terms.show_terms(record.terms[:_MOST_TERMS])
        self._notice.setText(record.notice)
        self._notice.setVisible(bool(record.notice))
        self._row.activate()
        self.resize(self.sizeHint())
        self.move(beside(self._host.mapFromGlobal(point), self.size(), self._host.rect()))
        self.raise_()
        self.show()

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        self._board.set_theme(theme)
        self.update()

    @override
    def sizeHint(self) -> QSize:
        width = self._theme.room(_WIDTH)
        return QSize(width, self._row.totalHeightForWidth(width))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        card = QRectF(self.rect()).adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW)
        for spread in range(_SHADOW, 0, -1):
            painter.setBrush(color("#000000", 0.016))
            painter.drawRoundedRect(card.adjusted(-spread, -spread + 3, spread, spread), spread + 4, spread + 4)
        painter.setBrush(color(self._theme.panel))
        painter.setPen(QPen(color(self._theme.hairline), 1))
        painter.drawRoundedRect(card, 4, 4)


def beside(pointer: QPoint, size: QSize, room: QRect) -> QPoint:
    """Upper left corner of a card to the right of and below `pointer`, or on the other side where there is no room."""
    left = pointer.x() + _AWAY - _SHADOW
    top = pointer.y() + _AWAY - _SHADOW
    if left + size.width() > room.right():
        left = pointer.x() - _AWAY + _SHADOW - size.width()
    if top + size.height() > room.bottom():
        top = pointer.y() - _AWAY + _SHADOW - size.height()
    return QPoint(max(left, room.left()), max(top, room.top()))
