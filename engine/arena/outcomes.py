"""How often a game is lost, drawn and won at a difference in Elo: a model with one parameter for draws.

R. R. Davidson ("On extending the Bradley-Terry model to accommodate ties", Journal of the American Statistical
Association 65, 1970): losses, draws and wins are as 1/u : nu : u. Here u is chosen so that the expected score is that
of the logistic scale whatever nu is; in Davidson's own scale a hundred Elo mean fewer points the more games are drawn.

That choice also makes the two kinds of parameters independent of each other to second order: what results say of an
Elo difference hangs on `nu` only through the variance of a game, so both can be fitted in turn.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arena.counts import GAME_SCORES

ELO_SLOPE = math.log(10.0) / 400.0
"""Change of the log-odds of the score with one Elo."""

_FARTHEST = 4000.0


def outcome_shares(elo: ArrayLike, nu: float) -> NDArray[np.float64]:
    """Shares of losses, draws and wins: [..., 3], for differences of [...].

    Args:
        elo: of the player whose results they are; beyond 4,000 it is taken as 4,000.
        nu: weight of draws, from 0; `draw_share` says what it means between equals.
    """
    odds = np.exp(ELO_SLOPE * np.clip(np.asarray(elo, np.float64), -_FARTHEST, _FARTHEST))
    half = 0.25 * nu * (1.0 - odds)
    # u solves u^2 + 2 half u = odds; this form of its root loses no digits where `half` is large.
    root = np.sqrt(half * half + odds)
    u = np.where(half > 0.0, odds / (root + half), root - half)
    weights = np.stack([1.0 / u, np.broadcast_to(np.float64(nu), u.shape), u], -1)
    shares: NDArray[np.float64] = weights / weights.sum(-1, keepdims=True)
    return shares


def draw_share(nu: float) -> float:
    """Share of draws between equals."""
    return nu / (2.0 + nu)


def nu_of(share: float) -> float:
    """The weight of draws with which equals draw so often.

    Raises:
        ValueError: `share` is not in [0, 1).
    """
    if not 0.0 <= share < 1.0:
        raise ValueError(f"a share of draws lies in [0, 1), not at {share:g}")
    return 2.0 * share / (1.0 - share)


def score_moments(shares: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and variance of a game's score [...], of shares [..., 3]."""
    scores = np.array(GAME_SCORES)
    mean = shares @ scores
    return mean, shares @ scores**2 - mean**2
