"""The match page: set a match up, watch it, and see what it says. Earlier matches are opened and go on from here."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from app.arena.desks import ArenaDesks
from app.arena.page import Page
from app.arena.wall_desk import WallDesk
from app.presenter import phrases
from app.theme import GRID, PADDING, Theme
from app.viewmodels.arena_list import MatchRow, match_row
from app.viewmodels.arena_score import score_record
from app.viewmodels.arena_setup import Setup, cost_words, known_pace, order_of, setup_of
from app.viewmodels.match_replica import MatchReplica
from app.widgets.error_line import ErrorLine
from app.widgets.game_wall import GameWall
from app.widgets.icons import set_icon
from app.widgets.match_list import MatchList
from app.widgets.match_setup import MatchSetup
from app.widgets.score_board import ScoreBoard
from engine.arena.curves import Curves, curves
from engine.arena.order import MatchOrder
from engine.service.arena_messages import MatchInfo

TICK_MS = 125
"""Boards and figures change eight times a second at most."""
_SIDE_WIDTH = 320
_WANTED, _MOST_WANTED = 12, 30
"""Boards that there should be room for, where fewer or more are played at a time; more are too small to watch."""
_UNIFORM = "uniform"


class MatchPage(Page):
    """A card to set a match up over the list of earlier ones; beside them the scoreboard over the wall of boards.

    Attributes:
        setup, matches, score, wall: its widgets.
    """

    def __init__(self, desks: ArenaDesks) -> None:
        super().__init__()
        self._desks, self._desk = desks, desks.matches
        self.setup, self.matches = MatchSetup(), MatchList()
        self.score, self.wall, self.error = ScoreBoard(), GameWall(), ErrorLine()
        self._wall_desk = WallDesk()
        self._shown: MatchReplica | None = None
        self._listed: tuple[MatchInfo, ...] | None = None
        self._rows: tuple[MatchRow, ...] = ()
        self._domain = ""
        self._is_untouched = True
        self._most_live = 0
        self._drawn_pairs = -1
        self._is_drawing = False
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._advance)
        self._lay_out()
        self._connect()
        self._offer_players()
        self._show_all()

    @override
    def set_theme(self, theme: Theme) -> None:
        for widget in (self.score, self.wall, self.error):
            widget.set_theme(theme)
        for button, name in ((self._before, "chevron-left"), (self._after, "chevron-right")):
            set_icon(button, name, theme)

    @override
    def set_motion(self, moving: bool) -> None:
        self.wall.set_motion(moving)

    @override
    def toggle(self) -> None:
        self.setup.press_start()

    @override
    def take_players(self, domain: str, a: str, b: str) -> None:
        self.setup.show_setup(replace(self.setup.setup(), domain=domain, a=a, b=b))
        self._domain, self._is_untouched = domain, False
        self.setup.set_generations(self._desks.catalogue.of_domain(domain))
        self._show_all()

    @override
    def told(self) -> dict[str, Any]:
        shown = self._desk.shown
        hung = {place: tile for place, tile in enumerate(self.wall.tiles) if tile is not None}
        return {
            "match": shown.match if shown is not None else "",
            "a": self.setup.a.player(),
            "b": self.setup.b.player(),
            "busy": self._desk.is_busy,
            "pausing": self._desk.is_pausing,
            "measuring": self._desk.is_measuring,
            "stopped": shown.stopped if shown is not None else None,
            "games": len(shown.games) if shown is not None else 0,
            "finished": shown.finished if shown is not None else 0,
            "counted": shown.counts.games if shown is not None else 0,
            "pentanomial": list(shown.counts.pentanomial) if shown is not None else [],
            "plies": sum(len(game.actions) for game in shown.games.values()) if shown is not None else 0,
            "listed": [[info.match, info.state] for info in self._desk.listed or ()],
            "boards": len(hung),
            "tiles": {str(tile.game): self._tile_point(place) for place, tile in hung.items()},
            "error": self.error.accessibleName() if self.error.isVisible() else "",
        }

    def _tile_point(self, place: int) -> list[int]:
        """The middle of a board, in pixels of the screen."""
        there, scale = self.wall.mapToGlobal(self.wall.tile_rect(place).center()), self.wall.devicePixelRatioF()
        return [round(scale * there.x()), round(scale * there.y())]

    @override
    def showEvent(self, event: QShowEvent) -> None:
        self._tick.start()
        self._advance()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._tick.stop()

    def _connect(self) -> None:
        self.setup.changed.connect(self._setup_changed)
        self.setup.start_clicked.connect(self._start)
        self.setup.pause_clicked.connect(self._desk.pause)
        self.setup.measure_clicked.connect(self._measure)
        self.matches.opened.connect(self._open)
        self.matches.continued.connect(self._go_on)
        self.matches.removed.connect(self._desk.remove)
        self.matches.put_back.connect(self._desk.put_back)
        self.error.dismissed.connect(self._desk.forget_trouble)
        self.wall.game_chosen.connect(self._choose_game)
        self.wall.capacity_changed.connect(lambda _: self._wall_desk.start_again())
        self._before.clicked.connect(lambda: self._turn(-1))
        self._after.clicked.connect(lambda: self._turn(1))
        self._desk.watchers.append(self._show_all)
        self._desks.jobs.watchers.append(self._show_all)
        self._desks.catalogue.watchers.append(self._offer_players)

    # -- what a person does --------------------------------------------------------------------------------------------

    def _start(self) -> None:
        """Play on the match that is looked at, where it was paused and the form was not changed; else a new one."""
        order, paused = self._order(), self._paused_match()
        if paused:
            self._go_on(paused)
        elif order is not None:
            self._desk.start(order)

    def _measure(self) -> None:
        order = self._order()
        if order is not None:
            self._desk.measure(order)

    def _open(self, match: str) -> None:
        if not (self._shown is not None and self._shown.match == match):
            self._desk.open(match)

    def _go_on(self, match: str) -> None:
        if self._desks.jobs.is_working:
            self.said.emit("Something else is at work. Pause that first.")
        else:
            self._desk.go_on(match)

    def _choose_game(self, game: int) -> None:
        if self._shown is not None:
            self.game_wanted.emit(self._shown.match, game)

    def _turn(self, by: int) -> None:
        self._wall_desk.turn(by, self.wall.capacity)
        self._advance()

    def _setup_changed(self) -> None:
        self._is_untouched = False
        self._show_run()
        if self.setup.setup().domain != self._domain:
            self._offer_players()
        self._show_cost()

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _offer_players(self) -> None:
        """The generations of the domain; a first choice where there is none yet."""
        setup = self.setup.setup()
        is_other = setup.domain != self._domain
        self._domain = setup.domain
        known = self._desks.catalogue.of_domain(setup.domain)
        self.setup.set_generations(known)
        if is_other or (known and self._is_untouched):
            self._is_untouched = not known
            best = known[-1].id if known else _UNIFORM
            first = Setup(setup.domain, f"{best}@16" if known else f"{_UNIFORM}@64", best, setup.openings)
            self.setup.show_setup(first)
        self._show_all()

    def _show_all(self) -> None:
        """Everything but boards and figures, which have a pace of their own."""
        desk = self._desk
        self._show_run()
        self.error.show_error(desk.trouble)
        self._show_cost()
        if desk.shown is not self._shown:
            self._follow(desk.shown)
        if desk.listed is not self._listed:
            self._listed, now = desk.listed, datetime.now().astimezone()
            self._rows = tuple(match_row(info, now) for info in desk.listed or ())
        looked_at = self._shown.match if self._shown is not None else ""
        self.matches.show_rows(self._rows, looked_at, can_put_back=bool(desk.removed))
        if self.isVisible():
            self._show_score()

    def _show_run(self) -> None:
        desk = self._desk
        self.setup.show_run(
            is_busy=desk.is_busy,
            is_pausing=desk.is_pausing,
            is_measuring=desk.is_measuring,
            is_paused=bool(self._paused_match()),
        )

    def _paused_match(self) -> str:
        """Id of the match that is looked at, where it can go on and the form still says it; else ""."""
        shown = self._shown
        states = {info.match: info.state for info in self._desk.listed or ()}
        if shown is None or states.get(shown.match) != "paused" or self.setup.setup() != setup_of(shown.order):
            return ""
        return shown.match

    def _follow(self, replica: MatchReplica | None) -> None:
        """Look at another match; its players stand in the form, to be met again."""
        self._shown, self._drawn_pairs, self._most_live = replica, -1, 0
        self._wall_desk.follow(replica)
        self.wall.clear()
        self.score.show_curves(None)
        self.score.setVisible(replica is not None)
        if replica is not None:
            setup = setup_of(replica.order)
            self.setup.show_setup(setup)
            self._domain = setup.domain
            self.setup.set_generations(self._desks.catalogue.of_domain(setup.domain))

    def _show_cost(self) -> None:
        """What is set up would cost, or what is wrong with it."""
        try:
            order = order_of(self.setup.setup())
            found = self._desk.estimate
            measured = found if found is not None and found.order == order else None
            pace = known_pace(order, self._desk.listed or ())
            words = cost_words(order, pace, measured.cost if measured is not None else None)
            words = f"Nothing could be measured: {measured.trouble}" if measured and measured.trouble else words
            problem = ""
        except ValueError as error:
            words, problem = "", f"{str(error)[:1].upper()}{str(error)[1:]}."
        is_free = not self._desks.jobs.is_working
        self.setup.show_cost(words, problem, can_measure=is_free)

    def _advance(self) -> None:
        """One turn of boards and figures."""
        shown = self._shown
        if shown is not None:
            card = phrases(shown.order.domain).card(next(iter(shown.games.values())).line) if shown.games else None
            if card is not None:
                self.wall.make_room(card.rows, card.columns, min(max(self._live_at_once(shown), _WANTED), _MOST_WANTED))
        self.wall.show_tiles(self._wall_desk.advance(self.wall.capacity))
        self.wall.show_waiting(
            (self._desks.jobs.doing or "The players take their seats …") if self._desk.is_busy else ""
        )
        self._page.setText(self._wall_desk.page_words(self.wall.capacity, is_playing=self._is_playing()))
        is_turning = shown is not None and len(shown.games) > 0
        self._before.setEnabled(is_turning)
        self._after.setEnabled(is_turning)
        self._show_score()

    def _live_at_once(self, shown: MatchReplica) -> int:
        """Boards that are played side by side; never fewer than there were, so that nothing jumps."""
        self._most_live = max(self._most_live, len(shown.live))
        return self._most_live

    def _show_score(self) -> None:
        shown = self._shown
        if shown is None:
            return
        record = score_record(shown, is_playing=self._is_playing(), is_pausing=self._desk.is_pausing)
        self.score.show_score(record)
        if shown.counts.pairs != self._drawn_pairs and not self._is_drawing and shown.counts.pairs:
            self._is_drawing = True
            points, sprt = np.array(shown.pair_points), shown.order.sprt
            work = partial(curves, points, sprt.sprt() if sprt is not None else None)
            self._desks.background.run(work, partial(self._draw, shown, len(points)), self._not_drawn)

    def _is_playing(self) -> bool:
        """Whether the match that is looked at is the one that is played."""
        return self._desk.is_busy and self._shown is not None and self._shown.match == self._desk.playing

    def _draw(self, replica: MatchReplica, pairs: int, found: Curves) -> None:
        self._is_drawing = False
        if replica is self._shown:
            self._drawn_pairs = pairs
            self.score.show_curves(found)

    def _not_drawn(self, error: Exception) -> None:
        self._is_drawing = False
        self.error.show_error(f"The chart cannot be drawn: {error}")

    def _order(self) -> MatchOrder | None:
        try:
            return order_of(self.setup.setup())
        except ValueError:
            return None  # the form says why

    def _lay_out(self) -> None:
        self._page = QLabel()
        self._page.setProperty("role", "quiet")
        self._before, self._after = _turner("Earlier games"), _turner("Later games")
        head = QHBoxLayout()
        head.setContentsMargins(PADDING, 0, PADDING, 0)
        head.setSpacing(GRID)
        heading = QLabel("Boards")
        heading.setProperty("role", "heading")
        head.addWidget(heading)
        head.addWidget(self._page, 1)
        head.addWidget(self._before)
        head.addWidget(self._after)
        boards = QWidget()
        column = QVBoxLayout(boards)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.wall, 1)
        self.score.hide()
        right = _split(Qt.Orientation.Vertical, (self.score, boards), 1)
        left = _split(Qt.Orientation.Vertical, (self.setup, self.matches), 1)
        left.setSizes([470, 250])
        whole = _split(Qt.Orientation.Horizontal, (left, right), 1)
        whole.setSizes([_SIDE_WIDTH, 4 * _SIDE_WIDTH])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.error)
        outer.addWidget(whole, 1)


def _split(orientation: Qt.Orientation, widgets: tuple[QWidget, QWidget], stretch: int) -> QSplitter:
    """Two widgets with an edge that can be dragged; widget number `stretch` takes the room."""
    splitter = QSplitter(orientation)
    splitter.setChildrenCollapsible(False)
    for widget in widgets:
        splitter.addWidget(widget)
    splitter.setStretchFactor(1 - stretch, 0)
    splitter.setStretchFactor(stretch, 1)
    return splitter


def _turner(text: str) -> QToolButton:
    button = QToolButton()
    button.setProperty("role", "plain")
    button.setToolTip(f"{text}.")
    button.setAccessibleName(text)
    return button
