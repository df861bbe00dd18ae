"""Paints a note or a bookmark: its text over the place it is about; and edits the text in place."""

from typing import cast

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QPlainTextEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from app.qt_models.notes_model import ROW_ROLE, place_words
from app.theme import DARK, GRID, PADDING, Theme, color, font
from app.viewmodels.notes import NoteRow

Index = QModelIndex | QPersistentModelIndex
_SIGN = 12
_EDITOR_HEIGHT = 72
_MOST_LINES = 8
_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class NotesDelegate(QStyledItemDelegate):
    """A sign (a flag for a bookmark, a sheet for a note), the text, and below it the place, in a quiet colour."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row = cast("NoteRow", index.data(ROW_ROLE))
        # Before the first layout there is no width to wrap to.
        width = max(120, option.rect.width() or option.widget.width())
        text = self._text_height(row, width)
        return QSize(width, text + QFontMetrics(font(self._theme.small)).height() + 2 * GRID)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = cast("NoteRow", index.data(ROW_ROLE))
        theme, box = self._theme, option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.fillRect(box, color(theme.hover))
        if row.is_here:
            painter.fillRect(QRect(box.left(), box.top(), 3, box.height()), color(theme.attention))
        self._paint_sign(painter, row, QRectF(box.left() + PADDING, box.top() + GRID, _SIGN, _SIGN))
        room = box.adjusted(PADDING + _SIGN + GRID, GRID, -PADDING, -GRID)
        height = self._text_height(row, box.width())
        painter.setFont(font(theme.body))
        painter.setPen(color(theme.text))
        painter.drawText(QRect(room.left(), room.top(), room.width(), height), _WRAPPED, row.text)
        painter.setFont(font(theme.small))
        painter.setPen(color(theme.quiet))
        words = painter.fontMetrics().elidedText(place_words(row), Qt.TextElideMode.ElideLeft, room.width())
        painter.drawText(QRect(room.left(), room.top() + height, room.width(), room.height() - height), 0, words)
        painter.restore()

    @override
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QPlainTextEdit(parent)
        editor.setAccessibleName("Text of the note")
        editor.setPlaceholderText("Enter keeps it, Shift+Enter begins a line, Esc leaves it as it was.")
        editor.setTabChangesFocus(True)
        return editor

    @override
    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, QPlainTextEdit)
        if not editor.document().isModified():  # figures tick on; what is being typed stays
            editor.setPlainText(str(index.data(Qt.ItemDataRole.EditRole)))
            editor.selectAll()

    @override
    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, QPlainTextEdit)
        model.setData(index, editor.toPlainText(), Qt.ItemDataRole.EditRole)

    @override
    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect.adjusted(0, 0, 0, max(0, _EDITOR_HEIGHT - option.rect.height())))

    @override
    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(editor, QWidget):
            enters = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enters and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                return False
            if enters:
                self.commitData.emit(editor)
                self.closeEditor.emit(editor)
                return True
        return super().eventFilter(editor, event)

    def _text_height(self, row: NoteRow, width: int) -> int:
        """Pixels that an entry's text needs, to a limit: an editor shows the rest."""
        metrics = QFontMetrics(font(self._theme.body))
        room = max(40, width - 2 * PADDING - _SIGN - GRID)
        needed = metrics.boundingRect(0, 0, room, 10_000, _WRAPPED, row.text or " ").height()
        return min(needed, _MOST_LINES * metrics.lineSpacing())

    def _paint_sign(self, painter: QPainter, row: NoteRow, box: QRectF) -> None:
        """What kind of entry it is."""
        painter.setPen(QPen(color(self._theme.quiet), 1.4))
        path = QPainterPath()
        if row.is_bookmark:
            left, right, middle = box.left() + 2, box.right() - 2, box.center().x()
            path.moveTo(left, box.top())
            for x, y in ((right, box.top()), (right, box.bottom()), (middle, box.bottom() - 4), (left, box.bottom())):
                path.lineTo(x, y)
            path.closeSubpath()
        else:
            path.addRect(box.adjusted(1, 0, -1, 0))
            for y in (3.5, 6.5):
                path.moveTo(box.left() + 3.5, box.top() + y)
                path.lineTo(box.right() - 3.5, box.top() + y)
        painter.drawPath(path)
