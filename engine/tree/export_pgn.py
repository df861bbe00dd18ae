"""A chess tree as PGN: the game up to the root, then what the search looked at as nested variations.

Any program that reads PGN shows them. Each move has visits, value and prior in its comment, the value from the view of
the player who makes it, and the usual `[%eval]`, which is from White's view.
"""

import heapq
from dataclasses import dataclass
from pathlib import Path

import chess
import chess.engine
import chess.pgn
import numpy as np

from engine.domains.chess.centipawns import centipawns, moves_to_mate
from engine.domains.chess.moves import move_of_action
from engine.domains.chess.notation import board
from engine.tree.choice import best_edge
from engine.tree.columns import ROOT, SearchTree
from engine.tree.explain import node_value
from engine.tree.export import Progress, Subject, reason_name
from engine.tree.whole_file import ExportError, whole_file

MOST_MOVES = 20_000
"""Variations beyond so many moves, the least visited ones, are left out: no program shows more with pleasure."""


@dataclass(frozen=True, slots=True)
class Variations:
    """Which moves of the tree become variations.

    Attributes:
        children: at most so many at each node, the move to play first, then by visits.
        plies: at most so deep below the root.
        least_visits: and visited at least so often; None = a two-hundredth of the root's visits, at least 2.
    """

    children: int = 4
    plies: int = 30
    least_visits: int | None = None

    def least(self, tree: SearchTree) -> int:
        """Visits from which a move is taken."""
        if self.least_visits is not None:
            return self.least_visits
        return max(2, int(tree.stats["visits"][ROOT]) // 200)


def export_pgn(subject: Subject, path: Path, variations: Variations, progress: Progress) -> None:
    """Write one game.

    Raises:
        ExportError: the domain is not chess, or the file cannot be written.
    """
    if subject.header.domain != "chess":
        raise ExportError(f"PGN is for chess games; this is {subject.notation.title}")
    game = game_of(subject, variations)
    progress(0.5)
    with whole_file(path) as unfinished:
        text = game.accept(chess.pgn.StringExporter(columns=80))
        unfinished.write_text(f"{text}\n", encoding="utf-8")


def game_of(subject: Subject, variations: Variations) -> chess.pgn.Game:
    """The game with its variations."""
    tree = subject.tree
    here = board(tree.line)
    game = chess.pgn.Game()
    game.setup(here.root())
    about = subject.about()
    game.headers.update(
        Event="Arborist search",
        White="?",
        Black="?",
        Result="*",
        Annotator=f"Arborist, {about['generation']}",
        Simulations=str(about["simulations"]),
    )
    root: chess.pgn.GameNode = game
    for move in here.move_stack:
        root = root.add_variation(move)
    root.comment = _root_comment(tree)
    _grow(tree, root, here, variations)
    return game


def _grow(tree: SearchTree, root: chess.pgn.GameNode, here: chess.Board, variations: Variations) -> None:
    """Add the tree below `root`, the most visited nodes first, so that what is left out is the least visited."""
    least = variations.least(tree)
    waiting = [(0, ROOT, root, here)]
    added = 0
    while waiting and added < MOST_MOVES:
        _, node, told, position = heapq.heappop(waiting)
        if int(tree.facts["depth"][node]) >= variations.plies:
            continue
        main = best_edge(tree, node) if told.is_mainline() else -1
        for edge in _chosen(tree, node, variations.children, least, main):
            child = int(tree.edge_child[edge])
            move = move_of_action(position, int(tree.edge_action[edge]))
            after = position.copy()
            after.push(move)
            below = told.add_variation(move)
            below.comment = _comment(tree, edge, child)
            score = _score(tree, child, after.turn)
            if score is not None:
                below.set_eval(score)
            heapq.heappush(waiting, (-int(tree.stats["visits"][child]), child, below, after))
            added += 1


def _chosen(tree: SearchTree, node: int, most: int, least: int, main: int) -> list[int]:
    """Edges of a node that become variations, the one to play first; `main`, if visited at all, always."""
    run = tree.edge_run(node)
    edges = np.arange(run.start, run.stop)[tree.edge_child[run] >= 0]
    visits = tree.stats["visits"][tree.edge_child[edges]]
    best = best_edge(tree, node)
    ranked = sorted(zip((-visits).tolist(), edges.tolist(), strict=True), key=lambda each: (each[1] != best, each))
    return [edge for fewer, edge in ranked if -fewer >= least or edge == main][:most]


def _comment(tree: SearchTree, edge: int, child: int) -> str:
    """Figures of a move, from the view of the player who makes it."""
    visits = int(tree.stats["visits"][child])
    words = [f"N={visits}", f"Q={tree.sign * node_value(tree, child) + 0.0:+.3f}"]
    words.append(f"P={100.0 * float(tree.priors[edge]):.1f}%")
    reason = reason_name(int(tree.edge_pruned[edge]))
    return " ".join([*words, f"pruned: {reason.replace('_', ' ')}"] if reason else words)


def _root_comment(tree: SearchTree) -> str:
    return f"Arborist searches here: N={int(tree.stats['visits'][ROOT])} Q={node_value(tree):+.3f} for the side to move"


def _score(tree: SearchTree, node: int, turn: chess.Color) -> chess.engine.PovScore | None:
    """The value of a node as a score of the side to move there; None where play has ended, which the move shows."""
    if tree.facts["outcome"][node]:
        return None
    stats = tree.stats[node]
    if stats["lower"] == stats["upper"] and stats["lower"] != 0:
        mate = moves_to_mate(int(tree.facts["distance"][node]), int(stats["lower"]))
        return chess.engine.PovScore(chess.engine.Mate(mate), turn)
    return chess.engine.PovScore(chess.engine.Cp(centipawns(node_value(tree, node))), turn)
