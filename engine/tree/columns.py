"""The tree is a table: every node and edge of a search is a row of NumPy columns, there is no object per node.

A node owns a run of edges, `first_edge .. first_edge + num_edges`, sorted by falling prior when it is expanded and
never re-ordered. An edge gets a child node only when it is first visited, so statistics are paid for visited edges
alone. Nodes are appended in the order of their birth, hence a parent always stands before its children. Columns that
are read together in the inner loop stand in one record; the others are apart.

Shape letters: `N` nodes, `E` edges. Values are from the player to move *at that node*; `q` of an edge is from the
player to move at its parent.

    links   parent | parent_edge | first_edge | num_edges | visited_edges                            16 bytes a node
    stats   visits | borrowed | birth | in_flight | lower | upper | value_sum | draw_sum             32 bytes a node
    facts   raw_value | raw_draw | depth | outcome | distance                                        12 bytes a node
    edges   action | prior | child | pruned                                                           9 bytes an edge

A child's share of its parent's visits is `visits - borrowed`: visits that a person lent to one branch stay below it.
"""

import sys
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from engine.domains.base import Line

ROOT = 0
NO_NODE = -1
"""No parent (of the root), no child (of an edge not visited yet)."""
PENDING = -2
"""Child of an edge whose first visit is being evaluated; only ever seen inside a search."""

LINKS = np.dtype(
    [("parent", "<i4"), ("parent_edge", "<i4"), ("first_edge", "<i4"), ("num_edges", "<u2"), ("visited_edges", "<u2")]
)
STATS = np.dtype(
    [
        ("visits", "<i4"),
        ("borrowed", "<i4"),
        ("birth", "<u4"),
        ("in_flight", "<u2"),
        ("lower", "i1"),
        ("upper", "i1"),
        ("value_sum", "<f8"),
        ("draw_sum", "<f8"),
    ]
)
"""All that selection asks of a child, in half a cache line."""
FACTS = np.dtype([("raw_value", "<f4"), ("raw_draw", "<f4"), ("depth", "<u2"), ("outcome", "u1"), ("distance", "u1")])

_FIRST_NODES, _FIRST_EDGES = 1024, 32 * 1024
_AHEAD_NODES, _AHEAD_EDGES = 1 << 23, 1 << 28
"""Rows that a tree which is no longer small gets room for: about 3 GiB of addresses, more than searches may use."""
_SMALL = 256
"""A tree is small up to this part of that: its columns are copied in a few milliseconds."""
_CAN_RESERVE = sys.platform != "win32"
"""Windows counts memory that nobody has touched."""
_PRUNE_BYTES = 150
"""Of an entry of `prunes`: key, record and its two numbers, as CPython 3.11 stores them (measured)."""


class BranchError(KeyError):
    """A path of actions that the tree does not have."""

    @override
    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class Pruned:
    """When and on what evidence a branch was cut; the evidence's meaning goes by the reason (`PruneReason`)."""

    at: int
    evidence: float


