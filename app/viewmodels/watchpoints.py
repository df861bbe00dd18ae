"""What a person has the search wait for: watchpoints with a line instead of a path, as sentences with a number in them.

A branch is named by the whole line that ends with it, so that a watchpoint means the same however the root moves. What
names no line watches whichever state is the root.
"""

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from app.viewmodels.figures import count
from engine.domains.base import Line
from engine.search.watchpoints import (
    AnyWatchpoint,
    BestChanges,
    BranchPruned,
    DepthReached,
    Hit,
    ProofFound,
    QueryHolds,
    ValueCrosses,
    ValueMoves,
    VisitsReach,
    hit_sentence,
    reason_words,
)
from engine.tree.events import PruneReason

Name = Callable[[Line | None], str]
"""Words for the branch that ends a line; None = the root, whichever it is."""


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """A watchpoint as it is kept.

    Attributes:
        number: its own, as long as the program runs.
        watchpoint: what is waited for; its paths are empty where `line` says which branch is meant.
        line: the branch, or None. is_on: it is waited for.
    """

    number: int
    watchpoint: AnyWatchpoint
    line: Line | None = None
    is_on: bool = True


@dataclass(frozen=True, slots=True)
class Number:
    """The number in a sentence: what it may be, and what stands around it."""

    value: float
    low: float
    high: float
    step: float
    digits: int
    name: str


@dataclass(frozen=True, slots=True)
class WatchRow:
    """One line of the list: "before [number] after".

    Attributes:
        is_here: the branch is one of the tree on screen; what is not, sleeps.
        tooltip: what exactly is waited for.
    """

    number: int
    before: str
    figure: Number | None = None
    after: str = ""
    is_on: bool = True
    is_here: bool = True
    tooltip: str = ""

    @property
    def text(self) -> str:
        """The sentence, for those who do not see the row."""
        shown = "" if self.figure is None else f" {self.figure.value:,.{self.figure.digits}f}"
        return f"{self.before}{shown} {self.after}".strip()


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be added. `group`: heading of the menu it stands in, "" = the menu itself."""

    text: str
    watchpoint: AnyWatchpoint
    group: str = ""


@dataclass(frozen=True, slots=True)
class WatchpointsRecord:
    """All that is waited for.

    Attributes:
        num_armed: of the rows that are on and of the tree on screen.
        one_by_one: leaves are evaluated one at a time while something is waited for.
        offers: what can be added without naming a branch.
    """

    rows: tuple[WatchRow, ...] = ()
    num_armed: int = 0
    one_by_one: bool = False
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class Reached:
    """A watchpoint ended a run. `line`: to the root it happened under. `watched`: which it was, as kept."""

    hit: Hit
    watched: Watched
    line: Line


@dataclass(frozen=True, slots=True)
class HitRecord:
    """What happened, in a sentence; `can_go`: its moment is not the one looked at; `can_run`: the search can go on."""

    text: str
    can_go: bool = True
    can_run: bool = True


OFFERS = (
    Offer("The best move changes", BestChanges(after=100)),
    Offer("The value moves by …", ValueMoves(path=(), by=0.1, after=10)),
    Offer("The value crosses …", ValueCrosses(path=(), value=0.0, after=10)),
    Offer("The root is proven", ProofFound()),
    Offer("Anything is proven", ProofFound(path=None)),
    Offer("A line is so deep …", DepthReached(depth=20)),
    Offer("For any reason", BranchPruned(), "A branch is pruned"),
    *(
        Offer(reason_words(reason).capitalize(), BranchPruned(reasons=(int(reason),)), "A branch is pruned")
        for reason in PruneReason
    ),
)


def branch_offers(visits: int, *, is_root: bool) -> tuple[tuple[str, AnyWatchpoint], ...]:
    """What can be waited for at a branch that has so many visits now: words for a menu, and a watchpoint to begin with.

    Paths are left empty: the branch's line stands beside a watchpoint (`Watched`).
    """
    whose = "It" if is_root else "This"
    offers: list[tuple[str, AnyWatchpoint]] = [
        (f"{whose} has so many visits …", VisitsReach(path=(), visits=max(100, 2 * visits))),
        ("Its value moves by …", ValueMoves(path=(), by=0.1, after=10)),
        ("Its value crosses …", ValueCrosses(path=(), value=0.0, after=10)),
        ("Its value is proven", ProofFound()),
    ]
    if not is_root:
        offers.append(("Something below it is pruned", BranchPruned()))
    return tuple(offers)


def figure_of(watchpoint: AnyWatchpoint) -> Number | None:
    """The number in a watchpoint's sentence, if it has one."""
    return _sentence(watchpoint, "")[1]


def figure_sentence(watchpoint: AnyWatchpoint, where: str) -> str:
    """The whole sentence, to be put behind "when"."""
    before, figure, after, _ = _sentence(watchpoint, where)
    return WatchRow(0, before, figure, after).text


def watchpoints_record(
    watched: tuple[Watched, ...], root: Line | None, name: Name, *, one_by_one: bool
) -> WatchpointsRecord:
    """The list; `root`: the line to the root on screen, None where there is none."""
    rows = tuple(_row(one, root, name) for one in watched)
    num_armed = sum(row.is_on and row.is_here for row in rows)
    return WatchpointsRecord(rows, num_armed, one_by_one, OFFERS)


