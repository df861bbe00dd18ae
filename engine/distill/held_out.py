"""How good a network is on positions it was not trained on: pure arithmetic on its answers.

Shape letters: `S` samples, `A` actions.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.distill.samples import NOT_KNOWN

RATING_BANDS = ((0, 0), (1, 1399), (1400, 1799), (1800, 2199), (2200, 2599), (2600, 9999))
"""Lowest and highest rating of each band; 0 = not told."""

_CALIBRATION_BINS = 10


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What a network said about samples, beside what happened.

    Attributes:
        cross_entropy: float32 [S], of the action played under the prior over legal actions, nats.
        rank: int64 [S], of the action played among the legal ones by prior, 0 = most likely.
        wdl: float32 [S, 3], chances of win, draw, loss for the player to move.
        results: int64 [S], `WIN`, `DRAW`, `LOSS` for the player to move, or `NOT_KNOWN`.
        ratings: uint16 [S], of the player to move, 0 = not told.
    """

    cross_entropy: NDArray[np.float32]
    rank: NDArray[np.int64]
    wdl: NDArray[np.float32]
    results: NDArray[np.int64]
    ratings: NDArray[np.uint16]

    def chosen(self, keep: NDArray[np.bool_]) -> "Answers":
        """The answers where `keep` [S] is true."""
        return Answers(
            self.cross_entropy[keep], self.rank[keep], self.wdl[keep], self.results[keep], self.ratings[keep]
        )


def played_action(
    log_policy: NDArray[np.float32], legal: NDArray[np.bool_], actions: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Cross-entropy [S] in nats and rank [S] of the actions played, as in `Answers`.

    Args:
        log_policy: [S, A], log of the prior over legal actions.
        legal: [S, A].
        actions: [S], the actions played.
    """
    played = np.take_along_axis(log_policy, actions[:, None], 1)  # [S, 1]
    rank = ((log_policy > played) & legal).sum(1)
    return -played[:, 0], rank


def figures(answers: Answers) -> dict[str, Any]:
    """Figures for a card: agreement with the players, overall and by rating, and whether values mean what they say."""
    if not len(answers.rank):
        return {"positions": 0}
    known = answers.chosen(answers.results != NOT_KNOWN)
    return {
        "positions": len(answers.rank),
        **agreement(answers),
        "by_rating": _by_rating(answers),
        **(_value_figures(known) if len(known.rank) else {}),
    }


def agreement(answers: Answers) -> dict[str, float]:
    """How well the prior foretells the action played: mean cross-entropy in nats, share of ranks below 1 and 5."""
    return {
        "policy_cross_entropy": float(answers.cross_entropy.mean()),
        "top_1": float((answers.rank < 1).mean()),
        "top_5": float((answers.rank < 5).mean()),
    }


def calibration(expected: NDArray[np.floating[Any]], observed: NDArray[np.floating[Any]]) -> dict[str, Any]:
    """Expected against observed score in equal bins of the expected one.

    Args:
        expected: [S], expected score in [0, 1] of the player to move.
        observed: [S], the score he got: 1, 1/2 or 0.

    Returns:
        "calibration": a row {"from", "to", "positions", "expected", "observed"} for each bin that holds positions;
        "calibration_error": mean distance of expected and observed over the bins, weighted by their positions.
    """
    bins = np.minimum((expected * _CALIBRATION_BINS).astype(np.int64), _CALIBRATION_BINS - 1)
    rows = [
        {
            "from": index / _CALIBRATION_BINS,
            "to": (index + 1) / _CALIBRATION_BINS,
            "positions": int((bins == index).sum()),
            "expected": float(expected[bins == index].mean()),
            "observed": float(observed[bins == index].mean()),
        }
        for index in np.unique(bins).tolist()
    ]
    error = sum(row["positions"] * abs(row["expected"] - row["observed"]) for row in rows) / max(1, len(expected))
    return {"calibration": rows, "calibration_error": error}


def _value_figures(answers: Answers) -> dict[str, Any]:
    outcome = np.take_along_axis(answers.wdl, answers.results[:, None], 1)[:, 0]
    expected = answers.wdl[:, 0] + 0.5 * answers.wdl[:, 1]
    observed = 1.0 - 0.5 * answers.results
    return {
        "value_positions": len(observed),
        "value_cross_entropy": float(-np.log(np.maximum(outcome, 1e-9)).mean()),
        "value_squared_error": float(((expected - observed) ** 2).mean()),
        **calibration(expected, observed),
    }


def _by_rating(answers: Answers) -> dict[str, dict[str, float]]:
    bands = {}
    for low, high in RATING_BANDS:
        inside = answers.chosen((answers.ratings >= low) & (answers.ratings <= high))
        if len(inside.rank):
            name = "unrated" if high == 0 else f"{low}-{high}"
            bands[name] = {"positions": len(inside.rank), **agreement(inside)}
    return bands
