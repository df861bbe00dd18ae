"""What happened in one epoch of a search, in columns: enough to make the tree of any of its moments again.

An epoch is a span of a search in which nodes and edges are only appended, so that the tree of an earlier moment is a
prefix of the present one. Re-rooting and recycling renumber nodes: each begins another epoch. Moments are counted by
simulations; "after" is the number of simulations done when something happened.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.domains.base import Line
from engine.tree.columns import Pruned, SearchTree
from engine.tree.events import Boost, Bounds, Prune, Reevaluate, Restore, Simulations
from engine.tree.growing import Growing
from engine.tree.rewind import SUMS, mark_paths

PRUNINGS = np.dtype([("after", "<i8"), ("edge", "<i4"), ("reason", "u1"), ("was", "u1")])
"""A change of `edge_pruned`: after how many simulations, of which edge, to which `PruneReason`, from which."""

PROOFS = np.dtype(
    [
        ("after", "<i8"),
        ("node", "<i4"),
        ("lower", "i1"),
        ("upper", "i1"),
        ("distance", "u1"),
        ("was_lower", "i1"),
        ("was_upper", "i1"),
        ("was_distance", "u1"),
    ]
)
"""A change of a node's bounds: after how many simulations, to which, from which."""

OPINIONS = np.dtype(
    [
        ("after", "<i8"),
        ("node", "<i4"),
        ("raw_value", "<f4"),
        ("raw_draw", "<f4"),
        ("was_raw_value", "<f4"),
        ("was_raw_draw", "<f4"),
        ("was_visited", "<u2"),
    ]
)
"""A node's intuition was replaced: after how many simulations, by which, which it was, and its `visited_edges` then."""

