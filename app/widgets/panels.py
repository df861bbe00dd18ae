"""The parts of a workspace around its centre, and where they lie at first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

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


def place_panels(window: QMainWindow, docks: Mapping[str, QDockWidget], panels: Sequence[Panel], room: int) -> None:
    """First sizes: sides in proportion to the window, the upper panel of a side square.

    Args:
        docks: by the panels' names, added to the window. room: pixels of height that the sides have.
    """
    is_low = window.height() < _LOW
    fronts = {panel.name: panel.behind or (panel.behind_where_low if is_low else "") for panel in panels}
    for name, front in fronts.items():
        if front:
            window.tabifyDockWidget(docks[front], docks[name])
            docks[front].raise_()
    left, right = (
        [docks[panel.name] for panel in panels if panel.area == area]
        for area in (Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea)
    )
    wide = _within(window.width() * 0.29, 340, 520)
    widths = [wide] * len(left) + [_within(window.width() * 0.23, 290, 400)] * len(right)
    window.resizeDocks([*left, *right], widths, Qt.Orientation.Horizontal)
    rest = max(room - wide, 0)
    stacked = [dock for dock in left if not fronts[dock.objectName()]]
    heights = [wide, round(rest * 0.65), round(rest * 0.35)] if len(stacked) > 2 else [wide, rest]
    sized = list(zip(stacked, heights, strict=False))  # a workspace may have fewer panels, or more below them
    window.resizeDocks([dock for dock, _ in sized], [height for _, height in sized], Qt.Orientation.Vertical)


def _within(size: float, least: int, most: int) -> int:
    return round(min(max(size, least), most))
