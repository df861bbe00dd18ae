"""The root with its children as a tree of its own, in which the action to play is found as in the whole."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.tree.columns import FACTS, LINKS, NO_NODE, ROOT, STATS, SearchTree


class Fan:
    """A copy of the root's row, its children's and its edges', changed by `engine.search.watch_kernel` alone.

    Node 0 is the root, node k + 1 the child of its edge k. Without edges until `take`.
    """

    def __init__(self) -> None:
        self.links = np.zeros(1, LINKS)
        self.stats, self.facts = np.zeros(1, STATS), np.zeros(1, FACTS)
        self.action, self.prior = np.zeros(0, np.uint16), np.zeros(0, np.uint16)
        self.child, self.pruned = np.zeros(0, np.int32), np.zeros(0, np.uint8)

    def take(self, tree: SearchTree, *, unvisited: bool = False) -> None:
        """Copy the root of `tree` and what hangs on it; `unvisited`: as it was before any of its actions was."""
        run = tree.edge_run(ROOT)
        count = run.stop - run.start
        child = np.full(count, NO_NODE, np.int32) if unvisited else tree.edge_child[run]
        seen = child >= 0
        self.links = np.zeros(count + 1, LINKS)
        self.links[0] = (NO_NODE, NO_NODE, 0, count, count)
        self.stats, self.facts = np.zeros(count + 1, STATS), np.zeros(count + 1, FACTS)
        self.stats["lower"], self.stats["upper"] = -1, 1
        self.stats[1:][seen], self.facts[1:][seen] = tree.stats[child[seen]], tree.facts[child[seen]]
        self.action, self.prior = tree.edge_action[run].copy(), tree.edge_prior[run].copy()
        self.child = np.where(seen, np.arange(1, count + 1), NO_NODE).astype(np.int32)
        self.pruned = tree.edge_pruned[run].copy()

    def edge_of(self, action: int) -> int:
        """Place of the edge with `action`, or -1."""
        hits = np.flatnonzero(self.action == action)
        return int(hits[0]) if len(hits) else -1

    def value_of(self, action: int, sign: int) -> float | None:
        """Value of an action from the player to move at the root; None before its first visit."""
        edge = self.edge_of(action)
        if edge < 0 or self.child[edge] < 0:
            return None
        child = self.stats[edge + 1]
        if child["lower"] == child["upper"]:
            return sign * float(child["lower"])
        return sign * float(child["value_sum"]) / int(child["visits"])

    @property
    def columns(self) -> tuple[NDArray[Any], ...]:
        """Its columns in the order in which the kernels take them."""
        return (self.links, self.stats, self.facts, self.action, self.prior, self.child, self.pruned)
