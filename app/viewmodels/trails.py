"""How the search changed its mind: each action's share of the root's visits and its value, over simulations.

Fed after every event of the journal, so a recording shows the trails that were seen live. What is kept is bounded: a
long search is kept as far back as a short one, only coarser.
"""

import numpy as np
from numpy.typing import NDArray

from app.viewmodels.phrases import Phrases
from app.viewmodels.records import Trail, TrailsRecord
from engine.tree.choice import best_edge
from engine.tree.columns import ROOT, SearchTree

CAPACITY = 400
"""Moments kept; more than a chart has pixels to tell apart."""
MOST_SHOWN = 6
"""Trails shown; more lines than that cannot be followed."""
_UNSETTLED = 100
"""One in so many simulations is left out at the start, where single visits are large shares."""


class Trails:
    """Visits and values of the root's edges at up to `CAPACITY` moments of one root's search.

    Where there is no room for another moment, every second one is dropped and from then on moments are taken as far
    apart as those that are left.
    """

    def __init__(self) -> None:
        self._moments = np.zeros(CAPACITY, np.int64)
        self._visits = np.zeros((CAPACITY, 0), np.int32)
        self._values = np.zeros((CAPACITY, 0), np.float32)
        self._taken = 0
        self._interval = 1

    def __len__(self) -> int:
        return self._taken

    def restart(self) -> None:
        """Another state is the root; what is kept is about the old one's actions."""
        self._taken, self._interval = 0, 1

    def follow(self, tree: SearchTree) -> None:
        """Keep the present moment if it is time for one. Cheap enough to be called after every event."""
        if self._taken and tree.simulations < self._moments[self._taken - 1] + self._interval:
            return
        visits = root_visits(tree)
        if not visits.any():
            return
        if not self._taken:
            self._visits = np.zeros((CAPACITY, len(visits)), np.int32)
            self._values = np.zeros((CAPACITY, len(visits)), np.float32)
        elif self._taken == CAPACITY:
            self._thin()
        self._moments[self._taken], self._visits[self._taken] = tree.simulations, visits
        self._values[self._taken] = root_values(tree)
        self._taken += 1

    def up_to(self, tree: SearchTree) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float32]]:
        """All moments kept and the present one of `tree`.

        Returns:
            Simulations [M]; shares of the root's edges [M, A], each row sums to 1; their values [M, A] from the player
            to move at the root, NaN before a visit. There are no rows before the first visit of an action.
        """
        kept = slice(self._taken)
        moments, visits, values = self._moments[kept], self._visits[kept], self._values[kept]
        if self._taken and tree.simulations > moments[-1]:
            moments = np.append(moments, tree.simulations)
            visits = np.vstack((visits, root_visits(tree)))
            values = np.vstack((values, root_values(tree)))
        return moments, visits / visits.sum(axis=1, keepdims=True), values

    def _thin(self) -> None:
        half = CAPACITY // 2
        for column in (self._moments, self._visits, self._values):
            column[:half] = column[::2].copy()
        self._taken = half
        self._interval = int(self._moments[half - 1] - self._moments[0]) // (half - 1)


def root_visits(tree: SearchTree) -> NDArray[np.int32]:
    """Visits of each edge of the root, in the order of the edges; empty before the root is expanded."""
    if not tree.num_nodes:
        return np.zeros(0, np.int32)
    child = tree.edge_child[tree.edge_run(ROOT)]
    return np.where(child >= 0, tree.stats["visits"][np.maximum(child, 0)], 0).astype(np.int32)


def root_values(tree: SearchTree) -> NDArray[np.float32]:
    """Value found for each edge of the root, from the player to move there; NaN before a visit."""
    child = tree.edge_child[tree.edge_run(ROOT)]
    stats = tree.stats[np.maximum(child, 0)]
    return np.where(child >= 0, tree.sign * stats["value_sum"] / np.maximum(stats["visits"], 1), np.nan).astype(
        np.float32
    )


def trails_record(trails: Trails, tree: SearchTree, phrases: Phrases, *, stale: bool = False) -> TrailsRecord:
    """The trails worth showing: the best action's, intuition's favourite's, and those that had or have most visits."""
    moments, shares, values = trails.up_to(tree)
    if not len(moments):
        return TrailsRecord(stale=stale)
    shown = moments >= moments[0] + (moments[-1] - moments[0]) // _UNSETTLED
    moments, shares, values = moments[shown], shares[shown], values[shown]
    run = tree.edge_run(ROOT)
    prior = tree.priors[run].astype(np.float64)
    best, favourite = best_edge(tree, ROOT) - run.start, int(prior.argmax())
    standing = np.maximum(shares.mean(axis=0), shares[-1])
    ranked = (int(edge) for edge in np.argsort(-standing, kind="stable") if standing[edge] > 0)
    chosen = list(dict.fromkeys((best, favourite, *ranked)))[:MOST_SHOWN]
    choices = phrases.choices(tree.line)
    actions = tree.edge_action[run]
    return TrailsRecord(
        moments=tuple(moments.tolist()),
        trails=tuple(
            Trail(
                action=(action := int(actions[edge])),
                text=choices[action].text if action in choices else f"action {action}",
                prior=float(prior[edge]),
                shares=tuple(shares[:, edge].tolist()),
                values=tuple(None if value != value else value for value in values[:, edge].tolist()),
                is_best=edge == best,
                is_favourite=edge == favourite,
            )
            for edge in sorted(chosen, key=lambda edge: -shares[-1, edge])
        ),
        stale=stale,
    )
