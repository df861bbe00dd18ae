"""A UCI engine as a player of a match, in several processes; one that fails loses the game and is started anew."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from engine.arena.faults import CRASH, ILLEGAL_MOVE, NO_ANSWER, Fault, FaultCounter
from engine.arena.games import Game
from engine.arena.player_facts import PlayerFacts
from engine.arena.players import Chosen, Turn
from engine.uci.connection import PATIENCE_S
from engine.uci.errors import UciCrashError, UciError, UciNonsenseError, UciSilenceError
from engine.uci.player import UciPlayer
from engine.uci.player_spec import UciSpec

_REASONS: dict[type[UciError], str] = {UciCrashError: CRASH, UciSilenceError: NO_ANSWER, UciNonsenseError: ILLEGAL_MOVE}


@dataclass(frozen=True, slots=True)
class _Answer:
    """What an engine did on one board: a move with its value (NaN = none), or a fault."""

    action: int
    value: float
    spent_s: float
    fault: Fault | None = None


class UciOpponent:
    """A UCI engine, in several processes; each game stays with one of them from its start to its end.

    An engine that plays several games turn about is told of a new game at each change, as the protocol asks; engines on
    a clock are therefore to have no more games than processes.
    """

    is_deterministic = False

    def __init__(self, spec: UciSpec, processes: int, name: str = "", *, patience_s: float = PATIENCE_S) -> None:
        """Start the engines.

        Args:
            processes: at least 1.
            patience_s: how long an engine may be silent beyond its time before it counts as hanging.

        Raises:
            UciError: an engine cannot be started as `spec` says.
        """
        self.clock = spec.clock
        self._spec, self._patience_s = spec, patience_s
        self._engines: list[UciPlayer] = []
        self._seats: dict[int, tuple[int, Game]] = {}
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="uci")
        try:
            for _ in range(processes):
                self._engines.append(self._start())
        except ValueError:
            self.close()
            raise
        first = self._engines[0]
        self.name, self.fingerprint = name or first.name, first.fingerprint
        self.facts = PlayerFacts(
            text=self.name,
            fingerprint=first.fingerprint,
            kind="uci",
            engine=first.name,
            settings={**dict(spec.options), "nodes": spec.nodes, "depth": spec.depth},
            time=_time_text(spec),
            is_reproducible=False,
        )
        self.most_boards = processes if self.facts.time else 4 * processes
        self._faults = FaultCounter(self.name)

    def choose(self, turns: Sequence[Turn]) -> Chosen:
        """See `Player.choose`; an engine that crashed, hung or gave no legal move is one of the faults.

        Raises:
            FaultyPlayerError: too many faults in a row.
            UciError: an engine cannot be started again.
        """
        rows: list[list[int]] = [[] for _ in self._engines]
        for row, seat in enumerate(self._seated([turn.game for turn in turns])):
            rows[seat].append(row)
        answers: dict[int, _Answer] = {}
        played = self._threads.map(self._play, range(len(rows)), [[turns[row] for row in own] for own in rows])
        for own, found in zip(rows, played, strict=True):
            answers.update(zip(own, found, strict=True))
        in_order = [answers[row] for row in range(len(turns))]
        self._faults.hear([answer.fault for answer in in_order])
        return Chosen(
            [answer.action for answer in in_order],
            [answer.value for answer in in_order],
            None if self.clock is None else [answer.spent_s for answer in in_order],
            [answer.fault for answer in in_order],
        )

    def close(self) -> None:
        """End the engines."""
        self._threads.shutdown()
        for engine in self._engines:
            engine.close()

    def _start(self) -> UciPlayer:
        return UciPlayer(self._spec, patience_s=self._patience_s)

    def _seated(self, games: Sequence[Game]) -> list[int]:
        """The process that plays each game: the one that did so before, else one with the fewest games."""
        self._seats = {index: seat for index, seat in self._seats.items() if not seat[1].is_over}
        load = [0] * len(self._engines)
        for seat, _ in self._seats.values():
            load[seat] += 1
        for game in games:
            if game.index not in self._seats:
                free = load.index(min(load))
                self._seats[game.index] = free, game
                load[free] += 1
        return [self._seats[game.index][0] for game in games]

    def _play(self, seat: int, turns: Sequence[Turn]) -> list[_Answer]:
        """Ask one engine about its boards, one after the other."""
        return [self._ask(seat, turn) for turn in turns]

    def _ask(self, seat: int, turn: Turn) -> _Answer:
        began = time.perf_counter()
        try:
            move = self._engines[seat].ask(turn.game.line, turn.clock, turn.their_clock)
        except (UciCrashError, UciSilenceError, UciNonsenseError) as error:
            self._engines[seat].close()
            self._engines[seat] = self._start()
            # A fault counts as such, however long it took: the clock is not asked.
            return _Answer(-1, float("nan"), 0.0, Fault(_REASONS[type(error)], str(error)))
        value = float("nan") if move.value is None else move.value
        return _Answer(int(move.action), value, time.perf_counter() - began)


def _time_text(spec: UciSpec) -> str:
    words = [] if spec.time_for_move_s is None else [f"{spec.time_for_move_s:g} s a move"]
    return ", ".join(words + ([] if spec.clock is None else [f"clock {spec.clock}"]))
