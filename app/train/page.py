"""What every page of the Train workspace is: a widget that is dressed, told when it is looked at, and asked."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.theme import Theme


class TrainPage(QWidget):
    """What a page has no use for does nothing.

    Signals:
        said(str): a passing remark for the workspace to show. lessons_wanted(str): those of a round.
    """

    said = Signal(str)
    lessons_wanted = Signal(str)

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes; called before the page is first shown."""

    def set_motion(self, moving: bool) -> None:
        """Freeze (False) or allow all movement."""

    def turned_to(self) -> None:
        """A person looks at the page now, for the first time or again."""

    def toggle(self) -> None:
        """Start what the page is for, or let it stand still."""

    def told(self) -> dict[str, Any]:
        """What the page shows, for `--state-file`: numbers and words only."""
        return {}
