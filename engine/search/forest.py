"""Many searches in lockstep: each root gets one simulation a round, and the intuition sees all their leaves at once.

For self-play, labelling and matches, where hundreds of positions wait and none is watched: there is no journal.
All trees stand in one table, their roots first, and the same kernels work on it as on a single tree; every tree
comes out as a `Search` with a batch of 1 would have grown it. With a network the roots go in two halves, so that one
half is gathered while the other is evaluated.

Shape letters: `G` roots, `A` actions of a root.
"""

import contextlib
import itertools
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.compiled import kernel
from engine.domains.base import NO_ACTION, Line, Rules
from engine.search.breaks import without_breaks
from engine.search.cache import CachingEvaluator
from engine.search.duplicates import Duplicates
from engine.search.evaluator import Evaluation, Evaluator
from engine.search.expansion import Batch, StateTable, outcome_columns
from engine.search.halving import draw_noise, final_cuts, next_edge, plan_root
from engine.search.leaves import mix_noise
from engine.search.methods.gumbel import considered_at
from engine.search.oracle import NoOracle, Oracle
from engine.search.rollouts import RolloutEvaluator
from engine.search.select import descend, hold, settle
from engine.search.settings import SearchSettings
from engine.search.solver import carry_up
from engine.tree.choice import best_edge_at
from engine.tree.columns import SearchTree
from engine.tree.events import PruneReason
from engine.tree.fold import grow
from engine.tree.selection import fill_terms, selection_parameters

METHODS = ("puct", "gumbel", "uct", "intuition")
"""Methods that deal out one simulation at a time, and therefore run in lockstep."""


@dataclass(frozen=True, slots=True, eq=False)
class RootResult:
    """What the search of one root found, from the player to move there.

    Attributes:
        actions, visits: int32 [A]; empty where play had ended. prior: float32 [A].
        q: float64 [A], NaN where unvisited. policy: float64 [A], the improved policy.
        best_action: the action to play, -1 where play had ended.
        value: after search, in [-1, 1]; the proven one where there is one. raw_value, raw_draw: intuition's.
        simulations: done; fewer than asked for where the value was proven.
        outcome: how play stands at the root, 0 = in play.
    """

    actions: NDArray[np.int32]
    prior: NDArray[np.float32]
    visits: NDArray[np.int32]
    q: NDArray[np.float64]
    policy: NDArray[np.float64]
    best_action: int
    value: float
    raw_value: float
    raw_draw: float
    simulations: int
    outcome: int


class Forest:
    """Searches many roots at once, all with the same settings.

    Attributes:
        evaluations: leaves the intuition was asked about so far.
        playouts: what stands in for intuition where the method has none; else None.
    """

    def __init__(
        self, rules: Rules, evaluator: Evaluator, settings: SearchSettings, oracle: Oracle | None = None
    ) -> None:
        """Prepare.

        Args:
            settings: `batch`, `memory_bytes` and `prune_out_of_reach` are of no account here.

        Raises:
            ValueError: the method cannot run in lockstep.
        """
        if settings.method not in METHODS:
            raise ValueError(f"method {settings.method!r} does not run in lockstep; {', '.join(METHODS)} do")
        self.playouts = RolloutEvaluator(rules, settings.seed) if settings.method == "uct" else None
        if self.playouts is not None:
            evaluator = self.playouts
        if evaluator.fmt is not None and settings.cache_positions > 1:
            evaluator = CachingEvaluator(evaluator, settings.cache_positions)
        self.evaluations = 0
        self._rules, self._evaluator, self._settings = rules, evaluator, settings
        self._oracle = oracle or NoOracle()
        is_slow = settings.overlap and evaluator.fmt is not None
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="evaluator") if is_slow else None

    def run(self, lines: Sequence[Line], simulations: int, seeds: Sequence[int] | None = None) -> list[RootResult]:
        """Search from the end of each of `lines`.

        Args:
            simulations: for each root, its own evaluation included.
            seeds: of each root's noise; None = the settings' seed for all.
        """
        return self.run_states([self._rules.load(line) for line in lines], simulations, seeds)

    def run_states(
        self, histories: list[NDArray[np.void]], simulations: int, seeds: Sequence[int] | None = None
    ) -> list[RootResult]:
        """Like `run`, from the states along each line: the start first, the root last."""
        return without_breaks(self.run_with_breaks(histories, simulations, seeds))

    def run_with_breaks(
        self, histories: list[NDArray[np.void]], simulations: int, seeds: Sequence[int] | None = None
    ) -> Generator[None, None, list[RootResult]]:
        """Like `run_states`, with a break after each round; the search that is left in one is lost."""
        if not histories:
            return []
        if self._settings.method == "intuition":
            simulations = 1
        table = StateTable(self._rules, histories, self._oracle, look_for_wins=self._settings.look_for_wins)
        seeds = [self._settings.seed] * len(histories) if seeds is None else seeds
        plies = [len(history) - 1 for history in histories]
        grove = _Grove(self, table, simulations, list(zip(seeds, plies, strict=True)))
        grove.plant()
        yield from grove.grow_all()
        return grove.results()

    def ask(self, batch: Batch, seeds: NDArray[np.uint64] | None = None) -> Callable[[], Evaluation | None]:
        """Ask the intuition about a batch; the answer comes when it is called for.

        Args:
            seeds: of the games that are played out, where they stand in for intuition.
        """
        if batch.leaves is None:
            return lambda: None
        leaves = batch.leaves
        self.evaluations += len(leaves.states)
        if self.playouts is not None and seeds is not None:
            evaluation = self.playouts.evaluate_from(leaves, seeds)
            return lambda: evaluation
        if self._worker is None:
            return lambda: self._evaluator.evaluate(leaves)
        answer: Future[Evaluation] = self._worker.submit(self._evaluator.evaluate, leaves)
        return answer.result

    @property
    def rules(self) -> Rules:
        """Of the domain."""
        return self._rules

    @property
    def settings(self) -> SearchSettings:
        """Of every tree."""
        return self._settings

    @property
    def fmt(self) -> str | None:
        """Input format of the intuition."""
        return self._evaluator.fmt

    @property
    def overlaps(self) -> bool:
        """Whether a batch is evaluated while the next is gathered."""
        return self._worker is not None


