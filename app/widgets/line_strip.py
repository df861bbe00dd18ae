"""The line that search expects, move by move: to read, to see on the board, and to play."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.theme import DARK, PADDING, Theme, color, font
from app.viewmodels.reading import LineRecord
from app.widgets.wheel import Notches

_ROWS = 2
"""Of moves; a line that needs more is broken off."""
_GAP = 6
_INVITATION = "The line that search expects appears here, move by move."
_TOOLTIP = "Point at a move to see it on the board, click to play up to it. The wheel goes along. (principal variation)"


@dataclass(frozen=True, slots=True)
class _Word:
    """A move in its place. `moves`: how many are made once it is."""

    text: str
    box: QRectF
    moves: int


class LineStrip(QWidget):
    """Holds its height whatever it shows, so that nothing moves beside it.

    Signals:
        entered(), left(): the pointer came, and went.
        move_hovered(int): the state after so many moves is to be seen. walked(int): so many moves on.
        move_clicked(int): so many moves are to be played.
    """

    entered = Signal()
    left = Signal()
    move_hovered = Signal(int)
    walked = Signal(int)
    move_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._record = LineRecord()
        self._words: tuple[_Word, ...] = ()
        self._hovered = 0
        self._notches = Notches()
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Line expected by the search")
        self._tell()

    def show_line(self, record: LineRecord) -> None:
        """Show `record`."""
        self._record = record
        self._tell()
        self._lay_out()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.setFixedHeight(self.sizeHint().height())
        self._lay_out()

    @override
    def sizeHint(self) -> QSize:
        return QSize(300, round((_ROWS + 1) * self._row_height() + PADDING))

    @override
    def resizeEvent(self, event: QEvent) -> None:
        self._lay_out()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = self._theme, QPainter(self)
        painter.setPen(color(theme.hairline))
        painter.drawLine(0, 0, self.width(), 0)
        if not self._words:
            painter.setFont(font(theme.small))
            painter.setPen(color(theme.quiet))
            painter.drawText(self._room(), Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap, _INVITATION)
            return
        for word in self._words:
            self._paint_word(painter, word)
        if self._record.notice:
            self._paint_notice(painter)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        moves = self._moves_at(event.position())
        if moves and moves != self._hovered:
            self._hovered = moves
            self.move_hovered.emit(moves)
        self.setCursor(Qt.CursorShape.PointingHandCursor if moves else Qt.CursorShape.ArrowCursor)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        moves = self._moves_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and moves:
            self.move_clicked.emit(moves)

    @override
    def enterEvent(self, event: QEvent) -> None:
        self._hovered = 0
        self.entered.emit()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = 0
        self.left.emit()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        for step in self._notches.steps(event):
            self.walked.emit(step)
        event.accept()

    def _paint_word(self, painter: QPainter, word: _Word) -> None:
        theme, record = self._theme, self._record
        is_here = word.moves == record.shown
        if is_here:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(theme.attention, 0.3))
            painter.drawRoundedRect(word.box.adjusted(-3, 0, 3, 0), 3, 3)
        painter.setFont(font(theme.body, strong=word.moves <= record.chosen))
        painter.setPen(color(theme.text if is_here or word.moves <= record.chosen else theme.quiet))
        painter.drawText(word.box, Qt.AlignmentFlag.AlignVCenter, word.text)

    def _paint_notice(self, painter: QPainter) -> None:
        """A dot in the colour of attention, and the sentence, broken off where it is too long."""
        theme, room = self._theme, self._room()
        top = room.top() + _ROWS * self._row_height()
        middle, radius = top + self._row_height() / 2, theme.small * 0.3
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme.attention))
        painter.drawEllipse(QPointF(room.left() + radius, middle), radius, radius)
        box = QRectF(room.left() + theme.small, top, room.width() - theme.small, self._row_height())
        painter.setFont(font(theme.small))
        painter.setPen(color(theme.text))
        metrics = QFontMetricsF(painter.font())
        words = metrics.elidedText(self._record.notice, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, words)

    def _lay_out(self) -> None:
        """Give each move its place; those that do not fit are left out."""
        room, high = self._room(), self._row_height()
        words, left, row = [], room.left(), 0
        for place, text in enumerate(self._record.words):
            metrics = QFontMetricsF(font(self._theme.body, strong=place < self._record.chosen))
            wide = metrics.horizontalAdvance(text) + 1
            if left + wide > room.right() and left > room.left():
                left, row = room.left(), row + 1
            if row >= _ROWS:
                break
            words.append(_Word(text, QRectF(left, room.top() + row * high, wide, high), place + 1))
            left += wide + _GAP
        self._words = tuple(words)
        self.update()

    def _tell(self) -> None:
        record = self._record
        self.setToolTip(f"Now: {record.latest}" if record.latest else _TOOLTIP)
        self.setAccessibleDescription(" ".join(filter(None, (" ".join(record.words), record.notice))))

    def _moves_at(self, point: QPointF) -> int:
        """Moves made once the one at `point` is, 0 beside them."""
        return next((word.moves for word in self._words if word.box.adjusted(-3, 0, 3, 0).contains(point)), 0)

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(PADDING, PADDING / 2, -PADDING, -PADDING / 2)

    def _row_height(self) -> float:
        return float(self._theme.body + 6)
