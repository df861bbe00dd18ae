"""Arena: pages on which players meet and are measured, all over the same two engines."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.arena.desks import ArenaDesks
from app.arena.page import Page
from app.theme import Theme
from app.viewmodels.records import StatusRecord
from app.widgets.error_line import ErrorLine
from app.widgets.remark import Remark
from app.widgets.status_line import StatusLine
from engine.domains.base import Line

MATCH, GAME, HEAD_TO_HEAD = "match", "game", "head_to_head"
"""The pages on which a match is set up and looked at, a game of it is opened, and a position is."""


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page before it is built: `make` imports what it needs and is called when it is first turned to."""

    name: str
    title: str
    tooltip: str
    make: Callable[[ArenaDesks], Page]


def _match(desks: ArenaDesks) -> Page:
    from app.arena.match_page import MatchPage

    return MatchPage(desks)


def _game(desks: ArenaDesks) -> Page:
    from app.arena.game_page import GamePage

    return GamePage(desks)


def _head_to_head(desks: ArenaDesks) -> Page:
    from app.arena.head_to_head_page import HeadToHeadPage

    return HeadToHeadPage(desks)


def _ladder(desks: ArenaDesks) -> Page:
    from app.arena.ladder_page import LadderPage

    return LadderPage(desks)


def _matrix(desks: ArenaDesks) -> Page:
    from app.arena.matrix_page import MatrixPage

    return MatrixPage(desks)


def _disagreements(desks: ArenaDesks) -> Page:
    from app.arena.disagreements_page import DisagreementsPage

    return DisagreementsPage(desks)


def _generations(desks: ArenaDesks) -> Page:
    from app.arena.generations_page import GenerationsPage

    return GenerationsPage(desks)


PAGES = (
    PageEntry("match", "Match", "Two players, many games, one answer.", _match),
    PageEntry("game", "Game", "A game of a match, move by move, with both players' trees.", _game),
    PageEntry("ladder", "Ladder", "All players on one scale, with intervals. (rating list)", _ladder),
    PageEntry("matrix", "Matrix", "Every generation with every amount of search. (cross table)", _matrix),
    PageEntry("head_to_head", "Head to head", "Two players, or all generations, on one position.", _head_to_head),
    PageEntry("disagreements", "Disagreements", "Positions two players differ on, and who was right.", _disagreements),
    PageEntry("generations", "Generations", "Who was trained from whom; import, export, remove.", _generations),
)
"""In the order of the page bar."""


