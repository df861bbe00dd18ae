"""The walk: from the root through what can be seen, and no further. Its cost depends on the picture, not the tree.

Every node owns an interval of the picture's height. Its branches share it in their order, each by its *weight*: visits
to the power `GAMMA` for a visited child, a fraction of what its prior promises for an action not visited yet. A child's
weight on screen follows its true weight with a lag, so pictures flow and nodes keep their order and place. A branch too
small to be
drawn joins a fold, and what lies beyond the edges is counted: visits shown, folded and outside add up to the root's.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.render.camera import WIDTH, Camera, Frame, column_pixels
from app.render.slots import (
    COUNTS,
    EXPANDED,
    FADED,
    FOLD,
    GREYED,
    MOST_DEPTH,
    NODE,
    ON_MAIN_LINE,
    ON_PATH,
    OUTSIDE,
    PROVEN,
    SHRINK,
    SPREAD_BINS,
    STUB,
    WHOLE,
)
from engine.compiled import inline, kernel
from engine.tree.choice import best_edge
from engine.tree.columns import NO_NODE, ROOT, SearchTree
from engine.tree.events import PruneReason
from engine.tree.puct import prior_of_bits

GAMMA = 0.72
"""Higher gives the main line more room, lower the side lines (0.55 lets side lines eat the picture; at 0.8 they
vanish)."""
STUB_SHARE = 0.22
"""Room of an unvisited action, as a part of what it would have if search had followed the prior."""

OUT_OF_REACH, ELIMINATED = int(PruneReason.OUT_OF_REACH), int(PruneReason.ELIMINATED)
"""Reasons that say nothing against what was found there; compiled into the kernels below."""

VIEW = np.dtype(
    [
        ("left", "<f8"),  # pixel of column 0
        ("column", "<f8"),  # pixels of the first column
        ("top", "<f8"),  # pixel of the root interval's upper end
        ("scale", "<f8"),  # its height in pixels
        ("width", "<f8"),
        ("height", "<f8"),
        ("least", "<f8"),  # smallest height of a node drawn apart
        ("ease", "<f8"),  # share of its way a weight goes in this frame, 1 = all
        ("sign", "<f8"),  # child's value to its parent's view
        ("seat", "<f8"),  # root's value to the shown player's view: +1 or -1
        ("radius", "<f8"),  # of a disc with all visits
        ("frame", "<i8"),  # number of this frame
    ]
)

MARGIN = 40.0
"""Pixels beyond the edges that still count as visible, so that discs do not pop in and out."""
UNSEEN_PRIOR, LEAST_PRIOR = 0.004, 0.002
"""An unvisited action of less prior is not shown; one that was pruned always is, with at least the room of the
second."""
CUT_ROOM, LATE_ROOM = 0.35, 0.6
"""A branch cut by hand or by proof keeps that part of its room; one given up for the budget of a run keeps more."""
LEAST_STUB = 1.6
"""Smallest height in pixels of a stub; smaller ones of one kind are drawn as one."""
LEAF_ROOM = 34.0
"""A node visited once shows what its intuition would try first where it has that many pixels of height."""


def view_record(
    camera: Camera, frame: Frame, *, sign: int, seat_sign: int, least: float, radius: float
) -> NDArray[Any]:
    """The walk's parameters [1] for a camera; `ease` and `frame` are left for the caller."""
    view = np.zeros(1, VIEW)
    scale = frame.inner_height / camera.span
    column = column_pixels(camera, frame)
    view["left"], view["column"] = frame.left - camera.x * column, column
    view["top"], view["scale"] = frame.top - camera.y * scale, scale
    view["width"], view["height"] = frame.width, frame.height
    view["least"], view["radius"], view["sign"], view["seat"] = least, radius, sign, seat_sign
    view["ease"] = 1.0
    return view


