"""Notes and bookmarks of the search on screen: written, found again, taken back, and never lost.

Every change is written to the user's folder at once (`app.note_files`); saving the search puts all of them into the
recording.
"""

import secrets
from functools import partial
from typing import Protocol

import msgspec

from app.note_files import NoteFiles
from app.presenter import phrases
from app.screen import Screen
from app.session import Session
from app.travel import Travel
from app.undo import Kind, Step, UndoList
from app.viewmodels.notes import NotesRecord, bookmark_name, note_told, notes_record
from engine.domains.base import Line
from engine.tree.events import Header
from engine.tree.notebook import Bookmark, Note, Notebook, line_of


class Guide(Protocol):
    """Who leads to a place."""

    def inspected_line(self) -> Line | None:
        """The line to the node that is inspected."""
        ...

    def go_to_line(self, line: Line) -> bool:
        """Inspect the node that a line leads to, or the last on the way; whether the tree on screen goes that way."""
        ...

    def ask(self, question: str) -> None:
        """Ask a question of the tree."""
        ...

    def play_to_line(self, line: Line) -> bool:
        """Put the end of a line on the board, and have it searched; whether that can be done now."""
        ...


class Notes:
    """The notebook of what is on screen.

    Attributes:
        notebook: the entries as they are now. files: where they are kept until they are in a recording.
    """

    def __init__(
        self, session: Session, travel: Travel, screen: Screen, guide: Guide, undo: UndoList, files: NoteFiles
    ) -> None:
        self.notebook = Notebook()
        self._recorded = Notebook()  # as it stands in a recording
        self._session, self._travel, self._screen, self._guide = session, travel, screen, guide
        self.files = files
        self._undo = undo
        self._shown: NotesRecord | None = None
        self._header: Header | None = None

    # -- what a person does --------------------------------------------------------------------------------------------

    def add_note(self) -> None:
        """Begin a note on the node that is inspected, at the moment looked at."""
        line = self._here()
        if line is not None:
            note = Note(id=_new_id(), start=line.start, actions=line.actions, simulation=self._travel.at)
            self._set(self.notebook.put(note))  # there is nothing to take back before it has a text
            self._screen.show_note_editor(note.id)

    def add_bookmark(self, view: str = "", camera: tuple[float, ...] = (), lens: str = "") -> None:
        """Keep the place and moment that are looked at, and how."""
        line = self._here()
        if line is None:
            return
        at = self._travel.at
        mark = Bookmark(
            id=_new_id(),
            start=line.start,
            actions=line.actions,
            simulation=at,
            text=bookmark_name(line, at, phrases(self._domain)),
            view=view,
            camera=camera,
            lens=lens,
        )
        self._change(self.notebook.put(mark), "bookmark")
        self._screen.say(note_told(mark, lambda kind: f"Kept a {kind}"))

    def write(self, name: str, text: str) -> None:
        """Change an entry's text; a note without a text goes."""
        entry, text = self.notebook.find(name), text.strip()
        if entry is None or (text and text == entry.text):
            return
        if text:
            begun = self.notebook if entry.text else self.notebook.without(name)
            words = "name of the bookmark" if isinstance(entry, Bookmark) else "note"
            self._change(self.notebook.put(msgspec.structs.replace(entry, text=text)), words, begun)
        elif not entry.text:
            self._set(self.notebook.without(name))
        elif isinstance(entry, Note):
            self.remove(name)

    def remove(self, name: str) -> None:
        """Take an entry out."""
        entry = self.notebook.find(name)
        if entry is not None:
            self._change(self.notebook.without(name), note_told(entry, lambda kind: f"remove the {kind}"))
            self._screen.say(note_told(entry, lambda kind: f"Removed the {kind}"))

    def go(self, name: str) -> None:
        """Look at an entry's place, at its moment."""
        entry = self.notebook.find(name)
        if entry is None:
            return
        line = line_of(entry)
        self._guide.go_to_line(line)  # where the moment has to be folded first, it is looked for once it is there
        if entry.simulation is not None:
            self._travel.seek(entry.simulation)
        if not (self._guide.go_to_line(line) or self._travel.busy or self._guide.play_to_line(line)):
            self._screen.say(f"The tree on screen does not lead to {bookmark_name(line, None, phrases(self._domain))}.")
        if isinstance(entry, Bookmark):
            self._screen.show_look(entry.view, entry.camera)
            if entry.lens:
                self._guide.ask(entry.lens)
        self.refresh()

    # -- what happens to the search ------------------------------------------------------------------------------------

    def turned(self) -> None:
        """Another search may be on screen: take up what was noted about it and is in no recording yet."""
        shown = self._session.shown
        header = None if shown is None else shown.header
        if header == self._header:
            return
        self._header = header
        self._undo.forget(Kind.NOTES)
        self._recorded = Notebook()
        self.notebook, trouble = (Notebook(), "") if header is None else self.files.load(header)
        if trouble:
            self._screen.show_error(trouble, "")
        self.refresh()

    def opened(self, recorded: Notebook) -> None:
        """The search on screen is a recording, with these entries."""
        self._recorded = recorded
        self.notebook = recorded.merged(self.notebook)
        self.refresh()

    def saved(self, header: Header, written: Notebook) -> None:
        """A search was saved, with these entries."""
        if header != self._header:
            return  # another one is on screen by now; its notes stay where they are kept
        self._recorded = written
        self._keep()
        self.refresh()

    def refresh(self) -> None:
        """Show the list, if it changed."""
        here = self._guide.inspected_line()
        record = notes_record(self.notebook, phrases(self._domain), here, unsaved=self._is_unsaved)
        if record != self._shown:
            self._shown = record
            self._screen.show_notes(record)

    # -- inside --------------------------------------------------------------------------------------------------------

    @property
    def _domain(self) -> str:
        return "chess" if self._header is None else self._header.domain

    @property
    def _is_unsaved(self) -> bool:
        return kept_entries(self.notebook) != self._recorded

    def _here(self) -> Line | None:
        """The line to what is inspected, or to the root."""
        moment = self._travel.moment
        if moment is None or self._header is None:
            self._screen.say("There is no search yet to make notes about.")
            return None
        return self._guide.inspected_line() or moment.line

    def _change(self, notebook: Notebook, words: str, before: Notebook | None = None) -> None:
        """Go on with `notebook`; taking it back leads to `before`, without which it is what there was."""
        before = self.notebook if before is None else before
        self._set(notebook)
        self._undo.did(Step(Kind.NOTES, words, partial(self._turn, before), partial(self._turn, notebook)))

    def _turn(self, notebook: Notebook) -> bool:
        self._set(notebook)
        return True

    def _set(self, notebook: Notebook) -> None:
        self.notebook = notebook
        self._keep()
        self.refresh()

    def _keep(self) -> None:
        """What is in no recording yet is written to the user's folder."""
        if self._header is None:
            return
        unsaved = kept_entries(self.notebook) if self._is_unsaved else Notebook()
        try:
            self.files.keep(self._header, unsaved)
        except OSError as error:
            self._screen.show_error(f"The notes could not be kept: {error.strerror or error}", "")


def kept_entries(notebook: Notebook) -> Notebook:
    """Entries worth keeping: a note that was begun and has no text yet is none."""
    return Notebook(entries=tuple(entry for entry in notebook.entries if entry.text))


def _new_id() -> str:
    return secrets.token_hex(8)
