"""What crosses the border of the engine process about what players think, and where two of them differ."""

import msgspec

from engine.arena.order import Count
from engine.service.message_bases import Answer, Notice, Request


class Think(Request, frozen=True, kw_only=True):
    """Have a player think about one position, as it would in a game. Answer: `Thought`.

    Attributes:
        player: as it is written for a match.
        seed: of its chance; that of a game (`GameBegan.seed`) gives what it thought there.
    """

    domain: str
    start: str
    actions: tuple[int, ...] = ()
    player: str
    seed: int = 0
    device: str = "auto"


class FindDisagreements(Request, frozen=True, kw_only=True):
    """Look for positions on which two players differ most, and ask a deep search who is right.

    Notices: `JobProgress`, `DisagreementFound`. Answer: `Disagreements`.

    Attributes:
        match: a stored match whose positions are looked at; "" = positions of the openings, played on by both.
        positions: looked at, at most. judged: the worst of them that are judged.
        judge: the player that judges, written as for a match; "" = the stronger one's generation at 10 times the budget
            (at least 800 simulations).
    """

    domain: str
    a: str
    b: str
    match: str = ""
    openings: str = "builtin"
    positions: Count = 2000
    judged: Count = 20
    judge: str = ""
    seed: int = 0
    device: str = "auto"


class Thought(Answer, frozen=True, kw_only=True):
    """What a player thinks of a position.

    Attributes:
        header, events: the journal of its search (`engine.tree.events`); both empty for a player without one.
        action: it would play. value: from the player to move, in [-1, 1]; None = it says nothing.
        seconds_s: it took.
    """

    player: str
    header: bytes
    events: bytes
    action: int
    value: float | None
    seconds_s: float


class Opinion(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody thinks of a position: action, and value from the player to move in [-1, 1] (None = nothing)."""

    action: int
    value: float | None


class Disagreement(msgspec.Struct, frozen=True, kw_only=True):
    """A position on which two players differ.

    Attributes:
        start, actions: the position, as `engine.domains.base.Line`.
        a, b: what they think. judge: what the deep search thinks, None = not asked yet.
        gap: by which they are sorted: what the judge's value loses by the worse of both actions, or, before it was
            asked, the difference of their values plus 1 where they would play differently.
        a_loss, b_loss: what the action of each loses by the judge's search, >= 0; None = not asked.
    """

    start: str
    actions: tuple[int, ...]
    a: Opinion
    b: Opinion
    gap: float
    judge: Opinion | None = None
    a_loss: float | None = None
    b_loss: float | None = None


class DisagreementFound(Notice, frozen=True, kw_only=True):
    """One more position was judged."""

    found: Disagreement


class Disagreements(Answer, frozen=True, kw_only=True):
    """The worst disagreements, the widest first.

    Attributes:
        positions: looked at. differing: of these, where the two would play differently.
        judge: the player that judged.
    """

    found: tuple[Disagreement, ...]
    positions: int
    differing: int
    judge: str
    stopped: str = ""
