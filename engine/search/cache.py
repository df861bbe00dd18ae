"""An evaluation cache: what was asked before is not asked again, whatever tree, line or batch it is met in.

The key is a 64-bit hash of everything the evaluator sees. Two different questions among a million share one with a
chance of about 3e-8; an answer that cannot be theirs (another number of legal actions) is not given even then.

Memory is bounded by two halves that are only appended to. When the young half is full it becomes the old one, and the
old one is forgotten; an answer used again is copied into the young half. So what was used lately stays, with no list of
uses to keep.
"""

import hashlib

import numpy as np
from numpy.typing import NDArray

from engine.search.batches import select_leaves
from engine.search.cache_kernels import append_rows, copy_rows, find_entries, first_of_equals, hash_rows
from engine.search.evaluator import Evaluation, Evaluator, Leaves

CAPACITY = 200_000
"""Positions a cache keeps unless told otherwise: about 40 MB of chess."""

_LOGITS_A_POSITION = 40
"""Room for logits; chess needs about 31. A half with none left is full, however few positions it holds."""
_LEAST_LOGITS = 1024
_LARGEST_CAPACITY = 2**25


class CachingEvaluator:
    """An evaluator that asks another only what it has not answered lately.

    A kept answer is given back bit for bit. Evaluators whose last bits depend on the size of a batch (networks) may
    therefore answer otherwise than without a cache, by those bits.

    Args:
        evaluator: the one that is asked. Its answers must depend on nothing but the leaf: its features and legal
            actions, or, where it takes no features, its state row and legal actions.
        capacity: positions kept at most, in [2, 2**25].

    Attributes:
        lookups: leaves asked about so far.
        hits: those of them that `evaluator` was not asked about, twins within a batch included.

    Raises:
        ValueError: `capacity` is out of range.
    """

    def __init__(self, evaluator: Evaluator, capacity: int = CAPACITY) -> None:
        if not 2 <= capacity <= _LARGEST_CAPACITY:
            raise ValueError(f"a cache of {capacity} positions is not in [2, {_LARGEST_CAPACITY}]")
        self.name = evaluator.name
        self.weights_hash = evaluator.weights_hash
        self.device = evaluator.device
        self.fmt = evaluator.fmt
        self.lookups = 0
        self.hits = 0
        self._evaluator = evaluator
        self._seed = _seed(evaluator)
        self._store = _Store(capacity)

    def evaluate(self, leaves: Leaves) -> Evaluation:
        """Logits and win/draw/loss for every leaf, as they were when it was first asked about."""
        keys = _keys(leaves, self.fmt, self._seed)
        counts = np.diff(leaves.offsets)
        answer = Evaluation(np.empty(len(leaves.actions), np.float32), np.empty((len(keys), 3), np.float32))
        known, used_again = self._store.fill(keys, counts, leaves.offsets, answer)
        missing = np.flatnonzero(~known)
        asked = self._ask(leaves, keys, counts, missing, answer) if len(missing) else missing
        self._store.add(np.concatenate((used_again, asked)), keys, leaves.offsets, answer)
        self.lookups += len(keys)
        self.hits += len(keys) - len(asked)
        return answer

    def share(self, evaluator: Evaluator) -> "CachingEvaluator":
        """A cache for `evaluator` in the same memory; neither gives the other's answers. Not for two threads."""
        other = CachingEvaluator(evaluator, 2)
        other._store = self._store
        return other

    @property
    def nbytes(self) -> int:
        """Bytes reserved for answers; they never grow."""
        return self._store.nbytes

    def __len__(self) -> int:
        """Answers kept now."""
        return len(self._store)

    def _ask(
        self,
        leaves: Leaves,
        keys: NDArray[np.uint64],
        counts: NDArray[np.int32],
        missing: NDArray[np.int64],
        answer: Evaluation,
    ) -> NDArray[np.int64]:
        """Have the rows `missing` evaluated and fill them into `answer`; the rows that had to be asked about."""
        firsts = np.empty(len(missing), np.int64)
        first_of_equals(keys[missing], counts[missing], _table(len(missing)), firsts)
        is_first = firsts == np.arange(len(missing))
        asked: NDArray[np.int64] = missing[is_first]
        question = leaves if len(asked) == len(keys) else select_leaves(leaves, asked)
        found = self._evaluator.evaluate(question)
        # Rows of the question that answer each missing row.
        sources = (np.cumsum(is_first) - 1)[firsts]
        copy_rows(
            sources,
            question.offsets,
            np.ascontiguousarray(found.logits, np.float32),
            np.ascontiguousarray(found.wdl, np.float32),
            missing,
            leaves.offsets,
            answer.logits,
            answer.wdl,
        )
        return asked


