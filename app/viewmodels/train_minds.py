"""Pinned positions while a network learns, and lessons before they are learned: a small board with bars beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.viewmodels.figures import count, percent, signed
from app.viewmodels.phrases import Phrases
from app.viewmodels.train_replica import PinnedTrace
from engine.domains.base import Card, Line
from engine.service.train_messages import LessonInfo

_MOST_BARS = 5
_RESULTS = {1.0: "the game was won", 0.5: "the game was drawn", 0.0: "the game was lost", None: "the game stayed open"}


@dataclass(frozen=True, slots=True)
class MindBar:
    """An action, and two shares of it in [0, 1].

    Of a pinned position the parent's prior and the one now; of a lesson the prior and what search teaches.
    """

    text: str
    before: float
    now: float


@dataclass(frozen=True, slots=True)
class PinnedTile:
    """A pinned position.

    Attributes:
        bars: what the network likes best now, and the parent's favourite. value, first_value: for the player to move,
            None before the network was asked.
        curve: (step, value) of each answer. sentence: all of it, for readers of screens.
    """

    line: Line
    card: Card
    title: str
    bars: tuple[MindBar, ...] = ()
    value: float | None = None
    first_value: float | None = None
    curve: tuple[tuple[int, float], ...] = ()
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class LessonTile:
    """A lesson.

    Attributes:
        lesson: its number. bars: prior (`before`) and what search teaches (`now`).
        value, raw_value: of search and of intuition, for the player to move. result: of the game, in words.
        surprise: in nats. is_learned: it is not excluded.
    """

    lesson: int
    line: Line
    card: Card
    title: str
    bars: tuple[MindBar, ...]
    value: float
    raw_value: float
    result: str
    surprise: float
    is_learned: bool
    sentence: str


def pinned_tile(line: Line, trace: PinnedTrace | None, phrases: Phrases) -> PinnedTile:
    """A pinned position and what is known of it; `trace` None = the network was not asked yet."""
    title = _title(line, phrases)
    card = phrases.card(line)
    if trace is None:
        return PinnedTile(line, card, title, sentence=f"{title}. Not asked yet.")
    before = dict(zip(trace.first.actions, trace.first.priors, strict=True))
    now = dict(zip(trace.now.actions, trace.now.priors, strict=True))
    bars = _bars(line, before, now, phrases)
    best = f"Its favourite is {bars[0].text}, {percent(bars[0].now)}. " if bars else ""
    sentence = f"{title}. {best}Value {signed(trace.now.value)}, {signed(trace.first.value)} before."
    curve = tuple(trace.values)
    return PinnedTile(line, card, title, bars, trace.now.value, trace.first.value, curve, sentence)


def lesson_tile(lesson: LessonInfo, excluded: Sequence[int], phrases: Phrases) -> LessonTile:
    """A lesson for people to look at."""
    line = Line(lesson.start, lesson.actions)
    prior = dict(zip(lesson.legal, lesson.prior, strict=True))
    policy = dict(zip(lesson.legal, lesson.policy, strict=True))
    bars, title = _bars(line, prior, policy, phrases), _title(line, phrases)
    result = _RESULTS[lesson.points]
    is_learned = lesson.lesson not in excluded
    favourite = max(bars, key=lambda bar: bar.now, default=None)
    teaches = (
        f"search teaches {favourite.text}, {percent(favourite.now)} instead of {percent(favourite.before)}; "
        if (favourite is not None)
        else ""
    )
    sentence = (
        f"{title}: {teaches}value {signed(lesson.value)}, intuition said {signed(lesson.raw_value)}; {result}."
        f"{'' if is_learned else ' It is left out.'}"
    )
    card = phrases.card(line)
    return LessonTile(
        lesson.lesson,
        line,
        card,
        title,
        bars,
        lesson.value,
        lesson.raw_value,
        result,
        lesson.surprise,
        is_learned,
        sentence,
    )


def _bars(line: Line, before: dict[int, float], now: dict[int, float], phrases: Phrases) -> tuple[MindBar, ...]:
    """What is liked best now, and what was liked best before where that is another."""
    if not now:
        return ()
    liked = sorted(now, key=lambda action: (-now[action], action))[:_MOST_BARS]
    favourite = max(before, key=lambda action: (before[action], -action))
    if favourite not in liked:
        liked[-1] = favourite
    return tuple(
        MindBar(phrases.last_text(line.then(action)), before.get(action, 0.0), now[action]) for action in liked
    )


def _title(line: Line, phrases: Phrases) -> str:
    """Whose move it is, and after how many actions."""
    mover = phrases.notation.players[phrases.card(line).to_move]
    if not line.actions:
        is_start = line == phrases.notation.parse_line("startpos")
        return f"{mover} to move, at the start" if is_start else f"{mover} to move"
    return f"{mover} to move after {phrases.last_text(line)} ({count(len(line.actions))})"