def principal_nodes(tree: SearchTree) -> NDArray[np.int32]:
    """Nodes of the principal variation by depth, -1 past its end: int32 [MOST_DEPTH]."""
    line = np.full(MOST_DEPTH, NO_NODE, np.int32)
    node, depth = ROOT if tree.num_nodes else NO_NODE, 0
    while node >= 0 and depth < MOST_DEPTH:
        line[depth] = node
        edge = best_edge(tree, node)
        node, depth = int(tree.edge_child[edge]) if edge >= 0 else NO_NODE, depth + 1
    return line


def path_nodes(tree: SearchTree, node: int) -> NDArray[np.int32]:
    """Nodes from the root to `node` by depth, -1 past it: int32 [MOST_DEPTH]; all -1 where there is no such node."""
    line = np.full(MOST_DEPTH, NO_NODE, np.int32)
    node = node if node < tree.num_nodes else NO_NODE
    while node >= 0:
        depth = int(tree.facts["depth"][node])
        if depth < MOST_DEPTH:
            line[depth] = node
        node = int(tree.links["parent"][node])
    return line


def locate(tree: SearchTree, node: int) -> tuple[int, float, float]:
    """Depth and final interval (in [0, 1]) of a node, however small."""
    chain = [node]
    while (parent := int(tree.links["parent"][chain[-1]])) >= 0:
        chain.append(parent)
    top, height = 0.0, 1.0
    for parent, child in zip(chain[:0:-1], chain[-2::-1], strict=True):
        ends = np.cumsum(final_weights(tree, parent))
        place = int(tree.links["parent_edge"][child] - tree.links["first_edge"][parent])
        top += height * (float(ends[place - 1]) if place else 0.0) / float(ends[-1])
        height *= float(ends[place] - (ends[place - 1] if place else 0.0)) / float(ends[-1])
    return len(chain) - 1, top, top + height


def final_weights(tree: SearchTree, node: int) -> NDArray[np.float64]:
    """The weights that the branches of a node come to have, as the kernels below reckon them: float64 [edges]."""
    run = tree.edge_run(node)
    child, reason = tree.edge_child[run], tree.edge_pruned[run]
    prior = tree.edge_prior[run].view(np.float16).astype(np.float64)
    stub = STUB_SHARE * (np.maximum(prior, LEAST_PRIOR) * int(tree.stats["visits"][node])) ** GAMMA
    stub *= np.where(reason != 0, CUT_ROOM, np.where(prior >= UNSEEN_PRIOR, 1.0, 0.0))
    own = np.maximum(tree.stats["visits"][np.maximum(child, 0)], 0).astype(np.float64) ** GAMMA
    late = (reason == OUT_OF_REACH) | (reason == ELIMINATED)
    own *= np.where(reason == 0, 1.0, np.where(late, LATE_ROOM, CUT_ROOM))
    return np.where(child >= 0, own, stub)


def empty_counts() -> NDArray[Any]:
    """Room for a walk's report [1]."""
    return np.zeros(1, COUNTS)


def empty_spread() -> NDArray[np.float64]:
    """Room for the distribution of values: float64 [SPREAD_BINS]."""
    return np.zeros(SPREAD_BINS)


@inline
def _is_late(reason):
    """Whether a branch was given up only for the budget of a run."""
    return reason in (OUT_OF_REACH, ELIMINATED)


@inline
def _weight(visits):
    return visits**GAMMA


@inline
def _stub_weight(edge_prior, edge_pruned, e, visits):
    """Room of an unvisited action of a node with `visits`; 0 = not worth showing."""
    prior = np.float64(prior_of_bits(edge_prior[e]))
    if edge_pruned[e] != 0:
        return CUT_ROOM * STUB_SHARE * _weight(max(prior, LEAST_PRIOR) * visits)
    return STUB_SHARE * _weight(prior * visits) if prior >= UNSEEN_PRIOR else 0.0


@inline
def _node_weight(stats, edge_pruned, e, child):
    """Room of a visited child: by its visits, less where it was pruned."""
    weight = _weight(np.float64(stats[child].visits))
    if _is_late(edge_pruned[e]):
        return LATE_ROOM * weight
    return weight if edge_pruned[e] == 0 else CUT_ROOM * weight


