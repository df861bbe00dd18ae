"""What a client is told of a match: the moves since the last news, at a pace that a window can follow."""

import math
from collections.abc import Callable, Iterator

from engine.arena.games import Game, ending
from engine.arena.match import Match
from engine.domains.base import Rules
from engine.service.arena_messages import GameBegan, GameEnded, GameMoved, MatchNews

NEWS_INTERVAL_S = 1 / 8
PART_BYTES = 2**19
"""Size about which news are cut, so that no message is long on its way."""

_PLIES_A_PIECE = 2**14
_BYTES_A_PLY, _BYTES_AN_ITEM = 13, 48

Item = GameBegan | GameMoved | GameEnded


class MatchTeller:
    """Tells what happens in a match; the first news hold all that happened so far.

    Args:
        match_id: of the store.
        post: where news go.
        clock: seconds, rising.
    """

    def __init__(
        self, match_id: str, rules: Rules, match: Match, post: Callable[[MatchNews], None], clock: Callable[[], float]
    ) -> None:
        self._id, self._rules, self._match, self._post, self._clock = match_id, rules, match, post, clock
        self._due_s = -math.inf
        self._begun = 0
        self._told: dict[int, int] = {}  # of each game whose end was not told: its plies that were

    def tick(self) -> None:
        """Send news if they are due."""
        if self._clock() >= self._due_s:
            self.tell()

    def tell(self) -> None:
        """Send all that happened since the last news, now."""
        for part in cut_in_parts(self._since()):
            self._post(self._news(part))
        self._due_s = self._clock() + NEWS_INTERVAL_S

    def all_parts(self) -> Iterator[MatchNews]:
        """All that happened since the last news, for somebody else; games in which nothing happened are left out."""
        games = self._match.games
        items = (item for item in self._since() if games[item.game].actions or games[item.game].is_over)
        return (self._news(part) for part in cut_in_parts(items))

    def _news(self, items: list[Item]) -> MatchNews:
        return MatchNews(
            match=self._id,
            began=tuple(item for item in items if isinstance(item, GameBegan)),
            moved=tuple(item for item in items if isinstance(item, GameMoved)),
            ended=tuple(item for item in items if isinstance(item, GameEnded)),
            seconds_s=self._match.seconds_s,
            counted=self._match.pairs_in_order,
        )

    def _since(self) -> Iterator[Item]:
        """What happened since this was asked last: games begun, then moves, then games over."""
        games = self._match.games
        for index in range(self._begun, len(games)):
            self._told[index] = 0
            yield _began(games[index], self._match.seed_of(games[index]))
        self._begun = len(games)
        for index, plies in self._told.items():
            yield from _moved(games[index], plies)
            self._told[index] = len(games[index].actions)
        for index in [index for index in self._told if games[index].is_over]:
            del self._told[index]
            yield _ended(games[index], self._rules)


def cut_in_parts(items: Iterator[Item]) -> Iterator[list[Item]]:
    """`items` in order, in runs that are about `PART_BYTES` long; nothing where there is none."""
    part: list[Item] = []
    size = 0
    for item in items:
        part.append(item)
        size += _num_bytes(item)
        if size >= PART_BYTES:
            yield part
            part, size = [], 0
    if part:
        yield part


def _num_bytes(item: Item) -> int:
    if isinstance(item, GameEnded):
        return _BYTES_AN_ITEM + len(item.text)
    start = item.start if isinstance(item, GameBegan) else ""
    return _BYTES_AN_ITEM + len(start) + _BYTES_A_PLY * len(item.actions)


def _began(game: Game, seed: int) -> GameBegan:
    opening = game.opening
    return GameBegan(
        game=game.index,
        start=opening.start,
        actions=opening.actions,
        a_moves_first=game.a_moves_first,
        seed=seed,
    )


def _moved(game: Game, after: int) -> Iterator[GameMoved]:
    """The moves of a game after its first `after`."""
    for low in range(after, len(game.actions), _PLIES_A_PIECE):
        piece = slice(low, low + _PLIES_A_PIECE)
        values = (None if math.isnan(value) else value for value in game.values[piece])
        yield GameMoved(game=game.index, actions=tuple(game.actions[piece]), values=tuple(values))


def _ended(game: Game, rules: Rules) -> GameEnded:
    assert game.points is not None
    return GameEnded(game=game.index, points=game.points, text=ending(rules, game))
