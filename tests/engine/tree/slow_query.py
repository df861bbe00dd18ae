"""A second reading of queries, for tests: node by node, by the explanations that the window shows, and very slow.

Expressions are tuples here: `("and", ("word", "leaf"), (">", ("word", "N"), ("number", 3.0, "3")))`. `spelt` writes one
as a query, `meaning` says what it is worth at one node.
"""

import itertools
import math
import operator
from collections.abc import Callable

import numpy as np

from engine.tree.choice import best_edge
from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import PruneReason
from engine.tree.explain import Candidates, candidates, node_value, principal_variation, wdl
from engine.tree.query_words import vocabulary
from engine.tree.selection import IMPROVED_POLICY, RULE

ARITHMETIC = {"+": operator.add, "-": operator.sub, "*": operator.mul}
RELATIONS = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
_COLUMNS = {"N": "visits", "Q": "q", "V": "raw_value", "P": "prior", "U": "u", "policy": "improved_policy"}
_AT_ROOT = {"P": 1.0, "policy": 1.0, "share": 1.0, "rank": 1.0, "U": 0.0, "regret": 0.0, "best": True, "mine": False}


class Slow:
    """What each word is at one node."""

    def __init__(self, tree: SearchTree, parameters: np.ndarray, node: int) -> None:
        self.tree, self.parameters, self.node = tree, parameters, node
        self.parent = int(tree.links["parent"][node])
        self.edge = int(tree.links["parent_edge"][node])
        self.sign = tree.sign if node != ROOT else 1
        self.known: dict[str, float | bool] = {}

    def word(self, name: str) -> float | bool:
        if name not in self.known:
            if self.node == ROOT and name in _AT_ROOT:
                self.known[name] = _AT_ROOT[name]
            elif self.node != ROOT and name in _COLUMNS:
                self.known[name] = float(getattr(self.rows, _COLUMNS[name])[self.row])
            else:
                self.known[name] = getattr(self, name)()
        return self.known[name]

    def choice(self, name: str, choice: str) -> bool:
        if name == "pruned":
            return self.node != ROOT and int(self.tree.edge_pruned[self.edge]) == PruneReason[choice.upper()]
        return bool(self.word("proven")) and self.word("Q") == {"win": 1, "draw": 0, "loss": -1}[choice]

    @property
    def rows(self) -> Candidates:
        return candidates(self.tree, self.parent, self.parameters)

    @property
    def row(self) -> int:
        return self.rows.edge.tolist().index(self.edge)

    def N(self) -> float:
        return float(self.tree.stats["visits"][ROOT])

    def Q(self) -> float:
        return node_value(self.tree)

    def V(self) -> float:
        return float(self.tree.facts["raw_value"][ROOT])

    def S(self) -> float:
        if self.parameters[RULE] == IMPROVED_POLICY:
            return self.word("U")
        return self.word("Q") + self.word("U")

    def share(self) -> float:
        visits = self.rows.visits
        return visits[self.row] / max(1, visits.sum())

    def borrowed(self) -> float:
        return float(self.tree.stats["borrowed"][self.node])

    def rank(self) -> float:
        visits = self.rows.visits
        return 1.0 + sum(visits > visits[self.row])

    def regret(self) -> float:
        return float(np.nanmax(self.rows.q) - self.rows.q[self.row])

    def W(self) -> float:
        return wdl(self.tree, self.node)[0 if self.sign > 0 else 2]

    def D(self) -> float:
        return wdl(self.tree, self.node)[1]

    def L(self) -> float:
        return wdl(self.tree, self.node)[2 if self.sign > 0 else 0]

    def depth(self) -> float:
        return float(len(self.tree.path(self.node)))

    def birth(self) -> float:
        return float(self.tree.stats["birth"][self.node])

    def age(self) -> float:
        return self.tree.simulations - self.birth()

    def reply_birth(self) -> float:
        edge = best_edge(self.tree, self.node)
        reply = int(self.tree.edge_child[edge]) if edge >= 0 else -1
        return float(self.tree.stats["birth"][reply]) if reply >= 0 else math.nan

    def children(self) -> float:
        return float(sum(self.tree.links["parent"][: self.tree.num_nodes] == self.node))

    def moves(self) -> float:
        return float(self.tree.links["num_edges"][self.node])

    def distance(self) -> float:
        return float(self.tree.facts["distance"][self.node])

    def simulations(self) -> float:
        return float(self.tree.simulations)

    def total(self) -> float:
        return float(self.tree.stats["visits"][ROOT])

    def best(self) -> bool:
        return best_edge(self.tree, self.parent) == self.edge

    def on_pv(self) -> bool:
        path = list(self.tree.path(self.node))
        return principal_variation(self.tree)[: len(path)] == path

    def mine(self) -> bool:
        return self.tree.num_players == 1 or len(self.tree.path(self.node)) % 2 == 1

    def leaf(self) -> bool:
        return self.children() == 0

    def terminal(self) -> bool:
        return bool(self.tree.facts["outcome"][self.node])

    def proven(self) -> bool:
        return bool(self.tree.stats["lower"][self.node] == self.tree.stats["upper"][self.node])

    def pruned(self) -> bool:
        return self.node != ROOT and bool(self.tree.edge_pruned[self.edge])


