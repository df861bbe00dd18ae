"""Where two trees differ most: one row a node, A over B, by visits or by value."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.theme import DARK, GRID, PADDING, Theme, color, font
from app.viewmodels.comparison import ComparisonRecord, DifferenceRow
from app.viewmodels.figures import count, percent, signed

_ROW_ROLE = Qt.ItemDataRole.UserRole
_HEADS = (
    ("Move", "The move, and behind it the moves that lead to it."),
    ("Visits, A over B", "Each search's share of the simulations that came to the position before. (visit share)"),
    ("Value", "What each search makes of the move, for the player who chooses it. (Q)"),
)
_VALUE_WIDTH = 72
_SIDE = 6
"""Beside what a cell holds, as in the style sheet's heads."""
_LETTER_WIDTH = 16
_FIGURE_WIDTH = 44


class CompareTable(QWidget):
    """The largest differences.

    Signals:
        node_selected(int): a node of the union was chosen.
    """

    node_selected = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._rows: dict[str, tuple[DifferenceRow, ...]] = {"visits": (), "value": ()}
        self._by = "visits"
        self._shown: tuple[DifferenceRow, ...] = ()
        self._empty = QLabel("No differences.")
        self._empty.setProperty("role", "quiet")
        self._empty.setContentsMargins(_SIDE, GRID, PADDING, GRID)
        self._table = QTableWidget(0, len(_HEADS))
        self._delegate = _Delegate(self._table)
        self._buttons = {by: self._button(by) for by in ("visits", "value")}
        self._set_up_table()
        self._lay_out()
        self._show()

    def show_differences(self, record: ComparisonRecord) -> None:
        """Show a comparison's rows; the chosen order stays."""
        rows = {"visits": record.by_visits, "value": record.by_value}
        if rows != self._rows:
            self._rows = rows
            self._show()

    def show_place(self, node: int) -> None:
        """Show the row of a node as selected, or none. Emits nothing."""
        places = [place for place, row in enumerate(self._shown) if row.node == node]
        self._table.blockSignals(True)
        if places:
            self._table.selectRow(places[0])
        else:
            self._table.clearSelection()
            self._table.setCurrentCell(-1, -1)
        self._table.blockSignals(False)

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self._delegate.theme = theme
        self._table.verticalHeader().setDefaultSectionSize(2 * theme.small + 12)
        self._table.setColumnWidth(2, theme.room(_VALUE_WIDTH))
        self._table.viewport().update()

    def _choose_order(self, by: str) -> None:
        self._by = by
        for name, button in self._buttons.items():
            button.setChecked(name == by)
        self._show()

    def _show(self) -> None:
        node = self._shown[self._table.currentRow()].node if 0 <= self._table.currentRow() < len(self._shown) else -1
        self._shown = self._rows[self._by]
        self._table.blockSignals(True)
        self._table.setRowCount(len(self._shown))
        for place, row in enumerate(self._shown):
            for column, text in enumerate(_texts(row)):
                item = self._table.item(place, column)
                if item is None:
                    item = QTableWidgetItem()
                    self._table.setItem(place, column, item)
                item.setData(_ROW_ROLE, row)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, text)
                item.setToolTip(_tooltip(row))
        self._table.blockSignals(False)
        self._table.setVisible(bool(self._shown))
        self._empty.setVisible(not self._shown)
        self.show_place(node)

    def _select(self) -> None:
        place = self._table.currentRow()
        if 0 <= place < len(self._shown):
            self.node_selected.emit(self._shown[place].node)

    def _button(self, by: str) -> QPushButton:
        button = QPushButton(f"by {by}")
        button.setProperty("role", "compact")
        button.setCheckable(True)
        button.setChecked(by == self._by)
        what = {
            "visits": "Where they send their simulations differently, most simulations first. (visit share)",
            "value": "What they value differently, weighted by the visits of both. (Q)",
        }[by]
        button.setToolTip(what)
        button.setAccessibleName(f"Largest differences by {by}")
        button.clicked.connect(lambda: self._choose_order(by))
        return button

    def _set_up_table(self) -> None:
        table = self._table
        table.setAccessibleName("Largest differences")
        table.setItemDelegate(self._delegate)
        table.setShowGrid(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        for column, (text, tooltip) in enumerate(_HEADS):
            head = QTableWidgetItem(text)
            head.setToolTip(tooltip)
            side = Qt.AlignmentFlag.AlignRight if column == len(_HEADS) - 1 else Qt.AlignmentFlag.AlignLeft
            head.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            table.setHorizontalHeaderItem(column, head)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Fixed)
        table.setColumnWidth(2, _VALUE_WIDTH)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(2 * self._theme.small + 12)
        table.itemSelectionChanged.connect(self._select)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(_SIDE, GRID // 2, PADDING, GRID // 2)
        heading = QLabel("Largest differences")
        heading.setProperty("role", "heading")
        head.addWidget(heading)
        head.addStretch()
        for button in self._buttons.values():
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._empty)
        column.addWidget(self._table, 1)
        column.addStretch()


