"""How much room each branch has: the weights by which the branches of a node share its interval.

In the link and the radial view a visited child weighs its visits to the power `GAMMA`, and an action not visited yet
a fraction of what its prior promises; branches that were cut or folded have less. In the icicle a branch weighs
exactly its visits. Where two trees are compared, both take their weights from the same visits and from nothing else,
and agree in every place; actions that neither visited have no room there.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.render.folding import FOLDED, OPENED
from engine.compiled import inline
from engine.tree.columns import SearchTree
from engine.tree.events import PruneReason
from engine.tree.puct import prior_of_bits

GAMMA = 0.72
"""Higher gives the main line more room, lower the side lines (0.55 lets side lines eat the picture; at 0.8 they
vanish)."""
STUB_SHARE = 0.22
"""Room of an unvisited action, as a part of what it would have if search had followed the prior."""
UNSEEN_PRIOR, LEAST_PRIOR = 0.004, 0.002
"""An unvisited action of less prior is not shown; one that was pruned always is, with at least the room of the
second."""
CUT_ROOM, LATE_ROOM, CLOSED_ROOM = 0.35, 0.6, 0.4
"""A branch cut by hand or by proof keeps that part of its room; one given up for the budget of a run keeps more; one
that is folded keeps that part of what it would have."""

OUT_OF_REACH, ELIMINATED = int(PruneReason.OUT_OF_REACH), int(PruneReason.ELIMINATED)
"""Reasons that say nothing against what was found there; compiled into the kernels below."""


class Looks(NamedTuple):
    """What a person laid over a tree, by node; each may be shorter than the tree, and the rest has none of it.

    Attributes:
        folds: uint8, `app.render.folding.fold_column`.
        room: int32, visits that give room instead of the tree's own.
        marks: uint8, 1 = marked. within: int32, marked nodes in each node's whole subtree.
        tint: float32, what colours a node instead of its value; NaN = nothing.
    """

    folds: NDArray[np.uint8]
    room: NDArray[np.int32]
    marks: NDArray[np.uint8]
    within: NDArray[np.int32]
    tint: NDArray[np.float32]


def plain_looks() -> Looks:
    """Nothing laid over."""
    none = np.zeros(0, np.int32)
    return Looks(np.zeros(0, np.uint8), none, np.zeros(0, np.uint8), none, np.zeros(0, np.float32))


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Which weights are used.

    Attributes:
        exact: a branch weighs its visits (icicle). folds_pruned: pruned branches are folded.
        looks: what is folded by hand, and whose visits give room.
    """

    exact: bool = False
    folds_pruned: bool = False
    looks: Looks = field(default_factory=plain_looks)


def final_weights(tree: SearchTree, node: int, layout: Layout | None = None) -> NDArray[np.float64]:
    """The weights that the branches of a node come to have, as the kernels below reckon them: float64 [edges]."""
    layout = layout or Layout()
    run = tree.edge_run(node)
    child, reason = tree.edge_child[run], tree.edge_pruned[run]
    own = _visits(tree, layout.looks, np.maximum(child, 0)).astype(np.float64)
    if layout.exact:
        return np.where(child >= 0, own, 0.0)
    if len(layout.looks.room):
        by_hand = _by_hand(layout.looks, child) == FOLDED
        return np.where(child >= 0, own**GAMMA * np.where(by_hand, CLOSED_ROOM, 1.0), 0.0)
    prior = tree.edge_prior[run].view(np.float16).astype(np.float64)
    visits = float(_visits(tree, layout.looks, np.array([node], np.int32))[0])
    stub = STUB_SHARE * (np.maximum(prior, LEAST_PRIOR) * visits) ** GAMMA
    stub *= np.where(reason != 0, CUT_ROOM, np.where(prior >= UNSEEN_PRIOR, 1.0, 0.0))
    late = (reason == OUT_OF_REACH) | (reason == ELIMINATED)
    own = own**GAMMA * np.where(reason == 0, 1.0, np.where(late, LATE_ROOM, CUT_ROOM))
    by_hand = _by_hand(layout.looks, child)
    closed = (by_hand == FOLDED) | ((reason != 0) & (by_hand != OPENED) & layout.folds_pruned)
    return np.where(child >= 0, own * np.where(closed, CLOSED_ROOM, 1.0), stub)


