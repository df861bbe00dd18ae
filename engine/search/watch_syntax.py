"""Watchpoints as a person writes them: `best changes`, `N(e2e4) > 500`, `Q(e2e4 e7e5) moves 0.1`, `query: N > 500`.

    best changes [after N]                  the action to play changes (once the root has N visits)
    N(MOVES) >= N        N > N              a node gets so many visits; without (MOVES): the root
    Q(MOVES) > X   Q(MOVES) < X             a value rises or falls to X
    Q(MOVES) crosses X   Q(MOVES) moves X   it changes sides of X, or ends up X away from where it began
    pruned [REASON ...] [below MOVES]       a branch is pruned, e.g. `pruned proven duplicate below e2e4`
    proven [MOVES | root | anywhere]        a value is proven; without more: the root's
    depth >= N                              a line is so deep
    query[ K]: QUERY                        a query is true of at least K nodes (1)

MOVES are successive actions from the root in any way that the domain's notation reads.
"""

import re

import msgspec

from engine.domains.base import ActionError, Line, Notation
from engine.search.watchpoints import (
    AnyWatchpoint,
    BestChanges,
    BranchPruned,
    DepthReached,
    Path,
    ProofFound,
    QueryHolds,
    ValueCrosses,
    ValueMoves,
    VisitsReach,
)
from engine.tree.events import PruneReason
from engine.tree.query import parse

EXAMPLES = '"best changes", "N(e2e4) > 500", "Q(e2e4) moves 0.1", "pruned proven", "depth >= 20", "query: N > 9"'

_NODE = r"(?:\s*\(([^()]*)\))?"
_NUMBER = r"\s*([+-]?[\d.,]+)"
_BEST = re.compile(r"best\s+changes(?:\s+after\s+([\d,]+))?$")
_VISITS = re.compile(rf"[nN]{_NODE}\s*(>=?){_NUMBER}$")
_VALUE = re.compile(rf"[qQ]{_NODE}\s*(>=?|<=?|crosses\b|moves(?:\s+by)?\b){_NUMBER}$")
_PRUNED = re.compile(r"pruned((?:\s+(?!below\b)\w+)*)(?:\s+below\s+(.+))?$")
_PROVEN = re.compile(r"proven(?:\s+(.+))?$")
_DEPTH = re.compile(rf"depth\s*(?:>=)?{_NUMBER}$")
_QUERY = re.compile(r"query(?:\s+([\d,]+))?\s*:\s*(.+)$", re.DOTALL)


class WatchSyntaxError(ValueError):
    """A text that is no watchpoint; the message says what was expected."""


def read_watchpoint(text: str, notation: Notation, line: Line) -> AnyWatchpoint:
    """The watchpoint that `text` means, its actions played from the end of `line`.

    Raises:
        WatchSyntaxError: it means none; QueryError: it is a query that cannot be read.
    """
    words = text.strip()
    try:
        found = _read(words, notation, line)
        if found is None:
            raise WatchSyntaxError(f"{text!r} is nothing to wait for; known are {EXAMPLES}")
        # Records built in Python are not checked: what would not travel is refused here.
        checked: AnyWatchpoint = msgspec.convert(msgspec.to_builtins(found), AnyWatchpoint)
    except (ActionError, msgspec.ValidationError) as error:
        raise WatchSyntaxError(f"{text!r}: {error}") from error
    return checked


def _read(words: str, notation: Notation, line: Line) -> AnyWatchpoint | None:
    def path(moves: str | None) -> Path:
        return _path(moves or "", notation, line)

    if found := _BEST.match(words):
        return BestChanges(after=_whole(found[1] or "1"))
    if found := _VISITS.match(words):
        return VisitsReach(path=path(found[1]), visits=_whole(found[3]) + (found[2] == ">"))
    if found := _VALUE.match(words):
        node, how, number = path(found[1]), found[2], _number(found[3])
        if how.startswith("moves"):
            return ValueMoves(path=node, by=number)
        if how == "crosses":
            return ValueCrosses(path=node, value=number)
        return ValueCrosses(path=node, value=number, way="up" if how.startswith(">") else "down")
    if found := _PRUNED.match(words):
        return BranchPruned(reasons=tuple(_reason(name) for name in found[1].split()), below=path(found[2]))
    if found := _PROVEN.match(words):
        return ProofFound(path=None if found[1] == "anywhere" else path(found[1]))
    if found := _DEPTH.match(words):
        return DepthReached(depth=_whole(found[1]))
    if found := _QUERY.match(words):
        return QueryHolds(text=parse(found[2].strip()).text, nodes=_whole(found[1] or "1"))
    return None


def _path(moves: str, notation: Notation, line: Line) -> Path:
    """Actions of successive moves; "" and "root" are the empty path."""
    actions: list[int] = []
    for word in [] if moves.strip() == "root" else moves.split():
        actions.append(int(notation.parse_action(line.then(*actions), word)))
    return tuple(actions)


def _reason(name: str) -> int:
    try:
        return int(PruneReason[name.upper()])
    except KeyError as error:
        known = ", ".join(reason.name.lower() for reason in PruneReason)
        raise WatchSyntaxError(f"{name!r} is no reason to prune; known are {known}") from error


def _number(text: str) -> float:
    try:
        return float(text.replace(",", ""))
    except ValueError as error:
        raise WatchSyntaxError(f"{text!r} is no number") from error


def _whole(text: str) -> int:
    number = _number(text)
    if number != int(number):
        raise WatchSyntaxError(f"{text!r} is no whole number")
    return int(number)
