"""The walk: from the root through what can be seen, and no further. Its cost depends on the picture, not the tree.

Every node owns an interval of the picture's height. Its branches share it in their order, each by its weight
(`app.render.room`). A child's weight on screen follows its true weight with a lag, so pictures flow and nodes keep
their order and place. A branch too small to be drawn joins a fold, one that a person folded carries all that is below
it in a fold of its own, and what lies beyond the edges is counted: visits shown, folded and outside add up to the
root's. All three views are drawn from the same walk.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.render.camera import WIDTH, Camera, Frame, column_pixels
from app.render.room import is_closed, is_late, room_of, weigh
from app.render.slots import (
    CLOSED,
    COUNTS,
    EXPANDED,
    FADED,
    FOLD,
    GHOST,
    GREYED,
    MARKED,
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
from engine.tree.puct import prior_of_bits

VIEW = np.dtype(
    [
        ("left", "<f8"),  # pixel of column 0
        ("column", "<f8"),  # pixels of the first column
        ("top", "<f8"),  # pixel of the root interval's upper end
        ("scale", "<f8"),  # its height in pixels
        ("width", "<f8"),
        ("height", "<f8"),
        ("margin", "<f8"),  # pixels beyond the edges that still count as visible
        ("least", "<f8"),  # smallest height of a node drawn apart
        ("ease", "<f8"),  # share of its way a weight goes in this frame, 1 = all
        ("sign", "<f8"),  # child's value to its parent's view
        ("seat", "<f8"),  # root's value to the shown player's view: +1 or -1
        ("radius", "<f8"),  # of a disc with all visits
        ("frame", "<i8"),  # number of this frame
        ("below", "<i8"),  # branches with fewer visits are folded
        ("exact", "<i8"),  # 1 = rectangles as high as their visits, 0 = discs with room to breathe
        ("folds_pruned", "<i8"),  # 1 = what is below a pruned branch is folded
    ]
)

MARGIN = 40.0
"""Pixels beyond the edges that still count as visible, so that discs do not pop in and out."""
LEAST_STUB = 1.6
"""Smallest height in pixels of a stub; smaller ones of one kind are drawn as one."""
LEAF_ROOM = 34.0
"""A node visited once shows what its intuition would try first where it has that many pixels of height."""


def view_record(
    camera: Camera, frame: Frame, *, sign: int, seat_sign: int, least: float, radius: float
) -> NDArray[Any]:
    """The walk's parameters [1] for a camera; `ease`, `frame` and the rules for folding are left for the caller."""
    view = np.zeros(1, VIEW)
    scale = frame.inner_height / camera.span
    column = column_pixels(camera, frame)
    view["left"], view["column"] = frame.left - camera.x * column, column
    view["top"], view["scale"] = frame.top - camera.y * scale, scale
    view["width"], view["height"] = frame.width, frame.height
    view["least"], view["radius"], view["sign"], view["seat"] = least, radius, sign, seat_sign
    view["ease"], view["margin"] = 1.0, MARGIN
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


def empty_counts() -> NDArray[Any]:
    """Room for a walk's report [1]."""
    return np.zeros(1, COUNTS)


def empty_spread() -> NDArray[np.float64]:
    """Room for the distribution of values: float64 [SPREAD_BINS]."""
    return np.zeros(SPREAD_BINS)


@inline
def _mean(stats, node, side):
    """Value of a node from the shown player's view; `side` is +1 where that player is to move."""
    if stats[node].lower == stats[node].upper:
        return side * np.float64(stats[node].lower)
    return side * stats[node].value_sum / max(1, stats[node].visits)


@inline
def _tone(looks, node, q):
    """What the colour of a node says: its value, or a lens."""
    if len(looks.tint) == 0:
        return q
    return np.float64(looks.tint[node]) if node < len(looks.tint) else np.nan


@inline
def _within(looks, node):
    """Marked nodes in a subtree."""
    return looks.within[node] if node < len(looks.within) else np.int32(0)


@inline
def _place(slots, at, up, node, edge, top, bottom, x):
    """A new slot under slot `up`: a stub until its caller makes it a node."""
    s = slots[at]
    s.node, s.up, s.edge = node, up, edge
    s.kind, s.outcome, s.visits, s.branches, s.marks = STUB, 0, 0, 0, 0
    s.depth = slots[up].depth + 1
    s.flags = slots[up].flags & (GREYED | FADED)  # below a pruned branch everything is dimmed
    s.x, s.top, s.bottom = x, top, bottom
    s.y = 0.5 * (top + bottom)
    s.radius, s.share, s.prior, s.reason = 0.0, 0.0, 0.0, 0
    s.q, s.raw, s.low, s.high = slots[up].q, slots[up].q, 1.0, -1.0
    s.tone = slots[up].tone


