"""Games that are lost without a move: a player crashed, hung, made an illegal move, or ran out of time."""

from collections.abc import Sequence
from dataclasses import dataclass

CRASH, ILLEGAL_MOVE, NO_ANSWER, OUT_OF_TIME = "crash", "illegal move", "no answer", "out of time"
REASONS = (CRASH, ILLEGAL_MOVE, NO_ANSWER, OUT_OF_TIME)
"""Why the player to move has lost; also how the game ended (`Game.ended_by`)."""

MOST_IN_A_ROW = 3


class FaultyPlayerError(ValueError):
    """A player that fails again and again; the message names it and its last fault."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What a player did instead of a move.

    Attributes:
        reason: one of `REASONS`.
        text: a sentence.
    """

    reason: str
    text: str


class FaultCounter:
    """Counts how often a player fails without a move between; it knows nothing of other players."""

    def __init__(self, name: str) -> None:
        self._name, self._in_a_row = name, 0

    def hear(self, answers: Sequence[Fault | None]) -> None:
        """Take note of answers in their order; None = a move.

        Raises:
            FaultyPlayerError: so many failed one after the other that going on makes no sense.
        """
        for fault in answers:
            self._in_a_row = 0 if fault is None else self._in_a_row + 1
            if fault is not None and self._in_a_row >= MOST_IN_A_ROW:
                raise FaultyPlayerError(
                    f"{self._name} failed {self._in_a_row} times in a row, so the match stops: {fault.text}"
                )
