"""Questions asked of a whole tree: `N > 500 and abs(Q - V) > 0.3 and P < 1%`, answered for every node.

A text is read into records (`engine.tree.query_syntax`), never evaluated as Python, and worked out over the columns a
slice of nodes at a time, so that whoever has little time can stop between two slices (`Sweep`). In an "and" the cheap
parts are looked at first, and what they leave over is all that the others see.
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.tree.columns import SearchTree
from engine.tree.query_syntax import (
    AllOf,
    AnyOf,
    Calculation,
    Condition,
    Expression,
    Flagged,
    Measure,
    Named,
    Negation,
    Number,
    QueryError,
    Relation,
    read,
)
from engine.tree.query_values import Flags, Look, Searched, Values

_MOST_NODES, _LEAST_NODES = 16_384, 256
"""Nodes worked out at a time: so few that their columns stay in a near cache."""
_MOST_COST = 20
"""Of a query whose slices are of full size; dearer ones get smaller slices, hence none takes over two milliseconds."""


@dataclass(frozen=True, slots=True)
class Query:
    """A condition on nodes."""

    text: str
    condition: Condition

    def run(self, tree: SearchTree, parameters: NDArray[np.float64]) -> Flags:
        """Which nodes meet the condition, bool [num_nodes].

        Args:
            tree: present or past, or one that is being searched; only read.
            parameters: of the rule by which search chooses (`engine.tree.selection.selection_parameters`).
        """
        sweep = Sweep(self, tree, parameters)
        while not sweep.is_done:
            sweep.advance()
        return sweep.mask

    def holds_at(self, tree: SearchTree, parameters: NDArray[np.float64], nodes: Sequence[int]) -> Flags:
        """Whether the condition is met at each of `nodes`, bool [nodes]."""
        with np.errstate(all="ignore"):
            return _met(self.condition, Look(Searched(tree, parameters), np.asarray(nodes, np.int32)))


@dataclass(frozen=True, slots=True)
class Scale:
    """A number for every node, such as `share - P`: what nodes are listed or coloured by."""

    text: str
    measure: Measure

    def at(self, tree: SearchTree, parameters: NDArray[np.float64], nodes: NDArray[np.int32]) -> NDArray[np.float64]:
        """The numbers of `nodes`, float64; NaN or infinite where it has none."""
        look = Look(Searched(tree, parameters), nodes)
        with np.errstate(all="ignore"):
            return np.broadcast_to(_worth(self.measure, look), len(nodes)).astype(np.float64)


@dataclass
class Sweep:
    """One answer to a query that is being worked out. Nodes born meanwhile are left to the next.

    A tree may grow between two slices, not be renumbered: then begin anew.

    Attributes:
        mask: bool, one for each node there was at the beginning; final below `num_done`.
    """

    query: Query
    tree: SearchTree
    parameters: NDArray[np.float64]
    mask: Flags = field(init=False)
    num_done: int = field(init=False, default=0)
    _searched: Searched = field(init=False)
    _slice_nodes: int = field(init=False)

    def __post_init__(self) -> None:
        self.mask = np.zeros(self.tree.num_nodes, np.bool_)
        self._searched = Searched(self.tree, self.parameters)
        self._slice_nodes = slice_nodes(self.query.condition)

    @property
    def is_done(self) -> bool:
        """Every node has been looked at."""
        return self.num_done >= len(self.mask)

    def advance(self) -> None:
        """Look at one more slice."""
        rows = slice(self.num_done, min(self.num_done + self._slice_nodes, len(self.mask)))
        with np.errstate(all="ignore"):  # a node where a number does not exist does not meet a condition on it
            self.mask[rows] = _met(self.query.condition, Look(self._searched, rows))
        self.num_done = rows.stop


def slice_nodes(expression: Expression) -> int:
    """How many nodes to work `expression` out for at a time, so that it takes no longer than two milliseconds."""
    return max(_LEAST_NODES, _MOST_NODES * _MOST_COST // max(_MOST_COST, _cost(expression)))


def parse(text: str) -> Query:
    """The query that `text` writes.

    Raises:
        QueryError: it writes none; its text is a sentence for people, with the place.
    """
    found = read(text)
    if not isinstance(found, Condition):
        raise QueryError(f"“{text.strip()}” is a number; compare it, for example {text.strip()} > 0.5.", 0, len(text))
    return Query(text, found)


def parse_scale(text: str) -> Scale:
    """The number for every node that `text` writes.

    Raises:
        QueryError: it writes none.
    """
    found = read(text)
    if isinstance(found, Condition):
        raise QueryError(f"“{text.strip()}” is yes or no; write a number, for example share - P.", 0, len(text))
    return Scale(text, found)


_RELATIONS: dict[str, Callable[[Values, Values], Flags | bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_CALCULATIONS: dict[str, Callable[..., Values]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "abs": np.abs,
    "log": np.log,
    "sqrt": np.sqrt,
}


def _met(condition: Condition, look: Look) -> Flags:
    """Which nodes of `look` meet `condition`."""
    match condition:
        case Relation(sign, left, right):
            return np.broadcast_to(_RELATIONS[sign](_worth(left, look), _worth(right, look)), len(look))
        case Flagged(word, code):
            return look.flag(word.name, code)
        case Negation(part):
            return ~_met(part, look)
        case AllOf(parts):
            return _joined(parts, look, undecided=True)
        case AnyOf(parts):
            return _joined(parts, look, undecided=False)


def _joined(parts: tuple[Condition, ...], look: Look, *, undecided: bool) -> Flags:
    """All of (`undecided`) or any of `parts`: each asks only the nodes that those before it left undecided."""
    first, *others = sorted(parts, key=_cost)
    result = _met(first, look).copy()
    for part in others:
        open_rows = result == undecided
        count = int(np.count_nonzero(open_rows))
        if not count:
            break
        if 2 * count > len(look):  # picking rows out costs more than looking at some in vain
            met = _met(part, look)
            result = (result & met) if undecided else (result | met)
        else:
            result[open_rows] = _met(part, look.narrowed(open_rows))
    return result


def _worth(measure: Measure, look: Look) -> Values:
    """The numbers that `measure` has at the nodes of `look`."""
    match measure:
        case Number(value):
            return value
        case Named(word):
            return look.number(word.name)
        case Calculation("-", (only,)):
            return -_worth(only, look)
        case Calculation("min" | "max" as name, parts):
            choose = np.minimum if name == "min" else np.maximum
            found = _worth(parts[0], look)
            for part in parts[1:]:
                found = choose(found, _worth(part, look))
            return found
        case Calculation(name, parts):
            return _CALCULATIONS[name](*(np.float64(_worth(part, look)) for part in parts))


def _cost(expression: Expression) -> int:
    """How dear an expression is, as its words say."""
    match expression:
        case Number():
            return 0
        case Named(word) | Flagged(word):
            return word.cost
        case Relation(_, left, right):
            return _cost(left) + _cost(right)
        case Negation(part):
            return _cost(part)
        case AllOf(parts) | AnyOf(parts):
            return sum(map(_cost, parts))
        case Calculation(_, measures):
            return sum(map(_cost, measures))
