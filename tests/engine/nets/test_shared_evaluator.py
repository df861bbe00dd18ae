"""Many threads, one evaluator: everybody gets the own answer, errors reach their cause, and nothing hangs."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import pytest

from engine.nets.shared_evaluator import EvaluatorClosedError, SharedEvaluator
from engine.search.evaluator import Evaluation, Leaves
from engine.search.hash_evaluator import HashEvaluator

STATE = np.dtype([("key", np.uint64)])
POISON = 666


def leaves_of(keys: list[int]) -> Leaves:
    states = np.zeros(len(keys), STATE)
    states["key"] = keys
    rows = [np.arange(key % 5 + 1, dtype=np.uint16) for key in keys]
    offsets = np.cumsum([0, *map(len, rows)]).astype(np.int32)
    return Leaves(states, None, offsets, np.concatenate([np.zeros(0, np.uint16), *rows]))


def assert_own_answer(found: Evaluation, keys: list[int]) -> None:
    expected = HashEvaluator().evaluate(leaves_of(keys))
    np.testing.assert_array_equal(found.logits, expected.logits)
    np.testing.assert_array_equal(found.wdl, expected.wdl)


class Gated(HashEvaluator):
    """Waits at a gate in every call, notes its batches, and cannot stand the key `POISON`."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.entered = threading.Semaphore(0)
        self.batches: list[list[int]] = []
        self.together = 0

    def evaluate(self, leaves: Leaves) -> Evaluation:
        self.together += 1
        assert self.together == 1, "two threads at once"
        self.batches.append(leaves.states["key"].tolist())
        self.entered.release()
        try:
            assert self.gate.wait(20)
            if POISON in leaves.states["key"]:
                raise ValueError(f"cannot stand {POISON}")
            return super().evaluate(leaves)
        finally:
            self.together -= 1


def waiting(shared: SharedEvaluator, count: int) -> None:
    """Until `count` requests wait."""
    for _ in range(2000):
        with shared._changed:
            if len(shared._waiting) == count:
                return
        threading.Event().wait(0.005)
    raise AssertionError(f"never were there {count} waiting")


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(12) as threads:
        yield threads


def queued(
    pool: ThreadPoolExecutor, shared: SharedEvaluator, inner: Gated, *questions: list[int]
) -> list[Future[Evaluation]]:
    """Asks the first question, and the others while the evaluator is busy with it."""
    futures = [pool.submit(shared.evaluate, leaves_of(questions[0]))]
    assert inner.entered.acquire(timeout=20)
    for number, keys in enumerate(questions[1:], 1):
        futures.append(pool.submit(shared.evaluate, leaves_of(keys)))
        waiting(shared, number)
    return futures


def test_what_waits_is_evaluated_together(pool: ThreadPoolExecutor) -> None:
    inner = Gated()
    shared = SharedEvaluator(inner, max_batch=5)
    questions = [[1], [2, 3], [4, 5], [6, 7, 8], [9]]
    futures = queued(pool, shared, inner, *questions)
    inner.gate.set()
    for future, keys in zip(futures, questions, strict=True):
        assert_own_answer(future.result(20), keys)
    assert inner.batches[0] == [1], "who is alone does not wait for company"
    assert len(inner.batches) == 3
    assert sorted(key for batch in inner.batches for key in batch) == list(range(1, 10))
    assert max(map(len, inner.batches)) <= 5


def test_a_question_larger_than_a_batch_goes_through(pool: ThreadPoolExecutor) -> None:
    inner = Gated()
    shared = SharedEvaluator(inner, max_batch=2)
    futures = queued(pool, shared, inner, [1], [2, 3, 4], [5])
    inner.gate.set()
    for future, keys in zip(futures, ([1], [2, 3, 4], [5]), strict=True):
        assert_own_answer(future.result(20), keys)


def test_an_error_reaches_whom_it_is_about_and_no_other(pool: ThreadPoolExecutor) -> None:
    inner = Gated()
    shared = SharedEvaluator(inner)
    questions = [[1], [2, 3], [POISON], [4]]
    futures = queued(pool, shared, inner, *questions)
    inner.gate.set()
    for future, keys in zip(futures, questions, strict=True):
        if POISON in keys:
            with pytest.raises(ValueError, match="cannot stand 666"):
                future.result(20)
        else:
            assert_own_answer(future.result(20), keys)
    assert_own_answer(shared.evaluate(leaves_of([7])), [7])


def test_many_threads_all_get_their_own(pool: ThreadPoolExecutor) -> None:
    class Careful(HashEvaluator):
        busy = threading.Lock()
        calls = 0

        def evaluate(self, leaves: Leaves) -> Evaluation:
            assert self.busy.acquire(blocking=False), "two threads at once"
            try:
                self.calls += 1
                return super().evaluate(leaves)
            finally:
                self.busy.release()

    inner = Careful()
    shared = SharedEvaluator(inner, max_batch=64)

    def ask(thread: int) -> None:
        rng = np.random.default_rng(thread)
        for _ in range(150):
            keys = rng.integers(10_000, size=rng.integers(0, 9)).tolist()
            assert_own_answer(shared.evaluate(leaves_of(keys)), keys)

    for future in [pool.submit(ask, thread) for thread in range(10)]:
        future.result(60)
    assert 0 < inner.calls <= 1500


def test_closing_frees_all_who_wait(pool: ThreadPoolExecutor) -> None:
    inner = Gated()
    shared = SharedEvaluator(inner)
    first, *others = queued(pool, shared, inner, [1], [2], [3])
    closing = pool.submit(shared.close)
    for future in others:
        with pytest.raises(EvaluatorClosedError, match="hash is closed"):
            future.result(20)
    assert not closing.done(), "the evaluation under way is waited for"
    inner.gate.set()
    closing.result(20)
    assert_own_answer(first.result(20), [1])
    with pytest.raises(EvaluatorClosedError):
        shared.evaluate(leaves_of([1]))
    shared.close()


def test_it_passes_for_the_evaluator_behind_it() -> None:
    inner = HashEvaluator()
    shared = SharedEvaluator(inner)
    assert (shared.name, shared.weights_hash, shared.device, shared.fmt) == (
        inner.name, inner.weights_hash, inner.device, inner.fmt,
    )  # fmt: skip
    with pytest.raises(ValueError, match="0"):
        SharedEvaluator(inner, 0)
