"""What typically goes wrong before anything is learned, checked on the lessons themselves.

A check that fails outright stops the round: learning from such lessons would do harm. One that only warns is shown with
what it found. Shape letters: `S` lessons.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.distill.lessons import Lessons
from engine.distill.samples import DRAW, LOSS, NOT_KNOWN, WIN
from engine.domains.base import NO_ACTION, Rules

Outcome = Literal["well", "warning", "wrong"]

_SHARPEST, _SOFTEST = 3.0, 0.01
"""Nats of surprise, on average, between which targets teach something that can be believed."""
_FEWEST_DISTINCT = 0.3
_FEW = 200
"""Lessons below which a share says nothing."""
_CLOSE = 1e-3


@dataclass(frozen=True, slots=True)
class Check:
    """A check and what it found; `text` is one sentence for people."""

    name: str
    outcome: Outcome
    text: str


def examined(rules: Rules, lessons: Lessons) -> tuple[Check, ...]:
    """All checks of the lessons of a round."""
    if not len(lessons):
        return (Check("lessons", "wrong", "No lesson was made, so there is nothing to learn."),)
    return (
        _targets(rules, lessons),
        _wins(rules, lessons),
        _signs(lessons),
        _surprise(lessons),
        _duplicates(lessons),
    )


def _targets(rules: Rules, lessons: Lessons) -> Check:
    """Policies are chances of legal actions, and of nothing else."""
    sums = np.add.reduceat(lessons.policy, lessons.offsets[:-1])
    expansion = rules.expand(np.ascontiguousarray(lessons.rows["state"]))
    rows = np.repeat(np.arange(len(lessons)), np.diff(lessons.offsets))
    is_legal = np.array_equal(lessons.offsets, expansion.offsets)
    if is_legal:  # search keeps actions by prior, rules in an order of their own
        ours, theirs = (each[np.lexsort((each, rows))] for each in (lessons.actions, expansion.actions))
        is_legal = np.array_equal(ours, theirs)
    if not is_legal or np.abs(sums - 1.0).max() > _CLOSE or lessons.policy.min() < 0.0:
        return Check("targets", "wrong", "A policy to be learned is no distribution over the legal actions.")
    return Check("targets", "well", "Every policy to be learned is a distribution over the legal actions.")


def _wins(rules: Rules, lessons: Lessons) -> Check:
    """Where play can be won at once, search says so: the sign test of everything between rules and targets."""
    states = np.ascontiguousarray(lessons.rows["state"])
    has_win = rules.wins(states, rules.expand(states)) != NO_ACTION
    seen = int(has_win.sum())
    if not seen:
        return Check("wins at hand", "well", "No position had a win at hand; nothing to check.")
    if lessons.rows["value"][has_win].min() < 0.0:
        return Check("wins at hand", "wrong", "A position with a win at hand is valued as lost: a sign is wrong.")
    found = float((lessons.rows["value"][has_win] > 1.0 - _CLOSE).mean())
    return Check("wins at hand", "well", f"Of {seen:,} positions with a win at hand search proved {found:.0%}.")


def _signs(lessons: Lessons) -> Check:
    """Search's values go with the results of the games, not against them."""
    rows = lessons.rows
    decided = (rows["result"] == WIN) | (rows["result"] == LOSS)
    if decided.sum() < _FEW:
        return Check("signs", "well", "Too few decided games to compare values with results.")
    agreement = float(np.mean(rows["value"][decided] * (DRAW - rows["result"][decided].astype(np.float64))))
    if agreement < 0.0:
        text = f"Search's values go against the games' results ({agreement:+.2f}): a sign is wrong."
        return Check("signs", "wrong", text)
    return Check("signs", "well", f"Search's values go with the games' results ({agreement:+.2f}).")


def _surprise(lessons: Lessons) -> Check:
    """Targets are neither the prior again, nor so sharp that one search's chance is taken for truth."""
    mean = float(lessons.rows["surprise"].mean())
    if mean < _SOFTEST:
        text = f"Search changes next to nothing ({mean:.3f} nats): more simulations or a larger c_scale teach more."
        return Check("surprise", "warning", text)
    if mean > _SHARPEST:
        text = f"Targets are very sharp ({mean:.1f} nats from the prior): a smaller c_scale trusts one search less."
        return Check("surprise", "warning", text)
    return Check("surprise", "well", f"Search moves the policy by {mean:.2f} nats on average.")


def _duplicates(lessons: Lessons) -> Check:
    """Games differ."""
    if "key" not in (lessons.rows["state"].dtype.names or ()):
        return Check("variety", "well", "Positions of this domain have no key to count them by.")
    share = len(np.unique(lessons.rows["state"]["key"])) / len(lessons)
    if share < _FEWEST_DISTINCT and len(lessons) >= _FEW:
        text = f"Only {share:.0%} of the positions are different: let games wander longer, or use more openings."
        return Check("variety", "warning", text)
    unknown = float((lessons.rows["result"] == NOT_KNOWN).mean())
    told = "" if not unknown else f"; of {unknown:.0%} the result is not known"
    return Check("variety", "well", f"{share:.0%} of the positions are different{told}.")
