"""Actions that lead where the tree has been already: states with equal keys are worth the same.

For one player any path to a state is as good as another that is no longer, so whatever reaches a state of the tree
again, no sooner, is a duplicate. In a game of two a state's value belongs to both its parents; only siblings can be
spared there (mirror images, where the key says so). Nothing is spared where repetition counts: two states of equal key
then may have different futures.
"""

import numpy as np
from numpy.typing import NDArray

from engine.compiled import kernel
from engine.domains.base import Rules
from engine.search.expansion import StateTable
from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import PruneReason

_NOTHING = (np.zeros(0, np.int32), np.zeros(0, np.int32))


class Duplicates:
    """Finds duplicates among new nodes; for one player it remembers where each state stands."""

    def __init__(self, rules: Rules, table: StateTable) -> None:
        has_keys = rules.state_dtype.names is not None and "key" in rules.state_dtype.names
        self._applies = has_keys and not rules.repetition_outcome
        self._one_player = rules.num_players == 1
        self._table = table
        self._home: dict[tuple[int, int], int] = {}  # by root and key

    def find(
        self, tree: SearchTree, first: int, root_of: NDArray[np.int32] | None = None
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Edges among those to the nodes from `first` on that are duplicates, and the nodes they duplicate.

        `root_of` [nodes]: the root above each node, where the table holds several trees.
        """
        if not self._applies or first >= tree.num_nodes:
            return _NOTHING
        if self._one_player:
            return self._find_anywhere(tree, first, root_of)
        keys = self._table.states["key"]
        twins = np.empty(tree.num_nodes - first, np.int32)
        _find_siblings(tree.links, tree.edge_child, keys, first, twins)
        found = np.flatnonzero(twins >= 0)
        return tree.links["parent_edge"][first + found], twins[found]

    def rebuild(self, tree: SearchTree) -> None:
        """Nodes were renumbered."""
        if self._applies and self._one_player:
            keys = self._table.states["key"][: tree.num_nodes].tolist()
            self._home = {}
            cut = tree.edge_pruned[tree.links["parent_edge"][: tree.num_nodes]] == PruneReason.DUPLICATE
            cut[:1] = False  # the root hangs on no edge
            for node in np.flatnonzero(~cut).tolist():
                self._home.setdefault((ROOT, keys[node]), node)

    def orphans(self, tree: SearchTree) -> NDArray[np.int32]:
        """Edges that are pruned for a twin which is gone."""
        gone = [
            edge
            for edge, pruned in tree.prunes.items()
            if pruned.evidence < 0 and tree.edge_pruned[edge] == PruneReason.DUPLICATE
        ]
        return np.array(sorted(gone), np.int32)

    def _find_anywhere(
        self, tree: SearchTree, first: int, root_of: NDArray[np.int32] | None
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        edges: list[int] = []
        twins: list[int] = []
        depth = tree.facts["depth"]
        for node, key in enumerate(self._table.states["key"][first : tree.num_nodes].tolist(), first):
            root = ROOT if root_of is None else int(root_of[node])
            home = self._home.setdefault((root, key), node)
            if depth[home] > depth[node]:
                self._home[root, key] = node
            elif home != node:
                edges.append(int(tree.links["parent_edge"][node]))
                twins.append(home)
        return np.array(edges, np.int32), np.array(twins, np.int32)


@kernel
def _find_siblings(links, edge_child, keys, first, twins):
    """For every node from `first` on: an older sibling of the same key, or -1."""
    for i in range(len(twins)):
        node = first + i
        twins[i] = -1
        up = links[node].parent
        if up < 0:
            continue
        run = links[up].first_edge
        for e in range(run, run + np.int32(links[up].num_edges)):
            child = edge_child[e]
            if 0 <= child < node and keys[child] == keys[node] and (twins[i] < 0 or child < twins[i]):
                twins[i] = child
