"""A match: pairs of games from the same openings with colours reversed, many at once in lockstep.

At every step the player who is to move in most games moves in those, or in as many of them as it takes at once. Pairs
begin in order, a new one as soon as both games of another are over, and which moves come next follows from the games
alone: a match that was cut off goes on as if nothing had happened. A sequential test reads the pairs in the order of
their numbers, not in that of their ends, as otherwise short games would be heard first.
"""

import contextlib
import hashlib
import math
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass

import msgspec

from engine.arena.adjudication import DRAWN, RESIGNED, agreed_points, is_audited
from engine.arena.clocks import clock_of
from engine.arena.counts import Counts
from engine.arena.faults import OUT_OF_TIME, Fault
from engine.arena.games import Game, Games
from engine.arena.journal import Forfeits, MatchJournal, Moves, Step
from engine.arena.order import Adjudication
from engine.arena.players import Chosen, Player, Turn, choosing
from engine.arena.sprt import CONTINUE, Sprt
from engine.arena.stopping import Walk
from engine.domains.base import Line, Rules
from engine.search.breaks import without_breaks


@dataclass(frozen=True, slots=True)
class MatchSettings:
    """How a match is played.

    Attributes:
        concurrency: pairs that are played at the same time.
        max_plies: plies after the opening at which a game is broken off as a draw.
        seed: of the players' chance; that of the openings is the book's affair.
        sprt: the test after which the match stops early, or None.
        adjudication: when games end early, or None.
    """

    concurrency: int = 256
    max_plies: int = 512
    seed: int = 0
    sprt: Sprt | None = None
    adjudication: Adjudication | None = None


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
        self._finished = self._in_order = Counts()
        self._walk = Walk.start()
        self._begin_pairs()
        if journal is not None:
            for step in journal.steps():
                self.replay(step)

    @property
    def pairs(self) -> int:
        """Pairs that will be played if no test ends the match before."""
        return len(self._openings)

    @property
    def is_over(self) -> bool:
        """Whether all is played, or the test decided."""
        return self.stopped_at is not None or len(self._points) == self.pairs

    @property
    def pairs_in_order(self) -> int:
        """Pairs that are over from the first one on without a gap; where the test has decided, those that it heard."""
        return self._heard

    @property
    def walk(self) -> Walk:
        """What the test has heard so far."""
        return self._walk

    def counts(self) -> Counts:
        """Results of finished pairs: of those the test heard where it has decided, else of all."""
        return self._finished if self.stopped_at is None else self._in_order

    def counted_games(self) -> list[Game]:
        """The games behind `counts`, in order."""
        pairs = range(self.stopped_at) if self.stopped_at is not None else sorted(self._points)
        return [self.games[2 * pair + turn] for pair in pairs for turn in range(2)]

    def advance(self) -> bool:
        """Let one player move wherever it is to move; False once the match is over.

        Raises:
            FaultyPlayerError: a player fails again and again.
        """
        without_breaks(self.step())
        return not self.is_over

    def step(self) -> Generator[None, None, None]:
        """Like `advance`, with breaks while the player thinks; a step that is left in one has not happened."""
        if self.is_over:
            return
        player, games = self._asked_next()
        turns = [self.turn_of(game) for game in games]
        chosen, seconds_s = yield from _timed(choosing(player, turns))
        started = time.perf_counter()
        steps = _steps(turns, chosen, self.seconds_s + seconds_s)
        for step in steps:
            self._take(step)
        self.seconds_s += seconds_s + time.perf_counter() - started
        if self._journal is not None:
            for step in steps:
                self._journal.append(step)

    def _asked_next(self) -> tuple[Player, list[Game]]:
        """Who is to move in most games, and those of them in which it is to do so now."""
        live = self.games.live
        a_turns = [game for game in live if game.a_to_move]
        mine = a_turns if 2 * len(a_turns) >= len(live) else [game for game in live if not game.a_to_move]
        player = self._players[0 if mine[0].a_to_move else 1]
        return player, sorted(mine, key=lambda game: len(game.actions))[: player.most_boards]

    def turn_of(self, game: Game) -> Turn:
        """What the player to move is asked about in a game."""
        a, b = (clock_of(game, player.clock, of_a=at == 0) for at, player in enumerate(self._players))
        clocks = (a, b) if game.a_to_move else (b, a)
        return Turn(game, self.seed_of(game), *clocks)

    def seed_of(self, game: Game) -> int:
        """Seed of the players' chance in one game: independent of all other games."""
        told = f"{self._settings.seed}/{game.index}".encode()
        return int.from_bytes(hashlib.blake2b(told, digest_size=6).digest(), "little")

    def replay(self, step: Step) -> None:
        """Take the next step of a journal again, as far as it is about pairs that are wanted now.

        Raises:
            ValueError: it does not fit.
        """
        wanted = [row for row, game in enumerate(step.games) if game < 2 * self.pairs]
        if len(wanted) < len(step.games):
            step = _only(step, wanted)
        self._begin_pairs(1 + max(step.games, default=-1) // 2)  # more may have been under way at a time than now
        self._take(step)
        self.seconds_s = step.seconds_s

    def _take(self, step: Step) -> None:
        """Play the moves of a step, or end its games, and see to what follows from that."""
        if isinstance(step, Forfeits):
            for index, reason in zip(step.games, step.reasons, strict=True):
                self.games.break_off(index, 0.0 if self.games[index].a_to_move else 1.0, reason)
        else:
            values = [math.nan if value is None else value for value in step.values]
            self.games.play(step.games, step.actions, values, step.spent_s)
            self._adjudicate(step.games)
        for pair in {index // 2 for index in step.games}:
            points = [self.games[2 * pair + turn].points for turn in range(2)]
            if points[0] is not None and points[1] is not None:
                self._points[pair] = points[0], points[1]
                self._finished = self._finished.with_pair(points[0], points[1])
        self._hear()
        self._begin_pairs()

    def _adjudicate(self, indices: Sequence[int]) -> None:
        """End those of some games on which the players agree, but for the few that are played on as a check."""
        terms = self._settings.adjudication
        if terms is None:
            return
        for game in (self.games[index] for index in indices):
            if game.is_over or game.agreed is not None or (points := agreed_points(game, terms)) is None:
                continue
            if is_audited(self._settings.seed, game.index, terms.audit_share):
                game.agreed = points
            else:
                self.games.break_off(game.index, points, DRAWN if points == 0.5 else RESIGNED)

    def _hear(self) -> None:
        """Tell the test of the next pairs in order, as far as they are over."""
        while self.stopped_at is None and self._heard in self._points:
            self._in_order = self._in_order.with_pair(*self._points[self._heard])
            self._heard += 1
            if (sprt := self._settings.sprt) is not None:
                self._walk = self._walk.after(sprt.llr(self._in_order))
                if self._walk.verdict(sprt) != CONTINUE:
                    self.stopped_at = self._heard

    def _begin_pairs(self, at_least: int = 0) -> None:
        """Begin as many pairs as may be under way, and in any case the first `at_least`."""
        at_once = self._settings.concurrency
        while self._begun < max(at_least, min(self.pairs, len(self._points) + at_once)):
            self.games.begin_pair(self._begun, self._openings[self._begun])
            self._begun += 1


def _timed(thinking: Generator[None, None, Chosen]) -> Generator[None, None, tuple[Chosen, float]]:
    """What was chosen, and the seconds it took without those of the breaks."""
    seconds_s = 0.0
    with contextlib.closing(thinking):
        while True:
            started = time.perf_counter()
            try:
                next(thinking)
            except StopIteration as end:
                chosen: Chosen = end.value
                return chosen, seconds_s + time.perf_counter() - started
            seconds_s += time.perf_counter() - started
            yield


def _steps(turns: Sequence[Turn], chosen: Chosen, seconds_s: float) -> list[Step]:
    """What a player's answer means: moves, and games that it loses for want of one.

    Values are rounded to what the journal keeps, so that all that follows from them follows from the journal.
    """
    spent_s = chosen.spent_s or [0.0] * len(turns)
    faults = [
        fault or _out_of_time(turn, spent)
        for turn, fault, spent in zip(turns, chosen.faults or [None] * len(turns), spent_s, strict=True)
    ]
    moved = [row for row, fault in enumerate(faults) if fault is None]
    lost = [(turn.game.index, fault) for turn, fault in zip(turns, faults, strict=True) if fault is not None]
    steps: list[Step] = []
    if moved:
        values = [None if math.isnan(chosen.values[row]) else round(chosen.values[row], 4) for row in moved]
        spent = None if chosen.spent_s is None else [round(chosen.spent_s[row], 6) for row in moved]
        games = [turns[row].game.index for row in moved]
        steps.append(Moves(games, [chosen.actions[row] for row in moved], values, seconds_s, spent))
    if lost:
        games = [index for index, _ in lost]
        reasons, texts = ([getattr(fault, name) for _, fault in lost] for name in ("reason", "text"))
        steps.append(Forfeits(games, reasons, texts, seconds_s))
    return steps


def _out_of_time(turn: Turn, spent_s: float) -> Fault | None:
    if turn.clock is None or spent_s <= turn.clock.remaining_s:
        return None
    text = f"{spent_s:.3f} s for a move, with {max(0.0, turn.clock.remaining_s):.3f} s on the clock"
    return Fault(OUT_OF_TIME, text)


def _only(step: Step, rows: Sequence[int]) -> Step:
    """The part of a step that is about the games in some of its rows."""
    columns = {
        name: [column[row] for row in rows]
        for name in step.__struct_fields__
        if isinstance(column := getattr(step, name), list)
    }
    return msgspec.structs.replace(step, **columns)
