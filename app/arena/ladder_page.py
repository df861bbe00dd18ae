"""The ladder's page: the ratings in the middle, who plays beside them, and the run at the foot."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.arena.desks import ArenaDesks
from app.arena.ladder import Ladder
from app.arena.page import Page
from app.theme import GRID, PADDING, Theme
from app.viewmodels.arena_ladder import LadderRecord
from app.widgets.job_bar import JobBar
from app.widgets.ladder_adder import LadderAdder
from app.widgets.ladder_chart import LadderChart, LadderLegend
from app.widgets.ladder_heat import LadderHeat
from app.widgets.ladder_plan import LadderPlanPanel
from app.widgets.ladder_table import LadderTable
from app.widgets.page_head import PageHead

_TITLE = "All players of the stored matches on one scale."
_PLAN_WIDTH = 300


class LadderPage(Page):
    """Shows a `Ladder` and tells it what a person wants.

    Attributes:
        desk: the ladder. head, chart, table, heat, plan, bar: its widgets.
    """

    def __init__(self, desks: ArenaDesks) -> None:
        super().__init__()
        self._desks = desks
        self.head, self.bar = PageHead(_TITLE), JobBar("Let the players on the right meet, and rate everybody.")
        self.chart, self.table, self.heat, self._legend = LadderChart(), LadderTable(), LadderHeat(), LadderLegend()
        self._adder = LadderAdder()
        self.plan = LadderPlanPanel(self._adder)
        self._pairs = QPushButton("Who is stronger than whom")
        self._empty, self._sentences = QLabel(), QLabel()
        self._pictures = QStackedWidget()
        self.desk = Ladder(self, desks.jobs, desks.matches, desks.anchors)
        self._lay_out()
        self._connect()

    def show_ladder(self, record: LadderRecord) -> None:
        """See `app.arena.ladder.LadderScreen`."""
        self.head.say(f"{_TITLE} {record.scale}".strip())
        self.chart.show_rows(record.rows)
        self.table.show_rows(record.rows)
        self.heat.show_chances(record.rows, record.superiority)
        self._empty.setText(record.empty)
        self._sentences.setText("\n".join(record.sentences))
        self._sentences.setVisible(bool(record.sentences))
        self._pairs.setEnabled(len(record.rows) > 1)
        self.plan.show_plan(record)
        self.bar.show_job(record.job, record.cost, can_run=record.can_run)
        self._turn()

    @override
    def set_theme(self, theme: Theme) -> None:
        for widget in (self.chart, self._legend, self.table, self.heat, self.plan, self.bar):
            widget.set_theme(theme)
        self.plan.setFixedWidth(theme.room(_PLAN_WIDTH))

    @override
    def turned_to(self) -> None:
        self.desk.open(self.head.domain)
        self._show_generations()

    @override
    def step_back(self) -> bool:
        was_on = self._pairs.isChecked()
        self._pairs.setChecked(False)
        return was_on

    @override
    def told(self) -> dict[str, Any]:
        record = self.desk.record
        return {
            "players": [[row.player, round(row.elo), row.margin_text] for row in record.rows],
            "plan": list(record.plan.players),
            "running": record.job.running,
            "text": record.job.text or record.job.error,
        }

    def _select(self, place: int) -> None:
        self.chart.show_selected(place)
        self.table.show_selected(place)

    def _turn(self) -> None:
        has_rows = bool(self.desk.record.rows)
        shown: QWidget = self._empty if not has_rows else self._wide if not self._pairs.isChecked() else self.heat
        self._pictures.setCurrentWidget(shown)

    def _open_pair(self, upper: int, lower: int) -> None:
        rows = self.desk.record.rows
        match = self.desk.match_between(rows[upper].player, rows[lower].player)
        if match:
            self.match_wanted.emit(match)
        else:
            self.said.emit("These two have not met; their chances come from common opponents.")

    def _show_generations(self) -> None:
        self._adder.show_choices(self.head.domain, self._desks.catalogue.of_domain(self.head.domain))

    def _connect(self) -> None:
        desk, plan = self.desk, self.plan
        self.head.domain_chosen.connect(lambda _: self.turned_to())
        self.chart.row_selected.connect(self._select)
        self.table.row_selected.connect(self._select)
        self.heat.pair_chosen.connect(self._open_pair)
        self._pairs.toggled.connect(lambda _: self._turn())
        self._adder.added.connect(lambda player: desk.add(player))
        plan.added.connect(desk.add)
        plan.removed.connect(desk.remove)
        plan.held.connect(desk.hold)
        plan.pairs_changed.connect(desk.set_pairs)
        plan.pairing_changed.connect(lambda on: desk.set_pairing(all_meet=on))
        plan.all_wanted.connect(desk.take_all)
        self.bar.run_clicked.connect(desk.run)
        self.bar.pause_clicked.connect(desk.pause)
        self.bar.dismissed.connect(desk.job.dismiss)
        self.bar.retry_clicked.connect(self.turned_to)
        self._desks.jobs.watchers.append(desk.conversation_changed)
        self._desks.matches.watchers.append(desk.matches_changed)
        self._desks.catalogue.watchers.append(self._show_generations)

    def _lay_out(self) -> None:
        self._pairs.setProperty("role", "compact")
        self._pairs.setCheckable(True)
        self._pairs.setToolTip("The chance of each to be stronger than each other. (likelihood of superiority)")
        self.head.add(self._pairs)
        for label, role in ((self._empty, "quiet"), (self._sentences, "notice")):
            label.setProperty("role", role)
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentences.setContentsMargins(PADDING, GRID, PADDING, GRID)
        self._sentences.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(_upright(self.chart, self._legend, None))
        self._wide = QSplitter(Qt.Orientation.Horizontal)
        self._wide.setChildrenCollapsible(False)
        for widget, share in ((scroll, 3), (self.table, 2)):
            self._wide.addWidget(widget)
            self._wide.setStretchFactor(self._wide.count() - 1, share)
        self._wide.setSizes([560, 360])
        for page in (self._empty, self._wide, self.heat):
            self._pictures.addWidget(page)
        body = QHBoxLayout()
        body.setSpacing(1)
        body.addWidget(_upright(self._pictures, self._sentences), 1)
        body.addWidget(self.plan)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addLayout(body, 1)
        column.addWidget(self.bar)


def _upright(*widgets: QWidget | None) -> QWidget:
    """Widgets under each other; None = room. The first takes what is left over."""
    host = QWidget()
    column = QVBoxLayout(host)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for widget in widgets:
        if widget is None:
            column.addStretch()
        else:
            column.addWidget(widget, 1 if widget is widgets[0] and None not in widgets else 0)
    return host
