"""Compiled kernels made ready: each that the window calls is called once, on a tree of three nodes."""

import gc

import msgspec
import numpy as np

from engine.domains.base import Line
from engine.search.halving import draw_noise
from engine.search.settings import SearchSettings
from engine.tree import explain
from engine.tree.causes import causes
from engine.tree.choice import best_edge
from engine.tree.columns import SearchTree
from engine.tree.events import Recycle, Reroot, Simulations, pack
from engine.tree.flips import flips
from engine.tree.fold import apply
from engine.tree.history import History, touched
from engine.tree.ledger import edges_of, ledger, rule_at
from engine.tree.query import parse, parse_scale
from engine.tree.selection import selection_parameters


def small_history() -> History:
    """Of a root with two edges, one of them visited twice."""
    history = History(SearchTree(Line(""), 2))
    zeros = pack(np.zeros(3), "<f4")
    halves = pack(np.full(4, 0.5, np.float16).view(np.uint16), "<u2")
    history.apply(
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
    return history


def warm_up() -> None:
    """Compile, or load from the cache, what folds and explains a tree. Takes seconds where the cache is cold."""
    history = small_history()
    for moment in (1, 3):
        history.seek(moment)
    touched(history, 0, 3)
    tree = history.tree
    explain.candidates(tree, 0, selection_parameters(msgspec.to_builtins(SearchSettings())))
    best_edge(tree, 0)
    for method in ("puct", "uct", "gumbel"):
        parameters = selection_parameters(msgspec.to_builtins(SearchSettings(method=method)))
        for node in (0, 1):
            account = ledger(edges_of(tree, node), rule_at(method, node), parameters)
            flips(tree, node, account, parameters, most=1)
    draw_noise(np.zeros(1), 1.0, np.uint64(0), np.uint64(0))
    causes(history, 0)
    nodes = np.arange(tree.num_nodes, dtype=np.int32)
    parse_scale("share + children + U + policy + reply_birth").at(tree, parameters, nodes)
    parse_scale("U").at(tree, selection_parameters(msgspec.to_builtins(SearchSettings())), nodes)
    parse("best").run(tree, parameters)
    apply(tree, Recycle(at=3, below=1, spared=b""))
    apply(tree, Reroot(at=3, actions=(0,), node=1))
    gc.freeze()  # all of this stays for good; see `app.render.warm`
