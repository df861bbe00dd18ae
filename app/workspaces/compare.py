"""Comparing: what stands in the middle of Explore while two trees are looked at.

Builds the widgets, connects what they mean to the desk, and shows what the desk says (`app.comparing.CompareScreen`).
"""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QToolTip, QVBoxLayout, QWidget
from typing_extensions import override

from app.comparing import Comparing
from app.screen import Seats
from app.theme import Theme
from app.viewmodels.comparison import ChoicesRecord, ComparisonRecord, Pictures
from app.viewmodels.replica import Mapping
from app.widgets.compare_chooser import CompareChooser
from app.widgets.compare_strip import CompareStrip
from app.widgets.compare_table import CompareTable
from app.widgets.compare_trees import CompareTrees

_WIDE_ENOUGH = 900
"""Pixels for two pictures beside each other to begin with; else they are laid over each other."""


class Compare(QStackedWidget):
    """The mode, in the place of the tree: its first page is the tree itself.

    Attributes:
        chooser, strip, trees, table: its widgets.

    Signals:
        file_wanted(): a recording is to be chosen.
    """

    file_wanted = Signal()

    def __init__(self, usual: QWidget, parent: QWidget | None = None) -> None:
        """`usual`: what stands there while nothing is compared."""
        super().__init__(parent)
        self._usual = usual
        self.chooser, self.strip = CompareChooser(), CompareStrip()
        self.trees, self.table = CompareTrees(), CompareTable()
        self._desk: Comparing | None = None
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self.trees)
        split.addWidget(self.table)
        split.setStretchFactor(0, 1)
        split.setSizes([10_000, 150])
        self._page = QWidget()
        column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(split, 1)
        for page in (usual, self.chooser, self._page):
            self.addWidget(page)

    def report_to(self, desk: Comparing) -> None:
        """Let the widgets' intents reach `desk`."""
        self._desk = desk
        self.chooser.source_chosen.connect(desk.compare_with)
        self.chooser.source_chosen.connect(lambda _: self.show_page())
        self.chooser.cancelled.connect(lambda: self._cancel(desk))
        self.chooser.file_wanted.connect(self.file_wanted)
        self.strip.divergence_clicked.connect(desk.select_divergence)
        self.strip.deeper_clicked.connect(desk.ask_deeper)
        self.strip.judge_chosen.connect(desk.set_judge)
        self.strip.mode_chosen.connect(self.set_mode)
        self.strip.change_clicked.connect(lambda: self.show_choices(desk.choices()))
        self.strip.close_clicked.connect(desk.close)
        self.table.node_selected.connect(desk.select_node)
        self.trees.node_selected.connect(desk.select_node)
        self.trees.node_hovered.connect(lambda node, point: self._hover(desk, node, point))

    def show_choices(self, record: ChoicesRecord) -> None:
        """See `CompareScreen`, here and below."""
        self.chooser.show_choices(record)
        self.setCurrentWidget(self.chooser)

    def show_comparison(self, record: ComparisonRecord | None) -> None:
        """The head, the table and the names."""
        if record is None:
            self.setCurrentWidget(self._usual)
            return
        self.strip.show_comparison(record)
        self.table.show_differences(record)
        self.trees.show_names(record.a.name, record.b.name)

    def show_pictures(
        self, pictures: Pictures | None, labels: Callable[[int], str], seats: Seats, mapping: Mapping | None
    ) -> None:
        """The trees."""
        self.trees.show_pictures(pictures, labels, seats, mapping)

    def show_place(self, node: int) -> None:
        """The selected node."""
        self.trees.show_place(node)
        self.table.show_place(node)

    def show_page(self) -> None:
        """Something was chosen: look at the comparison."""
        if self.currentWidget() is not self._page:
            self.setCurrentWidget(self._page)
            self.set_mode("beside" if self.width() >= _WIDE_ENOUGH else "over")

    def set_mode(self, mode: str) -> None:
        """Beside each other, or laid over each other."""
        self.trees.set_mode(mode)
        self.strip.show_mode(mode)
        if self._desk is not None:
            self._desk.show_again()

    def set_theme(self, theme: Theme) -> None:
        """Dress all widgets."""
        for widget in (self.chooser, self.strip, self.trees, self.table):
            widget.set_theme(theme)

    def set_motion(self, moving: bool) -> None:
        """Freeze (False) or allow all movement."""
        self.trees.set_motion(moving)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads one step back, wherever the focus is."""
        if event.key() != Qt.Key.Key_Escape or self._desk is None or not self._desk.step_back():
            super().keyPressEvent(event)

    def _cancel(self, desk: Comparing) -> None:
        """Back to the comparison there is, or to the one tree."""
        if desk.other.source is None:
            desk.close()
        else:
            self.show_page()

    def _hover(self, desk: Comparing, node: int, point: QPoint) -> None:
        QToolTip.showText(point, desk.sentence_of(node) if node >= 0 else "", self.trees)
