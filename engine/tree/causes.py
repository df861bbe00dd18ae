"""Where does this Q come from? The simulations that moved the mean value of a node, and by how much each.

Between two moments a node's mean goes from `Q` over `n` visits to `Q'` over `n'`. Since `n' Q' = n Q + sum(v)` over the
values `v` of the visits between,

    Q' - Q = sum((v - Q) / n')

so every simulation has a share of the change, and the shares add up to it: over all, and over those that went through
one child or another. A node that was born in between begins with its own evaluation, the raw value.

All values are from the player to move at the node that is asked about, further down the tree too.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.tree.carried import Carried, carry_up
from engine.tree.columns import SearchTree
from engine.tree.compaction import subtree_of
from engine.tree.contributions import Contributions, base, contributions
from engine.tree.history import History

Values = NDArray[np.float64]

_DEEPEST = 24
"""Links of a chain, at most."""
_CARRIES = 0.25
"""A chain goes on down while one child carries so much of what its parent does."""
_SETTLED = 8
"""Visits before which every evaluation is a change of mind; so are all among the first square root of many visits."""
_SPAN = 1.1
"""A change of mind is looked for in spans over which the visits grow by this factor."""


@dataclass(frozen=True, slots=True)
class Link:
    """A branch below the node asked about, and what it did to its mean.

    Attributes:
        node: top of the branch.
        visits: simulations through it between the two moments, as far as they count at the node asked about.
        mean: what those found on average.
        share: what they did to the mean of the node asked about; siblings' shares and `Causes.own` add up.
    """

    node: int
    visits: int
    mean: float
    share: float


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One simulation that counted at the node: its number, where it ended, what it found and what that did."""

    simulation: int
    leaf: int
    value: float
    share: float


@dataclass(frozen=True, slots=True)
class Swing:
    """A change of mind: over the simulations `first` to `last` the mean went from `before` to `after`."""

    first: int
    last: int
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Causes:
    """Why the mean of `node` changed.

    Attributes:
        since, until: the two moments, in simulations done.
        before, after: the mean at each, and visits_before, visits how many it was over. Where there were no visits
            before, `before` is the node's own evaluation, found by simulation `since + 1`.
        own: what simulations did that ended at the node itself.
        branches: children that were visited in between, the greatest share first.
        chain: down from the node, the child that did most in the direction of the change.
        evaluations: the single simulations below the end of the chain that did most in the direction of the change, the
            greatest share first.
        swings: the greatest changes of mind, the greatest first.
    """

    node: int
    since: int
    until: int
    before: float
    after: float
    visits_before: int
    visits: int
    own: float
    branches: tuple[Link, ...]
    chain: tuple[Link, ...]
    evaluations: tuple[Evaluated, ...]
    swings: tuple[Swing, ...]

    @property
    def change(self) -> float:
        """What there is to explain; `own` and the shares of the branches add up to it."""
        return self.after - self.before


def causes(history: History, node: int, since: int | None = None, until: int | None = None, most: int = 3) -> Causes:
    """What moved the mean of `node`, which is in the tree at moment `until`.

    Args:
        since: None = its birth, or the first moment of the present epoch, which knows of earlier visits but their sum.
        until: None = the present.
        most: evaluations and changes of mind that are listed.
    """
    until = history.last if until is None else until
    earlier = contributions(history, node, None, since) if since is not None else None
    found = contributions(history, node, since, until)
    visits, total, _ = base(history, node)
    if earlier is not None:
        visits, total = visits + len(earlier.value), total + float(earlier.value.sum())
    since = history.first if since is None else max(since, history.first)
    if not visits and len(found.value):
        since = int(found.simulation[0]) - 1
    return explained(history.tree, node, found, (visits, total), (since, until), most)


def explained(
    tree: SearchTree,
    node: int,
    found: Contributions,
    begun: tuple[int, float],
    moments: tuple[int, int],
    most: int = 3,
) -> Causes:
    """As `causes`, of simulations that are at hand.

    Args:
        found: those that count at the node, in order. begun: visits before them, and the sum of their values.
    """
    visits = begun[0] + len(found.value)
    before = begun[1] / begun[0] if begun[0] else (float(found.value[0]) if len(found.value) else np.nan)
    share = (found.value - before) / max(1, visits)
    carried = carry_up(tree, node, found.leaf, found.value, share)
    after = before + float(share.sum())
    branches = _branches(tree, node, carried)
    chain = _chain(tree, branches, after - before, carried)
    inside = np.arange(len(share))
    if chain:
        inside = np.flatnonzero(subtree_of(tree, chain[-1].node)[found.leaf])
    strongest = inside[_largest(share[inside] if after >= before else -share[inside], most)]
    return Causes(
        node=node,
        since=moments[0],
        until=moments[1],
        before=before,
        after=after,
        visits_before=begun[0],
        visits=visits,
        own=float(share[found.leaf == node].sum()),
        branches=tuple(branches),
        chain=chain,
        evaluations=tuple(
            Evaluated(int(found.simulation[i]), int(found.leaf[i]), float(found.value[i]), float(share[i]))
            for i in strongest
            if share[i] * (after - before) > 0.0
        ),
        swings=_swings(found, begun, most),
    )


def _largest(numbers: Values, most: int) -> NDArray[np.int64]:
    """Places of the largest of `numbers`, at most `most`, the largest first; of equals the earlier."""
    if len(numbers) > most:
        least = np.partition(numbers, len(numbers) - most)[len(numbers) - most]
        places = np.flatnonzero(numbers >= least)
        return places[np.argsort(-numbers[places], kind="stable")[:most]]
    return np.argsort(-numbers, kind="stable")


def _branches(tree: SearchTree, node: int, carried: Carried) -> list[Link]:
    """The children of `node` that some of the simulations went through, the greatest share first."""
    child = tree.edge_child[tree.edge_run(node)]
    child = child[child >= 0]
    links = [
        Link(int(k), int(carried.count[k]), float(carried.value[k] / carried.count[k]), float(carried.share[k]))
        for k in child[carried.count[child] > 0]
    ]
    return sorted(links, key=lambda link: -abs(link.share))


def _chain(tree: SearchTree, branches: list[Link], change: float, carried: Carried) -> tuple[Link, ...]:
    """Down from `branches`, always the one that did most of what the one above did, while it did enough of it."""
    chain: list[Link] = []
    while branches and len(chain) < _DEEPEST:
        best = max(branches, key=lambda link: link.share if change >= 0 else -link.share)
        if best.share * change <= 0 or abs(best.share) < _CARRIES * abs(change):
            break
        chain.append(best)
        change, branches = best.share, _branches(tree, best.node, carried)
    return tuple(chain)


def _swings(found: Contributions, begun: tuple[int, float], most: int) -> tuple[Swing, ...]:
    """The spans of a tenth of all visits so far over which the mean changed most."""
    first, last = begun[0] + 1, begun[0] + len(found.value)  # visits after the first and the last of them
    visits = [max(first, _SETTLED, math.isqrt(last))]
    while visits[-1] < last:
        visits.append(min(last, math.ceil(visits[-1] * _SPAN)))
    if len(visits) < 2:
        return ()
    edges = np.array(visits) - first
    mean = ((begun[1] + np.cumsum(found.value))[edges]) / visits
    change = np.diff(mean)
    return tuple(
        Swing(
            first=int(found.simulation[edges[k] + 1]),
            last=int(found.simulation[edges[k + 1]]),
            before=float(mean[k]),
            after=float(mean[k + 1]),
        )
        for k in np.argsort(-np.abs(change), kind="stable")[:most]
        if change[k] != 0.0
    )
