"""A search to do, and the handle by which it is reached while it is done."""

import threading
from dataclasses import dataclass

from engine.domains.base import Line
from engine.uci.commands import Go
from engine.uci.options import Values


class Control:
    """How a search that runs is reached from another thread.

    Attributes:
        stopped: whether it is to end now.
        pondering: whether it runs in the other side's time, so that no answer may be given.
        hit_s: when `pondering` ended, on the thinker's clock.
        ended: whether the answer has been given.
    """

    def __init__(self, *, pondering: bool) -> None:
        self._said = threading.Event()
        self.stopped = False
        self.pondering = pondering
        self.hit_s = 0.0
        self.ended = False

    def end(self) -> None:
        """The answer has been given."""
        self.ended = True

    def stop(self) -> None:
        """The search is to end now."""
        self.stopped = True
        self._said.set()

    def ponder_hit(self, now_s: float) -> None:
        """The move that was pondered on has been played."""
        self.hit_s = now_s
        self.pondering = False
        self._said.set()

    def wait(self) -> None:
        """Wait until something is said that was not waited for yet."""
        self._said.wait()
        self._said.clear()


@dataclass(frozen=True, slots=True)
class Job:
    """A search to do.

    Attributes:
        received_s: when it was asked for, on the thinker's clock.
    """

    line: Line
    go: Go
    values: Values
    control: Control
    received_s: float
