"""What a match is to be: one frozen record that the command line and the window fill in, and that is stored with it."""

from typing import Annotated

import msgspec

from engine.arena.sprt import Model, Sprt

PAIRS, PAIRS_OF_A_TEST = 100, 25_000
"""Pairs at most where nothing else is said: of a plain match, and of one that a test ends."""

Count = Annotated[int, msgspec.Meta(ge=1)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Size = Annotated[float, msgspec.Meta(gt=0, le=1)]


class SprtOrder(msgspec.Struct, frozen=True, kw_only=True):
    """The test that ends a match; see `engine.arena.sprt.Sprt`."""

    elo0: float
    elo1: float
    alpha: float = 0.05
    beta: float = 0.05
    model: Model = "logistic"

    def sprt(self) -> Sprt:
        """The test itself.

        Raises:
            ValueError: the numbers make none.
        """
        return Sprt(self.elo0, self.elo1, self.alpha, self.beta, self.model)


class Adjudication(msgspec.Struct, frozen=True, kw_only=True):
    """When a game is ended because both players agree on it (`engine.arena.adjudication`).

    Attributes:
        resign_value: a player who sees itself at or below minus this for `resign_moves` of its moves, while the other
            agrees, has lost; None = nobody resigns.
        draw_value: both within this of zero for `draw_moves` moves each, from ply `draw_from_ply` after the opening
            on: a draw; None = never.
        audit_share: of the games that would end so, this share is played on, to see how often it is wrong.
    """

    resign_value: Size | None = 0.9
    resign_moves: Count = 4
    draw_value: Size | None = None
    draw_moves: Count = 8
    draw_from_ply: Annotated[int, msgspec.Meta(ge=0)] = 60
    audit_share: Share = 0.1


class MatchOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A match as it is asked for.

    Attributes:
        a, b: players, written as `engine.arena.player_spec` reads them.
        openings: "builtin", or the path of a file.
        pairs: at most.
        seed: of the openings and of the players' chance.
        sprt: the test that ends it earlier, or None.
        concurrency: pairs at the same time; None = as suits the players.
        max_plies: plies after the opening at which a game is broken off as a draw.
        adjudication: when games end early; None = never.
        device: "auto", "cpu" or "cuda".
    """

    domain: str
    a: str
    b: str
    openings: str = "builtin"
    pairs: Count = PAIRS
    seed: Annotated[int, msgspec.Meta(ge=0)] = 0
    sprt: SprtOrder | None = None
    concurrency: Count | None = None
    max_plies: Count = 512
    adjudication: Adjudication | None = None
    device: str = "auto"


class OrderError(ValueError):
    """An order that cannot be carried out; the message names the value."""


def checked(order: MatchOrder) -> MatchOrder:
    """`order`, if its numbers are within their bounds. A record made in a program is not checked, one read is.

    Raises:
        OrderError: one is not.
    """
    try:
        if order.sprt is not None:
            order.sprt.sprt()
        return msgspec.convert(msgspec.to_builtins(order), MatchOrder)
    except (msgspec.ValidationError, ValueError) as error:
        raise OrderError(f"no match can be played as ordered: {error}") from error
