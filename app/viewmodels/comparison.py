"""Two searches of one position side by side, as records: what is compared with what, and what is said of it."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.viewmodels.records import GenerationChoice
from engine.search.settings import SearchSettings
from engine.tree.columns import ROOT, SearchTree
from engine.tree.compare import Side, Union, project, unite
from engine.tree.compare_figures import Differences, Summary, biggest, differences, summary

MOST_ROWS = 12
"""Differences listed of each kind."""
FACTOR = 8
"""A deeper search does so many times the simulations of the larger of the two."""


@dataclass(frozen=True, slots=True)
class SearchSource:
    """The other tree is searched anew, by a second engine.

    Attributes:
        generation, settings: whose intuition, and how it searches.
        budget: simulations; None = as many as the first search has or is to have.
        in_step: it never passes the first search while that grows; `budget` is then not used.
    """

    generation: str
    settings: SearchSettings
    budget: int | None = None
    in_step: bool = False


@dataclass(frozen=True, slots=True)
class MomentSource:
    """The other tree is that of the first search, so many simulations old."""

    simulation: int


@dataclass(frozen=True, slots=True)
class RecordedSource:
    """The other tree is that of a recording; `name`: of the file."""

    name: str


Source = SearchSource | MomentSource | RecordedSource


@dataclass(frozen=True, slots=True)
class SideRecord:
    """One of the two, in words.

    Attributes:
        letter: "A" or "B". name: what sets it apart from the other. figures: simulations and value of the root.
        line: its principal variation, move by move; parts_at: place of the first move that the other line has not got,
            -1 where there is none.
    """

    letter: str
    name: str
    figures: str
    line: tuple[str, ...] = ()
    parts_at: int = -1


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A node where the two differ.

    Attributes:
        node: of the union. move: its last move. path: moves that lead up to it, shortened.
        shares: of the parent's visits, in A and in B, in [0, 1]; None where that side never came to the parent.
        qs: Q in A and in B, for the player who chooses the move; None before a visit.
        visits: in A and in B. priors: intuition's shares; None where not known.
    """

    node: int
    move: str
    path: str
    shares: tuple[float | None, float | None]
    qs: tuple[float | None, float | None]
    visits: tuple[int, int]
    priors: tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class JudgeRecord:
    """What is said of who was right.

    Attributes:
        text: the verdict, or "". sides_with: "a", "b", "neither", "undecided" or "" before there is one.
        progress: of the deeper search in [0, 1], None while none runs.
        ask: the button's words; can_ask: whether it can be pressed; tooltip: why not, or what it does.
        generations: who can be asked; generation: who would be.
    """

    text: str = ""
    sides_with: str = ""
    progress: float | None = None
    ask: str = "Ask a deeper search"
    can_ask: bool = False
    tooltip: str = ""
    generations: tuple[GenerationChoice, ...] = ()
    generation: str = ""


@dataclass(frozen=True, slots=True)
class ComparisonRecord:
    """All that is said of a comparison.

    Attributes:
        a, b: the two.
        waiting: what must still happen before there is anything to compare, or "".
        agreement: a sentence on how far the main lines agree, and where they part. opinions: what either thinks of the
            two moves there. distance: a sentence on the root's visits.
        shared: one on how many positions both have. age: how old all this is, or "".
        divergence: the union's node where the lines part, -1 where they do not.
        by_visits, by_value: the largest differences, the largest first.
        here: what both say of the node that is selected, or "".
    """

    a: SideRecord
    b: SideRecord
    waiting: str = ""
    agreement: str = ""
    opinions: str = ""
    distance: str = ""
    shared: str = ""
    age: str = ""
    divergence: int = -1
    by_visits: tuple[DifferenceRow, ...] = ()
    by_value: tuple[DifferenceRow, ...] = ()
    here: DifferenceRow | None = None
    judge: JudgeRecord = JudgeRecord()


@dataclass(frozen=True, slots=True)
class ChoicesRecord:
    """What a search can be compared with.

    Attributes:
        generations: that there are for its domain. generation, settings: those of the search itself.
        simulations: those of its present; the moments before can be chosen. first: the earliest of them.
        budget: what another search would be given.
        can_search: whether there is a position to search.
    """

    generations: tuple[GenerationChoice, ...] = ()
    generation: str = ""
    settings: SearchSettings = field(default_factory=SearchSettings)
    simulations: int = 0
    first: int = 0
    budget: int = 0
    can_search: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """The two trees to be drawn with one layout.

    Attributes:
        union: all nodes of both. a, b: the same nodes with the figures of one side.
        balance: float32 [N], who looks there more: -1 = only A, +1 = only B.
        in_a, in_b: int32 [N], -1 = the side has not got the node.
    """

    union: SearchTree
    a: SearchTree
    b: SearchTree
    balance: NDArray[np.float32]
    in_a: NDArray[np.int32]
    in_b: NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A comparison worked out: everything that texts and pictures are made from.

    Attributes:
        by_visits, by_value: nodes of the union with the largest differences, the largest first.
    """

    union: Union
    found: Differences
    said: Summary
    by_visits: tuple[int, ...]
    by_value: tuple[int, ...]
    pictures: Pictures


def work_out(a: Side, b: Side) -> Compared:
    """Lay two sides over each other. Takes a second for a million nodes each: for a thread beside the window's.

    Raises:
        CompareError: they do not fit.
    """
    union = unite(a, b)
    found = differences(union)
    pictures = Pictures(union.tree, project(union, a), project(union, b), found.balance, union.in_a, union.in_b)
    by_visits, by_value = (
        tuple(int(node) for node in biggest(weights, MOST_ROWS) if node != ROOT)
        for weights in (found.effort, found.value)
    )
    return Compared(union, found, summary(union), by_visits, by_value, pictures)
