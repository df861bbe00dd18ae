"""What a search can be told to wait for: watchpoints, and what is said of one when it is reached.

A watchpoint is a record that travels, can be stored and names branches by their path of actions from the root. A run
that was given some ends at the first moment at which one of them *becomes* true; what was true before the run began is
waited for to turn false first. What watches for them while a search runs is `engine.search.watch`.

The value of a branch is meant as candidates show it: from the player who chooses the branch; that of the root from the
player to move there. A proven value counts as such.
"""

from collections.abc import Callable
from typing import Annotated, Literal

import msgspec

from engine.domains.base import Line, Notation
from engine.tree.events import PruneReason

Path = tuple[int, ...]
Count = Annotated[int, msgspec.Meta(ge=1)]
Value = Annotated[float, msgspec.Meta(ge=-1, le=1)]
Reason = Annotated[int, msgspec.Meta(ge=1, le=int(max(PruneReason)))]
Say = Callable[[Path], str]
"""Words for a path of actions from the root; the empty path is the root."""


class Watchpoint(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Base of all watchpoints."""


class BestChanges(Watchpoint, frozen=True, kw_only=True):
    """Another action of the root becomes the one to play (`engine.tree.choice`) than when the run began.

    Attributes:
        after: it counts from the moment on at which the root has so many visits.
    """

    after: Count = 1


class VisitsReach(Watchpoint, frozen=True, kw_only=True):
    """The node at `path` gets its visit number `visits`, lent ones counted."""

    path: Path
    visits: Count


class ValueMoves(Watchpoint, frozen=True, kw_only=True):
    """The value at `path` is `by` or more away from what it was as the run began.

    Attributes:
        base: measured from here instead; None = the value as the run began.
        after: it counts from the moment on at which the node has so many visits; the base is taken then.
    """

    path: Path
    by: Annotated[float, msgspec.Meta(gt=0, le=2)]
    base: Value | None = None
    after: Count = 1


class ValueCrosses(Watchpoint, frozen=True, kw_only=True):
    """The value at `path` reaches `value` from below ("up"), from above ("down") or changes sides ("either")."""

    path: Path
    value: Value
    way: Literal["up", "down", "either"] = "either"
    after: Count = 1


class BranchPruned(Watchpoint, frozen=True, kw_only=True):
    """A branch at or below `below` is pruned.

    Attributes:
        reasons: for one of these (`PruneReason`); none = whatever the reason, except that a person did it.
    """

    reasons: tuple[Reason, ...] = ()
    below: Path = ()


class ProofFound(Watchpoint, frozen=True, kw_only=True):
    """The value at `path` is proven; None = that of any node at which play has not ended."""

    path: Path | None = ()


class DepthReached(Watchpoint, frozen=True, kw_only=True):
    """A simulation ends so many actions below the root."""

    depth: Count


class QueryHolds(Watchpoint, frozen=True, kw_only=True):
    """A query (`engine.tree.query`) is true of at least `nodes` nodes.

    It looks at the whole tree, so it is asked as often as a fiftieth of the run's time allows: after every batch of a
    small tree, some times a second in a tree of a million nodes. What is true for a moment only may be missed.
    """

    text: str
    nodes: Count = 1


AnyWatchpoint = (
    BestChanges | VisitsReach | ValueMoves | ValueCrosses | BranchPruned | ProofFound | DepthReached | QueryHolds
)


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A watchpoint was reached.

    Attributes:
        watchpoint: which, its paths from the root of that moment; index: its place among those of the run.
        simulation: simulations done in this search when it became true; the ones before it leave it untrue.
        path: where: the new best action, the branch pruned, the node proven, a node the query is true of.
        was: the action that was the best before.
        before, after: its figure as the run began and now: value, visits, or nodes the query is true of.
        reason: `PruneReason` of a branch pruned.
        is_first: no simulation before this one made it true. False where a query's moment was found by halving.
    """

    watchpoint: AnyWatchpoint
    index: int
    simulation: int
    path: Path = ()
    was: Path = ()
    before: float | None = None
    after: float | None = None
    reason: int = 0
    is_first: bool = True


_REASONS = {
    PruneReason.PROVEN: "as a proven loss",
    PruneReason.OUT_OF_REACH: "as out of reach",
    PruneReason.BY_HAND: "by hand",
    PruneReason.ELIMINATED: "as eliminated",
    PruneReason.LOW_PRIOR: "for a low prior",
    PruneReason.DUPLICATE: "as a duplicate",
    PruneReason.REJECTED: "as rejected",
}


def reason_words(reason: int) -> str:
    """How a branch is pruned, to be put behind "is pruned"."""
    return _REASONS[PruneReason(reason)]


def watchpoint_sentence(watchpoint: AnyWatchpoint, say: Say) -> str:
    """What is waited for, to be put behind "until" or "when"."""
    match watchpoint:
        case BestChanges():
            return f"the best choice changes{_after(watchpoint.after, 'the root')}"
        case VisitsReach():
            return f"{say(watchpoint.path)} has {watchpoint.visits:,} visits"
        case ValueMoves():
            start = "" if watchpoint.base is None else f" from {watchpoint.base:+.2f}"
            name = say(watchpoint.path)
            return f"the value of {name} moves by {watchpoint.by:.2f}{start}{_after(watchpoint.after, 'it')}"
        case ValueCrosses():
            way = {"up": "rises to", "down": "falls to", "either": "crosses"}[watchpoint.way]
            name = say(watchpoint.path)
            return f"the value of {name} {way} {watchpoint.value:+.2f}{_after(watchpoint.after, 'it')}"
        case BranchPruned():
            below = f" below {say(watchpoint.below)}" if watchpoint.below else ""
            how = " or ".join(reason_words(reason) for reason in watchpoint.reasons)
            return f"a branch{below} is pruned{f' {how}' if how else ''}"
        case ProofFound():
            return f"the value of {'any node' if watchpoint.path is None else say(watchpoint.path)} is proven"
        case DepthReached():
            return f"a line is {watchpoint.depth:,} deep"
        case QueryHolds():
            nodes = "a node" if watchpoint.nodes == 1 else f"{watchpoint.nodes:,} nodes"
            return f"{nodes} with {watchpoint.text}"


def hit_sentence(hit: Hit, say: Say) -> str:
    """What happened, when, and the figures before and after."""
    when = f"at simulation {hit.simulation:,} "
    match hit.watchpoint:
        case BestChanges():
            before, after = _value(hit.before), _value(hit.after)
            return f"{when}the best choice changed from {say(hit.was)}{before} to {say(hit.path)}{after}"
        case VisitsReach():
            return f"{when}{say(hit.path)} got its visit number {_count(hit.after)}, up from {_count(hit.before)}"
        case ValueMoves() | ValueCrosses():
            before = "" if hit.before is None else f" from {hit.before:+.3f}"
            return f"{when}the value of {say(hit.path)} went{before} to {_signed(hit.after)}"
        case BranchPruned():
            return f"{when}{say(hit.path)} was pruned {reason_words(hit.reason)}"
        case ProofFound():
            result = {1.0: "a win", -1.0: "a loss"}.get(hit.after or 0.0, "a draw")
            whose = "" if result == "a draw" else " for who chooses it" if hit.path else " for who is to move"
            return f"{when}{say(hit.path)} was proven to be {result}{whose}"
        case DepthReached():
            return f"{when}a line became {_count(hit.after)} deep"
        case QueryHolds():
            count = _count(hit.after)
            nodes = "there was 1 node" if count == "1" else f"there were {count} nodes"
            return f"{when}{nodes} with {hit.watchpoint.text}, the first {say(hit.path)}"


def path_words(notation: Notation, line: Line, path: Path) -> str:
    """A path from the end of `line` in the words of a domain (chess: "e4 e5 Nf3")."""
    return " ".join(notation.texts(line, path)) if path else "the root"


def plain_path(path: Path) -> str:
    """A path without a notation at hand: the numbers of its actions."""
    return f"({' '.join(map(str, path))})" if path else "the root"


def moved(watchpoint: AnyWatchpoint, played: Path) -> AnyWatchpoint | None:
    """The same watchpoint after `played` has become the root; None where what it watches is gone."""
    match watchpoint:
        case VisitsReach() | ValueMoves() | ValueCrosses() | ProofFound():
            if watchpoint.path is None:
                return watchpoint
            if watchpoint.path[: len(played)] != played:
                return None
            return msgspec.structs.replace(watchpoint, path=watchpoint.path[len(played) :])
        case BranchPruned():
            shorter = min(len(played), len(watchpoint.below))
            if watchpoint.below[:shorter] != played[:shorter]:
                return None
            return msgspec.structs.replace(watchpoint, below=watchpoint.below[shorter:])
        case _:
            return watchpoint


def _after(visits: int, whose: str) -> str:
    return "" if visits == 1 else f", once {whose} has {visits:,} visits"


def _value(value: float | None) -> str:
    return "" if value is None else f" ({value:+.3f})"


def _signed(value: float | None) -> str:
    return "unknown" if value is None else f"{value:+.3f}"


def _count(figure: float | None) -> str:
    return f"{round(figure or 0):,}"
