"""What a player is, in words and numbers that are kept with every result."""

from typing import Any, Literal

import msgspec

PlayerKind = Literal["generation", "random", "uci"]


class PlayerFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that decides how a player plays.

    Attributes:
        text: as it was written.
        fingerprint: hash of all that follows; equal for players that play alike.
        kind: what makes the moves.
        generation: its id; "" where there is none. weights_sha256: of its weights; "" where there are none.
        engine: what an engine of others calls itself; else "".
        simulations: for each move; 0 = intuition alone, None = as many as the time allows, or an engine of others.
        settings: of the search, or options of the engine.
        time: how long it may think, as it is written ("10+0.1", "0.1 s a move"); "" = no matter how long.
        is_reproducible: whether the same order gives the same moves: not on a clock, nor by an engine of others.
    """

    text: str
    fingerprint: str
    kind: PlayerKind
    generation: str = ""
    weights_sha256: str = ""
    engine: str = ""
    simulations: int | None = None
    settings: dict[str, Any] = {}
    time: str = ""
    is_reproducible: bool = True
