"""A search tree as `info` lines.

`depth` is the length of the main line and `seldepth` the depth of the deepest position, both in plies. `nodes` are the
visits of the root, those kept from the moves before included, as in Lc0; `nps` counts only those of this search.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.domains.base import Line
from engine.domains.chess.moves import move_of_action
from engine.domains.chess.notation import board
from engine.domains.chess.outcomes import CHECKMATE
from engine.tree.choice import best_edge
from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import PruneReason
from engine.tree.explain import candidates, node_value, principal_variation, wdl
from engine.uci.score import score_text, wdl_text

_LONGEST_PV = 60  # plies reported
_LARGEST_U = 9.99999  # stands for infinite too, which no GUI can read


@dataclass(frozen=True, slots=True)
class Figures:
    """What an `info` line says beside the tree.

    Attributes:
        seconds: since the search began. visits: of the root in this search.
        fullness: share of the memory that is used, in [0, 1].
    """

    seconds: float
    visits: int
    fullness: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """A move of the root and what follows it.

    Attributes:
        edge: of the root. node: the node behind it, or -1 where it was not visited. pv: actions, the move first.
    """

    edge: int
    node: int
    pv: tuple[int, ...]


def ranked_moves(tree: SearchTree, parameters: NDArray[np.float64], most: int) -> list[Ranked]:
    """The best moves of the root: the one to play, then the most visited; at most `most`, one at least.

    Moves without visits, and those cut by hand, are only ever reported as the one to play.
    """
    best = best_edge(tree, ROOT)
    if best < 0:
        return []
    table = candidates(tree, ROOT, parameters)
    others = (table.visits > 0) & (table.pruned != PruneReason.BY_HAND) & (table.edge != best)
    edges = [best, *(int(edge) for edge in table.edge[others][: most - 1])]
    return [_ranked(tree, edge) for edge in edges]


def _ranked(tree: SearchTree, edge: int) -> Ranked:
    node = int(tree.edge_child[edge])
    rest = principal_variation(tree, node) if node >= 0 else []
    return Ranked(edge, max(node, -1), (int(tree.edge_action[edge]), *rest[: _LONGEST_PV - 1]))


def move_names(line: Line, actions: tuple[int, ...], *, chess960: bool = False) -> list[str]:
    """Actions from the end of `line` as UCI names; castling is e1h1 where `chess960`, or where it must be."""
    here = board(line)
    here.chess960 |= chess960
    names = []
    for action in actions:
        move = move_of_action(here, action)
        names.append(move.uci())
        here.push(move)
    return names


def info_lines(
    tree: SearchTree,
    moves: list[Ranked],
    figures: Figures,
    *,
    multi_pv: bool,
    show_wdl: bool,
    chess960: bool = False,
) -> list[str]:
    """An `info` line for each of `moves`, best first; each names its rank where `multi_pv`.

    `chess960`: see `move_names`.
    """
    nps, full = round(figures.visits / max(figures.seconds, 1e-3)), min(1000, round(1000 * figures.fullness))
    nodes = int(tree.stats["visits"][ROOT])
    common = f"time {round(1000 * figures.seconds)} nodes {nodes} nps {nps} hashfull {full}"
    deepest = int(tree.facts["depth"][: tree.num_nodes].max(initial=0))
    lines = []
    for rank, move in enumerate(moves, 1):
        words = [f"info depth {len(move.pv)} seldepth {max(deepest, len(move.pv))}", common]
        words.append(score_text(_value(tree, move), plies_to_mate(tree, move)))
        if show_wdl:
            words.append(wdl_text(_chances(tree, move)))
        if multi_pv:
            words.append(f"multipv {rank}")
        words.append("pv " + " ".join(move_names(tree.line, move.pv, chess960=chess960)))
        lines.append(" ".join(words))
    return lines


def plies_to_mate(tree: SearchTree, move: Ranked) -> int | None:
    """Plies from the root to the mate that `move` is proven to lead to, or None where it is not proven to.

    A proof that ends in an endgame table says who wins, but not when.
    """
    node = move.node
    if node < 0 or not tree.stats["lower"][node] == tree.stats["upper"][node] != 0:
        return None
    while (edge := best_edge(tree, node)) >= 0 and tree.edge_child[edge] >= 0:
        node = int(tree.edge_child[edge])
    return int(tree.facts["distance"][move.node]) + 1 if tree.facts["outcome"][node] == CHECKMATE else None


def _value(tree: SearchTree, move: Ranked) -> float:
    """Value of a move for the player to move at the root; of the root itself where the move was not visited."""
    return -node_value(tree, move.node) if move.node >= 0 else node_value(tree, ROOT)


def _chances(tree: SearchTree, move: Ranked) -> tuple[float, float, float]:
    if move.node < 0:
        return wdl(tree, ROOT)
    win, draw, loss = wdl(tree, move.node)
    return loss, draw, win


def verbose_lines(tree: SearchTree, parameters: NDArray[np.float64], *, chess960: bool = False) -> list[str]:
    """Statistics of every move of the root, the least visited first and the root itself last, in Lc0's format.

    N visits, (+visits being made), P prior, WL value, D draw chance, M plies left (not known here), Q value, U
    exploration, S their sum, V intuition's value, [T] = the game ends there; GUIs such as Nibbler read it.
    `chess960`: see `move_names`.
    """
    table = candidates(tree, ROOT, parameters)
    lines = []
    for row in reversed(range(len(table.edge))):
        action, child = int(table.action[row]), int(tree.edge_child[table.edge[row]])
        statistics = _Statistics(
            name=move_names(tree.line, (action,), chess960=chess960)[0],
            index=action,
            visits=int(table.visits[row]),
            prior=float(table.prior[row]),
            q=float(table.q[row]) if child >= 0 else table.urgency,
            draw=wdl(tree, max(child, ROOT))[1],
            u=min(float(table.u[row]), _LARGEST_U),
            raw=float(table.raw_value[row]) if child >= 0 else None,
            ended=child >= 0 and bool(tree.facts["outcome"][child]),
        )
        lines.append(_statistics_line(statistics))
    root = _Statistics(
        name="node",
        index=len(table.edge),
        visits=int(tree.stats["visits"][ROOT]),
        prior=1.0,
        q=node_value(tree),
        draw=wdl(tree)[1],
        u=0.0,
        raw=float(tree.facts["raw_value"][ROOT]),
        ended=False,
    )
    return [*lines, _statistics_line(root)]


@dataclass(frozen=True, slots=True)
class _Statistics:
    """What a line of statistics says; values from the player to move at the root."""

    name: str
    index: int
    visits: int
    prior: float
    q: float
    draw: float
    u: float
    raw: float | None
    ended: bool


def _statistics_line(of: _Statistics) -> str:
    raw = "-.----" if of.raw is None else f"{of.raw:7.4f}"
    return (
        f"info string {of.name:<5} ({of.index:<4}) N: {of.visits:7d} (+ 0) (P: {100 * of.prior:5.2f}%)"
        f" (WL: {of.q:8.5f}) (D: {of.draw:5.3f}) (M:  0.0) (Q: {of.q:8.5f}) (U: {of.u:7.5f})"
        f" (S: {of.q + of.u:8.5f}) (V: {raw}){' [T]' * of.ended}"
    )