@inline
def _mean(stats, node, side):
    """Value of a node from the shown player's view; `side` is +1 where that player is to move."""
    if stats[node].lower == stats[node].upper:
        return side * np.float64(stats[node].lower)
    return side * stats[node].value_sum / max(1, stats[node].visits)


@inline
def _weigh(links, stats, edge_prior, edge_child, edge_pruned, weights, node, ease, scratch):
    """Bring the weights of a node's branches nearer to their true ones; returns their sum and the longest way left."""
    first, count = links[node].first_edge, np.int32(links[node].num_edges)
    visits = np.float64(stats[node].visits)
    total, way = 0.0, 0.0
    for k in range(count):
        e = first + k
        child = edge_child[e]
        if child >= 0:
            target = _node_weight(stats, edge_pruned, e, child)
            weight = np.float64(weights[child])
            if weight == 0.0:  # new: it grows out of its stub
                weight = _stub_weight(edge_prior, edge_pruned, e, visits)
            if ease < 1.0:
                target = weight + (target - weight) * ease
                way = max(way, abs(target - weight))
            weights[child] = target
            scratch[k] = target
        else:
            scratch[k] = _stub_weight(edge_prior, edge_pruned, e, visits)
        total += scratch[k]
    return total, way


@inline
def _place(slots, at, up, node, edge, top, bottom, x):
    """A new slot under slot `up`: a stub until its caller makes it a node."""
    s = slots[at]
    s.node, s.up, s.edge = node, up, edge
    s.kind, s.outcome, s.visits, s.branches = STUB, 0, 0, 0
    s.depth = slots[up].depth + 1
    s.flags = slots[up].flags & (GREYED | FADED)  # below a pruned branch everything is dimmed
    s.x, s.top, s.bottom = x, top, bottom
    s.y = 0.5 * (top + bottom)
    s.radius, s.share, s.prior, s.reason = 0.0, 0.0, 0.0, 0
    s.q, s.raw, s.low, s.high = slots[up].q, slots[up].q, 1.0, -1.0


@inline
def _fill_node(slots, at, stats, facts, main_line, path, side, log_all, view):
    """The facts of a visited node, for a slot that `_place` has made."""
    s = slots[at]
    node = s.node
    s.kind = NODE
    s.visits = stats[node].visits
    s.outcome = facts[node].outcome
    s.q = _mean(stats, node, side)
    s.raw = side * np.float64(facts[node].raw_value)
    if s.depth < len(path):
        if main_line[s.depth] == node:
            s.flags |= ON_MAIN_LINE
        if path[s.depth] == node:
            s.flags |= ON_PATH
    if stats[node].lower == stats[node].upper:
        s.flags |= PROVEN
    # What the picture's edge cuts off does not pull a node out of sight.
    top, bottom = max(np.float64(s.top), 0.0), min(np.float64(s.bottom), view.height)
    if bottom > top:
        s.y = 0.5 * (top + bottom)
    radius = 2.2 + (view.radius - 2.2) * (math.log(1.0 + s.visits) / log_all) ** 1.5
    room = min(0.46 * (np.float64(s.bottom) - np.float64(s.top)), 0.4 * view.column * SHRINK**s.depth)
    s.radius = max(1.0, min(radius, room))


@inline
def _fold(slots, streaks, fold, streak, visits, q, bottom):
    """Add a branch to an open fold and to its open streak."""
    s, line = slots[fold], streaks[streak]
    s.visits += visits
    s.branches += 1
    s.bottom = line.bottom = bottom
    s.q += q * visits
    line.q += q * visits
    line.visits += visits
    s.low, s.high = min(s.low, q), max(s.high, q)


@inline
def _open_streak(slots, streaks, streak, fold, top, bottom):
    """Start the next line of a fold."""
    line = streaks[streak]
    line.slot, line.visits, line.q = fold, 0, 0.0
    line.x, line.top, line.bottom = slots[fold].x, top, bottom


