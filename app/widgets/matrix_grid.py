"""Generations against budgets as a table of colours: gold for intuition, ivory with search, fuller where stronger."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from app.theme import DARK, GRID, PADDING, Theme, color, font
from app.viewmodels.arena_matrix import Gain, MatrixCell, MatrixRecord, budget_text

_HEAD_WIDTH, _HEAD_HEIGHT = 128, 40
_CELL_WIDTH, _CELL_HEIGHT = 112, 64
_LEAST_WIDTH, _LEAST_HEIGHT = 66, 44
_GAIN_WIDTH = 84
_LARGEST = 1.7
"""A cell is at most so many times its usual size."""
_FAINTEST, _FULLEST = 0.05, 0.34
"""Opacity of the weakest and the strongest cell."""
_KEYS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
_CENTRE = Qt.AlignmentFlag.AlignCenter


class MatrixGrid(QWidget):
    """A cell each generation and budget; at the right what search brings, at the foot what learning brought.

    Signals:
        cell_selected(int, int): row and column that a person chose.
    """

    cell_selected = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._record = MatrixRecord()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Generations against search budgets")

    def show_matrix(self, record: MatrixRecord) -> None:
        """Draw the table in place of what was there."""
        self._record = record
        told = (cell.sentence.replace("\n", ", ") for row in record.cells for cell in row if cell.elo is not None)
        self.setAccessibleDescription("; ".join(told))
        self.updateGeometry()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return self._size(_CELL_WIDTH, _CELL_HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return self._size(_LEAST_WIDTH, _LEAST_HEIGHT)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position())
        if place is not None:
            self.cell_selected.emit(*place)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step, record = _KEYS.get(Qt.Key(event.key())), self._record
        if step is None or not record.generations or not record.budgets:
            super().keyPressEvent(event)
            return
        row, column = record.selected or (0, -step[1] if step[1] > 0 else 0)
        row = min(max(row + step[0], 0), len(record.generations) - 1)
        column = min(max(column + step[1], 0), len(record.budgets) - 1)
        self.cell_selected.emit(row, column)

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.told_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def told_at(self, point: QPointF) -> str:
        """What is said of a cell or a gain at a point of the widget."""
        record, place = self._record, self._place_at(point)
        if place is not None:
            return record.cells[place[0]][place[1]].sentence
        for row, gain in enumerate(record.row_gains):
            if self._cell_box(row, len(record.budgets)).contains(point):
                return gain.sentence
        for column, gain in enumerate(record.column_gains):
            if self._cell_box(len(record.generations), column).contains(point):
                return gain.sentence
        return ""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._record.generations or not self._record.budgets:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_heads(painter)
        for row, cells in enumerate(self._record.cells):
            for column, cell in enumerate(cells):
                self._paint_cell(painter, self._cell_box(row, column), cell, self._record.selected == (row, column))
        for row, gain in enumerate(self._record.row_gains):
            self._paint_gain(painter, self._cell_box(row, len(self._record.budgets)), gain, self._theme.effort)
        if len(self._record.generations) > 1:
            for column, gain in enumerate(self._record.column_gains):
                box = self._cell_box(len(self._record.generations), column)
                self._paint_gain(painter, box, gain, self._theme.learning)

    def _paint_heads(self, painter: QPainter) -> None:
        theme, record = self._theme, self._record
        painter.setFont(font(theme.small))
        painter.setPen(color(theme.quiet))
        heads = theme.room(_HEAD_WIDTH)
        for column, budget in enumerate(record.budgets):
            box = self._cell_box(0, column)
            head = QRectF(box.left(), 0, box.width(), theme.room(_HEAD_HEIGHT) - 2)
            words = budget_text(budget) if budget == 0 else f"{budget_text(budget)}\nsimulations"
            painter.drawText(head, _CENTRE, words)
        gain = self._cell_box(0, len(record.budgets))
        painter.drawText(QRectF(gain.left(), 0, gain.width(), theme.room(_HEAD_HEIGHT) - 2), _CENTRE, "search\nbrings")
        if any(gain.text for gain in record.column_gains):
            box = self._cell_box(len(record.generations), 0)
            foot = QRectF(0, box.top(), heads - GRID, box.height())
            painter.drawText(foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, "learning brought")
        painter.setFont(font(theme.body))
        painter.setPen(color(theme.text))
        for row, name in enumerate(record.generations):
            box = self._cell_box(row, 0)
            room = heads - PADDING - GRID
            text = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, room)
            line = QRectF(PADDING, box.top(), room, box.height())
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_cell(self, painter: QPainter, box: QRectF, cell: MatrixCell, is_selected: bool) -> None:
        theme, inner = self._theme, box.adjusted(1, 1, -1, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme.panel))
        painter.drawRect(inner)
        if cell.elo is not None:
            tint = theme.intuition if cell.budget == 0 else theme.effort
            painter.setBrush(color(tint, _FAINTEST + (_FULLEST - _FAINTEST) * cell.share))
            painter.drawRect(inner)
        half = inner.height() / 2
        painter.setPen(color(theme.text if cell.elo is not None else theme.quiet))
        painter.setFont(font(theme.large, strong=True))
        upper = QRectF(inner.left(), inner.top() + 3, inner.width(), half)
        painter.drawText(upper if cell.elo is not None else inner, _CENTRE, cell.text or "·")
        painter.setFont(font(theme.small))
        painter.drawText(QRectF(inner.left(), inner.top() + half, inner.width(), half - 3), _CENTRE, cell.margin)
        if is_selected:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(color(theme.attention), 2))
            painter.drawRect(inner)

    def _paint_gain(self, painter: QPainter, box: QRectF, gain: Gain, tint: str) -> None:
        painter.setFont(font(self._theme.body, strong=True))
        painter.setPen(color(tint))
        painter.drawText(box, _CENTRE, gain.text)

    def _cell_box(self, row: int, column: int) -> QRectF:
        """Where a cell is; one row and one column further are the gains."""
        record, theme = self._record, self._theme
        rows, columns = max(len(record.generations), 1), max(len(record.budgets), 1)
        heads, top, gain = theme.room(_HEAD_WIDTH), theme.room(_HEAD_HEIGHT), theme.room(_GAIN_WIDTH)
        foot = theme.room(_LEAST_HEIGHT) if len(record.generations) > 1 else 0
        width = min((self.width() - heads - gain - PADDING) / columns, theme.room(_CELL_WIDTH) * _LARGEST)
        height = min((self.height() - top - foot - PADDING) / rows, theme.room(_CELL_HEIGHT) * _LARGEST)
        box = QRectF(heads + column * width, top + row * height, width, height)
        if column == columns:
            box.setWidth(gain)
        if row == rows:
            box.setHeight(foot)
        return box

    def _place_at(self, point: QPointF) -> tuple[int, int] | None:
        for row in range(len(self._record.generations)):
            for column in range(len(self._record.budgets)):
                if self._cell_box(row, column).contains(point):
                    return row, column
        return None

    def _size(self, width: int, height: int) -> QSize:
        record, room = self._record, self._theme.room
        across = room(_HEAD_WIDTH + _GAIN_WIDTH) + room(width) * len(record.budgets) + PADDING
        down = room(_HEAD_HEIGHT) + room(height) * len(record.generations) + room(_LEAST_HEIGHT) + PADDING
        return QSize(across, down)
