"""A search at one moment: what all looking is done at, whether it is the present or was sought in the past."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.domains.base import Line
from engine.search.settings import SearchSettings
from engine.tree.columns import NO_NODE, ROOT, SearchTree
from engine.tree.events import Header


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A search as it stood, or stands.

    Attributes:
        header: what its journal is about.
        tree: its tree then. Of the present it goes on growing; of the past it is only good until the next moment is
            sought. Nodes have the same numbers in both.
        generation, weights_hash: whose intuition was used then.
        settings: in force then; parameters: those of the selection score, for `explain.candidates`.
        renumbered_at: simulations done when nodes last got other numbers.
        is_past: it is not the present.
    """

    header: Header
    tree: SearchTree
    generation: str
    weights_hash: str
    settings: SearchSettings
    parameters: NDArray[np.float64]
    renumbered_at: int
    is_past: bool = False

    @property
    def line(self) -> Line:
        """The line to the root."""
        return self.tree.line

    def is_pruned(self, line: Line) -> bool:
        """Whether the branch that ends `line`, which goes on from the root, is pruned."""
        try:
            edge = self.tree.find_edge(line.actions[len(self.line.actions) :])
        except KeyError:
            return False
        return bool(self.tree.edge_pruned[edge])

    def child_of_root(self, action: int) -> int:
        """The node that `action` leads to, or -1 before its first visit."""
        edge = self.tree.edge_of(ROOT, action) if self.tree.num_nodes else -1
        return -1 if edge < 0 else max(int(self.tree.edge_child[edge]), NO_NODE)

    def nearest(self, path: tuple[int, ...]) -> int:
        """The last node on a path of actions from the root that there is; the tree has a root."""
        node = ROOT
        for action in path:
            edge = self.tree.edge_of(node, action)
            if edge < 0 or self.tree.edge_child[edge] < 0:
                break
            node = int(self.tree.edge_child[edge])
        return node
