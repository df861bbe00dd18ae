"""Synthetic search trees: a made-up game searched by a plain PUCT loop, for pictures, tests and benchmarks.

Every state hides a true value. Each of its 18 to 41 actions loses a hidden amount of it; intuition sees that loss
through noise, so it likes some actions that search refutes and overlooks some that search finds. Now and then play
ends. The
trees have what real ones have: power-law priors, a main line of ten to thirty plies, half of all nodes leaves, pruned
branches with each reason. No rules of a real game are needed, and one million nodes take a few seconds.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.compiled import kernel
from engine.domains.base import Line
from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import PruneReason
from engine.tree.puct import exploration, prior_of_bits

_MOST_EDGES = 41
_TYPICAL_LOSS, _NOISE, _SHARPNESS = 0.45, 0.3, 9.0
_TRAPS = 0.04
"""Share of actions that intuition takes for good and search will refute."""
_FORCED = 0.12
"""Share of states with one to four actions, as after a check."""
_PARAMETERS = np.array([1.745, 38739.0, 3.894, 0.33])
"""Lc0's exploration constants and first-play urgency, c_puct, base, factor and reduction."""


@dataclass(slots=True, eq=False)
class SyntheticSearch:
    """A growing synthetic tree and the hidden facts of its made-up game.

    Attributes:
        tree: the tree; its columns are those of any search.
        truth: float32 [N], the hidden value of each node's state, from the player to move there.
        loss: float32 [E], how much of that value each action gives away.
        generator: uint64 [1], state of the random generator (splitmix64).
    """

    tree: SearchTree
    truth: NDArray[np.float32]
    loss: NDArray[np.float32]
    generator: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(1, np.uint64))

    def reserve(self, simulations: int) -> None:
        """Make room for that many more simulations, so that growing does not stop to copy columns."""
        self.tree.reserve(simulations, simulations * _MOST_EDGES)
        self.truth = _widened(self.truth, len(self.tree.links))
        self.loss = _widened(self.loss, len(self.tree.edge_child))

    def grow(self, simulations: int) -> None:
        """Run that many more simulations."""
        tree = self.tree
        self.reserve(simulations)
        counts = np.array([tree.num_nodes, tree.num_edges, tree.simulations], np.int64)
        columns = (tree.links, tree.stats, tree.facts, tree.edge_action, tree.edge_prior, tree.edge_child)
        hidden = (tree.edge_pruned, self.truth, self.loss, self.generator)
        _grow(*columns, *hidden, _PARAMETERS, float(tree.sign), counts, simulations)
        tree.num_nodes, tree.num_edges, tree.simulations = (int(count) for count in counts)

    def cut(self, edge: int, reason: PruneReason) -> None:
        """Prune a branch."""
        self.tree.edge_pruned[edge] = reason


