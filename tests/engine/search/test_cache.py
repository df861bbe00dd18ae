"""The cache answers exactly as the evaluator behind it, asks it only what is new, and never grows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.search.batches import join_leaves, select_leaves, split_evaluation
from engine.search.cache import CachingEvaluator
from engine.search.cache_kernels import hash_rows
from engine.search.evaluator import Evaluation, Evaluator, Leaves
from engine.search.hash_evaluator import HashEvaluator

STATE = np.dtype([("key", np.uint64), ("clock", np.uint8)])  # 9 bytes: no whole number of words


def leaves_of(keys: list[int]) -> Leaves:
    """Leaves whose legal actions follow from the key: from 1 to 7 of them."""
    states = np.zeros(len(keys), STATE)
    states["key"] = keys
    rows = [np.arange(key % 7 + 1, dtype=np.uint16) + key % 5 for key in keys]
    offsets = np.cumsum([0, *map(len, rows)]).astype(np.int32)
    return Leaves(states, None, offsets, np.concatenate([np.zeros(0, np.uint16), *rows]))


def plane_leaves(planes: NDArray[np.float32], counts: list[int]) -> Leaves:
    offsets = np.cumsum([0, *counts]).astype(np.int32)
    actions = np.concatenate([np.arange(count, dtype=np.uint16) for count in counts])
    return Leaves(np.zeros(len(planes), STATE), planes, offsets, actions)


class Recorder:
    """Says what it is asked; its answers depend on nothing but the leaf."""

    def __init__(self, inner: Evaluator, name: str = "hash", fmt: str | None = None) -> None:
        self.inner = inner
        self.name, self.weights_hash, self.device, self.fmt = name, inner.weights_hash, inner.device, fmt
        self.asked: list[Leaves] = []

    def evaluate(self, leaves: Leaves) -> Evaluation:
        self.asked.append(leaves)
        return self.inner.evaluate(leaves)


class Counter:
    """Answers with the number of the call, so that an answer tells when it was made."""

    name, weights_hash, device = "counter", "00", "none"

    def __init__(self, fmt: str | None = None) -> None:
        self.fmt = fmt
        self.calls = 0

    def evaluate(self, leaves: Leaves) -> Evaluation:
        self.calls += 1
        rows = len(leaves.offsets) - 1
        return Evaluation(
            np.full(len(leaves.actions), self.calls, np.float32), np.full((rows, 3), self.calls, np.float32)
        )


def assert_same(found: Evaluation, expected: Evaluation) -> None:
    assert found.logits.dtype == found.wdl.dtype == np.float32
    np.testing.assert_array_equal(found.logits, expected.logits)
    np.testing.assert_array_equal(found.wdl, expected.wdl)


BATCHES = st.lists(st.lists(st.integers(0, 60), max_size=12), max_size=25)


@settings(deadline=None, max_examples=80)
@given(batches=BATCHES, capacity=st.integers(2, 60))
def test_it_answers_as_the_evaluator_does_whatever_it_forgets(batches: list[list[int]], capacity: int) -> None:
    recorder = Recorder(HashEvaluator())
    cached = CachingEvaluator(recorder, capacity)
    for keys in batches:
        assert_same(cached.evaluate(leaves_of(keys)), HashEvaluator().evaluate(leaves_of(keys)))
        assert len(cached) <= capacity
    asked = [key for leaves in recorder.asked for key in leaves.states["key"]]
    assert cached.lookups == sum(map(len, batches))
    assert cached.hits == cached.lookups - len(asked)
    assert all(len(leaves.states) for leaves in recorder.asked), "nothing new, nothing asked"
    assert all(len(set(leaves.states["key"])) == len(leaves.states) for leaves in recorder.asked), "twins asked twice"


@settings(deadline=None, max_examples=40)
@given(batches=BATCHES)
def test_with_room_for_all_nothing_is_asked_twice(batches: list[list[int]]) -> None:
    recorder = Recorder(HashEvaluator())
    cached = CachingEvaluator(recorder, 200)
    for keys in batches:
        cached.evaluate(leaves_of(keys))
    asked = [key for leaves in recorder.asked for key in leaves.states["key"]]
    assert sorted(asked) == sorted({key for keys in batches for key in keys})


def test_the_kept_answer_is_given_back_bit_for_bit() -> None:
    counter = Counter()
    cached = CachingEvaluator(counter, 100)
    first = cached.evaluate(leaves_of([1, 2]))
    again = cached.evaluate(leaves_of([2, 3, 1, 3]))
    assert again.wdl[:, 0].tolist() == [1.0, 2.0, 1.0, 2.0]
    assert_same(cached.evaluate(leaves_of([1, 2])), first)
    assert counter.calls == 2
    assert (cached.lookups, cached.hits) == (8, 5)


def test_a_kept_answer_does_not_change_with_what_was_given_out() -> None:
    cached = CachingEvaluator(HashEvaluator(), 100)
    cached.evaluate(leaves_of([5])).wdl.fill(9.0)
    assert_same(cached.evaluate(leaves_of([5])), HashEvaluator().evaluate(leaves_of([5])))


def test_what_is_used_stays_and_what_is_not_is_forgotten() -> None:
    recorder = Recorder(HashEvaluator())
    cached = CachingEvaluator(recorder, 20)
    for key in range(100, 200):
        cached.evaluate(leaves_of([7, key]))
    asked = [key for leaves in recorder.asked for key in leaves.states["key"].tolist()]
    assert asked.count(7) == 1
    cached.evaluate(leaves_of([100]))
    assert recorder.asked[-1].states["key"].tolist() == [100]


def test_memory_is_bounded_by_logits_too() -> None:
    """Rows with far more actions than usual fill a half early; one that fits nowhere is answered and not kept."""
    counter = Counter(fmt="planes")
    cached = CachingEvaluator(counter, 4)
    before = cached.nbytes
    planes = np.arange(50, dtype=np.float32).reshape(50, 1, 1, 1)
    for row in range(50):
        cached.evaluate(plane_leaves(planes[row : row + 1], [600]))
        assert cached.nbytes == before
        assert len(cached) <= 2
    huge = plane_leaves(planes[:2], [2000, 3])
    assert cached.evaluate(huge).wdl[:, 0].tolist() == [51.0, 51.0]
    assert cached.evaluate(huge).wdl[:, 0].tolist() == [52.0, 51.0]


def test_features_and_legal_actions_are_the_key_where_there_are_features() -> None:
    counter = Counter(fmt="planes")
    cached = CachingEvaluator(counter, 100)
    planes = np.zeros((1, 2, 3, 3), np.float32)
    cached.evaluate(plane_leaves(planes, [3]))
    elsewhere = plane_leaves(planes, [3])
    elsewhere.states["key"] = 77
    assert cached.evaluate(elsewhere).wdl[0, 0] == 1.0, "a transposition: the network cannot tell it apart"
    assert cached.evaluate(plane_leaves(planes, [4])).wdl[0, 0] == 2.0, "other legal actions are another question"
    planes[0, 1, 2, 2] = 1e-30
    assert cached.evaluate(plane_leaves(planes, [3])).wdl[0, 0] == 3.0


def test_two_networks_never_mix() -> None:
    first = CachingEvaluator(HashEvaluator(skew=6.0), 200)
    second = first.share(HashEvaluator(skew=2.0))
    assert second.nbytes == first.nbytes
    for keys in ([1, 2, 3], [2, 3, 4], [1, 4, 9]):
        assert_same(first.evaluate(leaves_of(keys)), HashEvaluator(skew=6.0).evaluate(leaves_of(keys)))
        assert_same(second.evaluate(leaves_of(keys)), HashEvaluator(skew=2.0).evaluate(leaves_of(keys)))
    third = second.share(HashEvaluator(skew=6.0))
    third.evaluate(leaves_of([1, 2, 3, 4, 9]))
    assert third.hits == 5, "what the first asked is known to an equal one"


def test_the_same_weights_on_another_device_are_another_evaluator() -> None:
    first = CachingEvaluator(Recorder(HashEvaluator()), 50)
    inner = Recorder(HashEvaluator())
    inner.device = "cpu, int8"
    first.evaluate(leaves_of([1]))
    other = first.share(inner)
    other.evaluate(leaves_of([1]))
    assert len(inner.asked) == 1


def test_it_passes_for_the_evaluator_behind_it() -> None:
    inner = Recorder(HashEvaluator(), name="gen-007", fmt="compact")
    cached = CachingEvaluator(inner)
    assert (cached.name, cached.weights_hash, cached.device, cached.fmt) == (
        "gen-007", inner.weights_hash, "none", "compact",
    )  # fmt: skip


def test_an_error_leaves_the_cache_as_it_was() -> None:
    class Broken(HashEvaluator):
        def evaluate(self, leaves: Leaves) -> Evaluation:
            if 13 in leaves.states["key"]:
                raise ValueError("unlucky")
            return super().evaluate(leaves)

    cached = CachingEvaluator(Broken(), 50)
    cached.evaluate(leaves_of([1, 2]))
    with pytest.raises(ValueError, match="unlucky"):
        cached.evaluate(leaves_of([2, 13, 4]))
    assert (len(cached), cached.lookups, cached.hits) == (2, 2, 0)
    assert_same(cached.evaluate(leaves_of([4, 2])), HashEvaluator().evaluate(leaves_of([4, 2])))


@pytest.mark.parametrize("capacity", [-1, 0, 1, 2**40])
def test_a_capacity_out_of_range_is_named(capacity: int) -> None:
    with pytest.raises(ValueError, match=str(capacity)):
        CachingEvaluator(HashEvaluator(), capacity)


def test_hashes_of_sparse_planes_differ() -> None:
    """Boards are a few ones among zeros: the worst case for a weak mix."""
    rng = np.random.default_rng(1)
    words = np.zeros((200_000, 20), np.uint64)
    bits = rng.integers(2, size=(len(words), 20, 2)).astype(np.float32) * (rng.random((len(words), 20, 2)) < 0.2)
    words[:] = np.ascontiguousarray(bits.astype(np.float32)).view(np.uint64).reshape(len(words), 20)
    words[:, 0] = np.arange(len(words))  # all rows differ
    keys = np.empty(len(words), np.uint64)
    hash_rows(words, np.zeros(len(words) + 1, np.int32), np.zeros(0, np.uint16), np.uint64(3), keys)
    assert len(np.unique(keys)) == len(keys)
    assert len(np.unique(keys >> np.uint64(40))) > 0.98 * 2**24 * (1 - np.exp(-len(keys) / 2**24)), "upper bits"
    assert len(np.unique(keys & np.uint64(2**24 - 1))) > 0.98 * 2**24 * (1 - np.exp(-len(keys) / 2**24)), "lower bits"


@given(parts=st.lists(st.lists(st.integers(0, 99), max_size=6), min_size=1, max_size=5))
def test_joined_batches_come_apart_again(parts: list[list[int]]) -> None:
    leaves = [leaves_of(keys) for keys in parts]
    joined = join_leaves(leaves)
    assert joined.states["key"].tolist() == [key for keys in parts for key in keys]
    for found, part in zip(split_evaluation(HashEvaluator().evaluate(joined), leaves), leaves, strict=True):
        assert_same(found, HashEvaluator().evaluate(part))


@given(keys=st.lists(st.integers(0, 99), min_size=1, max_size=9), data=st.data())
def test_selected_leaves_are_those_leaves(keys: list[int], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.integers(0, len(keys) - 1), max_size=9))
    found = select_leaves(leaves_of(keys), np.array(rows, np.int64))
    expected = leaves_of([keys[row] for row in rows])
    assert found.states.tolist() == expected.states.tolist()
    assert found.offsets.tolist() == expected.offsets.tolist()
    assert found.actions.tolist() == expected.actions.tolist()
