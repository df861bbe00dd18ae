"""Questions to the tree on screen: an answer worked out a little at a time, and what is shown of it.

Everything happens on the window's thread. The tree is changed there, in place; another thread would need a copy or a
lock, while a cheap question takes a few milliseconds for a million nodes. So an answer is made in slices of at most two
milliseconds, as many as the caller has time for, and the last complete answer stays on screen meanwhile.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.viewmodels import figures
from app.viewmodels.moment import Moment
from engine.tree.lenses import Lens, Question, Tint
from engine.tree.query import Scale, Sweep, parse_scale, slice_nodes
from engine.tree.query_syntax import Named, QueryError

MOST_LISTED = 300
"""Nodes in the list of results."""
_COLUMNS = ("N", "Q", "V", "P")


@dataclass(frozen=True, slots=True)
class LensRecord:
    """An entry of the menu of lenses; `is_own`: a person saved it and can remove it."""

    name: str
    question: str
    meaning: str
    group: str = ""
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """The query bar.

    Attributes:
        text: what is asked, "" = nothing.
        lens: name of the lens that asks it, or "".
        count: how many nodes it finds, in words.
        error: why the text cannot be asked, one sentence, or ""; from `start` to `end` in it.
        lenses: all there are.
    """

    text: str = ""
    lens: str = ""
    count: str = ""
    error: str = ""
    start: int = 0
    end: int = 0
    lenses: tuple[LensRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A node that was found; values from the player who chose it. `worth`: what it is listed by, as text."""

    node: int
    visits: int
    q: float
    raw_value: float
    prior: float
    worth: str


