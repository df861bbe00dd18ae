"""What tests of explanations share: trees with all that a score can be made of, and the compiled search's choice."""

import copy
from typing import Any

import msgspec
import numpy as np
from hypothesis import strategies as st

from engine.compiled import kernel
from engine.domains.base import Line
from engine.search.halving import root_scores
from engine.search.select import REVISIT, descend
from engine.search.settings import SearchSettings
from engine.tree.columns import NO_NODE, PENDING, ROOT, SearchTree
from engine.tree.selection import selection_parameters


def parameters_of(**settings: Any) -> np.ndarray:
    """Of a search with such settings."""
    return selection_parameters(msgspec.to_builtins(SearchSettings(**settings)))


def compiled_choice(tree: SearchTree, parameters: np.ndarray) -> int:
    """Offset of the root's edge that the compiled search takes next, -1 = none; the tree is left as it is."""
    tree = copy.deepcopy(tree)
    columns = (tree.links, tree.stats, tree.facts, tree.edge_prior, tree.edge_child, tree.edge_pruned)
    scratch = np.empty((2, 64))
    node, edge = descend(*columns, parameters, scratch, float(tree.sign), np.int32(ROOT), np.int32(-1))
    if edge >= 0 and node == ROOT:
        return int(edge)
    if node == ROOT:
        run = tree.edge_run(ROOT)
        pending = np.flatnonzero((tree.edge_child[run] == PENDING) & (tree.edge_pruned[run] == 0))
        return -1 if edge == REVISIT else int(pending[np.argmax(tree.edge_prior[pending].view(np.float16))])
    while tree.links["parent"][node] != ROOT:
        node = tree.links["parent"][node]
    return int(tree.links["parent_edge"][node])


def compiled_root_scores(tree: SearchTree, parameters: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Scores of the root's edges in a knock-out, as the compiled search has them."""
    scratch = np.empty((2, len(noise)))
    columns = (tree.links, tree.stats, tree.facts, tree.edge_prior, tree.edge_child)
    _root_scores(*columns, parameters, scratch, float(tree.sign), np.int32(ROOT), noise)
    return scratch[1]


@kernel
def _root_scores(links, stats, facts, edge_prior, edge_child, parameters, scratch, sign, root, noise):  # type: ignore[no-untyped-def]
    root_scores(links, stats, facts, edge_prior, edge_child, parameters, scratch, sign, root, noise)


@st.composite
def roots(draw: Any, *, lively: bool = True) -> SearchTree:
    """A root with up to eight edges: visited and not, cut, proven, lent to, in flight where `lively`."""
    count = draw(st.integers(1, 8))
    numbers = np.random.default_rng(draw(st.integers(0, 2**32)))
    players = draw(st.sampled_from((1, 2)))
    tree = SearchTree(Line("a root"), players)
    visits = np.where(numbers.random(count) < 0.7, numbers.integers(1, 40, count), 0)
    prior = np.sort(numbers.dirichlet(np.full(count, 0.6)))[::-1]
    # Visited edges stand before the others or anywhere: `visited_edges` says where the rest begins.
    seen = np.flatnonzero(visits)
    tree.num_nodes, tree.num_edges = 1 + len(seen), count
    tree.links[ROOT] = (NO_NODE, -1, 0, count, 1 + seen[-1] if len(seen) else 0)
    tree.edge_action[:count] = 10 + np.arange(count)
    tree.edge_prior[:count] = prior.astype(np.float16).view(np.uint16)
    tree.edge_child[:count] = NO_NODE
    tree.edge_pruned[:count] = numbers.random(count) < 0.15
    tree.stats["lower"][: count + 1], tree.stats["upper"][: count + 1] = -1, 1
    for node, edge in enumerate(seen, start=1):
        tree.edge_child[edge] = node
        tree.links[node] = (ROOT, edge, count, 0, 0)
        stats = tree.stats[node : node + 1]
        stats["visits"] = visits[edge]
        stats["value_sum"] = visits[edge] * numbers.uniform(-0.9, 0.9)
        if lively and numbers.random() < 0.3:
            stats["borrowed"] = numbers.integers(0, visits[edge])
        if lively and numbers.random() < 0.3:
            stats["in_flight"] = numbers.integers(0, 4)
        if numbers.random() < 0.1:
            stats["lower"] = stats["upper"] = numbers.integers(-1, 2)
    if lively and len(seen) < count and numbers.random() < 0.3:
        tree.edge_child[numbers.choice(np.setdiff1d(np.arange(count), seen))] = PENDING
        tree.links["visited_edges"][ROOT] = count if numbers.random() < 0.5 else tree.links["visited_edges"][ROOT]
    tree.stats["visits"][ROOT] = 1 + int(visits.sum()) - int(tree.stats["borrowed"][1 : tree.num_nodes].sum())
    tree.stats["value_sum"][ROOT] = tree.stats["visits"][ROOT] * numbers.uniform(-0.7, 0.7)
    tree.facts["raw_value"][ROOT] = numbers.uniform(-0.8, 0.8)
    tree.simulations = int(tree.stats["visits"][ROOT])
    return tree


SETTINGS = st.sampled_from(
    (
        {"method": "puct"},
        {"method": "puct", "c_puct": 0.0, "c_puct_factor": 0.0},
        {"method": "puct", "c_puct": 4.0, "c_puct_base": 20.0, "fpu_reduction": 1.5},
        {"method": "uct"},
        {"method": "uct", "c_uct": 0.3},
        {"method": "gumbel"},
        {"method": "gumbel", "c_visit": 2.0, "c_scale": 0.1},
    )
)
