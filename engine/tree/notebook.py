"""What a person wrote down about a search: notes on nodes, and bookmarks of places to come back to.

Both belong to a *place*: the line that leads to a node, and optionally a moment, the simulations done then. A line
outlives renumbering and a fresh search, which a node's number does not. A notebook is stored as JSON, so that it can
be read without this program; fields that a newer program added are ignored.
"""

import msgspec

from engine.domains.base import Line

NOTEBOOK_VERSION = 1


class NotebookError(ValueError):
    """Bytes that are no notebook of this version; the message says why."""


class Note(msgspec.Struct, frozen=True, kw_only=True, tag="note"):
    """A text about a node.

    Attributes:
        id: its name among all entries; it stays when the text changes.
        start, actions: the line that leads to the node.
        simulation: simulations done at the moment the note is about; None = it is about all of them.
    """

    id: str
    start: str
    actions: tuple[int, ...] = ()
    simulation: int | None = None
    text: str = ""


class Bookmark(msgspec.Struct, frozen=True, kw_only=True, tag="bookmark"):
    """A place with a name, and how it was looked at.

    Attributes:
        id, start, actions, simulation: as of a `Note`.
        text: the name.
        view: the picture's view, e.g. "icicle"; "" = whichever is on.
        camera: where the picture was looked at, as that view says it; empty = the whole tree.
        lens: the question that was asked of the tree; "" = none.
    """

    id: str
    start: str
    actions: tuple[int, ...] = ()
    simulation: int | None = None
    text: str = ""
    view: str = ""
    camera: tuple[float, ...] = ()
    lens: str = ""


Entry = Note | Bookmark


class Notebook(msgspec.Struct, frozen=True):
    """Entries in the order in which they were made. Changing one gives another notebook."""

    version: int = NOTEBOOK_VERSION
    entries: tuple[Entry, ...] = ()

    def find(self, name: str) -> Entry | None:
        """The entry of that id."""
        return next((entry for entry in self.entries if entry.id == name), None)

    def put(self, entry: Entry) -> "Notebook":
        """With `entry` at the end, or in the place of the one that has its id."""
        if self.find(entry.id) is None:
            return Notebook(self.version, (*self.entries, entry))
        kept = tuple(entry if old.id == entry.id else old for old in self.entries)
        return Notebook(self.version, kept)

    def without(self, name: str) -> "Notebook":
        """Without the entry of that id."""
        return Notebook(self.version, tuple(entry for entry in self.entries if entry.id != name))

    def merged(self, newer: "Notebook") -> "Notebook":
        """All entries of both; of one that both have, as `newer` has it."""
        merged = self
        for entry in newer.entries:
            merged = merged.put(entry)
        return merged


def line_of(entry: Entry) -> Line:
    """The line that leads to the node an entry is about."""
    return Line(entry.start, entry.actions)


def encode_notebook(notebook: Notebook) -> bytes:
    """A notebook as JSON."""
    return msgspec.json.encode(notebook)


def decode_notebook(data: bytes) -> Notebook:
    """The notebook that `encode_notebook` wrote.

    Raises:
        NotebookError: it is none, or of a newer version.
    """
    try:
        notebook = msgspec.json.decode(data, type=Notebook)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NotebookError(f"the notes cannot be read: {error}") from error
    if notebook.version != NOTEBOOK_VERSION:
        raise NotebookError(
            f"the notes are of version {notebook.version}; this program reads version {NOTEBOOK_VERSION}"
        )
    return notebook
