"""The line a question is written in: completes words, underlines what it cannot read, and keeps its keys to itself."""

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame, QWidget
from typing_extensions import override

from app.theme import DARK, GRID, Theme
from app.widgets.query_hints import QueryHints
from engine.tree.query_words import Completion, Kind, completions, vocabulary

_PAUSE_MS = 250
"""Without a key, after which what stands there is asked."""


class QueryLine(QLineEdit):
    """Asks what is written as soon as the keys rest, so that the count follows the writing.

    Enter asks at once and goes to the first result, Escape first closes the words, then takes the question away.

    Signals:
        asked(str): the text is to be asked. entered(str): it was asked with Enter.
        left(): Escape: the question is to go, and the focus to return.
    """

    asked = Signal(str)
    entered = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._error, self._wrong = "", (0, 0)
        self._hints: QueryHints | None = None
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(lambda: self.asked.emit(self.text()))
        self.setPlaceholderText("Ask the tree: N > 500 and P < 1%")
        self.setAccessibleName("Question to the tree")
        self.setClearButtonEnabled(True)
        self.textEdited.connect(self._edited)
        self.textChanged.connect(self._changed)

    def set_theme(self, theme: Theme) -> None:
        """Change colours and text sizes."""
        self._theme = theme
        if self._hints is not None:
            self._hints.set_theme(theme)

    def show_question(self, text: str, error: str, start: int, end: int) -> None:
        """Show what is asked, unless something else is being written, and why it cannot be where it cannot."""
        if not self._pause.isActive() and text != self.text():
            self.setText(text)
            self.setCursorPosition(0)  # of a long question its beginning is seen
        if text == self.text():
            self._error, self._wrong = error, (start, end)
            self._show_error()
        self.update()

    @property
    def hints(self) -> QueryHints:
        """What is said over the picture; made when it is first needed, in the window the line stands in then."""
        if self._hints is None:
            self._hints = QueryHints(self.window())
            self._hints.set_theme(self._theme)
            self._hints.word_clicked.connect(self._complete)
        return self._hints

    @override
    def event(self, event: QEvent) -> bool:
        # Tab would go to the next widget before it came to `keyPressEvent`.
        is_tab = event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab
        if is_tab and self._hints is not None and self._hints.has_words:
            self._complete(self._hints.chosen or self._hints.first)
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        hints, key = self.hints, event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and hints.has_words:
            hints.go(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Escape:
            if hints.has_words:
                hints.hide()
            else:
                self._leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if hints.chosen is not None:
                self._complete(hints.chosen)
            else:
                self._enter()
        else:
            super().keyPressEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self._hints is not None:
            self._hints.hide()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_error()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._error:
            self._underline(*self._wrong)

    def _edited(self, _: str) -> None:
        self._error = ""
        self._pause.start()
        words = completions(self.text()[: self.cursorPosition()])
        is_written = len(words) == 1 and words[0].text == self.text()[words[0].start : self.cursorPosition()]
        self.hints.show_words([] if is_written else words, *self._above())

    def _changed(self, text: str) -> None:
        """The button that empties the line edits it too, but does not say so as a key does."""
        if not text and self.hasFocus():
            self._edited("")

    def _enter(self) -> None:
        self._pause.stop()
        self.hints.hide()
        self.entered.emit(self.text())

    def _leave(self) -> None:
        self._pause.stop()
        self._error = ""
        self.clear()
        self._pause.stop()
        self.hints.hide()
        self.left.emit()

    def _complete(self, word: Completion | None) -> None:
        """Put a whole word where one was begun."""
        if word is None:
            return
        text, place = self.text(), self.cursorPosition()
        known = vocabulary().get(word.text.lower())
        more = "(" if known is not None and known.kind is Kind.FUNCTION else " "
        self.setText(text[: word.start] + word.text + more + text[place:])
        self.setCursorPosition(word.start + len(word.text) + 1)
        self.hints.hide()
        self._pause.start()
        self.setFocus()

    def _show_error(self) -> None:
        """Say what is wrong over the picture, while the line is being written in and offers no words."""
        if not self.hasFocus() or (self._hints is not None and self._hints.has_words):
            return
        if self._error:
            self.hints.show_error(self._error, *self._above())
        elif self._hints is not None:
            self._hints.hide()

    def _above(self) -> tuple[QPoint, int]:
        """Where the hints end in the window, and how wide they may be."""
        window, bar = self.window(), self.parentWidget() or self
        corner = self.mapTo(window, QPoint(0, -GRID // 2))
        return corner, max(self.width(), bar.mapTo(window, bar.rect().topRight()).x() - corner.x() - GRID)

    def _underline(self, start: int, end: int) -> None:
        """A line of dots under the part of the text that cannot be read."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        room = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        metrics, text = self.fontMetrics(), self.text()
        cursor = self.cursorRect().center().x() - metrics.horizontalAdvance(text[: self.cursorPosition()])
        left = cursor + metrics.horizontalAdvance(text[:start])
        width = max(metrics.horizontalAdvance(text[start:end]), metrics.averageCharWidth())
        painter = QPainter(self)
        painter.setClipRect(QRectF(room))
        painter.setPen(QPen(QColor(self._theme.bad), 2, Qt.PenStyle.DotLine))
        bottom = room.center().y() + metrics.height() // 2 + 1
        painter.drawLine(left, bottom, left + width, bottom)
        painter.end()
