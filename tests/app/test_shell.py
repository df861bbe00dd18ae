"""The window with everything in it, off-screen, against an engine that keeps to a script."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QDockWidget

from app.commands import COMMANDS, MENUS
from app.engine_client import EngineClient, EngineState
from app.engine_transport import EngineEnd
from app.render.warm import warming
from app.scripted_transport import ScriptedTransport
from app.settings import Settings, load_settings
from app.shell import Shell
from app.viewmodels.explore import Beginning
from app.widgets.main_window import MainWindow
from engine.domains.registry import notation
from engine.service.messages import PROTOCOL_VERSION, Generations, Hello, ListGenerations, OpenSearch, Welcome
from tests.app.stand_ins import INFO

CHESS = notation("chess")
START = CHESS.parse_line("startpos")


class Stage:
    """A shown window, its shell and the engine's script."""

    def __init__(self, qtbot, settings_file: Path, settings: Settings = Settings()) -> None:  # type: ignore[no-untyped-def]  # noqa: B008
        self.script = ScriptedTransport()
        self.window = MainWindow()
        self.window.resize(1280, 800)
        qtbot.addWidget(self.window)
        self.client = EngineClient(self.window, make_transport=self.script.connect)
        beginning = Beginning("chess", START)
        self.shell = Shell(self.window, self.client, beginning, settings, settings_file)
        self.window.show()
        self.script.expect(
            Hello,
            lambda r: [Welcome(id=r.id, version=PROTOCOL_VERSION, engine="scripted", devices=("cpu",))],
        )
        self.script.expect(ListGenerations, lambda r: [Generations(id=r.id, generations=(INFO,))])
        self.script.expect(OpenSearch)
        self.shell.begin()
        self.script.play()
        qtbot.waitUntil(lambda: self.shell._is_warm, timeout=60_000)
        self.script.play()

    def trigger(self, name: str) -> None:
        self.window._actions[name].trigger()

    @property
    def said(self) -> str:
        return self.shell.explore.remark.text()

    @property
    def error(self) -> str:
        line = self.shell.explore.error
        return line.accessibleName() if line.isVisible() else ""


@pytest.fixture(scope="module", autouse=True)
def drawing_kernels() -> None:
    """Ready before the first window, so that no test has to wait for the thread that prepares them."""
    warming.wait(120)


@pytest.fixture
def stage(qtbot, tmp_path: Path) -> Iterator[Stage]:  # type: ignore[no-untyped-def]
    made = Stage(qtbot, tmp_path / "window.json")
    yield made
    made.window.close()
    made.script.play()


def test_the_engine_is_asked_for_the_position(stage: Stage) -> None:
    stage.script.assert_done()
    opened = stage.script.requests[-1]
    assert isinstance(opened, OpenSearch)
    assert (opened.start, opened.generation) == (START.start, "gen-000")


def test_every_command_stands_in_its_menu_with_its_key(stage: Stage) -> None:
    menus = {menu.title(): menu for action in stage.window.menuBar().actions() if (menu := action.menu())}
    assert tuple(menus) == MENUS
    for command in COMMANDS:
        action = stage.window._actions[command.name]
        assert action in menus[command.menu].actions()
        assert bool(action.shortcut().toString()) == bool(command.keys)


def test_text_goes_over_the_clipboard_both_ways(stage: Stage) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("1. e4 e5 2. Nf3")
    stage.trigger("paste")
    assert "3 moves" in stage.said
    stage.trigger("copy_position")
    assert clipboard.text() == CHESS.position_text(CHESS.parse_line("e2e4 e7e5 g1f3"))
    stage.trigger("copy_game")
    assert "1. e4 e5 2. Nf3" in clipboard.text()
    clipboard.setText("not chess at all")
    stage.trigger("paste")
    assert "not chess at all" in stage.error


def test_arrow_keys_step_only_while_the_board_has_the_focus(qtbot, stage: Stage) -> None:  # type: ignore[no-untyped-def]
    stage.shell.controller.games.paste("1. e4 e5")
    board, moves = stage.shell.explore.board, stage.shell.controller
    stage.window.activateWindow()
    board.setFocus()
    qtbot.waitUntil(board.hasFocus)
    qtbot.keyClick(board, Qt.Key.Key_Left)
    assert moves.state.game.cursor == 1
    qtbot.keyClick(board, Qt.Key.Key_End)
    assert moves.state.game.cursor == 2
    stage.shell.explore.candidates.setFocus()
    qtbot.keyClick(stage.shell.explore.candidates, Qt.Key.Key_Left)
    assert moves.state.game.cursor == 2


