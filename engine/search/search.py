"""One search over one tree: gather leaves, ask the rules and the intuition, write the journal, fold it.

The search never changes its tree by itself: it makes events, hands their bytes to the sink, and applies them with the
same fold that every reader of the journal uses (`engine.tree.fold`). What it keeps beside the tree is what readers do
not need: the states of the nodes (`StateTable`), what is on its way to the intuition, and counts of its own work.

A search belongs to one thread; `advance` does one batch, and steering happens between batches. While a network on a
device of its own evaluates one batch, the next is gathered (`Flights`); the order of everything is fixed all the same,
so equal seeds give equal journals.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.domains.base import Line, Rules
from engine.search.consequences import Consequences
from engine.search.evaluator import Evaluator
from engine.search.expansion import StateTable
from engine.search.flights import Flights
from engine.search.limits import Limits
from engine.search.methods.choose import make_method
from engine.search.methods.method import Gathered
from engine.search.methods.tree_policy import gather_from
from engine.search.oracle import NoOracle, Oracle
from engine.search.recycling import recycling
from engine.search.rollouts import RolloutEvaluator
from engine.search.select import hold, settle
from engine.search.settings import SearchSettings
from engine.search.standing import root_visits
from engine.search.steering import Steering
from engine.search.stoppers import (
    BY_HAND,
    EXHAUSTED,
    Progress,
    Stopper,
    StopReason,
    first_reason,
    stoppers_for,
    watchpoint_reason,
)
from engine.search.watch import Watch
from engine.search.watchpoints import AnyWatchpoint
from engine.tree.columns import NO_NODE, ROOT, SearchTree
from engine.tree.events import (
    JOURNAL_VERSION,
    Event,
    Header,
    PruneReason,
    Reroot,
    Restore,
    Simulations,
    Switch,
    encode,
    pack,
)
from engine.tree.fold import apply, empty_tree
from engine.tree.selection import selection_parameters

_RUN_PRUNES = (PruneReason.OUT_OF_REACH, PruneReason.ELIMINATED, PruneReason.LOW_PRIOR)
"""Given up for the budget of a run; the next run gives them another chance."""
_BYTES_A_NODE, _EDGES_A_NODE = 380, 48
"""Of a chess position, on average; only to reserve room by."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of a search's work so far.

    Attributes:
        evaluations: leaves the intuition was asked about; of these, `cache_hits` were remembered.
        seconds_s: wall-clock time inside `advance`.
        batch_fill: leaves of all batches / leaves they were meant to have, in [0, 1].
        collisions: descents given up because they met a leaf in flight.
        tree_bytes: live bytes of tree and states.
        recycled: nodes given up for room so far.
    """

    simulations: int
    evaluations: int
    cache_hits: int
    seconds_s: float
    batch_fill: float
    collisions: int
    tree_bytes: int
    recycled: int


class Search:
    """A search from the end of a line; stands still until `start_run` and `advance`.

    Attributes:
        header: what the journal is about.
        tree: the fold of the journal so far; read it, never write it.
        settings: in use now.
    """

    def __init__(
        self,
        rules: Rules,
        evaluator: Evaluator,
        line: Line,
        settings: SearchSettings,
        sink: Callable[[bytes], None],
        generation_id: str = "uniform",
        oracle: Oracle | None = None,
    ) -> None:
        """Prepare a search.

        Args:
            sink: takes the bytes of every event, in order, as it happens.
            generation_id: name of the intuition, for the journal.
            oracle: knows some outcomes that the rules do not, e.g. endgame tables; None = `NoOracle`.

        Raises:
            PositionError, ActionError: `line` is no line of the domain.
            ValueError: an unknown method.
        """
        if settings.method == "uct":  # search without intuition: values come from random playouts
            evaluator, generation_id = RolloutEvaluator(rules, settings.seed), "random playouts"
        self.header = Header(
            JOURNAL_VERSION,
            rules.name,
            rules.num_players,
            line.start,
            line.actions,
            generation_id,
            evaluator.weights_hash,
            settings.method,
            settings.seed,
            msgspec.to_builtins(settings),
        )
        self.tree: SearchTree = empty_tree(self.header)
        self._rules, self._sink, self._oracle = rules, sink, oracle or NoOracle()
        self.settings = settings
        self._table = self._new_table(line)
        self._steering = Steering()
        self._flights = Flights(self.tree, evaluator, settings)
        self._consequences = Consequences(rules, self.tree, self._write)
        self._stoppers: tuple[Stopper, ...] = ()
        self._watch: Watch | None = None
        self._one_by_one = False
        self._run_start = 0
        self._run_budget: int | None = None
        self._is_step = False
        self._is_running = False
        self._ended_by = BY_HAND  # what ended the last run
        self._seconds, self._collisions, self._recycled = 0.0, 0, 0
        self._leaves_wanted, self._leaves_found = 0, 0
        self._use(evaluator, settings)

    def _new_table(self, line: Line) -> StateTable:
        states = self._rules.load(line)
        return StateTable(self._rules, [states], self._oracle, look_for_wins=self.settings.look_for_wins)

    def _use(self, evaluator: Evaluator, settings: SearchSettings) -> None:
        self.settings = settings
        self._method = make_method(settings, self._rules.max_legal)
        self._parameters = selection_parameters(msgspec.to_builtins(settings))
        self._scratch = np.empty((2, self._rules.max_legal))
        self._table.look_for_wins = settings.look_for_wins
        self._flights.use(evaluator, settings)
        self._consequences.use(self._table, settings)

    def take_up(self, journal: Iterable[Event]) -> None:
        """Begin where an earlier journal of the same line, generation and seed ended: a recording goes on.

        Nothing is written to the sink. With the same evaluator and batches, what follows is what would have followed
        then. A journal that was cut off between a batch and what followed from it is made good by the next run.

        Raises:
            FoldError: the events do not fit this search.
        """
        first = 0
        for event in journal:
            first = self.tree.num_nodes if isinstance(event, Simulations) else min(first, self.tree.num_nodes)
            apply(self.tree, event)
            if isinstance(event, Switch):
                self._use(self._flights.evaluator, msgspec.convert(event.settings, SearchSettings))
        self._table = self._new_table(self.tree.line)
        self._table.rebuild(self.tree)
        self._consequences.use(self._table, self.settings)
        self._consequences.take_up(self._table.wins_due(self.tree), first)

    # -- running ----------------------------------------------------------------------------------------------------

    def start_run(
        self,
        limits: Limits,
        clock: Callable[[], float] = time.perf_counter,
        watchpoints: Sequence[AnyWatchpoint] = (),
        *,
        one_by_one: bool = False,
    ) -> None:
        """Begin a run that ends at the first of `limits`; what an earlier budget gave up is restored.

        Args:
            watchpoints: end it too; each as soon as it becomes true, at the end of that batch.
            one_by_one: evaluate one leaf at a time, so that nothing is searched beyond a watchpoint. Slower, and
                another search than with batches.

        Raises:
            ValueError: the method needs a limit on simulations, or a query of a watchpoint cannot be read.
        """
        self._land_all()
        watch = Watch(self.tree, watchpoints, clock) if watchpoints else None
        if self.settings.method == "intuition":
            limits = msgspec.structs.replace(limits, simulations=1)
        self._method.begin(self.tree, limits.simulations)
        self._stoppers = stoppers_for(limits, clock)
        self._run_start, self._run_budget = self.tree.simulations, limits.simulations
        self._is_step = limits.is_step
        self._consequences.tie_up()
        self._restore_given_up()
        self._watch, self._one_by_one = watch, one_by_one
        if watch is not None:
            watch.arm(self._parameters)
        self._is_running = True
        self._make_room()

    def advance(self) -> StopReason | None:
        """Do one batch of simulations; returns the reason once the run is over (and then does nothing more)."""
        if not self._is_running:
            return self._ended_by
        started = time.perf_counter()
        reason = self._reason()
        if reason is None:
            if not self._launch():
                reason = self._reason() or EXHAUSTED
            elif self._flights.is_full or (self._one_by_one and self._flights):
                self._land()
            reason = reason or self._reason()
        if reason is not None:
            self._is_running, self._ended_by = False, reason
            self._land_all()
            for prune in self._method.finish(self.tree):
                self._write(prune)
        self._seconds += time.perf_counter() - started
        return reason

    def pause(self) -> StopReason:
        """End the run by hand: what is on its way is counted, nothing more is begun."""
        started = time.perf_counter()
        self._is_running, self._ended_by = False, BY_HAND
        self._land_all()
        self._seconds += time.perf_counter() - started
        return BY_HAND

    def figures(self) -> Figures:
        """Counts of the work so far."""
        fill = self._leaves_found / self._leaves_wanted if self._leaves_wanted else 0.0
        return Figures(
            simulations=self.tree.simulations,
            evaluations=self._flights.evaluations,
            cache_hits=self._flights.cache_hits,
            seconds_s=self._seconds,
            batch_fill=fill,
            collisions=self._collisions,
            tree_bytes=self._tree_bytes(),
            recycled=self._recycled,
        )

    def _reason(self) -> StopReason | None:
        tree = self.tree
        if tree.num_nodes == 0:  # the root must be evaluated before anything can be said
            return None
        root = tree.stats[ROOT]
        proven = bool(root["lower"] == root["upper"])
        choices = int(np.count_nonzero(tree.edge_pruned[self._root_edges()] == 0))
        done = tree.simulations - self._run_start
        reason = first_reason(self._stoppers, Progress(done, self._tree_bytes(), proven, choices, tree))
        if self._watch is None:
            return reason
        if reason is not None:
            self._watch.look_again()
        return reason if self._watch.hit is None else watchpoint_reason(self._watch.hit)

    def _left(self) -> int | None:
        """Simulations of this run that are neither done nor in flight; None = no limit."""
        if self._run_budget is None:
            return None
        return self._run_budget - (self.tree.simulations - self._run_start) - self._flights.simulations

    def _make_room(self) -> None:
        """Reserve what this run will fill, so that growing need not copy; pages that stay unused cost nothing."""
        most = self.settings.memory_bytes // _BYTES_A_NODE
        nodes = min(most, self._run_budget or 0) - self.tree.num_nodes
        if nodes > 0:
            self.tree.reserve(nodes, nodes * _EDGES_A_NODE)
            self._table.reserve(self.tree.num_nodes + nodes)

    # -- a batch ----------------------------------------------------------------------------------------------------

    def _launch(self) -> bool:
        """Gather a batch and send it off; False where nothing is left that could be visited."""
        tree, start, branch = self.tree, ROOT, -1
        left = self._left()
        size = 1 if self._one_by_one else self._flights.batch_size()
        want = size if left is None else min(left, size)
        if want <= 0:
            self._land_all()
            return True
        if self.settings.method == "intuition" and tree.num_nodes:
            return False
        if tree.num_nodes == 0:
            gathered = Gathered(np.array([-1], np.int32), np.array([-1], np.int32))
        elif tree.lent:
            self._land_all()
            gathered, start, branch = self._gather_lent(want)
        else:
            gathered = self._gather(want)
        for prune in gathered.prunes:
            self._write(prune)
        self._collisions += gathered.collisions
        if not len(gathered.parent):
            waited = len(self._flights) > 0
            self._land_all()
            return waited
        self._leaves_wanted += want
        self._leaves_found += len(gathered.parent)
        try:
            batch = self._table.prepare(tree, gathered.parent, gathered.edge, self._flights.fmt)
        except BaseException:
            settle(tree.links, tree.stats, tree.edge_child, gathered.parent, gathered.edge, np.int32(start))
            raise
        self._flights.send(batch, start, branch)
        if branch >= 0:
            self._land()
        return True

    def _gather(self, want: int) -> Gathered:
        """Wins that were seen and not visited yet, else what the method wants."""
        parent, edge = self._consequences.wins_due(want)
        if not len(parent):
            return self._method.gather(self.tree, want)
        if len(parent) == want:
            return Gathered(parent, edge)
        more = self._method.gather(self.tree, want - len(parent))
        both = np.concatenate((parent, more.parent)), np.concatenate((edge, more.edge))
        return Gathered(*both, more.collisions, more.prunes)

    def _gather_lent(self, want: int) -> tuple[Gathered, int, int]:
        """Leaves of the branch that visits are lent to, where its in-flight counts end, and its edge."""
        tree = self.tree
        branch, visits = next(iter(tree.lent.items()))
        node = int(tree.edge_child[branch])
        if node >= 0:
            return gather_from(tree, node, min(want, visits), self._parameters, self._scratch), node, branch
        owner = tree.owner(branch)
        parent, edge = np.array([owner], np.int32), np.array([branch], np.int32)
        hold(tree.links, tree.stats, tree.edge_child, parent, edge, np.int32(owner))
        return Gathered(parent, edge), owner, branch

    def _land_all(self) -> None:
        while self._flights:
            self._land()

    def _land(self) -> None:
        """Wait for the oldest batch in flight and write what it found."""
        first_node = self.tree.num_nodes
        flight, columns = self._flights.land()
        self._write(
            Simulations(
                pack(columns.parent, "<i4"),
                pack(columns.edge, "<i4"),
                pack(columns.value, "<f4"),
                pack(columns.draw, "<f4"),
                columns.outcome.tobytes(),
                pack(columns.num_edges, "<u2"),
                pack(columns.action, "<u2"),
                pack(columns.prior, "<u2"),
                flight.branch,
            )
        )
        self._table.keep(first_node, flight.batch.states)
        self._consequences.draw(first_node, flight.batch)
        self._give_up()
        if self._tree_bytes() > self.settings.memory_bytes:
            self._recycle()

    def _give_up(self) -> None:
        """Give up the root actions that the method does, or none of them where the leader has turned out to lose."""
        tree = self.tree
        pruned = tree.edge_pruned[self._root_edges()]
        behind = pruned == PruneReason.OUT_OF_REACH
        if behind.any():
            visits = root_visits(tree)
            if visits[behind].max() >= visits[pruned == 0].max(initial=0):
                self._restore_given_up()  # those behind are in reach again
        left = None
        if self._run_budget is not None and not self._is_step:
            left = self._run_start + self._run_budget - tree.simulations
        for prune in self._method.landed(tree, left):
            self._write(prune)

    def _restore_given_up(self) -> None:
        pruned = np.array(sorted(self.tree.prunes), np.int32)
        given_up = pruned[np.isin(self.tree.edge_pruned[pruned], _RUN_PRUNES)]
        if len(given_up):
            self._write(Restore(self.tree.simulations, pack(given_up, "<i4")))

    def _recycle(self) -> None:
        """Make room: give up the least visited subtrees."""
        self._land_all()
        if self._tree_bytes() <= self.settings.memory_bytes:
            return  # one of those that landed has made room
        before = self.tree.num_nodes
        mapping = self._write(recycling(self.tree))
        if mapping is not None:
            self._follow(mapping)
        self._recycled += before - self.tree.num_nodes

    # -- steering ---------------------------------------------------------------------------------------------------

    def cut(self, path: tuple[int, ...]) -> None:
        """Prune the branch at `path` by hand.

        Raises:
            BranchError: the tree has no such branch.
        """
        self._steer(lambda: self._steering.cut(self.tree, path))

    def restore(self, path: tuple[int, ...]) -> None:
        """Bring the branch at `path` back, whatever it was pruned for.

        Raises:
            BranchError: the tree has no such branch.
        """
        self._steer(lambda: self._steering.restore(self.tree, path))

    def pin(self, path: tuple[int, ...]) -> None:
        """Search only the branch at `path` of its node: its siblings are pruned by hand.

        Raises:
            BranchError: the tree has no such branch.
        """
        self._steer(lambda: self._steering.pin(self.tree, path))

    def boost(self, path: tuple[int, ...], visits: int) -> None:
        """Lend the next `visits` simulations to the branch at `path`; nothing above it counts them.

        Raises:
            BranchError: the tree has no such branch. ValueError: not a positive number.
        """
        self._steer(lambda: self._steering.boost(self.tree, path, visits))

    def set_prior(self, path: tuple[int, ...], prior: float) -> None:
        """Give the branch at `path` another prior; its siblings share the rest as they did.

        Raises:
            BranchError: the tree has no such branch. ValueError: not in [0, 1].
        """
        self._steer(lambda: self._steering.set_prior(self.tree, path, prior))

    def reevaluate(self, path: tuple[int, ...], evaluator: Evaluator, generation_id: str) -> None:
        """Ask another intuition about the node at `path` (the root: empty) and go on there with what it says.

        Raises:
            BranchError: the node has not been visited. ValueError: play has ended there.
        """
        self._land_all()
        node = self._steering.node_in_play(self.tree, path)
        leaves = self._table.leaves_of(self.tree, node, evaluator.fmt)
        evaluation = evaluator.evaluate(leaves)
        opinion = (leaves, evaluation, generation_id, evaluator.weights_hash, self.settings.policy_temperature)
        self._steer(lambda: self._steering.reevaluate(self.tree, node, *opinion))

    def undo(self) -> bool:
        """Take the last act of steering back; False where there is none since the root last moved."""
        self._land_all()
        events = self._steering.undo()
        for event in events:
            self._write(event)
        return bool(events)

    def play(self, path: tuple[int, ...]) -> None:
        """Make the state after `path` the root; its subtree is kept, and a run goes on with what is left of its limits.

        Raises:
            ActionError: an action of the path is not legal where it stands; nothing is changed.
        """
        self._land_all()
        states = self._table.walk(path)
        node = ROOT if self.tree.num_nodes else NO_NODE
        for action in path:
            edge = self.tree.edge_of(node, action) if node >= 0 else -1
            node = int(self.tree.edge_child[edge]) if edge >= 0 else NO_NODE
        if node >= 0 and self.tree.facts["outcome"][node] and not self._rules.expand(states[-1:]).outcomes[0]:
            node = NO_NODE  # what repetition or the oracle ended is searched all the same once it is the root
        mapping = self._write(Reroot(self.tree.simulations, path, node))
        self._table.reroot(states)
        if mapping is not None:
            self._follow(mapping)
        if self._is_running:
            self._method.begin(self.tree, self._left())

    def switch(self, evaluator: Evaluator, settings: SearchSettings, generation_id: str) -> None:
        """Go on with another intuition or other settings; what was evaluated stays as it was.

        Raises:
            ValueError: an unknown method, or one that needs a limit which the run that goes on does not have; nothing
                is changed.
        """
        self._land_all()
        method = make_method(settings, self._rules.max_legal)
        if self._is_running:
            method.begin(self.tree, self._left())
        if settings.method == "uct":
            evaluator, generation_id = RolloutEvaluator(self._rules, settings.seed), "random playouts"
        self._use(evaluator, settings)
        self._method = method
        changed = msgspec.to_builtins(settings)
        self._write(Switch(self.tree.simulations, generation_id, evaluator.weights_hash, changed))
        if self._is_running:
            self._restore_given_up()

    def _steer(self, act: Callable[[], tuple[Event, ...]]) -> None:
        self._land_all()
        for event in act():
            self._write(event)
        self._consequences.steered()

    # -- journal ----------------------------------------------------------------------------------------------------

    def _write(self, event: Event) -> NDArray[np.int32] | None:
        """Write an event to the journal and fold it into the tree."""
        self._sink(encode(event))
        mapping = apply(self.tree, event)
        if self._watch is not None and self._is_running:
            self._watch.follow(event)
        return mapping

    def _follow(self, mapping: NDArray[np.int32]) -> None:
        """Nodes have new numbers: bring along what names them."""
        self._table.follow(mapping)
        self._steering.forget()
        self._consequences.follow(mapping)

    def _root_edges(self) -> slice:
        return self.tree.edge_run(ROOT) if self.tree.num_nodes else slice(0, 0)

    def _tree_bytes(self) -> int:
        return self.tree.nbytes() + self.tree.num_nodes * self._table.states.dtype.itemsize
