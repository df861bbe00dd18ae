"""The wall of boards: which games hang where, and what each board says."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.viewmodels.arena_score import halves, player_names
from app.viewmodels.match_replica import GameReplica
from app.viewmodels.phrases import Phrases
from engine.arena.order import MatchOrder
from engine.domains.base import Card

EMPTY = -1
"""A place without a game."""


@dataclass(frozen=True, slots=True)
class TileRecord:
    """A small board.

    Attributes:
        game: its number. card: the picture.
        first, second: names of who plays the first and the second player's pieces. a_is_first: A is the first.
        value: of the board for the first player, in [-1, 1]; None = nobody said one.
        last: text of the last action, or "".
        points: of A, None while it is played. result: "1 : 0" seen by A, or "". text: how it ended, or "".
    """

    game: int
    card: Card
    first: str
    second: str
    a_is_first: bool
    value: float | None
    last: str
    points: float | None
    result: str
    text: str


def tile_record(game: GameReplica, order: MatchOrder, phrases: Phrases) -> TileRecord:
    """A game as it stands."""
    line = game.line
    card = phrases.card(line)
    a_is_next = game.a_moves_at(len(game.actions))
    a_is_first = a_is_next == (card.to_move == 0)
    a, b = player_names(order)
    value_of_a = game.value_of_a()
    value = None if value_of_a is None else value_of_a if a_is_first else -value_of_a
    result = "" if game.points is None else f"{halves(game.points)} : {halves(1.0 - game.points)}"
    return TileRecord(
        game=game.number,
        card=card,
        first=a if a_is_first else b,
        second=b if a_is_first else a,
        a_is_first=a_is_first,
        value=value,
        last=phrases.last_text(line) if game.actions else "",
        points=game.points,
        result=result,
        text=game.text,
    )


def in_words(tile: TileRecord) -> str:
    """The same for people who hear it: "Game 12: A against B, White to move."."""
    ended = f"{tile.result}, {tile.text}" if tile.points is not None else tile.card.status
    last = f", last move {tile.last}" if tile.last else ""
    return f"Game {tile.game + 1}: {tile.first} against {tile.second}{last}; {ended}"


def hang(
    places: Sequence[int], capacity: int, games: Mapping[int, GameReplica], live: Collection[int]
) -> tuple[int, ...]:
    """Numbers of the games on a wall of `capacity` places, so that none moves that can stay.

    Games that are played come before those that are over; a new one takes an empty place, or that of the game that has
    been over the longest by its number. Where there is room the last games that are over hang too.

    Args:
        places: as it was before, `EMPTY` where there is none.
        games: of the match, numbered from 0 without a gap. live: numbers of those that are not over.
    """
    hung = [number if number in games else EMPTY for number in places[:capacity]]
    hung += [EMPTY] * (capacity - len(hung))
    for number in sorted(set(live) - set(hung)):
        free = _free_place(hung, live)
        if free is None:
            break
        hung[free] = number
    known = set(hung)
    rest = (number for number in range(len(games) - 1, -1, -1) if number not in known and number not in live)
    return tuple(next(rest, EMPTY) if number == EMPTY else number for number in hung)


def page_of(page: int, capacity: int, games: Mapping[int, GameReplica]) -> tuple[int, ...]:
    """The games of a page, in the order of their numbers, which have no gap; pages count from 0."""
    numbers = range(len(games))[page * capacity : (page + 1) * capacity]
    return tuple(numbers) + (EMPTY,) * (capacity - len(numbers))


def _free_place(hung: Sequence[int], live: Collection[int]) -> int | None:
    if EMPTY in hung:
        return list(hung).index(EMPTY)
    over = [(number, place) for place, number in enumerate(hung) if number not in live]
    return min(over)[1] if over else None
