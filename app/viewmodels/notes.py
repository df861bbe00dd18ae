"""What the list of notes and bookmarks shows."""

from collections.abc import Callable
from dataclasses import dataclass

from app.viewmodels.phrases import Phrases
from engine.domains.base import Line
from engine.tree.notebook import Bookmark, Entry, Notebook, line_of

_MOST_MOVES = 4
"""Moves of a place that are written out, its last ones."""
_MOST_LETTERS = 60


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note or a bookmark.

    Attributes:
        id: of the entry. is_bookmark: it is a place with a name, not a text about a node.
        text: what was written, or the bookmark's name.
        place: the moves that lead there. moment: "at 1,240", or "".
        is_here: it is about the node that is inspected.
    """

    id: str
    is_bookmark: bool
    text: str
    place: str
    moment: str = ""
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class NotesRecord:
    """The list. `unsaved`: some of it is in no recording yet; it is kept in the user's folder."""

    rows: tuple[NoteRow, ...] = ()
    unsaved: bool = False


def notes_record(notebook: Notebook, words: Phrases, here: Line | None, *, unsaved: bool) -> NotesRecord:
    """The list of `notebook`, as it was written; `here`: the line to the node that is inspected."""
    return NotesRecord(tuple(_row(entry, words, here) for entry in notebook.entries), unsaved)


def place_text(line: Line, words: Phrases) -> str:
    """The last moves of a line."""
    if not line.actions:
        return "Start"
    shown = line.actions[-_MOST_MOVES:]
    before = Line(line.start, line.actions[: len(line.actions) - len(shown)])
    return ("… " if before.actions else "") + " ".join(words.texts(before, shown))


def bookmark_name(line: Line, simulation: int | None, words: Phrases) -> str:
    """A name for a place, until a person gives it a better one."""
    moment = "" if simulation is None else f", after {simulation:,} simulations"
    return f"{place_text(line, words)}{moment}"


def note_told(entry: Entry, verb: Callable[[str], str]) -> str:
    """A remark about what was done to an entry; `verb` makes a sentence of "note" or "bookmark"."""
    kind = "bookmark" if isinstance(entry, Bookmark) else "note"
    text = entry.text if len(entry.text) <= _MOST_LETTERS else f"{entry.text[:_MOST_LETTERS]}…"
    return f"{verb(kind)}{f': {text}' if text else ''}".splitlines()[0]


def _row(entry: Entry, words: Phrases, here: Line | None) -> NoteRow:
    line = line_of(entry)
    moment = "" if entry.simulation is None else f"at {entry.simulation:,}"
    return NoteRow(entry.id, isinstance(entry, Bookmark), entry.text, place_text(line, words), moment, line == here)
