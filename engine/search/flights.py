"""Batches on their way to the intuition: while a network evaluates one, the next is gathered.

Where a network runs on a device of its own, a batch is evaluated in a thread of its own, one at a time; otherwise at
once, when its answer is wanted. The order in which answers are taken is that of the batches either way, so what a
search does never depends on time.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from engine.search.cache import CachingEvaluator
from engine.search.evaluator import Evaluation, Evaluator
from engine.search.expansion import Batch, Columns, outcome_columns
from engine.search.leaves import mix_noise
from engine.search.select import settle
from engine.search.settings import SearchSettings
from engine.tree.columns import SearchTree

_RAMP = 16
"""A tree of this many nodes for each leaf of a batch is large enough for full batches."""


@dataclass(frozen=True, slots=True, eq=False)
class Flight:
    """A batch that waits for its evaluation. `start`: where its in-flight counts end; `branch`: as in `Simulations`."""

    batch: Batch
    answer: Callable[[], Evaluation | None]
    start: int
    branch: int


class Flights:
    """The batches in flight of one search, oldest first.

    Attributes:
        evaluations: leaves the intuition was asked about so far.
        evaluator: the intuition, without what is remembered of it.
    """

    def __init__(self, tree: SearchTree, evaluator: Evaluator, settings: SearchSettings) -> None:
        self.evaluations = 0
        self._tree = tree
        self._flying: deque[Flight] = deque()
        self._worker: ThreadPoolExecutor | None = None
        self.use(evaluator, settings)

    def use(self, evaluator: Evaluator, settings: SearchSettings) -> None:
        """Ask this intuition from now on; nothing may be in flight."""
        remembers = evaluator.fmt is not None and settings.cache_positions > 1
        self._evaluator: Evaluator = CachingEvaluator(evaluator, settings.cache_positions) if remembers else evaluator
        self._settings = settings
        self.evaluator = evaluator

    def __len__(self) -> int:
        return len(self._flying)

    @property
    def simulations(self) -> int:
        """Simulations in flight."""
        return sum(len(flight.batch.parent) for flight in self._flying)

    @property
    def cache_hits(self) -> int:
        """Leaves whose evaluation was remembered."""
        return self._evaluator.hits if isinstance(self._evaluator, CachingEvaluator) else 0

    @property
    def fmt(self) -> str | None:
        """Input format of the intuition."""
        return self._evaluator.fmt

    def batch_size(self) -> int:
        """Leaves to gather: few while the tree is small, since leaves chosen without each other's values are worse."""
        return min(self._settings.batch, 1 + self._tree.num_nodes // _RAMP)

    @property
    def is_full(self) -> bool:
        """Whether the oldest batch must land before another may be gathered."""
        return len(self._flying) > (1 if self._overlaps() else 0)

    def send(self, batch: Batch, start: int, branch: int) -> None:
        """Ask the intuition about a batch."""
        self._flying.append(Flight(batch, self._ask(batch), start, branch))

    def land(self) -> tuple[Flight, Columns]:
        """Wait for the oldest batch and end its flight.

        Raises:
            Exception: what the intuition raised. The tree then stands as it did before anything in flight was gathered.
        """
        flight = self._flying.popleft()
        try:
            evaluation = flight.answer()
            if self._tree.num_nodes == 0 and evaluation is not None and self._settings.root_noise > 0.0:
                evaluation = mix_noise(evaluation, self._settings, len(self._tree.line.actions))
            columns = outcome_columns(flight.batch, evaluation, self._settings.policy_temperature)
        except BaseException:
            if self._worker is not None:  # nobody may ask the intuition while it still looks at a lost batch
                self._worker.shutdown()
                self._worker = None
            for lost in (flight, *self._flying):
                self._end(lost)
            self._flying.clear()
            raise
        self._end(flight)
        return flight, columns

    def _overlaps(self) -> bool:
        settings = self._settings
        # On a CPU both would want the same cores: measured 3 to 5 % slower there.
        is_elsewhere = self.fmt is not None and not self._evaluator.device.startswith("cpu")
        return (
            settings.overlap and is_elsewhere and settings.batch > 1 and self._tree.num_nodes >= _RAMP * settings.batch
        )

    def _ask(self, batch: Batch) -> Callable[[], Evaluation | None]:
        if batch.leaves is None:
            return lambda: None
        leaves = batch.leaves
        self.evaluations += len(leaves.states)
        if not self._overlaps():
            return lambda: self._evaluator.evaluate(leaves)
        if self._worker is None:
            self._worker = ThreadPoolExecutor(1, thread_name_prefix="evaluator")
        answer: Future[Evaluation] = self._worker.submit(self._evaluator.evaluate, leaves)
        return answer.result

    def _end(self, flight: Flight) -> None:
        columns = (self._tree.links, self._tree.stats, self._tree.edge_child)
        settle(*columns, flight.batch.parent, flight.batch.edge, np.int32(flight.start))
