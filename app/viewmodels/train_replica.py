"""A round as the window knows it, folded from what the engine says of it."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from app.viewmodels.match_replica import MatchReplica
from app.viewmodels.train_curves import LearningCurves
from engine.arena.order import MatchOrder
from engine.distill.round_order import RoundOrder, Stage
from engine.domains.base import Line
from engine.service.arena_messages import MatchNews
from engine.service.train_messages import PinnedAnswer, PinnedNews, RoundBegan, RoundEnded, RoundNews, SelfPlayNews

STAGES: tuple[Stage, ...] = ("fuel", "play", "learn", "match")
"""In their order; "done" follows."""


@dataclass(slots=True, eq=False)
class PinnedTrace:
    """A pinned position while the network learns: the first and the last answer, and the values between.

    Attributes:
        values: (step, value) of each answer, from the player to move there.
    """

    line: Line
    first: PinnedAnswer
    now: PinnedAnswer
    values: list[tuple[int, float]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class RoundReplica:
    """A round; the methods that take notices are the only ones that change it.

    Attributes:
        round: id of its child. number, rounds: which it is of those that were asked for.
        stage: it is in. done, totals: steps of each stage. text: one line on what is being done.
        seconds_left_s: until the stage is over, as far as that is known.
        pins: the positions that are asked about, in order. pinned: what was answered.
        games: the games that are shown while they are played, numbered from 0 as they come.
        report: at its end; None before.
    """

    round: str
    order: RoundOrder
    number: int
    rounds: int
    stage: Stage
    pins: tuple[Line, ...] = ()
    totals: dict[Stage, float] = field(default_factory=dict)
    done: dict[Stage, float] = field(default_factory=dict)
    text: str = ""
    seconds_left_s: float | None = None
    curves: LearningCurves = field(default_factory=LearningCurves)
    pinned: list[PinnedTrace] = field(default_factory=list)
    games: MatchReplica = field(init=False)
    report: dict[str, Any] | None = None
    _numbers: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin without games."""
        self.games = self._new_games()

    def go_on(self, began: RoundBegan, pins: tuple[Line, ...]) -> None:
        """The same round, after it stood still; what was drawn of its training stays, games in hand are played anew."""
        if pins != self.pins:
            self.pins, self.pinned = pins, []
        self.number, self.rounds, self.report = began.number, began.rounds, None
        self.games, self._numbers = self._new_games(), {}
        self.enter(began.stage)
        self.totals |= {plan.stage: float(plan.total) for plan in began.stages if plan.total}

    def enter(self, stage: Stage) -> None:
        """A stage has begun; those before it are over."""
        self.stage, self.seconds_left_s = stage, None
        for earlier in STAGES[: _place(stage)]:
            self.done[earlier] = self.totals.get(earlier, 0.0)

    def fold(self, news: RoundNews) -> None:
        """Take in how far it is."""
        if news.stage != self.stage:
            self.enter(news.stage)
        self.text, self.seconds_left_s = news.text, news.seconds_left_s
        if news.total:
            self.totals[news.stage], self.done[news.stage] = news.total, news.done
        if news.learning is not None:
            self.curves.fold(news.learning)

    def fold_games(self, news: SelfPlayNews) -> None:
        """Take in what happened on the boards; the engine shows a few of all games, which get numbers of their own."""
        for number, began in enumerate(news.began, len(self.games.games)):
            self._numbers[began.game] = number
        self.games.fold(
            MatchNews(
                match=self.round,
                began=tuple(self._numbered(began) for began in news.began),
                moved=tuple(self._numbered(moved) for moved in news.moved),
                ended=tuple(self._numbered(ended) for ended in news.ended),
                counted=0,
                seconds_s=0.0,
            )
        )

    def fold_pinned(self, news: PinnedNews) -> None:
        """Take in what the network thinks of the pinned positions now."""
        if not self.pinned:
            self.pinned = [PinnedTrace(line, said, said) for line, said in zip(self.pins, news.positions, strict=False)]
        for trace, said in zip(self.pinned, news.positions, strict=False):
            trace.now = said
            trace.values = [known for known in trace.values if known[0] < news.step] + [(news.step, said.value)]

    def end(self, ended: RoundEnded) -> None:
        """It is done, or stands where it was to stop."""
        self.report = ended.report
        self.enter(ended.report["stage"])

    def _numbered(self, told: Any) -> Any:
        return msgspec.structs.replace(told, game=self._numbers[told.game])

    def _new_games(self) -> MatchReplica:
        order = self.order
        player = f"{order.parent}@{order.size.play.simulations}:gumbel"
        return MatchReplica(self.round, MatchOrder(domain=order.domain, a=player, b=player), order.size.games)


def replica_of(began: RoundBegan, pins: tuple[Line, ...]) -> RoundReplica:
    """A round that has just begun, or goes on after the window was closed."""
    replica = RoundReplica(began.round, began.order, began.number, began.rounds, began.stage, pins)
    replica.totals = {plan.stage: float(plan.total) for plan in began.stages if plan.total}
    replica.enter(began.stage)
    return replica


def _place(stage: Stage) -> int:
    return STAGES.index(stage) if stage in STAGES else len(STAGES)
