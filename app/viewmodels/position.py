"""The line under the board: the position as text, and the game it may have come from."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.viewmodels.game import Game, on_path
from engine.domains.base import Line, Notation
from engine.domains.game_tree import walk

_FIELDS = 4
"""Of a position's text that say what stands where and who may do what; those behind them count moves."""
_MOST_SEARCHED = 20_000
"""States looked through for a position."""


@dataclass(frozen=True, slots=True)
class PositionRecord:
    """The position on the board.

    Attributes:
        text: as the domain writes it (chess: FEN).
        notice: what is missing, with `action` naming the way to it, or "".
        error: what was wrong with the text that a person entered last, or "".
    """

    text: str = ""
    notice: str = ""
    action: str = ""
    error: str = ""


def with_history(pasted: Game, games: Iterable[Game], notation: Notation) -> Game | None:
    """The first of `games` in which the position of `pasted` stands after some moves, with the cursor there."""
    wanted = _placed(notation.position_text(pasted.current))
    seen: list[object] = []
    left = _MOST_SEARCHED
    for game in games:
        if any(game.tree is tree for tree in seen):
            continue
        seen.append(game.tree)
        for path, _ in walk(game.tree):
            if path and _placed(notation.position_text(Line(game.tree.start, path))) == wanted:
                return on_path(game, path)
            left -= 1
            if not left:
                return None
    return None


def _placed(text: str) -> list[str]:
    return text.split()[:_FIELDS]