@inline
def _fill_node(slots, at, stats, facts, looks, main_line, path, side, log_all, view):
    """The facts of a visited node, for a slot that `_place` has made."""
    s = slots[at]
    node = s.node
    s.kind = NODE
    s.visits = stats[node].visits
    s.outcome = facts[node].outcome
    s.q = _mean(stats, node, side)
    s.raw = side * np.float64(facts[node].raw_value)
    s.tone = _tone(looks, node, np.float64(s.q))
    if s.depth < len(path):
        if main_line[s.depth] == node:
            s.flags |= ON_MAIN_LINE
        if path[s.depth] == node:
            s.flags |= ON_PATH
    if stats[node].lower == stats[node].upper:
        s.flags |= PROVEN
    if node < len(looks.marks) and looks.marks[node] != 0:
        s.flags |= MARKED
    room = room_of(stats, looks, node)
    if s.visits == 0 and room > 0:
        s.flags |= GHOST
    if is_closed(looks, view, node, s.reason) and room > 1:
        s.flags |= CLOSED
    # What the picture's edge cuts off does not pull a node out of sight.
    top, bottom = max(np.float64(s.top), 0.0), min(np.float64(s.bottom), view.height)
    if bottom > top:
        s.y = 0.5 * (top + bottom)
    radius = 2.2 + (view.radius - 2.2) * (math.log(1.0 + room) / log_all) ** 1.5
    widest = min(0.46 * (np.float64(s.bottom) - np.float64(s.top)), 0.4 * view.column * SHRINK**s.depth)
    s.radius = max(1.0, min(radius, widest))


@inline
def _add(slots, streaks, fold, streak, visits, q, tone, marks, bottom):
    """Add a branch to an open fold and to its open streak."""
    s, line = slots[fold], streaks[streak]
    s.visits += visits
    s.branches += 1
    s.marks += marks
    s.bottom = line.bottom = bottom
    s.q += q * visits
    line.visits += visits
    line.q += q * visits
    if tone == tone:
        line.tone += tone * visits
        line.weight += visits
        s.tone += tone * visits
        s.radius += visits  # for the mean; a fold has no disc
    s.low, s.high = min(s.low, q), max(s.high, q)


@inline
def _open_streak(slots, streaks, streak, fold, top, bottom):
    """Start the next line of a fold."""
    line = streaks[streak]
    line.slot, line.visits, line.q, line.tone, line.weight = fold, 0, 0.0, 0.0, 0
    line.x, line.top, line.bottom = slots[fold].x, top, bottom


@inline
def _close_run(slots, fold):
    """Turn the sums of values into their means, and put the fold into the middle of its run."""
    s = slots[fold]
    s.q /= max(1, s.visits)
    s.tone = s.tone / s.radius if s.radius > 0.0 else np.nan
    s.radius = 0.0
    s.y = 0.5 * (s.top + s.bottom)


