"""What crosses the border of the engine process about players on one scale: ladders and matrices."""

from typing import Literal

import msgspec

from engine.arena.order import Count
from engine.service.message_bases import Answer, Request


class RunLadder(Request, frozen=True, kw_only=True):
    """Let players meet, each pairing a stored match, and rate them together. Answer: `LadderRated`.

    Notices: those of every match, and `JobProgress`.

    Attributes:
        players: who plays; none = only the stored matches are rated.
        pairs: of games in each pairing (of "informative" ones, on average).
        pairing: who meets whom: "neighbours" in the order given, "all", or "informative": neighbours first, and then
            whoever's games tell most about the ladder as it stands.
        anchors: Elo that some players are held at.
    """

    domain: str
    players: tuple[str, ...] = ()
    pairs: Count = 50
    pairing: Literal["neighbours", "all", "informative"] = "neighbours"
    openings: str = "builtin"
    seed: int = 0
    anchors: dict[str, float] = msgspec.field(default_factory=dict)
    device: str = "auto"


class RunMatrix(Request, frozen=True, kw_only=True):
    """Rate every generation at every budget: each meets its neighbours in the table. Answer: `LadderRated`.

    Its players are named `GENERATION@SIMULATIONS`; notices as for `RunLadder`.
    """

    domain: str
    generations: tuple[str, ...]
    budgets: tuple[int, ...]
    method: str = "puct"
    pairs: Count = 25
    openings: str = "builtin"
    seed: int = 0
    device: str = "auto"


class RatedPlayer(msgspec.Struct, frozen=True, kw_only=True):
    """A player on a ladder.

    Attributes:
        elo, low, high: rating and its 95 % interval; an end is None where the results set no bound there.
        anchored: it is held at this rating.
        games, score: played, and its share of the points.
        note: what a reader should know, or "".
    """

    player: str
    elo: float
    low: float | None
    high: float | None
    anchored: bool
    games: int
    score: float
    note: str = ""


class LadderRated(Answer, frozen=True, kw_only=True):
    """Players on one scale, the strongest first.

    Attributes:
        superiority: chance that the player of the row is stronger than that of the column, [players][players]; NaN for
            two whom nothing connects.
        cycles: players each of whom clearly beat the next, and the last the first.
        stopped: "by hand" where not all games wanted were played.
        scale: what the numbers are relative to, in a few words.
    """

    players: tuple[RatedPlayer, ...]
    superiority: tuple[tuple[float, ...], ...]
    cycles: tuple[tuple[str, ...], ...] = ()
    stopped: str = ""
    scale: str = ""
