"""Whether a round helped, and what is said of it at the end."""

from typing import Any

from engine.distill.round_order import RoundOrder
from engine.distill.round_state import RoundState


def helped(match: dict[str, Any] | None) -> bool:
    """Whether a match of child against parent shows the child to be stronger (95 %)."""
    low, _ = _interval(match)
    return low is not None and low > 0.0


def verdict(match: dict[str, Any] | None) -> str:
    """What a match of child against parent says, in a sentence."""
    low, high = _interval(match)
    if low is None and high is None:
        return "The child was not matched against its parent."
    if helped(match):
        return "It helped: the child is stronger than its parent, as far as chance lets one say (95 %)."
    if high is not None and high < 0.0:
        return "It did harm: the child is weaker than its parent (95 %)."
    return "Not decided: so few games cannot tell the child from its parent."


def report(order: RoundOrder, state: RoundState, number: int) -> dict[str, Any]:
    """A round as `arborist distill --json` prints it.

    Args:
        number: of the round, from 1.
    """
    return {
        "round": number,
        "domain": order.domain,
        "parent": order.parent,
        "child": order.child,
        "child_hash": state.child_hash,
        "stage": state.stage,
        "published": bool(state.child_hash),
        "fuel": state.fuel,
        "samples": (state.lessons or {}).get("positions", 0),
        "lessons": state.lessons,
        "train": state.learning,
        "match_parent": state.match,
        "search_match_parent": state.search_match,
        "anchors": [],
        "verdict": _so_far(state),
        "autopsy": state.autopsy,
        "seconds_s": sum(state.seconds.values()),
        "stages_s": state.seconds,
    }


def _so_far(state: RoundState) -> str:
    if state.stage == "learn":
        return "Its games have been played; nothing was learned from them yet."
    return verdict(state.match) if state.stage == "done" else "It is not over yet."


def _interval(match: dict[str, Any] | None) -> tuple[float | None, float | None]:
    low, high = (match or {}).get("elo_interval_95") or (None, None)
    return low, high
