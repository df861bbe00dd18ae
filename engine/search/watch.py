"""Watching a search for its watchpoints: told of every event after it was folded, it finds the exact moment.

The state of a search moves in steps: each single simulation, and each other event. A watchpoint is reached at the first
step after which it is true and before which it was not, whatever batches the simulations came in. For that the batch
is replayed on the few nodes that are watched; the tree is neither copied nor folded again. Queries, which look at the
whole tree, are watched by `engine.search.watch_queries`.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.search import watch_kernel as kinds
from engine.search.watch_fan import Fan
from engine.search.watch_kernel import PROBE, look, replay
from engine.search.watch_queries import QueryWatch
from engine.search.watchpoints import (
    AnyWatchpoint,
    BestChanges,
    BranchPruned,
    DepthReached,
    Hit,
    Path,
    ProofFound,
    QueryHolds,
    ValueCrosses,
    ValueMoves,
    VisitsReach,
    moved,
)
from engine.tree.columns import NO_NODE, ROOT, SearchTree
from engine.tree.events import Bounds, Event, Prune, PruneReason, Recycle, Reroot, Restore, Simulations, Switch
from engine.tree.selection import selection_parameters

Clock = Callable[[], float]

_WAYS = {"up": kinds.RISES, "down": kinds.FALLS, "either": kinds.CROSSES}


@dataclass(slots=True)
class _Place:
    """How far the path of a probe has been followed: to `node`, which is `depth` actions along it, -1 = no root yet."""

    path: Path
    node: int = NO_NODE
    depth: int = 0


class Watch:
    """Watchpoints for one run; they sleep until `arm`.

    Attributes:
        hit: the first one that was reached, or None so far.
    """

    def __init__(
        self,
        tree: SearchTree,
        watchpoints: Sequence[AnyWatchpoint],
        clock: Clock = time.perf_counter,
    ) -> None:
        """Get ready to watch `tree`. `clock`: seconds, rising.

        Raises:
            QueryError: a query cannot be read; a ValueError that says where.
        """
        self.hit: Hit | None = None
        self._tree = tree
        self._armed: list[AnyWatchpoint | None] = list(watchpoints)
        self._queries = {
            place: QueryWatch(tree, watchpoint, clock)
            for place, watchpoint in enumerate(watchpoints)
            if isinstance(watchpoint, QueryHolds)
        }
        self._fan = Fan()

    def arm(self, parameters: NDArray[np.float64]) -> None:
        """Watch the tree from now on. `parameters`: of the selection rules (`engine.tree.selection`), for queries."""
        self._parameters = parameters
        self._arm()
        for query in self._queries.values():
            query.arm(parameters)

    def follow(self, event: Event) -> None:
        """`event` was folded into the tree. Does nothing once a watchpoint was reached."""
        if self.hit is not None:
            return
        match event:
            case Simulations():
                self._replay(event)
            case Prune():
                self._pruned(event)
                self._look()
            case Bounds():
                self._proven(event)
                self._look()
            case Reroot():
                self._armed = [one and moved(one, event.actions) for one in self._armed]
                self._arm()
            case Recycle() | Restore():
                self._place_anew()
                self._look()
            case Switch():
                self._parameters = selection_parameters(event.settings)
            case _:
                self._look()
        for place, query in self._queries.items():
            found = query.follow(event, self._parameters)
            if found is not None and (self.hit is None or found.simulation < self.hit.simulation):
                self.hit = msgspec.structs.replace(found, index=place)

    def look_again(self) -> None:
        """Ask the queries once more, due or not: the run is about to end."""
        for place, query in self._queries.items():
            found = query.look() if self.hit is None else None
            if found is not None:
                self.hit = msgspec.structs.replace(found, index=place)

    # -- arming -----------------------------------------------------------------------------------------------------

    def _arm(self) -> None:
        """From here on counts what changes."""
        armed = [(place, _probe(one)) for place, one in enumerate(self._armed) if one is not None]
        found = [(place, probe) for place, probe in armed if probe is not None]
        self._owners = [place for place, _ in found]
        self._probes = np.array([tuple(probe) for _, probe in found], PROBE)
        self._has_fan = bool((self._probes["kind"] == kinds.BEST).any())
        self._certain: set[int] | None = None
        if any(isinstance(one, ProofFound) and one.path is None for one in self._armed):
            self._certain = set(_certain_nodes(self._tree))
        self._place_anew()
        depth = self._tree.facts["depth"][: self._tree.num_nodes].max(initial=0)
        self._probes["visits"][self._probes["kind"] == kinds.DEPTH] = depth
        self._step()
        self._began = self._probes["now"].copy()

    def _place_anew(self) -> None:
        """The tree is another one, or its nodes have other numbers."""
        watched = [self._armed[place] for place in self._owners]
        self._places = [_Place(_path_of(one)) for one in watched]
        self._follow_paths()

    def _follow_paths(self) -> None:
        """Go on along the paths of probes that end where there was no node yet."""
        tree = self._tree
        for row, place in enumerate(self._places):
            if self._probes["kind"][row] == kinds.DEPTH:
                place.node = ROOT  # it watches no node
                continue
            if place.node < 0 and tree.num_nodes:
                place.node = ROOT
            while place.node >= 0 and place.depth < len(place.path):
                edge = tree.edge_of(place.node, place.path[place.depth])
                child = int(tree.edge_child[edge]) if edge >= 0 else NO_NODE
                if child < 0:
                    break
                place.node, place.depth = child, place.depth + 1
            is_there = place.node >= 0 and place.depth == len(place.path)
            self._probes["node"][row] = place.node if is_there else NO_NODE
        self._is_placed = all(place.node >= 0 and place.depth == len(place.path) for place in self._places)

    # -- steps ------------------------------------------------------------------------------------------------------

    def _replay(self, event: Simulations) -> None:
        """Go through a batch."""
        if not len(self._probes):
            return
        tree = self._tree
        if not self._is_placed:
            self._follow_paths()
        parent, edge = np.frombuffer(event.parent, "<i4"), np.frombuffer(event.edge, "<i4")
        if self._has_fan and not len(self._fan.action):
            self._fan.take(tree, unvisited=True)
        value, outcome = np.frombuffer(event.value, "<f4"), np.frombuffer(event.outcome, "u1")
        row, probe = replay(
            tree.links,
            tree.facts,
            tree.edge_child,
            float(tree.sign),
            parent,
            edge,
            value,
            outcome,
            event.branch,
            self._probes,
            *self._fan.columns,
        )
        if probe >= 0:
            self._reached(probe, tree.simulations - len(outcome) + row + 1)

    def _look(self) -> None:
        """One step: what the probes say of the tree as it is."""
        if len(self._probes) and self.hit is None:
            probe = self._step()
            if probe >= 0:
                self._reached(probe, self._tree.simulations)

    def _step(self) -> int:
        """Bring the probes up to date; the first that newly holds, or -1."""
        tree, probes = self._tree, self._probes
        node = probes["node"]
        safe, seen = np.maximum(node, 0), node >= 0
        for name, nothing in (("visits", 0), ("value_sum", 0.0), ("lower", -1), ("upper", 1)):
            of_node = np.where(seen, tree.stats[name][safe], nothing)
            probes[name] = np.where(probes["kind"] == kinds.DEPTH, probes[name], of_node)
        if self._has_fan and tree.num_nodes:
            self._fan.take(tree)
        return int(look(probes, float(tree.sign), *self._fan.columns))

    def _reached(self, row: int, simulation: int) -> None:
        """Probe `row` holds since that simulation."""
        place, probe = self._owners[row], self._probes[row]
        watchpoint = self._armed[place]
        assert watchpoint is not None
        before, after = self._began[row], probe["now"]
        path: Path = _path_of(watchpoint)
        was: Path = ()
        if isinstance(watchpoint, BestChanges):
            best, old = int(after), int(probe["base"])
            path, was = (best,), (old,)
            before, after = (self._fan.value_of(action, self._tree.sign) for action in (old, best))
        elif isinstance(watchpoint, ValueMoves):
            before = probe["base"]
        elif isinstance(watchpoint, VisitsReach):
            before = 0 if np.isnan(before) else before
        self.hit = Hit(
            watchpoint=watchpoint,
            index=place,
            simulation=simulation,
            path=path,
            was=was,
            before=_known(before),
            after=_known(after),
        )

    # -- what is told in events ---------------------------------------------------------------------------------------

    def _pruned(self, event: Prune) -> None:
        """Branches were cut: is one of them waited for."""
        tree = self._tree
        for place, one in enumerate(self._armed):
            if not isinstance(one, BranchPruned) or self.hit is not None:
                continue
            reasons = np.frombuffer(event.reason, "u1")
            wanted = np.isin(reasons, one.reasons) if one.reasons else reasons != PruneReason.BY_HAND
            for row in np.flatnonzero(wanted):
                edge = int(np.frombuffer(event.edge, "<i4")[row])
                path = (*tree.path(tree.owner(edge)), int(tree.edge_action[edge]))
                if path[: len(one.below)] == one.below:
                    self.hit = Hit(
                        watchpoint=one, index=place, simulation=tree.simulations, path=path, reason=int(reasons[row])
                    )
                    break

    def _proven(self, event: Bounds) -> None:
        """Bounds became tighter: is a value certain that was not."""
        if self._certain is None:
            return
        nodes = np.frombuffer(event.node, "<i4")
        certain = np.frombuffer(event.lower, "i1") == np.frombuffer(event.upper, "i1")
        new = [node for node in nodes[certain].tolist() if node not in self._certain]
        self._certain.update(new)
        if not new:
            return
        tree, node = self._tree, new[0]
        place = next(i for i, one in enumerate(self._armed) if isinstance(one, ProofFound) and one.path is None)
        watchpoint = self._armed[place]
        assert watchpoint is not None
        value = float(tree.stats["lower"][node]) * (1 if node == ROOT else tree.sign)
        self.hit = Hit(
            watchpoint=watchpoint, index=place, simulation=tree.simulations, path=tree.path(node), after=value + 0.0
        )


def _probe(watchpoint: AnyWatchpoint) -> tuple[object, ...] | None:
    """The row of `PROBE` that watches for it; None for what is told in events or asked of the whole tree."""
    kind, least, limit, base = kinds.VISITS, 1, 0.0, np.nan
    match watchpoint:
        case BestChanges():
            kind, least = kinds.BEST, watchpoint.after
        case VisitsReach():
            limit = watchpoint.visits
        case ValueMoves():
            kind, least, limit = kinds.MOVES, watchpoint.after, watchpoint.by
            base = np.nan if watchpoint.base is None else watchpoint.base
        case ValueCrosses():
            kind, least, limit = _WAYS[watchpoint.way], watchpoint.after, watchpoint.value
        case ProofFound(path=path) if path is not None:
            kind = kinds.CERTAIN
        case DepthReached():
            kind, limit = kinds.DEPTH, watchpoint.depth
        case _:
            return None
    return (kind, 0, -1, 1, NO_NODE, 0, least, 0.0, limit, base, np.nan)


def _path_of(watchpoint: AnyWatchpoint | None) -> Path:
    """The path of the node whose probe watches for it: the root's for all that name none."""
    return getattr(watchpoint, "path", None) or ()


def _certain_nodes(tree: SearchTree) -> list[int]:
    """Nodes of proven value at which play has not ended."""
    stats = tree.stats[: tree.num_nodes]
    certain = (stats["lower"] == stats["upper"]) & (tree.facts["outcome"][: tree.num_nodes] == 0)
    return [int(node) for node in np.flatnonzero(certain)]


def _known(figure: float | None) -> float | None:
    return None if figure is None or np.isnan(figure) else float(figure) + 0.0
