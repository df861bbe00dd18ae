"""The move list: every action of the game with its number, and where the root stands."""

from app.viewmodels.game import Game
from app.viewmodels.phrases import Phrases
from app.viewmodels.records import MoveCell, MovesRecord
from engine.domains.base import Line


def moves_record(game: Game, phrases: Phrases) -> MovesRecord:
    """The list for `game`; the outcome is named where play has ended at the cursor."""
    start = Line(game.line.start)
    texts = phrases.texts(start, game.line.actions)
    first = _first_number(game.line.start)
    begins = phrases.card(start).to_move
    cells = tuple(
        MoveCell(index + 1, _number(index, first, begins), text, index + 1 == game.cursor)
        for index, text in enumerate(texts)
    )
    card = phrases.card(game.current)
    return MovesRecord(cells, card.status if card.outcome else "")


def _number(index: int, first: int, begins: int) -> str:
    """The number before an action: one for each pair; "12…" where the second player begins; none before an answer."""
    turn, second = divmod(index + begins, 2)
    if second:
        return f"{first + turn}…" if index == 0 else ""
    return f"{first + turn}."


def _first_number(start: str) -> int:
    """The number play begins with: the last field of a position's text where it is one (as in a FEN), else 1."""
    last = start.split()[-1] if len(start.split()) > 1 else ""
    return int(last) if last.isdecimal() and int(last) > 0 else 1
