"""The query bar and the list of results together: what they mean is told, what is found is shown."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDockWidget, QWidget

from app.controller import Controller
from app.theme import Theme
from app.viewmodels.questions import Colours, QuestionRecord, ResultsRecord
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
        self.bar.results_wanted.connect(self._raise_results)
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
        """The list."""
        self.results.show_results(record, path_text)

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

    def _raise_results(self) -> None:
        """Bring the list to the front, wherever a person has put it."""
        widget: QWidget | None = self.results
        while widget is not None and not isinstance(widget, QDockWidget):
            widget = widget.parentWidget()
        if widget is not None:
            widget.show()
            widget.raise_()