@inline
def _close_fold(slots, fold):
    """Turn the sum of values into their mean, and put the fold into the middle of its run."""
    s = slots[fold]
    s.q /= max(1, s.visits)
    s.y = 0.5 * (s.top + s.bottom)


@inline
def _branches(
    links, stats, facts, edge_prior, edge_child, edge_pruned, main_line, path, view, slots, streaks, counts,
    scratch, at, total, x, side, log_all,
):  # fmt: skip
    """Give every branch of an expanded slot its interval: a slot of its own, a place in a fold, or none."""
    node = slots[at].node
    first, count = links[node].first_edge, np.int32(links[node].num_edges)
    scale = (np.float64(slots[at].bottom) - np.float64(slots[at].top)) / total
    low = np.float64(slots[at].top)
    n, m, fold = counts.slots, counts.streaks, np.int64(-1)
    own = np.int64(stats[node].visits)
    bundle, bundle_top = 0, low  # unvisited actions, each too small for a stub of its own
    for k in range(count):
        e = first + k
        top, low = low, low + scratch[k] * scale
        child = edge_child[e]
        visits = stats[child].visits if child >= 0 else np.int32(0)
        own -= visits
        seen = low > -MARGIN and top < view.height + MARGIN
        if child >= 0 or bundle == 0 or edge_pruned[e] != edge_pruned[e - 1]:
            bundle, bundle_top = 0, top
        big = low - (top if child >= 0 else bundle_top) >= (view.least if child >= 0 else LEAST_STUB)
        room = n + 2 < len(slots) and m + 2 < len(streaks)
        if child >= 0 and not big and seen:
            if fold < 0 and room:
                _place(slots, n, at, node, np.int32(-1), top, low, x)
                slots[n].kind, slots[n].q = FOLD, 0.0
                fold = n
                n += 1
                _open_streak(slots, streaks, m, fold, top, low)
                m += 1
            elif fold >= 0 and room and top - np.float64(streaks[m - 1].top) >= 1.0:
                _open_streak(slots, streaks, m, fold, top, low)
                m += 1
            counts.folded += visits
            if fold >= 0:
                _fold(slots, streaks, fold, m - 1, visits, _mean(stats, child, side), low)
            continue
        if fold >= 0 and (child >= 0 or big):
            _close_fold(slots, fold)
            fold = np.int64(-1)
        if child >= 0 and (not seen or not room):
            if seen:
                counts.folded += visits
            else:
                counts.outside += visits
        if child < 0 and scratch[k] > 0.0:
            bundle += 1
            top = bundle_top
        if not big or not room or (not seen and visits * 25 < slots[at].visits):
            continue
        _place(slots, n, at, child if child >= 0 else node, np.int32(e), top, low, x)
        slots[n].branches = bundle
        bundle = 0
        slots[n].prior = prior_of_bits(edge_prior[e])
        slots[n].reason = edge_pruned[e]
        if child < 0:
            slots[n].x = slots[at].x + 0.6 * (x - slots[at].x)  # it stops short: nobody was there
        if edge_pruned[e] != 0:
            slots[n].flags |= GREYED | FADED if _is_late(edge_pruned[e]) else GREYED
            if not _is_late(edge_pruned[e]):
                slots[n].flags &= ~FADED
        if child >= 0:
            slots[n].share = (visits - stats[child].borrowed) / max(1.0, slots[at].visits - 1.0)
            _fill_node(slots, n, stats, facts, main_line, path, side, log_all, view)
        if not seen:
            slots[n].flags |= OUTSIDE
            slots[n].y = 0.5 * (top + low)
        n += 1
    if fold >= 0:
        _close_fold(slots, fold)
    counts.slots, counts.streaks = n, m
    counts.shown += own


