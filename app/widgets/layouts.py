"""Two arrangements of the panels, kept and switched with one key: one to work in, one to look at the tree alone."""

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QDockWidget, QMainWindow


class Layouts:
    """Which of the two arrangements of a window's docks is on, and what the other looks like.

    Attributes:
        current: 0 or 1.
    """

    def __init__(self, window: QMainWindow, version: int) -> None:
        """`version`: of the arrangement's form, as `QMainWindow.saveState` takes it."""
        self.current = 0
        self._window, self._version = window, version
        self._other = QByteArray()

    def take_up(self, current: int, other: bytes) -> None:
        """Go on with what was remembered."""
        self.current, self._other = current, QByteArray(other)

    def other(self) -> bytes:
        """The arrangement that is not on; empty where it was never changed."""
        return bytes(self._other.data())

    def switch(self, docks: list[QDockWidget]) -> int:
        """Turn the other one on. The second begins as the tree alone.

        Returns:
            Its number, 0 or 1.
        """
        before = self._window.saveState(self._version)
        if self._other.isEmpty() or not self._window.restoreState(self._other, self._version):
            for dock in docks:
                dock.hide()
        self._other, self.current = before, 1 - self.current
        return self.current