def _called(name: str, values: list[float]) -> float:
    if any(math.isnan(value) for value in values):
        return math.nan
    if name in ("log", "sqrt") and values[0] <= 0:
        zero = -math.inf if name == "log" else 0.0
        return zero if values[0] == 0 else math.nan
    functions: dict[str, Callable[..., float]] = {
        "abs": abs,
        "min": min,
        "max": max,
        "log": math.log,
        "sqrt": math.sqrt,
    }
    return functions[name](*values)


def _divided(above: float, below: float) -> float:
    if below:
        return above / below
    return math.nan if above == 0 or math.isnan(above) else math.copysign(math.inf, above) * math.copysign(1, below)


def meaning(expression: tuple, slow: Slow) -> float | bool:
    """What an expression is worth at one node."""
    kind, *parts = expression
    match kind:
        case "number":
            return parts[0]
        case "word":
            return slow.word(parts[0])
        case "choice":
            return slow.choice(parts[0], parts[1]) == (parts[2] == "==")
        case "call":
            return _called(parts[0], [meaning(part, slow) for part in parts[1:]])
        case "chain":
            low, mid, high = (meaning(part, slow) for part in parts[::2])
            return RELATIONS[parts[1]](low, mid) and RELATIONS[parts[3]](mid, high)
    joins = {"and": all, "or": any, "not": lambda found: not found[0], "negative": lambda found: -found[0]}
    found = [meaning(part, slow) for part in parts]
    if kind in joins:
        return joins[kind](found)
    return {**ARITHMETIC, **RELATIONS, "/": _divided}[kind](*found)


def spelt(expression: tuple, draw: Callable[[list], str]) -> str:
    """The same as text, in one of the ways in which it can be written."""
    kind, *parts = expression
    if kind in ("number", "word", "choice"):
        return _spelt_alone(kind, parts, draw)
    texts = [part if isinstance(part, str) else spelt(part, draw) for part in parts]
    if kind == "call" and texts[0] == "abs":
        return draw(["abs({})", "|{}|", "| {} |"]).format(texts[1])
    if kind == "call":
        return f"{texts[0]}({', '.join(texts[1:])})"
    if kind == "chain" or kind in RELATIONS:
        return " ".join(texts if kind == "chain" else (texts[0], kind, texts[1]))
    if kind in ("not", "negative"):
        return f"{draw(['not ', '!', 'NOT ']) if kind == 'not' else '-'}({texts[0]})"
    joins = {"and": [" and ", " & ", "&&", " AND "], "or": [" or ", " | ", " || "]}
    return draw(joins.get(kind, [kind, f" {kind} "])).join(f"({text})" for text in texts)


def _spelt_alone(kind: str, parts: list, draw: Callable[[list], str]) -> str:
    if kind == "number":
        return parts[1]
    if kind == "choice":
        return f"{parts[0]} {parts[2]} {parts[1]}"
    word = vocabulary()[parts[0].lower()]
    name = draw([word.name, *word.aliases])
    return draw([name, name.lower(), name.upper()])


def is_on_edge(expression: object, slow: Slow) -> bool:
    """Whether a relation in it compares two numbers that are equal but for rounding, where either answer may stand."""
    if not isinstance(expression, tuple):
        return False
    if expression[0] in RELATIONS or expression[0] == "chain":
        parts = [part for part in expression[1:] if isinstance(part, tuple)]
        worth = [meaning(part, slow) for part in parts]
        pairs = itertools.pairwise(worth)
        if any(math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-9) and a not in (math.inf, -math.inf) for a, b in pairs):
            return True
    return any(is_on_edge(part, slow) for part in expression)
