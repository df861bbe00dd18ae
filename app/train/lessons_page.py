"""The page of lessons: what search taught, the most surprising first, and which of it is not to be learned."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout
from typing_extensions import override

from app.presenter import phrases
from app.theme import GRID, PADDING, Theme
from app.train.desks import TrainDesks
from app.train.page import TrainPage
from app.viewmodels.figures import count
from app.viewmodels.train_minds import LessonTile, lesson_tile
from app.widgets.error_line import ErrorLine
from app.widgets.train_lessons import LessonWall
from engine.domains.base import Line

_EMPTY = (
    "Lessons are positions of the games and what search found there. Once a round has played its games, those that "
    "surprised the intuition most are shown here: tick “Stop before it learns” to look at them in time."
)


class LessonsPage(TrainPage):
    """The lessons of the round that is looked at.

    Attributes:
        wall: the boards.
    """

    def __init__(self, desks: TrainDesks) -> None:
        super().__init__()
        self._desks, self._desk = desks, desks.lessons
        self.wall, self.error = LessonWall(), ErrorLine()
        self._words, self._empty = QLabel(), QLabel(_EMPTY)
        self._learn = QPushButton("Go on and learn")
        self._learn.setToolTip("Let the round go on with the lessons that have their tick.")
        for label in (self._words, self._empty):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._empty.setProperty("role", "quiet")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setContentsMargins(8 * PADDING, 0, 8 * PADDING, 0)
        head = QHBoxLayout()
        head.setContentsMargins(PADDING, GRID, PADDING, GRID)
        head.addWidget(self._words, 1)
        head.addWidget(self._learn)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.error)
        column.addLayout(head)
        column.addWidget(self.wall, 1)
        column.addWidget(self._empty, 1)
        self.wall.learned_changed.connect(self._desk.learn)
        self.wall.explore_wanted.connect(self._explore)
        self.error.dismissed.connect(self._desk.forget_trouble)
        self._learn.clicked.connect(self._go_on)
        self._desk.watchers.append(self._show)
        desks.rounds.watchers.append(self._show_acts)
        self._show()

    @override
    def set_theme(self, theme: Theme) -> None:
        self.wall.set_theme(theme)
        self.error.set_theme(theme)

    @override
    def turned_to(self) -> None:
        """The round that is looked at, where it has lessons; else the one that was shown."""
        rounds = self._desks.rounds
        info = rounds.info(rounds.selected)
        has_lessons = info is not None and info.stage in ("learn", "match", "done")
        wanted = rounds.selected if has_lessons else self._desk.round
        if wanted:
            self._desk.open(wanted)

    @override
    def told(self) -> dict[str, Any]:
        return {
            "round": self._desk.round,
            "shown": len(self.wall.views),
            "excluded": sorted(self._desk.excluded),
            "error": self.error.accessibleName() if self.error.isVisible() else "",
        }

    def _show(self) -> None:
        desk = self._desk
        domain = self._domain()
        tiles: tuple[LessonTile, ...] = ()
        if desk.shown is not None and domain:
            words = phrases(domain)
            tiles = tuple(lesson_tile(lesson, tuple(desk.excluded), words) for lesson in desk.shown.lessons)
        self.wall.show_lessons(tiles, can_exclude=desk.shown is not None and desk.shown.can_exclude)
        self.wall.setVisible(bool(tiles))
        self._empty.setVisible(not tiles)
        self._empty.setText("The lessons are being read …" if desk.round and desk.shown is None else _EMPTY)
        self.error.show_error(desk.trouble)
        self._words.setText(self._told_words())
        self._show_acts()

    def _show_acts(self) -> None:
        shown = self._desk.shown
        can_learn = shown is not None and shown.can_exclude and self._desks.rounds.can_go_on(shown.round)
        self._learn.setVisible(can_learn)

    def _told_words(self) -> str:
        shown = self._desk.shown
        if shown is None:
            return ""
        left_out = len(self._desk.excluded)
        said = f"{shown.round}: the {count(len(shown.lessons))} most surprising of {count(shown.total)} lessons. "
        said += "Gold: intuition's prior; below it what search teaches. "
        if left_out:
            said += f"{count(left_out)} left out."
        return said.strip() if shown.can_exclude else f"{said.strip()} They have been learned."

    def _domain(self) -> str:
        info = self._desks.rounds.info(self._desk.round)
        return info.order.domain if info is not None and info.order is not None else ""

    def _explore(self, line: Line) -> None:
        domain = self._domain()
        if domain:
            self._desks.show_in_explore(domain, line)

    def _go_on(self) -> None:
        self._desks.rounds.go_on(self._desk.round)
        self.said.emit("It goes on and learns. Watch it on the page “Round”.")