@kernel
def walk(
    links, stats, facts, edge_prior, edge_child, edge_pruned, weights, stamps, main_line, path, views, slots, streaks,
    reports, spread, scratch,
):  # fmt: skip
    """Fill `slots` and `streaks` with everything visible, parents before children.

    Args:
        links, stats, facts, edge_prior, edge_child, edge_pruned: columns of a tree with at least the root.
        weights: float32 [N], weights on screen, kept between frames; 0 = never shown.
        stamps: int64 [N], the frame in which a node's branches were last shown.
        main_line, path: int32 [depth], nodes to be flagged.
        views, reports: one record each, `VIEW` and `COUNTS`; the report is filled.
        slots, streaks: room, `SLOT` and `STREAK`.
        spread: float64 [SPREAD_BINS], filled: drawn height by |q - q(root)|.
        scratch: float64, room for the branches of the widest node.
    """
    view, counts = views[0], reports[0]
    spread[:] = 0.0
    counts.slots, counts.streaks, counts.depth, counts.motion = 1, 0, 0, 0.0
    counts.shown, counts.folded, counts.outside = 0, 0, 0
    log_all = math.log(1.0 + max(2, stats[0].visits))
    slots[0].up, slots[0].depth, slots[0].flags, slots[0].q = 0, -1, 0, 0.0
    root = np.int64(0)  # a literal would be compiled as a case of its own
    _place(slots, root, root, np.int32(0), np.int32(-1), view.top, view.top + view.scale, view.left)
    slots[0].up, slots[0].share, slots[0].prior = -1, 1.0, 1.0
    _fill_node(slots, root, stats, facts, main_line, path, view.seat, log_all, view)
    at = np.int64(0)
    while at < counts.slots:
        s = slots[at]
        at += 1
        if s.kind != NODE or s.flags & OUTSIDE:
            continue
        height = np.float64(s.bottom) - np.float64(s.top)
        side = view.seat if s.depth % 2 == 0 else view.seat * view.sign
        counts.depth = max(counts.depth, s.depth)
        spread[min(len(spread) - 1, np.int64(abs(s.q - slots[0].q) * 0.5 * len(spread)))] += min(height, 60.0)
        x = view.left + view.column * WIDTH * (1.0 - SHRINK ** (s.depth + 1))
        if links[s.node].num_edges == 0 or (s.visits <= 1 and height < LEAF_ROOM):
            counts.shown += s.visits
        elif height < 1.5 * view.least or x > view.width + MARGIN or s.depth + 2 >= len(path):
            counts.shown += 1
            counts.folded += s.visits - 1
            if counts.slots + 1 < len(slots) and counts.streaks + 1 < len(streaks):
                _whole_fold(slots, streaks, counts, at - 1, x)
        else:
            fresh = stamps[s.node] != view.frame - 1
            stamps[s.node] = view.frame
            total, way = _weigh(
                links, stats, edge_prior, edge_child, edge_pruned, weights, s.node, 1.0 if fresh else view.ease, scratch
            )
            if total > 0.0:
                s.flags |= EXPANDED
                counts.motion = max(counts.motion, way * height / total)
                _branches(
                    links, stats, facts, edge_prior, edge_child, edge_pruned, main_line, path, view, slots,
                    streaks, counts, scratch, at - 1, total, x, side * view.sign, log_all,
                )  # fmt: skip
            else:
                counts.shown += s.visits


@inline
def _whole_fold(slots, streaks, counts, at, x):
    """Everything below a slot as one fold."""
    n, m = counts.slots, counts.streaks
    top, bottom = np.float64(slots[at].top), np.float64(slots[at].bottom)
    _place(slots, n, at, slots[at].node, np.int32(-1), top, bottom, x)
    slots[n].kind, slots[n].visits, slots[n].branches = FOLD, slots[at].visits - 1, 0
    slots[n].flags |= WHOLE
    slots[n].low = slots[n].high = slots[n].q
    _open_streak(slots, streaks, m, n, top, bottom)
    streaks[m].visits, streaks[m].q = slots[n].visits, slots[n].q * slots[n].visits
    counts.slots, counts.streaks = n + 1, m + 1
