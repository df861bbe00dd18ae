"""Files opened in the window: what is read from them, and what is said where that fails. Plain, for any thread."""

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.viewmodels.replica import Replica, replay
from engine.domains import registry
from engine.tree.events import Header
from engine.tree.recording import RecordingError, RecordingWriter, read_recording

SUFFIX = ".arborist"


@dataclass(frozen=True, slots=True)
class OpenedRecording:
    """A recording ready to be shown; `damage`: a sentence on what could not be read, or ""."""

    replica: Replica
    damage: str


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
    return OpenedRecording(replica, f"{path.name}: {damage}. {kept}" if damage else "")


def save_recording(path: Path, header: Header, pieces: Iterable[bytes]) -> None:
    """Write a journal, given in pieces of whole events, however long it is.

    A file that is there is replaced once the new one is complete, and not before.

    Raises:
        RecordingError, OSError: it cannot be written; a file that was there is unchanged.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        unfinished.unlink(missing_ok=True)
        with RecordingWriter(unfinished, header) as writer:
            for piece in pieces:
                writer.append(piece)
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
