"""Panels that share a place: finding the one a widget stands in, and bringing it to the front."""

from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget


def dock_of(widget: QWidget) -> QDockWidget | None:
    """The panel that `widget` stands in, wherever a person has put it; None = in none."""
    above: QWidget | None = widget
    while above is not None and not isinstance(above, QDockWidget):
        above = above.parentWidget()
    return above


def bring_to_front(widget: QWidget) -> None:
    """Show the panel of `widget` over those it shares its place with, and open it if it was closed."""
    dock = dock_of(widget)
    if dock is not None:
        dock.show()
        dock.raise_()


def turn_to(widget: QWidget) -> QDockWidget | None:
    """The same, but a panel that a person has closed stays closed.

    Returns:
        The panel that was in front of it, None = none was.
    """
    dock = dock_of(widget)
    if dock is None or dock.isHidden() or is_in_front(dock):
        return None
    window = dock.parentWidget()
    beside = window.tabifiedDockWidgets(dock) if isinstance(window, QMainWindow) else []
    before = next((other for other in beside if is_in_front(other)), None)
    dock.raise_()
    return before


def is_in_front(dock: QDockWidget) -> bool:
    """Whether it can be seen; one that lies behind another is not hidden for Qt."""
    return not dock.visibleRegion().isEmpty()
