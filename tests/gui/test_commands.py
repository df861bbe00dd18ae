"""Finding commands, changing their keys, and the two arrangements, in the real frame."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel, QWidget

from app.commands import COMMANDS
from app.widgets.main_window import MainWindow, Panel

LEFT = Qt.DockWidgetArea.LeftDockWidgetArea


@pytest.fixture
def window(shown):
    window = shown(MainWindow(), 1000, 700)
    window.done = []
    window.board, window.tree = QWidget(), QWidget()
    window.take(window.tree, [Panel("board", "Board", window.board, LEFT)], QLabel("foot"), QLabel("status"))
    handlers = {command.name: lambda *_, name=command.name: window.done.append(name) for command in COMMANDS}
    window.connect_commands(handlers, window.board, window.tree)
    return window


def test_a_command_is_found_and_carried_out_with_the_keyboard_alone(window, qtbot) -> None:
    window.open_palette()
    palette = window._palette
    assert palette.isVisible()
    qtbot.keyClicks(palette._line, "flip boa")
    qtbot.keyClick(palette._line, Qt.Key.Key_Return)
    assert window.done == ["flip"]
    assert not palette.isVisible()


def test_what_cannot_be_done_now_is_shown_and_not_carried_out(window, qtbot) -> None:
    window.enable("open_last", False)
    window.open_palette()
    qtbot.keyClicks(window._palette._line, "last file")
    qtbot.keyClick(window._palette._line, Qt.Key.Key_Return)
    assert window.done == []


def test_up_and_down_choose(window, qtbot) -> None:
    window.open_palette()
    for _ in range(2):
        qtbot.keyClick(window._palette._line, Qt.Key.Key_Down)
    qtbot.keyClick(window._palette._line, Qt.Key.Key_Up)
    qtbot.keyClick(window._palette._line, Qt.Key.Key_Return)
    assert window.done == [COMMANDS[1].name]


def test_a_key_is_changed_and_what_it_was_taken_from_is_said(window, qtbot) -> None:
    window.open_keys_editor()
    editor = window._keys_editor
    with qtbot.waitSignal(window.keys_changed) as heard:
        editor.key_chosen.emit("flip", "Ctrl+Z")
    assert heard.args == [{"flip": ("Ctrl+Z",), "undo": ()}]
    assert window._actions["flip"].shortcut() == QKeySequence("Ctrl+Z")
    assert window._actions["undo"].shortcut().isEmpty()
    assert "Undo" in editor._said.text()
    editor.reset_wanted.emit("")
    assert window._actions["undo"].shortcut() == QKeySequence("Ctrl+Z")


def test_the_editor_takes_the_next_key_pressed(window, qtbot) -> None:
    window.open_keys_editor()
    editor = window._keys_editor
    qtbot.keyClicks(editor._filter, "flip board")
    table = editor._table
    table.editItem(table.item(0, 2))
    field = table.indexWidget(table.model().index(0, 2)) or table.findChild(QWidget, "qt_keysequenceedit_lineedit")
    assert field is not None
    target = table.focusWidget() or field
    qtbot.keyClick(target, Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: window._actions["flip"].shortcut() == QKeySequence("F7"), timeout=3000)


def test_the_page_of_keys_shows_the_keys_of_now(window) -> None:
    window.set_keys({"flip": ("F7",)})
    window.show_keys()
    texts = {label.text() for label in window._keys.findChildren(QLabel)}
    assert "F7" in texts
    assert window.hide_keys()


def test_two_arrangements_are_switched_and_kept(window, qtbot) -> None:
    qtbot.waitUntil(lambda: window._docks["board"].isVisible())
    assert window.switch_layout() == 1
    assert not window._docks["board"].isVisible()
    number, other = window.other_layout()
    assert (number, bool(other)) == (1, True)
    assert window.switch_layout() == 0
    assert window._docks["board"].isVisible()
