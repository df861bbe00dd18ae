"""Train: rounds of distillation are set up, watched and judged."""

from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.theme import Theme
from app.train.desks import TrainDesks
from app.train.lessons_page import LessonsPage
from app.train.page import TrainPage
from app.train.ratchet_page import RatchetPage
from app.train.round_page import RoundPage
from app.viewmodels.records import StatusRecord
from app.widgets.error_line import ErrorLine
from app.widgets.remark import Remark
from app.widgets.status_line import StatusLine

ROUND, LESSONS, RATCHET = "round", "lessons", "ratchet"
"""The pages: a round is made, its lessons are looked at, and all rounds are seen together."""


class Train(QWidget):
    """The workspace: a bar of pages over the page that is shown.

    Attributes:
        status: what stands in the status bar. page: name of the page that is shown.
        round, lessons, ratchet: the pages.

    Signals:
        page_changed(str): another page is shown.
    """

    page_changed = Signal(str)

    def __init__(self, desks: TrainDesks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desks = desks
        self.page = ROUND
        self.status, self.error = StatusLine(), ErrorLine()
        self.round, self.lessons, self.ratchet = RoundPage(desks), LessonsPage(desks), RatchetPage(desks)
        self._pages: dict[str, TrainPage] = {ROUND: self.round, LESSONS: self.lessons, RATCHET: self.ratchet}
        self._bar, self._stack = QTabBar(), QStackedWidget()
        self._bar.setAccessibleName("Pages of training")
        self._bar.setDrawBase(False)
        self._bar.setExpanding(False)
        for title, tooltip in (
            ("Round", "Search teaches the intuition, and you watch. (distillation)"),
            ("Lessons", "What search taught, the most surprising first, before it is learned."),
            ("Ratchet", "What each generation gained, and what fuel is left."),
        ):
            self._bar.setTabToolTip(self._bar.addTab(title), tooltip)
        self._remark = Remark(self._stack)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self.error)
        column.addWidget(self._stack, 1)
        for page in self._pages.values():
            self._stack.addWidget(page)
            page.said.connect(self.say)
            page.lessons_wanted.connect(self.show_lessons)
        self._bar.currentChanged.connect(lambda index: self.turn_to(list(self._pages)[index]))
        self.error.action_clicked.connect(self._restart)
        self.status.action_clicked.connect(self._restart)
        desks.talk.watchers.append(self._tell_state)
        self._tell_state()

    def begin(self, page: str = "") -> None:
        """The workspace is shown for the first time: ask what there is, and show `page`, or the first."""
        self.desks.refresh()
        self.turn_to(page if page in self._pages else ROUND)

    def turned_to(self) -> None:
        """A person looks at the workspace again."""
        if not self.desks.rounds.is_busy:
            self.desks.refresh()
        self._pages[self.page].turned_to()

    def turn_to(self, name: str) -> None:
        """Show a page.

        Raises:
            KeyError: there is none of this name.
        """
        page = self._pages[name]
        self.page = name
        with QSignalBlocker(self._bar):
            self._bar.setCurrentIndex(list(self._pages).index(name))
        self._stack.setCurrentWidget(page)
        page.turned_to()
        self.page_changed.emit(name)

    def show_lessons(self, name: str) -> None:
        """Look at the lessons of a round."""
        self.desks.rounds.select(name)
        self.turn_to(LESSONS)

    def toggle(self) -> None:
        """Begin the round that is set up, or let the one that is made stand still."""
        self.turn_to(ROUND)
        self.round.toggle()

    def step_page(self, by: int) -> None:
        """Turn to the page beside."""
        names = list(self._pages)
        self.turn_to(names[(names.index(self.page) + by) % len(names)])

    def say(self, text: str) -> None:
        """A passing remark over the page."""
        self._remark.say(text)

    def set_theme(self, theme: Theme) -> None:
        """Dress everything."""
        self.status.set_theme(theme)
        self.error.set_theme(theme)
        for page in self._pages.values():
            page.set_theme(theme)

    def set_motion(self, moving: bool) -> None:
        """Freeze (False) or allow all movement."""
        for page in self._pages.values():
            page.set_motion(moving)

    def told(self) -> dict[str, Any]:
        """What the workspace shows, for `--state-file`."""
        return {
            "page": self.page,
            "engine": self.desks.talk.state,
            "error": self.error.accessibleName() if self.error.isVisible() else "",
            "said": self._remark.text() if self._remark.isVisible() else "",
            **{name: page.told() for name, page in self._pages.items()},
        }

    def _tell_state(self) -> None:
        """The status bar, and the error line where the process has ended by itself."""
        talk = self.desks.talk
        sentence = talk.failure.splitlines()[0] if talk.state == "failed" and talk.failure else ""
        self.error.show_error(f"{sentence} What was done is kept." if sentence else "", "Restart")
        engine = "running" if talk.is_working else talk.state
        headline = {
            "running": talk.doing or "A round is being made.",
            "ready": "Ready. Choose a parent and distil.",
            "starting": "The engine is starting …",
        }.get(engine, "")
        self.status.show_status(StatusRecord(engine=engine, headline=headline, error=sentence))

    def _restart(self) -> None:
        """Start what has failed; what there is may have changed meanwhile."""
        if self.desks.talk.state == "failed":
            self.desks.talk.start()
        self.desks.refresh()
