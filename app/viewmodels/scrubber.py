"""One position through all generations: how the prior, the value and the chosen action went from one to the next.

Values are from the player to move at the position, the same seat for all generations.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.viewmodels import figures
from app.viewmodels.arena_matrix import in_lineage
from app.viewmodels.arena_mind import Mind
from app.viewmodels.phrases import Phrases
from app.viewmodels.records import CandidateRow
from engine.domains.base import Line
from engine.service.messages import GenerationInfo

UNIFORM = "uniform"
_MOST_CURVES = 5
_MOST_ROWS = 12
_NO_GENERATIONS = "There are no generations of this domain yet; this is what there is without any intuition."
BUDGETS = (0, 16, 64, 200, 800)
"""Simulations that can be chosen from; 0 = intuition alone."""


@dataclass(frozen=True, slots=True)
class GenerationPoint:
    """A generation on the scale.

    Attributes:
        id: its name; "uniform" is the one that knows nothing. is_known: it was asked already.
        value: None = not known. best: text of what it would play, or "". priors: of the actions with a curve.
        trouble: why it was not asked, or "".
    """

    id: str
    is_known: bool = False
    value: float | None = None
    best: str = ""
    priors: tuple[float | None, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class ScrubberRecord:
    """All generations of a domain on one position.

    Attributes:
        points: the oldest first. at: the one that is looked at.
        actions: texts of those with a curve, the one that matters most first.
        budget: simulations. rows: what the generation looked at says of the actions.
        said: a sentence on it. change: one on what is new in it since the generation before, or "".
        waiting: how many are still to be asked.
    """

    points: tuple[GenerationPoint, ...] = ()
    at: int = 0
    actions: tuple[str, ...] = ()
    budget: int = 0
    rows: tuple[CandidateRow, ...] = ()
    said: str = ""
    change: str = ""
    waiting: int = 0


def in_order(infos: Sequence[GenerationInfo]) -> tuple[str, ...]:
    """Ids of generations: the one that knows nothing, then a parent always before its children, else as they come."""
    return (UNIFORM, *in_lineage(infos))


def player_of(generation: str, budget: int) -> str:
    """A generation with a budget, as players are written."""
    return f"{generation}@{budget}"


def asking_order(count: int, at: int) -> tuple[int, ...]:
    """Places in the order in which they are asked: the one looked at, then outwards from it."""
    return tuple(sorted(range(count), key=lambda place: (abs(place - at), place)))


def scrubber_record(
    generations: Sequence[str],
    minds: Sequence[Mind | None],
    troubles: Sequence[str],
    at: int,
    budget: int,
    line: Line,
    phrases: Phrases,
) -> ScrubberRecord:
    """What is known of all generations on the end of `line`.

    Args:
        minds, troubles: of each generation, None and "" where it was not asked yet. at: the one looked at.
    """
    if not generations:
        return ScrubberRecord(budget=budget)
    curves = curve_actions(minds, at)
    points = tuple(
        _point(name, mind, trouble, curves, line, phrases)
        for name, mind, trouble in zip(generations, minds, troubles, strict=True)
    )
    mind = minds[at]
    before = next(((k, minds[k]) for k in range(at - 1, -1, -1) if minds[k] is not None), None)
    change = _NO_GENERATIONS if len(generations) == 1 else ""
    if mind is not None and before is not None and before[1] is not None:
        change = change_sentence(generations[before[0]], before[1], mind, line, phrases)
    return ScrubberRecord(
        points,
        at,
        tuple(phrases.last_text(line.then(action)) for action in curves),
        budget,
        () if mind is None else option_rows(mind, line, phrases),
        _said(points[at], mind),
        change,
        sum(not point.is_known and not point.trouble for point in points),
    )


def curve_actions(minds: Sequence[Mind | None], at: int) -> tuple[int, ...]:
    """The actions that get a curve: what the one looked at plays, then those that any generation liked best."""
    highest: dict[int, float] = {}
    for mind in minds:
        for option in () if mind is None else mind.options:
            highest[option.action] = max(highest.get(option.action, 0.0), option.prior or 0.0)
    mind = minds[at]
    first = (mind.action,) if mind is not None else ()
    liked = sorted(highest, key=lambda action: (-highest[action], action))
    return tuple(dict.fromkeys((*first, *liked)))[:_MOST_CURVES]


def option_rows(mind: Mind, line: Line, phrases: Phrases) -> tuple[CandidateRow, ...]:
    """What a mind says of the actions, for the gold and ivory bars."""
    return tuple(
        CandidateRow(
            action=option.action,
            text=phrases.last_text(line.then(option.action)),
            prior=option.prior or 0.0,
            visits=option.visits,
            visit_share=option.share or 0.0,
            q=option.q,
            u=0.0,
            raw_value=None,
            improved_policy=0.0,
        )
        for option in mind.options[:_MOST_ROWS]
    )


def change_sentence(name: str, before: Mind, after: Mind, line: Line, phrases: Phrases) -> str:
    """What a generation thinks otherwise than the one before it, called `name`."""
    said = []
    if before.action != after.action:
        old, new = (phrases.last_text(line.then(mind.action)) for mind in (before, after))
        said.append(f"it plays {new} where {name} plays {old}")
    gains = _gains(before, after)
    if gains:
        action, gain = max(gains.items(), key=lambda item: (abs(item[1]), -item[0]))
        if abs(gain) >= 0.01:
            text, points = phrases.last_text(line.then(action)), figures.signed(100 * gain, 0)
            said.append(f"the prior of {text} changed most, by {points} points")
    if before.value is not None and after.value is not None:
        said.append(f"the value by {figures.signed(after.value - before.value)}")
    return f"Since {name}: {', '.join(said)}." if said else ""


def _gains(before: Mind, after: Mind) -> dict[int, float]:
    """How much more prior each action has."""
    old = {option.action: option.prior for option in before.options if option.prior is not None}
    return {
        option.action: option.prior - old[option.action]
        for option in after.options
        if option.prior is not None and option.action in old
    }


def _point(
    name: str, mind: Mind | None, trouble: str, curves: tuple[int, ...], line: Line, phrases: Phrases
) -> GenerationPoint:
    if mind is None:
        return GenerationPoint(name, trouble=trouble)
    priors = {option.action: option.prior for option in mind.options}
    best = phrases.last_text(line.then(mind.action))
    return GenerationPoint(name, True, mind.value, best, tuple(priors.get(action) for action in curves))


def _said(point: GenerationPoint, mind: Mind | None) -> str:
    if point.trouble:
        return f"{point.id} could not be asked: {point.trouble}"
    if mind is None:
        return f"{point.id} is asked …"
    how = f"after {figures.count(mind.simulations)} simulations" if mind.simulations else "by intuition alone"
    worth = f", value {figures.signed(mind.value)}" if mind.value is not None else ""
    return f"{point.id} plays {point.best} {how}{worth}."
