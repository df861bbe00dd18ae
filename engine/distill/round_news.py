"""What a round says while it goes on, and how long each stage will still take."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from engine.arena.games import Games
from engine.distill.learning import Learned
from engine.distill.opinions import Opinion
from engine.distill.round_order import RoundOrder, Stage

_LOOKED_BACK = 64


@dataclass(frozen=True, slots=True)
class RoundBegan:
    """A round is under way, or goes on.

    Attributes:
        number: from 1, of those asked for.
        stage: it is in. stages: all of them in order, each with its steps; 0 = not known yet.
    """

    number: int
    order: RoundOrder
    stage: Stage
    stages: tuple[tuple[Stage, int], ...]


@dataclass(frozen=True, slots=True)
class Boards:
    """Games of self-play as they stand; theirs is the number `first + game.index` in the round."""

    games: Games
    first: int


@dataclass(frozen=True, slots=True)
class RoundNews:
    """What happened in a round.

    Attributes:
        stage: it is in. text: one line for people.
        done, total: steps of the stage. seconds_left: until it is over, as far as can be told.
        boards: in self-play, the games. learned: in training, how it is.
        opinions: of the pinned positions, where the network was asked about them just now.
    """

    stage: Stage
    text: str
    done: float
    total: float
    seconds_left: float | None = None
    boards: Boards | None = None
    learned: Learned | None = None
    opinions: tuple[Opinion, ...] = ()


class Pace:
    """How long what is left will take, at the pace of late.

    Args:
        clock: seconds, rising.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, float]] = deque(maxlen=_LOOKED_BACK)

    def left(self, done: float, total: float) -> float | None:
        """Seconds for what is left, now that `done` of `total` is done; None where nothing can be told yet."""
        now = self._clock()
        if not self._seen or done > self._seen[-1][1]:
            self._seen.append((now, done))
        then, before = self._seen[0]
        return (total - done) * (now - then) / (done - before) if done > before else None
