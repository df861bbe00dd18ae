"""What crosses the border of the engine process about distillation rounds.

Rounds are a *job* like a match (`engine.service.arena_messages`): one at a time, told of by notices, ended early by
`PauseJob` with everything on disk. A round is named by the id of the child that it makes. Positions are lines, as
`engine.domains.base.Line`; values are from the player to move, in [-1, 1].
"""

from typing import Annotated, Any, Literal

import msgspec

from engine.distill.round_order import RoundOrder, RoundSize, Stage
from engine.domains.base import Line
from engine.service.arena_messages import GameBegan, GameEnded, GameMoved
from engine.service.message_bases import Answer, Notice, Request

Count = Annotated[int, msgspec.Meta(ge=1)]

RoundsStopped = Literal["rounds", "play", "by hand"]
"""Why rounds stand still: all were made, the one in hand was to stop after its games, or it was paused."""

Standing = Literal["running", "cut off", "played", "done", "damaged"]
"""How a round was found on disk; "played": its games are there, and learning has not begun."""


class StartRounds(Request, frozen=True, kw_only=True):
    """Make rounds, each on the child of the one before. Answer: `RoundsEnded`.

    Notices: `RoundBegan`, `RoundNews`, `SelfPlayNews`, `PinnedNews`, and `RoundEnded` for each that is done.

    Attributes:
        parent: generation to improve; "" = the newest of the domain.
        rounds: how many, one that is gone on with included.
        size: "small", "medium", "large", the path of a TOML file on the engine's machine, or all of it.
        seed: of the first round; each that follows has the next one.
        openings: "builtin", or the path of a file; where games begin.
        device: where search and training compute: "auto", "cpu" or "cuda".
        resume: go on with a round that was cut off, as it was ordered, before others are begun.
        round: which one; "" = the newest.
        until: "play" stops before anything is learned, so that the lessons can be looked at.
        pinned: positions that the network is asked about while it learns.
        excluded: lessons not to be learned, see `ExcludeLessons`; only with `resume`.
    """

    domain: str
    parent: str = ""
    rounds: Count = 1
    size: RoundSize | str = "small"
    seed: int = 1
    openings: str = "builtin"
    device: str = "auto"
    resume: bool = False
    round: str = ""
    until: Literal["play", "done"] = "done"
    pinned: tuple[Line, ...] = ()
    excluded: tuple[int, ...] = ()


class ListRounds(Request, frozen=True, kw_only=True):
    """What rounds there are on the engine's machine. Answer: `Rounds`, the newest first."""

    domain: str | None = None


class ReadRound(Request, frozen=True, kw_only=True):
    """How the training of a round went. Answer: `RoundRead`."""

    round: str


class SurprisingLessons(Request, frozen=True, kw_only=True):
    """The lessons of a round by which search changed the intuition's mind most. Answer: `LessonsShown`."""

    round: str
    count: Count = 24


class ExcludeLessons(Request, frozen=True, kw_only=True):
    """Leave lessons of a round out of all learning, this round's and later ones'; takes the place of what was excluded.

    Only before learning has begun; it is part of what decides the child. Answer: `Done`.

    Attributes:
        lessons: numbers, `LessonInfo.lesson`.
    """

    round: str
    lessons: tuple[int, ...]


AnyTrainRequest = StartRounds | ListRounds | ReadRound | SurprisingLessons | ExcludeLessons


class StagePlan(msgspec.Struct, frozen=True):
    """A stage of a round and its steps: pairs of games, games, steps of training, pairs; 0 = not known yet."""

    stage: Stage
    total: int


class RoundBegan(Notice, frozen=True, kw_only=True):
    """A round is under way, or goes on.

    Attributes:
        round: id of its child. number: from 1, among those of the request. rounds: of the request.
        stage: it is in. stages: all of them, in order.
    """

    round: str
    number: int
    rounds: int
    order: RoundOrder
    stage: Stage
    stages: tuple[StagePlan, ...]


class LearningFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How a training is; losses are means over the last steps, in nats.

    Attributes:
        step: steps done. steps: of the whole training.
        policy, value: losses. drift: divergence from the parent's prior, nats.
        gradient: mean norm before it was clipped. samples_per_s: lessons learned in a second.
        held_out_policy, held_out_value: losses at the last check; None before the first.
    """

    step: int
    steps: int
    policy: float
    value: float
    drift: float
    gradient: float
    samples_per_s: float
    held_out_policy: float | None = None
    held_out_value: float | None = None


class RoundNews(Notice, frozen=True, kw_only=True):
    """How far a round is, at most eight times a second.

    Attributes:
        stage: it is in. text: one line for people. done, total: steps of the stage.
        seconds_left_s: until the stage is over, as far as can be told.
        learning: in that stage, how the training is.
    """

    round: str
    stage: Stage
    text: str
    done: float
    total: float
    seconds_left_s: float | None = None
    learning: LearningFigures | None = None


class SelfPlayNews(Notice, frozen=True, kw_only=True):
    """What happened on a few of the boards since the last news: games begun, moves, games over, in this order.

    Attributes:
        began, moved, ended: as in `engine.service.arena_messages.MatchNews`; A has the first move of every game.
    """

    round: str
    began: tuple[GameBegan, ...] = ()
    moved: tuple[GameMoved, ...] = ()
    ended: tuple[GameEnded, ...] = ()


class PinnedAnswer(msgspec.Struct, frozen=True):
    """What a network thinks of a position: priors of its legal actions, and value; play that has ended has no actions.

    Attributes:
        actions: legal ones. priors: of each of them.
    """

    actions: tuple[int, ...]
    priors: tuple[float, ...]
    value: float


class PinnedNews(Notice, frozen=True, kw_only=True):
    """What the network being trained thinks of the pinned positions now.

    Attributes:
        step: of the training; 0 = the parent. positions: in the order of `StartRounds.pinned`.
    """

    round: str
    step: int
    steps: int
    positions: tuple[PinnedAnswer, ...]


class RoundEnded(Notice, frozen=True, kw_only=True):
    """A round is done, or stopped where it was to stop.

    Attributes:
        report: as one of `arborist distill --json`.
    """

    round: str
    number: int
    report: dict[str, Any]


class RoundsEnded(Answer, frozen=True, kw_only=True):
    """Rounds stand still.

    Attributes:
        round: the last of them, "" where none had begun. reports: of those that ended.
    """

    round: str
    stopped: RoundsStopped
    reports: tuple[dict[str, Any], ...] = ()


class RoundInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A round as it was found on disk.

    Attributes:
        order: what was asked for; None where that cannot be read.
        standing: see `Standing`. stage: it is in, or would go on with.
        date: when anything of it was written last, UTC, ISO 8601.
        report: as one of `arborist distill --json`; None where it cannot be read.
        text: what was found, in a sentence.
    """

    round: str
    order: RoundOrder | None
    standing: Standing
    stage: Stage
    date: str
    report: dict[str, Any] | None
    text: str


class Rounds(Answer, frozen=True, kw_only=True):
    """The rounds of the engine's machine. `running`: id of the child being made by some process, or ""."""

    rounds: tuple[RoundInfo, ...]
    running: str = ""


class RoundRead(Answer, frozen=True, kw_only=True):
    """A round and its training so far.

    Attributes:
        curve: every so many steps, in order; held-out losses only where they were asked.
    """

    info: RoundInfo
    curve: tuple[LearningFigures, ...]


class LessonInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A lesson for people to look at.

    Attributes:
        lesson: its number in the round.
        start, actions: the position, as `engine.domains.base.Line`.
        legal: actions there. prior, policy: of each, the parent's and the improved one.
        value: of the search. raw_value: of the intuition. points: that the player to move got: 1, 0.5, 0; None = open.
        surprise: divergence of the improved policy from the prior, nats.
        excluded: it is not to be learned.
    """

    lesson: int
    start: str
    actions: tuple[int, ...]
    legal: tuple[int, ...]
    prior: tuple[float, ...]
    policy: tuple[float, ...]
    value: float
    raw_value: float
    points: float | None
    surprise: float
    excluded: bool


class LessonsShown(Answer, frozen=True, kw_only=True):
    """The most surprising lessons of a round, the most surprising first.

    Attributes:
        total: lessons of the round. excluded: numbers of those not to be learned.
        can_exclude: learning has not begun.
    """

    round: str
    total: int
    lessons: tuple[LessonInfo, ...]
    excluded: tuple[int, ...]
    can_exclude: bool


AnyTrainAnswer = RoundsEnded | Rounds | RoundRead | LessonsShown
AnyTrainNotice = RoundBegan | RoundNews | SelfPlayNews | PinnedNews | RoundEnded
