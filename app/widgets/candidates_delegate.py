"""Paints the cells of the candidates table; its heart is the pair of bars, gold over ivory."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from app.qt_models.candidates_model import ROW_ROLE, Column, lent_text
from app.render.marks import paint_mark
from app.theme import DARK, Theme, color, font
from app.viewmodels.records import CandidateRow
from app.widgets.share_bars import bars_height, paint_share_bars

_PAD, _MARK = 6, 4.0
_PROVEN = {"win": "✓", "draw": "½", "loss": "✗"}
"""Signs of what is proven for the player to move."""


class CandidatesDelegate(QStyledItemDelegate):
    """Draws a row in the theme's colours; pruned and stale rows are greyed, and the first says why."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._is_stale = False
        self._longest = 1.0

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme

    def show_state(self, *, stale: bool, longest: float) -> None:
        """Grey everything if `stale`; a share of `longest` in (0, 1] fills the room for bars."""
        self._is_stale = stale
        self._longest = max(longest, 1e-6)

    def row_height(self) -> int:
        """Pixels that a row needs."""
        return bars_height(self._theme) + 8

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: CandidateRow = index.data(ROW_ROLE)
        area = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, area, option)
        if index.column() == Column.SHARES:
            room = area.adjusted(_PAD, 3, -_PAD, -4)
            paint_share_bars(painter, room, row, self._theme, longest=self._longest, stale=self._is_stale)
        elif index.column() == Column.MOVE:
            self._paint_move(painter, area.adjusted(12, 0, -4, 0), row)
        elif index.column() == Column.VISITS and lent_text(row):
            self._paint_visits(painter, area.adjusted(0, 0, -_PAD, 0), row, str(index.data()))
        else:
            is_words = index.column() == Column.Q and bool(row.certain)
            painter.setFont(font(self._theme.small if is_words else self._theme.body))
            painter.setPen(color(self._words(row)))
            align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(area.adjusted(0, 0, -_PAD, 0), align, str(index.data()))
        painter.restore()

    def _words(self, row: CandidateRow) -> str:
        if self._is_stale:
            return self._theme.pruned
        return self._theme.quiet if row.pruned else self._theme.text

    def _paint_ground(self, painter: QPainter, area: QRectF, option: QStyleOptionViewItem) -> None:
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if option.state & QStyle.StateFlag.State_MouseOver and not is_selected:
            painter.fillRect(area, color(self._theme.hover))
        painter.setPen(QPen(color(self._theme.hairline), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())

    def _paint_move(self, painter: QPainter, area: QRectF, row: CandidateRow) -> None:
        painter.setFont(font(self._theme.body, strong=not row.pruned))
        painter.setPen(color(self._words(row)))
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, row.text)
        if row.reason:
            ink = color(self._theme.pruned if self._is_stale else self._theme.quiet)
            paint_mark(painter, row.reason, area.right() - _MARK, area.center().y(), _MARK, ink, 1.0)
        else:
            sign = _PROVEN.get(row.proven, "")
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, sign)

    def _paint_visits(self, painter: QPainter, area: QRectF, row: CandidateRow, text: str) -> None:
        """The honest count over what was lent."""
        middle = area.center().y()
        for words, pixels, top in ((text, self._theme.body, area.top()), (lent_text(row), self._theme.small, middle)):
            painter.setFont(font(pixels))
            painter.setPen(color(self._words(row) if words == text else self._theme.quiet))
            half = QRectF(area.left(), top, area.width(), area.bottom() - middle)
            painter.drawText(half, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
