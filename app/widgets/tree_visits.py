"""Nodes that were selected, one after the other, to go back and forward through. No Qt."""

import numpy as np
from numpy.typing import NDArray

from engine.tree.columns import NO_NODE

_MOST = 200


class VisitedNodes:
    """A walk through a tree that can be retraced; choosing anew half-way forgets what came after."""

    def __init__(self) -> None:
        self._nodes: list[int] = []
        self._at = -1

    def visit(self, node: int) -> None:
        """A node was selected; -1, and the node one is at, change nothing."""
        if node < 0 or node == self.here:
            return
        self._nodes = [*self._nodes[: self._at + 1], node][-_MOST:]
        self._at = len(self._nodes) - 1

    @property
    def here(self) -> int:
        """The node one is at, or `NO_NODE`."""
        return self._nodes[self._at] if self._nodes else NO_NODE

    def step(self, step: int, count: int) -> int:
        """One node back (-1) or forward (+1) among the `count` there are now; `NO_NODE` where the walk ends."""
        at = self._at + step
        while 0 <= at < len(self._nodes):
            if self._nodes[at] < count:
                self._at = at
                return self._nodes[at]
            at += step
        return NO_NODE

    def follow(self, mapping: NDArray[np.int32]) -> None:
        """Nodes got other numbers, -1 = gone."""
        moved = [int(mapping[node]) if node < len(mapping) else NO_NODE for node in self._nodes]
        self._at = sum(node >= 0 for node in moved[: self._at + 1]) - 1
        self._nodes = [node for node in moved if node >= 0]
        self._at = max(self._at, 0) if self._nodes else -1

    def clear(self) -> None:
        """Another tree."""
        self._nodes, self._at = [], -1