class _Half:
    """Answers in the order they came, with a table to find them by key.

    Attributes:
        table: int32, open addressing, see `cache_kernels`.
        keys: uint64 [N]. counts: int32 [N], legal actions. starts: int32 [N], their place in `logits`.
        logits: float32. wdl: float32 [N, 3].
        sizes: int64 [2], entries and logits in use.
    """

    def __init__(self, capacity: int) -> None:
        self.table = _table(capacity)
        self.keys = np.empty(capacity, np.uint64)
        self.counts = np.empty(capacity, np.int32)
        self.starts = np.empty(capacity, np.int32)
        self.logits = np.empty(max(capacity * _LOGITS_A_POSITION, _LEAST_LOGITS), np.float32)
        self.wdl = np.empty((capacity, 3), np.float32)
        self.sizes = np.zeros(2, np.int64)

    def find(self, keys: NDArray[np.uint64], counts: NDArray[np.int32]) -> NDArray[np.int64]:
        """The entry of each key [B], or -1."""
        entries = np.empty(len(keys), np.int64)
        find_entries(keys, counts, self.table, self.keys, self.counts, entries)
        return entries

    def fill(
        self, entries: NDArray[np.int64], rows: NDArray[np.int64], offsets: NDArray[np.int32], answer: Evaluation
    ) -> None:
        """Copy `entries` [R] to the `rows` [R] of `answer`."""
        copy_rows(entries, self.starts, self.logits, self.wdl, rows, offsets, answer.logits, answer.wdl)

    def append(
        self, rows: NDArray[np.int64], keys: NDArray[np.uint64], offsets: NDArray[np.int32], answer: Evaluation
    ) -> int:
        """Keep `rows` of `answer`; how many of them were seen to before this half was full."""
        done: int = append_rows(
            rows,
            keys,
            offsets,
            answer.logits,
            answer.wdl,
            self.table,
            self.keys,
            self.counts,
            self.starts,
            self.logits,
            self.wdl,
            self.sizes,
        )
        return done

    def clear(self) -> None:
        """Forget everything."""
        self.table.fill(0)
        self.sizes.fill(0)

    @property
    def nbytes(self) -> int:
        arrays = (self.table, self.keys, self.counts, self.starts, self.logits, self.wdl)
        return sum(array.nbytes for array in arrays)


class _Store:
    """Two halves: one that is filled, and the one that was filled before it."""

    def __init__(self, capacity: int) -> None:
        self._young, self._old = _Half(capacity // 2), _Half(capacity // 2)

    def fill(
        self, keys: NDArray[np.uint64], counts: NDArray[np.int32], offsets: NDArray[np.int32], answer: Evaluation
    ) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Fill what is kept into `answer`: which rows [B] that is, and the rows that came from the old half."""
        young, old = self._young.find(keys, counts), self._old.find(keys, counts)
        in_young = young >= 0
        in_old = (old >= 0) & ~in_young
        rows = np.flatnonzero(in_young)
        self._young.fill(young[rows], rows, offsets, answer)
        rows = np.flatnonzero(in_old)
        self._old.fill(old[rows], rows, offsets, answer)
        return in_young | in_old, rows

    def add(
        self, rows: NDArray[np.int64], keys: NDArray[np.uint64], offsets: NDArray[np.int32], answer: Evaluation
    ) -> None:
        """Keep `rows` of `answer`, forgetting the oldest where there is no room."""
        while len(rows):
            rows = rows[self._young.append(rows, keys, offsets, answer) :]
            if len(rows):
                self._young, self._old = self._old, self._young
                self._young.clear()

    @property
    def nbytes(self) -> int:
        return self._young.nbytes + self._old.nbytes

    def __len__(self) -> int:
        return int(self._young.sizes[0] + self._old.sizes[0])


def _seed(evaluator: Evaluator) -> np.uint64:
    """A number for each evaluator. The device is part of it: int8 and float32 of the same weights answer otherwise."""
    identity = "\0".join((evaluator.name, evaluator.weights_hash, evaluator.device, evaluator.fmt or ""))
    return np.uint64(int.from_bytes(hashlib.blake2b(identity.encode(), digest_size=8).digest(), "little"))


def _keys(leaves: Leaves, fmt: str | None, seed: np.uint64) -> NDArray[np.uint64]:
    """A hash of what the evaluator sees of each leaf: uint64 [B]."""
    seen = leaves.states if fmt is None or leaves.features is None else leaves.features
    keys = np.empty(len(seen), np.uint64)
    hash_rows(_words(seen), leaves.offsets, leaves.actions, seed, keys)
    return keys


def _words(rows: NDArray[np.void] | NDArray[np.float32]) -> NDArray[np.uint64]:
    """The bytes of each row as uint64 [B, W], the last word filled up with zeros."""
    if not len(rows):
        return np.zeros((0, 1), np.uint64)
    octets = np.ascontiguousarray(rows).view(np.uint8).reshape(len(rows), -1)
    if octets.shape[1] % 8 == 0:
        return octets.view(np.uint64)
    words = np.zeros((len(rows), -(-octets.shape[1] // 8)), np.uint64)
    words.view(np.uint8)[:, : octets.shape[1]] = octets
    return words


def _table(entries: int) -> NDArray[np.int32]:
    """An empty table for so many entries, at most half full."""
    return np.zeros(1 << max(1, (2 * entries - 1).bit_length()), np.int32)
