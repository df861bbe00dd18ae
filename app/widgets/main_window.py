"""The frame: rail, menus, panels and status bar. What stands in it is a workspace's business."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import QDockWidget, QLabel, QMainWindow, QSizePolicy, QToolBar, QToolButton, QWidget
from typing_extensions import override

from app.commands import COMMANDS, MENUS, VIEW, Command, key_groups
from app.theme import Theme
from app.widgets.icons import set_icon
from app.widgets.keys_overlay import KeysOverlay

LAYOUT_VERSION = 1
"""Raised when the panels change, so that a remembered layout of other panels is not taken."""
_RAIL_BUTTON = 40


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a workspace that can be moved, closed and brought back.

    Attributes:
        name: for the remembered layout. title: for people. size: width or height it begins with, in pixels.
        fixed: stays where it is and has no title.
    """

    name: str
    title: str
    widget: QWidget
    area: Qt.DockWidgetArea
    size: int
    fixed: bool = False


class MainWindow(QMainWindow):
    """Shows at once with a line of words, and takes its workspace when that is ready.

    Signals:
        file_dropped(object): the Path of a file dropped on the window.
        closing(): the window is about to close.
    """

    file_dropped = Signal(object)
    closing = Signal()

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
        self._docks: list[QDockWidget] = []
        self._first_layout = QByteArray()
        self._rail_buttons: list[tuple[QToolButton, str]] = []
        self._rail = self._make_rail()
        self._keys = KeysOverlay(self)

    def take(self, centre: QWidget, panels: list[Panel], status: QWidget) -> None:
        """Put a workspace into the frame."""
        self.setCentralWidget(centre)
        for panel in panels:
            self._docks.append(self._dock(panel))
            self.addDockWidget(panel.area, self._docks[-1])
        for orientation, areas in (
            (Qt.Orientation.Horizontal, (Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea)),
            (Qt.Orientation.Vertical, (Qt.DockWidgetArea.BottomDockWidgetArea,)),
        ):
            pairs = zip(self._docks, panels, strict=True)
            chosen = [(dock, panel.size) for dock, panel in pairs if panel.area in areas]
            self.resizeDocks([dock for dock, _ in chosen], [size for _, size in chosen], orientation)
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addWidget(status, 1)
        self._first_layout = self.saveState(LAYOUT_VERSION)
        movable = [dock for dock, panel in zip(self._docks, panels, strict=True) if not panel.fixed]
        for dock in movable:
            self._menus[VIEW].addAction(dock.toggleViewAction())

    def connect_commands(self, handlers: Mapping[str, Callable[..., None]], board: QWidget) -> None:
        """Fill the menus; `handlers` has a function for each command's name, `board` is where its keys hold.

        Raises:
            KeyError: a command has no handler.
        """
        for command in COMMANDS:
            self._add(command, handlers[command.name], board)

    def check(self, name: str, checked: bool) -> None:
        """Show a command as switched on or off, without carrying it out."""
        self._actions[name].setChecked(checked)

    def enable(self, name: str, enabled: bool) -> None:
        """Offer a command, or show it greyed."""
        self._actions[name].setEnabled(enabled)

    def show_keys(self) -> None:
        """Cover the window with the page of keys."""
        self._keys.show_keys(key_groups())

    def set_theme(self, theme: Theme) -> None:
        """Change the icons; the rest comes with the style sheet."""
        self._keys.set_theme(theme)
        for button, name in self._rail_buttons:
            set_icon(button, name, theme)

    def restore(self, geometry: bytes, layout: bytes) -> None:
        """Take up a remembered place and panels; what does not fit this version is left out."""
        if geometry:
            self.restoreGeometry(QByteArray(geometry))
        if layout:
            self.restoreState(QByteArray(layout), LAYOUT_VERSION)

    def remembered(self) -> tuple[bytes, bytes]:
        """What `restore` takes."""
        return bytes(self.saveGeometry().data()), bytes(self.saveState(LAYOUT_VERSION).data())

    def reset_layout(self) -> None:
        """All panels back to their first places."""
        self.restoreState(self._first_layout, LAYOUT_VERSION)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        event.accept()

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

    def _dock(self, panel: Panel) -> QDockWidget:
        dock = QDockWidget(panel.title, self)
        dock.setObjectName(panel.name)
        dock.setWidget(panel.widget)
        if panel.fixed:
            dock.setTitleBarWidget(QWidget(dock))
            dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        return dock

    def _add(self, command: Command, handler: Callable[..., None], board: QWidget) -> None:
        action = QAction(command.text, self)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        action.setCheckable(command.checkable)
        if command.checkable:
            action.triggered.connect(handler)
        else:
            action.triggered.connect(lambda: handler())
        self._menus[command.menu].addAction(action)
        if command.where == "board":
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            board.addAction(action)
        else:
            self.addAction(action)
        if command.ends_group:
            self._menus[command.menu].addSeparator()
        self._actions[command.name] = action

    def _make_rail(self) -> QToolBar:
        """One button for each workspace there is, and the page of keys at the lower end."""
        rail = QToolBar("Workspaces", self)
        rail.setObjectName("rail")
        rail.setMovable(False)
        rail.toggleViewAction().setVisible(False)
        rail.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
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


def _dropped_file(event: QDropEvent) -> Path | None:
    """The first file of what is dragged, or None."""
    files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
    return Path(files[0]) if files else None
