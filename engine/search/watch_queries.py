"""Watching for a query to become true of some nodes: it looks at the whole tree, so it is asked within bounds.

A query is asked after a batch when the time that asking takes has been at most a fiftieth of the run's so far. What a
look finds false is kept, as a copy of the columns that change; when a later look finds it true, what happened between
the two is folded again, simulation by simulation, and the first after which it is true is found. Where that would take
more than about a second, halving finds one after which it is true and before which it is not.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from engine.search.watchpoints import Hit, QueryHolds
from engine.tree.columns import NO_NODE, SearchTree
from engine.tree.events import Bounds, Event, Prune, Restore, Simulations
from engine.tree.fold import apply
from engine.tree.query import parse

SHARE = 0.02
"""Of the run's time that may be spent on asking."""
_FINDING_S = 1.0
"""Time that looking at every simulation since the last look may take."""
_REPEATABLE = (Simulations, Prune, Restore, Bounds)
"""Events that can be folded again on a copy."""


@dataclass(slots=True)
class _Past:
    """What the last look saw, and what came since.

    Attributes:
        stats, distance, pruned: columns as they were, live rows only.
        events: all since, in order.
    """

    num_nodes: int
    num_edges: int
    simulations: int
    stats: NDArray[np.void]
    distance: NDArray[np.uint8]
    pruned: NDArray[np.uint8]
    events: list[Event] = field(default_factory=list)


