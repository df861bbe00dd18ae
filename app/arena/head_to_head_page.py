"""Head to head: two players on one position, mirrored, and the position through all generations."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSplitter, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from app.arena.desks import ArenaDesks
from app.arena.generation_scrubber import GenerationScrubber
from app.arena.head_to_head import HeadToHead, HeadToHeadRecord
from app.arena.page import Page
from app.screen import Seats
from app.theme import GRID, PADDING, Theme
from app.viewmodels.comparison import Pictures
from app.viewmodels.replica import Mapping
from app.viewmodels.scrubber import UNIFORM, ScrubberRecord, player_of
from app.widgets.board_widget import BoardWidget
from app.widgets.fen_box import FenBox
from app.widgets.head_to_head_table import HeadToHeadTable
from app.widgets.head_to_head_trees import DuelTrees
from app.widgets.icons import set_icon
from app.widgets.page_head import PageHead
from app.widgets.player_picker import PlayerPicker
from app.widgets.scrubber_panel import ScrubberPanel
from engine.domains.base import Line
from engine.service.messages import GenerationInfo

_TITLE = "Two players think about the same position."
_UPPER, _LOWER = (28, 72), (50, 50)
"""How board and trees, table and generations share the width."""
_PICKER_WIDTH = 300
_FIRST_BUDGETS = (64, 0)
"""Simulations of A and B before anybody chose others: the newest generation with a little search, and without."""


class HeadToHeadPage(Page):
    """Shows a `HeadToHead` and a `GenerationScrubber`, and tells them what a person wants.

    Attributes:
        desk, scrubber: what is shown. head, a, b, board, position, trees, table, generations: its widgets.
    """

    def __init__(self, desks: ArenaDesks) -> None:
        super().__init__()
        self._desks = desks
        self._record: HeadToHeadRecord | None = None
        self._scrubbed = ScrubberRecord()
        self._is_choosing = True  # nobody chose players yet: they are the newest generation's
        self.head = PageHead(_TITLE)
        self.a, self.b = PlayerPicker("Player A"), PlayerPicker("Player B")
        self.board, self.position = BoardWidget(), FenBox()
        self.trees, self.table, self.generations = DuelTrees(), HeadToHeadTable(), ScrubberPanel()
        domain = self.head.domain
        self.desk = HeadToHead(desks.thinking, desks.background, self, domain, first_players(()))
        self.scrubber = GenerationScrubber(desks.thinking, desks.background, self._show_scrubber)
        self._swap, self._back = QToolButton(), QPushButton("Take back")
        self._explored, self._explore = QPushButton("From Explore"), QPushButton("To Explore")
        self._lay_out()
        self._connect()
        self._take_generations()

    # -- what the desks say ------------------------------------------------------------------------------------------

    def show_head_to_head(self, record: HeadToHeadRecord) -> None:
        """See `app.arena.head_to_head.HeadToHeadScreen`, here and below."""
        self._record = record
        for picker, player in ((self.a, record.a), (self.b, record.b)):
            if picker.player() != player:
                picker.set_player(player)
        self.head.show_domain(record.domain)
        self.head.say(f"{_TITLE} All values are {record.to_move}'s, who is to move." if record.to_move else _TITLE)
        self.board.show_board(record.board)
        self.position.show_position(record.position)
        self._back.setEnabled(record.can_go_back)
        self.table.show_rows(record.duel.rows)
        selected = self.desk.duel.selected
        self.trees.show_duel(record.duel, record.waiting, self.desk.duel.sentence_of(selected) if selected > 0 else "")
        self.scrubber.look(record.domain, self.desk.line)

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

    def _show_scrubber(self, record: ScrubberRecord) -> None:
        self._scrubbed = record
        self.generations.show_record(record)

    # -- what the workspace says -------------------------------------------------------------------------------------

    @override
    def open_position(self, domain: str, line: Line, players: tuple[str, str]) -> None:
        self._is_choosing = False
        self.desk.take(domain, line, players)
        self._take_generations()

    @override
    def take_players(self, domain: str, a: str, b: str) -> None:
        self._is_choosing = False
        if domain == self.desk.domain:
            self.desk.set_players(a, b)
        else:
            self.desk.set_domain(domain, (a, b))
        self._take_generations()

    @override
    def set_theme(self, theme: Theme) -> None:
        for widget in (self.board, self.trees, self.table, self.generations):
            widget.set_theme(theme)
        set_icon(self._swap, "swap-horizontal", theme)
        for picker in (self.a, self.b):
            picker.setFixedWidth(theme.room(_PICKER_WIDTH))

    @override
    def set_motion(self, moving: bool) -> None:
        self.board.set_motion(moving)
        self.trees.set_motion(moving)

    @override
    def turned_to(self) -> None:
        self.desk.set_open(True)
        self.scrubber.set_open(True)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.desk.set_open(False)
        self.scrubber.set_open(False)

    @override
    def step_back(self) -> bool:
        was_selected = self.desk.duel.selected >= 0
        self.desk.duel.select_node(-1)
        return was_selected

    @override
    def told(self) -> dict[str, Any]:
        record, scrubbed = self._record, self._scrubbed
        if record is None:
            return {}
        return {
            "domain": record.domain,
            "players": [record.a, record.b],
            "position": record.position.text,
            "agreement": record.duel.agreement,
            "plies": record.duel.plies,
            "values": list(record.duel.values),
            "sides": [record.duel.a.figures, record.duel.b.figures],
            "rows": [row.text for row in record.duel.rows[:5]],
            "notes": list(record.duel.notes),
            "waiting": record.waiting,
            "generations": [point.id for point in scrubbed.points],
            "generation": self.scrubber.generation,
            "generation_said": scrubbed.said,
            "generations_waiting": scrubbed.waiting,
        }

    # -- wiring ------------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        desk, scrubber = self.desk, self.scrubber
        self.head.domain_chosen.connect(self._choose_domain)
        self.a.player_changed.connect(lambda _: self._choose_players())
        self.b.player_changed.connect(lambda _: self._choose_players())
        self._swap.clicked.connect(self._swap_players)
        self._back.clicked.connect(desk.step_back)
        self._explored.clicked.connect(self._take_explored)
        self._explore.clicked.connect(lambda: self._desks.show_in_explore(desk.domain, desk.line))
        self.board.move_chosen.connect(desk.play)
        self.position.entered.connect(desk.enter_position)
        self.trees.node_selected.connect(desk.duel.select_node)
        self.trees.again_clicked.connect(desk.duel.try_again)
        self.trees.ask_sentences(desk.duel.sentence_of)
        self.table.action_selected.connect(desk.duel.select_action)
        self.generations.scrubbed.connect(scrubber.goto)
        self.generations.stepped.connect(scrubber.step)
        self.generations.budget_chosen.connect(scrubber.set_budget)
        self._desks.catalogue.watchers.append(self._take_generations)

    def _take_generations(self) -> None:
        """What there is in the domain is known, or has changed."""
        domain = self.desk.domain
        infos = self._desks.catalogue.of_domain(domain)
        for picker in (self.a, self.b):
            picker.set_choices(domain, infos)
        self.scrubber.set_generations(infos)
        if self._is_choosing:
            self.desk.set_players(*first_players(infos))
        self.desk.show_again()

    def _choose_domain(self, domain: str) -> None:
        if domain != self.desk.domain:
            self._is_choosing = True
            self.desk.set_domain(domain, first_players(self._desks.catalogue.of_domain(domain)))
            self._take_generations()

    def _choose_players(self) -> None:
        self._is_choosing = False
        self.desk.set_players(self.a.player(), self.b.player())

    def _swap_players(self) -> None:
        self._is_choosing = False
        self.desk.swap()

    def _take_explored(self) -> None:
        """The position on Explore's board."""
        if self._desks.explored is None:
            return
        domain, line = self._desks.explored()
        is_other = domain != self.desk.domain
        self._is_choosing = self._is_choosing or is_other
        self.desk.take(domain, line, first_players(self._desks.catalogue.of_domain(domain)) if is_other else None)
        self._take_generations()

    def _lay_out(self) -> None:
        self._swap.setToolTip("A becomes B, and B becomes A. (swap)")
        self._swap.setAccessibleName("Swap the players")
        self._back.setToolTip("Take the last move back.")
        self._explored.setToolTip("Look at the position that stands on Explore's board.")
        self._explored.setVisible(self._desks.explored is not None)
        self._explore.setToolTip("Search this position in Explore.")
        top = QHBoxLayout()
        top.setContentsMargins(PADDING, 0, PADDING, GRID)
        top.setSpacing(GRID)
        for widget in (_letter("A"), self.a, self._swap, _letter("B"), self.b):
            top.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
        top.addStretch()
        for button in (self._back, self._explored, self._explore):
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        left = QWidget()
        beside = QVBoxLayout(left)
        beside.setContentsMargins(PADDING, GRID, PADDING, 0)
        beside.addWidget(self.board, 1)
        beside.addWidget(self.position)
        upper = _beside(left, self.trees, _UPPER)
        lower = _beside(self.table, self.generations, _LOWER)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(upper)
        split.addWidget(lower)
        split.setSizes([580, 420])
        rule = QFrame()
        rule.setProperty("role", "hairline")
        rule.setFixedHeight(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addLayout(top)
        column.addWidget(rule)
        column.addWidget(split, 1)


def first_players(infos: tuple[GenerationInfo, ...]) -> tuple[str, str]:
    """Who thinks before anybody chose: the newest generation with a little search, and by intuition alone."""
    newest = infos[-1].id if infos else UNIFORM
    return player_of(newest, _FIRST_BUDGETS[0]), player_of(newest, _FIRST_BUDGETS[1])


def _letter(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "key")
    return label


def _beside(left: QWidget, right: QWidget, shares: tuple[int, int]) -> QSplitter:
    split = QSplitter(Qt.Orientation.Horizontal)
    split.setChildrenCollapsible(False)
    for place, (widget, share) in enumerate(zip((left, right), shares, strict=True)):
        split.addWidget(widget)
        split.setStretchFactor(place, share)
    split.setSizes([10 * share for share in shares])
    return split
