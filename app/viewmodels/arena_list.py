"""The list of stored matches: two short lines for each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.viewmodels.arena_score import elo_words, halves, player_names
from engine.arena.counts import Counts
from engine.service.arena_messages import MatchInfo

_VERDICTS = {"H1": "yes", "H0": "no", "continue": "undecided"}


@dataclass(frozen=True, slots=True)
class MatchRow:
    """One match.

    Attributes:
        match: its id. title: who met whom. result: score, Elo with its interval, verdict. when: date and state.
        can_go_on: it is not over, and nobody plays it.
    """

    match: str
    title: str
    result: str
    when: str
    can_go_on: bool


def match_row(info: MatchInfo, now: datetime) -> MatchRow:
    """The row of a stored match; `now` in local time, so that today's dates can be short."""
    a, b = player_names(info.order)
    state = {"running": "being played", "paused": "paused", "over": ""}[info.state]
    when = ", ".join(word for word in (date_words(info.date, now), state) if word)
    return MatchRow(info.match, f"{a} – {b}", _result(info), when, info.state == "paused")


def report_counts(report: dict[str, Any]) -> Counts:
    """The counts in a report."""
    none, half, one, more, both = (int(pairs) for pairs in report["pentanomial"])
    return Counts(report["wins"], report["draws"], report["losses"], (none, half, one, more, both))


def _result(info: MatchInfo) -> str:
    if not info.report or not info.report.get("games"):
        return "no pair of games over yet"
    counts = report_counts(info.report)
    points = counts.wins + counts.draws / 2
    verdict = (info.report.get("sprt") or {}).get("verdict")
    words = [f"{halves(points)} : {halves(counts.games - points)}", f"{elo_words(counts)} Elo"]
    return " · ".join([*words, _VERDICTS[verdict]] if verdict in _VERDICTS else words)


def date_words(text: str, now: datetime) -> str:
    """A date in ISO 8601, short: "today 14:05"; `now` in local time."""
    try:
        begun = datetime.fromisoformat(text).astimezone(now.tzinfo)
    except ValueError:
        return text
    if begun.date() == now.date():
        return f"today {begun:%H:%M}"
    return f"{begun.day} {begun:%b}" if begun.year == now.year else f"{begun.day} {begun:%b %Y}"
