"""Batches of training: samples shuffled by seed, encoded in a thread beside the network.

Batch number `n` depends on the seed and `n` alone, so that a resumed training sees what an uninterrupted one would have
seen. Shape letters: `B` batch, `A` actions, `C` x `H` x `W` planes.
"""

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.domains.base import Rules


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
    states = np.ascontiguousarray(samples["state"])
    planes = rules.encode(states[:, None], np.ones(len(states), np.int32), fmt)
    expansion = rules.expand(states)
    legal = np.zeros((len(states), rules.num_actions), np.bool_)
    legal[np.repeat(np.arange(len(states)), np.diff(expansion.offsets)), expansion.actions] = True
    return Batch(planes, legal, samples["action"].astype(np.int64), samples["result"].astype(np.int64))


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


class BatchStream:
    """An endless stream of encoded batches, made a few ahead by one thread. Use as a context manager.

    Args:
        rules: the domain's rules.
        samples: all samples.
        fmt: input format.
        batch: samples in a batch.
        seed: of the shuffling.
        first: number of the first batch.
    """

    _AHEAD = 6

    def __init__(
        self, rules: Rules, samples: NDArray[np.void], fmt: str, *, batch: int, seed: int, first: int = 0
    ) -> None:
        self._made: queue.Queue[Batch | BaseException] = queue.Queue(self._AHEAD)
        self._over = threading.Event()
        arguments = (rules, samples, fmt, batch, seed, first)
        self._thread = threading.Thread(target=self._make, args=arguments, name="batches", daemon=True)

    def __enter__(self) -> Iterator[Batch]:
        self._thread.start()
        return self._batches()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        while self._thread.is_alive():
            # The thread may be waiting for a free place.
            _drain(self._made)
            self._thread.join(0.05)

    def _batches(self) -> Iterator[Batch]:
        while True:
            made = self._made.get()
            if isinstance(made, BaseException):
                raise made
            yield made

    def _make(self, rules: Rules, samples: NDArray[np.void], fmt: str, batch: int, seed: int, first: int) -> None:
        number = first
        while not self._over.is_set():
            try:
                rows = batch_rows(len(samples), batch, seed, number)
                made: Batch | BaseException = encode_batch(rules, samples[rows], fmt)
            except Exception as error:  # noqa: BLE001 - handed to the thread that waits for the batch
                made = error
            self._made.put(made)
            if isinstance(made, BaseException):
                return
            number += 1


@lru_cache(maxsize=2)
def _epoch_order(num_samples: int, seed: int, epoch: int) -> NDArray[np.int64]:
    return np.random.default_rng((seed, epoch)).permutation(num_samples)


def _drain(made: "queue.Queue[Batch | BaseException]") -> None:
    while not made.empty():
        made.get_nowait()