def locate(tree: SearchTree, node: int, layout: Layout | None = None) -> tuple[int, float, float]:
    """Depth and final interval (in [0, 1]) of a node, however small."""
    layout = layout or Layout()
    chain = [node]
    while (parent := int(tree.links["parent"][chain[-1]])) >= 0:
        chain.append(parent)
    top, height = 0.0, 1.0
    for parent, child in zip(chain[:0:-1], chain[-2::-1], strict=True):
        ends = np.cumsum(final_weights(tree, parent, layout))
        total = float(ends[-1]) + (1.0 if layout.exact else 0.0)
        place = int(tree.links["parent_edge"][child] - tree.links["first_edge"][parent])
        top += height * (float(ends[place - 1]) if place else 0.0) / total
        height *= float(ends[place] - (ends[place - 1] if place else 0.0)) / total
    return len(chain) - 1, top, top + height


def _by_hand(looks: Looks, nodes: NDArray[np.int32]) -> NDArray[np.uint8]:
    """The state of folds of nodes."""
    folds: NDArray[np.uint8] = np.append(looks.folds, np.uint8(0))
    states: NDArray[np.uint8] = folds[np.clip(nodes, 0, len(folds) - 1)]
    return states


def _visits(tree: SearchTree, looks: Looks, nodes: NDArray[np.int32]) -> NDArray[np.int32]:
    """The visits that give room to nodes."""
    own: NDArray[np.int32] = np.maximum(tree.stats["visits"][nodes], 0)
    if not len(looks.room):
        return own
    room: NDArray[np.int32] = looks.room[np.minimum(nodes, len(looks.room) - 1)]
    return np.where(nodes < len(looks.room), room, own)


@inline
def room_of(stats, looks, node):
    """The visits that give room to a node."""
    if node < len(looks.room):
        return looks.room[node]
    return stats[node].visits


@inline
def is_late(reason):
    """Whether a branch was given up only for the budget of a run."""
    return reason in (OUT_OF_REACH, ELIMINATED)


@inline
def is_closed(looks, view, node, reason):
    """Whether a node is folded by hand or by the rule for pruned branches."""
    by_hand = looks.folds[node] if node < len(looks.folds) else np.uint8(0)
    return by_hand == FOLDED or (reason != 0 and view.folds_pruned != 0 and by_hand != OPENED)


@inline
def stub_weight(edge_prior, edge_pruned, looks, view, e, visits):
    """Room of an unvisited action of a node with `visits`; 0 = not worth showing."""
    if view.exact != 0 or len(looks.room) > 0:
        return 0.0
    prior = np.float64(prior_of_bits(edge_prior[e]))
    if edge_pruned[e] != 0:
        return CUT_ROOM * STUB_SHARE * (max(prior, LEAST_PRIOR) * visits) ** GAMMA
    return STUB_SHARE * (prior * visits) ** GAMMA if prior >= UNSEEN_PRIOR else 0.0


@inline
def _node_weight(stats, edge_pruned, looks, view, e, child):
    """Room of a visited child: by its visits, less where it was pruned or folded."""
    visits = np.float64(room_of(stats, looks, child))
    if view.exact != 0:
        return visits
    weight = visits**GAMMA
    if len(looks.room) > 0:  # two trees agree in their visits there, not in what they pruned
        by_hand = looks.folds[child] if child < len(looks.folds) else np.uint8(0)
        return weight * CLOSED_ROOM if by_hand == FOLDED else weight
    reason = edge_pruned[e]
    if is_late(reason):
        weight *= LATE_ROOM
    elif reason != 0:
        weight *= CUT_ROOM
    return weight * CLOSED_ROOM if is_closed(looks, view, child, reason) else weight


@inline
def weigh(links, stats, edge_prior, edge_child, edge_pruned, looks, view, weights, node, ease, scratch):
    """Bring the weights of a node's branches nearer to their true ones; returns their sum and the longest way left."""
    first, count = links[node].first_edge, np.int32(links[node].num_edges)
    visits = np.float64(room_of(stats, looks, node))
    total, way = 1.0 if view.exact != 0 else 0.0, 0.0  # exact: the node's own visit has room, too
    for k in range(count):
        e = first + k
        child = edge_child[e]
        if child >= 0:
            target = _node_weight(stats, edge_pruned, looks, view, e, child)
            weight = np.float64(weights[child])
            if weight == 0.0:  # new: it grows out of its stub
                weight = stub_weight(edge_prior, edge_pruned, looks, view, e, visits)
            if ease < 1.0:
                target = weight + (target - weight) * ease
                way = max(way, abs(target - weight))
            weights[child] = target
            scratch[k] = target
        else:
            scratch[k] = stub_weight(edge_prior, edge_pruned, looks, view, e, visits)
        total += scratch[k]
    return total, way