@dataclass(slots=True, eq=False)
class SearchTree:
    """All columns of one search tree; grows in place, rows `[:num_nodes]` and `[:num_edges]` are live.

    Attributes:
        line: the state at the root, as the line that leads to it.
        num_players: 2 = values change sign from a node to its child, 1 = they do not.
        simulations: simulations folded in so far, including those whose nodes a re-rooting dropped.
        links: per node: parent, the edge it hangs on, its run of edges; edges at or past offset `visited_edges` of the
            run were never visited and stand in the order of their priors.
        stats: per node: visit count; how many of those visits were lent to the branch and are not counted by its
            parent; simulation number of its birth; simulations in flight (0 outside a search); proven bounds of its
            value in {-1, 0, 1}; sums of value in [-1, 1] and of draw chance in [0, 1] over its visits.
        facts: per node: intuition's value and draw chance, depth below the root, outcome (index into the domain's
            outcomes, 0 = in play), and for a proven value the plies to the end it leads to (255 = at least 255).
        edge_action: uint16 [E], index of the action.
        edge_prior: uint16 [E], bits of the float16 prior; use `priors`.
        edge_child: int32 [E], node, or `NO_NODE`, or `PENDING`.
        edge_pruned: uint8 [E], `PruneReason`, 0 = not pruned.
        prunes: moment and evidence of every edge that is pruned now; sparse, since few are.
        lent: visits lent to a branch and not spent yet, by its edge.
    """

    line: Line
    num_players: int
    num_nodes: int = 0
    num_edges: int = 0
    simulations: int = 0
    links: NDArray[np.void] = field(default_factory=lambda: np.zeros(_FIRST_NODES, LINKS))
    stats: NDArray[np.void] = field(default_factory=lambda: np.zeros(_FIRST_NODES, STATS))
    facts: NDArray[np.void] = field(default_factory=lambda: np.zeros(_FIRST_NODES, FACTS))
    edge_action: NDArray[np.uint16] = field(default_factory=lambda: np.zeros(_FIRST_EDGES, np.uint16))
    edge_prior: NDArray[np.uint16] = field(default_factory=lambda: np.zeros(_FIRST_EDGES, np.uint16))
    edge_child: NDArray[np.int32] = field(default_factory=lambda: np.zeros(_FIRST_EDGES, np.int32))
    edge_pruned: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(_FIRST_EDGES, np.uint8))
    prunes: dict[int, Pruned] = field(default_factory=dict)
    lent: dict[int, int] = field(default_factory=dict)

    @property
    def sign(self) -> int:
        """Factor that turns a child's value into its parent's view: -1 for two players, +1 for one."""
        return -1 if self.num_players == 2 else 1

    @property
    def priors(self) -> NDArray[np.float16]:
        """Priors of the live edges, float16 [E]."""
        return self.edge_prior[: self.num_edges].view(np.float16)

    def edge_run(self, node: int) -> slice:
        """The edges of `node`, as a slice into the edge columns."""
        first = int(self.links["first_edge"][node])
        return slice(first, first + int(self.links["num_edges"][node]))

    def reserve(self, nodes: int, edges: int) -> None:
        """Make room for that many more nodes and edges, if possible without ever copying many.

        Capacities double while a tree is small. After that, room for a large one is set aside at once: rows that were
        never written to take no memory, while copying a million nodes would keep everybody waiting for half a second.
        """
        if self.num_nodes + nodes > len(self.links):
            self._widen(("links", "stats", "facts"), self.num_nodes, nodes, _AHEAD_NODES)
        if self.num_edges + edges > len(self.edge_action):
            self._widen(("edge_action", "edge_prior", "edge_child", "edge_pruned"), self.num_edges, edges, _AHEAD_EDGES)

    def _widen(self, names: tuple[str, ...], live: int, more: int, ahead: int) -> None:
        """Make some columns wide enough for `more` rows behind the live ones, and from some size on for `ahead`."""
        size = max(2 * len(getattr(self, names[0])), live + more)
        if _CAN_RESERVE and ahead // _SMALL < size < ahead:
            try:
                wide = [_grown(getattr(self, name), ahead, live) for name in names]
            except MemoryError:  # no address space to spare: as much as is needed
                wide = [_grown(getattr(self, name), size, live) for name in names]
        else:
            wide = [_grown(getattr(self, name), size, live) for name in names]
        for name, column in zip(names, wide, strict=True):
            setattr(self, name, column)

    def path(self, node: int) -> tuple[int, ...]:
        """Actions from the root to `node`."""
        actions: list[int] = []
        while (edge := int(self.links["parent_edge"][node])) >= 0:
            actions.append(int(self.edge_action[edge]))
            node = int(self.links["parent"][node])
        return tuple(reversed(actions))

    def line_to(self, node: int) -> Line:
        """The line that leads to the state of `node`."""
        return self.line.then(*self.path(node))

    def find_edge(self, path: tuple[int, ...]) -> int:
        """The edge that a path of actions from the root ends with.

        Raises:
            BranchError: the path is empty or leaves the tree.
        """
        node, edge = (ROOT if self.num_nodes else NO_NODE), -1
        for depth, action in enumerate(path):
            edge = -1 if node < 0 else self.edge_of(node, action)
            if edge < 0:
                raise BranchError(f"the tree has no action {action} at {path[:depth]}")
            node = int(self.edge_child[edge])
        if edge < 0:
            raise BranchError("an empty path has no edge")
        return edge

    def edge_of(self, node: int, action: int) -> int:
        """The edge of `node` with `action`, or -1."""
        run = self.edge_run(node)
        hits = np.flatnonzero(self.edge_action[run] == action)
        return run.start + int(hits[0]) if len(hits) else -1

    def owner(self, edge: int) -> int:
        """The node whose run holds `edge`: runs stand in the order of their nodes."""
        return int(np.searchsorted(self.links["first_edge"][: self.num_nodes], edge, side="right")) - 1

    def nbytes(self) -> int:
        """Bytes of all live rows (what the tree needs; capacity may be many times that, untouched)."""
        node = LINKS.itemsize + STATS.itemsize + FACTS.itemsize
        return self.num_nodes * node + self.num_edges * (2 + 2 + 4 + 1) + len(self.prunes) * _PRUNE_BYTES


def _grown(column: NDArray[np.generic], size: int, live: int) -> NDArray[np.generic]:
    """`column` with room for `size` rows; the live ones are copied, fresh pages cost nothing until touched."""
    grown = np.zeros(size, column.dtype)
    grown[:live] = column[:live]
    return grown