class Arena(QWidget):
    """The workspace: a bar of pages over the page that is shown.

    Attributes:
        status: what stands in the status bar. page: name of the page that is shown.

    Signals:
        page_changed(str): another page is shown.
        generation_wanted(str, str): a generation of a domain is to search in Explore from now on.
    """

    page_changed = Signal(str)
    generation_wanted = Signal(str, str)

    def __init__(self, desks: ArenaDesks, entries: tuple[PageEntry, ...] = PAGES, parent: QWidget | None = None):
        super().__init__(parent)
        self.desks = desks
        self.page = ""
        self.status, self.error = StatusLine(), ErrorLine()
        self._theme: Theme | None = None
        self._moving = True
        self._entries: list[PageEntry] = []
        self._pages: dict[str, Page] = {}
        self._bar, self._stack = QTabBar(), QStackedWidget()
        self._bar.setAccessibleName("Pages of the arena")
        self._bar.setDrawBase(False)
        self._bar.setExpanding(False)
        self._remark = Remark(self._stack)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self.error)
        column.addWidget(self._stack, 1)
        for entry in entries:
            self.add_page(entry)
        self._bar.currentChanged.connect(lambda index: self.turn_to(self._entries[index].name))
        self.error.action_clicked.connect(self._restart)
        self.status.action_clicked.connect(self._restart)
        for talk in (desks.jobs, desks.thinking):
            talk.watchers.append(self._tell_state)
        self._tell_state()

    def add_page(self, entry: PageEntry) -> None:
        """Put a page at the end of the bar; it is built when it is first turned to."""
        self._entries.append(entry)
        self._bar.setTabToolTip(self._bar.addTab(entry.title), entry.tooltip)

    def begin(self, page: str = "") -> None:
        """The workspace is shown for the first time: ask what there is, and show `page`, or the first."""
        self.desks.catalogue.refresh()
        self.desks.matches.refresh()
        known = [entry.name for entry in self._entries]
        self.turn_to(page if page in known else known[0])

    def turned_to(self) -> None:
        """A person looks at the workspace again."""
        self._pages[self.page].turned_to()

    def turn_to(self, name: str) -> Page:
        """Show a page.

        Raises:
            KeyError: there is none of this name.
        """
        index = {entry.name: index for index, entry in enumerate(self._entries)}[name]
        page = self._pages.get(name) or self._build(self._entries[index])
        self.page = name
        with QSignalBlocker(self._bar):
            self._bar.setCurrentIndex(index)
        self._stack.setCurrentWidget(page)
        page.turned_to()
        self.page_changed.emit(name)
        return page

    def open_game(self, match: str, game: int) -> None:
        """Open a game on the page for that."""
        if any(entry.name == GAME for entry in self._entries):
            self.turn_to(GAME).open_game(match, game)

    def open_match(self, match: str) -> None:
        """Look at a stored match on the page of matches."""
        self.desks.matches.open(match)
        self.turn_to(MATCH)

    def set_up_match(self, domain: str, a: str, b: str) -> None:
        """Have two players filled in on the page of matches."""
        self.turn_to(MATCH).take_players(domain, a, b)

    def open_position(self, domain: str, line: Line, players: tuple[str, str]) -> None:
        """Have two players look at a position, head to head."""
        if any(entry.name == HEAD_TO_HEAD for entry in self._entries):
            self.turn_to(HEAD_TO_HEAD).open_position(domain, line, players)

    def step_back(self) -> None:
        """Escape: one step back inside the page."""
        self._pages[self.page].step_back()

    def toggle(self) -> None:
        """Start the match that is set up, or let the one that is played stand still."""
        self.turn_to(MATCH).toggle()

    def step_page(self, by: int) -> None:
        """Turn to the page beside."""
        self.turn_to(self._entries[(self._bar.currentIndex() + by) % len(self._entries)].name)

    def say(self, text: str) -> None:
        """A passing remark over the page."""
        self._remark.say(text)

    def set_theme(self, theme: Theme) -> None:
        """Dress everything that is built."""
        self._theme = theme
        self.status.set_theme(theme)
        self.error.set_theme(theme)
        for page in self._pages.values():
            page.set_theme(theme)

    def set_motion(self, moving: bool) -> None:
        """Freeze (False) or allow all movement."""
        self._moving = moving
        for page in self._pages.values():
            page.set_motion(moving)

    def told(self) -> dict[str, Any]:
        """What the workspace shows, for `--state-file`."""
        return {
            "page": self.page,
            "jobs": self.desks.jobs.state,
            "thinking": self.desks.thinking.state,
            "error": self.error.accessibleName() if self.error.isVisible() else "",
            "said": self._remark.text() if self._remark.isVisible() else "",
            **{name: page.told() for name, page in self._pages.items()},
        }

    def _build(self, entry: PageEntry) -> Page:
        self._pages[entry.name] = page = entry.make(self.desks)
        page.said.connect(self.say)
        page.game_wanted.connect(self.open_game)
        page.match_wanted.connect(self.open_match)
        page.players_wanted.connect(self.set_up_match)
        page.position_wanted.connect(self.open_position)
        page.generation_wanted.connect(self.generation_wanted)
        if self._theme is not None:
            page.set_theme(self._theme)
        page.set_motion(self._moving)
        self._stack.addWidget(page)
        return page

    def _tell_state(self) -> None:
        """The status bar, and the error line where a process has ended by itself."""
        jobs, thinking = self.desks.jobs, self.desks.thinking
        failed = next((talk for talk in (jobs, thinking) if talk.state == "failed"), None)
        sentence = failed.failure.splitlines()[0] if failed is not None and failed.failure else ""
        self.error.show_error(f"{sentence} What was played is kept." if sentence else "", "Restart")
        engine = "running" if jobs.is_working or thinking.is_working else jobs.state
        headline = {
            "running": jobs.doing
            or thinking.doing
            or ("The players are at work." if jobs.is_working else "A player thinks."),
            "ready": "Ready. Choose two players and start.",
            "starting": "The engine is starting …",
        }.get(engine, "")
        self.status.show_status(StatusRecord(engine=engine, headline=headline, error=sentence))

    def _restart(self) -> None:
        """Start what has failed; what there is may have changed meanwhile."""
        for talk in (self.desks.jobs, self.desks.thinking):
            if talk.state == "failed":
                talk.start()
        self.desks.catalogue.refresh()
        self.desks.matches.refresh()
