"""What can be done with a move of the list: a menu, and a line to write a comment in."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QMenu, QVBoxLayout, QWidget

from app.theme import GRID, PADDING
from app.viewmodels.nags import MOVE_MARKS, SIGNS, STATE_MARKS

_COMMENT_WIDTH = 420


class MoveMenu(QMenu):
    """The menu of one move; deletes itself when it closes.

    Signals:
        promote_chosen(), main_chosen(), delete_chosen(), comment_chosen(), copy_chosen(): the entry was taken.
        nag_chosen(int): a mark was set or taken away.
    """

    promote_chosen = Signal()
    main_chosen = Signal()
    delete_chosen = Signal()
    comment_chosen = Signal()
    copy_chosen = Signal()
    nag_chosen = Signal(int)

    def __init__(self, nags: tuple[int, ...], parent: QWidget, *, is_main: bool) -> None:
        """`nags`: the marks that the move has. `is_main`: it stands on the main line."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if not is_main:
            self.addAction("Promote variation", self.promote_chosen.emit)
            self.addAction("Make main line", self.main_chosen.emit)
            self.addSeparator()
        self.addAction("Comment…", self.comment_chosen.emit)
        self._add_marks("Mark the move", MOVE_MARKS, nags)
        self._add_marks("Mark the position", STATE_MARKS, nags)
        self.addSeparator()
        self.addAction("Copy line up to here", self.copy_chosen.emit)
        self.addAction("Delete from here", self.delete_chosen.emit)

    def _add_marks(self, title: str, offered: tuple[int, ...], held: tuple[int, ...]) -> None:
        menu = self.addMenu(title)
        for nag in offered:
            sign, meaning = SIGNS[nag]
            action = menu.addAction(f"{sign}\t{meaning}")
            action.setCheckable(True)
            action.setChecked(nag in held)
            action.triggered.connect(lambda _, nag=nag: self.nag_chosen.emit(nag))


class CommentPopup(QFrame):
    """One line of text beside a move; Enter takes it, a click beside it or Escape leaves things as they were.

    Signals:
        written(str): the comment, once it is taken.
    """

    written = Signal(str)

    def __init__(self, title: str, words: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "popup")
        self.setAccessibleName(title)
        self.setFixedWidth(_COMMENT_WIDTH)
        heading = QLabel(title)
        heading.setProperty("role", "heading")
        self._edit = QLineEdit(words)
        self._edit.setAccessibleName(title)
        self._edit.setPlaceholderText("Write, and press Enter. Nothing takes the comment away.")
        self._edit.returnPressed.connect(self._take)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, GRID, PADDING, PADDING)
        column.setSpacing(GRID)
        column.addWidget(heading)
        column.addWidget(self._edit)

    def open_at(self, point: QPoint) -> None:
        """Show it below a place of the screen, or as near as there is room."""
        self.adjustSize()
        room = self.screen().availableGeometry()
        left = min(max(point.x(), room.left()), room.right() - self.width())
        self.move(left, min(max(point.y(), room.top()), room.bottom() - self.height()))
        self.show()
        self._edit.setFocus()
        self._edit.selectAll()

    def _take(self) -> None:
        words = self._edit.text()
        self.close()
        self.written.emit(words)
