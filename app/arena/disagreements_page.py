"""The page of disagreements: small boards, who was right on each, and how often in all."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout
from typing_extensions import override

from app.arena.desks import ArenaDesks
from app.arena.disagreements import DisagreementBrowser
from app.arena.page import Page
from app.theme import Theme
from app.viewmodels.arena_disagreements import DisagreementsRecord
from app.widgets.disagreement_plan import DisagreementPlanPanel
from app.widgets.disagreement_wall import DisagreementWall
from app.widgets.job_bar import JobBar
from app.widgets.page_head import PageHead
from app.widgets.player_picker import PlayerPicker
from engine.domains.base import Line

_TITLE = "Where two players differ most, and who was right by a deep search."
_IDLE = "Values and losses are those of the player to move, from −1 to 1. No games are played for this."
_PLAN_WIDTH = 320


class DisagreementsPage(Page):
    """Shows a `DisagreementBrowser` and tells it what a person wants.

    Attributes:
        desk: the hunt. head, wall, plan, bar, a, b: its widgets.
    """

    def __init__(self, desks: ArenaDesks) -> None:
        super().__init__()
        self._desks = desks
        self.head, self.bar = PageHead(_TITLE), JobBar("Look for the positions on which they differ most.")
        self.a, self.b = PlayerPicker("Player A"), PlayerPicker("Player B")
        self.wall, self.plan, self._empty = DisagreementWall(), DisagreementPlanPanel(self.a, self.b), QLabel()
        self._pictures = QStackedWidget()
        self._offered = ""
        self.desk = DisagreementBrowser(self, desks.jobs, desks.matches)
        self._lay_out()
        self._connect()

    def show_disagreements(self, record: DisagreementsRecord) -> None:
        """See `app.arena.disagreements.DisagreementsScreen`."""
        self.head.say(record.summary or _TITLE)
        for picker, player in ((self.a, record.a), (self.b, record.b)):
            if player and picker.player() != player:
                picker.set_player(player)
        self.wall.show_tiles(record.tiles)
        self.plan.show_plan(record)
        self._empty.setText(record.empty)
        self._pictures.setCurrentWidget(self._empty if record.empty else self.wall)
        same = record.a == record.b and bool(record.a)
        idle = "These are the same player: choose two." if same else _IDLE
        self.bar.show_job(record.job, idle, can_run=record.can_run)

    @override
    def set_theme(self, theme: Theme) -> None:
        for widget in (self.wall, self.bar):
            widget.set_theme(theme)
        self.plan.setFixedWidth(theme.room(_PLAN_WIDTH))

    @override
    def turned_to(self) -> None:
        self.desk.open(self.head.domain)
        self._show_choices()

    @override
    def take_players(self, domain: str, a: str, b: str) -> None:
        self.head.show_domain(domain)
        self.turned_to()
        self.desk.set_players(a, b)

    @override
    def told(self) -> dict[str, Any]:
        record = self.desk.record
        return {
            "players": [record.a, record.b],
            "found": len(record.tiles),
            "summary": record.summary,
            "running": record.job.running,
            "text": record.job.text or record.job.error,
        }

    def _show_choices(self) -> None:
        """Offer the generations there are; the players already chosen stay."""
        domain = self.head.domain
        generations = self._desks.catalogue.of_domain(domain)
        for picker in (self.a, self.b):
            picker.set_choices(domain, generations)
        if domain != self._offered:  # another domain: its newest generation, with search against intuition alone
            self._offered = domain if generations else ""
            newest = generations[-1].id if generations else ""
            self.a.set_player(f"{newest}@64" if newest else "random")
            self.b.set_player(newest or "uniform@64")
        self._take_players()

    def _take_players(self) -> None:
        self.desk.set_players(self.a.player(), self.b.player())

    def _open_head_to_head(self, line: Line) -> None:
        record = self.desk.record
        self.position_wanted.emit(record.domain, line, (record.a, record.b))

    def _connect(self) -> None:
        desk, plan = self.desk, self.plan
        self.head.domain_chosen.connect(lambda _: self.turned_to())
        for picker in (self.a, self.b):
            picker.player_changed.connect(lambda _: self._take_players())
        plan.match_chosen.connect(desk.set_match)
        plan.amounts_changed.connect(desk.set_amounts)
        plan.judge_chosen.connect(desk.set_judge)
        self.wall.explore_wanted.connect(lambda line: self._desks.show_in_explore(self.desk.domain, line))
        self.wall.head_to_head_wanted.connect(self._open_head_to_head)
        self.bar.run_clicked.connect(desk.run)
        self.bar.pause_clicked.connect(desk.pause)
        self.bar.dismissed.connect(desk.job.dismiss)
        self.bar.retry_clicked.connect(desk.run)
        self._desks.jobs.watchers.append(desk.conversation_changed)
        self._desks.matches.watchers.append(desk.matches_changed)
        self._desks.catalogue.watchers.append(self._show_choices)

    def _lay_out(self) -> None:
        self._empty.setProperty("role", "quiet")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pictures.addWidget(self._empty)
        self._pictures.addWidget(self.wall)
        body = QHBoxLayout()
        body.setSpacing(1)
        body.addWidget(self._pictures, 1)
        body.addWidget(self.plan)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addLayout(body, 1)
        column.addWidget(self.bar)
