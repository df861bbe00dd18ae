"""Files opened in the window: what is read from them, and what is said where that fails. Plain, for any thread."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.viewmodels.game import Game, at_end, on_path
from app.viewmodels.replica import Replica, replay
from app.viewmodels.transcript import TranscriptError, read_transcript
from engine.domains import registry
from engine.domains.game_tree import with_line
from engine.tree.attachments import GAME, NOTEBOOK, read_attachments
from engine.tree.events import Header
from engine.tree.notebook import Notebook, NotebookError, decode_notebook, encode_notebook
from engine.tree.recording import RecordingError, RecordingWriter, read_recording

SUFFIX = ".arborist"


@dataclass(frozen=True, slots=True)
class OpenedRecording:
    """A recording ready to be shown.

    Attributes:
        game: in which the search's last root stands, the cursor there; only the line to it where none was kept.
        damage: a sentence on what could not be read, or "".
        notebook: its notes.
    """

    replica: Replica
    game: Game
    damage: str
    notebook: Notebook = field(default_factory=Notebook)


def open_recording(path: Path) -> OpenedRecording:
    """Read a recording and fold it as far as it goes.

    Raises:
        RecordingError: nothing of it can be shown.
    """
    recording = read_recording(path)
    try:
        registry.notation(recording.header.domain)
    except registry.UnknownDomainError as error:
        raise RecordingError(f"{path.name} cannot be shown: {error}") from error
    replica, trouble = replay(recording.header, recording.stream)
    damage = recording.damage or (trouble and f"the recording is damaged: {trouble}")
    kept = f"Everything up to simulation {replica.tree.simulations:,} is shown."
    beside = read_attachments(path)
    notebook, lost = _notebook(beside.items)
    game, unread = _game(beside.items, replica)
    sentences = [f"{path.name}: {damage}. {kept}" if damage else "", beside.damage or "", lost, unread]
    return OpenedRecording(replica, game, " ".join(sentence for sentence in sentences if sentence), notebook)


def _notebook(items: Mapping[str, bytes]) -> tuple[Notebook, str]:
    """The notes among attachments, and a sentence on what is wrong with them, or ""."""
    try:
        return decode_notebook(items[NOTEBOOK]) if NOTEBOOK in items else Notebook(), ""
    except NotebookError as error:
        return Notebook(), f"{error}."


def _game(items: Mapping[str, bytes], replica: Replica) -> tuple[Game, str]:
    """The game among attachments with the search's last root in it, and a sentence on what is wrong, or ""."""
    line = replica.line
    alone = at_end(line)
    if GAME not in items:
        return alone, ""
    try:
        read = read_transcript(items[GAME].decode(), registry.notation(replica.header.domain))
    except (UnicodeDecodeError, TranscriptError) as error:
        return alone, f"The game kept beside the search cannot be read: {error}."
    if read.game.tree.start != line.start:
        return alone, ""
    whole = replace(read.game, tree=with_line(read.game.tree, line.actions))
    return on_path(whole, line.actions), ""


def save_recording(
    path: Path, header: Header, pieces: Iterable[bytes], notebook: Notebook | None = None, game: str = ""
) -> None:
    """Write a journal, given in pieces of whole events, however long it is, and the notes about it.

    A file that is there is replaced once the new one is complete, and not before.

    Args:
        game: text of the game in which it was searched, or "".

    Raises:
        RecordingError, OSError: it cannot be written; a file that was there is unchanged.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        unfinished.unlink(missing_ok=True)
        with RecordingWriter(unfinished, header) as writer:
            for piece in pieces:
                writer.append(piece)
            beside = {NOTEBOOK: encode_notebook(notebook)} if notebook is not None and notebook.entries else {}
            if game:
                beside[GAME] = game.encode()
            if beside:
                writer.attach(beside)
        os.replace(unfinished, path)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def read_text(path: Path) -> str:
    """The text of a file, whatever is in it.

    Raises:
        OSError: it cannot be read.
    """
    return path.read_text(encoding="utf-8-sig", errors="replace")


def with_suffix(path: Path) -> Path:
    """`path` as the name of a recording."""
    return path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)


def failure_sentence(error: Exception) -> str:
    """What went wrong with a file, naming it."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error)