@dataclass(frozen=True, slots=True)
class ResultsRecord:
    """The list of results, in its order.

    Attributes:
        total: nodes found; only the first `MOST_LISTED` have rows.
        order: what they are listed by, as written; is_column: one of the list's own columns shows it.
        is_asked: there is a question.
    """

    rows: tuple[ResultRow, ...] = ()
    total: int = 0
    order: str = ""
    is_column: bool = True
    is_asked: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Colours:
    """A number for every node to be coloured by: `values` float32 [nodes], NaN = none; `low` and `high` its ends."""

    values: NDArray[np.float32]
    name: str
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a question found at one moment.

    Attributes:
        marks: uint8 [nodes], 1 = found.
        listed: int32, the first of those found in the question's order; worths: what each is listed by.
        colours: what the lens colours nodes by, or None.
    """

    marks: NDArray[np.uint8]
    count: int
    listed: NDArray[np.int32]
    worths: NDArray[np.float64]
    colours: Colours | None


class Inquiry:
    """One answer being made. The tree may grow meanwhile, but not be renumbered or moved to another moment."""

    def __init__(self, question: Question, tint: Tint | None, moment: Moment) -> None:
        self._question, self._tint, self._moment = question, tint, moment
        self._sweep = Sweep(question.query, moment.tree, moment.parameters)
        self._listed = np.zeros(0, np.int32)
        self._worths = np.zeros(0)
        self._colours: Colours | None = None
        self._work = self._slices()
        self.is_done = False

    def advance(self) -> None:
        """Work out one more slice."""
        self.is_done = next(self._work, True)

    @cached_property
    def answer(self) -> Answer:
        """What was found; only of a finished inquiry."""
        marks = self._sweep.mask.view(np.uint8)
        return Answer(marks, int(np.count_nonzero(marks)), self._listed, self._worths, self._colours)

    def _slices(self) -> Iterator[bool]:
        while not self._sweep.is_done:
            self._sweep.advance()
            yield False
        yield from self._list()
        if self._tint is not None:
            yield from self._colour(self._tint)

    def _list(self) -> Iterator[bool]:
        """The first of those found, in order: those of each slice compete with the best so far."""
        order, mask = self._question.order, self._sweep.mask
        step = slice_nodes(order.measure)
        for first in range(0, len(mask), step):
            nodes = (first + np.flatnonzero(mask[first : first + step])).astype(np.int32)
            if not len(nodes):
                continue
            worths = order.at(self._moment.tree, self._moment.parameters, nodes)
            worths = np.where(np.isnan(worths), -np.inf, worths)  # a node without that number comes last
            nodes, worths = np.append(self._listed, nodes), np.append(self._worths, worths)
            if len(nodes) > MOST_LISTED:
                least = np.partition(worths, -MOST_LISTED)[-MOST_LISTED]
                nodes, worths = nodes[worths >= least], worths[worths >= least]
            first_of_all = np.lexsort((nodes, -worths))[:MOST_LISTED]
            self._listed, self._worths = nodes[first_of_all], worths[first_of_all]
            yield False

    def _colour(self, tint: Tint) -> Iterator[bool]:
        scale = parse_scale(tint.scale)
        count, step = len(self._sweep.mask), slice_nodes(scale.measure)
        values = np.full(count, np.nan, np.float32)
        least, most = np.inf, -np.inf
        for first in range(0, count, step):
            nodes = np.arange(first, min(first + step, count), dtype=np.int32)
            found = scale.at(self._moment.tree, self._moment.parameters, nodes)
            is_known = np.isfinite(found)
            values[first : first + step] = np.where(is_known, found, np.nan)
            least = min(least, found.min(where=is_known, initial=np.inf))
            most = max(most, found.max(where=is_known, initial=-np.inf))
            yield False
        low = float(min(least, most)) if tint.low is None else tint.low  # infinite where no node has the number
        high = float(most) if tint.high is None else tint.high
        if not np.isfinite((low, high)).all():
            low, high = 0.0, 1.0
        self._colours = Colours(values, tint.name, low, high if high > low else low + 1.0)


def results_record(question: Question, answer: Answer, moment: Moment) -> ResultsRecord:
    """The list of what `answer` found."""
    nodes = answer.listed
    columns = [parse_scale(name).at(moment.tree, moment.parameters, nodes) for name in _COLUMNS]
    rows = tuple(
        ResultRow(int(node), int(visits), float(q), float(raw), float(prior), worth_text(float(worth)))
        for node, visits, q, raw, prior, worth in zip(nodes, *columns, answer.worths, strict=True)
    )
    return ResultsRecord(rows, answer.count, order_text(question.order), _is_column(question.order), is_asked=True)


def count_text(answer: Answer | None) -> str:
    """How many nodes were found, in words; of no answer that it is on its way."""
    if answer is None:
        return "counting …"
    found = figures.count(answer.count) if answer.count else "none"
    return f"{found} of {figures.count(len(answer.marks))} nodes"


def worth_text(worth: float) -> str:
    """A number that nodes are listed by; whole ones without a point, none as a dash."""
    if not np.isfinite(worth):
        return figures.signed(None if worth == -np.inf else worth)
    if worth == round(worth):
        return figures.count(round(worth))
    return f"{worth:.3f}".replace("-", figures.MINUS)


def order_text(order: Scale) -> str:
    """What nodes are listed by, as people wrote it."""
    return " ".join(order.text.split())


def own_lens_error(name: str, question: str) -> str:
    """Why a lens cannot be kept under this name, as a sentence; "" where it can."""
    if not name.strip():
        return "A lens needs a name."
    if not question.strip():
        return "There is nothing to keep yet: ask something first, for example N > 500."
    return ""


def lens_records(ready: tuple[Lens, ...], own: tuple[Lens, ...]) -> tuple[LensRecord, ...]:
    """The menu of lenses: a person's own behind those of the program."""
    records = [LensRecord(lens.name, lens.question, lens.meaning, lens.group) for lens in ready]
    records += [LensRecord(lens.name, lens.question, lens.meaning, "Your own", is_own=True) for lens in own]
    return tuple(records)


def refused(text: str, error: QueryError, lenses: tuple[LensRecord, ...]) -> QuestionRecord:
    """The bar with a text that cannot be asked."""
    return QuestionRecord(text, error=str(error), start=error.start, end=error.end, lenses=lenses)


def _is_column(order: Scale) -> bool:
    return isinstance(order.measure, Named) and order.measure.word.name in _COLUMNS
