"""Two players' trees of one position beside each other, under what is said of them; greyed until they are there."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolTip, QVBoxLayout, QWidget
from typing_extensions import override

from app.screen import Seats
from app.theme import DARK, GRID, PADDING, Theme, color, font
from app.viewmodels.comparison import Pictures
from app.viewmodels.head_to_head import DuelRecord
from app.viewmodels.replica import Mapping
from app.widgets.compare_side import SideRow
from app.widgets.compare_trees import CompareTrees

_VEIL = 0.66
"""How much of the old pictures a veil takes away."""


class DuelTrees(QWidget):
    """What is said of both, and the pictures.

    Signals:
        node_selected(int): a node of the union, -1 = none.
        again_clicked(): ask once more who could not be asked.
    """

    node_selected = Signal(int)
    again_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.trees = CompareTrees()
        self._veil = _Veil(self.trees)
        self._sentence_of: Callable[[int], str] = lambda _: ""
        self._rows = tuple(SideRow(letter) for letter in "AB")
        self._agreement, self._facts = _wrapped(), _wrapped()
        self._facts.setProperty("role", "quiet")
        self._again = QPushButton("Ask again")
        self._again.setProperty("role", "compact")
        self._again.setToolTip("Ask the player that could not be asked once more.")
        self._again.clicked.connect(self.again_clicked)
        self.trees.node_selected.connect(self.node_selected)
        self.trees.node_hovered.connect(self._hover)
        sides = QGridLayout()
        sides.setHorizontalSpacing(GRID)
        sides.setVerticalSpacing(2)
        sides.setColumnStretch(3, 1)
        for place, row in enumerate(self._rows):
            row.add_to(sides, place)
        notes = QHBoxLayout()
        notes.addWidget(self._facts, 1)
        notes.addWidget(self._again)
        head = QVBoxLayout()
        head.setContentsMargins(PADDING, GRID, PADDING, GRID)
        head.setSpacing(GRID // 2)
        head.addLayout(sides)
        head.addWidget(self._agreement)
        head.addLayout(notes)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.trees, 1)
        self.setAccessibleName("Both trees")

    def ask_sentences(self, sentence_of: Callable[[int], str]) -> None:
        """Where sentences on nodes under the pointer come from."""
        self._sentence_of = sentence_of

    def show_duel(self, record: DuelRecord, waiting: str, chosen: str = "") -> None:
        """Show what is said.

        Args:
            waiting: what must come before the trees are those of the position; they stay greyed until then.
            chosen: a sentence on the node that is selected, or "".
        """
        for row, side in zip(self._rows, (record.a, record.b), strict=True):
            row.show_side(side)
        self._agreement.setText(record.agreement or " ")
        facts = chosen or " ".join(record.notes)
        self._facts.setText(facts or " ")
        self._again.setVisible(any("could not be asked" in note for note in record.notes))
        if not waiting:
            self.trees.show_blanks(*record.blanks)
        elif self.trees.is_empty:
            self.trees.show_blanks(" ", " ")
        self.trees.show_names(record.a.name, record.b.name)
        self._veil.show_text(waiting)
        self.setAccessibleDescription(" ".join(filter(None, (waiting, record.agreement, facts))))

    def show_pictures(
        self, pictures: Pictures | None, labels: Callable[[int], str], seats: Seats, mapping: Mapping | None
    ) -> None:
        """Show two trees; see `CompareTrees`."""
        self.trees.show_pictures(pictures, labels, seats, mapping)

    def show_place(self, node: int) -> None:
        """Select a node of the union in both; -1 = none."""
        self.trees.show_place(node)

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self.trees.set_theme(theme)
        self._veil.set_theme(theme)

    def set_motion(self, moving: bool) -> None:
        """Freeze (False) or allow all movement."""
        self.trees.set_motion(moving)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._veil.fit()

    def _hover(self, node: int, point: QPoint) -> None:
        QToolTip.showText(point, self._sentence_of(node) if node >= 0 else "", self.trees)


class _Veil(QWidget):
    """Greys what is under it and says why; never in the way of a click."""

    def __init__(self, under: QWidget) -> None:
        super().__init__(under)
        self._under, self._theme, self._text = under, DARK, ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_text(self, text: str) -> None:
        """Grey it and say `text`; "" uncovers it."""
        self._text = text
        self.fit()
        self.setVisible(bool(text))
        self.raise_()
        self.update()

    def fit(self) -> None:
        """Cover all of it."""
        self.setGeometry(self._under.rect())

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.fit()
        painter.fillRect(self.rect(), color(self._theme.background, _VEIL))
        painter.setFont(font(self._theme.body))
        room = QRectF(self.rect()).adjusted(4 * PADDING, 0, -4 * PADDING, 0)
        how = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        words = painter.boundingRect(room, how, self._text)
        painter.fillRect(words.adjusted(-PADDING, -GRID, PADDING, GRID), color(self._theme.panel))
        painter.setPen(color(self._theme.text))
        painter.drawText(room, how, self._text)


def _wrapped() -> QLabel:
    label = QLabel(" ")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label
