"""Intuition by playing on at random: a state is worth what random games from it end in.

The evaluation of the first Monte Carlo tree searches (R. Coulom, "Efficient Selectivity and Backup Operators in
Monte-Carlo Tree Search", 2006; with the UCB rule: L. Kocsis and C. Szepesvári, "Bandit Based Monte-Carlo Planning",
2006). It needs no network and knows nothing: a baseline that shows what an intuition is worth.
"""

import numpy as np
from numpy.typing import NDArray

from engine.domains.base import Rules
from engine.search.evaluator import Evaluation, Leaves

_WIN_DRAW_LOSS = np.array([1, 0, -1], np.int8)


class RolloutEvaluator:
    """Equal priors; win, draw and loss are counted over random games from each leaf.

    The games are drawn from `seed` in the order of the leaves: the same leaves in the same order get the same answers,
    however they are cut into batches, but a leaf that is asked about twice gets other games the second time.

    A game that is not over after `max_plies` is a draw between two players. A problem for one is then not solved: that
    is worth as little as its worst outcome, and never more than a draw.
    """

    weights_hash = ""
    device = "none"
    fmt: str | None = None

    def __init__(self, rules: Rules, seed: int, max_plies: int = 512, playouts: int = 1) -> None:
        """Prepare.

        Args:
            seed: at least 0.
            max_plies: actions of a game at most, at least 0.
            playouts: games from each leaf.

        Raises:
            ValueError: `playouts` is not positive, or `max_plies` is negative.
        """
        if playouts < 1 or max_plies < 0:
            raise ValueError(f"{playouts} playouts of at most {max_plies} plies: expected at least 1 of at least 0")
        self.name = f"random playouts ({playouts} a leaf)"
        self._rules, self._random = rules, np.random.PCG64(seed)
        self._max_plies, self._playouts = max_plies, playouts
        self._worth = np.array([kind.value for kind in rules.outcomes], np.int8)
        if rules.num_players == 1:
            self._worth[0] = self._worth.min()

    def evaluate(self, leaves: Leaves) -> Evaluation:
        """Zero logits, and the shares of games won, drawn and lost by the player to move."""
        return self.evaluate_from(leaves, self._random.random_raw(len(leaves.states) * self._playouts))

    def evaluate_from(self, leaves: Leaves, seeds: NDArray[np.uint64]) -> Evaluation:
        """Like `evaluate`, with the games drawn from `seeds`, one for each game [B * playouts]."""
        states = np.repeat(leaves.states, self._playouts) if self._playouts > 1 else leaves.states
        outcomes, plies = self._rules.playouts(states, seeds, self._max_plies)
        values = self._worth[outcomes]
        if self._rules.num_players == 2:
            values = np.where(plies & 1, -values, values)  # from the player to move at the end to him at the leaf
        ends = values.reshape(-1, self._playouts, 1) == _WIN_DRAW_LOSS
        wdl: NDArray[np.float32] = ends.sum(1, dtype=np.float32) / np.float32(self._playouts)
        return Evaluation(np.zeros(len(leaves.actions), np.float32), wdl)
