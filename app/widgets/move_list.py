"""The game as a list: the main line in two columns, with its comments and variations, and the place where we are."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from app.theme import DARK, GRID, PADDING, Theme, color, font
from app.viewmodels.records import MoveCell, MovesRecord
from app.widgets.move_list_layout import MOVE, Box, Measures, MoveLayout

_NUMBER_WIDTH, _INDENT, _LEADING = 44, 14, 11
_EMPTY = "No moves yet. Play one on the board, or paste a game."
_ROUND = 4


class MoveList(QWidget):
    """Click a move to go there; a right click, or the menu key, offers what can be done with it.

    Signals:
        move_clicked(object): the path of the move chosen.
        menu_requested(object, QPoint): the path of a move, and where on the screen.
    """

    move_clicked = Signal(object)
    menu_requested = Signal(object, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = _MovesText()
        self._text.chosen.connect(self.move_clicked)
        self._text.menu_wanted.connect(self.menu_requested)
        self.setFocusProxy(self._text)
        self._outcome = QLabel()
        self._outcome.setContentsMargins(PADDING, 4, PADDING, 8)
        self._empty = QLabel(_EMPTY)
        self._empty.setProperty("role", "quiet")
        self._empty.setWordWrap(True)
        self._empty.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._empty, 0, Qt.AlignmentFlag.AlignTop)
        column.addWidget(self._text, 1)
        column.addWidget(self._outcome)
        self.setAccessibleName("Moves")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.show_moves(MovesRecord())

    def show_moves(self, record: MovesRecord) -> None:
        """Show `record` and keep its current move in view."""
        self._empty.setVisible(not record.rows)
        self._text.setVisible(bool(record.rows))
        self._text.show_record(record)
        self._outcome.setText(record.outcome)
        self._outcome.setVisible(bool(record.outcome))

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._text.set_theme(theme)

    def place_of(self, path: tuple[int, ...]) -> QPoint:
        """The lower left corner of a move, on the screen; the list's upper left one where it does not show."""
        return self._text.place_of(path)


class _MovesText(QAbstractScrollArea):
    """The list itself, painted. Signals: chosen(object), menu_wanted(object, QPoint)."""

    chosen = Signal(object)
    menu_wanted = Signal(object, QPoint)

    def __init__(self) -> None:
        super().__init__()
        self._record = MovesRecord()
        self._theme = DARK
        self._layout = MoveLayout((), self._measures())
        self._pointed: MoveCell | None = None
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Moves")
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)

    def show_record(self, record: MovesRecord) -> None:
        """Show another state of the game."""
        same_rows = record.rows is self._record.rows or record.rows == self._record.rows
        self._record = record
        if not same_rows:
            self._lay_out()
        here = next((cell for cell in record.cells if cell.path == record.here), None)
        self.setAccessibleDescription("the start" if here is None else f"{here.number} {here.text}".strip())
        self._bring_into_view()
        self.viewport().update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self._lay_out()

    def place_of(self, path: tuple[int, ...]) -> QPoint:
        """See `MoveList`."""
        rect = self._layout.of(path)
        corner = QPoint(0, 0) if rect is None else rect.bottomLeft() - QPoint(0, self._offset())
        return self.viewport().mapToGlobal(corner)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.room(160), self._theme.room(72))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = self._offset()
        painter.translate(0, -top)
        painter.setPen(color(self._theme.hairline))
        bottom = top + self.viewport().height()
        for x, begin, end in self._layout.rails:
            if begin < bottom and end > top:
                painter.drawLine(x, begin + 2, x, end - 3)
        for box in self._layout.between(top, bottom):
            self._paint_box(painter, box)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        pointed = self._cell_at(event.position().toPoint())
        if pointed != self._pointed:
            self._pointed = pointed
            shape = Qt.CursorShape.ArrowCursor if pointed is None else Qt.CursorShape.PointingHandCursor
            self.viewport().setCursor(shape)
            self.viewport().update()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and cell is not None:
            self.chosen.emit(cell.path)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        cell = self._cell_at(event.pos()) if by_mouse else None
        path = cell.path if cell is not None else self._record.here
        if path and (cell is not None or not by_mouse):
            self.menu_wanted.emit(path, event.globalPos() if by_mouse else self.place_of(path))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # the keys of the game are commands of the window

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self.viewport().update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.viewport().update()

    def _paint_box(self, painter: QPainter, box: Box) -> None:
        theme, rect = self._theme, box.rect
        inside = rect.adjusted(6, 0, -2, 0)
        if box.kind != MOVE or box.cell is None:
            painter.setFont(font(theme.body))
            painter.setPen(color(theme.quiet))
            side = Qt.AlignmentFlag.AlignRight if rect.left() == 0 else Qt.AlignmentFlag.AlignLeft
            room = rect.adjusted(0, 0, -GRID, 0) if rect.left() == 0 else rect
            painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, box.text)
            return
        is_here = box.cell.path == self._record.here
        if is_here or box.cell == self._pointed:
            self._paint_mark(painter, rect.adjusted(1, 1, -1, -1), is_here=is_here)
        painter.setFont(font(theme.body, strong=is_here))
        is_quiet = bool(box.depth) and not self._record.is_followed(box.cell)
        painter.setPen(color(theme.text, 0.72 if is_quiet else 1.0))
        painter.drawText(inside, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, box.text)

    def _paint_mark(self, painter: QPainter, rect: QRect, *, is_here: bool) -> None:
        """The place where we are, or the move under the pointer."""
        painter.setPen(Qt.PenStyle.NoPen)
        tint = color(self._theme.attention, 0.28) if is_here else color(self._theme.hover)
        painter.setBrush(tint)
        painter.drawRoundedRect(rect, _ROUND, _ROUND)
        if is_here and self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(color(self._theme.attention))
            painter.drawRoundedRect(rect, _ROUND, _ROUND)

    def _measures(self) -> Measures:
        theme = self._theme
        strong, plain = QFontMetrics(font(theme.body, strong=True)), QFontMetrics(font(theme.body))
        number = theme.room(_NUMBER_WIDTH)
        width = max(self.viewport().width() - GRID, number + theme.room(80))
        line, indent = theme.body + _LEADING, theme.room(_INDENT)
        return Measures(width, line, number, indent, strong.horizontalAdvance, plain.horizontalAdvance)

    def _lay_out(self) -> None:
        self._layout = MoveLayout(self._record.rows, self._measures())
        self._pointed = None
        bar, page = self.verticalScrollBar(), self.viewport().height()
        bar.setPageStep(page)
        bar.setSingleStep(self._theme.body + _LEADING)
        bar.setRange(0, max(self._layout.height - page, 0))
        self._bring_into_view()
        self.viewport().update()

    def _bring_into_view(self) -> None:
        bar, rect = self.verticalScrollBar(), self._layout.of(self._record.here)
        top, bottom = (0, 0) if rect is None else (rect.top(), rect.bottom())
        page, margin = self.viewport().height(), self._theme.body + _LEADING
        if top - margin < bar.value():
            bar.setValue(top - margin)
        elif bottom + margin > bar.value() + page:
            bar.setValue(bottom + margin - page)

    def _offset(self) -> int:
        return self.verticalScrollBar().value()

    def _cell_at(self, point: QPoint) -> MoveCell | None:
        return self._layout.at(point + QPoint(0, self._offset()))
