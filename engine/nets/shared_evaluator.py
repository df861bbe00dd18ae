"""One evaluator for several search threads: what waits together is evaluated together.

There is no thread of its own that could hang or have to be ended. The first thread that asks evaluates; those that ask
meanwhile wait, and the first of them to wake takes all that waits along in one call. A device is so kept busy with as
large batches as the threads give it, and a thread that is alone never waits for company.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.search.batches import join_leaves, split_evaluation
from engine.search.evaluator import Evaluation, Evaluator, Leaves


class EvaluatorClosedError(ValueError):
    """A question to a shared evaluator that was closed; the message names it."""


@dataclass(slots=True, eq=False)
class _Request:
    """A question on its way.

    Attributes:
        goes_alone: a batch it was part of failed, and the next must show whose fault that was.
    """

    leaves: Leaves
    goes_alone: bool = False
    answer: Evaluation | None = field(default=None)

    def __len__(self) -> int:
        return len(self.leaves.offsets) - 1


class SharedEvaluator:
    """An evaluator that many threads may ask at the same time; the one behind it is asked by one thread at a time.

    Args:
        evaluator: the one that is asked; from changing threads.
        max_batch: leaves in a call, at least 1; a larger question goes through whole, and alone.

    Raises:
        ValueError: `max_batch` is below 1.
    """

    def __init__(self, evaluator: Evaluator, max_batch: int = 1024) -> None:
        if max_batch < 1:
            raise ValueError(f"a batch of {max_batch} leaves is below 1")
        self.name = evaluator.name
        self.weights_hash = evaluator.weights_hash
        self.device = evaluator.device
        self.fmt = evaluator.fmt
        self._evaluator = evaluator
        self._max_batch = max_batch
        self._changed = threading.Condition()
        self._waiting: list[_Request] = []
        self._is_busy = False
        self._is_closed = False

    def evaluate(self, leaves: Leaves) -> Evaluation:
        """Logits and win/draw/loss for every leaf. Blocks until another thread's evaluation is done, if there is one.

        An error of the evaluator reaches the thread whose leaves it is about, and no other.

        Raises:
            EvaluatorClosedError: `close` was called.
        """
        request = _Request(leaves)
        with self._changed:
            self._waiting.append(request)
            self._changed.wait_for(lambda: request.answer is not None or self._is_closed or not self._is_busy)
            if request.answer is not None:
                return request.answer
            if self._is_closed:
                if request in self._waiting:
                    self._waiting.remove(request)
                raise EvaluatorClosedError(f"{self.name} is closed and evaluates nothing more")
            group = self._take(request)
            self._is_busy = True
        try:
            return self._serve(group)
        finally:
            with self._changed:
                self._is_busy = False
                self._give_back(group[1:])
                self._changed.notify_all()

    def close(self) -> None:
        """Answer nothing more: threads that wait get an `EvaluatorClosedError`. Returns when nothing is evaluated."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._is_busy)

    def _take(self, own: _Request) -> list[_Request]:
        """`own` and the others to be evaluated with it, which wait no longer; the lock is held."""
        group, leaves = [own], len(own)
        if not own.goes_alone:
            for request in self._waiting:
                if request is not own and not request.goes_alone and leaves + len(request) <= self._max_batch:
                    group.append(request)
                    leaves += len(request)
        self._waiting = [request for request in self._waiting if request not in group]
        return group

    def _serve(self, group: Sequence[_Request]) -> Evaluation:
        """Evaluate `group` in one call, answer the others and return the first one's answer."""
        own, *others = group
        parts = [request.leaves for request in group]
        try:
            evaluation = self._evaluator.evaluate(join_leaves(parts))
        except Exception:
            if not others:
                raise
            # One of them is at fault; each finds out for itself.
            return self._evaluator.evaluate(own.leaves)
        for request, answer in zip(group, split_evaluation(evaluation, parts), strict=True):
            request.answer = answer
        assert own.answer is not None
        return own.answer

    def _give_back(self, requests: Sequence[_Request]) -> None:
        """Let those that got no answer wait again, each for a call of its own; the lock is held."""
        unanswered = [request for request in requests if request.answer is None]
        for request in unanswered:
            request.goes_alone = True
        self._waiting[:0] = unanswered
