"""The journal as it came, kept for saving: the first of it in memory, a long one in a temporary file.

A search can run for hours; what is kept of it in memory is bounded, and so is what is kept on disk.
"""

import shutil
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile

from platformdirs import user_cache_path

IN_MEMORY = 64 * 2**20
"""Bytes kept in memory; a longer journal goes to a file, all of it."""
MOST = 64 * 2**30
"""Bytes kept at all: some days of a fast search."""
_LEAST_FREE = 2 * 2**30
"""Bytes of the disk that are left to others."""
_LOOK_EVERY = 2**28
_PIECE = 2**20
_LENGTH_BYTES = 4
"""Before each event of a journal."""


class KeptJournal:
    """Whole events in order, appended by one thread and read by any.

    Attributes:
        size: bytes kept. is_whole: nothing had to be left out; once something was, nothing more is kept.

    Args:
        in_memory, most: see `IN_MEMORY` and `MOST`.
        folder: of the temporary file, None = the user's cache: a disk, where temporary folders may be in memory.
    """

    def __init__(self, in_memory: int = IN_MEMORY, most: int = MOST, folder: Path | None = None) -> None:
        self.size = 0
        self.is_whole = True
        self._most = most
        self._folder = folder or user_cache_path("arborist", appauthor=False)
        self._file = _temporary(in_memory, self._folder)
        weakref.finalize(self, self._file.close)
        self._look_at = in_memory
        self._lock = threading.Lock()

    def append(self, events: bytes) -> None:
        """Keep `events`, whole ones, if there is room."""
        if not self.is_whole:
            return
        with self._lock:
            try:
                self.is_whole = self._keep(events)
            except OSError:  # the disk is full, or there is none
                self.is_whole = False
        if self.is_whole:
            self.size += len(events)

    def stream(self) -> bytes:
        """All that is kept, at once; for short journals."""
        return b"".join(self.pieces())

    def pieces(self) -> Iterator[bytes]:
        """All that is kept when this is called, in pieces of whole events of about a megabyte.

        Raises:
            OSError: the file cannot be read.
        """
        return self._pieces(self.size)

    def _pieces(self, end: int) -> Iterator[bytes]:
        at = 0
        while at < end:
            piece = self._read(at, min(_PIECE, end - at))
            whole = _whole_bytes(piece)
            if not whole:  # one event that is longer than a piece
                length = int.from_bytes(piece[:_LENGTH_BYTES], "little")
                piece = self._read(at, _LENGTH_BYTES + length)
                whole = len(piece)
            yield piece[:whole]
            at += whole

    def _keep(self, events: bytes) -> bool:
        """Write `events` behind what is kept; False where there is no room for them."""
        end = self.size + len(events)
        if end > self._most:
            return False
        if end > self._look_at:
            self._folder.mkdir(parents=True, exist_ok=True)
            if shutil.disk_usage(self._folder).free < _LEAST_FREE:
                return False
            self._look_at = end + _LOOK_EVERY
        self._file.seek(self.size)
        self._file.write(events)
        return True

    def _read(self, at: int, count: int) -> bytes:
        with self._lock:
            self._file.seek(at)
            return self._file.read(count)


def _temporary(in_memory: int, folder: Path) -> SpooledTemporaryFile[bytes]:
    """A file without a name that goes with this process; it is in memory until it is larger than `in_memory`."""
    return SpooledTemporaryFile(in_memory, dir=str(folder))


def _whole_bytes(piece: bytes) -> int:
    """How many bytes at the start of `piece` are whole events."""
    end = 0
    while end + _LENGTH_BYTES <= len(piece):
        following = end + _LENGTH_BYTES + int.from_bytes(piece[end : end + _LENGTH_BYTES], "little")
        if following > len(piece):
            break
        end = following
    return end
