"""The rail at the window's left edge: one button for each workspace, and the page of keys at its lower end."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QToolBar, QToolButton, QWidget

from app.theme import Theme
from app.widgets.icons import set_icon

_BUTTON = 40
_WORKSPACES = (
    ("explore", "graph-outline", "Explore: watch and steer one search. (Ctrl+1)"),
    ("arena", "sword-cross", "Arena: let players meet, and measure who is stronger. (Ctrl+2)"),
    ("train", "school-outline", "Train: let search teach the intuition, and see whether it helps. (Ctrl+3)"),
)
"""Name, icon and tooltip; the word before the colon is its name for screen readers."""


class Rail(QToolBar):
    """Stays where it is.

    Signals:
        workspace_chosen(str): name of the workspace whose button was pressed.
        keys_clicked(): the page of keys was asked for.
    """

    workspace_chosen = Signal(str)
    keys_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setMovable(False)
        self.toggleViewAction().setVisible(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._icons: list[tuple[QToolButton, str]] = []
        self._buttons: dict[str, QToolButton] = {}
        group = QButtonGroup(self)
        for name, icon_name, tooltip in _WORKSPACES:
            self._buttons[name] = button = self._add_button(icon_name, tooltip)
            button.setCheckable(True)
            group.addButton(button)
            button.clicked.connect(lambda *_, name=name: self.workspace_chosen.emit(name))
        space = QWidget()
        space.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.addWidget(space)
        self._add_button("keyboard-outline", "All keys. (?)").clicked.connect(self.keys_clicked)

    def show_workspace(self, name: str) -> None:
        """Mark the workspace that is shown."""
        self._buttons[name].setChecked(True)

    def set_theme(self, theme: Theme) -> None:
        """Change the icons; the rest comes with the style sheet."""
        for button, name in self._icons:
            set_icon(button, name, theme)

    def _add_button(self, icon_name: str, tooltip: str) -> QToolButton:
        button = QToolButton()
        button.setProperty("role", "plain")
        button.setToolTip(tooltip)
        button.setAccessibleName(tooltip.split(":")[0].split(".")[0])
        button.setFixedSize(_BUTTON, _BUTTON)
        button.setIconSize(QSize(22, 22))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._icons.append((button, icon_name))
        self.addWidget(button)
        return button
