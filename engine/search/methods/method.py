"""What a method is: the part of a search that decides where the next simulations go, and what is given up."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.tree.columns import SearchTree
from engine.tree.events import Prune, PruneReason, pack


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """Leaves to visit; they are in flight in the tree until `engine.search.select.settle`.

    Attributes:
        parent, edge: int32 [n], as in `engine.tree.events.Simulations`; none where nothing can be visited before what
            is in flight has landed, or nothing is left at all.
        collisions: descents given up because they met a leaf in flight.
        prunes: branches given up on the way.
    """

    parent: NDArray[np.int32]
    edge: NDArray[np.int32]
    collisions: int = 0
    prunes: tuple[Prune, ...] = ()


class Method(Protocol):
    """Deals out simulations over one tree. It reads the tree; what it decides, the search writes to the journal."""

    def begin(self, tree: SearchTree, budget: int | None) -> None:
        """A run begins: `budget` simulations will follow, or an unknown number.

        Raises:
            ValueError: the method needs to know its budget.
        """
        ...

    def gather(self, tree: SearchTree, want: int) -> Gathered:
        """At most `want` leaves of a tree whose root has been evaluated."""
        ...

    def landed(self, tree: SearchTree, left: int | None) -> tuple[Prune, ...]:
        """What is given up now that a batch is in the tree; `left`: simulations of the run still to come."""
        ...

    def finish(self, tree: SearchTree) -> tuple[Prune, ...]:
        """The run has come to its end: what the final choice gives up."""
        ...


def prune_of(
    tree: SearchTree, edges: NDArray[np.integer], reason: PruneReason, evidence: NDArray[np.generic]
) -> tuple[Prune, ...]:
    """The event that cuts `edges` [k] now, or none where there are none."""
    if not len(edges):
        return ()
    return (Prune(tree.simulations, pack(edges, "<i4"), bytes([reason]) * len(edges), pack(evidence, "<f4")),)
