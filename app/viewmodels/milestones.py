"""What happened in a search, and when: the events that a person jumps to, and how many branches were cut over time.

Fed after every event of the journal, like the trails, so a recording has the milestones that were seen live. What is
kept is bounded: the oldest are dropped where there are too many, and counts become coarser.
"""

from collections import deque
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from engine.tree.choice import best_edge
from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import Boost, Bounds, Event, Prune, PruneReason, Reevaluate, Switch

MOST = 600
"""Milestones kept."""
BINS = 400
"""Stretches of simulations that cuts are counted in."""


class Kind(Enum):
    """What a milestone is; the value is its name in records."""

    FLIP = "flip"
    """Another action is best."""
    PROOF = "proof"
    """The root's value, or one of its actions', was proven."""
    STEER = "steer"
    """A person did something to a branch."""
    SWITCH = "switch"
    """Another generation or other settings from here on."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """One of them.

    Attributes:
        at: simulations done when it was seen; a flip happened within the batch that ends there.
        action: of the root that it is about, -1 = none. before: for a flip the action that was best until then.
        text: of a switch, whose intuition is used now.
    """

    at: int
    kind: Kind
    action: int = -1
    before: int = -1
    text: str = ""


class Milestones:
    """Milestones of the present root's search, oldest first."""

    def __init__(self) -> None:
        self.all: deque[Milestone] = deque(maxlen=MOST)
        self._best = -1
        self._first = self._width = 0
        self._cuts = np.zeros(BINS, np.int64)
        self._proven: set[int] = set()

    def restart(self, tree: SearchTree) -> None:
        """Another state is the root."""
        self.all.clear()
        self._proven.clear()
        self._best, self._first, self._width = -1, tree.simulations, 0
        self._cuts[:] = 0

    def follow(self, event: Event, tree: SearchTree) -> None:
        """Take notice of an event that `tree` has just taken in."""
        match event:
            case Prune():
                self._cut(event, tree)
            case Bounds():
                self._prove(event, tree)
            case Boost() | Reevaluate():
                self._add(Milestone(tree.simulations, Kind.STEER, _action_at_root(event, tree)))
            case Switch():
                self._add(Milestone(tree.simulations, Kind.SWITCH, text=event.generation))
            case _:
                pass
        self._notice_best(tree)

    def cuts(self, last: int) -> tuple[int, int, NDArray[np.int64]]:
        """Branches cut over time: the first simulation, simulations a bin holds, and counts [bins up to `last`]."""
        width = max(self._width, 1)
        return self._first, width, self._cuts[: min((last - self._first) // width + 1, BINS)]

    def _add(self, milestone: Milestone) -> None:
        if not self.all or self.all[-1] != milestone:
            self.all.append(milestone)

    def _notice_best(self, tree: SearchTree) -> None:
        if not tree.num_nodes or int(tree.stats["visits"][ROOT]) < 2:
            return
        edge = best_edge(tree, ROOT)
        action = int(tree.edge_action[edge]) if edge >= 0 else -1
        if action != self._best:
            if self._best >= 0:
                self._add(Milestone(tree.simulations, Kind.FLIP, action, self._best))
            self._best = action

    def _cut(self, event: Prune, tree: SearchTree) -> None:
        if not self._width:
            self._width = 64
        while tree.simulations - self._first >= self._width * BINS:
            half = self._cuts.reshape(-1, 2).sum(axis=1)
            self._cuts[:] = 0
            self._cuts[: len(half)] = half
            self._width *= 2
        reasons = np.frombuffer(event.reason, np.uint8)
        self._cuts[(tree.simulations - self._first) // self._width] += len(reasons)
        if (reasons == PruneReason.BY_HAND).any():
            self._add(Milestone(tree.simulations, Kind.STEER, _action_at_root(event, tree)))

    def _prove(self, event: Bounds, tree: SearchTree) -> None:
        """Only what is proven of the root and of its actions; below them proofs are many."""
        nodes = np.frombuffer(event.node, "<i4")
        near = nodes[tree.links["parent"][nodes] <= ROOT]
        for node in near[tree.stats["lower"][near] == tree.stats["upper"][near]].tolist():
            if node not in self._proven:
                self._proven.add(node)
                edge = int(tree.links["parent_edge"][node])
                self._add(Milestone(tree.simulations, Kind.PROOF, -1 if edge < 0 else int(tree.edge_action[edge])))


def _action_at_root(event: Prune | Boost | Reevaluate, tree: SearchTree) -> int:
    """The root's action that an act of a person lies below, -1 = the root itself."""
    if isinstance(event, Reevaluate):
        path = tree.path(event.node)
    else:
        edge = event.edge if isinstance(event, Boost) else int(np.frombuffer(event.edge, "<i4")[0])
        path = (*tree.path(tree.owner(edge)), int(tree.edge_action[edge]))
    return path[0] if path else -1
