"""The list of rounds on disk: three short lines for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.viewmodels.arena_list import date_words
from app.viewmodels.figures import count, signed
from app.viewmodels.train_verdict import Tone, tone_of
from engine.service.train_messages import RoundInfo

_STAGES = {"fuel": "fuel check", "play": "playing", "learn": "learning", "match": "match"}
_TONES: Mapping[Tone, str] = {"good": "helped", "bad": "did harm", "even": "not decided", "open": "not matched"}


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One round.

    Attributes:
        title: parent and child. result: what came of it, or where it stands. when: date and games.
        can_go_on: it is not over, and nobody works at it. has_lessons: its games are played.
        text: what was found, a sentence.
    """

    round: str
    title: str
    result: str
    when: str
    can_go_on: bool
    has_lessons: bool
    text: str


def round_row(info: RoundInfo, now: datetime) -> RoundRow:
    """The row of a round; `now` in local time."""
    parent = info.order.parent if info.order is not None else "?"
    games = f"{count(info.order.size.games)} games" if info.order is not None else ""
    when = ", ".join(word for word in (date_words(info.date, now), games) if word)
    can_go_on = info.standing in ("cut off", "played")
    has_lessons = info.standing != "damaged" and info.stage in ("learn", "match", "done")
    return RoundRow(info.round, f"{parent} → {info.round}", _result(info), when, can_go_on, has_lessons, info.text)


def _result(info: RoundInfo) -> str:
    if info.standing == "done" and info.report is not None:
        match: Mapping[str, Any] = info.report.get("match_parent") or {}
        elo = f"{signed(float(match['elo']), 0)} Elo, " if match.get("elo") is not None else ""
        return f"{elo}{_TONES[tone_of(info.report)]}"
    if info.standing == "damaged":
        return "damaged"
    if info.standing == "played":
        return "played; waits to learn"
    where = _STAGES.get(info.stage, info.stage)
    return f"being made: {where}" if info.standing == "running" else f"cut off: {where}"
