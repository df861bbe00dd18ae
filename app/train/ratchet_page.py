"""The page of the ratchet: what generation after generation gained, and what fuel is left."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QVBoxLayout
from typing_extensions import override

from app.theme import GRID, PADDING, Theme
from app.train.desks import TrainDesks
from app.train.page import TrainPage
from app.viewmodels.train_ratchet import RatchetRecord, ratchet_record, tips
from app.widgets.page_head import PageHead
from app.widgets.train_ratchet import RatchetChart
from engine.domains import registry

_TITLE = "What each generation gained over the first one, by intuition alone and with search."
_EMPTY = (
    "No generation of this domain was matched against its parent yet. Every round ends with such a match, and adds a "
    "point here: turn the ratchet on the page “Round”."
)
_LEGEND = (
    "Diamonds, gold: by intuition alone. Discs, dashed: with the search of the rounds, where that was measured. The "
    "gap between them is the fuel that is left. Bars: 95 %."
)


class RatchetPage(TrainPage):
    """A chart of one line of generations.

    Attributes:
        chart: it.
    """

    def __init__(self, desks: TrainDesks) -> None:
        super().__init__()
        self._desks = desks
        self.chart = RatchetChart()
        self.record = RatchetRecord()
        self._head, self._tip = PageHead(_TITLE), QComboBox()
        self._tip.setAccessibleName("Line of generations")
        self._tip.setToolTip("Which line: the last generation of each.")
        self._head.add(self._tip)
        self._summary, self._legend, self._empty = _words(""), _words("quiet"), _words("quiet")
        self._legend.setText(_LEGEND)
        self._empty.setText(_EMPTY)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setContentsMargins(8 * PADDING, 0, 8 * PADDING, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, GRID)
        column.setSpacing(GRID // 2)
        for widget in (self._head, self._summary, self.chart, self._empty, self._legend):
            column.addWidget(widget, 1 if widget in (self.chart, self._empty) else 0)
        self._head.domain_chosen.connect(lambda _: self._offer())
        self._tip.activated.connect(lambda _: self._show())
        desks.catalogue.watchers.append(self._offer)
        self._offer()

    @override
    def set_theme(self, theme: Theme) -> None:
        self.chart.set_theme(theme)

    @override
    def turned_to(self) -> None:
        """The domain of the round that is looked at; where that has no ratchet, one that has."""
        shown = self._desks.rounds.shown()
        order = shown.order if shown is not None else None
        wanted = [order.domain] if order is not None else []
        for domain in (*wanted, self._head.domain, *registry.names()):
            if tips(self._desks.catalogue.of_domain(domain)):
                self._head.show_domain(domain)
                break
        self._offer()

    @override
    def told(self) -> dict[str, Any]:
        return {
            "domain": self._head.domain,
            "points": [[point.id, point.intuition.elo] for point in self.record.points],
            "summary": self.record.summary,
        }

    def _offer(self) -> None:
        """The lines there are; the newest first, and the one looked at stays."""
        found = tips(self._desks.catalogue.of_domain(self._head.domain))
        chosen = self._tip.currentData()
        self._tip.clear()
        for tip in reversed(found):
            self._tip.addItem(f"to {tip}", tip)
        self._tip.setCurrentIndex(max(self._tip.findData(chosen), 0))
        self._tip.setVisible(len(found) > 1)
        self._show()

    def _show(self) -> None:
        tip = self._tip.currentData()
        known = self._desks.catalogue.of_domain(self._head.domain)
        self.record = ratchet_record(known, str(tip)) if tip else RatchetRecord()
        is_there = bool(self.record.points)
        self.chart.show_ratchet(self.record)
        self._summary.setText(self.record.summary)
        for widget in (self.chart, self._summary, self._legend):
            widget.setVisible(is_there)
        self._empty.setVisible(not is_there)


def _words(role: str) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setContentsMargins(PADDING, 0, PADDING, 0)
    if role:
        label.setProperty("role", role)
    return label
