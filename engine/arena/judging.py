"""Who is right about a position: what the actions of two players lose, by a search that is deeper than theirs."""

from collections.abc import Generator
from dataclasses import dataclass

from engine.arena.players import Turn
from engine.arena.search_player import SearchPlayer
from engine.arena.think import board_at, found_by, turn_on
from engine.domains.base import Line, Rules
from engine.search.breaks import until_told
from engine.search.search import Search
from engine.tree.columns import ROOT, SearchTree
from engine.tree.explain import node_value

_SHARE_LOOKED_AT = 1 / 8
"""Of the judge's simulations: an action with fewer visits is searched for itself."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a judge says.

    Attributes:
        action: it would play. value: of the position, from the player to move, in [-1, 1].
        losses: of the actions it was asked about, in [0, 2]: what each is worth less than the best one known.
    """

    action: int
    value: float
    losses: tuple[float, ...]


def judged(
    rules: Rules, judge: SearchPlayer, line: Line, actions: tuple[int, ...], seed: int
) -> Generator[None, bool, Sentence | None]:
    """What a judge says of some actions at the end of `line`, with breaks; None if it was to end before.

    Raises:
        PositionError, ActionError: the line, or one of the actions, is not legal.
    """
    search = yield from until_told(_searched(judge, _turn(rules, judge, line, seed)))
    if search is None:
        return None
    best, value = found_by(search)
    worth: dict[int, float] = {}
    for action in dict.fromkeys((best, *actions)):
        known = worth_in(search.tree, action, 0.0 if action == best else _SHARE_LOOKED_AT)
        if known is None:
            after = yield from until_told(_searched(judge, _turn(rules, judge, line.then(action), seed)))
            if after is None:
                return None
            known = search.tree.sign * node_value(after.tree)
        worth[action] = known
    highest = max(worth.values())
    return Sentence(best, value, tuple(highest - worth[action] for action in actions))


def worth_in(tree: SearchTree, action: int, share: float) -> float | None:
    """What an action of the root is worth to the player to move there; None where the tree knows too little of it.

    Args:
        share: of the tree's simulations that must have gone there, unless the value is proven.

    Raises:
        ValueError: the root has no such action.
    """
    edge = tree.edge_of(ROOT, action)
    if edge < 0:
        raise ValueError(f"action {action} is not legal here")
    child = int(tree.edge_child[edge])
    if child < 0:
        return None
    stats = tree.stats[child]
    if stats["lower"] != stats["upper"] and stats["visits"] < share * tree.simulations:
        return None
    return float(tree.sign * node_value(tree, child))


def _turn(rules: Rules, judge: SearchPlayer, line: Line, seed: int) -> Turn:
    return turn_on(board_at(rules, line), seed, judge)


def _searched(judge: SearchPlayer, turn: Turn) -> Generator[None, None, Search]:
    search = judge.search(turn, lambda _: None)
    while search.advance() is None:
        yield
    return search