class QueryWatch:
    """One query of one run."""

    def __init__(
        self,
        tree: SearchTree,
        watchpoint: QueryHolds,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Get ready to watch `tree`.

        Raises:
            QueryError: it cannot be read.
        """
        self._query = parse(watchpoint.text)
        self._watchpoint, self._tree, self._clock = watchpoint, tree, clock

    def arm(self, parameters: NDArray[np.float64]) -> None:
        """Watch the tree from now on."""
        self._parameters = parameters
        self._started_s = self._clock()
        self._began = self._ask(self._tree)
        self._held = self._began >= self._watchpoint.nodes
        self._past = _past(self._tree)
        self._spent_s = self._cost_s = self._clock() - self._started_s

    def follow(self, event: Event, parameters: NDArray[np.float64]) -> Hit | None:
        """An event was folded into the tree; what was reached, if anything and if it was time to ask."""
        self._parameters = parameters
        if isinstance(event, _REPEATABLE):
            self._past.events.append(event)
            is_due = self._spent_s + self._cost_s <= SHARE * (self._clock() - self._started_s)
            return self.look() if isinstance(event, Simulations) and is_due else None
        found = self.look(can_repeat=False)
        self._past = _past(self._tree)
        return found

    def look(self, *, can_repeat: bool = True) -> Hit | None:
        """Ask now. `can_repeat`: what came since the last look can be folded again."""
        started = self._clock()
        count = self._ask(self._tree)
        holds, held = count >= self._watchpoint.nodes, self._held
        self._held = holds
        found: Hit | None = None
        if holds and not held:
            found = self._find() if can_repeat else self._hit(self._tree, is_first=False)
        if not (holds and held):
            self._past = _past(self._tree)
        else:
            self._past.events.clear()  # true all along: nothing to find before it turns false
        self._cost_s = self._clock() - started
        self._spent_s += self._cost_s
        return found

    def _ask(self, tree: SearchTree) -> int:
        """Of how many nodes it is true."""
        return int(np.count_nonzero(self._query.run(tree, self._parameters))) if tree.num_nodes else 0

    def _holds(self, tree: SearchTree) -> bool:
        return self._ask(tree) >= self._watchpoint.nodes

    def _find(self) -> Hit:
        """The moment since the last look at which it became true."""
        tree, past = _again(self._tree, self._past), self._past
        steps = _steps(past.events)
        started = self._clock()
        for number, step in enumerate(steps):
            apply(tree, step)
            if self._holds(tree):
                return self._hit(tree, is_first=True)
            if self._clock() - started > _FINDING_S and number + 1 < len(steps):
                return self._halve(tree, steps, number + 1)
        return self._hit(self._tree, is_first=False)

    def _halve(self, tree: SearchTree, steps: list[Event], untrue: int) -> Hit:
        """Find a step after which it is true: after `untrue` steps it is not, after all of them it is."""
        true = len(steps)
        while true - untrue > 1:
            middle = (untrue + true) // 2
            _go_to(tree, self._past, steps[:middle])
            if self._holds(tree):
                true = middle
            else:
                untrue = middle
        _go_to(tree, self._past, steps[:true])
        return self._hit(tree, is_first=False)

    def _hit(self, tree: SearchTree, *, is_first: bool) -> Hit:
        mask = self._query.run(tree, self._parameters)
        return Hit(
            watchpoint=self._watchpoint,
            index=0,
            simulation=tree.simulations,
            path=tree.path(int(np.argmax(mask))),
            before=float(self._began),
            after=float(np.count_nonzero(mask)),
            is_first=is_first,
        )


def _past(tree: SearchTree) -> _Past:
    """What changes of `tree`, copied."""
    nodes, edges = tree.num_nodes, tree.num_edges
    distance, pruned = tree.facts["distance"][:nodes].copy(), tree.edge_pruned[:edges].copy()
    return _Past(nodes, edges, tree.simulations, tree.stats[:nodes].copy(), distance, pruned)


def _again(tree: SearchTree, past: _Past) -> SearchTree:
    """A copy of `tree` as it was in the `past`."""
    n, e = past.num_nodes, past.num_edges
    child = tree.edge_child[: tree.num_edges].copy()
    child[child < 0] = NO_NODE  # what is in flight is not there yet
    copy = replace(
        tree,
        links=tree.links[: tree.num_nodes].copy(),
        stats=tree.stats[: tree.num_nodes].copy(),
        facts=tree.facts[: tree.num_nodes].copy(),
        edge_action=tree.edge_action[: tree.num_edges].copy(),
        edge_prior=tree.edge_prior[: tree.num_edges].copy(),
        edge_child=child,
        edge_pruned=tree.edge_pruned[: tree.num_edges].copy(),
        prunes={},
        lent={},
    )
    copy.num_nodes, copy.num_edges = tree.num_nodes, tree.num_edges
    _back(copy, past)
    assert (copy.num_nodes, copy.num_edges) == (n, e)
    return copy


def _go_to(tree: SearchTree, past: _Past, steps: list[Event]) -> None:
    """Bring a copy made by `_again` to where `steps` lead from the past."""
    _back(tree, past)
    for step in steps:
        apply(tree, step)


def _back(tree: SearchTree, past: _Past) -> None:
    """Bring a copy back to the past."""
    n, e = past.num_nodes, past.num_edges
    hung = tree.links["parent_edge"][n : tree.num_nodes]
    tree.edge_child[hung[hung >= 0]] = NO_NODE
    tree.num_nodes, tree.num_edges, tree.simulations = n, e, past.simulations
    tree.stats[:n], tree.facts["distance"][:n], tree.edge_pruned[:e] = past.stats, past.distance, past.pruned
    tree.prunes.clear()


def _steps(events: list[Event]) -> list[Event]:
    """The events with every batch taken apart, one simulation each."""
    steps: list[Event] = []
    for event in events:
        if isinstance(event, Simulations):
            steps.extend(_single(event))
        else:
            steps.append(event)
    return steps


def _single(event: Simulations) -> list[Event]:
    ends = np.cumsum(np.frombuffer(event.num_edges, "<u2"), dtype=np.int64).tolist()
    singles: list[Event] = []
    first = 0
    for i, end in enumerate(ends):
        four, two = slice(4 * i, 4 * i + 4), slice(2 * i, 2 * i + 2)
        edges = slice(2 * first, 2 * end)
        columns = (event.parent[four], event.edge[four], event.value[four], event.draw[four])
        opened = (event.num_edges[two], event.action[edges], event.prior[edges])
        singles.append(Simulations(*columns, event.outcome[i : i + 1], *opened, event.branch))
        first = end
    return singles
