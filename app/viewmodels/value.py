"""Whose value is it? The one place where values turn from the player to move into the first player's view.

Everywhere in the engine a value is from the player to move; people expect an evaluation bar to stand still when the
turn passes, so the bar, and nothing else, shows the first player's view.
"""

import numpy as np

from app.viewmodels.figures import signed
from app.viewmodels.proof import bar_text
from app.viewmodels.records import ValueRecord
from engine.tree import explain
from engine.tree.columns import ROOT, SearchTree


def player_to_move(root_to_move: int, depth: int, num_players: int) -> int:
    """Who moves `depth` actions below a root where `root_to_move` (0 = first player) moves."""
    return (root_to_move + depth) % num_players


def value_for_white(value: float, to_move: int) -> float:
    """A value of the player to move, from the first player's view. Its own inverse."""
    return -value if to_move == 1 else value


def wdl_for_white(wdl: tuple[float, float, float], to_move: int) -> tuple[float, float, float]:
    """Win, draw and loss of the player to move, from the first player's view."""
    win, draw, loss = wdl
    return (loss, draw, win) if to_move == 1 else (win, draw, loss)


def root_value(tree: SearchTree | None, to_move: int, *, stale: bool = False, is_chess: bool = False) -> ValueRecord:
    """The evaluation bar of a tree whose root `to_move` is to play; unknown before the root's first visit.

    Args:
        stale: of a search that stands still. is_chess: a proven win is a mate.
    """
    if tree is None or not tree.num_nodes or not tree.stats["visits"][ROOT]:
        return ValueRecord(stale=stale)
    white = value_for_white(explain.node_value(tree, ROOT), to_move)
    chances = explain.wdl(tree, ROOT)
    win, draw, loss = wdl_for_white((float(chances[0]), float(chances[1]), float(chances[2])), to_move)
    lower, upper = int(tree.stats["lower"][ROOT]), int(tree.stats["upper"][ROOT])
    text = signed(white)
    if lower == upper:
        sign = int(np.sign(value_for_white(lower, to_move)))
        text = bar_text(sign, int(tree.facts["distance"][ROOT]), is_chess=is_chess)
    return ValueRecord(white, win, draw, loss, text, stale)
