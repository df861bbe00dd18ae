"""The timeline: the whole search as one strip, with what happened in it, and where the playhead stands."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from app.viewmodels import figures
from app.viewmodels.milestones import Kind, Milestone
from app.viewmodels.phrases import Phrases
from app.viewmodels.records import TrailsRecord
from app.viewmodels.replica import Replica

SPEEDS = (1, 10, 100, 1_000, 10_000)
"""Simulations a second at which the past can be played."""
_BANDS = 3
"""Moves whose shares are drawn behind the marks."""
_WINDOW = 0.04
"""Part of the search over which a change of mind is measured."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened.

    Attributes:
        at: simulations done. kind: a `Kind`'s name, or "mind" for the biggest change of mind, "note", "watch".
        text: what it was, as a sentence. action: of a change of the best move, the one that became best.
    """

    at: int
    kind: str
    text: str
    action: int = -1


@dataclass(frozen=True, slots=True)
class TimelineRecord:
    """The strip and its playhead.

    Attributes:
        first, last: simulations at its ends; equal where there is nothing to scrub.
        at: the playhead, None = the present. is_playing: it moves by itself, `speed` simulations a second.
        busy: what is being waited for, or "".
        marks: by time. cuts: branches cut in each of equal stretches from `first`, as parts of the most.
        bands: shares of the leading moves for drawing behind it: moments and the trails.
        text: what is looked at, in words.
    """

    first: int = 0
    last: int = 0
    at: int | None = None
    is_playing: bool = False
    speed: int = 100
    busy: str = ""
    marks: tuple[Mark, ...] = ()
    cuts: tuple[float, ...] = ()
    bands: TrailsRecord = field(default_factory=TrailsRecord)
    text: str = ""


def marks_of(replica: Replica, trails: TrailsRecord, phrases: Phrases) -> tuple[Mark, ...]:
    """All milestones of a search as marks, and the biggest change of mind among them; by time."""
    choices = phrases.choices(replica.line)

    def name(action: int) -> str:
        return choices[action].text if action in choices else "the root"

    marks = [Mark(found.at, found.kind.value, _sentence(found, name), found.action) for found in replica.milestones.all]
    changed = biggest_change(trails)
    if changed is not None:
        at, text = changed
        marks.append(Mark(at, "mind", text))
    return tuple(sorted(marks, key=lambda mark: mark.at))


def biggest_change(trails: TrailsRecord) -> tuple[int, str] | None:
    """When visits moved most from moves to others, and in words; None for a search that hardly changed its mind."""
    moments = np.array(trails.moments)
    if len(moments) < 8 or not trails.trails:
        return None
    shares = np.array([trail.shares for trail in trails.trails])
    span = max(int(_WINDOW * len(moments)), 1)
    # The first tenth is all change: a few visits are large shares there.
    start = len(moments) // 10
    moved = np.abs(shares[:, start + span :] - shares[:, start:-span]).sum(axis=0)
    if not len(moved) or float(moved.max()) < 0.1:
        return None
    place = start + int(moved.argmax()) + span
    gained = shares[:, place] - shares[:, place - span]
    winner = trails.trails[int(gained.argmax())]
    change = f"{figures.percent(winner.shares[place - span])} to {figures.percent(winner.shares[place])}"
    return int(moments[place]), f"Biggest change of mind: {winner.text} goes from {change} of the visits."


def cuts_of(replica: Replica, last: int) -> tuple[float, ...]:
    """Branches cut over time, from the root's first simulation to `last`, as parts of the busiest stretch."""
    _, _, counts = replica.milestones.cuts(last)
    most = int(counts.max(initial=0))
    return tuple((counts / most).tolist()) if most else ()


def bands_of(trails: TrailsRecord) -> TrailsRecord:
    """The few moves whose shares stand behind the marks."""
    chosen = tuple(trail for trail in trails.trails if trail.is_best or trail.is_favourite)
    others = tuple(trail for trail in trails.trails if trail not in chosen)
    return TrailsRecord(trails.moments, (*chosen, *others)[:_BANDS], trails.stale)


def moment_text(at: int | None, last: int) -> str:
    """What is looked at: "simulation 1,240 of 20,000"."""
    return f"{figures.count(last if at is None else at)} of {figures.count(last)}"


def _sentence(found: Milestone, name: Callable[[int], str]) -> str:
    match found.kind:
        case Kind.FLIP:
            return f"{name(found.action)} takes the lead from {name(found.before)}."
        case Kind.PROOF:
            return f"The result of {name(found.action)} is proven."
        case Kind.STEER:
            return f"Steered by hand: {name(found.action)}."
        case Kind.SWITCH:
            return f"From here on: {found.text}, or other settings."
