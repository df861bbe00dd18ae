"""The fold: how each event of a journal changes a tree. Engine, window, replay and tests share these few functions.

The fold is deterministic and exact: two trees folded from the same bytes are equal column for column. It decides
nothing; what a search decided stands in the events. It does check: an event that does not fit the tree raises
`FoldError` before anything is changed, so a damaged recording can be read up to the damage.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inline, kernel
from engine.domains.base import Line
from engine.tree.columns import NO_NODE, Pruned, SearchTree
from engine.tree.compaction import compact, much_visited, subtree_of
from engine.tree.events import (
    Boost,
    Bounds,
    Event,
    Header,
    Prune,
    Recycle,
    Reevaluate,
    Reroot,
    Restore,
    Simulations,
    Switch,
    decode,
)

Mapping = NDArray[np.int32]


class FoldError(ValueError):
    """An event does not fit the tree it is applied to."""


def empty_tree(header: Header) -> SearchTree:
    """The tree before the first event of a journal."""
    return SearchTree(Line(header.start, tuple(header.actions)), header.num_players)


def fold_stream(tree: SearchTree, stream: bytes, until: int | None = None) -> None:
    """Apply all events of `stream`, or those up to the end of simulation `until`.

    A batch that would pass `until` is applied in part, so every single simulation can be stopped at.

    Raises:
        JournalError: the stream is damaged; FoldError: an event does not fit. What came before is applied.
    """
    for event in decode(stream):
        if until is not None and tree.simulations >= until:
            return
        if until is not None and isinstance(event, Simulations):
            event = first_simulations(event, until - tree.simulations)
        apply(tree, event)


def first_simulations(event: Simulations, count: int) -> Simulations:
    """The first `count` simulations of a batch."""
    n = len(event.outcome)
    if count >= n:
        return event
    edges = int(np.frombuffer(event.num_edges, "<u2")[:count].sum())
    return Simulations(
        event.parent[: 4 * count],
        event.edge[: 4 * count],
        event.value[: 4 * count],
        event.draw[: 4 * count],
        event.outcome[:count],
        event.num_edges[: 2 * count],
        event.action[: 2 * edges],
        event.prior[: 2 * edges],
        event.branch,
    )


def apply(tree: SearchTree, event: Event) -> Mapping | None:
    """Change `tree` in place as `event` says.

    Returns:
        For a re-rooting or recycling: int32 [nodes before], where each node went, -1 = dropped. Otherwise None.

    Raises:
        FoldError: the event does not fit the tree, which is left as it was.
    """
    match event:
        case Simulations():
            _apply_simulations(tree, event)
        case Prune():
            _apply_prune(tree, event)
        case Restore():
            edges = _edges(tree, event.edge)
            tree.edge_pruned[edges] = 0
            for edge in edges:
                tree.prunes.pop(int(edge), None)
        case Bounds():
            _apply_bounds(tree, event)
        case Reroot():
            return _apply_reroot(tree, event)
        case Recycle():
            return _apply_recycle(tree, event)
        case Reevaluate():
            _apply_reevaluate(tree, event)
        case Boost():
            _apply_boost(tree, event)
        case Switch():
            pass  # other settings change what comes next, not what is there
    return None


def apply_all(tree: SearchTree, stream: bytes, on_event: Callable[[Event, Mapping | None], None]) -> None:
    """Like `fold_stream`, and tells `on_event` each event after it was applied."""
    for event in decode(stream):
        on_event(event, apply(tree, event))


def _apply_simulations(tree: SearchTree, event: Simulations) -> None:
    outcome = _column(event.outcome, "u1")
    num_edges = _column(event.num_edges, "<u2")
    columns = (
        _column(event.parent, "<i4"),
        _column(event.edge, "<i4"),
        _column(event.value, "<f4"),
        _column(event.draw, "<f4"),
    )
    action, prior = _column(event.action, "<u2"), _column(event.prior, "<u2")
    if any(len(column) != len(outcome) for column in (*columns, num_edges)):
        raise FoldError("a batch of simulations has columns of different lengths")
    if len(action) != len(prior) or len(action) != int(num_edges.sum(dtype=np.int64)):
        raise FoldError("a batch of simulations opens another number of edges than it lists")
    if not -1 <= event.branch < tree.num_edges:
        raise FoldError(f"visits are lent to edge {event.branch}; the tree has {tree.num_edges} edges")
    counts = np.array([tree.num_nodes, tree.num_edges], np.int64)
    if not _fits(tree.links, tree.edge_child, counts, columns[0], columns[1], num_edges):
        raise FoldError(f"a batch after simulation {tree.simulations} visits branches that the tree does not have")
    grow(tree, *columns, outcome, num_edges, action, prior, event.branch)
    if event.branch >= 0:
        left = tree.lent.get(event.branch, 0) - len(outcome)
        tree.lent[event.branch] = left
        if left <= 0:
            del tree.lent[event.branch]


def grow(
    tree: SearchTree,
    parent: NDArray[np.int32],
    edge: NDArray[np.int32],
    value: NDArray[np.float32],
    draw: NDArray[np.float32],
    outcome: NDArray[np.uint8],
    num_edges: NDArray[np.uint16],
    action: NDArray[np.uint16],
    prior: NDArray[np.uint16],
    branch: int = -1,
) -> None:
    """Append what a batch of simulations opened and back its values up; columns as in `Simulations`, not checked.

    A batch may hold several first visits of roots (`parent` -1): a table then holds several trees.
    """
    tree.reserve(len(outcome), len(action))
    counts = np.array([tree.num_nodes, tree.num_edges], np.int64)
    first, total = tree.num_edges, len(action)
    tree.edge_action[first : first + total] = action
    tree.edge_prior[first : first + total] = prior
    tree.edge_child[first : first + total] = NO_NODE
    tree.edge_pruned[first : first + total] = 0
    columns = (tree.links, tree.stats, tree.facts, tree.edge_child, counts, tree.simulations, float(tree.sign))
    batch = [_read_only(column) for column in (parent, edge, value, draw, outcome, num_edges)]
    _fold_simulations(*columns, branch, *batch)
    tree.num_nodes, tree.num_edges = int(counts[0]), int(counts[1])
    tree.simulations += len(outcome)


def _read_only(column: NDArray[Any]) -> NDArray[Any]:
    """As columns of a journal are: one compiled version then serves every caller of `grow`."""
    view = column[:]
    view.flags.writeable = False
    return view


def _apply_prune(tree: SearchTree, event: Prune) -> None:
    edges = _edges(tree, event.edge)
    reasons, evidence = _column(event.reason, "u1"), _column(event.evidence, "<f4")
    if not len(edges) == len(reasons) == len(evidence):
        raise FoldError(f"a prune after simulation {event.at} has columns of different lengths")
    tree.edge_pruned[edges] = reasons
    for edge, value in zip(edges, evidence, strict=True):
        tree.prunes[int(edge)] = Pruned(event.at, float(value))


def _apply_bounds(tree: SearchTree, event: Bounds) -> None:
    nodes, lower, upper = _column(event.node, "<i4"), _column(event.lower, "i1"), _column(event.upper, "i1")
    distance = _column(event.distance, "u1")
    if not len(nodes) == len(lower) == len(upper) == len(distance):
        raise FoldError(f"bounds after simulation {event.at} have columns of different lengths")
    if len(nodes) and (nodes.min() < 0 or nodes.max() >= tree.num_nodes):
        raise FoldError(f"bounds are given for node {nodes.max()}; the tree has {tree.num_nodes}")
    tree.stats["lower"][nodes] = lower
    tree.stats["upper"][nodes] = upper
    tree.facts["distance"][nodes] = distance


def _apply_reevaluate(tree: SearchTree, event: Reevaluate) -> None:
    prior = _column(event.prior, "<u2")
    if not 0 <= event.node < tree.num_nodes:
        raise FoldError(f"node {event.node} is re-evaluated; the tree has {tree.num_nodes}")
    run = tree.edge_run(event.node)
    if len(prior) != run.stop - run.start:
        raise FoldError(f"node {event.node} has {run.stop - run.start} edges and is given {len(prior)} priors")
    tree.facts["raw_value"][event.node] = event.value
    tree.facts["raw_draw"][event.node] = event.draw
    tree.edge_prior[run] = prior
    tree.links["visited_edges"][event.node] = len(prior)  # the order of priors is lost


def _apply_boost(tree: SearchTree, event: Boost) -> None:
    if not 0 <= event.edge < tree.num_edges:
        raise FoldError(f"edge {event.edge} is not in the tree of {tree.num_edges} edges")
    if event.visits > 0:
        tree.lent[event.edge] = event.visits
    else:
        tree.lent.pop(event.edge, None)


def _apply_reroot(tree: SearchTree, event: Reroot) -> Mapping:
    if not NO_NODE <= event.node < tree.num_nodes:
        raise FoldError(f"the new root {event.node} is not in the tree of {tree.num_nodes} nodes")
    mapping = compact(tree, subtree_of(tree, event.node))
    tree.line = tree.line.then(*event.actions)
    return mapping


def _apply_recycle(tree: SearchTree, event: Recycle) -> Mapping:
    spared = _column(event.spared, "<i4")
    if len(spared) and (spared.min() < 0 or spared.max() >= tree.num_nodes):
        raise FoldError(f"node {spared.max()} is spared; the tree has {tree.num_nodes}")
    return compact(tree, much_visited(tree, event.below, spared))


def _column(data: bytes, dtype: str) -> NDArray[Any]:
    try:
        return np.frombuffer(data, dtype)
    except ValueError as error:
        raise FoldError(f"a column of {len(data)} bytes is no column of {dtype}") from error


def _edges(tree: SearchTree, column: bytes) -> NDArray[np.int32]:
    edges = _column(column, "<i4")
    if len(edges) and (edges.min() < 0 or edges.max() >= tree.num_edges):
        raise FoldError(f"edge {edges.max()} is not in the tree of {tree.num_edges} edges")
    return edges


@kernel
def _fits(links, edge_child, counts, parent, edge, num_edges):
    """Whether every simulation of a batch visits a node that is there, or an edge of one that has no child yet."""
    nodes, edges = counts[0], counts[1]
    for i in range(len(parent)):
        p, e = parent[i], edge[i]
        if p == -1:
            if nodes != 0 or e != -1:
                return False
        elif p < 0 or p >= nodes:
            return False
        if e >= edges or e < -1:
            return False
        if e >= 0 and p < counts[0]:
            first = links[p].first_edge
            # An edge visited twice within the batch cannot be seen from here; its second visit would only leave an
            # unreachable node behind, never write outside the columns.
            if e < first or e >= first + links[p].num_edges or edge_child[e] >= 0:
                return False
        if p == -1 or e >= 0:
            nodes += 1
            edges += num_edges[i]
        elif num_edges[i] != 0:
            return False
    return True


@kernel
def _fold_simulations(
    links, stats, facts, edge_child, counts, done, sign, branch, parent, edge, value, draw, outcome, num_edges
):
    """Append the nodes of a batch and back every value up, to the root or to the branch that borrows the visits."""
    nodes, edges = counts[0], counts[1]
    for i in range(len(parent)):
        node = parent[i]
        if node == -1 or edge[i] >= 0:
            node = np.int32(nodes)
            _append(links, stats, facts, edge_child, node, parent[i], edge[i], edges, num_edges[i])
            stat, fact = stats[node], facts[node]
            fact.raw_value = value[i]
            fact.raw_draw = draw[i]
            fact.outcome = outcome[i]
            fact.distance = np.uint8(0)
            stat.birth = np.uint32(done + i + 1)
            stat.lower = np.int8(-1)
            stat.upper = np.int8(1)
            if outcome[i] != 0:
                stat.lower = np.int8(value[i])
                stat.upper = np.int8(value[i])
            nodes += 1
            edges += num_edges[i]
        v, d = np.float64(value[i]), np.float64(draw[i])
        while node >= 0:
            passed, link = stats[node], links[node]
            passed.visits += 1
            passed.value_sum += v
            passed.draw_sum += d
            if branch >= 0 and link.parent_edge == branch:
                passed.borrowed += 1
                break
            v *= sign
            node = link.parent
    counts[0], counts[1] = nodes, edges


@inline
def _append(links, stats, facts, edge_child, node, parent, edge, first_edge, num_edges):
    link, stat, fact = links[node], stats[node], facts[node]
    link.parent = parent
    link.parent_edge = edge
    link.first_edge = np.int32(first_edge)
    link.num_edges = num_edges
    link.visited_edges = np.uint16(0)
    stat.visits = 0
    stat.borrowed = 0
    stat.in_flight = np.uint16(0)
    stat.value_sum = 0.0
    stat.draw_sum = 0.0
    fact.depth = np.uint16(0)
    if parent >= 0:
        up = links[parent]
        fact.depth = np.uint16(facts[parent].depth + 1)
        edge_child[edge] = node
        offset = edge - up.first_edge + 1
        if offset > up.visited_edges:
            up.visited_edges = np.uint16(offset)
