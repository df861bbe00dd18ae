"""Which workspace is shown; all but Explore are built when they are first turned to."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.commands import ARENA, EXPLORE, TRAIN
from app.comparing_engine import LazyEngine
from app.screen import Background
from app.theme import Theme
from app.widgets.main_window import MainWindow
from engine.domains.base import Line

if TYPE_CHECKING:
    from app.workspaces.arena import Arena
    from app.workspaces.train import Train


class Workspaces(QObject):
    """Turns the window from one workspace to another.

    Attributes:
        arena, train: None until they are first shown.

    Signals:
        generation_wanted(str, str): a generation of a domain is to search in Explore from now on.
    """

    generation_wanted = Signal(str, str)

    def __init__(
        self,
        window: MainWindow,
        background: Background,
        show_in_explore: Callable[[str, Line], None],
        explored: Callable[[], tuple[str, Line]],
        changed: Callable[..., None],
    ) -> None:
        """Begin with Explore.

        Args:
            show_in_explore: puts a position on Explore's board. explored: domain and position that stand there.
            changed: keeps settings, by name.
        """
        super().__init__(window)
        self.arena: Arena | None = None
        self.train: Train | None = None
        self._window, self._background = window, background
        self._show_in_explore, self._explored, self._changed = show_in_explore, explored, changed
        self._theme: Theme | None = None
        self._moving = True
        self._arena_page = self._train_page = ""
        self._anchors: Mapping[str, Mapping[str, float]] = {}
        window.workspace_chosen.connect(self.show)

    def begin(
        self, workspace: str, arena_page: str, anchors: Mapping[str, Mapping[str, float]], train_page: str = ""
    ) -> None:
        """Show the workspace that was remembered or asked for; an unknown one is Explore.

        Args:
            arena_page: the arena's page shown last. anchors: Elo its ladders hold players at, by domain and player.
            train_page: the page of Train shown last.
        """
        self._arena_page, self._anchors, self._train_page = arena_page, anchors, train_page
        if workspace in (ARENA, TRAIN):
            self.show(workspace)

    def show(self, name: str) -> None:
        """Turn to a workspace."""
        is_first = (name == ARENA and self.arena is None) or (name == TRAIN and self.train is None)
        if is_first:
            self._build_arena() if name == ARENA else self._build_train()
        if is_first or name != self._window.workspace:
            self._window.show_workspace(name)
            self._changed(workspace=name)
            if self.arena is not None and name == ARENA:
                self.arena.begin(self._arena_page) if is_first else self.arena.turned_to()
            if self.train is not None and name == TRAIN:
                self.train.begin(self._train_page) if is_first else self.train.turned_to()

    def handlers(self) -> dict[str, Callable[..., None]]:
        """A function for each command that turns to a workspace, or belongs to another than Explore."""
        return {
            "explore": lambda: self.show(EXPLORE),
            "arena": lambda: self.show(ARENA),
            "toggle_match": lambda: self.arena.toggle() if self.arena is not None else None,
            "next_page": lambda: self.arena.step_page(1) if self.arena is not None else None,
            "page_before": lambda: self.arena.step_page(-1) if self.arena is not None else None,
            "train": lambda: self.show(TRAIN),
            "toggle_round": lambda: self.train.toggle() if self.train is not None else None,
            "pin_explored": lambda: self.train.round.pin_explored() if self.train is not None else None,
            "next_train_page": lambda: self.train.step_page(1) if self.train is not None else None,
            "train_page_before": lambda: self.train.step_page(-1) if self.train is not None else None,
        }

    def open_position(self, domain: str, line: Line) -> None:
        """Look at a position in Explore."""
        self._show_in_explore(domain, line)
        self.show(EXPLORE)

    def step_back(self) -> bool:
        """Escape, where another workspace than Explore is shown; whether it is."""
        if self._window.workspace == EXPLORE:
            return False
        if self._window.workspace == ARENA and self.arena is not None:
            self.arena.step_back()
        return True

    def set_theme(self, theme: Theme) -> None:
        """Dress what is built, and what will be."""
        self._theme = theme
        if self.arena is not None:
            self.arena.set_theme(theme)
        if self.train is not None:
            self.train.set_theme(theme)

    def set_motion(self, moving: bool) -> None:
        """Freeze (False) or allow all movement."""
        self._moving = moving
        if self.arena is not None:
            self.arena.set_motion(moving)
        if self.train is not None:
            self.train.set_motion(moving)

    def finish(self) -> None:
        """The window closes."""
        if self.arena is not None:
            self.arena.desks.finish()
        if self.train is not None:
            self.train.desks.finish()

    def _build_arena(self) -> None:
        from app.arena.desks import make_desks
        from app.arena.kept_anchors import KeptAnchors
        from app.workspaces.arena import Arena

        jobs_engine, thinking_engine = LazyEngine(self), LazyEngine(self)
        anchors = KeptAnchors(self._anchors, lambda kept: self._changed(anchors=kept))
        desks = make_desks(jobs_engine, thinking_engine, self._background, self.open_position, self._explored, anchors)
        jobs_engine.report_to(desks.jobs)
        thinking_engine.report_to(desks.thinking)
        self.arena = Arena(desks)
        if self._theme is not None:
            self.arena.set_theme(self._theme)
        self.arena.set_motion(self._moving)
        self.arena.generation_wanted.connect(self.generation_wanted)
        self.arena.page_changed.connect(lambda page: self._changed(arena_page=page))
        self._window.add_workspace(ARENA, self.arena, self.arena.status)

    def _build_train(self) -> None:
        from app.train.desks import make_train_desks
        from app.workspaces.train import Train

        engine = LazyEngine(self)
        desks = make_train_desks(engine, self.open_position, self._explored)
        engine.report_to(desks.talk)
        self.train = Train(desks)
        if self._theme is not None:
            self.train.set_theme(self._theme)
        self.train.set_motion(self._moving)
        self.train.page_changed.connect(lambda page: self._changed(train_page=page))
        self._window.add_workspace(TRAIN, self.train, self.train.status)
