"""Batches of training: samples shuffled by seed, encoded in a thread beside the network.

Batch number `n` depends on the seed and `n` alone, so that a resumed training sees what an uninterrupted one would have
seen. Shape letters: `B` batch, `A` actions, `C` x `H` x `W` planes.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.domains.base import Rules

_AHEAD = 6

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """What the network is trained on in one step.

    Attributes:
        planes: float32 [B, C, H, W], from the view of the player to move.
        legal: bool [B, A].
        actions: int64 [B], the action played.
        results: int64 [B], `WIN`, `DRAW` or `LOSS` for the player to move, or `NOT_KNOWN`.
    """

    planes: NDArray[np.float32]
    legal: NDArray[np.bool_]
    actions: NDArray[np.int64]
    results: NDArray[np.int64]


def encode_batch(rules: Rules, samples: NDArray[np.void], fmt: str) -> Batch:
    """The batch of `samples` [B] (see `samples.sample_dtype`) in the input format `fmt`."""
    planes, legal = planes_and_legal(rules, samples["state"], fmt)
    return Batch(planes, legal, samples["action"].astype(np.int64), samples["result"].astype(np.int64))


def planes_and_legal(rules: Rules, states: NDArray[np.void], fmt: str) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Planes [B, C, H, W] of `states` [B], each without what came before, and which actions are legal: [B, A]."""
    states = np.ascontiguousarray(states)
    planes = rules.encode(states[:, None], np.ones(len(states), np.int32), fmt)
    expansion = rules.expand(states)
    legal = np.zeros((len(states), rules.num_actions), np.bool_)
    legal[np.repeat(np.arange(len(states)), np.diff(expansion.offsets)), expansion.actions] = True
    return planes, legal


def batch_rows(num_samples: int, batch: int, seed: int, number: int) -> NDArray[np.int64]:
    """Which samples [batch] the batch `number` holds: every sample once an epoch, each epoch in an order of its own."""
    rows: list[NDArray[np.int64]] = []
    position = number * batch
    missing = batch
    while missing:
        epoch, place = divmod(position, num_samples)
        part = _epoch_order(num_samples, seed, epoch)[place : place + missing]
        rows.append(part)
        position += len(part)
        missing -= len(part)
    return np.concatenate(rows)


@contextmanager
def batch_stream(
    rules: Rules, samples: NDArray[np.void], fmt: str, *, batch: int, seed: int, first: int = 0
) -> Iterator[Iterator[Batch]]:
    """An endless stream of encoded batches.

    Args:
        rules: the domain's rules.
        samples: all samples.
        fmt: input format.
        batch: samples in a batch.
        seed: of the shuffling.
        first: number of the first batch.
    """

    def made(number: int) -> Batch:
        return encode_batch(rules, samples[batch_rows(len(samples), batch, seed, number)], fmt)

    with made_ahead(made, first) as stream:
        yield stream


@contextmanager
def made_ahead(make: Callable[[int], T], first: int = 0) -> Iterator[Iterator[T]]:
    """An endless stream of `make(first)`, `make(first + 1)` and so on, made a few ahead by one thread."""

    def stream() -> Iterator[T]:
        ahead = deque(pool.submit(make, first + place) for place in range(_AHEAD))
        for number in count(first + _AHEAD):
            yield ahead.popleft().result()
            ahead.append(pool.submit(make, number))

    pool = ThreadPoolExecutor(1, "batches")
    try:
        yield stream()
    finally:
        pool.shutdown(cancel_futures=True)


@lru_cache(maxsize=2)
def _epoch_order(num_samples: int, seed: int, epoch: int) -> NDArray[np.int64]:
    return np.random.default_rng((seed, epoch)).permutation(num_samples)
