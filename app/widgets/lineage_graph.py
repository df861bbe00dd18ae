"""The lineage: every generation as a card, with a line from each parent to its children."""

from functools import partial

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget
from typing_extensions import override

from app.theme import DARK, GRID, PADDING, Theme, color, font
from app.viewmodels.lineage import LineageGroup, LineageRecord
from app.viewmodels.records import InspectorRecord
from app.widgets.hover_card import HoverCard
from app.widgets.lineage_card import HEIGHT, WIDTH, LineageCard, domain_tint

_GAP_ACROSS, _GAP_DOWN = 48, 12
_HEADING = 32
"""Pixels above each domain's cards, with its name."""
_EMPTY = "No generations yet. Train the first one, or import a network, and its family is drawn here."


class LineageGraph(QScrollArea):
    """Scrolls where the drawing is larger than its place.

    Signals:
        selected(str): the id of the generation that a person chose, by a click, Enter, Space or an arrow key.
    """

    selected = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = _Canvas()
        self._hover = HoverCard(self.viewport())
        self._chosen = ""
        self.setWidget(self._canvas)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Lineage of the generations")
        self._canvas.chosen.connect(self._choose)
        self._canvas.arrow.connect(self._step)
        self._canvas.pointed.connect(self._point)
        self._canvas.reached.connect(self._reveal)

    def show_lineage(self, record: LineageRecord) -> None:
        """Draw `record` in place of what was there; what is selected stays selected."""
        self._hover.hide()
        self._canvas.show_lineage(record)
        self.select(self._chosen)
        self.setAccessibleDescription("" if record.nodes else _EMPTY)
        self._fit()

    def select(self, generation: str) -> None:
        """Mark a generation, and none where there is none of this id; emits nothing."""
        self._chosen = generation
        self._canvas.mark(generation)

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._canvas.set_theme(theme)
        self._hover.set_theme(theme)
        self._fit()

    @override
    def sizeHint(self) -> QSize:
        return self._canvas.sizeHint()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The drawing takes its room, or all there is."""
        self._canvas.resize(self._canvas.sizeHint().expandedTo(self.viewport().size()))

    def _choose(self, place: int) -> None:
        self.select(self._canvas.record.nodes[place].id)
        self.selected.emit(self._chosen)

    def _step(self, place: int, columns: int, rows: int) -> None:
        there = self._canvas.record.neighbour(place, columns, rows)
        if there != place:
            self._canvas.cards[there].setFocus(Qt.FocusReason.OtherFocusReason)
            self._choose(there)

    def _reveal(self, place: int) -> None:
        self.ensureWidgetVisible(self._canvas.cards[place], PADDING, PADDING)

    def _point(self, place: int, is_here: bool) -> None:
        if not is_here:
            self._hover.hide()
            return
        node, card = self._canvas.record.nodes[place], self._canvas.cards[place]
        corner = card.mapToGlobal(QPoint(card.width() // 2, card.height()))
        self._hover.show_card(InspectorRecord(title=node.id, terms=node.terms, notice=node.notice), corner)


class _Canvas(QWidget):
    """The drawing itself: the cards are its children, lines and headings are painted.

    Signals:
        chosen(int), reached(int): a card was pressed; the keyboard came to it.
        arrow(int, int, int): columns and rows to go from a card. pointed(int, bool): the pointer came or went.
    """

    chosen = Signal(int)
    reached = Signal(int)
    arrow = Signal(int, int, int)
    pointed = Signal(int, bool)

    def __init__(self) -> None:
        super().__init__()
        self.record = LineageRecord()
        self.cards: list[LineageCard] = []
        self._theme = DARK

    def show_lineage(self, record: LineageRecord) -> None:
        """Draw `record`; cards are kept where they can be, so that the pointer and the keyboard stay."""
        self.record = record
        spare = self.cards[len(record.nodes) :]
        del self.cards[len(record.nodes) :]
        for card in spare:
            card.blockSignals(True)  # as one goes, the pointer may come upon the next
        for card in spare:
            card.hide()
            card.deleteLater()
        while len(self.cards) < len(record.nodes):
            self.cards.append(self._new_card(len(self.cards)))
        self._arrange()

    def mark(self, generation: str) -> None:
        """Check the card of a generation, and no other."""
        for card, node in zip(self.cards, self.record.nodes, strict=True):
            card.setChecked(node.id == generation)

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        for card in self.cards:
            card.set_theme(theme)
        self._arrange()

    @override
    def sizeHint(self) -> QSize:
        room, record = self._theme.room, self.record
        if not record.nodes:
            return QSize(room(WIDTH), room(HEIGHT))
        across = record.columns * room(WIDTH + _GAP_ACROSS) - room(_GAP_ACROSS)
        return QSize(across + 2 * PADDING, round(self._top(record.groups[-1])) + self._height(record.groups[-1]))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.record.nodes:
            self._paint_empty(painter)
            return
        for place, group in enumerate(self.record.groups):
            self._paint_heading(painter, group, domain_tint(self._theme, place))
        for place, node in enumerate(self.record.nodes):
            if node.parent >= 0:
                self._paint_line(painter, node.parent, place)

    def _new_card(self, place: int) -> LineageCard:
        card = LineageCard(self)
        card.set_theme(self._theme)
        card.clicked.connect(partial(self._press, place))
        card.arrow.connect(partial(self.arrow.emit, place))
        card.pointed.connect(partial(self.pointed.emit, place))
        card.focused.connect(partial(self.reached.emit, place))
        return card

    def _press(self, place: int, _checked: bool = False) -> None:
        self.chosen.emit(place)

    def _arrange(self) -> None:
        """Put every card at its place."""
        room, record = self._theme.room, self.record
        groups = {group.domain: (place, group) for place, group in enumerate(record.groups)}
        for card, node in zip(self.cards, record.nodes, strict=True):
            place, group = groups[node.domain] if node.domain in groups else (0, record.groups[0])
            card.show_node(node, place, group.scale)
            down = self._top(group) + (node.row - group.row) * room(HEIGHT + _GAP_DOWN)
            card.move(PADDING + node.column * room(WIDTH + _GAP_ACROSS), round(down))
            card.show()
        self.updateGeometry()
        self.update()

    def _top(self, group: LineageGroup) -> float:
        """Pixels above the first card of a group."""
        room, before = self._theme.room, self.record.groups.index(group)
        return group.row * room(HEIGHT + _GAP_DOWN) + (before + 1) * room(_HEADING) + before * GRID

    def _height(self, group: LineageGroup) -> int:
        return group.rows * self._theme.room(HEIGHT + _GAP_DOWN)

    def _paint_heading(self, painter: QPainter, group: LineageGroup, tint: str) -> None:
        theme, heading = self._theme, self._theme.room(_HEADING)
        middle = self._top(group) - heading / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(tint))
        painter.drawEllipse(QPointF(PADDING + GRID / 2, middle), GRID / 2, GRID / 2)
        painter.setFont(font(theme.body, strong=True))
        painter.setPen(color(theme.quiet))
        words = QRectF(PADDING + 2 * GRID, middle - heading / 2, self.width(), heading)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, group.text)

    def _paint_line(self, painter: QPainter, parent: int, child: int) -> None:
        """From the parent's right edge to the child's left one; dashed and grey from one that is missing."""
        theme, is_missing = self._theme, self.record.nodes[parent].missing
        pen = QPen(color(theme.pruned if is_missing else theme.learning), 1.6)
        pen.setStyle(Qt.PenStyle.DashLine if is_missing else Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        begin, end = (QRectF(self.cards[place].geometry()) for place in (parent, child))
        start, stop = QPointF(begin.right(), begin.center().y()), QPointF(end.left(), end.center().y())
        bend = (stop.x() - start.x()) / 2
        path = QPainterPath(start)
        path.cubicTo(start + QPointF(bend, 0), stop - QPointF(bend, 0), stop)
        painter.drawPath(path)

    def _paint_empty(self, painter: QPainter) -> None:
        painter.setFont(font(self._theme.body))
        painter.setPen(color(self._theme.quiet))
        room = QRectF(self.rect()).adjusted(PADDING, PADDING, -PADDING, -PADDING)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, _EMPTY)