def hit_record(reached: Reached, at: int | None, say: Callable[[Line], str], *, can_run: bool) -> HitRecord:
    """What is said of a hit while the moment after simulation `at` is looked at (None = the present)."""
    hit, root = reached.hit, reached.line

    def named(path: tuple[int, ...]) -> str:
        return say(root.then(*path)) if path else "the root"

    text = hit_sentence(hit, named).replace("choice", "move").replace("-", "−")
    exactly = "" if hit.is_first else " There may have been a moment before it."
    return HitRecord(f"Paused: {text}.{exactly}", can_go=at != hit.simulation, can_run=can_run)


def armed(watched: tuple[Watched, ...], root: Line) -> tuple[tuple[Watched, AnyWatchpoint], ...]:
    """Those that are on and can be waited for below `root`, each with its path from there."""
    found = []
    for one in watched:
        watchpoint = _from(one, root)
        if one.is_on and watchpoint is not None:
            found.append((one, watchpoint))
    return tuple(found)


def with_figure(watchpoint: AnyWatchpoint, value: float) -> AnyWatchpoint:
    """The same with another number in its sentence."""
    name = _FIGURES.get(type(watchpoint))
    if name is None:
        return watchpoint
    kind = type(getattr(watchpoint, name))
    return msgspec.structs.replace(watchpoint, **{name: kind(round(value) if kind is int else value)})


def to_keep(watched: tuple[Watched, ...]) -> tuple[dict[str, Any], ...]:
    """Those worth keeping for another day, as plain values: what names no branch."""
    return tuple(msgspec.to_builtins(one) for one in watched if one.line is None)


def kept(values: Iterable[dict[str, Any]]) -> tuple[Watched, ...]:
    """What `to_keep` wrote; what another version of the program wrote and this one does not know is left out."""
    found = []
    for one in values:
        with contextlib.suppress(msgspec.ValidationError):
            found.append(msgspec.convert(one, Watched))
    return tuple(found)


_FIGURES: dict[type[AnyWatchpoint], str] = {
    BestChanges: "after",
    VisitsReach: "visits",
    ValueMoves: "by",
    ValueCrosses: "value",
    DepthReached: "depth",
    QueryHolds: "nodes",
}
"""Which field is the number in the sentence."""


def _from(one: Watched, root: Line) -> AnyWatchpoint | None:
    """The watchpoint with its path below `root`; None where its branch is not there."""
    if one.line is None:
        return one.watchpoint
    same = one.line.start == root.start and one.line.actions[: len(root.actions)] == root.actions
    if not same:
        return None
    path = one.line.actions[len(root.actions) :]
    name = "below" if isinstance(one.watchpoint, BranchPruned) else "path"
    return msgspec.structs.replace(one.watchpoint, **{name: path})


def _row(one: Watched, root: Line | None, name: Name) -> WatchRow:
    where = name(one.line)
    is_here = root is not None and _from(one, root) is not None
    before, figure, after, tooltip = _sentence(one.watchpoint, where)
    if not is_here:
        tooltip = "It is no branch of the tree on screen; it is waited for again when it is."
    return WatchRow(one.number, before, figure, after, one.is_on, is_here, tooltip)


def _sentence(watchpoint: AnyWatchpoint, where: str) -> tuple[str, Number | None, str, str]:
    """What stands before the number, the number, what stands behind it, and what exactly it means."""
    match watchpoint:
        case BestChanges():
            figure = Number(watchpoint.after, 1, 1e9, 100, 0, "Visits of the root before it counts")
            tooltip = "Another move becomes the one to play than when the run began. (best action)"
            return "the best move changes, after", figure, "visits", tooltip
        case VisitsReach():
            figure = Number(watchpoint.visits, 1, 2e9, 100, 0, "Visits")
            return f"{where} has", figure, "visits", "The node gets its visit of that number. (N)"
        case ValueMoves():
            figure = Number(watchpoint.by, 0.01, 2.0, 0.05, 2, "Change of value")
            tooltip = f"It is so far from where it was as the run began, after {count(watchpoint.after)} visits. (Q)"
            return f"the value of {where} moves by", figure, "", tooltip
        case ValueCrosses():
            figure = Number(watchpoint.value, -1.0, 1.0, 0.05, 2, "Value")
            way = {"up": "rises to", "down": "falls to", "either": "crosses"}[watchpoint.way]
            tooltip = "From the player who chooses the move; of the root, from the player to move there. (Q)"
            return f"the value of {where} {way}", figure, "", tooltip
        case BranchPruned():
            below = "" if where == "the root" else f" below {where}"
            how = " or ".join(reason_words(reason) for reason in watchpoint.reasons)
            tooltip = "A branch is given up; those that a person cuts do not count." if not how else ""
            return f"a branch{below} is pruned{f' {how}' if how else ''}", None, "", tooltip
        case ProofFound():
            whose = "any node" if watchpoint.path is None else where
            return f"the value of {whose} is proven", None, "", "It is certain, whatever is searched. (solver)"
        case DepthReached():
            figure = Number(watchpoint.depth, 1, 500, 1, 0, "Depth in moves of either side")
            return "a line is", figure, "deep", "A simulation ends so many moves below the root. (depth)"
        case QueryHolds():
            figure = Number(watchpoint.nodes, 1, 1e9, 1, 0, "Nodes")
            noun = "node has" if watchpoint.nodes == 1 else "nodes have"
            tooltip = "Asked as often as a fiftieth of the search's time allows. (query)"
            return "", figure, f"{noun} {watchpoint.text}", tooltip
