"""What each word of a query is worth at some nodes of a tree, read from the columns or worked out from the family.

A function for each word, given a `Look`: a tree and the nodes that are looked at. Numbers come back as float64, or as
one number where it is the same everywhere; yes and no as booleans.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.tree import query_kernels as kernels
from engine.tree.choice import best_edge
from engine.tree.columns import ROOT, SearchTree
from engine.tree.selection import IMPROVED_POLICY, RULE

Values = NDArray[np.float64] | float
Flags = NDArray[np.bool_]
_KEPT = 1024
"""Parents whose best move is kept while nodes are looked at; a power of two."""


@dataclass(frozen=True)
class Searched:
    """A tree and the parameters of the rule that chose in it; what is said of both is kept for as long as this is."""

    tree: SearchTree
    parameters: NDArray[np.float64]

    @cached_property
    def main_line(self) -> NDArray[np.int32]:
        """Nodes of the principal variation, root first."""
        nodes = [ROOT]
        while (edge := best_edge(self.tree, nodes[-1])) >= 0 and self.tree.edge_child[edge] >= 0:
            nodes.append(int(self.tree.edge_child[edge]))
        return np.array(nodes, np.int32)


@dataclass(frozen=True, eq=False)
class Look:
    """The nodes `rows` of a tree, a slice or int32; `known`: words already worked out at them."""

    searched: Searched
    rows: slice | NDArray[np.int32]
    known: dict[str, Values] = field(default_factory=dict)

    @property
    def tree(self) -> SearchTree:
        """The tree that is looked at."""
        return self.searched.tree

    @cached_property
    def nodes(self) -> NDArray[np.int32]:
        """Numbers of the nodes."""
        if isinstance(self.rows, slice):
            return np.arange(self.rows.start, self.rows.stop, dtype=np.int32)
        return self.rows

    def __len__(self) -> int:
        return self.rows.stop - self.rows.start if isinstance(self.rows, slice) else len(self.rows)

    def narrowed(self, kept: Flags) -> "Look":
        """The nodes of `kept` alone."""
        return Look(self.searched, self.nodes[kept])

    def number(self, name: str) -> Values:
        """A word that stands for a number."""
        if name not in self.known:
            self.known[name] = NUMBERS[name](self)
        return self.known[name]

    def flag(self, name: str, code: int | None) -> Flags:
        """A word that is yes or no, or whether it is the choice `code`."""
        return FLAGS[name](self) if code is None else CHOICES[name](self, code)

    @cached_property
    def view(self) -> Values:
        """What turns a node's value into that of the player who chose it."""
        if self.tree.sign > 0:
            return 1.0
        return np.where(self.nodes == ROOT, 1.0, -1.0)

    def column(self, record: str, name: str) -> NDArray[np.float64]:
        """One column of the tree at the nodes."""
        column: NDArray[np.float64] = getattr(self.tree, record)[name][self.rows].astype(np.float64)
        return column

    @cached_property
    def parent_edge(self) -> NDArray[np.int32]:
        """The edge to each node, -1 for the root."""
        edges: NDArray[np.int32] = self.tree.links["parent_edge"][self.rows]
        return edges

    @cached_property
    def chances(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Value from the chooser's view, and chance of a draw, as `engine.tree.explain.wdl` has them."""
        value = self.view * _value(self)
        draw = self.column("stats", "draw_sum") / np.maximum(self.column("stats", "visits"), 1.0)
        draw = np.where(_is_proven(self), 1.0, draw)
        return value, np.minimum(draw, 1.0 - np.abs(value))

    @cached_property
    def family(self) -> NDArray[np.float64]:
        """Visit share, rank and regret, [3, nodes]."""
        rows = np.empty((3, len(self)))
        tree = self.tree
        kernels.compare_siblings(tree.links, tree.stats, tree.edge_child, float(tree.sign), self.nodes, *rows)
        return rows

    @cached_property
    def children(self) -> NDArray[np.float64]:
        """Visited moves."""
        count = np.empty(len(self))
        kernels.count_children(self.tree.links, self.tree.edge_child, self.nodes, count)
        return count

    @cached_property
    def improved(self) -> NDArray[np.float64]:
        """Improved policy, and U where the policy is what search follows, [2, nodes]."""
        tree = self.tree
        parents = tree.links["parent"][self.nodes]
        order = np.argsort(parents, kind="stable")
        widest = int(tree.links["num_edges"][np.maximum(parents, ROOT)].max(initial=0))
        sorted_rows, rows = np.empty((2, len(self))), np.empty((2, len(self)))
        columns = (tree.links, tree.stats, tree.facts, tree.edge_prior, tree.edge_child)
        scratch = np.empty((3, max(widest, 1)))
        parameters = self.searched.parameters
        kernels.improved_policies(*columns, float(tree.sign), parameters, self.nodes[order], scratch, *sorted_rows)
        rows[:, order] = sorted_rows
        return rows

    def choosing_columns(self) -> tuple[NDArray[np.generic], ...]:
        """The columns by which the move to play is chosen."""
        tree = self.tree
        return tree.links, tree.stats, tree.facts, tree.edge_prior, tree.edge_child, tree.edge_pruned


def _is_proven(look: Look) -> Flags:
    stats = look.tree.stats
    proven: Flags = stats["lower"][look.rows] == stats["upper"][look.rows]
    return proven


def _value(look: Look) -> NDArray[np.float64]:
    """Value of the nodes as `engine.tree.explain.node_value` has it."""
    stats = look.tree.stats
    visits = np.maximum(stats["visits"][look.rows], 1)
    mean = np.clip(stats["value_sum"][look.rows] / visits, -1.0, 1.0)
    value: NDArray[np.float64] = np.where(_is_proven(look), stats["lower"][look.rows], mean)
    return value


def _visits(look: Look) -> NDArray[np.float64]:
    """Visits that the parent counts."""
    stats = look.tree.stats
    counted: NDArray[np.float64] = (stats["visits"][look.rows] - stats["borrowed"][look.rows]).astype(np.float64)
    return counted


def _prior(look: Look) -> NDArray[np.float64]:
    edges = look.parent_edge
    if not look.tree.num_edges:
        return np.ones(len(look))
    priors: NDArray[np.float64] = look.tree.priors[edges].astype(
        np.float64
    )  # of the root's edge -1 a number that is put right here
    return np.where(edges < 0, 1.0, priors)


def _exploration(look: Look) -> NDArray[np.float64]:
    tree, parameters = look.tree, look.searched.parameters
    if parameters[RULE] == IMPROVED_POLICY:
        lacking: NDArray[np.float64] = look.improved[1]
        return lacking
    u = np.empty(len(look))
    kernels.exploration_terms(tree.links, tree.stats, tree.edge_prior, parameters, look.nodes, u)
    return u


def _score(look: Look) -> Values:
    """Where the improved policy is followed, what it lacks in visits is the whole score."""
    if look.searched.parameters[RULE] == IMPROVED_POLICY:
        return look.number("U")
    return look.number("Q") + look.number("U")


def _reply_birth(look: Look) -> NDArray[np.float64]:
    birth = np.empty(len(look))
    kernels.find_replies(*look.choosing_columns(), look.tree.sign, look.nodes, birth)
    return birth


def _is_best(look: Look) -> Flags:
    best = np.empty(len(look), np.bool_)
    asked, answer = np.full(_KEPT, -1, np.int32), np.empty(_KEPT, np.int32)
    kernels.find_best(*look.choosing_columns(), look.tree.sign, look.nodes, asked, answer, best)
    return best


def _reason(look: Look) -> NDArray[np.uint8]:
    """Why each node was cut, 0 = it was not."""
    edges = look.parent_edge
    if not look.tree.num_edges:
        return np.zeros(len(look), np.uint8)
    return np.where(edges < 0, 0, look.tree.edge_pruned[edges]).astype(np.uint8)


def _is_mine(look: Look) -> Flags:
    depth = look.tree.facts["depth"][look.rows]
    mine: Flags = (depth > 0) & ((depth % 2 == 1) | (look.tree.sign > 0))
    return mine


NUMBERS: Mapping[str, Callable[[Look], Values]] = {
    "N": _visits,
    "Q": lambda look: look.view * _value(look),
    "V": lambda look: look.view * look.column("facts", "raw_value"),
    "P": _prior,
    "share": lambda look: look.family[0],
    "U": _exploration,
    "S": _score,
    "policy": lambda look: look.improved[0],
    "rank": lambda look: look.family[1],
    "regret": lambda look: look.family[2],
    "W": lambda look: (1.0 - look.chances[1] + look.chances[0]) / 2.0,
    "D": lambda look: look.chances[1],
    "L": lambda look: (1.0 - look.chances[1] - look.chances[0]) / 2.0,
    "depth": lambda look: look.column("facts", "depth"),
    "birth": lambda look: look.column("stats", "birth"),
    "age": lambda look: look.tree.simulations - look.column("stats", "birth"),
    "reply_birth": _reply_birth,
    "children": lambda look: look.children,
    "moves": lambda look: look.column("links", "num_edges"),
    "distance": lambda look: look.column("facts", "distance"),
    "borrowed": lambda look: look.column("stats", "borrowed"),
    "simulations": lambda look: float(look.tree.simulations),
    "total": lambda look: float(look.tree.stats["visits"][ROOT]),
}
"""Every word of the kind `NUMBER`."""

FLAGS: Mapping[str, Callable[[Look], Flags]] = {
    "best": _is_best,
    "on_pv": lambda look: np.isin(look.nodes, look.searched.main_line),
    "mine": _is_mine,
    "leaf": lambda look: look.children == 0,
    "terminal": lambda look: look.tree.facts["outcome"][look.rows] != 0,
    "proven": _is_proven,
    "pruned": lambda look: _reason(look) != 0,
}
"""Every word that is yes or no."""

CHOICES: Mapping[str, Callable[[Look, int], Flags]] = {
    "proven": lambda look, code: _is_proven(look) & (np.asarray(look.view * _value(look)) == code),
    "pruned": lambda look, code: _reason(look) == code,
}
"""Every word that can be one of several."""
