"""Icons of one set, in the theme's colours, fetched after the window is on screen."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractButton

from app.theme import Theme

_AFTER_FIRST_FRAME_MS = 60


def icon(name: str, theme: Theme) -> QIcon:
    """The icon `name` of Material Design Icons, e.g. "play"; the first one takes a quarter of a second."""
    import qtawesome

    found: QIcon = qtawesome.icon(f"mdi6.{name}", color=theme.text, color_disabled=theme.pruned)
    return found


def set_icon(button: QAbstractButton, name: str, theme: Theme) -> None:
    """Give `button` an icon a moment from now, when the window is visible."""
    QTimer.singleShot(_AFTER_FIRST_FRAME_MS, button, lambda: button.setIcon(icon(name, theme)))
