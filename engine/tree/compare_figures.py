"""In what two trees of one position differ: node by node, and in a few figures.

A share is of all simulations of its own tree, so trees of different size can be compared. Q is from the player who
chooses the node (the one to move at its parent; at the root the one to move there).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.tree.columns import NO_NODE, ROOT, SearchTree
from engine.tree.compare import Side, Union
from engine.tree.explain import principal_variation

DRAWN_SHARE, DRAWN_Q = 0.05, 0.02
"""Two moves that differ by less, in visit share and in value, are not told apart by a search."""


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """One side's figures at every node of a union.

    Attributes:
        visits: int32 [N], those the parent counts; 0 = the side has not got the node.
        share: float32 [N], visits in parts of the root's. local_share: of the parent's.
        q: float32 [N], Q, proven values included. raw_value: float32 [N], intuition's value, the same view.
        prior: float32 [N]. The last three are NaN where the side has not got the node.
    """

    visits: NDArray[np.int32]
    share: NDArray[np.float32]
    local_share: NDArray[np.float32]
    q: NDArray[np.float32]
    raw_value: NDArray[np.float32]
    prior: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Differences:
    """A union's nodes, side by side.

    Attributes:
        a, b: figures of either side.
        balance: float32 [N], who looks there more, in parts of both shares: -1 = only A, 0 = alike, +1 = only B.
        effort: float32 [N], share of all simulations that B sends here from the node's parent and A does not, counted
            as far as both came to the parent; negative = A sends more.
        value: float32 [N], Q in B less Q in A, weighted by the smaller of the two shares; 0 where one has no Q.
    """

    a: Figures
    b: Figures
    balance: NDArray[np.float32]
    effort: NDArray[np.float32]
    value: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Choice:
    """A move at a divergence, as one tree sees it: visits, share of that node's visits, Q (None before a visit)."""

    visits: int
    share: float
    q: float | None


@dataclass(frozen=True, slots=True)
class Divergence:
    """Where the two main lines part.

    Attributes:
        node: of the union. ply: moves from the root to it. path: those moves.
        action_a, action_b: what either would play.
        a, b: what A thinks of the two moves, and what B does: (of action_a, of action_b).
    """

    node: int
    ply: int
    path: tuple[int, ...]
    action_a: int
    action_b: int
    a: tuple[Choice, Choice]
    b: tuple[Choice, Choice]


