"""How far a job is, told at a pace that a window can follow, with what time is left."""

import math
from collections.abc import Callable

from engine.service.arena_messages import JobProgress

INTERVAL_S = 1 / 4


class Progress:
    """Tells how far a job is.

    Args:
        post: where notices go.
        clock: seconds, rising.
    """

    def __init__(self, post: Callable[[JobProgress], None], clock: Callable[[], float]) -> None:
        self._post, self._clock = post, clock
        self._due_s = -math.inf
        self._began: tuple[float, float] | None = None

    def tell(self, text: str, done: float, total: int, *, now: bool = False) -> None:
        """Tell it if it is due, or `now`; what is left takes as long as what was done since the first time."""
        time_s = self._clock()
        if self._began is None:
            self._began = time_s, done
        if time_s < self._due_s and not now:
            return
        self._due_s = time_s + INTERVAL_S
        since_s, before = self._began
        left_s = (total - done) * (time_s - since_s) / (done - before) if done > before else None
        self._post(JobProgress(text=text, done=int(done), total=total, seconds_left_s=left_s))

    def restart(self) -> None:
        """Another kind of work begins: its pace is another one."""
        self._began = None
