"""What every page of the arena is: a widget that is dressed, told when it is looked at, and asked what it shows."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.theme import Theme
from engine.domains.base import Line


class Page(QWidget):
    """Built when it is first turned to; what a page has no use for does nothing.

    Signals:
        said(str): a passing remark for the workspace to show.
        game_wanted(str, int): the game of this number of this match is to be opened.
        match_wanted(str): a stored match is to be looked at.
        players_wanted(str, str, str): a match of two players of a domain is to be set up.
        position_wanted(str, object, object): a position (domain and `Line`) is to be opened head to head, with two
            players.
        generation_wanted(str, str): a generation of a domain is to search in Explore from now on.
    """

    said = Signal(str)
    game_wanted = Signal(str, int)
    match_wanted = Signal(str)
    players_wanted = Signal(str, str, str)
    position_wanted = Signal(str, object, object)
    generation_wanted = Signal(str, str)

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes; called before the page is first shown."""

    def set_motion(self, moving: bool) -> None:
        """Freeze (False) or allow all movement."""

    def turned_to(self) -> None:
        """A person looks at the page now, for the first time or again."""

    def step_back(self) -> bool:
        """Escape: take one step back inside the page; whether there was one."""
        return False

    def open_game(self, match: str, game: int) -> None:
        """Show a game of a match (`app.arena.match_desk.MatchDesk.read` has its moves)."""

    def take_players(self, domain: str, a: str, b: str) -> None:
        """Set up a match of these two players."""

    def open_position(self, domain: str, line: Line, players: tuple[str, str]) -> None:
        """Have two players look at a position."""

    def toggle(self) -> None:
        """Start what the page is for, or let it stand still."""

    def told(self) -> dict[str, Any]:
        """What the page shows, for `--state-file`: numbers and words only."""
        return {}
