"""Turning from one workspace to another: panels lie afterwards as before, and commands mean what is on screen."""

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from app.arena.desks import make_desks
from app.arena.page import Page
from app.commands import ARENA, COMMANDS, EXPLORE
from app.theme import DARK
from app.widgets.main_window import MainWindow, Panel
from app.workspaces.arena import Arena, PageEntry
from app.workspaces.switch import Workspaces
from engine.domains.base import Line
from engine.service.messages import Failed

LEFT = Qt.DockWidgetArea.LeftDockWidgetArea


@pytest.fixture
def window(shown, qtbot):
    window = shown(MainWindow(), 1000, 700)
    window.done = []
    window.board, window.tree, window.status = QWidget(), QWidget(), QLabel("status")
    panels = [Panel("board", "Board", window.board, LEFT), Panel("moves", "Moves", QWidget(), LEFT)]
    window.take(window.tree, panels, QLabel("foot"), window.status)
    handlers = {command.name: lambda *_, name=command.name: window.done.append(name) for command in COMMANDS}
    window.connect_commands(handlers, window.board, window.tree)
    window.field, window.other_status = QLineEdit(), QLabel("other")
    window.add_workspace(ARENA, window.field, window.other_status)
    qtbot.waitUntil(lambda: not window._first_layout.isEmpty())
    return window


def seen(window):
    return {name for name, dock in window._docks.items() if dock.isVisible()}


def test_panels_go_and_come_back_as_they_were(window, qtbot) -> None:
    low = window._docks["board"].height()
    window._docks["moves"].hide()
    qtbot.waitUntil(lambda: window._docks["board"].height() > low)
    before = seen(window), window._docks["board"].geometry()
    window.show_workspace(ARENA)
    assert seen(window) == set()
    assert not window._foot.isVisible()
    assert (window.field.isVisible(), window.tree.isVisible()) == (True, False)
    assert (window.status.isVisible(), window.other_status.isVisible()) == (False, True)
    window.show_workspace(EXPLORE)
    qtbot.waitUntil(lambda: (seen(window), window._docks["board"].geometry()) == before)
    assert window._foot.isVisible()
    assert window.status.isVisible()


def test_the_layout_that_is_remembered_is_explores_whatever_is_shown(window, qtbot) -> None:
    window._docks["moves"].hide()
    window.show_workspace(ARENA)
    _, layout = window.remembered()
    window.show_workspace(EXPLORE)
    window._docks["moves"].show()
    window.restoreState(layout, 4)
    assert seen(window) == {"board"}


def test_explores_keys_do_nothing_in_the_arena(window, qtbot) -> None:
    window.show_workspace(ARENA)
    window.field.setReadOnly(True)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_X, Qt.Key.Key_Period):
        qtbot.keyClick(window.field, key)
    assert window.done == []
    window._actions["arena"].trigger()
    assert window.done == ["arena"]


def test_what_is_greyed_stays_so_over_a_visit_to_another_workspace(window) -> None:
    window.enable("redo", False)
    window.show_workspace(ARENA)
    window.enable("undo", True)
    assert not window._actions["undo"].isEnabled()
    window.show_workspace(EXPLORE)
    assert window._actions["undo"].isEnabled()
    assert not window._actions["redo"].isEnabled()


def test_menus_with_nothing_to_offer_go(window) -> None:
    titles = lambda: [menu.title() for menu in window._menus.values() if menu.menuAction().isVisible()]  # noqa: E731
    assert "&Match" not in titles()
    window.show_workspace(ARENA)
    assert titles() == ["&File", "&Match", "&View", "&Help"]


def test_the_focus_is_where_it_was(window) -> None:
    window.board.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    window.board.setFocus()
    window.show_workspace(ARENA)
    window.show_workspace(EXPLORE)
    assert window.board.hasFocus()


def test_the_rail_asks_and_shows(window, qtbot) -> None:
    button = window._rail._buttons[ARENA]
    assert button.accessibleName() == "Arena"
    with qtbot.waitSignal(window.workspace_chosen) as heard:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert heard.args == [ARENA]
    window.show_workspace(EXPLORE)
    assert window._rail._buttons[EXPLORE].isChecked()


# -- the arena's pages -------------------------------------------------------------------------------------------------


class DeadEngine:
    """Never gets ready."""

    def __init__(self) -> None:
        self.is_ready = False
        self.starts = 0

    def request(self, make):
        raise AssertionError("nobody may ask it")

    def start(self) -> None:
        self.starts += 1

    def finish(self) -> None:
        pass


class Probe(Page):
    def __init__(self, log) -> None:
        super().__init__()
        self.log = log

    def turned_to(self) -> None:
        self.log.append("turned")

    def set_theme(self, theme) -> None:
        self.log.append(theme.name)

    def step_back(self) -> bool:
        self.log.append("back")
        return True


@pytest.fixture
def arena(shown, qtbot):
    engines = DeadEngine(), DeadEngine()
    desks = make_desks(*engines, QObject(), lambda domain, line: None, lambda: ("chess", Line("")))
    logs = {"one": [], "two": []}
    entries = tuple(PageEntry(name, name.title(), "", lambda _, log=log: Probe(log)) for name, log in logs.items())
    arena = shown(Arena(desks, entries), 800, 500)
    qtbot.addWidget(arena.status)
    arena.engines, arena.logs = engines, logs
    return arena


def test_pages_are_built_when_they_are_first_turned_to(arena) -> None:
    arena.set_theme(DARK)
    arena.begin()
    assert arena.logs == {"one": ["dark", "turned"], "two": []}
    arena.step_page(1)
    assert (arena.page, arena.logs["two"]) == ("two", ["dark", "turned"])
    arena.step_page(1)
    arena.step_back()
    assert arena.logs["one"][-2:] == ["turned", "back"]


def test_an_unknown_page_that_was_remembered_is_the_first(arena) -> None:
    arena.begin("of another version")
    assert arena.page == "one"


def test_an_engine_that_ends_is_said_with_a_way_out(arena, qtbot) -> None:
    arena.begin()
    jobs, before = arena.desks.jobs, arena.engines[0].starts
    heard = []
    jobs.ask(lambda number: None, heard.append, lambda _: None)
    jobs.engine_changed("failed", "The engine ended unexpectedly.\nits log")
    assert isinstance(heard[0], Failed)
    assert "ended unexpectedly" in arena.error.accessibleName()
    assert "log" not in arena.error.accessibleName()
    qtbot.mouseClick(arena.error._action, Qt.MouseButton.LeftButton)
    assert arena.engines[0].starts > before + 1
    jobs.engine_changed("starting", "")
    assert not arena.error.isVisible()


def test_every_command_of_the_arena_has_a_meaning(window) -> None:
    handlers = Workspaces(window, QObject(), lambda *_: None, lambda: ("chess", Line("")), lambda **_: None).handlers()
    there = {command.name for command in COMMANDS if command.workspace == ARENA}
    assert there <= set(handlers)
