"""What follows from new nodes: proofs carried up, duplicates given up, wins to be visited next.

All of it goes to the journal as events. What is kept here beside the tree is what later batches need: the wins that
were seen and not visited yet, and where states stand.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine.domains.base import NO_ACTION, Rules
from engine.search.duplicates import Duplicates
from engine.search.expansion import Batch, StateTable
from engine.search.methods.method import prune_of
from engine.search.select import edges_of, hold
from engine.search.settings import SearchSettings
from engine.search.solver import carry_up
from engine.search.steering import is_cut_off
from engine.tree.columns import NO_NODE, ROOT, SearchTree
from engine.tree.events import Bounds, Event, PruneReason, Restore, pack

_NOTHING = np.zeros(0, np.int32)


class Consequences:
    """Draws the conclusions of one search; `write` takes each event to the journal and folds it into `tree`."""

    def __init__(self, rules: Rules, tree: SearchTree, write: Callable[[Event], object]) -> None:
        self._rules, self._tree, self._write = rules, tree, write
        self._wins: list[tuple[int, int]] = []  # node and action
        self._loose_ends = np.zeros(0, np.int32)  # ended nodes of a journal's last batch, perhaps not carried up
        self._duplicates: Duplicates | None = None

    def use(self, table: StateTable, settings: SearchSettings) -> None:
        """Look for what `settings` ask for, in these states."""
        if not settings.look_for_wins:
            self._wins = []
        self._duplicates = Duplicates(self._rules, table) if settings.prune_duplicates else None
        if self._duplicates is not None:
            self._duplicates.rebuild(self._tree)

    def take_up(self, wins: list[tuple[int, int]], first: int) -> None:
        """Go on from a journal whose last batch began with node `first`: with its wins, and what it left open."""
        ended = np.flatnonzero(self._tree.facts["outcome"][first : self._tree.num_nodes])
        self._wins, self._loose_ends = wins, (first + ended).astype(np.int32)

    def tie_up(self) -> None:
        """Carry up what a journal that was cut off left open."""
        loose, self._loose_ends = self._loose_ends, self._loose_ends[:0]
        self._prove(loose)

    def draw(self, first: int, batch: Batch) -> None:
        """Conclude from the nodes from `first` on, which `batch` brought."""
        tree = self._tree
        telling = (first + np.flatnonzero(batch.outcome)).astype(np.int32)
        if self._duplicates is not None:
            edges, twins = self._duplicates.find(tree, first)
            for prune in prune_of(tree, edges, PruneReason.DUPLICATE, twins):
                self._write(prune)
            telling = np.concatenate((telling, tree.edge_child[edges]))  # what stands beside it may settle the matter
        if len(telling):
            self._prove(telling)
        for row in np.flatnonzero(batch.win != NO_ACTION):
            self._wins.append((first + int(row), int(batch.win[row])))

    def wins_due(self, most: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Nodes and edges of at most `most` wins not visited yet; they are now in flight."""
        if not self._wins:
            return _NOTHING, _NOTHING
        tree = self._tree
        due, self._wins = self._wins[:most], self._wins[most:]
        parent, action = np.array(due, np.int32).T.copy()
        edge = edges_of(tree, parent, action)
        unvisited = tree.edge_child[edge] == NO_NODE
        parent, edge = parent[unvisited], edge[unvisited]
        hold(tree.links, tree.stats, tree.edge_child, parent, edge, np.int32(ROOT))
        return parent, edge

    def steered(self) -> None:
        """A person changed the tree: wins below what is cut off are of no interest now."""
        self._wins = [(node, action) for node, action in self._wins if not is_cut_off(self._tree, node, action)]

    def follow(self, mapping: NDArray[np.int32]) -> None:
        """Nodes have new numbers."""
        self._wins = [(int(mapping[node]), action) for node, action in self._wins if mapping[node] >= 0]
        moved = mapping[self._loose_ends]
        self._loose_ends = moved[moved >= 0]
        if self._duplicates is not None:
            orphans = self._duplicates.orphans(self._tree)
            if len(orphans):
                self._write(Restore(self._tree.simulations, pack(orphans, "<i4")))
            self._duplicates.rebuild(self._tree)

    def _prove(self, telling: NDArray[np.int32]) -> None:
        """Carry up what the nodes `telling` prove."""
        tree = self._tree
        proofs = carry_up(tree, telling)
        if len(proofs.nodes):
            bounds = (proofs.lower.tobytes(), proofs.upper.tobytes(), proofs.distance.tobytes())
            self._write(Bounds(tree.simulations, pack(proofs.nodes, "<i4"), *bounds))
        reason = PruneReason.PROVEN if self._rules.num_players == 2 else PruneReason.REJECTED
        for prune in prune_of(tree, proofs.edges, reason, np.full(len(proofs.edges), -1.0)):
            self._write(prune)
