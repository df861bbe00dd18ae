"""The query bar and the list of results together: what they mean is told, what is found is shown."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDockWidget

from app.controller import Controller
from app.theme import Theme
from app.viewmodels.questions import Colours, QuestionRecord, ResultsRecord
from app.widgets.docks import bring_to_front, dock_of, is_in_front, turn_to
from app.widgets.query_bar import QueryBar
from app.widgets.results_panel import ResultsPanel
from app.widgets.tree_canvas import TreeCanvas


class Asking(QObject):
    """Builds both widgets for a tree and reports them to a controller.

    Attributes:
        bar, results: the widgets.
    """

    def __init__(self, tree: TreeCanvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tree = tree
        self.bar, self.results = QueryBar(), ResultsPanel()
        self._is_asked = False
        self._before: QDockWidget | None = None  # the panel that made room for the results

    def report_to(self, controller: Controller) -> None:
        """Let the widgets' intents reach `controller`."""
        desk, table = controller.questions, self.results.table
        self.bar.asked.connect(desk.ask)
        self.bar.entered.connect(desk.enter)
        self.bar.left.connect(lambda: self._leave(controller))
        self.bar.stepped.connect(desk.step)
        self.bar.lens_chosen.connect(desk.look_through)
        self.bar.lens_removed.connect(desk.remove)
        self.bar.lens_named.connect(desk.save)
        self.bar.results_wanted.connect(lambda: bring_to_front(self.results))
        table.node_selected.connect(controller.select_node)
        table.node_activated.connect(controller.play_to)
        self._tree.next_requested.connect(lambda: desk.step(1))

    def set_theme(self, theme: Theme) -> None:
        """Dress both."""
        self.bar.set_theme(theme)
        self.results.set_theme(theme)

    def show_question(self, record: QuestionRecord) -> None:
        """The bar."""
        self.bar.show_question(record)

    def show_results(self, record: ResultsRecord, path_text: Callable[[int], str]) -> None:
        """The list, which comes to the front when something is asked, and goes with the question."""
        self.results.show_results(record, path_text)
        if record.is_asked == self._is_asked:
            return
        self._is_asked = record.is_asked
        if record.is_asked:
            self._before = turn_to(self.results)
            return
        dock, before, self._before = dock_of(self.results), self._before, None
        if before is not None and dock is not None and is_in_front(dock) and not before.isHidden():
            before.raise_()

    def show_marks(self, marks: NDArray[np.uint8] | None) -> None:
        """Rings around what was found."""
        self._tree.set_marks(marks)

    def show_tint(self, colours: Colours | None) -> None:
        """The lens's colours."""
        if colours is None:
            self._tree.set_tint(None, "", 0.0, 1.0)
        else:
            self._tree.set_tint(colours.values, colours.name, colours.low, colours.high)

    def _leave(self, controller: Controller) -> None:
        controller.questions.clear()
        self._tree.setFocus()
