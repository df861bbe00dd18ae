"""Exact knowledge at the leaves: who knows how a state ends although play goes on (endgame tables, solvers).

The search asks about the new states of a batch, except roots: a root that counted as ended would have no actions. What
an oracle knows is an end like those of the rules: proven, carried up, never evaluated.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Oracle(Protocol):
    """Knows the outcome of some states. The answer must be exact: proofs are built on it.

    Attributes:
        name: for people, e.g. "Syzygy, up to 5 pieces"; "" for the one that knows nothing.
    """

    name: str

    def probe(self, states: NDArray[np.void]) -> NDArray[np.uint8]:
        """Outcomes [B] of `states` [B]: indices into `Rules.outcomes`; 0 = not known, or in play.

        Raises:
            ValueError: what the oracle reads from is damaged; the message names it.
        """
        ...


class NoOracle:
    """Knows nothing."""

    name = ""

    def probe(self, states: NDArray[np.void]) -> NDArray[np.uint8]:
        """0 for every state."""
        return np.zeros(len(states), np.uint8)
