"""The node card: everything known of one node, and what can be done with it."""

from collections.abc import Collection

from PySide6.QtCore import QPoint, QSize, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from app.theme import GRID, PADDING, Theme
from app.viewmodels.figures import count
from app.viewmodels.records import InspectorRecord
from app.viewmodels.why_records import WhyRecord
from app.widgets.card_view import CardView
from app.widgets.causes_view import CausesView
from app.widgets.child_bars import ChildBars
from app.widgets.icons import set_icon
from app.widgets.ledger_view import LedgerView
from app.widgets.section import Section
from app.widgets.terms_grid import TermsGrid
from app.widgets.value_strip import ValueStrip

_BOARD_SIDE = 128
_NOTHING = InspectorRecord()
_INVITATION = "Click a node of the tree to see what the search knows of it, and why it went there."


class Inspector(QWidget):
    """Small board, what the node is worth, why it was chosen or not, where that comes from, children, and buttons.

    Signals:
        cut_clicked(), restore_clicked(), reroot_clicked(): what to do with the node shown.
        more_clicked(QPoint): what else can be done is asked for, at a place of the screen.
        node_wanted(int): another node is to be selected. moment_wanted(int): a moment is to be looked at.
        since_wanted(bool): explain the value from the moment looked at on (True), or from the node's birth.
        folded_changed(object): a person opened or closed a section; names of the closed ones, tuple of str.
    """

    cut_clicked = Signal()
    restore_clicked = Signal()
    reroot_clicked = Signal()
    more_clicked = Signal(QPoint)
    node_wanted = Signal(int)
    moment_wanted = Signal(int)
    since_wanted = Signal(bool)
    folded_changed = Signal(object)

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
        self._to_cut = QPushButton()
        self._to_cut.setProperty("role", "compact")
        self._to_cut.setToolTip("Look at the tree as it was when this branch was cut, with the evidence.")
        self._cut_at = -1
        self._to_cut.clicked.connect(lambda: self.moment_wanted.emit(self._cut_at))
        self._values = ValueStrip()
        self._why, self._following = LedgerView(), LedgerView()
        self._causes = CausesView()
        self._terms = TermsGrid()
        self._children = ChildBars()
        self._sections = self._make_sections()
        self._shown = ""
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
        self._show_reasons(record)
        self._section("children").setVisible(bool(record.candidates))
        self._children.show_rows(record.candidates)
        self._cut.setVisible(not record.can_restore)
        self._cut.setEnabled(record.can_cut)
        self._restore.setVisible(record.can_restore)
        self._reroot.setEnabled(record.can_reroot)
        self._more.setEnabled(record.can_reroot)

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        for themed in (self._board, self._values, self._why, self._following, self._causes, self._children):
            themed.set_theme(theme)
        for button, name in ((self._cut, "content-cut"), (self._restore, "restore"), (self._reroot, "target")):
            set_icon(button, name, theme)
        set_icon(self._more, "dots-horizontal", theme)

    def folded(self) -> tuple[str, ...]:
        """Names of the sections that are closed."""
        return tuple(section.name for section in self._sections if not section.is_open)

    def set_folded(self, names: Collection[str]) -> None:
        """Close the sections of those names and open all others."""
        for section in self._sections:
            section.set_open(section.name not in names)

    def _show_reasons(self, record: InspectorRecord) -> None:
        why = record.why or WhyRecord()
        if record.path_text + record.title.split(" · ")[0] != self._shown:
            self._shown = record.path_text + record.title.split(" · ")[0]
            self._why.forget_pick()
            self._following.forget_pick()
        self._cut_at = why.cut_at
        self._to_cut.setVisible(why.cut_at >= 0)
        self._to_cut.setText(f"Go to simulation {count(why.cut_at)}")
        self._values.show_values(why.values)
        self._section("why").setVisible(bool(why.siblings.rows))
        self._section("why").set_title(why.title)
        self._why.show_ledger(why.siblings)
        self._section("causes").setVisible(why.causes is not None)
        self._causes.show_causes(why.causes)
        self._section("next").setVisible(bool(why.children.rows))
        self._following.show_ledger(why.children)
        self._terms.show_terms(why.figures or record.terms)

    def _make_sections(self) -> tuple[Section, ...]:
        for view in (self._why, self._following, self._causes):
            view.node_wanted.connect(self.node_wanted)
            view.moment_wanted.connect(self.moment_wanted)
        self._causes.since_wanted.connect(self.since_wanted)
        self._terms.moment_wanted.connect(self.moment_wanted)
        made = (
            Section(
                "why", "", "Every term of the score that sent simulations here or elsewhere. (selection)", self._why
            ),
            Section(
                "causes", "Where does this Q come from?", "Which simulations moved the value. (backup)", self._causes
            ),
            Section(
                "next", "Where next from here?", "The scores of what follows this node. (selection)", self._following
            ),
            Section("figures", "Figures", "Everything else that is counted of this node.", self._terms),
            Section(
                "children", "Children: intuition over search", "Gold: prior. Ivory: share of visits.", self._children
            ),
        )
        for section in made:
            section.toggled.connect(lambda _: self.folded_changed.emit(self.folded()))
        return made

    def _section(self, name: str) -> Section:
        return next(section for section in self._sections if section.name == name)

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
        column.addWidget(self._to_cut, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._values)
        for section in self._sections:
            column.addWidget(section)
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
