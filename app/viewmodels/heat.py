"""Layers under the pieces: where intuition would go, and where all simulations of the whole tree went."""

import numpy as np
from numpy.typing import NDArray

from app.viewmodels.phrases import Phrases
from app.viewmodels.records import CandidatesRecord, HeatRecord
from engine.domains.base import Choice
from engine.tree.columns import ROOT, SearchTree

LAYERS = ("", "prior", "tree")
"""No layer; destinations of the root's actions by prior; those of every move of the tree by visits."""
LAYER_WORDS = {
    "": "No layer on the board.",
    "prior": "Layer: where intuition would go, by prior. (policy)",
    "tree": "Layer: where the moves of the whole tree end, by visits. (heat map)",
}
_WORTH_COUNTING = 1.02
"""A tree has to have grown by this factor before its heat is worked out anew."""


def prior_heat(candidates: CandidatesRecord, choices: dict[int, Choice], cells: int) -> HeatRecord:
    """Priors of the root's actions, added up by the cell they end on; the hottest cell is 1."""
    heat = np.zeros(cells)
    for row in candidates.rows:
        if row.action in choices:
            heat[choices[row.action].target] += row.prior
    return _record("prior", heat)


class TreeHeat:
    """The heat of one tree, remembered until it has grown."""

    def __init__(self) -> None:
        self._tree: SearchTree | None = None
        self._nodes = 0
        self._heat = HeatRecord()

    def of(self, tree: SearchTree, phrases: Phrases) -> HeatRecord:
        """Visits of all nodes but the root, added up by the cell that the move to them ends on; the hottest is 1."""
        nodes = tree.num_nodes
        has_grown = nodes < self._nodes or nodes >= self._nodes * _WORTH_COUNTING
        if tree is not self._tree or has_grown:
            self._tree, self._nodes = tree, nodes
            self._heat = _record("tree", tree_heat(tree, phrases))
        return self._heat


def tree_heat(tree: SearchTree, phrases: Phrases) -> NDArray[np.float64]:
    """Visits by destination: float64 [cells]. An action that may end on several cells is shared among them."""
    card = phrases.card(tree.line)
    heat = np.zeros(card.rows * card.columns)
    nodes = np.arange(ROOT + 1, tree.num_nodes)
    actions = tree.edge_action[tree.links["parent_edge"][nodes]].astype(np.int64)
    visits = tree.stats["visits"][nodes].astype(np.float64)
    movers = (card.to_move + tree.facts["depth"][nodes].astype(np.int64) - 1) % tree.num_players
    for mover in range(tree.num_players):
        ends = phrases.notation.destinations(mover)
        if not ends:
            continue
        mine = movers == mover
        counts = np.bincount(actions[mine], weights=visits[mine], minlength=len(ends))
        for action in np.flatnonzero(counts).tolist():
            heat[list(ends[action])] += counts[action] / len(ends[action])
    return heat


def _record(kind: str, heat: NDArray[np.float64]) -> HeatRecord:
    hottest = float(heat.max(initial=0.0))
    return HeatRecord(kind, tuple(float(value) for value in heat / hottest)) if hottest > 0 else HeatRecord()
