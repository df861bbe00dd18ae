"""The frame: rail, menus, panels and status bar. What stands in it is a workspace's business."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QDockWidget, QLabel, QMainWindow, QStackedWidget, QToolBar, QWidget
from typing_extensions import override

from app import shortcuts
from app.commands import COMMANDS, EXPLORE, MENUS, VIEW, Command, key_groups
from app.theme import Theme
from app.viewmodels.palette import Entry
from app.widgets.command_palette import CommandPalette
from app.widgets.keys_editor import KeyRow, KeysEditor
from app.widgets.keys_overlay import KeysOverlay
from app.widgets.layouts import Layouts
from app.widgets.panels import Panel as Panel
from app.widgets.panels import place_panels
from app.widgets.rail import Rail

LAYOUT_VERSION = 4
"""Raised when the panels change, so that a remembered layout of other panels is not taken."""
_CONTROLS_HEIGHT = 52


class MainWindow(QMainWindow):
    """Shows at once with a line of words, and takes its workspaces when they are ready.

    Explore comes first and has panels around its centre; of the others each is one widget and a status line.

    Attributes:
        workspace: name of the one that is shown.

    Signals:
        workspace_chosen(str): another workspace is wanted, by its button.
        file_dropped(object): the Path of a file dropped on the window.
        closing(): the window is about to close.
        keys_changed(object): keys of commands, by name, as `set_keys` takes them.
    """

    workspace_chosen = Signal(str)
    file_dropped = Signal(object)
    closing = Signal()
    keys_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Arborist")
        self.setMinimumSize(960, 600)
        self.setAcceptDrops(True)
        self.setDockOptions(QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AllowTabbedDocks)
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        waiting = QLabel("Opening …")
        waiting.setProperty("role", "quiet")
        waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stage = QStackedWidget()
        self._stage.addWidget(waiting)
        self.setCentralWidget(self._stage)
        self.workspace = EXPLORE
        self._centres: dict[str, QWidget] = {}
        self._statuses: dict[str, QWidget] = {}
        self._focused: dict[str, QWidget] = {}
        self._put_away: QByteArray | None = None  # how Explore's panels lay, while another workspace is shown
        self._actions: dict[str, QAction] = {}
        self._greyed: set[str] = set()
        self._menus = {title: self.menuBar().addMenu(title) for title in MENUS}
        self._docks: dict[str, QDockWidget] = {}
        self._first_layout = self._wanted_layout = QByteArray()
        self._foot: QToolBar | None = None
        self._rail = Rail()
        self._rail.show_workspace(self.workspace)
        self._rail.workspace_chosen.connect(self.workspace_chosen)
        self._rail.keys_clicked.connect(self.show_keys)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self._rail)
        self._keys = KeysOverlay(self)
        self._keys_editor = KeysEditor(self)
        self._keys_editor.key_chosen.connect(self._change_key)
        self._keys_editor.reset_wanted.connect(self._reset_keys)
        self._palette = CommandPalette(self)
        self._palette.chosen.connect(lambda name: self._actions[name].trigger())
        self._own_keys: shortcuts.Keys = {}
        self._layouts = Layouts(self, LAYOUT_VERSION)

    def take(self, centre: QWidget, panels: list[Panel], foot: QWidget, status: QWidget) -> None:
        """Put Explore into the frame; `foot` is the row of controls under everything."""
        self._add(EXPLORE, centre, status)
        for panel in panels:
            self._docks[panel.name] = dock = self._dock(panel)
            self.addDockWidget(panel.area, dock)
        self._foot = _fixed_bar("foot", foot)
        self.addToolBar(Qt.ToolBarArea.BottomToolBarArea, self._foot)
        self.statusBar().setSizeGripEnabled(False)
        self._stage.setCurrentWidget(centre)
        # Sizes given to docks before they were laid out once are lost.
        QTimer.singleShot(0, self, lambda: self._settle(panels))
        for panel in panels:
            self._menus[VIEW].addAction(self._docks[panel.name].toggleViewAction())

    def add_workspace(self, name: str, centre: QWidget, status: QWidget) -> None:
        """Put another workspace into the frame, to be shown with `show_workspace`."""
        self._add(name, centre, status)
        status.hide()

    def show_workspace(self, name: str) -> None:
        """Turn to a workspace; Explore's panels lie afterwards as they lay before.

        Raises:
            KeyError: it is not in the frame.
        """
        centre = self._centres[name]
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            self._focused[self.workspace] = focused
        self.workspace = name
        self._rail.show_workspace(name)
        for other, status in self._statuses.items():
            status.setVisible(other == name)
        if not self._first_layout.isEmpty():  # else the panels have no places yet, and `_settle` goes on
            self._clear_panels() if name != EXPLORE else self._bring_panels()
        self._stage.setCurrentWidget(centre)
        self._offer_all()
        (self._focused.get(name) or centre).setFocus()

    def connect_commands(self, handlers: Mapping[str, Callable[..., None]], board: QWidget, tree: QWidget) -> None:
        """Fill the menus; `handlers` has a function for each command's name, `board` and `tree` hear their own keys.

        Raises:
            KeyError: a command has no handler.
        """
        for command in COMMANDS:
            self._add_command(command, handlers[command.name], board, tree)
        self._offer_all()

    def check(self, name: str, checked: bool) -> None:
        """Show a command as switched on or off, without carrying it out."""
        self._actions[name].setChecked(checked)

    def enable(self, name: str, enabled: bool) -> None:
        """Offer a command in its workspace, or show it greyed."""
        (self._greyed.discard if enabled else self._greyed.add)(name)
        self._offer(shortcuts.BY_NAME[name])

    def offer(self, name: str, what: str) -> None:
        """Say in the menu what a command would be about, or show it greyed where there is nothing."""
        text = shortcuts.BY_NAME[name].text
        self._actions[name].setText(f"{text}: {what}".replace("&", "&&") if what else text)
        self.enable(name, bool(what))

    def show_keys(self) -> None:
        """Cover the window with the page of keys, or uncover it."""
        if not self.hide_keys():
            self._keys.show_keys(key_groups(lambda command: shortcuts.keys_of(command, self._own_keys)))

    def hide_keys(self) -> bool:
        """Uncover the window; whether it was covered."""
        was_covered = self._keys.isVisible() or self._keys_editor.isVisible()
        self._keys.hide()
        self._keys_editor.hide()
        return was_covered

    def set_theme(self, theme: Theme) -> None:
        """Change the icons; the rest comes with the style sheet."""
        for page in (self._keys, self._keys_editor, self._palette):
            page.set_theme(theme)
        self._rail.set_theme(theme)

    def restore(self, geometry: bytes, layout: bytes) -> None:
        """Take up a remembered place and panels; what does not fit this version is left out."""
        if geometry:
            self.restoreGeometry(QByteArray(geometry))
        self._wanted_layout = QByteArray(layout)

    def remembered(self) -> tuple[bytes, bytes]:
        """What `restore` takes."""
        layout = self.saveState(LAYOUT_VERSION) if self._put_away is None else self._put_away
        return bytes(self.saveGeometry().data()), bytes(layout.data())

    def open_palette(self) -> None:
        """Find a command by a few of its letters."""
        there = [
            command
            for command in COMMANDS
            if command.name in self._actions and command.name != "palette" and self._is_here(command)
        ]
        self._palette.open_with(
            Entry(
                command.name,
                command.text,
                command.menu.replace("&", ""),
                ", ".join(shortcuts.keys_of(command, self._own_keys)[:1]),
                self._actions[command.name].isEnabled(),
            )
            for command in there
        )

    def set_keys(self, changed: shortcuts.Keys) -> None:
        """Let commands have other keys than those they came with."""
        self._own_keys = shortcuts.known(changed)
        for command in COMMANDS:
            self._actions[command.name].setShortcuts(
                [QKeySequence(key) for key in shortcuts.keys_of(command, self._own_keys)]
            )

    def open_keys_editor(self) -> None:
        """Cover the window with the page on which keys are changed."""
        self._keys_editor.open_with(self._key_rows())

    def take_up_layouts(self, number: int, other: bytes) -> None:
        """Go on with the two arrangements that were remembered."""
        self._layouts.take_up(number, other)

    def other_layout(self) -> tuple[int, bytes]:
        """What `take_up_layouts` takes."""
        return self._layouts.current, self._layouts.other()

    def switch_layout(self) -> int:
        """Turn to the other arrangement of panels; its number."""
        return self._layouts.switch(list(self._docks.values()))

    def reset_layout(self) -> None:
        """All panels back to their first places."""
        self.restoreState(self._first_layout, LAYOUT_VERSION)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        event.accept()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        pressed = QKeySequence(event.keyCombination())
        for command in COMMANDS:
            keys = shortcuts.keys_of(command, self._own_keys)
            if command.where == "left over" and command.name in self._actions and pressed.toString() in keys:
                self._actions[command.name].trigger()
                return
        super().keyPressEvent(event)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped_file(event) is not None:
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            self.file_dropped.emit(path)

    def _key_rows(self) -> list[KeyRow]:
        return [
            KeyRow(
                command.name,
                command.text.rstrip("…"),
                command.menu.replace("&", ""),
                ", ".join(shortcuts.keys_of(command, self._own_keys)),
                is_changed=command.name in self._own_keys,
            )
            for command in COMMANDS
        ]

    def _change_key(self, name: str, key: str) -> None:
        command = shortcuts.BY_NAME[name]
        changed, others = shortcuts.with_key(command, key, self._own_keys)
        self._take_keys(changed, f"{key or 'No key'} now means: {command.text.rstrip('…')}.", others)

    def _reset_keys(self, name: str) -> None:
        changed, others = shortcuts.as_it_was(shortcuts.BY_NAME[name], self._own_keys) if name else ({}, ())
        self._take_keys(changed, "As it was." if name else "All keys are as they were.", others)

    def _take_keys(self, changed: shortcuts.Keys, said: str, others: tuple[Command, ...]) -> None:
        self.set_keys(changed)
        names = ", ".join(other.text.rstrip("…") for other in others)
        taken = f" It was taken from: {names}." if names else ""
        self._keys_editor.show_rows(self._key_rows(), said + taken)
        self.keys_changed.emit(self._own_keys)

    def _settle(self, panels: list[Panel]) -> None:
        """Give the panels their places, the remembered ones where there are any."""
        room = self.height() - self.menuBar().height() - self.statusBar().height() - _CONTROLS_HEIGHT
        place_panels(self, self._docks, panels, room)
        self._first_layout = self.saveState(LAYOUT_VERSION)
        self.restoreState(self._wanted_layout, LAYOUT_VERSION)
        if self.workspace != EXPLORE:
            self._clear_panels()

    def _clear_panels(self) -> None:
        """Put Explore's panels away."""
        if self._put_away is None:
            self._put_away = self.saveState(LAYOUT_VERSION)
        for bar in (*self._docks.values(), self._foot):
            if bar is not None:
                bar.hide()

    def _bring_panels(self) -> None:
        """Bring Explore's panels back to where they lay."""
        if self._put_away is not None:
            self.restoreState(self._put_away, LAYOUT_VERSION)
            self._put_away = None

    def _offer_all(self) -> None:
        """Offer what the workspace shown has a meaning for; menus with nothing of that go."""
        for command in COMMANDS:
            if command.name in self._actions:
                self._offer(command)
        for title, menu in self._menus.items():
            there = [command for command in COMMANDS if command.menu == title and command.where != "left over"]
            menu.menuAction().setVisible(any(map(self._is_here, there)))
        for dock in self._docks.values():
            dock.toggleViewAction().setVisible(self.workspace == EXPLORE)

    def _offer(self, command: Command) -> None:
        action = self._actions[command.name]
        action.setEnabled(self._is_here(command) and command.name not in self._greyed)
        action.setVisible(self._is_here(command))

    def _is_here(self, command: Command) -> bool:
        return command.workspace in ("", self.workspace)

    def _add(self, name: str, centre: QWidget, status: QWidget) -> None:
        self._centres[name], self._statuses[name] = centre, status
        self._stage.addWidget(centre)
        self.statusBar().addWidget(status, 1)

    def _dock(self, panel: Panel) -> QDockWidget:
        dock = QDockWidget(panel.title, self)
        dock.setObjectName(panel.name)
        dock.setWidget(panel.widget)
        return dock

    def _add_command(self, command: Command, handler: Callable[..., None], board: QWidget, tree: QWidget) -> None:
        action = QAction(command.text, self)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        action.setCheckable(command.checkable)
        action.setAutoRepeat(not command.checkable)  # a switch does not flicker under a key held down
        if command.checkable:
            action.triggered.connect(handler)
        else:
            action.triggered.connect(lambda: handler())
        self._menus[command.menu].addAction(action)
        if command.where == "board":
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            board.addAction(action)
        elif command.where == "hero":
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            board.addAction(action)
            tree.addAction(action)
        elif command.where == "left over":
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        else:
            self.addAction(action)
        if command.ends_group:
            self._menus[command.menu].addSeparator()
        self._actions[command.name] = action


def _dropped_file(event: QDropEvent) -> Path | None:
    """The first file of what is dragged, or None."""
    files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
    return Path(files[0]) if files else None


def _fixed_bar(name: str, *widgets: QWidget) -> QToolBar:
    """A bar that stays where it is."""
    bar = QToolBar()
    bar.setObjectName(name)
    bar.setMovable(False)
    bar.toggleViewAction().setVisible(False)
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    for widget in widgets:
        bar.addWidget(widget)
    return bar
