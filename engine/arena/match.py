"""A match: pairs of games from the same openings with colours reversed, many at once in lockstep.

At every step the player who is to move in most games moves in those, or in as many of them as it takes at once. Pairs
begin in order, a new one as soon as both games of another are over, and which moves come next follows from the games
alone: a match that was cut off goes on as if nothing had happened. A sequential test reads the pairs in the order of
their numbers, not in that of their ends, as otherwise short games would be heard first.
"""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.arena.counts import Counts, count_pairs
from engine.arena.games import Game, Games
from engine.arena.journal import MatchJournal, Moves
from engine.arena.players import Player, Turn
from engine.arena.sprt import CONTINUE, Sprt
from engine.domains.base import Line, Rules


@dataclass(frozen=True, slots=True)
class MatchSettings:
    """How a match is played.

    Attributes:
        concurrency: pairs that are played at the same time.
        max_plies: plies after the opening at which a game is broken off as a draw.
        seed: of the players' chance; that of the openings is the book's affair.
        sprt: the test after which the match stops early, or None.
    """

    concurrency: int = 256
    max_plies: int = 512
    seed: int = 0
    sprt: Sprt | None = None


class Match:
    """Two players and the games between them; every call of `advance` is one step.

    Attributes:
        games: all that have begun.
        seconds_s: spent on moves, before an interruption included.
        stopped_at: pairs after which the test was decided, or None.
    """

    def __init__(
        self,
        rules: Rules,
        a: Player,
        b: Player,
        openings: Sequence[Line],
        settings: MatchSettings,
        journal: MatchJournal | None = None,
    ) -> None:
        """Prepare, and play again what the journal holds.

        Args:
            openings: of the pairs, in order.

        Raises:
            ValueError: the domain is not for two; an opening cannot be played from; the journal is damaged.
        """
        if rules.num_players != 2:
            raise ValueError(f"{rules.name} is played alone: a match needs a domain for two")
        if settings.concurrency < 1 or settings.max_plies < 1:
            raise ValueError(f"{settings.concurrency} pairs at once, {settings.max_plies} plies: at least 1 of each")
        self.games = Games(rules, settings.max_plies)
        self.seconds_s = 0.0
        self.stopped_at: int | None = None
        self._players, self._openings, self._settings, self._journal = (a, b), openings, settings, journal
        self._points: dict[int, tuple[float, float]] = {}
        self._begun = self._heard = 0
        self._in_order = Counts()
        self._begin_pairs()
        if journal is not None:
            for moves in journal.moves():
                self._replay(moves)

    @property
    def pairs(self) -> int:
        """Pairs that will be played if no test ends the match before."""
        return len(self._openings)

    @property
    def is_over(self) -> bool:
        """Whether all is played, or the test decided."""
        return self.stopped_at is not None or len(self._points) == self.pairs

    def counts(self) -> Counts:
        """Results of finished pairs: of those the test heard where it has decided, else of all."""
        if self.stopped_at is not None:
            return self._in_order
        return count_pairs(self._points.values())

    def counted_games(self) -> list[Game]:
        """The games behind `counts`, in order."""
        pairs = range(self.stopped_at) if self.stopped_at is not None else sorted(self._points)
        return [self.games[2 * pair + turn] for pair in pairs for turn in range(2)]

    def advance(self) -> bool:
        """Let one player move wherever it is to move; False once the match is over."""
        if self.is_over:
            return False
        started = time.perf_counter()
        live = self.games.live
        a_turns = [game for game in live if game.a_to_move]
        mine = a_turns if 2 * len(a_turns) >= len(live) else [game for game in live if not game.a_to_move]
        player = self._players[0 if mine[0].a_to_move else 1]
        mine = sorted(mine, key=lambda game: len(game.actions))[: player.most_boards]
        chosen = player.choose([Turn(game, self._seed(game)) for game in mine])
        indices = [game.index for game in mine]
        self._play(indices, chosen.actions, chosen.values)
        self.seconds_s += time.perf_counter() - started
        if self._journal is not None:
            values = [None if np.isnan(value) else round(value, 4) for value in chosen.values]
            self._journal.append(Moves(indices, chosen.actions, values, self.seconds_s))
        return not self.is_over

    def _seed(self, game: Game) -> int:
        """Of chance in one game: independent of all other games."""
        told = f"{self._settings.seed}/{game.index}".encode()
        return int.from_bytes(hashlib.blake2b(told, digest_size=6).digest(), "little")

    def _replay(self, moves: Moves) -> None:
        """Play a step of the journal again, as far as it is about pairs that are wanted now."""
        rows = [row for row, game in enumerate(moves.games) if game < 2 * self.pairs]
        values = [float("nan") if value is None else value for value in moves.values]
        indices = [moves.games[row] for row in rows]
        self._begin_pairs(1 + max(indices, default=-1) // 2)  # more may have been under way at a time than now
        self._play(indices, [moves.actions[row] for row in rows], [values[row] for row in rows])
        self.seconds_s = moves.seconds_s

    def _play(self, indices: Sequence[int], actions: Sequence[int], values: Sequence[float]) -> None:
        for game in self.games.play(indices, actions, values):
            pair = game.index // 2
            points = [self.games[2 * pair + turn].points for turn in range(2)]
            if points[0] is not None and points[1] is not None:
                self._points[pair] = points[0], points[1]
        self._hear()
        self._begin_pairs()

    def _hear(self) -> None:
        """Tell the test of the next pairs in order, as far as they are over."""
        while self.stopped_at is None and self._heard in self._points:
            self._in_order = self._in_order.with_pair(*self._points[self._heard])
            self._heard += 1
            if self._settings.sprt is not None and self._settings.sprt.verdict(self._in_order) != CONTINUE:
                self.stopped_at = self._heard

    def _begin_pairs(self, at_least: int = 0) -> None:
        """Begin as many pairs as may be under way, and in any case the first `at_least`."""
        at_once = self._settings.concurrency
        while self._begun < max(at_least, min(self.pairs, len(self._points) + at_once)):
            self.games.begin_pair(self._begun, self._openings[self._begun])
            self._begun += 1
