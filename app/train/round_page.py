"""The page on which a round is set up, watched and judged."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.arena.wall_desk import WallDesk
from app.presenter import phrases
from app.theme import GRID, PADDING, Theme
from app.train.desks import TrainDesks
from app.train.page import TrainPage
from app.viewmodels.arena_wall import TileRecord
from app.viewmodels.train_curves import LearningCurves
from app.viewmodels.train_list import round_row
from app.viewmodels.train_minds import pinned_tile
from app.viewmodels.train_replica import RoundReplica
from app.viewmodels.train_setup import TrainSetup, following, problem_of, setup_of, size_words
from app.viewmodels.train_stages import idle_stages, live_stages, stored_stages
from app.viewmodels.train_verdict import verdict_record
from app.widgets.error_line import ErrorLine
from app.widgets.game_wall import GameWall
from app.widgets.train_chart import TrainChart
from app.widgets.train_pinned import PinnedPanel
from app.widgets.train_round_list import RoundList
from app.widgets.train_setup import TrainForm
from app.widgets.train_stages import StageStrip
from app.widgets.train_verdict import VerdictPanel
from engine.domains.base import Line
from engine.service.train_messages import RoundInfo

TICK_MS = 125
_SIDE_WIDTH, _PINNED_WIDTH = 300, 330
_BOARDS = 8
"""As many games as the engine tells of at a time."""
_EMPTY = (
    "A round lets search play against itself, and then teaches the intuition to see at once what search found. At its "
    "end the child meets its parent, so that you know whether it helped. Choose a parent and press “Distil”."
)
_NO_BOARDS = "A few of the games are shown here while they are played."


class RoundPage(TrainPage):
    """The form over the list of rounds; beside them stages, games or verdict, pinned positions, and curves.

    Attributes:
        form, rounds, stages, wall, pinned, charts, verdict, error: its widgets.
    """

    def __init__(self, desks: TrainDesks) -> None:
        super().__init__()
        self._desks, self._desk = desks, desks.rounds
        self.form, self.rounds, self.error = TrainForm(), RoundList(), ErrorLine()
        self.stages, self.wall, self.pinned, self.verdict = StageStrip(), GameWall(), PinnedPanel(), VerdictPanel()
        self.charts = tuple(TrainChart() for _ in LearningCurves().charts())
        self.headline = QLabel()
        self._wall_desk = WallDesk()
        self._followed: object = None
        self._filled_for = ("", "")
        self._domain = ""
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._advance)
        self._lay_out()
        self._connect()
        self.form.show_setup(TrainSetup())
        self._show_all()

    @override
    def set_theme(self, theme: Theme) -> None:
        for widget in (self.form, self.stages, self.wall, self.pinned, self.verdict, self.error):
            widget.set_theme(theme)
        for chart in self.charts:
            chart.set_theme(theme)

    @override
    def set_motion(self, moving: bool) -> None:
        self.wall.set_motion(moving)

    @override
    def toggle(self) -> None:
        self.form.press_start()

    @override
    def told(self) -> dict[str, Any]:
        desk, live = self._desk, self._desk.live
        return {
            "selected": desk.selected,
            "size": self.form.setup().size,
            "busy": desk.is_busy,
            "pausing": desk.is_pausing,
            "stage": live.stage if live is not None else "",
            "done": dict(live.done) if live is not None else {},
            "games": len(live.games.games) if live is not None else 0,
            "plies": sum(len(game.actions) for game in live.games.games.values()) if live is not None else 0,
            "boards": sum(tile is not None for tile in self.wall.tiles),
            "step": live.curves.step if live is not None else 0,
            "pinned": [[trace.values[-1][0], trace.now.value] for trace in live.pinned] if live is not None else [],
            "listed": [[info.round, info.standing] for info in desk.listed or ()],
            "headline": self.headline.text(),
            "error": self.error.accessibleName() if self.error.isVisible() else "",
        }

    @override
    def showEvent(self, event: QShowEvent) -> None:
        self._tick.start()
        self._show_all()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._tick.stop()

    # -- what a person does --------------------------------------------------------------------------------------------

    def _start(self) -> None:
        """Go on with the round that is looked at, where it stands still; else begin another."""
        desk = self._desk
        if desk.can_go_on(desk.selected):
            desk.go_on(desk.selected)
        elif not self._problem():
            desk.start(self.form.setup())

    def _changed(self) -> None:
        setup = self.form.setup()
        if setup.domain != self._domain:
            self._offer_generations()
        if self._desk.can_go_on(self._desk.selected):  # another round is meant than the one that stands there
            self._desk.select("")
        self._show_words()
        self._show_pinned()

    def pin_explored(self) -> None:
        """Pin the position that stands in Explore."""
        domain, line = self._desks.explored()
        if domain != self.form.setup().domain:
            self.said.emit("Explore shows another domain. Choose it here first, or there.")
        else:
            self.said.emit(self._desk.pin(domain, line))

    def _open_position(self, line: Line) -> None:
        self._desks.show_in_explore(self._shown_domain(), line)

    def _open_game(self, number: int) -> None:
        live = self._desk.live
        if live is not None and number in live.games.games:
            self._desks.show_in_explore(live.order.domain, live.games.games[number].line)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _offer_generations(self) -> None:
        setup = self.form.setup()
        self._domain = setup.domain
        known = self._desks.catalogue.of_domain(setup.domain)
        self.form.set_generations(known)
        self._show_words()
        self._show_run()

    def _problem(self) -> str:
        if not self._desks.catalogue.generations:
            return self._desks.catalogue.trouble or "The generations are being read …"
        return problem_of(self.form.setup(), self._desks.catalogue.of_domain(self.form.setup().domain))

    def _show_words(self) -> None:
        problem = self._problem()
        self.form.show_words("" if problem else size_words(self.form.setup(), self._desk.listed or ()), problem)

    def _show_run(self) -> None:
        desk = self._desk
        self.form.show_run(
            is_busy=desk.is_busy,
            is_pausing=desk.is_pausing,
            can_go_on=desk.can_go_on(desk.selected),
            can_start=not self._problem(),
        )

    def _show_all(self) -> None:
        """Everything but boards, which have a pace of their own."""
        desk, now = self._desk, datetime.now().astimezone()
        shown = desk.shown()
        self._fill_form()
        self._show_words()
        self._show_run()
        rows = tuple(round_row(self._as_it_is(info), now) for info in desk.listed or ())
        self.rounds.show_rows(rows, desk.selected, can_act=not desk.is_busy)
        self.error.show_error(desk.trouble)
        self._show_round()
        games = shown.games if isinstance(shown, RoundReplica) else None
        if games is not self._followed:
            self._followed = games
            self._wall_desk.follow(games)
            self.wall.clear()

    def _as_it_is(self, info: RoundInfo) -> RoundInfo:
        """What was found of a round, and where it is now if it is the one that is made."""
        live = self._desk.live
        if live is None or not self._desk.is_busy or live.round != info.round:
            return info
        return msgspec.structs.replace(info, stage=live.stage, standing="running")

    def _fill_form(self) -> None:
        """A round that is looked at stands in the form; once it is over, the one that would follow it."""
        info = self._desk.info(self._desk.selected)
        order = info.order if info is not None else None
        if info is None or order is None:
            return
        if (info.round, info.standing) != self._filled_for:
            self._filled_for = (info.round, info.standing)
            setup = setup_of(order, self.form.setup())
            if info.standing == "done":
                setup = following(setup, info)
            self.form.show_setup(setup)
            self._offer_generations()
            self.form.show_setup(setup)

    def _show_round(self) -> None:
        """Stages, headline, curves, pinned positions, and what lies in the middle."""
        desk, shown = self._desk, self._desk.shown()
        report: dict[str, Any] | None = None
        if isinstance(shown, RoundReplica):
            self.stages.show_stages(live_stages(shown, is_running=desk.is_busy))
            report = shown.report
            self.headline.setText(self._live_headline(shown))
        elif shown is not None:
            self.stages.show_stages(stored_stages(shown))
            report = shown.report if shown.standing == "done" else None
            self.headline.setText(f"{shown.order.parent if shown.order else '?'} → {shown.round}: {shown.text}")
        else:
            self.stages.show_stages(idle_stages())
            self.headline.setText(self._waiting() if desk.is_busy else _EMPTY)
        if report is not None:
            self.verdict.show_verdict(verdict_record(report, phrases(report["domain"])))
        self._middle.setCurrentWidget(self.verdict if report is not None else self.wall)
        curves = shown.curves if isinstance(shown, RoundReplica) else LearningCurves()
        for chart, record in zip(self.charts, curves.charts(), strict=True):
            chart.show_chart(record)
        self._show_pinned()

    def _live_headline(self, shown: RoundReplica) -> str:
        desk = self._desk
        which = f", round {shown.number} of {shown.rounds}" if shown.rounds > 1 else ""
        name = f"{shown.order.parent} → {shown.round}{which}"
        if desk.is_pausing:
            return f"{name}: finishing what is in hand …"
        if desk.is_busy:
            return f"{name}: {self._desks.talk.doing or shown.text or 'beginning …'}"
        if shown.stage == "done":
            return f"{name}: done."
        if shown.report is not None:
            return f"{name}: its games are played. Look at its lessons, then “Go on” to let it learn."
        return f"{name}: paused. “Go on” takes it up where it is."

    def _waiting(self) -> str:
        return self._desks.talk.doing or "The engine makes itself ready …"

    def _show_pinned(self) -> None:
        domain, live = self._shown_domain(), self._desk.live
        words = phrases(domain)
        traces = {trace.line: trace for trace in live.pinned} if self._desk.shown() is live and live is not None else {}
        self.pinned.show_tiles(tuple(pinned_tile(line, traces.get(line), words) for line in self._desk.pins(domain)))

    def _shown_domain(self) -> str:
        shown = self._desk.shown()
        order = shown.order if shown is not None else None
        return order.domain if order is not None else self.form.setup().domain

    def _advance(self) -> None:
        """One turn of boards."""
        shown = self._desk.shown()
        games = shown.games if isinstance(shown, RoundReplica) else None
        if games is not self._followed:
            self._show_all()
        if games is not None and games.games:
            card = phrases(games.order.domain).card(next(iter(games.games.values())).line)
            self.wall.make_room(card.rows, card.columns, _BOARDS)
        tiles = self._wall_desk.advance(self.wall.capacity)
        self.wall.show_tiles({place: self._named(tile) for place, tile in tiles.items()})
        self.wall.show_waiting(self._waiting_for_boards())

    def _named(self, tile: TileRecord | None) -> TileRecord | None:
        """Both players are the same; the colours tell them apart."""
        if tile is None:
            return None
        first, second = phrases(self._shown_domain()).notation.players[:2]
        return replace(tile, first=first, second=second)

    def _waiting_for_boards(self) -> str:
        live = self._desk.live
        if not self._desk.is_busy:
            return _NO_BOARDS
        return (live.text if live is not None else "") or self._waiting()

    def _connect(self) -> None:
        desk = self._desk
        self.form.changed.connect(self._changed)
        self.form.start_clicked.connect(self._start)
        self.form.pause_clicked.connect(desk.pause)
        self.form.cancel_clicked.connect(desk.cancel)
        self.rounds.opened.connect(desk.select)
        self.rounds.continued.connect(desk.go_on)
        self.rounds.lessons_wanted.connect(self.lessons_wanted)
        self.error.dismissed.connect(desk.forget_trouble)
        self.pinned.pin_clicked.connect(self.pin_explored)
        self.pinned.unpinned.connect(lambda line: desk.unpin(self._shown_domain(), line))
        self.pinned.explore_wanted.connect(self._open_position)
        self.verdict.explore_wanted.connect(self._open_position)
        self.wall.game_chosen.connect(self._open_game)
        self.wall.capacity_changed.connect(lambda _: self._wall_desk.start_again())
        desk.watchers.append(self._show_all)
        self._desks.talk.watchers.append(self._show_all)
        self._desks.catalogue.watchers.append(self._offer_generations)

    def _lay_out(self) -> None:
        self.headline.setWordWrap(True)
        self.headline.setTextFormat(Qt.TextFormat.PlainText)
        self.headline.setContentsMargins(PADDING, GRID, PADDING, 0)
        self.wall.setAccessibleName("Games of the round")
        self._middle = QStackedWidget()
        self._middle.addWidget(self.wall)
        self._middle.addWidget(self.verdict)
        upper = QSplitter(Qt.Orientation.Horizontal)
        upper.setChildrenCollapsible(False)
        upper.addWidget(self._middle)
        upper.addWidget(self.pinned)
        upper.setStretchFactor(0, 1)
        upper.setSizes([10_000, _PINNED_WIDTH])
        charts = QWidget()
        row = QHBoxLayout(charts)
        row.setContentsMargins(PADDING, GRID, PADDING, GRID)
        row.setSpacing(2 * GRID)
        for chart in self.charts:
            row.addWidget(chart, 1)
        body = QSplitter(Qt.Orientation.Vertical)
        body.setChildrenCollapsible(False)
        body.addWidget(upper)
        body.addWidget(charts)
        body.setStretchFactor(0, 1)
        body.setSizes([10_000, 170])
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.headline)
        column.addWidget(self.stages)
        column.addWidget(body, 1)
        left = QWidget()
        side = QVBoxLayout(left)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(0)
        side.addWidget(self.form)
        side.addWidget(self.rounds, 1)
        whole = QSplitter(Qt.Orientation.Horizontal)
        whole.setChildrenCollapsible(False)
        whole.addWidget(left)
        whole.addWidget(right)
        whole.setStretchFactor(1, 1)
        whole.setSizes([_SIDE_WIDTH, 4 * _SIDE_WIDTH])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.error)
        outer.addWidget(whole, 1)