KEYFRAME_EVERY = 32_768
"""Simulations between two keyframes: backing so many up takes a few hundredths of a second."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """Where an epoch begins.

    Attributes:
        first: simulations done then; its own are numbered `first + 1 ..`.
        line: to its root.
        offset: bytes of the journal up to there, the event that began it included.
        renumbered_at: simulations done, plus 1, when nodes last got other numbers; 0 = never.
        root_at: simulations done when the root became the root.
    """

    first: int
    line: Line
    offset: int
    renumbered_at: int = 0
    root_at: int = 0


@dataclass(slots=True)
class _Lending:
    """Visits lent to a branch (a boost), or those spent on it in a row (a loan)."""

    after: int
    edge: int
    visits: int
    is_loan: bool


@dataclass(frozen=True, slots=True, eq=False)
class Before:
    """What an event is about to change: a row of a log for each change, with what was, and what a row cannot hold.

    For prunes that is their notes, for a re-evaluation the priors of the node.
    """

    rows: NDArray[np.void]
    notes: tuple[Pruned | None, ...] = ()
    priors: NDArray[np.uint16] | None = None


class EpochLog:
    """Columns over the simulations and changes of an epoch; appended to as events are applied.

    Attributes:
        first: simulations done at its start. last: those done now.
        leaf, value, draw: per simulation, the node where it ended (int32) and what was backed up from there (float32,
            from the player to move there); row `i` is simulation `first + 1 + i`.
        prunings, proofs: see `PRUNINGS` and `PROOFS`, in order.
        notes, notes_were: entry of `SearchTree.prunes` after and before each of `prunings`, None = not pruned.
        opinions: see `OPINIONS`. priors, priors_were: after and before each, of the node's edges, as they are stored.
        floors: uint16 [nodes at the start], their `visited_edges` then.
        base: `SUMS` of the nodes at the start.
    """

    def __init__(self, tree: SearchTree) -> None:
        self.first = self.last = tree.simulations
        self.leaf = Growing(np.dtype("<i4"))
        self.value, self.draw = Growing(np.dtype("<f4")), Growing(np.dtype("<f4"))
        self.prunings, self.proofs = Growing(PRUNINGS), Growing(PROOFS)
        self.notes: list[Pruned | None] = []
        self.notes_were: list[Pruned | None] = []
        self.opinions = Growing(OPINIONS)
        self.priors: list[NDArray[np.uint16]] = []
        self.priors_were: list[NDArray[np.uint16]] = []
        self.floors = tree.links["visited_edges"][: tree.num_nodes].copy()
        self.base = sums_of(tree, np.arange(tree.num_nodes, dtype=np.int32))
        self._lent = dict(tree.lent)
        self._lending: list[_Lending] = []
        self._keyframes: list[NDArray[np.void]] = [np.zeros(0, SUMS)]  # the first is the base
        self._keyframe_after: list[int] = [self.first]

    # -- as events come ---------------------------------------------------------------------------------------------

    def before(self, tree: SearchTree, event: Prune | Restore | Bounds | Reevaluate) -> Before:
        """What `event` will change, read before it is applied; nothing where it does not fit, as the fold then says."""
        match event:
            case Bounds():
                nodes = _rows(event.node, tree.num_nodes)
                rows = np.zeros(len(nodes), PROOFS)
                rows["node"] = nodes
                rows["was_lower"], rows["was_upper"] = tree.stats["lower"][nodes], tree.stats["upper"][nodes]
                rows["was_distance"] = tree.facts["distance"][nodes]
                return Before(rows)
            case Reevaluate():
                rows = np.zeros(int(0 <= event.node < tree.num_nodes), OPINIONS)
                rows["node"] = event.node
                for name in ("raw_value", "raw_draw"):
                    rows[f"was_{name}"] = tree.facts[name][rows["node"]]
                rows["was_visited"] = tree.links["visited_edges"][rows["node"]]
                return Before(rows, priors=tree.edge_prior[tree.edge_run(event.node)].copy() if len(rows) else None)
            case _:
                edges = _rows(event.edge, tree.num_edges)
                rows = np.zeros(len(edges), PRUNINGS)
                rows["edge"], rows["was"] = edges, tree.edge_pruned[edges]
                return Before(rows, tuple(tree.prunes.get(edge) for edge in edges.tolist()))

    def changed(self, tree: SearchTree, before: Before) -> None:
        """The event that was announced was applied."""
        rows = before.rows
        rows["after"] = tree.simulations
        if rows.dtype == PRUNINGS:
            rows["reason"] = tree.edge_pruned[rows["edge"]]
            self.notes += (tree.prunes.get(edge) for edge in rows["edge"].tolist())
            self.notes_were += before.notes
            self.prunings.append(rows)
        elif rows.dtype == PROOFS:
            rows["lower"], rows["upper"] = tree.stats["lower"][rows["node"]], tree.stats["upper"][rows["node"]]
            rows["distance"] = tree.facts["distance"][rows["node"]]
            self.proofs.append(rows)
        else:
            assert before.priors is not None
            for name in ("raw_value", "raw_draw"):
                rows[name] = tree.facts[name][rows["node"]]
            self.priors.append(tree.edge_prior[tree.edge_run(int(rows["node"][0]))].copy())
            self.priors_were.append(before.priors)
            self.opinions.append(rows)

    def simulated(self, tree: SearchTree, event: Simulations) -> None:
        """A batch was applied."""
        parent, edge = np.frombuffer(event.parent, "<i4"), np.frombuffer(event.edge, "<i4")
        opens = (edge >= 0) | (parent < 0)
        born = np.cumsum(opens, dtype=np.int32)
        count = len(parent)
        if not count:
            return
        self.leaf.append(np.where(opens, tree.num_nodes - born[-1] - 1 + born, parent))
        self.value.append(np.frombuffer(event.value, "<f4"))
        self.draw.append(np.frombuffer(event.draw, "<f4"))
        if event.branch >= 0:
            self._lend(_Lending(self.last, event.branch, count, is_loan=True))
        self.last = tree.simulations
        if self.last - self._keyframe_after[-1] >= KEYFRAME_EVERY:
            self._take_keyframe(tree)

    def boosted(self, event: Boost) -> None:
        """Visits were lent to a branch."""
        self._lend(_Lending(self.last, event.edge, event.visits, is_loan=False))

    def _lend(self, entry: _Lending) -> None:
        top = self._lending[-1] if self._lending else None
        if top and top.is_loan and entry.is_loan and (top.edge, top.after + top.visits) == (entry.edge, entry.after):
            top.visits += entry.visits
        else:
            self._lending.append(entry)

    def _take_keyframe(self, tree: SearchTree) -> None:
        """Keep the sums of the nodes that the last simulations passed, but for those visited just once."""
        marks = self.passed(tree, self._keyframe_after[-1], self.last)
        rows = sums_of(tree, np.flatnonzero(marks).astype(np.int32))
        only_born = (rows["visits"] == 1) & (rows["borrowed"] == 0)  # or as in the base, and only lent visits passed
        self._keyframes.append(rows[~only_born])
        self._keyframe_after.append(self.last)

    # -- to be read -------------------------------------------------------------------------------------------------

    def passed(self, tree: SearchTree, after: int, last: int) -> NDArray[np.uint8]:
        """1 for every node that simulations `after + 1 .. last` passed, loans taken up to the root: uint8 [nodes]."""
        marks = np.zeros(tree.num_nodes, np.uint8)
        mark_paths(tree.links, self.leaf.rows[after - self.first : last - self.first], marks)
        return marks

    def keyframe_at(self, simulation: int) -> int:
        """Number of the last keyframe taken by the end of `simulation`."""
        return int(np.searchsorted(self._keyframe_after, simulation, side="right")) - 1

    def keyframe_after(self, keyframe: int) -> int:
        """Simulations done when a keyframe was taken."""
        return self._keyframe_after[keyframe]

    def keyframes(self, first: int, end: int) -> list[NDArray[np.void]]:
        """`SUMS` of the keyframes `first .. end`: each holds what changed since the one before, up to visits of 1."""
        return self._keyframes[first:end]

    def loans(self, after: int, last: int) -> NDArray[np.int64]:
        """Simulations among `after + 1 .. last` that were lent: int64 [L, 3], after, up to, edge; in order."""
        found = [
            (entry.after, entry.after + entry.visits, entry.edge)
            for entry in self._lending
            if entry.is_loan and entry.after < last and entry.after + entry.visits > after
        ]
        return np.array(found, np.int64).reshape(-1, 3)

    def lent_at(self, simulation: int) -> dict[int, int]:
        """`SearchTree.lent` at the end of `simulation`."""
        lent = dict(self._lent)
        for entry in self._lending:
            if entry.after >= simulation:
                break
            left = entry.visits
            if entry.is_loan:
                left = lent.get(entry.edge, 0) - min(entry.visits, simulation - entry.after)
            if left > 0:
                lent[entry.edge] = left
            else:
                lent.pop(entry.edge, None)
        return lent

    def nbytes(self) -> int:
        """Bytes of all live rows."""
        growing = (self.leaf, self.value, self.draw, self.prunings, self.proofs, self.opinions)
        fixed = (*self._keyframes, *self.priors, *self.priors_were, self.base, self.floors)
        return sum(column.rows.nbytes for column in growing) + sum(column.nbytes for column in fixed)


def sums_of(tree: SearchTree, nodes: NDArray[np.int32]) -> NDArray[np.void]:
    """`SUMS` of some nodes, as they are now."""
    rows = np.empty(len(nodes), SUMS)
    rows["node"] = nodes
    for name in ("visits", "borrowed", "value_sum", "draw_sum"):
        rows[name] = tree.stats[name][nodes]
    return rows


def _rows(column: bytes, size: int) -> NDArray[np.int32]:
    """The rows that an event names; none where they are not all there."""
    rows = np.frombuffer(column, "<i4", len(column) // 4)
    return rows if not len(rows) or (rows.min() >= 0 and rows.max() < size) else rows[:0]
