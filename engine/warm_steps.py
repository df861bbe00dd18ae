"""The work of warming: small pieces of real use that call every kernel of the engine, with the types it always gets."""

import numpy as np
from numpy.typing import NDArray

from engine.domains import registry
from engine.domains.base import Rules
from engine.search.evaluator import UniformEvaluator
from engine.search.forest import METHODS as LOCKSTEP
from engine.search.forest import Forest
from engine.search.limits import Limits
from engine.search.recycling import recycling
from engine.search.search import Search
from engine.search.settings import METHODS, SearchSettings
from engine.search.watchpoints import BestChanges, DepthReached
from engine.tree.columns import ROOT, SearchTree
from engine.tree.compare import take, unite
from engine.tree.events import decode
from engine.tree.explain import candidates, principal_variation
from engine.tree.fold import apply, empty_tree
from engine.tree.history import History, touched
from engine.tree.query import parse, parse_scale
from engine.tree.selection import selection_parameters

_FEW = 40
"""Simulations: enough for batches, ends of play and revisits at the samples of the domains."""


class _Reader(UniformEvaluator):
    """An intuition without an opinion that takes features as a network does, so that its answers are kept."""

    def __init__(self, rules: Rules) -> None:
        self.fmt = next(iter(rules.formats))


def use_rules(name: str) -> None:
    """Load, expand, step and encode a position of a domain; for chess, read moves and look for known endgames too."""
    rules, notation = registry.rules(name), registry.notation(name)
    states = rules.load(notation.parse_line(notation.sample))[-1:]
    expansion = rules.expand(states)
    rules.wins(states, expansion)
    rules.playouts(states, np.zeros(1, np.uint64), 1)
    states = rules.step(states, expansion.actions[:1])
    for fmt, description in rules.formats.items():
        lineages = np.repeat(states[:, None], description.history, axis=1)
        rules.encode(lineages, np.ones(1, np.int32), fmt)
    if name == "chess":
        _use_chess(states)


def use_search(name: str) -> None:
    """Search a little, steer, prove, play on, explain what was found; fold the journal as a reader does and go back."""
    rules, notation = registry.rules(name), registry.notation(name)
    journal: list[bytes] = []
    settings = SearchSettings(batch=8)
    search = Search(rules, _Reader(rules), notation.parse_line(notation.sample), settings, journal.append)
    _run(search, 2 * _FEW)
    _ask(search.tree, selection_parameters(search.header.settings))
    path = tuple(principal_variation(search.tree)[:1])
    search.cut(path)
    search.restore(path)
    search.pin(path)
    search.undo()
    search.set_prior(path, 0.5)
    search.boost(path, 4)
    _run(search, _FEW)
    search.play(path)
    search.start_run(Limits(simulations=_FEW), watchpoints=(BestChanges(after=10**9), DepthReached(depth=10**6)))
    while search.advance() is None:
        pass
    history = History(empty_tree(search.header))
    for event in decode(b"".join(journal)):
        history.apply(event)
    for moment in (history.first + 1, history.last):
        history.seek(moment)
    touched(history, history.first, history.last)


def use_methods(name: str) -> None:
    """Search with every method, alone and in lockstep, take a search up again and make room in its tree."""
    rules, notation = registry.rules(name), registry.notation(name)
    line = notation.parse_line(notation.sample)
    for method in METHODS:
        journal: list[bytes] = []
        settings = SearchSettings(batch=4, method=method)
        search = Search(rules, _Reader(rules), line, settings, journal.append)
        _run(search, _FEW)
        if method == METHODS[0]:
            again = Search(rules, _Reader(rules), line, settings, journal.append)
            again.take_up(decode(b"".join(journal)))
            apply(again.tree, recycling(again.tree))
    for method in LOCKSTEP:
        Forest(rules, _Reader(rules), SearchSettings(method=method)).run([line, line], _FEW)


def _use_chess(states: NDArray[np.void]) -> None:
    from engine.domains.chess import kernels
    from engine.domains.chess.san import read_movetext
    from engine.domains.chess.syzygy import SyzygyOracle
    from engine.domains.chess.tables import tables

    read_movetext(b"1. e4 e5 2. Nf3")
    SyzygyOracle(_NoTables()).probe(states)
    kernels.perft(tables(), np.repeat(states[:1], 2), 2)


class _NoTables:
    """Endgame tables that know nothing."""

    most_pieces = 2

    def wdl(self, board: object) -> int | None:
        """None."""
        del board
        return None


def _ask(tree: SearchTree, parameters: NDArray[np.float64]) -> None:
    candidates(tree, ROOT, parameters)
    nodes = np.zeros(1, np.int32)
    for words in ("share + children + U + reply_birth", "policy"):
        parse_scale(words).at(tree, parameters, nodes)
    parse("best").run(tree, parameters)
    side = take(tree)
    unite(side, side)


def _run(search: Search, simulations: int) -> None:
    search.start_run(Limits(simulations=simulations))
    while search.advance() is None:
        pass