@inline
def _branches(
    links, stats, facts, edge_prior, edge_child, edge_pruned, looks, main_line, path, view, slots, streaks, counts,
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
        seen = low > -view.margin and top < view.height + view.margin
        if child >= 0 or bundle == 0 or edge_pruned[e] != edge_pruned[e - 1]:
            bundle, bundle_top = 0, top
        big = low - (top if child >= 0 else bundle_top) >= (view.least if child >= 0 else LEAST_STUB)
        if child >= 0 and room_of(stats, looks, child) < view.below:
            big = False
        room = n + 2 < len(slots) and m + 2 < len(streaks)
        if child >= 0 and not big and seen:
            if fold < 0 and room:
                _place(slots, n, at, node, np.int32(-1), top, low, x)
                slots[n].kind, slots[n].q, slots[n].tone = FOLD, 0.0, 0.0
                fold = n
                n += 1
                _open_streak(slots, streaks, m, fold, top, low)
                m += 1
            elif fold >= 0 and room and top - np.float64(streaks[m - 1].top) >= 1.0:
                _open_streak(slots, streaks, m, fold, top, low)
                m += 1
            counts.folded += visits
            if fold >= 0:
                q = _mean(stats, child, side)
                _add(slots, streaks, fold, m - 1, visits, q, _tone(looks, child, q), _within(looks, child), low)
            continue
        if fold >= 0 and (child >= 0 or big):
            _close_run(slots, fold)
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
            slots[n].flags |= GREYED | FADED if is_late(edge_pruned[e]) else GREYED
            if not is_late(edge_pruned[e]):
                slots[n].flags &= ~FADED
        if child >= 0:
            slots[n].share = (visits - stats[child].borrowed) / max(1.0, slots[at].visits - 1.0)
            _fill_node(slots, n, stats, facts, looks, main_line, path, side, log_all, view)
        if not seen:
            slots[n].flags |= OUTSIDE
            slots[n].y = 0.5 * (top + low)
        n += 1
    if fold >= 0:
        _close_run(slots, fold)
    counts.slots, counts.streaks = n, m
    counts.shown += own


@kernel
def walk(
    links, stats, facts, edge_prior, edge_child, edge_pruned, looks, weights, stamps, main_line, path, views, slots,
    streaks, reports, spread, scratch,
):  # fmt: skip
    """Fill `slots` and `streaks` with everything visible, parents before children.

    Args:
        links, stats, facts, edge_prior, edge_child, edge_pruned: columns of a tree with at least the root.
        looks: `app.render.room.Looks`.
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
    root = np.int64(0)  # a literal would be compiled as a case of its own
    log_all = math.log(1.0 + max(2, room_of(stats, looks, root)))
    slots[0].up, slots[0].depth, slots[0].flags, slots[0].q, slots[0].tone = 0, -1, 0, 0.0, 0.0
    _place(slots, root, root, np.int32(0), np.int32(-1), view.top, view.top + view.scale, view.left)
    slots[0].up, slots[0].share, slots[0].prior = -1, 1.0, 1.0
    _fill_node(slots, root, stats, facts, looks, main_line, path, view.seat, log_all, view)
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
        begins = np.float64(s.x) if view.exact != 0 else x  # where its branches begin
        if links[s.node].num_edges == 0 or (room_of(stats, looks, s.node) <= 1 and height < LEAF_ROOM):
            counts.shown += s.visits
        elif (
            s.flags & CLOSED or height < 1.5 * view.least or begins > view.width + view.margin
            or s.depth + 2 >= len(path)
        ):  # fmt: skip
            counts.shown += min(1, s.visits)
            counts.folded += max(0, s.visits - 1)
            if counts.slots + 1 < len(slots) and counts.streaks + 1 < len(streaks):
                _whole_fold(
                    links, stats, edge_child, looks, slots, streaks, counts, at - 1, x, side * view.sign
                )  # fmt: skip
        else:
            fresh = stamps[s.node] != view.frame - 1
            stamps[s.node] = view.frame
            ease = 1.0 if fresh else view.ease
            total, way = weigh(
                links, stats, edge_prior, edge_child, edge_pruned, looks, view, weights, s.node, ease, scratch
            )
            if total > 0.0:
                s.flags |= EXPANDED
                counts.motion = max(counts.motion, way * height / total)
                _branches(
                    links, stats, facts, edge_prior, edge_child, edge_pruned, looks, main_line, path, view, slots,
                    streaks, counts, scratch, at - 1, total, x, side * view.sign, log_all,
                )  # fmt: skip
            else:
                counts.shown += s.visits


@inline
def _whole_fold(links, stats, edge_child, looks, slots, streaks, counts, at, x, side):
    """Everything below a slot as one fold; one that a person made also tells its branches and how values range."""
    n, m = counts.slots, counts.streaks
    node = slots[at].node
    top, bottom = np.float64(slots[at].top), np.float64(slots[at].bottom)
    _place(slots, n, at, node, np.int32(-1), top, bottom, x)
    s = slots[n]
    s.kind, s.visits = FOLD, max(0, slots[at].visits - 1)
    s.flags |= WHOLE
    s.low = s.high = s.q
    s.marks = _within(looks, node) - (1 if slots[at].flags & MARKED else 0)
    if slots[at].flags & CLOSED:
        s.flags |= CLOSED
        s.y = slots[at].y
        for e in range(links[node].first_edge, links[node].first_edge + np.int32(links[node].num_edges)):
            child = edge_child[e]
            if child >= 0:
                q = _mean(stats, child, side)
                s.branches += 1
                s.low, s.high = min(s.low, q), max(s.high, q)
        counts.slots = n + 1
        return
    _open_streak(slots, streaks, m, n, top, bottom)
    streaks[m].visits = streaks[m].weight = s.visits
    streaks[m].q, streaks[m].tone = s.q * s.visits, s.tone * s.visits
    counts.slots, counts.streaks = n + 1, m + 1