class _Delegate(QStyledItemDelegate):
    """Paints the rows. `theme`: colours and sizes."""

    def __init__(self, parent: QTableWidget) -> None:
        super().__init__(parent)
        self.theme = DARK

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(60, 2 * self.theme.small + 12)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: DifferenceRow | None = index.data(_ROW_ROLE)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        area = QRectF(option.rect)
        if is_selected:
            painter.fillRect(area, color(self.theme.attention, 0.2))
        if row is None:
            return
        inner = area.adjusted(_SIDE, 3, -_SIDE, -3)
        upper = QRectF(inner.left(), inner.top(), inner.width(), inner.height() / 2)
        lower = upper.translated(0, upper.height())
        if index.column() == 0:
            self._paint_move(painter, upper, lower, row)
        elif index.column() == 1:
            self._paint_share(painter, upper, "A", row.shares[0])
            self._paint_share(painter, lower, "B", row.shares[1])
        else:
            for part, q in ((upper, row.qs[0]), (lower, row.qs[1])):
                painter.setFont(font(self.theme.small))
                painter.setPen(color(self.theme.text if q is not None else self.theme.quiet))
                painter.drawText(part, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, signed(q))

    def _paint_move(self, painter: QPainter, upper: QRectF, lower: QRectF, row: DifferenceRow) -> None:
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font(self.theme.body, strong=True))
        painter.setPen(color(self.theme.text))
        painter.drawText(upper.adjusted(0, -2, 0, 2), left, row.move)
        painter.setFont(font(self.theme.small))
        painter.setPen(color(self.theme.quiet))
        path = f"after {row.path}" if row.path else "at the root"
        text = painter.fontMetrics().elidedText(path, Qt.TextElideMode.ElideLeft, int(lower.width()))
        painter.drawText(lower.adjusted(0, -1, 0, 3), left, text)

    def _paint_share(self, painter: QPainter, area: QRectF, letter: str, share: float | None) -> None:
        """A letter, an ivory bar and a figure; a search that never came there has no bar."""
        theme = self.theme
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font(theme.small))
        painter.setPen(color(theme.quiet))
        painter.drawText(area, left, letter)
        begin, figure = area.left() + theme.room(_LETTER_WIDTH), theme.room(_FIGURE_WIDTH)
        room = max(1.0, area.right() - begin - figure)
        length = room * (share or 0.0)
        if share:
            bar = QRectF(begin, area.center().y() - 3, max(1.0, length), 6)
            painter.fillRect(bar, color(theme.effort))
        text = "never came" if share is None else percent(share)
        painter.drawText(QRectF(begin + length + 4, area.top(), area.right() - begin, area.height()), left, text)


def _texts(row: DifferenceRow) -> tuple[str, str, str]:
    """What is read out of a row's three cells."""
    shares = [percent(share) if share is not None else "none" for share in row.shares]
    return (
        f"{row.move} {'after ' + row.path if row.path else 'at the root'}",
        f"A {shares[0]}, B {shares[1]}",
        f"A {signed(row.qs[0])}, B {signed(row.qs[1])}",
    )


def _tooltip(row: DifferenceRow) -> str:
    sides = []
    for letter, visits, prior in zip("AB", row.visits, row.priors, strict=True):
        liked = f", prior {percent(prior)}" if prior is not None else ""
        sides.append(f"{letter}: {count(visits)} visits{liked}")
    return f"{row.move}\n" + "\n".join(sides)
