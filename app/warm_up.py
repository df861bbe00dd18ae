"""Compiled kernels made ready: each that the window calls is called once, on a tree of three nodes."""

import msgspec
import numpy as np

from engine.domains.base import Line
from engine.search.settings import SearchSettings
from engine.tree import explain
from engine.tree.choice import best_edge
from engine.tree.columns import SearchTree
from engine.tree.events import Recycle, Reroot, Simulations, pack
from engine.tree.fold import apply
from engine.tree.selection import selection_parameters


def small_tree() -> SearchTree:
    """A root with two edges, one of them visited twice."""
    tree = SearchTree(Line(""), 2)
    zeros = pack(np.zeros(3), "<f4")
    halves = pack(np.full(4, 0.5, np.float16).view(np.uint16), "<u2")
    apply(
        tree,
        Simulations(
            parent=pack(np.array([-1, 0, 1]), "<i4"),
            edge=pack(np.array([-1, 0, 2]), "<i4"),
            value=zeros,
            draw=zeros,
            outcome=bytes(3),
            num_edges=pack(np.array([2, 2, 0]), "<u2"),
            action=pack(np.array([0, 1, 0, 1]), "<u2"),
            prior=halves,
        ),
    )
    return tree


def warm_up() -> None:
    """Compile, or load from the cache, what folds and explains a tree. Takes seconds where the cache is cold."""
    tree = small_tree()
    explain.candidates(tree, 0, selection_parameters(msgspec.to_builtins(SearchSettings())))
    best_edge(tree, 0)
    apply(tree, Recycle(at=3, below=1, spared=b""))
    apply(tree, Reroot(at=3, actions=(0,), node=1))