@dataclass(frozen=True, slots=True)
class Summary:
    """The comparison in figures.

    Attributes:
        simulations: of A and of B, in their trees. nodes: of A and of B.
        shared, only_a, only_b: nodes that both have, and that one has alone.
        line_a, line_b: principal variations. agreement: plies both begin with.
        divergence: None where the lines do not part (one may go on longer).
        root_distance: share in [0, 1] of the root's visits that would have to go to other moves for the two
            distributions to be the same. (total variation distance)
        value_a, value_b: of the root, from the player to move.
        identical: the same nodes with the same visits and sums.
    """

    simulations: tuple[int, int]
    nodes: tuple[int, int]
    shared: int
    only_a: int
    only_b: int
    line_a: tuple[int, ...]
    line_b: tuple[int, ...]
    agreement: int
    divergence: Divergence | None
    root_distance: float
    value_a: float
    value_b: float
    identical: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a deeper search of the divergence says.

    Attributes:
        sides_with: "a", "b", "neither" (it would play something else) or "undecided" (it hardly tells them apart).
        action: what it would play, -1 = nothing yet. simulations: it did.
        of_a, of_b: what it thinks of A's move and of B's.
    """

    sides_with: str
    action: int
    simulations: int
    of_a: Choice
    of_b: Choice


def differences(union: Union) -> Differences:
    """The figures of both sides at every node of a union."""
    a, b = _figures(union, union.a, union.in_a), _figures(union, union.b, union.in_b)
    both = a.share + b.share
    balance = np.divide(b.share - a.share, both, out=np.zeros_like(both), where=both > 0)
    parent = np.maximum(union.tree.links["parent"], ROOT)
    reached = np.minimum(a.share[parent], b.share[parent])
    effort = (b.local_share - a.local_share) * reached
    effort[ROOT] = 0.0
    value = np.nan_to_num(b.q - a.q) * np.minimum(a.share, b.share)
    return Differences(a, b, balance, effort, value)


def biggest(weights: NDArray[np.float32], count: int) -> NDArray[np.int32]:
    """The nodes with the largest differences, the largest first; those without any are left out: int32 [<= count]."""
    size = np.abs(weights)
    few = min(count, len(size))
    top = np.argpartition(-size, few - 1)[:few] if few else np.zeros(0, np.intp)
    top = top[np.lexsort((top, -size[top]))]
    return np.asarray(top[size[top] > 0], np.int32)


def summary(union: Union) -> Summary:
    """The comparison in figures."""
    a, b = union.a, union.b
    shared = int(np.count_nonzero((union.in_a >= 0) & (union.in_b >= 0)))
    agreement = 0
    for first, second in zip(a.main_line, b.main_line, strict=False):
        if first != second:
            break
        agreement += 1
    return Summary(
        simulations=(int(a.stats["visits"][ROOT]), int(b.stats["visits"][ROOT])),
        nodes=(a.num_nodes, b.num_nodes),
        shared=shared,
        only_a=a.num_nodes - shared,
        only_b=b.num_nodes - shared,
        line_a=a.main_line,
        line_b=b.main_line,
        agreement=agreement,
        divergence=_divergence(union, agreement),
        root_distance=_root_distance(union),
        value_a=float(_q(a.stats[:1])[0]),
        value_b=float(_q(b.stats[:1])[0]),
        identical=_identical(union, shared),
    )


def judge(tree: SearchTree, divergence: Divergence) -> Verdict:
    """What a search of the position of a divergence says of the two moves; `tree` begins there."""
    line = principal_variation(tree)
    of_a, of_b = (_choice_in(tree, action) for action in (divergence.action_a, divergence.action_b))
    best = line[0] if line else -1
    if best == -1 or (best in (divergence.action_a, divergence.action_b) and _alike(of_a, of_b)):
        word = "undecided"
    else:
        word = {divergence.action_a: "a", divergence.action_b: "b"}.get(best, "neither")
    visits = int(tree.stats["visits"][ROOT]) if tree.num_nodes else 0
    return Verdict(word, best, visits, of_a, of_b)


def _figures(union: Union, side: Side, places: NDArray[np.int32]) -> Figures:
    here = np.flatnonzero(places >= 0)
    there = places[here]
    nodes = union.tree.num_nodes
    columns = [np.full(nodes, np.nan, np.float32) for _ in range(3)]
    q, raw_value, prior = columns
    turn = np.where(here == ROOT, 1, side.sign)  # the root's own player chooses there; below it, the parent's
    q[here] = turn * _q(side.stats)[there]
    raw_value[here] = turn * side.facts["raw_value"][there]
    prior[here] = side.prior[there].view(np.float16)
    prior[ROOT] = 1.0
    visits = np.zeros(nodes, np.int32)
    own = side.stats["visits"] - side.stats["borrowed"]
    visits[here] = own[there]
    share = (visits / max(1, int(own[ROOT]))).astype(np.float32)
    counted = np.zeros(nodes, np.int64)
    counted[here] = side.stats["visits"][there]
    parent = np.maximum(union.tree.links["parent"], ROOT)
    local = (visits / np.maximum(1, counted[parent] - 1)).astype(np.float32)
    local[ROOT] = 1.0
    return Figures(visits, share, local, q, raw_value, prior)


def _q(stats: NDArray[np.void]) -> NDArray[np.float64]:
    """Values from the player to move at each node: proven, or means."""
    proven = stats["lower"] == stats["upper"]
    mean = stats["value_sum"] / np.maximum(1, stats["visits"])
    return np.asarray(np.where(proven, stats["lower"], mean), np.float64)


def _identical(union: Union, shared: int) -> bool:
    a, b = union.a, union.b
    if not a.num_nodes == b.num_nodes == shared:
        return False
    other = b.stats[union.in_b]
    return all(np.array_equal(a.stats[name], other[name]) for name in ("visits", "value_sum", "draw_sum"))


def _root_distance(union: Union) -> float:
    children = union.tree.edge_child[union.tree.edge_run(ROOT)]
    shares = []
    for side, places in ((union.a, union.in_a), (union.b, union.in_b)):
        own = np.where(places[children] >= 0, (side.stats["visits"] - side.stats["borrowed"])[places[children]], 0)
        shares.append(own / max(1, int(own.sum())))
    return float(0.5 * np.abs(shares[0] - shares[1]).sum())


def _divergence(union: Union, agreement: int) -> Divergence | None:
    a, b = union.a, union.b
    if agreement >= min(len(a.main_line), len(b.main_line)):
        return None
    node = ROOT
    path = a.main_line[:agreement]
    for action in path:
        node = _child(union, node, action)
    moves = (a.main_line[agreement], b.main_line[agreement])
    in_a = tuple(_choice(union, a, union.in_a, node, action) for action in moves)
    in_b = tuple(_choice(union, b, union.in_b, node, action) for action in moves)
    return Divergence(node, agreement, path, *moves, (in_a[0], in_a[1]), (in_b[0], in_b[1]))


def _child(union: Union, node: int, action: int) -> int:
    edge = union.tree.edge_of(node, action)
    return int(union.tree.edge_child[edge]) if edge >= 0 else NO_NODE


def _choice(union: Union, side: Side, places: NDArray[np.int32], node: int, action: int) -> Choice:
    child = _child(union, node, action)
    place = int(places[child]) if child >= 0 else NO_NODE
    if place < 0:
        return Choice(0, 0.0, None)
    own = side.stats[place]
    counted = int(side.stats["visits"][places[node]]) - 1
    visits = int(own["visits"]) - int(own["borrowed"])
    return Choice(visits, visits / max(1, counted), float(side.sign * _q(side.stats[place : place + 1])[0]))


def _choice_in(tree: SearchTree, action: int) -> Choice:
    """An action of the root of any tree."""
    edge = tree.edge_of(ROOT, action) if tree.num_nodes else -1
    child = int(tree.edge_child[edge]) if edge >= 0 else NO_NODE
    if child < 0:
        return Choice(0, 0.0, None)
    own = tree.stats[child]
    visits = int(own["visits"]) - int(own["borrowed"])
    counted = max(1, int(tree.stats["visits"][ROOT]) - 1)
    return Choice(visits, visits / counted, float(tree.sign * _q(tree.stats[child : child + 1])[0]))


def _alike(first: Choice, second: Choice) -> bool:
    if first.q is None or second.q is None:
        return False
    return abs(first.share - second.share) < DRAWN_SHARE and abs(first.q - second.q) < DRAWN_Q