class _Grove:
    """The trees of one call: a table whose first `G` nodes are the roots."""

    def __init__(self, forest: Forest, table: StateTable, simulations: int, seeds: list[tuple[int, int]]) -> None:
        self._forest, self._table, self._simulations, self._seeds = forest, table, simulations, seeds
        self._settings = forest.settings
        self._tree = SearchTree(Line(""), forest.rules.num_players)
        self._parameters = selection_parameters(msgspec.to_builtins(self._settings))
        self._scratch = np.empty((2, forest.rules.max_legal))
        self._duplicates = Duplicates(forest.rules, table) if self._settings.prune_duplicates else None
        count = len(seeds)
        self._root_of = np.arange(count * (1 + simulations), dtype=np.int32)  # of every node
        self._forced = np.full((count, 2), -1, np.int32)  # node and edge that win at once, to be visited next
        self._done = np.zeros(count, np.int64)
        self._plans = np.zeros((count, 3), np.int64)
        self._noise = np.zeros(0)
        self._base = np.zeros(0, np.int32)
        # Each root has chance of its own, so that what is found there does not depend on its neighbours.
        self._chance = [np.random.PCG64(seed) for seed, _ in seeds] if forest.playouts is not None else []

    def plant(self) -> None:
        """Evaluate the roots."""
        nothing = np.full(len(self._seeds), -1, np.int32)
        batch = self._table.prepare(self._tree, nothing, nothing, self._forest.fmt)
        evaluation = self._ask(batch)()
        if evaluation is not None and self._settings.root_noise > 0.0:
            evaluation = self._with_noise(batch, evaluation)
        self._land(batch, evaluation)
        if self._settings.method == "gumbel":
            self._plan()

    def grow_all(self) -> Generator[None, None, None]:
        """Round after round until every root has had its simulations or is proven; a break after each."""
        count = len(self._seeds)
        halves = [(0, count // 2), (count // 2, count)] if self._forest.overlaps and count > 1 else [(0, count)]
        flights: deque[tuple[Batch, Callable[[], Evaluation | None]]] = deque()
        idle = 0
        try:
            while flights or idle < len(halves):
                batch = self._gather(*halves[0])
                halves = halves[1:] + halves[:1]
                idle = 0 if batch is not None else idle + 1
                if batch is not None:
                    flights.append((batch, self._ask(batch)))
                if flights and (batch is None or len(flights) >= len(halves)):
                    landing, answer = flights.popleft()
                    self._land(landing, answer())
                    yield
        finally:  # left in a break: the intuition must be free before somebody else asks it
            for _, answer in flights:
                with contextlib.suppress(Exception):
                    answer()

    def _ask(self, batch: Batch) -> Callable[[], Evaluation | None]:
        if not self._chance:
            return self._forest.ask(batch)
        parents = batch.parent[batch.fresh][batch.open_rows]
        roots = np.where(parents < 0, batch.open_rows, self._root_of[parents])
        seeds = np.array([self._chance[root].random_raw() for root in roots.tolist()], np.uint64)
        return self._forest.ask(batch, seeds)

    def results(self) -> list[RootResult]:
        """What was found at each root."""
        tree, count = self._tree, len(self._seeds)
        edges = int(tree.links["first_edge"][count - 1]) + int(tree.links["num_edges"][count - 1])
        visits, best = np.empty(edges, np.int32), np.empty(count, np.int32)
        q, policy = np.empty(edges), np.empty(edges)
        columns = (tree.links, tree.stats, tree.facts, tree.edge_prior, tree.edge_child, tree.edge_pruned)
        shared = (self._parameters, self._scratch, float(tree.sign), self._noise, self._base)
        _read_roots(*columns, *shared, visits, q, policy, best)
        actions = tree.edge_action[:edges].astype(np.int32)
        prior = tree.edge_prior[:edges].view(np.float16).astype(np.float32)
        stats = tree.stats[:count]
        proven = stats["lower"] == stats["upper"]
        value = np.where(proven, stats["lower"], stats["value_sum"] / stats["visits"])
        chosen = np.where(best >= 0, tree.edge_action[best], -1)
        facts = (tree.facts["raw_value"][:count], tree.facts["raw_draw"][:count], self._done, tree.facts["outcome"])
        numbers = [column[:count].tolist() for column in (chosen, value, *facts)]
        starts = (*tree.links["first_edge"][:count].tolist(), edges)
        return [
            RootResult(actions[a:b], prior[a:b], visits[a:b], q[a:b], policy[a:b], *own)
            for (a, b), own in zip(itertools.pairwise(starts), zip(*numbers, strict=True), strict=True)
        ]

    def _gather(self, low: int, high: int) -> Batch | None:
        """One simulation for each of the roots `low` to `high` that is not done; None where all are."""
        tree = self._tree
        parent, edge = (np.empty(high - low, np.int32) for _ in range(2))
        columns = (tree.links, tree.stats, tree.facts, tree.edge_prior, tree.edge_child, tree.edge_pruned)
        shared = (self._parameters, self._scratch, float(tree.sign))
        state = (self._simulations, self._done, self._forced, self._plans, self._noise, self._base)
        count = _gather_round(*columns, *shared, low, high, *state, parent, edge)
        if not count:
            return None
        return self._table.prepare(tree, parent[:count], edge[:count], self._forest.fmt)

    def _land(self, batch: Batch, evaluation: Evaluation | None) -> None:
        tree, first = self._tree, self._tree.num_nodes
        columns = outcome_columns(batch, evaluation, self._settings.policy_temperature)
        settle(tree.links, tree.stats, tree.edge_child, batch.parent, batch.edge, np.int32(-1))
        added = (columns.parent, columns.edge, columns.value, columns.draw, columns.outcome, columns.num_edges)
        grow(tree, *added, columns.action, columns.prior)
        self._table.keep(first, batch.states)
        if first:
            self._root_of[first : tree.num_nodes] = self._root_of[batch.parent[batch.fresh]]
        telling = (first + np.flatnonzero(batch.outcome)).astype(np.int32)
        if self._duplicates is not None:
            edges, _ = self._duplicates.find(tree, first, self._root_of)
            tree.edge_pruned[edges] = PruneReason.DUPLICATE
            telling = np.concatenate((telling, tree.edge_child[edges]))
        if len(telling):
            proofs = carry_up(tree, telling)
            if tree.num_players == 1:
                tree.edge_pruned[proofs.edges] = PruneReason.REJECTED
        for row in np.flatnonzero(batch.win != NO_ACTION):
            node = first + int(row)
            self._forced[self._root_of[node]] = node, tree.edge_of(node, int(batch.win[row]))
        if not first:
            self._done[:] = 1

    def _plan(self) -> None:
        """Draw every root's noise and choose the actions that take part."""
        tree, settings = self._tree, self._settings
        self._noise, self._base = np.empty(tree.num_edges), np.zeros(tree.num_edges, np.int32)
        seeds = np.array([(seed % 2**64, ply) for seed, ply in self._seeds], np.uint64).reshape(-1, 2)
        left = self._simulations - 1
        numbers = (settings.gumbel_scale, considered_at(settings, left), left)
        edges = (tree.links, tree.edge_prior, tree.edge_pruned)
        _plan_roots(*edges, self._scratch, seeds, *numbers, self._plans, self._noise)

    def _with_noise(self, batch: Batch, evaluation: Evaluation) -> Evaluation:
        """Dirichlet noise in the priors of every root."""
        assert batch.leaves is not None
        offsets = batch.leaves.offsets
        logits = evaluation.logits.copy()
        for row, root in enumerate(batch.open_rows):
            seed, ply = self._seeds[int(root)]
            run = slice(int(offsets[row]), int(offsets[row + 1]))
            settings = msgspec.structs.replace(self._settings, seed=seed)
            logits[run] = mix_noise(Evaluation(logits[run], evaluation.wdl[row : row + 1]), settings, ply).logits
        return Evaluation(logits, evaluation.wdl)


@kernel
def _plan_roots(links, edge_prior, edge_pruned, scratch, seeds, scale, considered, budget, plans, noise):
    """Plan every root; `seeds`: uint64 [G, 2], seed and ply."""
    cuts, evidence = np.empty(scratch.shape[1], np.int32), np.empty(scratch.shape[1], np.float64)
    for root in range(len(plans)):
        first = links[root].first_edge
        own = noise[first : first + np.int32(links[root].num_edges)]
        draw_noise(own, scale, seeds[root, 0], seeds[root, 1])
        plan = plans[root]
        plan_root(
            links, edge_prior, edge_pruned, scratch, np.int32(root), considered, budget, plan, own, cuts, evidence
        )


@kernel
def _read_roots(
    links,
    stats,
    facts,
    edge_prior,
    edge_child,
    edge_pruned,
    parameters,
    scratch,
    sign,
    noise,
    base,
    visits,
    q,
    policy,
    best,
):
    """Fill what was found at the edges of all roots, and the edge to play at each (-1 = none)."""
    cuts, evidence = np.empty(scratch.shape[1], np.int32), np.empty(scratch.shape[1], np.float64)
    u = np.empty(scratch.shape[1], np.float64)
    for root in range(len(best)):
        first, count = links[root].first_edge, np.int32(links[root].num_edges)
        end, node = first + count, np.int32(root)
        best[root] = -1
        if count == 0:
            continue
        if parameters[0] == 2.0:
            final_cuts(
                links,
                stats,
                facts,
                edge_prior,
                edge_child,
                edge_pruned,
                parameters,
                scratch,
                sign,
                node,
                noise[first:end],
                base[first:end],
                cuts,
                evidence,
            )
        best[root] = best_edge_at(links, stats, facts, edge_prior, edge_child, edge_pruned, np.int64(sign), node)
        fill_terms(
            links, stats, facts, edge_prior, edge_child, node, sign, parameters, q[first:end], u, policy[first:end]
        )
        for e in range(first, end):
            child = edge_child[e]
            visits[e] = 0 if child < 0 else stats[child].visits


@kernel
def _gather_round(
    links,
    stats,
    facts,
    edge_prior,
    edge_child,
    edge_pruned,
    parameters,
    scratch,
    sign,
    low,
    high,
    simulations,
    done,
    forced,
    plans,
    noise,
    base,
    parent,
    edge,
):
    """One descent from each root that is open; returns their number. Leaves stay in flight until `settle`."""
    count = 0
    cuts = np.empty(scratch.shape[1], np.int32)
    evidence = np.empty(scratch.shape[1], np.float64)
    for root in range(low, high):
        if done[root] >= simulations or stats[root].lower == stats[root].upper or links[root].num_edges == 0:
            continue
        node, chosen = forced[root, 0], forced[root, 1]
        forced[root, 0] = np.int32(-1)
        if node >= 0 and edge_child[chosen] < 0:
            parent[count], edge[count] = node, chosen
            hold(links, stats, edge_child, parent[count : count + 1], edge[count : count + 1], np.int32(root))
        else:
            first = np.int32(-1)
            if parameters[0] == 2.0:
                run = links[root].first_edge
                end = run + np.int32(links[root].num_edges)
                first, _ = next_edge(
                    links,
                    stats,
                    facts,
                    edge_prior,
                    edge_child,
                    edge_pruned,
                    parameters,
                    scratch,
                    sign,
                    np.int32(root),
                    plans[root],
                    noise[run:end],
                    base[run:end],
                    cuts,
                    evidence,
                )
                if first < 0:
                    continue
            node, chosen = descend(
                links,
                stats,
                facts,
                edge_prior,
                edge_child,
                edge_pruned,
                parameters,
                scratch,
                sign,
                np.int32(root),
                first,
            )
        parent[count], edge[count] = node, chosen
        done[root] += 1
        count += 1
    return count
