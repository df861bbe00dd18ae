"""The ladder as it is shown: ratings as points with intervals, the table beside them, and what must be said in words.

A rating is only worth showing with its 95 % interval, and with what it is relative to. Players who cannot be put in an
order (each clearly beats the next, and the last the first) are named; no number hides it.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.viewmodels.arena_job import IDLE, JobRecord
from app.viewmodels.arena_ladder_players import (
    KIND_WORDS,
    AnchorChoice,
    Kind,
    kind_of,
    name_of,
    nominal_elo,
)
from app.viewmodels.figures import MINUS, MISSING, count, duration, percent
from engine.arena.elo import elo_of_score
from engine.arena.player_spec import canonical
from engine.service.arena_messages import LadderRated, MatchInfo, RatedPlayer

_Z = 1.959963984540054
_USUAL_DRAWS = 0.2
"""Share of draws that the forecast of an interval reckons with."""
_USUAL_DISTANCE: dict[Kind, float] = {"outside": 200.0, "searched": 100.0, "intuition": -100.0, "random": -1000.0}
"""Elo of a player nothing is known of, from the mean of the others, by kind; only decides who meets whom first."""


@dataclass(frozen=True, slots=True)
class LadderRow:
    """A player on the ladder.

    Attributes:
        player: as it is written for a match. name: for people.
        elo, low, high: rating and 95 % interval; an end is None where the results set no bound there.
        score: share of the points. above_next: chance to be stronger than the next in the list; None = it is the last.
        note: what a reader should know, or "".
    """

    player: str
    name: str
    kind: Kind
    elo: float
    low: float | None
    high: float | None
    anchored: bool
    games: int
    score: float
    above_next: float | None = None
    note: str = ""

    @property
    def elo_text(self) -> str:
        """The rating, rounded."""
        return elo_text(self.elo)

    @property
    def margin_text(self) -> str:
        """Half the interval, "held" for an anchor, both halves where they are unlike."""
        return "held" if self.anchored else margin_text(self.elo, self.low, self.high)

    @property
    def sentence(self) -> str:
        """Everything about it, for the pointer and for readers of screens."""
        low, high = (MISSING if end is None else elo_text(end) for end in (self.low, self.high))
        held = "held at its rating" if self.anchored else f"95 % interval {low} to {high}"
        lines = [
            f"{self.name} ({KIND_WORDS[self.kind]})",
            f"Elo {self.elo_text}, {held}",
            f"{count(self.games)} games, score {percent(self.score)}",
        ]
        if self.above_next is not None:
            lines.append(f"Stronger than the next: {sure_percent(self.above_next)}")
        return "\n".join((*lines, *([self.note] if self.note else [])))


@dataclass(frozen=True, slots=True)
class LadderPlan:
    """What is to be played.

    Attributes:
        players: who meets, in no order. pairs: of games in each pairing. all_meet: everybody everybody, else only
            neighbours in strength. anchors: Elo that players are held at.
    """

    players: tuple[str, ...] = ()
    pairs: int = 50
    all_meet: bool = False
    anchors: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class LadderRecord:
    """The whole page.

    Attributes:
        rows: strongest first. superiority: chance that the player of the row is stronger than that of the
            column; NaN where no game connects them.
        sentences: cycles, separate groups and other warnings. scale: what the numbers are relative to.
        plan: what is to be played, with its names (`plan_rows`: player, name, held Elo or None). cost: what it takes.
        choices: outside engines to add. empty: what to do where there are no ratings yet, or "".
    """

    domain: str = ""
    rows: tuple[LadderRow, ...] = ()
    superiority: tuple[tuple[float, ...], ...] = ()
    sentences: tuple[str, ...] = ()
    scale: str = ""
    plan: LadderPlan = field(default_factory=LadderPlan)
    plan_rows: tuple[tuple[str, str, float | None], ...] = ()
    cost: str = ""
    can_run: bool = False
    choices: tuple[AnchorChoice, ...] = ()
    job: JobRecord = IDLE
    empty: str = ""


def ladder_rows(rated: LadderRated) -> tuple[LadderRow, ...]:
    """The players with what stands beside each."""
    chances = rated.superiority
    return tuple(
        _row(player, chances[place][place + 1] if place + 1 < len(rated.players) and place < len(chances) else None)
        for place, player in enumerate(rated.players)
    )


def ladder_sentences(rated: LadderRated) -> tuple[str, ...]:
    """What the numbers alone would hide: cycles, notes, and that not all was played."""
    said = [_cycle_sentence([name_of(player) for player in cycle]) for cycle in rated.cycles if cycle]
    notes: dict[str, list[str]] = {}
    for player in rated.players:
        if player.note and not player.anchored:  # that an anchor is held is said with the scale
            notes.setdefault(player.note, []).append(name_of(player.player))
    said += [f"{_listed(names)}: {_ended(note)}" for note, names in notes.items()]
    unbounded = [
        name_of(p.player) for p in rated.players if not p.anchored and not p.note and (p.low is None or p.high is None)
    ]
    if unbounded:
        said.append(f"{_listed(unbounded)}: won or lost everything, so the rating is open to one side.")
    if rated.stopped == "by hand":
        said.append("Not all games were played: the intervals are wider than planned. Run goes on where it stopped.")
    return tuple(said)


def scale_sentence(rated: LadderRated | None) -> str:
    """What the numbers are relative to, as a sentence with players called by their names; "" where nothing was said."""
    if rated is None or not rated.scale or not rated.players:
        return ""
    scale = rated.scale
    for player in sorted((player.player for player in rated.players), key=len, reverse=True):
        scale = scale.replace(player, name_of(player))
    return _ended(scale if scale.startswith("Elo") else f"Elo {scale}")


def elo_text(elo: float) -> str:
    """An Elo number as it stands on a scale: no plus sign, a true minus."""
    return count(round(elo))


def margin_text(elo: float, low: float | None, high: float | None) -> str:
    """Half the 95 % interval: ±34; +60 −31 where the halves are unlike; open where an end is missing."""
    if low is None and high is None:
        return "open"
    if low is None or high is None:
        return f"+∞ {MINUS}{elo - low:.0f}" if low is not None else f"+{(high or elo) - elo:.0f} {MINUS}∞"
    up, down = high - elo, elo - low
    return f"±{(up + down) / 2:.0f}" if abs(up - down) <= 0.2 * (up + down) + 1 else f"+{up:.0f} {MINUS}{down:.0f}"


def sure_percent(chance: float) -> str:
    """A chance that is never rounded to certainty; NaN, where no game connects two players, is none."""
    if math.isnan(chance):
        return MISSING
    if chance > 0.999:
        return "> 99.9 %"
    return "< 0.1 %" if chance < 0.001 else f"{100 * chance:.1f} %"


def seating(players: Iterable[str], rated: LadderRated | None, anchors: Sequence[tuple[str, float]]) -> tuple[str, ...]:
    """The players in the order of their strength as far as it is known, the strongest first.

    Neighbours meet, and games between equals say most. A rating comes from the ladder, else from an anchor or a
    player's own words; the others are guessed to be as strong as rated players of their kind.
    """
    known = {} if rated is None else {player.player: player.elo for player in rated.players}
    held = dict(anchors)

    def strength(player: str) -> float:
        for elo in (known.get(player), held.get(player), nominal_elo(player)):
            if elo is not None:
                return elo
        return _guess(kind_of(player), known)

    return tuple(sorted(dict.fromkeys(players), key=lambda player: -strength(player)))


def anchors_in_force(
    wanted: Sequence[tuple[str, float]], domain: str, matches: Sequence[MatchInfo]
) -> dict[str, float]:
    """What the scale of a domain's stored matches stands on.

    Players are held as wanted, where they have played; where none of them has, the weakest engine whose own words state
    an Elo (`UCI_Elo`) is held at that; else nobody.
    """
    played = (match.order for match in matches if (match.report or {}).get("games") and match.order.domain == domain)
    there = dict.fromkeys(canonical(player) for order in played for player in (order.a, order.b))
    held = {canonical(player): elo for player, elo in wanted if canonical(player) in there}
    stated = [(elo, player) for player in there if (elo := nominal_elo(player)) is not None]
    return held or {player: elo for elo, player in sorted(stated)[:1]}


def num_pairings(num_players: int, *, all_meet: bool) -> int:
    """How many matches a ladder consists of."""
    return num_players * (num_players - 1) // 2 if all_meet else max(num_players - 1, 0)


def cost_sentence(plan: LadderPlan, matches: Iterable[MatchInfo]) -> str:
    """Games, how narrow the intervals will be, and how long it takes at the pace of earlier matches.

    The interval is that of one pairing between equals with a fifth of draws (fishtest's statistics documentation).
    """
    pairings = num_pairings(len(plan.players), all_meet=plan.all_meet)
    if not pairings:
        return "Two players or more are needed."
    games = 2 * plan.pairs * pairings
    error = _Z * math.sqrt((1.0 - _USUAL_DRAWS) / 4.0 / (2 * plan.pairs))
    width = f"about ±{elo_of_score(0.5 + error):.0f} Elo each" if error < 0.5 else "no bounds yet"
    words = "pairing" if pairings == 1 else "pairings"
    pace = _pace(plan.players, matches)
    time = f", about {duration(60.0 * games / pace)} at the pace of earlier matches" if pace else ""
    return f"{pairings} {words}, {count(games)} games, {width}{time}."


def _guess(kind: Kind, known: Mapping[str, float]) -> float:
    """How strong an unrated player of a kind may be: the mean of its kind, or somewhere beside the mean of all."""
    alike = [elo for player, elo in known.items() if kind_of(player) == kind]
    if alike:
        return sum(alike) / len(alike)
    others = [elo for player, elo in known.items() if kind_of(player) != "random"]
    return (sum(others) / len(others) if others else 0.0) + _USUAL_DISTANCE[kind]


def _pace(players: Sequence[str], matches: Iterable[MatchInfo]) -> float | None:
    """Games a minute of stored matches between these players, averaged over games; None = there were none."""
    chosen, games, minutes = {canonical(player) for player in players}, 0.0, 0.0
    for match in matches:
        report = match.report or {}
        pace, played = report.get("games_per_minute"), report.get("games")
        if pace and played and {canonical(match.order.a), canonical(match.order.b)} <= chosen:
            games += played
            minutes += played / pace
    return games / minutes if minutes > 0 else None


def _row(player: RatedPlayer, above_next: float | None) -> LadderRow:
    return LadderRow(
        player.player,
        name_of(player.player),
        kind_of(player.player),
        player.elo,
        player.low,
        player.high,
        player.anchored,
        player.games,
        player.score,
        above_next,
        player.note,
    )


def _cycle_sentence(names: Sequence[str]) -> str:
    beaten = (f"{one} beats {other}" for one, other in zip(names, (*names[1:], names[0]), strict=True))
    return f"No order fits: {'; '.join(beaten)}. One number for each player cannot say that."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _ended(note: str) -> str:
    return note if note.endswith((".", "!", "?")) else f"{note}."
