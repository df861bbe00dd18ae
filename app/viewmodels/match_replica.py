"""A match as the window knows it: games and counts, folded from what the engine says of it (`MatchNews`)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from engine.arena.counts import Counts
from engine.arena.order import MatchOrder
from engine.arena.sprt import Sprt
from engine.arena.stopping import Walk, walk_of
from engine.domains.base import Line
from engine.service.arena_messages import GameBegan, MatchBegan, MatchInfo, MatchNews, Stopped

_PAIRS_ONE_BY_ONE = 32
"""More are told to the walk of a test all at once, which takes about as long as these."""


@dataclass(slots=True, eq=False)
class GameReplica:
    """One game so far.

    Attributes:
        began: its opening, colours and seed.
        actions: played after the opening.
        values: what each mover thought of the board before it moved, from its own view in [-1, 1]; None = nothing.
        points: of A, 0, 0.5 or 1; None while it is played. text: how it ended, or "".
    """

    began: GameBegan
    actions: list[int] = field(default_factory=list)
    values: list[float | None] = field(default_factory=list)
    points: float | None = None
    text: str = ""

    @property
    def number(self) -> int:
        """Of the game in its match."""
        return self.began.game

    @property
    def line(self) -> Line:
        """The board as it is now."""
        return Line(self.began.start, (*self.began.actions, *self.actions))

    def a_moves_at(self, ply: int) -> bool:
        """Whether A chooses the action that is `ply` actions after the opening."""
        return self.began.a_moves_first == (ply % 2 == 0)

    def value_of_a(self) -> float | None:
        """The last value a player set, seen by A, in [-1, 1]; None where nobody has said one."""
        for ply in range(len(self.values) - 1, -1, -1):
            value = self.values[ply]
            if value is not None:
                return value if self.a_moves_at(ply) else -value
        return None


@dataclass(slots=True, eq=False)
class MatchReplica:
    """A match; `fold` is the only thing that changes it.

    Attributes:
        match: its id. order: what is played. pairs: that will be played at most.
        book: name of the openings, "" where it is not known. reproducible: the same order gives the same games.
        games: by number; those of pair `p` are 2p and 2p + 1.
        pair_points: A's points in both games of each pair that counts. counts: their results.
        repeated: games that count and went, move by move, like one before them.
        seconds_s: spent on it so far.
        live: numbers of the games that are not over.
        stopped: why it stands still, None while it is played or where that is not known.
    """

    match: str
    order: MatchOrder
    pairs: int
    book: str = ""
    reproducible: bool = True
    games: dict[int, GameReplica] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    pair_points: list[tuple[float, float]] = field(default_factory=list)
    repeated: int = 0
    seconds_s: float = 0.0
    live: set[int] = field(default_factory=set)
    stopped: Stopped | None = None
    _changed: set[int] = field(default_factory=set)
    _lines: set[Line] = field(default_factory=set)
    _walk: Walk = field(default_factory=Walk.start)
    _walked: Counts = field(default_factory=Counts)

    def fold(self, news: MatchNews) -> None:
        """Take in what happened since the last news.

        Raises:
            ValueError: the news are of another match, or of a game that never began.
        """
        if news.match != self.match:
            raise ValueError(f"news of match {news.match!r} for match {self.match!r}")
        for began in news.began:
            self.games[began.game] = GameReplica(began)
            self.live.add(began.game)
            self._changed.add(began.game)
        for moved in news.moved:
            game = self._game(moved.game)
            game.actions.extend(moved.actions)
            game.values.extend(moved.values)
            self._changed.add(moved.game)
        for ended in news.ended:
            game = self._game(ended.game)
            game.points, game.text = ended.points, ended.text
            self.live.discard(ended.game)
            self._changed.add(ended.game)
        self.seconds_s = news.seconds_s
        self._count(news.counted)

    def take_changed(self) -> set[int]:
        """Numbers of the games that changed since this was last called."""
        changed, self._changed = self._changed, set()
        return changed

    def walk(self, sprt: Sprt) -> Walk:
        """What the match's test, always the same one, has come through."""
        if self.counts.pairs - self._walked.pairs > _PAIRS_ONE_BY_ONE:
            self._walk, self._walked = walk_of(np.array(self.pair_points), sprt), self.counts
        for first, second in self.pair_points[self._walked.pairs :]:
            self._walked = self._walked.with_pair(first, second)
            self._walk = self._walk.after(sprt.llr(self._walked))
        return self._walk

    @property
    def finished(self) -> int:
        """Games that are over, counted or not."""
        return len(self.games) - len(self.live)

    def counted_games(self) -> Iterator[GameReplica]:
        """The games of the pairs that count, in order."""
        return (self.games[number] for number in range(2 * self.counts.pairs))

    def _game(self, number: int) -> GameReplica:
        try:
            return self.games[number]
        except KeyError as error:
            raise ValueError(f"news of game {number} of match {self.match!r}, which never began") from error

    def _count(self, counted: int) -> None:
        """Count on, as far as the games are known: news of many games come in parts, each of which says how far."""
        while self.counts.pairs < counted:
            first, second = (self._points(2 * self.counts.pairs + place) for place in (0, 1))
            if first is None or second is None:
                return
            self.pair_points.append((first, second))
            for place in (0, 1):
                line = self.games[2 * self.counts.pairs + place].line
                self.repeated += line in self._lines
                self._lines.add(line)
            self.counts = self.counts.with_pair(first, second)

    def _points(self, number: int) -> float | None:
        game = self.games.get(number)
        return None if game is None else game.points


def replica_begun(began: MatchBegan) -> MatchReplica:
    """A match before its first game."""
    return MatchReplica(began.match, began.order, began.pairs, began.book, began.reproducible)


def replica_read(info: MatchInfo, news: MatchNews) -> MatchReplica:
    """A stored match with all its games.

    Raises:
        ValueError: see `MatchReplica.fold`.
    """
    report = info.report or {}
    replica = MatchReplica(info.match, info.order, info.order.pairs, str(report.get("book", {}).get("name", "")))
    stopped = report.get("stopped")
    replica.stopped = stopped if info.state != "running" else None
    replica.fold(news)
    return replica
