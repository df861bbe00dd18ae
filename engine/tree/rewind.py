"""Kernels that take a tree back to an earlier moment, or forward again: rows made and unmade, values backed up.

`now` columns are those of the present tree, the others belong to the past one (`engine.tree.past`). `value` and `draw`
are those of the epoch's simulations, of which the first has number `first_number`.
"""

import numpy as np

from engine.compiled import kernel

SUMS = np.dtype([("node", "<i4"), ("visits", "<i4"), ("borrowed", "<i4"), ("value_sum", "<f8"), ("draw_sum", "<f8")])
"""What simulations change of a node; packed, 28 bytes."""


@kernel
def append_nodes(
    links, stats, facts, edge_child, now_links, now_stats, now_facts, value, draw, first_number, first, end
):
    """Make the rows `first .. end` as they are when a node is born, before anything is backed up, and link them."""
    for node in range(first, end):
        links[node] = now_links[node]
        facts[node] = now_facts[node]
        link, stat, fact = links[node], stats[node], facts[node]
        row = now_stats[node].birth - first_number
        link.visited_edges = np.uint16(0)
        fact.raw_value = value[row]  # intuition may have been replaced since
        fact.raw_draw = draw[row]
        fact.distance = np.uint8(0)
        stat.visits = 0
        stat.borrowed = 0
        stat.birth = now_stats[node].birth
        stat.in_flight = np.uint16(0)
        stat.lower = np.int8(-1)
        stat.upper = np.int8(1)
        if fact.outcome != 0:
            stat.lower = np.int8(value[row])
            stat.upper = np.int8(value[row])
        stat.value_sum = 0.0
        stat.draw_sum = 0.0
        if link.parent >= 0:
            up = links[link.parent]
            edge_child[link.parent_edge] = node
            offset = link.parent_edge - up.first_edge + 1
            if offset > up.visited_edges:
                up.visited_edges = np.uint16(offset)


@kernel
def remove_nodes(links, edge_child, floors, first, end):
    """Unlink the nodes `end .. first`, last first. `floors`: the least that `visited_edges` of each node can be."""
    for node in range(first - 1, end - 1, -1):
        link = links[node]
        if link.parent < 0:
            continue
        edge_child[link.parent_edge] = -1
        up = links[link.parent]
        visited = np.int64(up.visited_edges)
        if link.parent >= end or link.parent_edge - up.first_edge + 1 != visited:
            continue
        while visited > floors[link.parent] and edge_child[up.first_edge + visited - 1] < 0:
            visited -= 1
        up.visited_edges = np.uint16(visited)


@kernel
def restore_sums(stats, base, value, draw, first_number, first, end, rows):
    """Set the sums of the nodes `first .. end`: as in `base`, or as after one visit; then those of `rows`, in order."""
    for node in range(first, end):
        stat = stats[node]
        if node < len(base):
            stat.visits = base[node].visits
            stat.borrowed = base[node].borrowed
            stat.value_sum = base[node].value_sum
            stat.draw_sum = base[node].draw_sum
        else:
            row = stat.birth - first_number
            stat.visits = 1
            stat.borrowed = 0
            stat.value_sum = 0.0 + np.float64(value[row])  # as the fold adds: -0 becomes 0
            stat.draw_sum = 0.0 + np.float64(draw[row])
    for i in range(len(rows)):
        sums = rows[i]
        stat = stats[sums.node]
        stat.visits = sums.visits
        stat.borrowed = sums.borrowed
        stat.value_sum = sums.value_sum
        stat.draw_sum = sums.draw_sum


@kernel
def back_up(stats, now_links, sign, leaf, value, draw, done, loans, undo, ends, skipped):
    """Back up simulations `done + 1 ..` exactly as `engine.tree.fold` adds them.

    `loans`: int64 [L, 3]: after so many simulations, up to so many, they were lent to this edge. The sums that all but
    the first `skipped` simulations change are written to `undo` before they do; `ends` [i] = rows of it after the i-th.
    """
    loan, kept = 0, 0
    for i in range(len(leaf)):
        while loan < len(loans) and loans[loan, 1] <= done + i:
            loan += 1
        branch = np.int64(-1)
        if loan < len(loans) and loans[loan, 0] <= done + i:
            branch = loans[loan, 2]
        node = leaf[i]
        v, d = np.float64(value[i]), np.float64(draw[i])
        while node >= 0:
            passed, link = stats[node], now_links[node]
            if i >= skipped:
                row = undo[kept]
                row.node = node
                row.visits = passed.visits
                row.borrowed = passed.borrowed
                row.value_sum = passed.value_sum
                row.draw_sum = passed.draw_sum
                kept += 1
            passed.visits += 1
            passed.value_sum += v
            passed.draw_sum += d
            if branch >= 0 and link.parent_edge == branch:
                passed.borrowed += 1
                break
            v *= sign
            node = link.parent
        if i >= skipped:
            ends[i - skipped] = kept


@kernel
def mark_paths(links, leaf, marks):
    """Mark every node between the root and any of `leaf`, in `marks` uint8 [nodes], which is 0 at first."""
    for i in range(len(leaf)):
        node = leaf[i]
        while node >= 0 and marks[node] == 0:
            marks[node] = 1
            node = links[node].parent
