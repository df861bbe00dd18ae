"""The frame: rail, menus, panels and status bar. What stands in it is a workspace's business."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDockWidget, QLabel, QMainWindow, QSizePolicy, QToolBar, QToolButton, QWidget
from typing_extensions import override

from app import shortcuts
from app.commands import COMMANDS, MENUS, VIEW, Command, key_groups
from app.theme import Theme
from app.viewmodels.palette import Entry
from app.widgets.command_palette import CommandPalette
from app.widgets.icons import set_icon
from app.widgets.keys_editor import KeyRow, KeysEditor
from app.widgets.keys_overlay import KeysOverlay
from app.widgets.layouts import Layouts

LAYOUT_VERSION = 4
"""Raised when the panels change, so that a remembered layout of other panels is not taken."""
_RAIL_BUTTON = 40
_CONTROLS_HEIGHT = 52
_LOW = 900
"""Below this height, in pixels, some panels are stacked behind others."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a workspace that can be moved, closed and brought back.

    Attributes:
        name: for the remembered layout. title: for people.
        behind: name of the panel it is a tab behind, or "".
        behind_where_low: the same, but only in a window too low for both.
    """

    name: str
    title: str
    widget: QWidget
    area: Qt.DockWidgetArea
    behind: str = ""
    behind_where_low: str = ""


class MainWindow(QMainWindow):
    """Shows at once with a line of words, and takes its workspace when that is ready.

    Signals:
        file_dropped(object): the Path of a file dropped on the window.
        closing(): the window is about to close.
        keys_changed(object): keys of commands, by name, as `set_keys` takes them.
    """

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
        self.setCentralWidget(waiting)
        self._actions: dict[str, QAction] = {}
        self._menus = {title: self.menuBar().addMenu(title) for title in MENUS}
        self._docks: dict[str, QDockWidget] = {}
        self._first_layout = self._wanted_layout = QByteArray()
        self._rail_buttons: list[tuple[QToolButton, str]] = []
        self._rail = self._make_rail()
        self._keys = KeysOverlay(self)
        self._keys_editor = KeysEditor(self)
        self._keys_editor.key_chosen.connect(self._change_key)
        self._keys_editor.reset_wanted.connect(self._reset_keys)
        self._palette = CommandPalette(self)
        self._palette.chosen.connect(lambda name: self._actions[name].trigger())
        self._own_keys: shortcuts.Keys = {}
        self._layouts = Layouts(self, LAYOUT_VERSION)

    def take(self, centre: QWidget, panels: list[Panel], foot: QWidget, status: QWidget) -> None:
        """Put a workspace into the frame; `foot` is the row of controls under everything."""
        self.setCentralWidget(centre)
        for panel in panels:
            self._docks[panel.name] = dock = self._dock(panel)
            self.addDockWidget(panel.area, dock)
        self.addToolBar(Qt.ToolBarArea.BottomToolBarArea, _fixed_bar("foot", foot))
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addWidget(status, 1)
        # Sizes given to docks before they were laid out once are lost.
        QTimer.singleShot(0, self, lambda: self._settle(panels))
        for panel in panels:
            self._menus[VIEW].addAction(self._docks[panel.name].toggleViewAction())

    def connect_commands(self, handlers: Mapping[str, Callable[..., None]], board: QWidget, tree: QWidget) -> None:
        """Fill the menus; `handlers` has a function for each command's name, `board` and `tree` hear their own keys.

        Raises:
            KeyError: a command has no handler.
        """
        for command in COMMANDS:
            self._add(command, handlers[command.name], board, tree)

    def check(self, name: str, checked: bool) -> None:
        """Show a command as switched on or off, without carrying it out."""
        self._actions[name].setChecked(checked)

    def enable(self, name: str, enabled: bool) -> None:
        """Offer a command, or show it greyed."""
        self._actions[name].setEnabled(enabled)

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
        for button, name in self._rail_buttons:
            set_icon(button, name, theme)

    def restore(self, geometry: bytes, layout: bytes) -> None:
        """Take up a remembered place and panels; what does not fit this version is left out."""
        if geometry:
            self.restoreGeometry(QByteArray(geometry))
        self._wanted_layout = QByteArray(layout)

    def remembered(self) -> tuple[bytes, bytes]:
        """What `restore` takes."""
        return bytes(self.saveGeometry().data()), bytes(self.saveState(LAYOUT_VERSION).data())

    def open_palette(self) -> None:
        """Find a command by a few of its letters."""
        there = [command for command in COMMANDS if command.name in self._actions and command.name != "palette"]
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
        changed, other = shortcuts.with_key(command, key, self._own_keys)
        self._take_keys(changed, f"{key or 'No key'} now means: {command.text.rstrip('…')}.", other)

    def _reset_keys(self, name: str) -> None:
        changed, other = shortcuts.as_it_was(shortcuts.BY_NAME[name], self._own_keys) if name else ({}, None)
        self._take_keys(changed, "As it was." if name else "All keys are as they were.", other)

    def _take_keys(self, changed: shortcuts.Keys, said: str, other: Command | None) -> None:
        self.set_keys(changed)
        taken = f" It was taken from: {other.text.rstrip('…')}." if other is not None else ""
        self._keys_editor.show_rows(self._key_rows(), said + taken)
        self.keys_changed.emit(self._own_keys)

    def _settle(self, panels: list[Panel]) -> None:
        """Give the panels their places, the remembered ones where there are any."""
        self._place_docks(panels)
        self._first_layout = self.saveState(LAYOUT_VERSION)
        self.restoreState(self._wanted_layout, LAYOUT_VERSION)

    def _place_docks(self, panels: list[Panel]) -> None:
        """First sizes: sides in proportion to the window, the upper panel of a side square."""
        is_low = self.height() < _LOW
        fronts = {panel.name: panel.behind or (panel.behind_where_low if is_low else "") for panel in panels}
        for name, front in fronts.items():
            if front:
                self.tabifyDockWidget(self._docks[front], self._docks[name])
                self._docks[front].raise_()
        left, right = (
            [self._docks[panel.name] for panel in panels if panel.area == area]
            for area in (Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea)
        )
        wide = _within(self.width() * 0.29, 340, 520)
        widths = [wide] * len(left) + [_within(self.width() * 0.23, 290, 400)] * len(right)
        self.resizeDocks([*left, *right], widths, Qt.Orientation.Horizontal)
        room = self.height() - self.menuBar().height() - self.statusBar().height() - _CONTROLS_HEIGHT
        rest = max(room - wide, 0)
        stacked = [dock for dock in left if not fronts[dock.objectName()]]
        heights = [wide, round(rest * 0.65), round(rest * 0.35)] if len(stacked) > 2 else [wide, rest]
        sized = list(zip(stacked, heights, strict=False))  # a workspace may have fewer panels, or more below them
        self.resizeDocks([dock for dock, _ in sized], [height for _, height in sized], Qt.Orientation.Vertical)

    def _dock(self, panel: Panel) -> QDockWidget:
        dock = QDockWidget(panel.title, self)
        dock.setObjectName(panel.name)
        dock.setWidget(panel.widget)
        return dock

    def _add(self, command: Command, handler: Callable[..., None], board: QWidget, tree: QWidget) -> None:
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

    def _make_rail(self) -> QToolBar:
        """One button for each workspace there is, and the page of keys at the lower end."""
        rail = _fixed_bar("rail")
        explore = self._rail_button("graph-outline", "Explore: watch and steer one search.")
        explore.setCheckable(True)
        explore.setChecked(True)
        explore.clicked.connect(lambda: explore.setChecked(True))
        keys = self._rail_button("keyboard-outline", "All keys. (?)")
        keys.clicked.connect(self.show_keys)
        space = QWidget()
        space.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        rail.addWidget(explore)
        rail.addWidget(space)
        rail.addWidget(keys)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, rail)
        return rail

    def _rail_button(self, icon_name: str, tooltip: str) -> QToolButton:
        button = QToolButton()
        button.setProperty("role", "plain")
        button.setToolTip(tooltip)
        button.setAccessibleName(tooltip.split(":")[0].split(".")[0])
        button.setFixedSize(_RAIL_BUTTON, _RAIL_BUTTON)
        button.setIconSize(QSize(22, 22))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._rail_buttons.append((button, icon_name))
        return button


def _within(size: float, least: int, most: int) -> int:
    return round(min(max(size, least), most))


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
