"""The page on which a position is set up: a board, a palette of pieces, the rest of a position, and a verdict."""

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.theme import DARK, GRID, PADDING, Theme, color
from app.viewmodels.setting_up import EditorRecord
from app.widgets.board_paint import paint_frame
from app.widgets.edit_board import EditBoard
from app.widgets.icons import set_icon
from app.widgets.pieces import piece_pixmap

_PIECE = 28
"""Side of a piece of the palette, in pixels."""
_SIDE = 176
_HELP = "Click puts the piece down or takes it away, right click takes away, dragging moves. Esc leaves."


class PositionEditor(QWidget):
    """Lies over its parent; hidden until it is shown a record.

    Signals:
        pressed(int), erased(int), dragged(int, int): see `EditBoard`. piece_chosen(str): a glyph, "" = the eraser.
        turn_chosen(int): a player. right_switched(str, bool): a letter of the rights. passed_chosen(int): a cell, -1.
        clear_clicked(), start_clicked(), flip_clicked(), apply_clicked(), cancelled().
    """

    pressed = Signal(int)
    erased = Signal(int)
    dragged = Signal(int, int)
    piece_chosen = Signal(str)
    turn_chosen = Signal(int)
    right_switched = Signal(str, bool)
    passed_chosen = Signal(int)
    clear_clicked = Signal()
    start_clicked = Signal()
    flip_clicked = Signal()
    apply_clicked = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._host, self._theme = parent, DARK
        self._record: EditorRecord | None = None
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setAccessibleName("Position editor")
        self._board = EditBoard()
        for mine, its in ((self.pressed, self._board.pressed), (self.erased, self._board.erased)):
            its.connect(mine)
        self._board.dragged.connect(self.dragged)
        self._palette = QGridLayout()
        self._pieces: dict[str, QToolButton] = {}
        self._turns = QVBoxLayout()
        self._turn_group = QButtonGroup(self)
        self._turn_group.idClicked.connect(self.turn_chosen)
        self._rights = QGridLayout()
        self._boxes: dict[str, QCheckBox] = {}
        self._passed = QComboBox()
        self._passed.setAccessibleName("En passant")
        self._passed.setToolTip("Where a pawn can be taken in passing, because it has just made a double step.")
        self._passed.activated.connect(lambda place: self.passed_chosen.emit(self._passed.itemData(place)))
        self._verdict, self._text = QLabel(), QLabel()
        self._apply = QPushButton("Apply")
        self._built_for: tuple[object, ...] = ()
        self._lay_out()
        parent.installEventFilter(self)
        self.hide()

    def show_editor(self, record: EditorRecord | None) -> None:
        """Show `record`; None takes the page away."""
        was_open, self._record = self.isVisible(), record
        if record is None:
            self.hide()
            return
        self._build(record)
        self._board.show_card(record.card, flipped=record.flipped)
        for glyph, button in self._pieces.items():
            button.setChecked(glyph == record.chosen)
        if record.to_move >= 0:
            self._turn_group.button(record.to_move).setChecked(True)
        for right in record.rights:
            self._boxes[right.letter].setChecked(right.is_on)
            self._boxes[right.letter].setEnabled(right.is_possible)
        self._show_passed(record)
        self._verdict.setText(record.verdict)
        self._text.setText(record.text)
        self._apply.setEnabled(record.can_apply)
        if not was_open:
            self.setGeometry(self._host.rect())
            self.show()
            self.raise_()
            self._board.setFocus()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme, self._built_for = theme, ()
        self._board.set_theme(theme)
        if self._record is not None:
            self._build(self._record)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._host.rect())
        return super().eventFilter(watched, event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def _show_passed(self, record: EditorRecord) -> None:
        """A chooser only where there is something to choose."""
        self._passed.clear()
        self._passed.addItem("No en passant", -1)
        for cell in record.passed:
            row, column = divmod(cell, record.card.columns)
            self._passed.addItem(f"En passant on {chr(ord('a') + column)}{row + 1}", cell)
        self._passed.setCurrentIndex(max(self._passed.findData(record.passed_cell), 0))
        self._passed.setEnabled(bool(record.passed))

    def _build(self, record: EditorRecord) -> None:
        """Buttons for the pieces, players and rights of a domain."""
        built_for = (record.glyphs, record.players, tuple(right.letter for right in record.rights))
        if built_for == self._built_for:
            return
        self._built_for = built_for
        for layout in (self._palette, self._turns, self._rights):
            _empty(layout)
        self._pieces = {}
        for column, glyphs in enumerate(record.glyphs):
            for row, glyph in enumerate(glyphs):
                self._add_piece(glyph, record.card.style, row, column)
        self._add_piece("", record.card.style, max(map(len, record.glyphs)), 0)
        for player, name in enumerate(record.players if record.to_move >= 0 else ()):
            button = QPushButton(f"{name} to move")
            button.setCheckable(True)
            self._turn_group.addButton(button, player)
            self._turns.addWidget(button)
        self._boxes = {}
        for place, right in enumerate(record.rights):
            box = self._boxes[right.letter] = QCheckBox(right.text)
            box.setToolTip("Castling may still be done: king and rook stand at home. (castling right)")
            box.clicked.connect(lambda is_on, letter=right.letter: self.right_switched.emit(letter, is_on))
            self._rights.addWidget(box, place, 0)
        self._passed.setVisible(bool(record.rights))

    def _add_piece(self, glyph: str, style: str, row: int, column: int) -> None:
        button = _PieceButton(glyph, style, self._theme)
        if not glyph:
            set_icon(button, "eraser", self._theme)
        button.setAccessibleName(f"Piece {glyph}" if glyph else "Eraser")
        button.setToolTip(f"Put {glyph} down. (piece)" if glyph else "Take pieces away. (eraser)")
        button.setChecked(self._record is not None and glyph == self._record.chosen)
        button.clicked.connect(lambda: self.piece_chosen.emit(glyph))
        self._palette.addWidget(button, row, column)
        self._pieces[glyph] = button

    def _lay_out(self) -> None:
        """Board on the left, all that is chosen on the right, the verdict and the ways out below."""
        side = QVBoxLayout()
        side.setSpacing(GRID)
        palette = QHBoxLayout()
        palette.addLayout(self._palette)
        palette.addStretch()
        for layout in (palette, self._turns, self._rights):
            side.addLayout(layout)
        side.addWidget(self._passed)
        side.addStretch()
        beside = QWidget()
        beside.setLayout(side)
        beside.setFixedWidth(_SIDE)
        side.setContentsMargins(0, 0, 0, 0)
        upper = QHBoxLayout()
        upper.setSpacing(PADDING)
        upper.addWidget(self._board, 1)
        upper.addWidget(beside)
        head = QLabel("Set up a position")
        head.setProperty("role", "large")
        help_line = QLabel(_HELP)
        help_line.setProperty("role", "quiet")
        for label in (help_line, self._verdict, self._text):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setProperty("role", "quiet")
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        ways = (("Clear", self.clear_clicked), ("Start", self.start_clicked), ("Flip", self.flip_clicked))
        for name, clicked in ways:
            button = QPushButton(name)
            button.clicked.connect(clicked)
            buttons.addWidget(button)
        buttons.addStretch()
        cancel = QPushButton("Cancel")
        cancel.clicked.connect(self.cancelled)
        self._apply.clicked.connect(self.apply_clicked)
        self._apply.setToolTip("Put this position on the board. Undo takes it back.")
        for button in (cancel, self._apply):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        column.setSpacing(GRID)
        for widget in (head, help_line):
            column.addWidget(widget)
        column.addLayout(upper, 1)
        for widget in (self._verdict, self._text):
            column.addWidget(widget)
        column.addLayout(buttons)


class _PieceButton(QToolButton):
    """A piece on a square of the board; the one in hand is framed. Without a glyph: its icon."""

    def __init__(self, glyph: str, style: str, theme: Theme) -> None:
        super().__init__()
        self._glyph, self._style, self._theme = glyph, style, theme
        self.setProperty("role", "plain")
        self.setCheckable(True)
        self.setFixedSize(_PIECE, _PIECE)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._glyph:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        square = QRectF(self.rect())
        painter.fillRect(square, color(self._theme.board_light))
        pixmap = piece_pixmap(self._glyph, self._style, _PIECE, self.devicePixelRatioF(), self._theme)
        painter.drawPixmap(QPointF(0, 0), pixmap)
        if self.isChecked() or self.hasFocus():
            paint_frame(painter, square, self._theme.attention)


def _empty(layout: QVBoxLayout | QGridLayout) -> None:
    """Take every widget out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.deleteLater()
