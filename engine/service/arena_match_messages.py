"""What crosses the border of the engine process about matches: played, watched, listed, read again.

A match is a journal like a search: what the engine says of it are the moves that were played, and the window folds them
into boards, scores and curves (`MatchNews`). A match that was begun earlier is read the same way, as news from its
first game on.
"""

from typing import Any, Literal

import msgspec

from engine.arena.order import MatchOrder
from engine.service.message_bases import Answer, Notice, Request

Stopped = Literal["pairs", "sprt", "by hand"]
"""Why a match stands still: all pairs were played, its test has decided, or it was paused."""


class StartMatch(Request, frozen=True, kw_only=True):
    """Play a match. Notices: `MatchBegan`, then `MatchNews`. Answer: `MatchEnded`.

    Attributes:
        order: what is to be played; None where `match` says which stored match goes on.
        match: id of a stored match, or "" for a new one.
    """

    order: MatchOrder | None = None
    match: str = ""


class PauseJob(Request, frozen=True, kw_only=True):
    """End the job that runs, after what is in hand; nothing happens where none runs.

    Answer: `Done`; the job's own answer comes before it.
    """


class EstimateMatch(Request, frozen=True, kw_only=True):
    """Play a few games of `order` for some seconds, and say what the whole would cost. Answer: `MatchCost`."""

    order: MatchOrder


class ListMatches(Request, frozen=True, kw_only=True):
    """Answer: `Matches`, the newest first."""

    domain: str | None = None


class ReadMatch(Request, frozen=True, kw_only=True):
    """Answer: `MatchRead`, with all games of a stored match; before it, of a long one, notices `MatchPart`."""

    match: str


class RemoveMatch(Request, frozen=True, kw_only=True):
    """Take a stored match away; see `PutBackMatch`. Answer: `Done`."""

    match: str


class PutBackMatch(Request, frozen=True, kw_only=True):
    """Undo `RemoveMatch`, for the match that was removed last: answered with `Done`."""

    match: str


class GameBegan(msgspec.Struct, frozen=True):
    """A game is set up.

    Attributes:
        game: its number; the games of pair `p` are 2p and 2p + 1, from the same opening with colours reversed.
        start, actions: the opening, as `engine.domains.base.Line`.
        a_moves_first: after the opening.
        seed: of the players' chance in it.
    """

    game: int
    start: str
    actions: tuple[int, ...]
    a_moves_first: bool
    seed: int


class GameMoved(msgspec.Struct, frozen=True):
    """Actions that were played in one game, in order.

    Attributes:
        values: what each mover thought of the board before it moved, from its own view in [-1, 1]; None = nothing.
    """

    game: int
    actions: tuple[int, ...]
    values: tuple[float | None, ...]


class GameEnded(msgspec.Struct, frozen=True):
    """A game is over.

    Attributes:
        points: of A: 0, 0.5 or 1. text: how it ended, in a few words.
    """

    game: int
    points: float
    text: str


class MatchNews(Notice, frozen=True, kw_only=True):
    """What happened in a match since the last news, in this order: games begun, moves, games over.

    Attributes:
        match: id of the match.
        seconds_s: spent on the match so far, earlier sittings included.
        counted: pairs that the result counts, in order of their numbers: all that are over from pair 0 on without a
            gap, or, where a test has decided, those that it heard.
    """

    match: str
    began: tuple[GameBegan, ...] = ()
    moved: tuple[GameMoved, ...] = ()
    ended: tuple[GameEnded, ...] = ()
    seconds_s: float = 0.0
    counted: int = 0


class MatchBegan(Notice, frozen=True, kw_only=True):
    """A match is under way, or goes on: what it consists of. All games so far follow as `MatchNews`.

    Attributes:
        pairs: that will be played at most; fewer than ordered where the book is exhausted.
        a_fingerprint, b_fingerprint: what the players are.
        book: name of the openings. reproducible: the same order gives the same games.
    """

    match: str
    order: MatchOrder
    pairs: int
    a_fingerprint: str
    b_fingerprint: str
    book: str
    book_hash: str
    reproducible: bool = True


class MatchEnded(Answer, frozen=True, kw_only=True):
    """A match stands still.

    Attributes:
        report: what `arborist match --json` prints.
    """

    match: str
    stopped: Stopped
    report: dict[str, Any]


class MatchCost(Answer, frozen=True, kw_only=True):
    """What a match costs, judged by a few games.

    Attributes:
        games, worst_games: until its question is answered: on average where one hypothesis is true (or all pairs of a
            match without a test), and where the truth lies between them.
        seconds_s, worst_seconds_s: the same as time, with everything in lockstep.
        half_width_elo: of the 95 % interval after so many games.
        games_per_minute: as measured.
    """

    games: float
    worst_games: float
    seconds_s: float
    worst_seconds_s: float
    half_width_elo: float
    games_per_minute: float


class MatchInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list of stored matches.

    Attributes:
        date: when it was begun, UTC, ISO 8601.
        state: "running" in some process, "paused", or "over".
        report: of the last time it stood still; None = it never did.
    """

    match: str
    order: MatchOrder
    date: str
    state: Literal["running", "paused", "over"]
    report: dict[str, Any] | None = None


class Matches(Answer, frozen=True, kw_only=True):
    """The stored matches."""

    matches: tuple[MatchInfo, ...]


class MatchPart(Notice, frozen=True, kw_only=True):
    """A part of a stored match that is too long for one message; `MatchRead` brings the last part.

    Attributes:
        request: id of the `ReadMatch` that it belongs to.
        news: what happened after the parts before it.
    """

    request: int
    info: MatchInfo
    news: MatchNews


class MatchRead(Answer, frozen=True, kw_only=True):
    """A stored match with all its games.

    Attributes:
        news: what happened in it; of a long match the rest that the notices `MatchPart` left.
    """

    info: MatchInfo
    news: MatchNews
