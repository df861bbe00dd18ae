"""The page of one game of a match: the board, the moves, both trees, and both curves under them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QLabel, QSizePolicy, QSplitter, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.arena.desks import ArenaDesks
from app.arena.game_viewer import SPEEDS_S, GameViewer
from app.arena.page import Page
from app.screen import Seats
from app.theme import PADDING, Theme
from app.viewmodels.arena_game import GameViewRecord, game_in
from app.viewmodels.comparison import Pictures
from app.viewmodels.match_replica import MatchReplica
from app.viewmodels.replica import Mapping
from app.widgets.arena_game_curves import GameCurves
from app.widgets.arena_game_head import GameHead, GameTransport
from app.widgets.board_panel import BoardPanel
from app.widgets.head_to_head_trees import DuelTrees
from app.widgets.move_list import MoveList

_TICK_MS = 60
_SHARES = (3, 7)
"""Of the width, for the board and for the trees."""
_EMPTY = "Click a game on the wall of a match, and it is shown here, move by move, with what both players thought."


class GamePage(Page):
    """Shows a `GameViewer` and tells it what a person wants.

    Attributes:
        desk: the game. head, board, transport, moves, trees, curves: its widgets.
    """

    def __init__(self, desks: ArenaDesks) -> None:
        super().__init__()
        self._desks = desks
        self._match: MatchReplica | None = None
        self._record: GameViewRecord | None = None
        self.head, self.transport = GameHead(), GameTransport(SPEEDS_S, SPEEDS_S[1])
        self.board, self.moves = BoardPanel(), MoveList()
        self.trees, self.curves = DuelTrees(), GameCurves()
        self._place = QLabel(" ")
        self._place.setWordWrap(True)
        self._place.setContentsMargins(PADDING, 0, PADDING, 4)
        self._place.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._pages = QStackedWidget()
        self.desk = GameViewer(desks.thinking, desks.background, self)
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(self.desk.tick)
        self._lay_out()
        self._connect()

    # -- what the desk says ------------------------------------------------------------------------------------------

    def show_game(self, record: GameViewRecord) -> None:
        """See `app.arena.game_viewer.GameScreen`, here and below."""
        self._record = record
        if self._pages.currentIndex() == 0:
            self._pages.setCurrentIndex(1)
            self.board.board.setFocus()
        self.head.show_game(record)
        self.transport.show_game(record)
        self.board.show_board(record.board)
        self.board.show_value(record.value, flipped=False)
        self.moves.show_moves(record.moves)
        self.curves.show_curves(record.curves)
        self._place.setText(record.place)
        selected = self.desk.duel.selected
        self.trees.show_duel(record.duel, record.waiting, self.desk.duel.sentence_of(selected) if selected > 0 else "")
        if record.is_playing != self._tick.isActive():
            self._tick.start() if record.is_playing else self._tick.stop()

    def show_pictures(
        self, pictures: Pictures | None, labels: Callable[[int], str], seats: Seats, mapping: Mapping | None
    ) -> None:
        """The trees."""
        self.trees.show_pictures(pictures, labels, seats, mapping)

    def show_place(self, node: int) -> None:
        """The selected node."""
        self.trees.show_place(node)

    def say(self, text: str) -> None:
        """A passing remark."""
        self.said.emit(text)

    # -- what the workspace says -------------------------------------------------------------------------------------

    @override
    def open_game(self, match: str, game: int) -> None:
        def got(replica: MatchReplica | None, trouble: str) -> None:
            if replica is None or game not in replica.games:
                self.said.emit(trouble or f"The match has no game {game + 1}.")
                return
            self._match = replica
            self.desk.open(game_in(replica, game))

        self._desks.matches.read(match, got)

    @override
    def set_theme(self, theme: Theme) -> None:
        for widget in (self.head, self.transport, self.moves, self.trees, self.curves):
            widget.set_theme(theme)
        self.board.board.set_theme(theme)
        self.board.value.set_theme(theme)

    @override
    def set_motion(self, moving: bool) -> None:
        self.board.board.set_motion(moving)
        self.trees.set_motion(moving)

    @override
    def turned_to(self) -> None:
        self.desk.set_open(True)
        self.board.board.setFocus()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.desk.set_open(False)

    @override
    def step_back(self) -> bool:
        if self.desk.duel.selected >= 0:
            self.desk.duel.select_node(-1)
            return True
        if self._match is None:
            return False
        self.match_wanted.emit(self._match.match)
        return True

    @override
    def told(self) -> dict[str, Any]:
        record, game = self._record, self.desk.game
        if record is None or game is None:
            return {}
        return {
            "match": game.match,
            "game": game.number,
            "title": record.title,
            "result": record.result,
            "place": record.place,
            "played": self.desk.played,
            "of": len(game.line.actions),
            "playing": record.is_playing,
            "agreement": record.duel.agreement,
            "plies": record.duel.plies,
            "sides": [record.duel.a.figures, record.duel.b.figures],
            "notes": list(record.duel.notes),
            "waiting": record.waiting,
        }

    # -- wiring ------------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        desk = self.desk
        self.head.back_clicked.connect(self.step_back_to_wall)
        self.head.explore_clicked.connect(self._open_in_explore)
        self.head.duel_clicked.connect(self._open_head_to_head)
        self.head.save_clicked.connect(self._ask_save)
        self.transport.first_clicked.connect(lambda: desk.goto(0))
        self.transport.last_clicked.connect(desk.goto_end)
        self.transport.play_clicked.connect(desk.toggle_play)
        self.transport.stepped.connect(desk.step)
        self.transport.speed_chosen.connect(desk.set_speed)
        self.board.board.wheel_step.connect(desk.step)
        self.moves.move_clicked.connect(lambda path: desk.goto(len(path)))
        self.curves.scrubbed.connect(desk.goto)
        self.curves.stepped.connect(desk.step)
        self.trees.node_selected.connect(desk.duel.select_node)
        self.trees.again_clicked.connect(desk.duel.try_again)
        self.trees.ask_sentences(desk.duel.sentence_of)
        self._desks.matches.watchers.append(self._follow)
        for key, act in (
            ("Left", lambda: desk.step(-1)),
            ("Right", lambda: desk.step(1)),
            ("Home", lambda: desk.goto(0)),
            ("End", desk.goto_end),
            ("Space", desk.toggle_play),
        ):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def step_back_to_wall(self) -> None:
        """To all games of the match."""
        if self._match is not None:
            self.match_wanted.emit(self._match.match)

    def _follow(self) -> None:
        """The match has gone on."""
        game, match = self.desk.game, self._match
        if game is not None and match is not None and game.points is None and self.isVisible():
            self.desk.follow(game_in(match, game.number))

    def _open_in_explore(self) -> None:
        here = self.desk.here()
        if here is not None:
            self._desks.show_in_explore(*here)

    def _open_head_to_head(self) -> None:
        here, game = self.desk.here(), self.desk.game
        if here is not None and game is not None:
            self.position_wanted.emit(*here, (game.a, game.b))

    def _ask_save(self) -> None:
        game = self.desk.game
        if game is None:
            return
        suggested = str(Path.home() / f"game-{game.number + 1}.pgn")
        name, _ = QFileDialog.getSaveFileName(self, "Save the game", suggested, "Games (*.pgn)")
        if name:
            path = Path(name)
            self.desk.save(path if path.suffix else path.with_suffix(".pgn"))

    def _lay_out(self) -> None:
        left = QWidget()
        beside = QVBoxLayout(left)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(0)
        beside.addWidget(self.board, 3)
        beside.addWidget(self.transport)
        beside.addWidget(self._place)
        beside.addWidget(self.moves, 1)
        upper = QSplitter(Qt.Orientation.Horizontal)
        upper.setChildrenCollapsible(False)
        upper.addWidget(left)
        upper.addWidget(self.trees)
        for place, share in enumerate(_SHARES):
            upper.setStretchFactor(place, share)
        upper.setSizes([100 * share for share in _SHARES])
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(upper)
        split.addWidget(self.curves)
        split.setStretchFactor(0, 1)
        split.setSizes([10_000, 116])
        game = QWidget()
        column = QVBoxLayout(game)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(split, 1)
        empty = QLabel(_EMPTY)
        empty.setProperty("role", "quiet")
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setWordWrap(True)
        self._pages.addWidget(empty)
        self._pages.addWidget(game)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
