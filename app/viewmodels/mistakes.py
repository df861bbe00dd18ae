"""What a move cost, judged by the values before and after it.

A value v in [-1, 1] is an expected score of (1 + v) / 2 points; a move costs the points by which it lowers the mover's
expectation. The thresholds are those of Lichess, 0.1, 0.2 and 0.3 of a value, which are 5, 10 and 15 hundredths of a
point. A judgement is never better than the search behind the values.
"""

from dataclasses import dataclass

INACCURACY, MISTAKE, BLUNDER = "inaccuracy", "mistake", "blunder"
THRESHOLDS = ((BLUNDER, 0.15), (MISTAKE, 0.10), (INACCURACY, 0.05))
"""Least points lost, the gravest first."""


def cost(before_white: float, after_white: float, mover: int) -> float:
    """Points in [0, 1] that a move cost its player.

    Args:
        before_white, after_white: values from the first player's view. mover: 0 = first player.
    """
    lost = (before_white - after_white) / 2
    return max(lost if mover == 0 else -lost, 0.0)


def judgement(lost: float) -> str:
    """`INACCURACY`, `MISTAKE`, `BLUNDER` or "" for so many points lost."""
    return next((name for name, least in THRESHOLDS if lost >= least), "")


@dataclass(frozen=True, slots=True)
class Judged:
    """A move with its price. `mover`: 0 = first player. `is_best`: the search would have played it."""

    mover: int
    lost: float
    is_best: bool


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How a side played, as far as it can be judged.

    Attributes:
        moves: those judged. lost: points a move, on average. best: moves that the search would have played.
        inaccuracies, mistakes, blunders: how many of each.
    """

    moves: int
    lost: float
    best: int
    inaccuracies: int
    mistakes: int
    blunders: int


def accuracy(judged: tuple[Judged, ...], mover: int) -> Accuracy:
    """The sum of a side's moves."""
    own = [move for move in judged if move.mover == mover]
    names = [judgement(move.lost) for move in own if not move.is_best]
    return Accuracy(
        len(own),
        sum(move.lost for move in own) / len(own) if own else 0.0,
        sum(move.is_best for move in own),
        names.count(INACCURACY),
        names.count(MISTAKE),
        names.count(BLUNDER),
    )


def accuracy_text(name: str, found: Accuracy) -> str:
    """One sentence about a side."""
    if not found.moves:
        return f"{name}: no move could be judged."
    slips = [
        f"{number} {word if number == 1 else plural}"
        for number, word, plural in (
            (found.blunders, "blunder", "blunders"),
            (found.mistakes, "mistake", "mistakes"),
            (found.inaccuracies, "inaccuracy", "inaccuracies"),
        )
        if number
    ]
    told = ", ".join(slips) or "no slips found"
    return f"{name} lost {found.lost:.3f} points a move; {told}; {found.best} of {found.moves} moves as the search."
