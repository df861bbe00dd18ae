"""When a round did not help: which head got worse, on which lessons, and at which positions.

Child and parent are asked about lessons that neither learned from, this round's and those of rounds before it; what got
worse on the latter was forgotten. Lessons of one game are alike, so the uncertainty is that of games, not of lessons.
Shape letters: `S` lessons.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.distill.learning import lesson_losses
from engine.distill.lessons import Lessons
from engine.distill.settings import LearningSettings
from engine.domains.base import Rules
from engine.nets.policy_value_net import PolicyValueNet

THIS_ROUND, EARLIER_ROUNDS = "this round", "earlier rounds"

_MOST_ASKED = 4096
_LISTED = 12
_CLEAR = 2.0
"""Standard errors from which on a change counts as one."""


def autopsy(
    rules: Rules,
    parent: PolicyValueNet,
    child: PolicyValueNet,
    held_out: dict[str, Lessons],
    settings: LearningSettings,
) -> dict[str, Any]:
    """What got worse.

    Args:
        held_out: lessons to ask about, by where they are from (`THIS_ROUND`, `EARLIER_ROUNDS`).

    Returns:
        "heads": for each head and origin its losses ("parent", "child", nats), the "change" with its
        "interval_95" and how many "positions"; "worse": sentences about those that clearly got worse; "text": a
        sentence about all; "positions": where the child's losses grew most, the worst first.
    """
    heads: list[dict[str, Any]] = []
    positions: list[dict[str, Any]] = []
    for origin, lessons in held_out.items():
        asked = lessons.chosen(np.linspace(0, len(lessons) - 1, min(len(lessons), _MOST_ASKED)).astype(np.int64))
        if not len(asked):
            continue
        before, after = (lesson_losses(rules, network, asked, settings) for network in (parent, child))
        for head, old, new in zip(("policy", "value"), before, after, strict=True):
            heads.append({"head": head, "lessons": origin, **_change(asked, old, new)})
        positions += _worst(asked, origin, before, after)
    worse = [_sentence(head) for head in heads if head["interval_95"][0] > 0.0]
    positions.sort(key=lambda position: -position["lost"])
    return {"heads": heads, "worse": worse, "text": _text(heads, worse), "positions": positions[:_LISTED]}


def _change(lessons: Lessons, old: NDArray[np.float64], new: NDArray[np.float64]) -> dict[str, Any]:
    """Means of two losses [S] and of their difference, with an interval for which games count, not lessons."""
    change = new - old
    mean = float(change.mean())
    by_game = np.bincount(lessons.rows["game"], change - mean)
    error = float(np.sqrt((by_game**2).sum())) / len(change)
    return {
        "positions": len(change),
        "parent": float(old.mean()),
        "child": float(new.mean()),
        "change": mean,
        "interval_95": [mean - _CLEAR * error, mean + _CLEAR * error],
    }


def _worst(
    lessons: Lessons,
    origin: str,
    before: tuple[NDArray[np.float64], NDArray[np.float64]],
    after: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> list[dict[str, Any]]:
    lost = after[0] + after[1] - before[0] - before[1]
    found = []
    for place in np.argsort(-lost, kind="stable")[:_LISTED].tolist():
        row = lessons.rows[place]
        line = lessons.games[row["game"]].line(int(row["ply"]))
        if lost[place] > 0.0:
            found.append(
                {
                    "start": line.start,
                    "actions": list(line.actions),
                    "lessons": origin,
                    "lost": float(lost[place]),
                    "policy_loss": [float(before[0][place]), float(after[0][place])],
                    "value_loss": [float(before[1][place]), float(after[1][place])],
                }
            )
    return found


def _sentence(head: dict[str, Any]) -> str:
    what = "forgot what it knew" if head["lessons"] == EARLIER_ROUNDS else "errs more in games it has not seen"
    return (
        f"The {head['head']} head {what}: {head['change']:+.3f} nats on lessons of {head['lessons']} "
        f"({head['parent']:.3f} to {head['child']:.3f})."
    )


def _text(heads: list[dict[str, Any]], worse: list[str]) -> str:
    if not heads:
        return "No lesson was held out, so nothing can be said about what went wrong."
    if worse:
        return " ".join(worse)
    better = [head for head in heads if head["interval_95"][1] < 0.0]
    if better:
        return "No head got worse, and some got better: what was learned is too little to show in so many games."
    return "No head got clearly better or worse: the round changed too little."
