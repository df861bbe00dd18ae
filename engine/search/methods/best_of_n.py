"""Best-of-N sampling: draw from intuition, keep what the value or the verifier likes best; no tree is thought through.

For a game of two, a sample is one action, drawn with its prior and judged by the value of the state after it. For one
player, a sample is a whole solution, drawn step by step to the end and judged by the verifier there ("Training
verifiers to solve math word problems", Cobbe et al. 2021). Drawing the same again costs a simulation and finds nothing.
"""

import numpy as np

from engine.search.methods.best_line import losers
from engine.search.methods.method import Gathered, prune_of
from engine.search.select import REVISIT, hold
from engine.search.settings import SearchSettings
from engine.tree.columns import NO_NODE, PENDING, ROOT, SearchTree
from engine.tree.events import Prune, PruneReason


class BestOfN:
    """The method "best-of-n"; N is the run's budget."""

    def __init__(self, settings: SearchSettings) -> None:
        self._random = np.random.default_rng(settings.seed)
        self._path: list[int] = []
        self._is_new = False  # the last step of the sample was a first visit

    def begin(self, tree: SearchTree, budget: int | None) -> None:
        """Any budget will do; sampling begins at the root."""
        del tree, budget
        self._path = []

    def gather(self, tree: SearchTree, want: int) -> Gathered:
        """For two players up to `want` samples; for one player the next step of the sample in hand."""
        if tree.num_players == 1:
            return self._next_step(tree)
        parent, edge = np.full(want, ROOT, np.int32), np.full(want, REVISIT, np.int32)
        drawn: set[int] = set()
        for i in range(want):
            choice = self._draw(tree, ROOT)
            if choice < 0:
                return Gathered(parent[:i], edge[:i])
            if tree.edge_child[choice] >= 0:
                parent[i] = tree.edge_child[choice]
            elif choice in drawn or tree.edge_child[choice] == PENDING:  # counted when its first visit has landed
                parent, edge = parent[:i], edge[:i]
                break
            else:
                edge[i] = choice
                drawn.add(choice)
        return _in_flight(tree, parent, edge)

    def landed(self, tree: SearchTree, left: int | None) -> tuple[Prune, ...]:
        """Nothing is given up before all samples are in."""
        del tree, left
        return ()

    def finish(self, tree: SearchTree) -> tuple[Prune, ...]:
        """All but the best sample, by its value."""
        edges, values = losers(tree)
        return prune_of(tree, edges, PruneReason.ELIMINATED, values)

    def _next_step(self, tree: SearchTree) -> Gathered:
        """The next state of the sample in hand; the next sample begins where that one has come to its end."""
        node = self._last(tree)
        if node == PENDING:
            return Gathered(np.zeros(0, np.int32), np.zeros(0, np.int32))
        while True:
            choice = self._draw(tree, node)
            if choice >= 0:
                self._path.append(int(tree.edge_action[choice]))
                self._is_new = tree.edge_child[choice] < 0
                if self._is_new:
                    return _in_flight(tree, np.array([node], np.int32), np.array([choice], np.int32))
                node = int(tree.edge_child[choice])
                continue
            if not self._path:
                return Gathered(np.zeros(0, np.int32), np.zeros(0, np.int32))
            self._path = []
            if not self._is_new:  # drawn before, to the end: that counts, or samples would be drawn for ever
                return _in_flight(tree, np.array([node], np.int32), np.array([REVISIT], np.int32))
            node, self._is_new = ROOT, False

    def _last(self, tree: SearchTree) -> int:
        """Where the sample in hand stands; the root, and a new sample, where its way was given up."""
        node = ROOT
        for action in self._path:
            node = int(tree.edge_child[tree.edge_of(node, action)])
            if node == NO_NODE:
                self._path = []
                return ROOT
            if node == PENDING:
                break
        return node

    def _draw(self, tree: SearchTree, node: int) -> int:
        """An open edge of `node`, drawn by its prior; -1 where there is none."""
        run = tree.edge_run(node)
        weight = tree.edge_prior[run].view(np.float16).astype(np.float64)
        weight[tree.edge_pruned[run] != 0] = 0.0
        total = weight.sum()
        if total <= 0.0:
            return -1
        drawn = int(self._random.choice(len(weight), p=weight / total))
        return int(run.start) + drawn


def _in_flight(tree: SearchTree, parent: np.ndarray, edge: np.ndarray) -> Gathered:
    hold(tree.links, tree.stats, tree.edge_child, parent, edge, np.int32(ROOT))
    return Gathered(parent, edge)
