"""One search over one tree: gather leaves, ask the rules and the intuition, write the journal, fold it.

The search never changes its tree by itself: it makes events, hands their bytes to the sink, and applies them with the
same fold that every reader of the journal uses (`engine.tree.fold`). What it keeps beside the tree is what readers do
not need: the states of the nodes, and counts of its own work. A search belongs to one thread; `advance` does one
batch, and steering happens between batches.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.domains.base import ActionError, Expansion, Line, Rules
from engine.search.evaluator import Evaluator, Leaves
from engine.search.leaves import count_repetitions, priors_from_logits
from engine.search.select import gather, settle
from engine.search.settings import Limits, SearchSettings
from engine.search.solver import carry_up
from engine.search.stoppers import Progress, Stopper, StopReason, first_reason, stoppers_for
from engine.tree.columns import NO_NODE, ROOT, SearchTree
from engine.tree.events import (
    JOURNAL_VERSION,
    Bounds,
    Event,
    Header,
    Prune,
    PruneReason,
    Reroot,
    Restore,
    Simulations,
    Switch,
    encode,
    pack,
)
from engine.tree.fold import apply, empty_tree

METHODS = ("puct", "intuition")


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of a search's work so far.

    Attributes:
        evaluations: leaves the intuition was asked about.
        seconds_s: wall-clock time inside `advance`.
        batch_fill: leaves of all batches / leaves they were meant to have, in [0, 1].
        collisions: descents given up because they met a leaf of the same batch.
        tree_bytes: live bytes of tree and states.
    """

    simulations: int
    evaluations: int
    seconds_s: float
    batch_fill: float
    collisions: int
    tree_bytes: int


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
    ) -> None:
        """Prepare a search.

        Args:
            sink: takes the bytes of every event, in order, as it happens.
            generation_id: name of the intuition, for the journal.

        Raises:
            PositionError, ActionError: `line` is no line of the domain.
            ValueError: an unknown method.
        """
        if settings.method not in METHODS:
            raise ValueError(f"method {settings.method!r} is not known; known are {', '.join(METHODS)}")
        states = rules.load(line)
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
        self.settings = settings
        self._rules, self._evaluator, self._sink = rules, evaluator, sink
        self._before = states[-2::-1].copy()  # states before the root, newest first
        self._root_state = states[-1:].copy()
        self._states = np.zeros(len(self.tree.links), rules.state_dtype)
        self._stoppers: tuple[Stopper, ...] = ()
        self._run_start = 0
        self._run_budget: int | None = None
        self._evaluations, self._seconds, self._collisions = 0, 0.0, 0
        self._leaves_wanted, self._leaves_found = 0, 0

    # -- running ----------------------------------------------------------------------------------------------------

    def start_run(self, limits: Limits, clock: Callable[[], float] = time.perf_counter) -> None:
        """Begin a run that ends at the first of `limits`; what an earlier budget put out of reach is restored."""
        if self.settings.method == "intuition":
            limits = msgspec.structs.replace(limits, simulations=1)
        self._stoppers = stoppers_for(limits, clock)
        self._run_start, self._run_budget = self.tree.simulations, limits.simulations
        self._restore_out_of_reach()

    def advance(self) -> StopReason | None:
        """Do one batch of simulations; returns the reason once the run is over (and then does nothing more)."""
        started = time.perf_counter()
        reason = self._reason()
        if reason is None:
            self._batch(self._batch_size())
            reason = self._reason()
        self._seconds += time.perf_counter() - started
        return reason

    def figures(self) -> Figures:
        """Counts of the work so far."""
        fill = self._leaves_found / self._leaves_wanted if self._leaves_wanted else 0.0
        return Figures(
            self.tree.simulations, self._evaluations, self._seconds, fill, self._collisions, self._tree_bytes()
        )

    def _reason(self) -> StopReason | None:
        tree = self.tree
        if tree.num_nodes == 0:  # the root must be evaluated before anything can be said
            return None
        root = tree.facts[ROOT]
        proven = bool(root["lower"] == root["upper"])
        choices = int(np.count_nonzero(tree.edge_pruned[self._root_edges()] == 0))
        progress = Progress(tree.simulations - self._run_start, self._tree_bytes(), proven, choices)
        return first_reason(self._stoppers, progress)

    def _batch_size(self) -> int:
        """Leaves to gather: few while the tree is small, since leaves chosen without each other's values are worse."""
        size = min(self.settings.batch, 1 + self.tree.num_nodes // 16)
        if self._run_budget is not None:
            size = min(size, self._run_budget - (self.tree.simulations - self._run_start))
        return max(1, size)

    def _batch(self, want: int) -> None:
        tree = self.tree
        if tree.num_nodes == 0:
            parent, edge = np.array([-1], np.int32), np.array([-1], np.int32)
            self._leaves_wanted += 1
        else:
            parent, edge = self._gather(want)
        self._leaves_found += len(parent)
        first_node = tree.num_nodes
        event, states = self._visit(parent, edge)
        self._write(event)
        self._keep_states(first_node, states)
        ended = first_node + np.flatnonzero(tree.facts["outcome"][first_node : tree.num_nodes])
        if len(ended):
            self._prove(ended.astype(np.int32))
        if self.settings.prune_out_of_reach and self._run_budget is not None:
            self._prune_out_of_reach(self._run_start + self._run_budget - tree.simulations)

    def _gather(self, want: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        tree, s = self.tree, self.settings
        budget = min(want, 1 + tree.num_nodes // 64) if want > 1 else 0
        parent, edge = (np.empty(want + budget + 1, np.int32) for _ in range(2))
        parameters = np.array([s.c_puct, s.c_puct_base, s.c_puct_factor, s.fpu_reduction])
        columns = (tree.links, tree.stats, tree.facts, tree.edge_prior, tree.edge_child, tree.edge_pruned)
        descents, collisions = gather(*columns, parameters, float(tree.sign), want, budget, parent, edge)
        settle(tree.links, tree.stats, tree.edge_child, parent, edge, descents)
        self._leaves_wanted += want
        self._collisions += collisions
        kept = edge[:descents] >= -1
        return parent[:descents][kept], edge[:descents][kept]

    def _visit(self, parent: NDArray[np.int32], edge: NDArray[np.int32]) -> tuple[Simulations, NDArray[np.void]]:
        """Make the event of a gathered batch, and the states of its new nodes in order."""
        tree = self.tree
        fresh = (edge >= 0) | (parent < 0)
        value, draw = (np.zeros(len(parent), np.float32) for _ in range(2))
        outcome, num_edges = np.zeros(len(parent), np.uint8), np.zeros(len(parent), np.uint16)
        old = parent[~fresh]
        value[~fresh], draw[~fresh] = self._known_values(old)
        states = self._new_states(parent[fresh], edge[fresh])
        expansion = self._rules.expand(states)
        ends = expansion.outcomes.copy()
        if self._rules.repetition_outcome and tree.num_nodes:
            ends[(ends == 0) & (states["repetitions"] >= 2)] = self._rules.repetition_outcome
        worth = np.array([kind.value for kind in self._rules.outcomes], np.float32)
        fresh_value, fresh_draw = worth[ends], (worth[ends] == 0).astype(np.float32)
        bits, actions = np.zeros(0, np.uint16), np.zeros(0, np.uint16)
        open_rows = np.flatnonzero(ends == 0)
        counts = np.zeros(len(states), np.uint16)
        if len(open_rows):
            leaves = self._leaves(parent[fresh], states, expansion, open_rows)
            evaluation = self._evaluator.evaluate(leaves)
            self._evaluations += len(open_rows)
            fresh_value[open_rows] = evaluation.wdl[:, 0] - evaluation.wdl[:, 2]
            fresh_draw[open_rows] = evaluation.wdl[:, 1]
            counts[open_rows] = np.diff(leaves.offsets)
            temperature = self.settings.policy_temperature
            bits, actions = priors_from_logits(evaluation.logits, leaves.actions, leaves.offsets, temperature)
        value[fresh], draw[fresh], outcome[fresh], num_edges[fresh] = fresh_value, fresh_draw, ends, counts
        columns = (pack(parent, "<i4"), pack(edge, "<i4"), pack(value, "<f4"), pack(draw, "<f4"))
        rest = (outcome.tobytes(), pack(num_edges, "<u2"), pack(actions, "<u2"), pack(bits, "<u2"))
        return Simulations(*columns, *rest), states

    def _known_values(self, nodes: NDArray[np.int32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Value and draw chance backed up by a revisit: proven where it is, otherwise intuition's again."""
        facts = self.tree.facts[nodes]
        proven = facts["lower"] == facts["upper"]
        value = np.where(proven, facts["lower"].astype(np.float32), facts["raw_value"])
        draw = np.where(proven, (facts["lower"] == 0).astype(np.float32), facts["raw_draw"])
        return value, draw

    def _new_states(self, parent: NDArray[np.int32], edge: NDArray[np.int32]) -> NDArray[np.void]:
        if self.tree.num_nodes == 0:
            return self._root_state.copy()
        states = self._rules.step(self._states[parent], self.tree.edge_action[edge])
        if self._rules.repetition_outcome and len(states):
            repetitions = np.zeros(len(states), np.uint8)
            lines = (self.tree.links, self._states["key"], self._before["key"])
            count_repetitions(*lines, parent, states["key"], states["reversible"], repetitions)
            states["repetitions"] = repetitions
        return states

    def _leaves(
        self,
        parent: NDArray[np.int32],
        states: NDArray[np.void],
        expansion: Expansion,
        rows: NDArray[np.intp],
    ) -> Leaves:
        """What the evaluator is asked about the `rows` of a batch that are in play."""
        offsets, actions = expansion.offsets, expansion.actions
        if len(rows) < len(states):
            counts = np.diff(offsets)
            kept = np.zeros(len(states), np.bool_)
            kept[rows] = True
            actions = actions[np.repeat(kept, counts)]
            offsets = np.concatenate(([0], np.cumsum(counts[rows]))).astype(np.int32)
        features = None
        if self._evaluator.fmt is not None:
            lineages, lengths = self._lineages(parent[rows], states[rows])
            features = self._rules.encode(lineages, lengths, self._evaluator.fmt)
        return Leaves(states[rows], features, offsets, actions)

    def _lineages(
        self, parent: NDArray[np.int32], states: NDArray[np.void]
    ) -> tuple[NDArray[np.void], NDArray[np.int32]]:
        """Each new state with the states before it, newest first, as many as the evaluator's format reads."""
        history = self._rules.formats[str(self._evaluator.fmt)].history
        lineages = np.zeros((len(states), history), states.dtype)
        lineages[:, 0] = states
        lengths = np.ones(len(states), np.int32)
        node, before = parent.copy(), np.zeros(len(states), np.int32)
        for back in range(1, history):
            in_tree = node >= 0
            in_line = ~in_tree & (before < len(self._before))
            lineages[in_tree, back] = self._states[node[in_tree]]
            lineages[in_line, back] = self._before[before[in_line]]
            lengths += in_tree | in_line
            before += in_line
            node[in_tree] = self.tree.links["parent"][node[in_tree]]
        return lineages, lengths

    def _keep_states(self, first: int, states: NDArray[np.void]) -> None:
        if len(self._states) < self.tree.num_nodes:
            grown = np.zeros(len(self.tree.links), self._states.dtype)
            grown[:first] = self._states[:first]
            self._states = grown
        self._states[first : self.tree.num_nodes] = states

    def _prove(self, ended: NDArray[np.int32]) -> None:
        proofs = carry_up(self.tree, ended)
        at = self.tree.simulations
        if len(proofs.nodes):
            self._write(Bounds(at, pack(proofs.nodes, "<i4"), proofs.lower.tobytes(), proofs.upper.tobytes()))
        if len(proofs.edges):
            self._prune(proofs.edges, PruneReason.PROVEN, np.full(len(proofs.edges), -1.0))

    def _prune_out_of_reach(self, left: int) -> None:
        """Cut root actions that `left` more visits cannot make the most visited one."""
        run = self._root_edges()
        child = self.tree.edge_child[run]
        visits = np.where(child >= 0, self.tree.stats["visits"][child], 0)
        alive = self.tree.edge_pruned[run] == 0
        if not alive.any():  # the one that was ahead turned out to lose: those behind it are worth a look again
            self._restore_out_of_reach()
            return
        lacking = visits[alive].max() - visits
        hopeless = np.flatnonzero(alive & (lacking > left))
        if len(hopeless):
            self._prune(run.start + hopeless, PruneReason.OUT_OF_REACH, lacking[hopeless])

    def _restore_out_of_reach(self) -> None:
        root = self._root_edges()
        given_up = root.start + np.flatnonzero(self.tree.edge_pruned[root] == PruneReason.OUT_OF_REACH)
        if len(given_up):
            self._write(Restore(self.tree.simulations, pack(given_up, "<i4")))

    # -- steering ---------------------------------------------------------------------------------------------------

    def cut(self, path: tuple[int, ...]) -> None:
        """Prune the branch at `path` by hand.

        Raises:
            BranchError: the tree has no such branch.
        """
        edge = self.tree.find_edge(path)
        child = int(self.tree.edge_child[edge])
        had = float(self.tree.stats["visits"][child]) if child >= 0 else 0.0
        self._prune(np.array([edge]), PruneReason.BY_HAND, np.array([had]))

    def restore(self, path: tuple[int, ...]) -> None:
        """Bring the branch at `path` back, whatever it was pruned for.

        Raises:
            BranchError: the tree has no such branch.
        """
        self._write(Restore(self.tree.simulations, pack(np.array([self.tree.find_edge(path)]), "<i4")))

    def play(self, path: tuple[int, ...]) -> None:
        """Make the state after `path` the root; its subtree is kept, and a run goes on with what is left of its limits.

        Raises:
            ActionError: an action of the path is not legal where it stands; nothing is changed.
        """
        states, node = self._walk(path)
        self._before = np.concatenate((states[-2::-1], self._before))
        self._root_state = states[-1:].copy()
        mapping = self._write(Reroot(self.tree.simulations, path, node))
        if mapping is not None:
            kept = np.flatnonzero(mapping >= 0)
            self._states[: len(kept)] = self._states[kept]

    def switch(self, evaluator: Evaluator, settings: SearchSettings, generation_id: str) -> None:
        """Go on with another intuition or other settings; what was evaluated stays as it was.

        Raises:
            ValueError: an unknown method.
        """
        if settings.method not in METHODS:
            raise ValueError(f"method {settings.method!r} is not known; known are {', '.join(METHODS)}")
        self._evaluator, self.settings = evaluator, settings
        changed = msgspec.to_builtins(settings)
        self._write(Switch(self.tree.simulations, generation_id, evaluator.weights_hash, changed))

    def _walk(self, path: tuple[int, ...]) -> tuple[NDArray[np.void], int]:
        """States from the root along `path`, and the node at its end or -1."""
        states = [self._root_state[0]]
        node = ROOT if self.tree.num_nodes else NO_NODE
        for action in path:
            row = np.array([states[-1]], self._rules.state_dtype)
            if action not in self._rules.expand(row).actions:
                raise ActionError(f"action {action} is not legal after {path[: len(states) - 1]}")
            states.append(self._rules.step(row, np.array([action], np.uint16))[0])
            edge = self.tree.edge_of(node, action) if node >= 0 else -1
            node = int(self.tree.edge_child[edge]) if edge >= 0 else NO_NODE
        return np.array(states, self._rules.state_dtype), node

    # -- journal ----------------------------------------------------------------------------------------------------

    def _prune(self, edges: NDArray[np.integer], reason: PruneReason, evidence: NDArray[np.generic]) -> None:
        reasons = bytes([reason]) * len(edges)
        self._write(Prune(self.tree.simulations, pack(edges, "<i4"), reasons, pack(evidence, "<f4")))

    def _write(self, event: Event) -> NDArray[np.int32] | None:
        """Write an event to the journal and fold it into the tree."""
        self._sink(encode(event))
        return apply(self.tree, event)

    def _root_edges(self) -> slice:
        return self.tree.edge_run(ROOT) if self.tree.num_nodes else slice(0, 0)

    def _tree_bytes(self) -> int:
        return self.tree.nbytes() + self.tree.num_nodes * self._states.dtype.itemsize
