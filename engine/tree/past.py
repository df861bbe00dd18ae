"""A tree that can be taken to any moment of an epoch: a second tree beside the present one.

Between two moments only what changed is touched: nodes are linked and unlinked; prunes, bounds and replaced intuitions
are done and undone from the log. Sums of values cannot be taken back (floating point), so they are set from the last
keyframe before the moment and backed up from there in the order of the fold: equal to the last bit. The last few
simulations before a moment can be taken back all the same, because what they changed was kept aside.
"""

from bisect import bisect_left, bisect_right
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.tree.columns import NO_NODE, Pruned, SearchTree
from engine.tree.epoch import EpochLog
from engine.tree.rewind import SUMS, append_nodes, back_up, remove_nodes, restore_sums

_MOST_BACK = 1024
"""Simulations before a moment that can be taken back one by one."""
_UNDO_ROWS = 65_536
_SUM_NAMES = ("visits", "borrowed", "value_sum", "draw_sum")


class Past:
    """The tree of an epoch at one of its moments.

    It takes as much memory as the present tree without actions and priors, which both share (priors as long as none is
    replaced).

    Attributes:
        tree: at the moment last sought; the same object for every moment. Read it, never change it.
    """

    def __init__(self, now: SearchTree, log: EpochLog) -> None:
        """Stand where `now` stands; later changes of `now` must be in `log`."""
        self._now, self._log = now, log
        # So many rows of the logs are done in the tree:
        self._prunings, self._proofs, self._opinions = len(log.prunings), len(log.proofs), len(log.opinions)
        self._floors: NDArray[np.uint16] = np.zeros(len(now.links), np.uint16)
        self._floors[: len(log.floors)] = log.floors
        for opinion in log.opinions.rows:
            self._floors[opinion["node"]] = now.links["num_edges"][opinion["node"]]
        self._shares_priors = True
        self._edges_ready = now.num_edges
        self._undo = np.zeros(_UNDO_ROWS, SUMS)
        self._undo_ends = np.zeros(_MOST_BACK, np.int64)
        self._undoable = 0
        self.tree: SearchTree = SearchTree(
            now.line,
            now.num_players,
            now.num_nodes,
            now.num_edges,
            now.simulations,
            _copied(now.links, now.num_nodes, len(now.links)),
            _copied(now.stats, now.num_nodes, len(now.stats)),
            _copied(now.facts, now.num_nodes, len(now.facts)),
            now.edge_action,
            now.edge_prior,
            _copied(now.edge_child, now.num_edges, len(now.edge_child)),
            _copied(now.edge_pruned, now.num_edges, len(now.edge_pruned)),
            dict(now.prunes),
            dict(now.lent),
        )
        if self._opinions:
            self.own_priors()

    def seek(self, simulation: int) -> SearchTree:
        """The tree at the end of `simulation`, before anything that followed it; the log holds that simulation."""
        tree, log = self.tree, self._log
        nodes = bisect_right(self._now.stats["birth"], simulation, 0, self._now.num_nodes)
        prunings = bisect_left(log.prunings.rows["after"], simulation)
        proofs = bisect_left(log.proofs.rows["after"], simulation)
        opinions = bisect_left(log.opinions.rows["after"], simulation)
        self._undo_proofs(proofs)
        self._undo_prunings(prunings)
        self._undo_opinions(opinions)
        self._make_room()
        if nodes < tree.num_nodes:
            remove_nodes(tree.links, tree.edge_child, self._floors, tree.num_nodes, nodes)
            tree.num_nodes = nodes
        if simulation < tree.simulations:
            self._go_back(simulation)
        elif simulation > tree.simulations:
            self._go_on(simulation)
        tree.num_edges = self._edges_of(nodes)
        self._redo_prunings(prunings)
        self._redo_proofs(proofs)
        self._redo_opinions(opinions)
        tree.lent = log.lent_at(simulation)
        return tree

    def nbytes(self) -> int:
        """Bytes of the rows in use beside those shared with the present tree."""
        tree = self.tree
        nodes = sum(column.itemsize for column in (tree.links, tree.stats, tree.facts))
        return nodes * tree.num_nodes + 5 * self._edges_ready + self._undo.nbytes

    # -- sums ---------------------------------------------------------------------------------------------------------

    def _go_back(self, simulation: int) -> None:
        tree, log = self.tree, self._log
        steps = tree.simulations - simulation
        if steps <= self._undoable:
            self._take_back(steps)
            return
        keyframe = log.keyframe_at(simulation)
        after = log.keyframe_after(keyframe)
        known = self._born_by(after)
        self._restore(0, known, log.keyframes(0, keyframe + 1))
        for name in _SUM_NAMES:
            tree.stats[name][known : tree.num_nodes] = 0
        tree.simulations, self._undoable = after, 0
        self._back_up(simulation)

    def _go_on(self, simulation: int) -> None:
        tree, log = self.tree, self._log
        known, nodes = tree.num_nodes, self._born_by(simulation)
        self._append(nodes)
        keyframe = log.keyframe_at(simulation)
        after = log.keyframe_after(keyframe)
        if after > tree.simulations:
            done = log.keyframe_at(tree.simulations)
            self._restore(known, self._born_by(after), log.keyframes(done + 1, keyframe + 1))
            tree.simulations, self._undoable = after, 0
        self._back_up(simulation)

    def _restore(self, first: int, end: int, keyframes: list[NDArray[np.void]]) -> None:
        """Set the sums of the nodes `first .. end` as they were at first, then what `keyframes` say of any node."""
        log = self._log
        for rows in keyframes:
            restore_sums(self.tree.stats, log.base, log.value.rows, log.draw.rows, log.first + 1, first, end, rows)
            first = end

    def _back_up(self, simulation: int) -> None:
        """Back up what comes after the tree's moment, and keep aside what the last of it changes."""
        tree, log, done = self.tree, self._log, self.tree.simulations
        window = slice(done - log.first, simulation - log.first)
        leaf = log.leaf.rows[window]
        skipped = self._skipped(leaf)
        kept = int(self._undo_ends[self._undoable - 1]) if self._undoable else 0
        ends = self._undo_ends[self._undoable :]
        loans = log.loans(done, simulation)
        undo, sign = self._undo[kept:], float(tree.sign)
        value, draw = log.value.rows[window], log.draw.rows[window]
        back_up(tree.stats, self._now.links, sign, leaf, value, draw, done, loans, undo, ends, skipped)
        recent = len(leaf) - skipped
        ends[:recent] += kept
        self._undoable += recent
        tree.simulations = simulation

    def _skipped(self, leaf: NDArray[np.int32]) -> int:
        """How many simulations at the start of `leaf` are too long ago to be taken back; makes room for the others."""
        recent = leaf[-_MOST_BACK:]
        depths = self._now.facts["depth"][recent].astype(np.int64) + 1
        kept = int(self._undo_ends[self._undoable - 1]) if self._undoable else 0
        if self._undoable + len(leaf) <= _MOST_BACK and kept + int(depths.sum()) <= _UNDO_ROWS:
            return 0
        self._undoable = 0
        fitting = int(np.searchsorted(np.cumsum(depths[::-1]), _UNDO_ROWS, side="right"))
        return len(leaf) - fitting

    def _take_back(self, steps: int) -> None:
        tree = self.tree
        self._undoable -= steps
        first = int(self._undo_ends[self._undoable - 1]) if self._undoable else 0
        end = int(self._undo_ends[self._undoable + steps - 1])
        rows = self._undo[first:end][::-1]  # a node that was passed often gets what it had first
        for name in _SUM_NAMES:
            tree.stats[name][rows["node"]] = rows[name]
        tree.simulations -= steps

    # -- nodes and edges --------------------------------------------------------------------------------------------

    def _born_by(self, simulation: int) -> int:
        return bisect_right(self._now.stats["birth"], simulation, 0, self._now.num_nodes)

    def _edges_of(self, nodes: int) -> int:
        return int(self._now.links["first_edge"][nodes]) if nodes < self._now.num_nodes else self._now.num_edges

    def _append(self, nodes: int) -> None:
        """Make nodes up to the number `nodes`, as they are when they are born."""
        tree, now, log = self.tree, self._now, self._log
        self._make_edges(self._edges_of(nodes))
        columns = (tree.links, tree.stats, tree.facts, tree.edge_child, now.links, now.stats, now.facts)
        append_nodes(*columns, log.value.rows, log.draw.rows, log.first + 1, tree.num_nodes, nodes)
        tree.num_nodes = nodes

    def _make_edges(self, edges: int) -> None:
        """Make edges up to the number `edges`; they have no children, and intuition's priors as it first gave them."""
        made = slice(self._edges_ready, edges)
        if edges > self._edges_ready:
            self.tree.edge_child[made] = NO_NODE
            if not self._shares_priors:
                self.tree.edge_prior[made] = self._now.edge_prior[made]
            self._edges_ready = edges

    def own_priors(self) -> None:
        """Priors of the present tree are about to be replaced, or were: keep those that there are."""
        tree, now = self.tree, self._now
        self._make_room()
        self._make_edges(now.num_edges)
        if self._shares_priors:
            tree.edge_prior = _copied(now.edge_prior, now.num_edges, len(now.edge_prior))
            self._shares_priors = False

    def _make_room(self) -> None:
        """As much room as the present tree has, and its columns that never change, which it may have moved."""
        tree, now = self.tree, self._now
        tree.edge_action = now.edge_action
        if self._shares_priors:
            tree.edge_prior = now.edge_prior
        elif len(tree.edge_prior) < len(now.edge_prior):
            tree.edge_prior = _copied(tree.edge_prior, self._edges_ready, len(now.edge_prior))
        if len(tree.links) < len(now.links):
            for name in ("links", "stats", "facts"):
                setattr(tree, name, _copied(getattr(tree, name), tree.num_nodes, len(now.links)))
            self._floors = _copied(self._floors, len(self._floors), len(now.links))
        if len(tree.edge_child) < len(now.edge_child):
            for name in ("edge_child", "edge_pruned"):
                setattr(tree, name, _copied(getattr(tree, name), self._edges_ready, len(now.edge_child)))

    # -- what is done and undone ------------------------------------------------------------------------------------

    def _undo_prunings(self, count: int) -> None:
        if count < self._prunings:
            rows = self._log.prunings.rows[count : self._prunings][::-1]
            self.tree.edge_pruned[rows["edge"]] = rows["was"]  # of several changes of an edge, the last one stands
            self._note(rows["edge"], self._log.notes_were[count : self._prunings][::-1])
            self._prunings = count

    def _redo_prunings(self, count: int) -> None:
        if count > self._prunings:
            rows = self._log.prunings.rows[self._prunings : count]
            self.tree.edge_pruned[rows["edge"]] = rows["reason"]
            self._note(rows["edge"], self._log.notes[self._prunings : count])
            self._prunings = count

    def _note(self, edges: NDArray[np.int32], notes: list[Pruned | None]) -> None:
        prunes = self.tree.prunes
        for edge, note in zip(edges.tolist(), notes, strict=True):
            if note is None:
                prunes.pop(edge, None)
            else:
                prunes[edge] = note

    def _undo_proofs(self, count: int) -> None:
        if count < self._proofs:
            self._bound(self._log.proofs.rows[count : self._proofs][::-1], "was_")
            self._proofs = count

    def _redo_proofs(self, count: int) -> None:
        if count > self._proofs:
            self._bound(self._log.proofs.rows[self._proofs : count], "")
            self._proofs = count

    def _bound(self, rows: NDArray[np.void], prefix: str) -> None:
        nodes = rows["node"]
        self.tree.stats["lower"][nodes] = rows[f"{prefix}lower"]
        self.tree.stats["upper"][nodes] = rows[f"{prefix}upper"]
        self.tree.facts["distance"][nodes] = rows[f"{prefix}distance"]

    def _undo_opinions(self, count: int) -> None:
        tree, log = self.tree, self._log
        for i in range(self._opinions - 1, count - 1, -1):
            row = log.opinions.rows[i]
            node = int(row["node"])
            tree.facts["raw_value"][node], tree.facts["raw_draw"][node] = row["was_raw_value"], row["was_raw_draw"]
            tree.links["visited_edges"][node] = row["was_visited"]
            tree.edge_prior[tree.edge_run(node)] = log.priors_were[i]
            earlier = (log.opinions.rows["node"][:i] == node).any()
            if not earlier:
                self._floors[node] = log.floors[node] if node < len(log.floors) else 0
        self._opinions = min(self._opinions, count)

    def _redo_opinions(self, count: int) -> None:
        tree, log = self.tree, self._log
        for i in range(self._opinions, count):
            row = log.opinions.rows[i]
            node = int(row["node"])
            tree.facts["raw_value"][node], tree.facts["raw_draw"][node] = row["raw_value"], row["raw_draw"]
            run = tree.edge_run(node)
            tree.links["visited_edges"][node] = self._floors[node] = run.stop - run.start
            tree.edge_prior[run] = log.priors[i]
        self._opinions = max(self._opinions, count)


def _copied(column: NDArray[Any], live: int, size: int) -> NDArray[Any]:
    """A copy of the first `live` rows with room for `size`; fresh pages cost nothing until touched."""
    copied: NDArray[Any] = np.zeros(size, column.dtype)
    copied[:live] = column[:live]
    return copied
