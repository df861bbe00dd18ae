"""Batches of leaves cut up and put together: CSR bookkeeping that wrappers of evaluators share."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.search.evaluator import Evaluation, Leaves


def select_leaves(leaves: Leaves, rows: NDArray[np.int64]) -> Leaves:
    """The leaves `rows` [R] of a batch, in that order."""
    counts = np.diff(leaves.offsets)[rows]  # [R]
    offsets = offsets_of(counts)
    edges = np.arange(offsets[-1]) + np.repeat(leaves.offsets[:-1][rows] - offsets[:-1], counts)
    features = None if leaves.features is None else leaves.features[rows]
    return Leaves(leaves.states[rows], features, offsets, leaves.actions[edges])


def join_leaves(parts: Sequence[Leaves]) -> Leaves:
    """One batch of one or more, in their order; all of them have features or none."""
    if len(parts) == 1:
        return parts[0]
    features = [part.features for part in parts if part.features is not None]
    return Leaves(
        np.concatenate([part.states for part in parts]),
        np.concatenate(features) if features else None,
        offsets_of(np.concatenate([np.diff(part.offsets) for part in parts])),
        np.concatenate([part.actions for part in parts]),
    )


def split_evaluation(evaluation: Evaluation, parts: Sequence[Leaves]) -> list[Evaluation]:
    """What `evaluation` of `join_leaves(parts)` says about each of `parts`. Copies, so that none keeps the others."""
    if len(parts) == 1:
        return [evaluation]
    edges = np.cumsum([len(part.actions) for part in parts])[:-1]
    rows = np.cumsum([len(part.offsets) - 1 for part in parts])[:-1]
    pieces = zip(np.split(evaluation.logits, edges), np.split(evaluation.wdl, rows), strict=True)
    return [Evaluation(logits.copy(), wdl.copy()) for logits, wdl in pieces]


def offsets_of(counts: NDArray[np.integer]) -> NDArray[np.int32]:
    """CSR offsets int32 [B + 1] of rows with `counts` [B] entries."""
    offsets = np.zeros(len(counts) + 1, np.int32)
    np.cumsum(counts, out=offsets[1:])
    return offsets
