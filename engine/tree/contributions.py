"""What the mean value of a node is made of, and how it came about: reads over the columns of a history."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.tree.columns import SearchTree
from engine.tree.compaction import subtree_of
from engine.tree.epoch import EpochLog
from engine.tree.history import History


@dataclass(frozen=True, slots=True, eq=False)
class Contributions:
    """The simulations of a window that count at a node, in order.

    Attributes:
        simulation: int64 [M], their numbers.
        leaf: int32 [M], nodes where they ended, as they are numbered now.
        value: float64 [M], in [-1, 1], from the player to move at the node. draw: float64 [M].
    """

    simulation: NDArray[np.int64]
    leaf: NDArray[np.int32]
    value: NDArray[np.float64]
    draw: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """A node at several moments.

    Attributes:
        moment: int64 [K]. visits: int64 [K], 0 before its first.
        value_sum: float64 [K], over its visits, from the player to move there; equal to what the fold had then.
    """

    moment: NDArray[np.int64]
    visits: NDArray[np.int64]
    value_sum: NDArray[np.float64]

    @property
    def value(self) -> NDArray[np.float64]:
        """Mean over the visits, float64 [K], NaN before the first."""
        return np.where(self.visits > 0, self.value_sum / np.maximum(self.visits, 1), np.nan)


def contributions(history: History, node: int, after: int | None = None, last: int | None = None) -> Contributions:
    """The simulations `after + 1 .. last` of the present epoch that count at `node`.

    Args:
        node: of the present tree.
        after: None = the first moment of the epoch. last: None = the last. Both are cut to the epoch.

    What was lent to a branch further down does not count, here as in the fold. Visits from before the epoch are not
    listed (`base` tells their sum): with `after` None, sum and number of what is returned, added to them, are those of
    the node at `last`.
    """
    log, tree = history.log, history.tree
    after = log.first if after is None else min(max(after, log.first), log.last)
    last = log.last if last is None else min(max(last, after), log.last)
    leaf = log.leaf.rows[after - log.first : last - log.first]
    found = np.flatnonzero(subtree_of(tree, node)[leaf] & _counted(log, tree, node, after, last))
    ended = leaf[found]
    rows = found + (after - log.first)
    sign = _signs(tree, node, ended)
    return Contributions(
        simulation=found + (after + 1),
        leaf=ended,
        value=log.value.rows[rows].astype(np.float64) * sign,
        draw=log.draw.rows[rows].astype(np.float64),
    )


def base(history: History, node: int) -> tuple[int, float, float]:
    """Visits, sum of values and sum of draw chances that `node` had when the present epoch began."""
    rows = history.log.base
    if node >= len(rows):
        return 0, 0.0, 0.0
    return int(rows["visits"][node]), float(rows["value_sum"][node]), float(rows["draw_sum"][node])


def value_over_time(history: History, node: int, points: int = 400) -> Course:
    """Visits and value of a node of the present tree at up to `points` moments all over the present epoch."""
    log = history.log
    count = max(1, min(points, log.last - log.first))
    moment = np.unique(np.linspace(log.first + 1, log.last, count).astype(np.int64)) if log.last > log.first else None
    return course(history, node, np.array([log.first], np.int64) if moment is None else moment)


def course(history: History, node: int, moments: NDArray[np.int64]) -> Course:
    """Visits and value of a node of the present tree at given moments of the present epoch, rising."""
    found = contributions(history, node)
    visits, value_sum, _ = base(history, node)
    counts = np.searchsorted(found.simulation, moments, side="right")
    # Summed one after another from the sum before: the order of the fold, hence equal to the last bit.
    sums = np.cumsum(np.concatenate(([value_sum], found.value)))
    return Course(moments, visits + counts, sums[counts])


def _signs(tree: SearchTree, node: int, leaf: NDArray[np.int32]) -> NDArray[np.float64] | float:
    if tree.sign > 0:
        return 1.0
    plies = tree.facts["depth"][leaf] - tree.facts["depth"][node]
    return np.where(plies % 2, -1.0, 1.0)


def _counted(log: EpochLog, tree: SearchTree, node: int, after: int, last: int) -> NDArray[np.bool_]:
    """Whether each simulation counts at `node`: one lent to a branch does not count above the branch."""
    counted = np.ones(last - after, np.bool_)
    loans = log.loans(after, last)
    if len(loans):
        passed = set()
        while (edge := int(tree.links["parent_edge"][node])) >= 0:
            passed.add(edge)
            node = int(tree.links["parent"][node])
        for start, end, branch in loans.tolist():
            if branch not in passed:
                counted[max(0, start - after) : max(0, end - after)] = False
    return counted
