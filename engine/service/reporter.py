"""What a client is told of a search: its journal in parts, and its figures, both at a pace that a window can follow."""

import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.service.messages import JournalPart, Notice, SearchFigures

if TYPE_CHECKING:
    from engine.search.search import Figures

PART_INTERVAL_S = 1 / 30
FIGURES_INTERVAL_S = 1 / 8
RATE_WINDOW_S = 1.0


class Reporter:
    """Sends the journal and the figures of one search.

    Args:
        search: the search's number (`JournalPart.search`).
        device: where its intuition computes, for people.
        post: where notices go.
        clock: seconds, rising.
    """

    def __init__(
        self,
        search: int,
        device: str,
        post: Callable[[Notice], None],
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.device = device
        self._search = search
        self._post = post
        self._clock = clock
        self._events: list[bytes] = []
        self._sent_bytes = 0
        self._part_due_s = 0.0
        self._figures_due_s = 0.0
        self._marks: deque[tuple[float, int]] = deque()

    def write(self, events: bytes) -> None:
        """Take the next bytes of the journal; they leave with the next `tick` or `flush`."""
        self._events.append(events)

    def start(self, figures: "Figures") -> None:
        """A run begins: its speed is measured from here."""
        now = self._clock()
        self._marks.clear()
        self._marks.append((now, figures.simulations))
        self._part_due_s = now + PART_INTERVAL_S
        self._figures_due_s = now + FIGURES_INTERVAL_S

    def tick(self, figures: "Callable[[], Figures]") -> None:
        """Send what is due; called after each batch of a run. `figures` is asked only when they are."""
        now = self._clock()
        if now >= self._part_due_s:
            self.flush()
            self._part_due_s = now + PART_INTERVAL_S
        if now >= self._figures_due_s:
            self.send_figures(figures(), running=True)
            self._figures_due_s = now + FIGURES_INTERVAL_S

    def flush(self) -> None:
        """Send the journal up to here."""
        if not self._events:
            return
        events = b"".join(self._events)
        self._events.clear()
        self._post(JournalPart(search=self._search, offset=self._sent_bytes, events=events))
        self._sent_bytes += len(events)

    def send_figures(self, figures: "Figures", *, running: bool) -> None:
        """Send `figures` now."""
        self._post(
            SearchFigures(
                search=self._search,
                running=running,
                simulations=figures.simulations,
                evaluations=figures.evaluations,
                cache_hits=figures.cache_hits,
                seconds_s=figures.seconds_s,
                simulations_per_s=self._rate(figures.simulations),
                batch_fill=figures.batch_fill,
                collisions=figures.collisions,
                tree_bytes=figures.tree_bytes,
                recycled=figures.recycled,
                device=self.device,
            )
        )

    def _rate(self, simulations: int) -> float:
        """Simulations a second since the newest mark that is `RATE_WINDOW_S` old, or since the run began."""
        now = self._clock()
        while len(self._marks) > 1 and now - self._marks[1][0] >= RATE_WINDOW_S:
            self._marks.popleft()
        self._marks.append((now, simulations))
        start_s, before = self._marks[0]
        return (simulations - before) / (now - start_s) if now > start_s else 0.0
