"""What came of a round: did it help, by how much, and where it did not, what went wrong."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.viewmodels.figures import count, duration, signed
from app.viewmodels.phrases import Phrases
from engine.domains.base import Line

Tone = Literal["good", "even", "bad", "open"]


@dataclass(frozen=True, slots=True)
class LostPosition:
    """A position that the child understands less well than its parent. `text`: which, and how much was lost."""

    line: Line
    text: str


@dataclass(frozen=True, slots=True)
class VerdictRecord:
    """The end of a round.

    Attributes:
        sentence: did it help? tone: the same for the colour; "open" = that is not known yet.
        facts: one line each: matches, fuel, what was learned.
        autopsy: what went wrong, sentences; () where it helped. lost: positions it got worse on, the worst first.
    """

    sentence: str
    tone: Tone
    facts: tuple[str, ...] = ()
    autopsy: tuple[str, ...] = ()
    lost: tuple[LostPosition, ...] = ()


def verdict_record(report: Mapping[str, Any], phrases: Phrases) -> VerdictRecord:
    """A report of a round (`engine.service.train_messages.RoundEnded`) for reading."""
    autopsy = report.get("autopsy") or {}
    said = [autopsy["text"]] if autopsy.get("text") else []
    wrong = [check["text"] for check in (report.get("lessons") or {}).get("checks") or () if check["outcome"] != "well"]
    lost = tuple(_lost(position, phrases) for position in autopsy.get("positions") or ())
    return VerdictRecord(
        sentence=str(report.get("verdict") or ""),
        tone=tone_of(report),
        facts=tuple(_facts(report)),
        autopsy=(*said, *wrong),
        lost=lost,
    )


def tone_of(report: Mapping[str, Any]) -> Tone:
    """Whether the match against the parent shows that it helped."""
    match = report.get("match_parent")
    if report.get("stage") != "done" or not match:
        return "open"
    low, high = ends_of(match)
    return "good" if low > 0 else "bad" if high < 0 else "even"


def ends_of(match: Mapping[str, Any]) -> tuple[float, float]:
    """Both ends of a match's interval of Elo; what has no end is infinite."""
    low, high = match.get("elo_interval_95") or (None, None)
    return -math.inf if low is None else float(low), math.inf if high is None else float(high)


def elo_with_interval(match: Mapping[str, Any]) -> str:
    """The Elo of a match for its first player: "+45 Elo (95 %: +3 to +90) in 300 games"."""
    low, high = ends_of(match)
    elo = match.get("elo")
    shown = signed(float(elo), 0) if elo is not None else "∞" if high == math.inf else signed(-math.inf)
    games = f"{count(int(match.get('games') or 0))} games"
    if math.isinf(low) and math.isinf(high):
        return f"{shown} Elo, no bound yet, in {games}"
    interval = f"above {signed(low, 0)}" if math.isinf(high) else f"below {signed(high, 0)}" if math.isinf(low) else ""
    return f"{shown} Elo (95 %: {interval or f'{signed(low, 0)} to {signed(high, 0)}'}) in {games}"


def _facts(report: Mapping[str, Any]) -> list[str]:
    facts = []
    for key, words in (
        ("match_parent", "By intuition alone, against its parent"),
        ("search_match_parent", "Both searching"),
        ("fuel", "Fuel before the round: search against its own intuition"),
    ):
        if report.get(key):
            facts.append(f"{words}: {elo_with_interval(report[key])}.")
    learned = report.get("train") or {}
    if learned:
        left_out = f", {count(learned['excluded'])} left out" if learned.get("excluded") else ""
        facts.append(
            f"It learned from {count(learned['lessons'])} lessons{left_out}; on {count(learned['held_out'])} that were "
            f"held out the policy loss went {_from_to(learned.get('policy_loss'))}, "
            f"the value loss {_from_to(learned.get('value_loss'))}."
        )
    elif report.get("samples"):
        facts.append(f"{count(report['samples'])} lessons were found.")
    if report.get("seconds_s"):
        facts.append(f"It took {duration(report['seconds_s'])}.")
    return facts


def _from_to(losses: Any) -> str:
    if not losses or None in losses:
        return "was not measured"
    return f"from {losses[0]:.3f} to {losses[1]:.3f}"


def _lost(position: Mapping[str, Any], phrases: Phrases) -> LostPosition:
    line = Line(str(position["start"]), tuple(position["actions"]))
    card = phrases.card(line)
    mover = phrases.notation.players[card.to_move]
    last = f" after {phrases.last_text(line)}" if line.actions else " at the start"
    before, after = (sum(position[head][place] for head in ("policy_loss", "value_loss")) for place in (0, 1))
    where = "" if position.get("lessons") == "this round" else f", {position.get('lessons')}"
    text = f"{mover} to move{last}, action {len(line.actions) + 1}{where}: loss {before:.2f} to {after:.2f}"
    return LostPosition(line, text)
