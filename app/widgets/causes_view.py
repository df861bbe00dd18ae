"""Where does this Q come from: rows that each lead to a node of the tree or to a moment of the search."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.theme import GRID, Theme
from app.viewmodels.figures import count
from app.viewmodels.why_records import CauseRow, CausesRecord
from app.widgets.cause_list import CauseList


class CausesView(QWidget):
    """The summary, the branches, the evaluations and the changes of mind.

    Signals:
        node_wanted(int): a node is to be selected. moment_wanted(int): a moment is to be looked at.
        since_wanted(bool): explain from the moment looked at on (True), or from the node's birth.
    """

    node_wanted = Signal(int)
    moment_wanted = Signal(int)
    since_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._summary = QLabel()
        self._summary.setWordWrap(True)
        self._lists: list[tuple[QLabel, CauseList]] = []
        self._since = QPushButton()
        self._since.setProperty("role", "compact")
        self._since.clicked.connect(self._ask_since)
        self._is_since = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self._summary)
        for title, tooltip in (
            ("Through", "Children that moved the value most, and where that came from below them."),
            ("Evaluations that did it", "Single states that were looked at there. Leaf evaluations."),
            ("Changes of mind", "Spans of a tenth of all visits over which the average moved most."),
        ):
            heading, rows = QLabel(title), CauseList()
            heading.setProperty("role", "quiet")
            heading.setToolTip(tooltip)
            rows.setAccessibleName(title)
            rows.chosen.connect(self._choose)
            self._lists.append((heading, rows))
            column.addWidget(heading)
            column.addWidget(rows)
        foot = QHBoxLayout()
        foot.addWidget(self._since)
        foot.addStretch()
        column.addLayout(foot)

    def show_causes(self, record: CausesRecord | None) -> None:
        """Show `record`."""
        found = record or CausesRecord("")
        self._summary.setText(found.summary)
        for (heading, rows), content in zip(
            self._lists, (found.branches, found.evaluations, found.swings), strict=True
        ):
            heading.setVisible(bool(content))
            rows.setVisible(bool(content))
            rows.show_rows(content, max((abs(row.share) for row in content), default=1.0))
        self._is_since = found.since >= 0
        self._since.setText(f"Since {count(found.since)}: explain all" if self._is_since else "Explain from here on")
        self._since.setToolTip(
            "Explain everything since the first visit again."
            if self._is_since
            else "Explain only what changes after the moment that is looked at now."
        )

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        for _, rows in self._lists:
            rows.set_theme(theme)

    def _choose(self, row: CauseRow) -> None:
        if row.node >= 0:
            self.node_wanted.emit(row.node)
        if row.moment >= 0:
            self.moment_wanted.emit(row.moment)

    def _ask_since(self) -> None:
        self.since_wanted.emit(not self._is_since)