def test_theme_and_preferences_are_kept_when_the_window_closes(qtbot, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "window.json"
    stage = Stage(qtbot, path)
    stage.trigger("light")
    stage.trigger("flip")
    stage.shell.controller.set_budget(800)
    next(dock for dock in stage.window.findChildren(QDockWidget) if dock.objectName() == "moves").close()
    stage.window.close()
    settings, note = load_settings(path)
    assert note == ""
    assert (settings.theme, settings.flipped, settings.budget) == ("light", True, 800)

    again = Stage(qtbot, path, settings)
    qtbot.waitUntil(
        lambda: not next(d for d in again.window.findChildren(QDockWidget) if d.objectName() == "moves").isVisible()
    )
    assert again.window._actions["light"].isChecked()
    again.window.close()


@pytest.mark.parametrize("layout", ["", "AAAA", "no base64!", "/w=="])
def test_a_remembered_layout_that_makes_no_sense_does_no_harm(qtbot, tmp_path: Path, layout: str) -> None:  # type: ignore[no-untyped-def]
    stage = Stage(qtbot, tmp_path / "window.json", Settings(layout=layout, geometry=layout, theme="mauve"))
    qtbot.wait(10)
    assert all(dock.isVisible() for dock in stage.window.findChildren(QDockWidget) if dock.objectName() == "board")
    stage.window.close()


def test_a_dropped_file_is_opened(qtbot, stage: Stage, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "game.pgn"
    path.write_text('[Event "x"]\n\n1. d4 d5 *\n')
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, no = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPointF(5, 5).toPoint(), copy, data, left, no)
    stage.window.dragEnterEvent(enter)
    assert enter.isAccepted()
    stage.window.dropEvent(QDropEvent(QPointF(5, 5), copy, data, left, no))
    qtbot.waitUntil(lambda: stage.shell.controller.state.game.current == CHESS.parse_line("d2d4 d7d5"))
    assert stage.window.windowTitle().startswith("game.pgn")
    assert stage.window._actions["open_last"].isEnabled()


def test_a_dead_engine_is_one_line_with_a_button(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.script.die(EngineEnd("killed by signal 9", ("last words",)))
    stage.script.play()
    assert stage.client.state is EngineState.FAILED
    assert "killed by signal 9" in stage.error
    assert "last words" not in stage.error
    assert "last words" in caplog.text
    stage.script.expect(Hello)
    stage.trigger("restart_engine")
    assert stage.client.state is EngineState.STARTING
    assert stage.error == ""


def test_a_mistake_of_ours_is_shown_and_logged(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.shell.unexpected(RuntimeError("the cat\nsat on it"))
    assert stage.error == "Something went wrong that should not have: RuntimeError: the cat"
    assert "the cat" in caplog.text


def test_full_screen_is_left_with_escape(qtbot, stage: Stage) -> None:  # type: ignore[no-untyped-def]
    stage.trigger("full_screen")
    assert stage.window.isFullScreen()
    stage.trigger("clear")
    assert not stage.window.isFullScreen()
    assert not stage.window._actions["full_screen"].isChecked()


def test_escape_selects_nothing_wherever_the_focus_is(qtbot, stage: Stage) -> None:  # type: ignore[no-untyped-def]
    explore, controller = stage.shell.explore, stage.shell.controller
    stage.window.activateWindow()
    for widget in (explore.board, explore.candidates, explore.tree):
        controller.select_node(1)
        widget.setFocus()
        qtbot.waitUntil(widget.hasFocus)
        qtbot.keyClick(widget, Qt.Key.Key_Escape)
        assert controller.state.selected == -1, widget


def test_the_page_of_keys_covers_the_window(stage: Stage) -> None:
    stage.trigger("keys")
    assert stage.window._keys.isVisible()
    assert stage.window._keys.size() == stage.window.size()
    stage.trigger("clear")
    assert not stage.window._keys.isVisible()
    stage.trigger("keys")
    stage.trigger("keys")
    assert not stage.window._keys.isVisible()


def test_panels_go_back_to_their_places(qtbot, stage: Stage) -> None:  # type: ignore[no-untyped-def]
    qtbot.wait(20)
    board = next(dock for dock in stage.window.findChildren(QDockWidget) if dock.objectName() == "board")
    board.close()
    stage.trigger("reset_layout")
    qtbot.waitUntil(board.isVisible)


def test_board_and_bar_are_equally_high_and_inside_their_panel(stage: Stage) -> None:
    panel = stage.shell.explore._board_panel
    for size in ((400, 400), (600, 300), (250, 700)):
        panel.resize(*size)
        board, bar = panel.board.geometry(), panel.value.geometry()
        assert board.top() == bar.top()
        assert board.height() == bar.height() == board.width()
        assert panel.rect().contains(board.united(bar))
        assert bar.right() < board.left()


def test_a_generation_of_the_arena_is_wished_for_in_explore(stage: Stage) -> None:
    stage.shell.workspaces.generation_wanted.emit("chess", "gen-007")
    assert stage.shell.controller.session.wish.generation == "gen-007"
    assert stage.shell.controller.session.known.generations is None, "they are asked for again as soon as it answers"
    assert stage.window.workspace == "explore"
