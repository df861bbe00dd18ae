"""The actions of one position as two players see them, mirrored: A's bars grow to the left, B's to the right."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.theme import DARK, PADDING, Theme, color, font
from app.viewmodels.figures import MISSING, percent, signed
from app.viewmodels.head_to_head import ActionRow, row_sentence

_ROW_ROLE = Qt.ItemDataRole.UserRole
_MOVE_WIDTH, _GAP_WIDTH, _Q_WIDTH, _FIGURE_WIDTH = 84, 96, 46, 42
_SIDE = 6
_HEADS = (
    ("Q   prior, visits of A", "What A thinks: gold its intuition, ivory its simulations, Q for the player to move."),
    ("Move", "An arrow points to the player that would play it."),
    ("prior, visits of B   Q", "What B thinks: gold its intuition, ivory its simulations, Q for the player to move."),
    (
        "B − A",
        "How much more of its simulations (or, without a search, of its prior) B gives the move than A, in points.",
    ),
)
_EMPTY = "What both players think of every move appears here."


class HeadToHeadTable(QWidget):
    """One row an action.

    Signals:
        action_selected(int): chosen by click or keyboard.
    """

    action_selected = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[ActionRow, ...] = ()
        self._theme = DARK
        self._table = QTableWidget(0, len(_HEADS))
        self._delegate = _Delegate(self._table)
        self._empty = QLabel(_EMPTY)
        self._empty.setProperty("role", "quiet")
        self._empty.setWordWrap(True)
        self._empty.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._empty, 0, Qt.AlignmentFlag.AlignTop)
        column.addWidget(self._table, 1)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._set_up_table()
        self.show_rows(())

    def show_rows(self, rows: tuple[ActionRow, ...]) -> None:
        """Show `rows`; the selection stays with its action."""
        place = self._table.currentRow()
        chosen = self._rows[place].action if 0 <= place < len(self._rows) else None
        self._rows = rows
        self._delegate.longest = max((_longest(row) for row in rows), default=1.0) or 1.0
        self._table.blockSignals(True)
        self._table.setRowCount(len(rows))
        for number, row in enumerate(rows):
            for column, text in enumerate(_texts(row)):
                item = self._table.item(number, column)
                if item is None:
                    item = QTableWidgetItem()
                    self._table.setItem(number, column, item)
                item.setData(_ROW_ROLE, row)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, text)
                item.setToolTip(row_sentence(row))
        found = next((number for number, row in enumerate(rows) if row.action == chosen), -1)
        self._table.setCurrentCell(found, 0)
        self._table.blockSignals(False)
        self._table.setVisible(bool(rows))
        self._empty.setVisible(not rows)

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = self._delegate.theme = theme
        self._table.verticalHeader().setDefaultSectionSize(_row_height(theme))
        self._table.setColumnWidth(1, theme.room(_MOVE_WIDTH))
        self._table.setColumnWidth(3, theme.room(_GAP_WIDTH))
        self._table.viewport().update()

    def _select(self) -> None:
        place = self._table.currentRow()
        if 0 <= place < len(self._rows):
            self.action_selected.emit(self._rows[place].action)

    def _set_up_table(self) -> None:
        table = self._table
        table.setAccessibleName("Moves as both see them")
        table.setItemDelegate(self._delegate)
        table.setShowGrid(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        align = (Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignLeft)
        for column, (text, tooltip) in enumerate(_HEADS):
            head = QTableWidgetItem(text)
            head.setToolTip(tooltip)
            side = align[column] if column < len(align) else Qt.AlignmentFlag.AlignHCenter
            head.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            table.setHorizontalHeaderItem(column, head)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        for column in range(len(_HEADS)):
            is_bars = column in (0, 2)
            header.setSectionResizeMode(
                column, QHeaderView.ResizeMode.Stretch if is_bars else QHeaderView.ResizeMode.Fixed
            )
        table.verticalHeader().hide()
        table.itemSelectionChanged.connect(self._select)


class _Delegate(QStyledItemDelegate):
    """Paints the rows. `theme`: colours and sizes. `longest`: the share that fills a cell's room."""

    def __init__(self, parent: QTableWidget) -> None:
        super().__init__(parent)
        self.theme, self.longest = DARK, 1.0

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(60, _row_height(self.theme))

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: ActionRow | None = index.data(_ROW_ROLE)
        area = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, color(self.theme.attention, 0.2))
        if row is None:
            return
        inner = area.adjusted(_SIDE, 2, -_SIDE, -2)
        if index.column() == 1:
            self._paint_move(painter, inner, row)
        elif index.column() == len(_HEADS) - 1:
            self._paint_gap(painter, inner, row.gap)
        else:
            self._paint_side(painter, inner, row, 0 if index.column() == 0 else 1)

    def _paint_move(self, painter: QPainter, area: QRectF, row: ActionRow) -> None:
        theme = self.theme
        painter.setFont(font(theme.body, strong=any(row.best)))
        painter.setPen(color(theme.text))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, row.text)
        for is_best, mark, side in (
            (row.best[0], "◂", Qt.AlignmentFlag.AlignLeft),
            (row.best[1], "▸", Qt.AlignmentFlag.AlignRight),
        ):
            if is_best:
                painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, mark)

    def _paint_side(self, painter: QPainter, area: QRectF, row: ActionRow, side: int) -> None:
        """Gold over ivory, away from the move, and Q at the far end."""
        theme, width = self.theme, self.theme.room(_Q_WIDTH)
        is_left = side == 0
        far = QRectF(area.left() if is_left else area.right() - width, area.top(), width, area.height())
        painter.setFont(font(theme.small))
        painter.setPen(color(theme.text if row.qs[side] is not None else theme.quiet))
        align = Qt.AlignmentFlag.AlignLeft if is_left else Qt.AlignmentFlag.AlignRight
        painter.drawText(far, align | Qt.AlignmentFlag.AlignVCenter, signed(row.qs[side]))
        room = area.adjusted(width, 0, 0, 0) if is_left else area.adjusted(0, 0, -width, 0)
        upper = QRectF(room.left(), room.top(), room.width(), room.height() / 2)
        self._paint_bar(painter, upper, row.priors[side], theme.intuition, is_left=is_left)
        lower = upper.translated(0, upper.height())
        self._paint_bar(painter, lower, row.shares[side], theme.effort, is_left=is_left)

    def _paint_bar(self, painter: QPainter, area: QRectF, share: float | None, tint: str, *, is_left: bool) -> None:
        theme = self.theme
        figure = theme.room(_FIGURE_WIDTH)
        length = max(area.width() - figure, 1.0) * min((share or 0.0) / self.longest, 1.0)
        thick = theme.room(6)
        if share is not None:
            left = area.right() - max(length, 1.0) if is_left else area.left()
            painter.fillRect(QRectF(left, area.center().y() - thick / 2, max(length, 1.0), thick), color(tint))
        text = MISSING if share is None else percent(share)
        painter.setPen(color(theme.quiet))
        align = Qt.AlignmentFlag.AlignRight if is_left else Qt.AlignmentFlag.AlignLeft
        left = area.right() - length - figure - 4 if is_left else area.left() + length + 4
        painter.drawText(QRectF(left, area.top(), figure, area.height()), align | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_gap(self, painter: QPainter, area: QRectF, gap: float | None) -> None:
        """A bar from the middle towards the player that gives the action more."""
        theme = self.theme
        middle, half = area.center().x(), area.width() / 2
        painter.fillRect(QRectF(middle - 0.5, area.top(), 1, area.height()), color(theme.hairline))
        painter.setFont(font(theme.small))
        painter.setPen(color(theme.quiet))
        upper = QRectF(area.left(), area.top(), area.width(), area.height() / 2)
        text = MISSING if gap is None else signed(100 * gap, 0)
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, text)
        if gap:
            length = half * min(abs(gap) / self.longest, 1.0)
            thick = theme.room(6)
            left = middle - length if gap < 0 else middle
            painter.fillRect(QRectF(left, area.bottom() - thick - 2, max(length, 1.0), thick), color(theme.quiet))


def _row_height(theme: Theme) -> int:
    return 2 * theme.small + 10


def _longest(row: ActionRow) -> float:
    return max(share or 0.0 for share in (*row.priors, *row.shares))


def _texts(row: ActionRow) -> tuple[str, str, str, str]:
    """What is read out of a row's cells."""
    sides = []
    for k, letter in enumerate("AB"):
        prior, share = (MISSING if x is None else percent(x) for x in (row.priors[k], row.shares[k]))
        sides.append(f"{letter}: prior {prior}, visits {share}, Q {signed(row.qs[k])}")
    return sides[0], row.text, sides[1], MISSING if row.gap is None else f"{signed(100 * row.gap, 0)} points"
