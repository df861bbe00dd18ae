"""The node card: everything known of one node, and what can be done with it."""

from PySide6.QtCore import QPoint, QSize, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from app.theme import GRID, PADDING, Theme
from app.viewmodels.records import InspectorRecord
from app.widgets.card_view import CardView
from app.widgets.child_bars import ChildBars
from app.widgets.icons import set_icon
from app.widgets.terms_grid import TermsGrid

_BOARD_SIDE = 128
_NOTHING = InspectorRecord()
_INVITATION = "Click a node of the tree to see what the search knows of it, and why it went there."


class Inspector(QWidget):
    """Small board, path, the terms of the score, children, and buttons.

    Signals:
        cut_clicked(), restore_clicked(), reroot_clicked(): what to do with the node shown.
        more_clicked(QPoint): what else can be done is asked for, at a place of the screen.
    """

    cut_clicked = Signal()
    restore_clicked = Signal()
    reroot_clicked = Signal()
    more_clicked = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Node card")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._board = CardView(_BOARD_SIDE)
        self._title = _label("large")
        self._path = _label("quiet")
        self._status = _label("")
        self._notice = _label("notice")
        self._terms = TermsGrid()
        self._children_heading = _label("heading")
        self._children_heading.setText("Children: intuition over search")
        self._children = ChildBars()
        self._invitation = _label("quiet")
        self._invitation.setText(_INVITATION)
        self._cut = _button("Cut", "Stop the search from going here. (prune, Delete)", self.cut_clicked)
        self._restore = _button("Restore", "Let the search come back here. (undo a prune)", self.restore_clicked)
        self._reroot = _button("Make root", "Play up to here and keep this subtree. (re-root)", self.reroot_clicked)
        self._more = QToolButton()
        self._more.setToolTip("Lend visits, set a prior, ask another generation. (steering)")
        self._more.setAccessibleName("More for this branch")
        self._more.clicked.connect(self._ask_for_more)
        self._body = self._lay_out()
        self.show_node(_NOTHING)

    def show_node(self, record: InspectorRecord) -> None:
        """Show `record`; one without a card is an invitation to select a node."""
        is_empty = record.card is None
        self._body.setVisible(not is_empty)
        self._invitation.setVisible(is_empty)
        self._board.show_card(record.card, record.flipped)
        self._title.setText(record.title)
        self._path.setText(record.path_text)
        self._status.setText(record.card.status if record.card is not None else "")
        self._notice.setText(record.notice)
        self._notice.setVisible(bool(record.notice))
        self._terms.show_terms(record.terms)
        self._children_heading.setVisible(bool(record.candidates))
        self._children.show_rows(record.candidates)
        self._cut.setVisible(not record.can_restore)
        self._cut.setEnabled(record.can_cut)
        self._restore.setVisible(record.can_restore)
        self._reroot.setEnabled(record.can_reroot)
        self._more.setEnabled(record.can_reroot)

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._board.set_theme(theme)
        self._children.set_theme(theme)
        for button, name in ((self._cut, "content-cut"), (self._restore, "restore"), (self._reroot, "target")):
            set_icon(button, name, theme)
        set_icon(self._more, "dots-horizontal", theme)

    def _ask_for_more(self) -> None:
        self.more_clicked.emit(self._more.mapToGlobal(self._more.rect().topLeft()))

    @override
    def sizeHint(self) -> QSize:
        return QSize(300, 520)

    def _lay_out(self) -> QWidget:
        """Head and buttons stay; what is between them scrolls."""
        words = QVBoxLayout()
        words.setSpacing(GRID // 2)
        for label in (self._title, self._status, self._path):
            words.addWidget(label)
        words.addStretch()
        head = QHBoxLayout()
        head.setSpacing(PADDING)
        head.addWidget(self._board, alignment=Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(PADDING, 0, PADDING, PADDING)
        column.setSpacing(GRID)
        column.addWidget(self._notice)
        column.addWidget(self._terms)
        column.addSpacing(GRID)
        column.addWidget(self._children_heading)
        column.addWidget(self._children)
        column.addStretch()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(middle)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        for button in (self._cut, self._restore, self._reroot):
            buttons.addWidget(button, 1)
        buttons.addWidget(self._more)
        body = QWidget()
        rows = QVBoxLayout(body)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(PADDING)
        head.setContentsMargins(PADDING, PADDING, PADDING, 0)
        buttons.setContentsMargins(PADDING, 0, PADDING, PADDING)
        rows.addLayout(head)
        rows.addWidget(scroll, 1)
        rows.addLayout(buttons)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(body)
        self._invitation.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        outer.addWidget(self._invitation, alignment=Qt.AlignmentFlag.AlignTop)
        return body


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _button(text: str, tooltip: str, clicked: SignalInstance) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tooltip)
    button.clicked.connect(clicked)
    return button