def synthetic_search(simulations: int, *, seed: int = 1, num_players: int = 2, cuts: bool = True) -> SyntheticSearch:
    """A synthetic search of that many simulations.

    Args:
        simulations: at least 1.
        seed: equal seeds give equal trees.
        num_players: 2 = values change sign from a node to its child.
        cuts: prune a few root branches half-way: one by hand, the weakest as out of reach.

    Raises:
        ValueError: `simulations` is less than 1.
    """
    if simulations < 1:
        raise ValueError(f"a search has at least 1 simulation, not {simulations}")
    search = SyntheticSearch(
        SearchTree(Line("synthetic"), num_players), np.zeros(1, np.float32), np.zeros(1, np.float32)
    )
    search.generator[0] = seed
    search.grow(max(1, simulations // 2))
    if cuts and simulations >= 60:
        _cut_some(search)
    search.grow(simulations - search.tree.simulations)
    return search


def synthetic_labels(tree: SearchTree) -> Callable[[int], str]:
    """Texts that look like moves of a game, fixed by each node's action."""

    def label(node: int) -> str:
        edge = int(tree.links["parent_edge"][node])
        if edge < 0:
            return ""
        bits = (int(tree.edge_action[edge]) * 0x9E3779B1 + int(tree.links["parent"][node]) * 31) & 0xFFFFFFFF
        piece = "    NNBBRRQK"[bits % 12].strip()
        takes = "x" if bits >> 4 & 7 == 0 else ""
        if takes and not piece:
            piece = "abcdefgh"[bits >> 8 & 7]
        return f"{piece}{takes}{'abcdefgh'[bits >> 12 & 7]}{bits >> 16 & 7 or 1}{'+' if bits >> 20 & 15 == 0 else ''}"

    return label


def _cut_some(search: SyntheticSearch) -> None:
    """Prune the third most visited root action by hand, and the least visited half as out of reach."""
    tree = search.tree
    run = tree.edge_run(ROOT)
    children = tree.edge_child[run]
    visits = np.where(children >= 0, tree.stats["visits"][children], 0)
    order = np.argsort(-visits, kind="stable")
    search.cut(run.start + int(order[2]), PruneReason.BY_HAND)
    for k in order[len(order) // 2 :]:
        search.cut(run.start + int(k), PruneReason.OUT_OF_REACH)


def _widened(column: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    if len(column) >= size:
        return column
    wide = np.zeros(size, np.float32)
    wide[: len(column)] = column
    return wide


@kernel
def _uniform(generator):
    """A random number in (0, 1): splitmix64 (Steele, Lea and Flood 2014)."""
    generator[0] += np.uint64(0x9E3779B97F4A7C15)
    z = generator[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return (np.float64(z >> np.uint64(11)) + 0.5) * (1.0 / 9007199254740992.0)


@kernel
def _open_edges(edge_action, edge_prior, edge_child, edge_pruned, loss, generator, first, count):
    """Give a new node `count` edges: hidden losses, and priors that see them through noise, sorted by falling prior."""
    weights = np.empty(count)
    total = 0.0
    for k in range(count):
        lost = -_TYPICAL_LOSS * np.log(_uniform(generator))
        seen = lost + _NOISE * (_uniform(generator) + _uniform(generator) + _uniform(generator) - 1.5)
        if _uniform(generator) < _TRAPS:
            lost, seen = lost + 0.25, 0.5 * _TYPICAL_LOSS * _uniform(generator)
        weight = np.exp(-_SHARPNESS * seen)
        total += weight
        j = k
        while j > 0 and weights[j - 1] < weight:  # insertion keeps the falling order
            weights[j] = weights[j - 1]
            loss[first + j] = loss[first + j - 1]
            j -= 1
        weights[j] = weight
        loss[first + j] = lost
    best = loss[first]
    for k in range(count):
        best = min(best, loss[first + k])
    for k in range(count):
        loss[first + k] -= best  # the best action loses nothing
        edge_action[first + k] = np.uint16(_uniform(generator) * 1858.0)
        edge_prior[first + k] = _half_bits(weights[k] / total)
        edge_child[first + k] = -1
        edge_pruned[first + k] = 0


@kernel
def _half_bits(value):
    """Bits of the float16 next below a number in (0, 1]; what is too small for its normal range becomes 0."""
    exponent = 15
    while value < 1.0 and exponent > 0:
        value *= 2.0
        exponent -= 1
    return np.uint16(0 if exponent == 0 else exponent * 1024 + int((value - 1.0) * 1024.0))


@kernel
def _grow(
    links, stats, facts, edge_action, edge_prior, edge_child, edge_pruned, truth, loss, generator, parameters, sign,
    counts, simulations,
):  # fmt: skip
    """Sequential PUCT simulations: select, append, back up."""
    for _ in range(simulations):
        node, edge = np.int64(-1), np.int64(-1)
        if counts[0] > 0:
            node = 0
            while links[node].num_edges > 0:
                edge = _choose(links, stats, edge_prior, edge_child, edge_pruned, parameters, sign, node)
                if edge < 0 or edge_child[edge] < 0:
                    break
                node = np.int64(edge_child[edge])
                edge = -1
        if edge >= 0 or counts[0] == 0:
            node = _append(links, stats, facts, truth, loss, generator, sign, counts, node, edge)
            if edge >= 0:
                edge_child[edge] = np.int32(node)
            if facts[node].outcome == 0:
                forced = counts[0] > 1 and _uniform(generator) < _FORCED
                count = np.int64(1.0 + 4.0 * _uniform(generator) if forced else 18.0 + 24.0 * _uniform(generator))
                first = counts[1]
                links[node].num_edges = np.uint16(count)
                _open_edges(edge_action, edge_prior, edge_child, edge_pruned, loss, generator, first, count)
                counts[1] += count
        counts[2] += 1
        value = np.float64(facts[node].raw_value)
        while node >= 0:
            stats[node].visits += 1
            stats[node].value_sum += value
            stats[node].draw_sum += 0.5
            value *= sign
            node = np.int64(links[node].parent)


@kernel
def _append(links, stats, facts, truth, loss, generator, sign, counts, parent, edge):
    """A new node behind `edge` of `parent` (or the root); returns it."""
    node = counts[0]
    counts[0] += 1
    links[node].parent, links[node].parent_edge = np.int32(parent), np.int32(edge)
    links[node].first_edge = np.int32(counts[1])
    links[node].num_edges = links[node].visited_edges = np.uint16(0)
    worth = 0.06
    facts[node].depth = 0
    if parent >= 0:
        worth = sign * (np.float64(truth[parent]) - np.float64(loss[edge]))
        facts[node].depth = np.uint16(facts[parent].depth + 1)
        links[parent].visited_edges = np.uint16(max(links[parent].visited_edges, edge - links[parent].first_edge + 1))
    worth = max(-0.98, min(0.98, worth))
    truth[node] = worth
    noise = 0.22 * (_uniform(generator) + _uniform(generator) - 1.0)
    facts[node].raw_value = max(-0.99, min(0.99, worth + noise))
    facts[node].raw_draw = 0.5
    stats[node].birth = np.uint32(counts[2] + 1)
    facts[node].outcome = np.uint8(0)
    stats[node].lower, stats[node].upper = np.int8(-1), np.int8(1)
    if parent >= 0 and _uniform(generator) < 0.02 * abs(worth):
        facts[node].outcome = np.uint8(1 if worth < 0.0 else 2)
        result = -1 if worth < 0.0 else 0
        facts[node].raw_value = np.float32(result)
        stats[node].lower = stats[node].upper = np.int8(result)
    return node


@kernel
def _choose(links, stats, edge_prior, edge_child, edge_pruned, parameters, sign, node):
    """The edge of `node` with the highest PUCT score that is not pruned, or -1."""
    first, last = links[node].first_edge, links[node].first_edge + links[node].num_edges
    scale = exploration(np.float64(stats[node].visits), parameters[0], parameters[1], parameters[2])
    seen = 0.0
    best, best_score, fresh = np.int64(-1), -np.inf, np.int64(-1)
    for e in range(first, last):
        prior = np.float64(prior_of_bits(edge_prior[e]))
        child = edge_child[e]
        if child >= 0:
            seen += prior
        if edge_pruned[e] != 0:
            continue
        if child < 0:
            fresh = np.int64(e)  # unvisited edges stand by falling prior: only the first can win
            break
        score = sign * stats[child].value_sum / stats[child].visits + scale * prior / (1.0 + stats[child].visits)
        if score > best_score:
            best, best_score = np.int64(e), score
    if fresh >= 0:
        urgency = stats[node].value_sum / stats[node].visits - parameters[3] * np.sqrt(seen)
        if urgency + scale * np.float64(prior_of_bits(edge_prior[fresh])) > best_score:
            best = fresh
    return best
