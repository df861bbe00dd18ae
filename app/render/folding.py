"""What a person folded, by hand and by rule. A frozen record and functions on it; no drawing in here.

A folded node is drawn, and all that is below it is one wedge that carries its visits: nothing is lost from the count.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

FOLDED, OPENED = 1, 2
"""States of a node in a column of folds; 0 = as the rules say."""


@dataclass(frozen=True, slots=True)
class FoldRules:
    """Which branches are folded.

    Attributes:
        by_hand: nodes that a person folded. opened: nodes that a person opened although the rule folds them.
        pruned: what is below a pruned branch is folded.
        below: branches with fewer visits than this are folded together, however large they are drawn; 0 = none.
    """

    by_hand: frozenset[int] = frozenset()
    opened: frozenset[int] = frozenset()
    pruned: bool = False
    below: int = 0


NO_FOLDS = FoldRules()


def with_closed(rules: FoldRules, node: int) -> FoldRules:
    """`node` is folded."""
    return replace(rules, by_hand=rules.by_hand | {node}, opened=rules.opened - {node})


def with_opened(rules: FoldRules, node: int, *, is_ruled: bool) -> FoldRules:
    """`node` is open; `is_ruled`: a rule would fold it."""
    opened = rules.opened | {node} if is_ruled else rules.opened - {node}
    return replace(rules, by_hand=rules.by_hand - {node}, opened=opened)


def followed(rules: FoldRules, mapping: NDArray[np.int32]) -> FoldRules:
    """The same folds after nodes got the numbers that `mapping` [nodes before] gives; -1 = gone."""
    return replace(rules, by_hand=_moved(rules.by_hand, mapping), opened=_moved(rules.opened, mapping))


def folding_words(before: FoldRules, after: FoldRules) -> str:
    """What a person did who turned one into the other, as a menu says it."""
    if after == NO_FOLDS:
        return "unfold everything"
    if before.pruned != after.pruned:
        return "fold pruned branches" if after.pruned else "unfold pruned branches"
    if before.below != after.below:
        return f"fold below {after.below:,} visits" if after.below else "unfold small branches"
    return "fold a branch" if after.by_hand - before.by_hand or before.opened - after.opened else "unfold a branch"


def fold_column(rules: FoldRules) -> NDArray[np.uint8]:
    """The state of every node up to the last that has one: uint8."""
    nodes = rules.by_hand | rules.opened
    column = np.zeros(max(nodes) + 1 if nodes else 0, np.uint8)
    column[sorted(rules.by_hand)] = FOLDED
    column[sorted(rules.opened)] = OPENED
    return column


def _moved(nodes: frozenset[int], mapping: NDArray[np.int32]) -> frozenset[int]:
    places = (int(mapping[node]) for node in nodes if node < len(mapping))
    return frozenset(place for place in places if place >= 0)
