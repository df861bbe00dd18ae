"""A line of moves being read: what follows a move as search has it, held still while a person goes along it."""

from dataclasses import dataclass, replace

from app.viewmodels.moment import Moment
from app.viewmodels.moves import number_text
from app.viewmodels.phrases import Phrases
from engine.domains.base import Line
from engine.tree.explain import principal_variation

_MOST_MOVES = 12
"""Moves that search expects, shown of a line; those behind them it has hardly looked at."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A line and how far a person has followed it.

    Attributes:
        root: where it begins. moves: actions from there, at least one, as search had them when the reading began.
        chosen: how many of them lead to the move it is the line of.
        shown: moves made on the board, 0 = the board is the root's.
    """

    root: Line
    moves: tuple[int, ...]
    chosen: int = 1
    shown: int = 0

    def at(self, moves: int) -> "Reading":
        """The same with so many moves made, or as many as there are."""
        return replace(self, shown=min(max(moves, 0), len(self.moves)))

    @property
    def here(self) -> Line:
        """The line to the state shown."""
        return self.root.then(*self.moves[: self.shown])


@dataclass(frozen=True, slots=True)
class LineRecord:
    """The strip that a line is read in.

    Attributes:
        words: its moves, those with a number in front of them as people write them ("16… Bxf2+").
        shown: moves made on the board. chosen: those that lead to the move it is the line of.
        notice: a sentence on what has changed since the reading began, or "". latest: the line as it is now, or "".
    """

    words: tuple[str, ...] = ()
    shown: int = 0
    chosen: int = 0
    notice: str = ""
    latest: str = ""


def begin_reading(moment: Moment, path: tuple[int, ...]) -> Reading | None:
    """The line that goes through the branch at `path` as search has it now; None for the root before any visit."""
    expected: list[int] = []
    if moment.tree.num_nodes and _is_there(moment, path):
        expected = principal_variation(moment.tree, moment.nearest(path))
    moves = (*path, *(int(action) for action in expected[:_MOST_MOVES]))
    return Reading(moment.line, moves, len(path)) if moves else None


def line_record(reading: Reading | None, moment: Moment | None, phrases: Phrases) -> LineRecord:
    """The strip for what is read; `moment`: the search now."""
    if reading is None:
        return LineRecord()
    words = numbered_words(reading.root, reading.moves, phrases)
    notice, latest = "", ""
    now = None
    if moment is not None and moment.line == reading.root:
        now = begin_reading(moment, reading.moves[: reading.chosen])
    if now is not None and has_changed(reading.moves, now.moves):
        both = enumerate(zip(reading.moves, now.moves, strict=False))
        parted = next(place for place, (old, new) in both if old != new)
        new = numbered_words(reading.root, now.moves, phrases)
        notice = f"The line has changed since you began to read: now {_with_number(new, now, parted, phrases)}"
        latest = " ".join(new)
    return LineRecord(words, reading.shown, reading.chosen, notice, latest)


def has_changed(read: tuple[int, ...], now: tuple[int, ...]) -> bool:
    """Whether the search now expects another move somewhere; that it sees farther, or less far, is no change."""
    common = min(len(read), len(now))
    return read[:common] != now[:common]


def numbered_words(root: Line, moves: tuple[int, ...], phrases: Phrases) -> tuple[str, ...]:
    """Texts of successive `moves` from `root`, with move numbers where people write them."""
    begins = phrases.card(Line(root.start)).to_move
    words = []
    for place, text in enumerate(phrases.texts(root, moves)):
        number = number_text(len(root.actions) + place, root.start, begins)
        words.append(f"{number} {text}" if number.endswith(".") or not place else text)
    return tuple(words)


def _with_number(words: tuple[str, ...], line: Reading, place: int, phrases: Phrases) -> str:
    """The move at `place` with its number, whoever makes it."""
    if words[place][0].isdigit():
        return words[place]
    begins = phrases.card(Line(line.root.start)).to_move
    return f"{number_text(len(line.root.actions) + place, line.root.start, begins)} {words[place]}"


def _is_there(moment: Moment, path: tuple[int, ...]) -> bool:
    """Whether the branch at `path` has a node of its own."""
    try:
        edge = moment.tree.find_edge(path) if path else 0
    except KeyError:
        return False
    return not path or int(moment.tree.edge_child[edge]) >= 0
