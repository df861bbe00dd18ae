"""Matches that were never played: pairs drawn from a distribution, to see how often the statistics are right.

The games of a pair share an opening that favours whoever moves first, more or less, so they are no independent games.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arena.elo import score_of_elo
from engine.arena.outcomes import nu_of, outcome_shares
from engine.arena.sprt import Sprt, log_likelihood_ratios
from engine.arena.stopping import Walk

_STEPS = np.linspace(-3.0, 3.0, 41)  # of the openings' advantages, in standard deviations
_WEIGHTS = np.exp(-0.5 * _STEPS**2) / np.exp(-0.5 * _STEPS**2).sum()
_FARTHEST = 3000.0
_HALVINGS = 50


@dataclass(frozen=True, slots=True)
class Games:
    """What games are like.

    Attributes:
        draws: share of draws between equals in a level opening.
        opening_elo: standard deviation of the advantage of having the first move. first_move_elo: its mean.
    """

    draws: float
    opening_elo: float = 0.0
    first_move_elo: float = 0.0

    def strength(self, elo: float) -> float:
        """The advantage in every single game with which the score over all openings is that of `elo`."""
        low, high = -_FARTHEST, _FARTHEST
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            is_short = float(self._shares_at(middle) @ np.linspace(0.0, 1.0, 5)) < score_of_elo(elo)
            low, high = (middle, high) if is_short else (low, middle)
        return 0.5 * (low + high)

    def pair_shares(self, elo: float) -> NDArray[np.float64]:
        """How often each of the five results of a pair comes for a player who is so much stronger: [5]."""
        return self._shares_at(self.strength(elo))

    def _shares_at(self, strength: float) -> NDArray[np.float64]:
        advantage, nu = self.first_move_elo + self.opening_elo * _STEPS, nu_of(self.draws)
        first, second = outcome_shares(strength + advantage, nu), outcome_shares(strength - advantage, nu)
        both = np.einsum("o,oi,oj->ij", _WEIGHTS, first, second)
        return np.array([np.trace(both[:, ::-1], place) for place in range(2, -3, -1)])

    def draw_meetings(
        self, strengths: NDArray[np.float64], pairs: int, random: np.random.Generator
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Points of A, doubled, in the games in which it moved first and in those in which it did not: [R, pairs] each.

        Args:
            strengths: A's, as `strength` gives them, [R].
        """
        size = (len(strengths), pairs)
        advantage = random.normal(self.first_move_elo, self.opening_elo, size)
        first, second = (
            (random.random((*size, 1)) > np.cumsum(outcome_shares(elo, nu_of(self.draws)), -1)[..., :2]).sum(-1)
            for elo in (strengths[:, None] + advantage, strengths[:, None] - advantage)
        )
        return first, second


@dataclass(frozen=True, slots=True)
class StoppedMatches:
    """How simulated tests ended.

    Attributes:
        pentanomials: results at the end, [M, 5].
        accepted: whether H1 was, bool [M]; False where H0 was.
        llr: at the end, [M].
    """

    pentanomials: NDArray[np.int64]
    accepted: NDArray[np.bool_]
    llr: NDArray[np.float64]


def simulate_tests(sprt: Sprt, shares: NDArray[np.float64], matches: int, seed: int) -> StoppedMatches:
    """Let matches run until the test stops each, looked at after every pair as real ones are.

    Args:
        shares: of the five results of a pair, [5].
    """
    random = np.random.default_rng(seed)
    pentanomials = np.zeros((matches, 5), np.int64)
    accepted, ratios = np.zeros(matches, np.bool_), np.zeros(matches)
    going, walk = np.arange(matches), Walk.start(matches)
    counts, results = pentanomials.copy(), np.eye(5, dtype=np.int64)
    while len(going):
        counts += results[random.choice(5, len(going), p=shares)]
        llr = log_likelihood_ratios(counts, sprt.elo0, sprt.elo1, sprt.model)
        walk = walk.after(llr)
        low, high = walk.bounds(sprt)
        is_over = (llr <= low) | (llr >= high)
        if is_over.any():
            ended, stays = going[is_over], ~is_over
            pentanomials[ended], ratios[ended] = counts[is_over], llr[is_over]
            accepted[ended] = (llr >= high)[is_over]
            going, counts, walk = going[stays], counts[stays], walk.of(stays)
    return StoppedMatches(pentanomials, accepted, ratios)
