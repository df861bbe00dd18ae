"""What every export of a tree shares: which nodes it takes, their figures as columns, and their actions in words.

Exports read a tree that does not change meanwhile, go through it in pieces, and say after each how far they are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.domains.base import Line, Notation
from engine.tree.columns import NO_NODE, ROOT, SearchTree
from engine.tree.events import Header, PruneReason

MOST_NAMED = 100_000
"""Nodes whose actions are put into words, the most visited ones: words cost more time than all figures together."""
PIECE = 65_536
"""Nodes that are exported at a time."""

Progress = Callable[[float], None]
"""Told the share that is done, in [0, 1]; may raise, which ends the export without a file."""


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What is exported.

    Attributes:
        header: of its journal. tree: it stays as it is. notation: of its domain.
    """

    header: Header
    tree: SearchTree
    notation: Notation

    def about(self) -> dict[str, Any]:
        """Where the tree comes from, as plain values."""
        return {
            "program": "arborist",
            "domain": self.header.domain,
            "position": self.notation.line_text(self.tree.line),
            "generation": self.header.generation,
            "weights_hash": self.header.weights_hash,
            "method": self.header.method,
            "seed": self.header.seed,
            "simulations": self.tree.simulations,
        }


def kept_nodes(tree: SearchTree, least_visits: int = 1) -> NDArray[np.int32]:
    """Nodes with at least so many visits all the way up to the root, parents before children."""
    count = tree.num_nodes
    kept = tree.stats["visits"][:count] >= least_visits
    if count:
        kept[ROOT] = True
    parent = np.maximum(tree.links["parent"][:count], ROOT)
    # A branch that visits were lent to may have more of them than what it hangs on.
    while (below := kept & ~kept[parent]).any():
        kept[below] = False
    return np.flatnonzero(kept).astype(np.int32)


def node_columns(tree: SearchTree, nodes: NDArray[np.int32]) -> dict[str, NDArray[Any]]:
    """Figures of `nodes` [n] by name, and of the edge each hangs on.

    Of the edge are `action`, `prior` and `pruned`, at the root -1, NaN and 0.
    `value`, `draw`, `raw_value`, `raw_draw` and the bounds `lower` and `upper` are from the player to move at the node.
    """
    links, stats, facts = tree.links[nodes], tree.stats[nodes], tree.facts[nodes]
    visits = np.maximum(stats["visits"], 1)
    edge = links["parent_edge"]
    hangs = edge >= 0
    safe = np.where(hangs, edge, 0)
    return {
        "node": nodes,
        "parent": links["parent"],
        "depth": facts["depth"],
        "birth": stats["birth"],
        "visits": stats["visits"],
        "borrowed_visits": stats["borrowed"],
        "value": stats["value_sum"] / visits,
        "draw": stats["draw_sum"] / visits,
        "raw_value": facts["raw_value"],
        "raw_draw": facts["raw_draw"],
        "lower": stats["lower"],
        "upper": stats["upper"],
        "plies_to_end": facts["distance"],
        "outcome": facts["outcome"],
        "action": np.where(hangs, tree.edge_action[safe].astype(np.int32), NO_NODE),
        "prior": np.where(hangs, tree.edge_prior[safe].view(np.float16).astype(np.float32), np.float32(np.nan)),
        "pruned": np.where(hangs, tree.edge_pruned[safe], 0).astype(np.uint8),
    }


def reason_name(reason: int) -> str | None:
    """A `PruneReason` as exports write it, None for what is not pruned."""
    return PruneReason(reason).name.lower() if reason else None


@dataclass(frozen=True, slots=True)
class Named:
    """An action in words: exact ("e7e8q") and for people ("e8=Q+")."""

    name: str
    text: str


def name_actions(
    subject: Subject, nodes: NDArray[np.int32], progress: Progress, most: int = MOST_NAMED
) -> dict[int, Named]:
    """The actions that lead to `nodes`, by node; of more than `most`, those of the most visited."""
    tree, notation = subject.tree, subject.notation
    if len(nodes) > most:
        visits = tree.stats["visits"][nodes]
        nodes = np.sort(nodes[np.argsort(-visits, kind="stable")[:most]])
    named: dict[int, Named] = {}
    lines: dict[int, Line] = {ROOT: tree.line}
    siblings: dict[int, dict[int, Named]] = {}
    for done, node in enumerate(nodes.tolist()):
        if done % 1024 == 0:
            progress(done / len(nodes))
        if node == ROOT:
            continue
        parent, action = int(tree.links["parent"][node]), int(tree.edge_action[tree.links["parent_edge"][node]])
        line = lines.get(parent)
        if line is None:
            line = lines[parent] = tree.line_to(parent)
        if parent not in siblings:
            siblings[parent] = {choice.action: Named(choice.name, choice.text) for choice in notation.choices(line)}
        named[node] = siblings[parent][action]
        lines[node] = line.then(action)
    return named
