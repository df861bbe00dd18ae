"""What a player thinks of one position, as the window keeps it; and two of them laid over each other.

Values and Q are from the player to move at the position, as everywhere in the engine.
"""

from dataclasses import dataclass, replace
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.viewmodels.comparison import Compared, work_out
from app.viewmodels.replica import Replica
from engine.domains.base import Line
from engine.service.arena_messages import Thought
from engine.tree import explain
from engine.tree.columns import FACTS, NO_NODE, ROOT, STATS, SearchTree
from engine.tree.compare import Side, take
from engine.tree.events import decode_header

T = TypeVar("T", bound=np.generic)
_ROOM = 100
"""Visits' worth of room that the picture gives to all priors of an intuition that does not search."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a player: to think about the end of a line.

    Attributes:
        player: as it is written for a match. seed: of its chance there.
    """

    domain: str
    line: Line
    player: str
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Option:
    """An action as one player sees it.

    Attributes:
        prior: intuition's share, None = it does not say. visits: simulations that took it; share: the same as a share
            of all, None without a search. q: value for the player to move, None before a visit.
    """

    action: int
    prior: float | None
    visits: int
    share: float | None
    q: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Mind:
    """A player's thoughts on a position.

    Attributes:
        kind: "search", "intuition" (priors and a value, no search) or "none" (it only says what it plays).
        action: it would play. value: None = it says nothing.
        simulations: it did, 0 without a search.
        options: all legal actions, most visited (or likeliest) first; () without a tree.
        side: its tree, for laying it over another; of an intuition the root with one node for each action.
        line: what it expects to be played, its own action first.
    """

    question: Question
    kind: Literal["search", "intuition", "none"]
    action: int
    value: float | None
    seconds_s: float
    simulations: int = 0
    options: tuple[Option, ...] = ()
    side: Side | None = None
    line: tuple[int, ...] = ()

    @property
    def size(self) -> int:
        """Nodes that are kept for it."""
        return 1 if self.side is None else self.side.num_nodes


@dataclass(frozen=True, slots=True, eq=False)
class Duel:
    """Two minds on one position.

    Attributes:
        a, b: None = not known yet.
        compared: their trees laid over each other; a mind without a tree is a bare root in it. None = neither has one.
    """

    a: Mind | None
    b: Mind | None
    compared: Compared | None


def mind_of(question: Question, thought: Thought) -> Mind:
    """Fold what a player sent. Takes as long as its tree is large: for a thread beside the window's.

    Raises:
        JournalError, CompareError: the journal is damaged, or holds nothing.
    """
    if not thought.header:
        return Mind(question, "none", thought.action, thought.value, thought.seconds_s, line=(thought.action,))
    replica = Replica(decode_header(thought.header))
    replica.receive(thought.events, 0)
    tree = replica.tree
    side = take(tree)  # raises where there is no root
    is_search = tree.num_nodes > 1
    found = explain.candidates(tree, ROOT, replica.parameters)
    total = max(1, int(found.visits.sum()))
    options = tuple(
        Option(
            int(found.action[i]),
            float(found.prior[i]),
            int(found.visits[i]),
            int(found.visits[i]) / total if is_search else None,
            None if found.q[i] != found.q[i] else float(found.q[i]),
        )
        for i in range(len(found.action))
    )
    if is_search:
        line = side.main_line if side.main_line[:1] == (thought.action,) else (thought.action,)
        known = (thought.action, thought.value, thought.seconds_s, int(tree.stats["visits"][ROOT]))
        return Mind(question, "search", *known, options, replace(side, main_line=line), line)
    side = first_level(tree, thought.action)
    return Mind(
        question, "intuition", thought.action, thought.value, thought.seconds_s, 0, options, side, side.main_line
    )


def lay_over(a: Mind | None, b: Mind | None) -> Duel:
    """Two minds on one position over each other; one that is not known yet has no tree. For a thread beside.

    Raises:
        CompareError: they do not fit.
    """
    sides = tuple(None if mind is None else mind.side for mind in (a, b))
    one = next((side for side in sides if side is not None), None)
    if one is None:
        return Duel(a, b, None)
    compared = work_out(*(_root_of(one) if side is None else side for side in sides))
    for mind, drawn in ((a, compared.pictures.a), (b, compared.pictures.b)):
        if mind is not None and mind.kind == "intuition":
            _without_room(drawn)
    return Duel(a, b, compared)


def first_level(tree: SearchTree, action: int) -> Side:
    """The actions of a root that was only looked at, a node for each; visits stand for priors, to give them room.

    Args:
        action: what the intuition would play.
    """
    run = tree.edge_run(ROOT)
    edges = np.arange(run.start, run.stop, dtype=np.int32)
    nodes = len(edges) + 1
    shares = tree.edge_prior[run].view(np.float16).astype(np.float64)
    stats, facts = np.zeros(nodes, STATS), np.zeros(nodes, FACTS)
    stats["lower"], stats["upper"] = -1, 1
    stats[ROOT], facts[ROOT] = tree.stats[ROOT], tree.facts[ROOT]
    stats["visits"][1:] = np.maximum(1, np.round(_ROOM * shares))
    stats["visits"][ROOT] = 1 + int(stats["visits"][1:].sum())
    stats["value_sum"][ROOT] = explain.node_value(tree) * stats["visits"][ROOT]
    facts["depth"][1:] = 1
    return Side(
        line=tree.line,
        num_players=tree.num_players,
        simulations=tree.simulations,
        parent=_led_by(NO_NODE, np.zeros(len(edges), np.int32)),
        rank=_led_by(NO_NODE, edges),
        action=_led_by(0, tree.edge_action[run]),
        prior=_led_by(0, tree.edge_prior[run]),
        pruned=_led_by(0, tree.edge_pruned[run]),
        stats=stats,
        facts=facts,
        main_line=(action,),
    )


def _without_room(drawn: SearchTree) -> None:
    """An intuition's tree as it is: the root seen once, and hopes that nothing was spent on; they are drawn as such."""
    stats = drawn.stats
    stats["value_sum"][ROOT] /= max(1, int(stats["visits"][ROOT]))
    stats["visits"][ROOT] = 1
    stats["visits"][ROOT + 1 :] = 0


def _root_of(side: Side) -> Side:
    """The bare root of a side, never visited."""
    stats = side.stats[:1].copy()
    for name in ("visits", "borrowed", "value_sum", "draw_sum"):
        stats[name] = 0
    stats["lower"], stats["upper"] = -1, 1
    columns = {name: getattr(side, name)[:1] for name in ("parent", "rank", "action", "prior", "pruned", "facts")}
    return replace(side, simulations=0, stats=stats, main_line=(), **columns)


def _led_by(first: int, rest: NDArray[T]) -> NDArray[T]:
    return np.concatenate([np.array([first], rest.dtype), rest])
