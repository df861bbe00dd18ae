"""A recording: a header and its journal in one SQLite file (`.arborist`), readable without the engine.

The journal's bytes are compressed as one stream, which is cut into numbered chunks, each framed with a mark and a
checksum. They are committed under SQLite's rollback journal, so a writer that is killed at any moment leaves a file
that opens and holds everything committed before. A row beside the chunks says how much there should be, so that a lost
tail is noticed as surely as a changed byte.

What is damaged is never guessed at: a reader gets every event up to the first one lost, and a sentence about it. A
chunk always fits into one page of the file, so where SQLite's own index is hit, or lies in the part that was cut off,
the chunks are still found by their marks.
"""

import contextlib
import os
import re
import sqlite3
import struct
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import zstandard

from engine.tree.attachments import put_attachments
from engine.tree.events import Header, decode_header, encode_header
from engine.tree.recording_file import PATIENCE_S, open_for_reading, refusals, transaction
from engine.tree.recording_file import RecordingError as RecordingError

FORMAT_VERSION = 1
"""Written to SQLite's `user_version`."""

APPLICATION_ID = 0x4172626F
"""SQLite's `application_id` ("Arbo"): tells a recording from other SQLite files."""

COMMIT_BYTES = 256 * 1024
"""Journal bytes gathered before they are committed."""

COMMIT_EVERY_S = 0.5
"""Events older than this are committed with the next `append`, however few they are."""

_PAGE_BYTES = 4096
_CHUNK_BYTES = 1300
"""Journal bytes of a chunk: three fit into a page even where nothing can be compressed. Larger pages and chunks make no
smaller files (measured), and lose more where a file is cut off."""

_MARK = b"\x93arborist"
_FRAME = struct.Struct("<9siII")
"""Before each chunk: mark, number, size and checksum of what follows."""

_HEADER_NUMBER = -1
_EVENT_LENGTH = struct.Struct("<I")
_TABLES = (
    "CREATE TABLE recording (header BLOB NOT NULL, chunks INT NOT NULL, bytes INT NOT NULL)",
    "CREATE TABLE chunk (number INTEGER PRIMARY KEY, data BLOB NOT NULL)",
)


@dataclass(frozen=True, slots=True)
class Recording:
    """What a recording holds.

    Attributes:
        header: what the journal is about.
        stream: the journal's events as bytes, whole events only.
        damage: None, or a sentence on what is missing after `stream` and why.
    """

    header: Header
    stream: bytes
    damage: str | None


class _Totals(NamedTuple):
    """How much a recording holds: chunks, and journal bytes before compression."""

    chunks: int
    bytes: int


class _Packer:
    """Compresses a journal into framed chunks; each needs those before it, as each event does anyway.

    Attributes:
        totals: packed so far.
    """

    def __init__(self) -> None:
        self.totals = _Totals(0, 0)
        self._compressor = zstandard.ZstdCompressor(level=3).compressobj()

    def pack(self, stream: bytes | bytearray) -> list[bytes]:
        """The chunks of the next part of the journal."""
        frames = []
        for start in range(0, len(stream), _CHUNK_BYTES):
            piece = bytes(stream[start : start + _CHUNK_BYTES])
            data = self._compressor.compress(piece) + self._compressor.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
            frames.append(_framed(self.totals.chunks, data))
            self.totals = _Totals(self.totals.chunks + 1, self.totals.bytes + len(piece))
        return frames


class RecordingWriter:
    """Writes a recording while a search runs. Not thread-safe; belongs to the thread that made it.

    Events are gathered before they are committed. A kill loses what was gathered: at most the events of
    `COMMIT_EVERY_S` before the last `append`. `flush` commits them, e.g. at the end of a run.

    Args:
        path: the file to make; it must not be there yet.
        header: the journal's header.
        clock: seconds, monotonic.

    Raises:
        RecordingError: the file is already there or cannot be made.
    """

    def __init__(self, path: Path | str, header: Header, clock: Callable[[], float] = time.monotonic) -> None:
        self.path = Path(path)
        self._clock = clock
        self._pending = bytearray()
        self._committed_at_s = clock()
        self._packer = _Packer()
        self._frames: list[bytes] = []  # packed, not committed
        self._connection: sqlite3.Connection | None = None
        with refusals(f"the recording {str(self.path)!r} cannot be made"):
            self._connection = _create(self.path, header)

    def append(self, events: bytes) -> None:
        """Add whole encoded events (`engine.tree.events.encode`).

        Raises:
            RecordingError: they are not whole, and none is taken; or they could not be written, e.g. because the disk
                is full. Then they are kept in memory: the next `append`, `flush` or `close` tries again.
        """
        _check_whole(events)
        self._pending += events
        if len(self._pending) >= COMMIT_BYTES or self._clock() - self._committed_at_s >= COMMIT_EVERY_S:
            self.flush()

    def flush(self) -> None:
        """Commit everything given so far; a later kill does not take it away.

        Raises:
            RecordingError: it cannot be written (as for `append`), or the writer is closed.
        """
        if self._connection is None:
            raise RecordingError(f"the recording {str(self.path)!r} is closed")
        self._frames += self._packer.pack(self._pending)
        self._pending.clear()
        if self._frames:
            with refusals(f"the recording {str(self.path)!r} cannot be written"):
                _commit(self._connection, self._frames, self._packer.totals)
            self._frames.clear()
        self._committed_at_s = self._clock()

    def attach(self, items: Mapping[str, bytes]) -> None:
        """Add or replace what is kept beside the journal (`engine.tree.attachments`), at once.

        Raises:
            RecordingError: it cannot be written, or the writer is closed.
        """
        if self._connection is None:
            raise RecordingError(f"the recording {str(self.path)!r} is closed")
        with refusals(f"the recording {str(self.path)!r} cannot be written"), transaction(self._connection):
            put_attachments(self._connection, items)

    def close(self) -> None:
        """Commit what is left and close the file. Closing twice is harmless.

        Raises:
            RecordingError: as for `append`; the writer is still open then, so that closing can be tried again.
        """
        if self._connection is not None:
            self.flush()
            self._connection.close()
            self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.close()
        finally:
            if self._connection is not None:
                self._connection.close()
                self._connection = None


def write_recording(
    path: Path | str, header: Header, stream: bytes, attachments: Mapping[str, bytes] | None = None
) -> None:
    """Save a whole journal, and what is kept beside it (`engine.tree.attachments`).

    A file that is there is replaced once the new one is complete, and not before.

    Raises:
        RecordingError: `stream` does not end with a whole event, or the file cannot be written; a file that was there
            is unchanged.
    """
    path = Path(path)
    _check_whole(stream)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with refusals(f"the recording {str(path)!r} cannot be written"):
            unfinished.unlink(missing_ok=True)
            packer = _Packer()
            with contextlib.closing(_create(unfinished, header)) as connection:
                _commit(connection, packer.pack(stream), packer.totals)
                with transaction(connection):
                    put_attachments(connection, attachments or {})
            os.replace(unfinished, path)
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)


def read_recording(path: Path | str) -> Recording:
    """Everything readable of a recording, up to the first event lost.

    Raises:
        RecordingError: the file is not there, is no recording, is of another version, or has lost its header.
    """
    path = Path(path)
    name = f"the recording {str(path)!r}"
    with refusals(f"{name} cannot be read"):
        trouble = _trouble_at_the_head(path)
        frames: dict[int, bytes] = {}
        totals = _read_tables(path, frames) if trouble is None else None
        if totals is None or not all(number in frames for number in range(_HEADER_NUMBER, totals.chunks)):
            _find_marks(path.read_bytes(), frames)
        if _HEADER_NUMBER not in frames:
            raise RecordingError(trouble or f"{name} is damaged: its header is lost")
        header = decode_header(frames[_HEADER_NUMBER])
        stream, count = _unpack(frames)
    if totals == (count, len(stream)):
        return Recording(header, stream, None)
    lost = f"chunk {count + 1} of {totals.chunks} is lost" if totals and count < totals.chunks else "its index is lost"
    whole = stream[: _whole_bytes(stream)]
    return Recording(header, whole, f"{path.name} is damaged: {lost}; {len(whole):,} bytes of events could be read")


def _create(path: Path, header: Header) -> sqlite3.Connection:
    """A fresh recording with its header committed."""
    path.touch(exist_ok=False)
    connection = sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)
    try:
        connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        connection.execute("PRAGMA synchronous = NORMAL")
        with transaction(connection):
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {FORMAT_VERSION}")
            for table in _TABLES:
                connection.execute(table)
            frame = _framed(_HEADER_NUMBER, encode_header(header))
            connection.execute("INSERT INTO recording VALUES (?, 0, 0)", (frame,))
    except BaseException:
        connection.close()
        path.unlink(missing_ok=True)
        raise
    return connection


def _commit(connection: sqlite3.Connection, frames: Sequence[bytes], totals: _Totals) -> None:
    """Add the last chunks of `totals`, all of them or none."""
    first = totals.chunks - len(frames)
    with transaction(connection):
        connection.executemany("INSERT INTO chunk VALUES (?, ?)", enumerate(frames, first))
        connection.execute("UPDATE recording SET chunks = ?, bytes = ?", totals)


def _whole_bytes(stream: bytes) -> int:
    """How many bytes at the start of `stream` are whole events."""
    end = 0
    while end + 4 <= len(stream):
        following = end + 4 + _EVENT_LENGTH.unpack_from(stream, end)[0]
        if following > len(stream):
            break
        end = following
    return end


def _check_whole(events: bytes) -> None:
    whole = _whole_bytes(events)
    if whole != len(events):
        raise RecordingError(f"only whole events can be recorded; these {len(events):,} bytes end within one")


def _framed(number: int, data: bytes) -> bytes:
    """A chunk as it stands in the file. The checksum takes the number in: chunks cannot change places unnoticed."""
    return _FRAME.pack(_MARK, number, len(data), zlib.crc32(data, number & 0xFFFFFFFF)) + data


def _unframed(file: bytes, start: int) -> tuple[int, bytes] | None:
    """Number and data of the chunk whose frame begins at `start`, or None if it is not as it was written."""
    if start + _FRAME.size > len(file):
        return None
    mark, number, size, checksum = _FRAME.unpack_from(file, start)
    data = file[start + _FRAME.size : start + _FRAME.size + size]
    if mark != _MARK or len(data) != size or zlib.crc32(data, number & 0xFFFFFFFF) != checksum:
        return None
    return number, data


def _trouble_at_the_head(path: Path) -> str | None:
    """What speaks against `path` being an undamaged recording, by the first bytes of the file.

    Raises:
        RecordingError: it is a folder, empty, or a recording of another version.
        OSError: it cannot be opened.
    """
    name = repr(str(path))
    if path.is_dir():
        raise RecordingError(f"{name} is a folder, not a recording")
    with path.open("rb") as file:
        head = file.read(100)
    if not head:
        raise RecordingError(f"{name} is an empty file, not a recording")
    if len(head) < 100 and head.startswith(b"SQLite format 3\0"[: len(head)]):
        raise RecordingError(f"the recording {name} was cut off after {len(head)} bytes; nothing in it can be read")
    if len(head) < 100 or not head.startswith(b"SQLite format 3\0"):
        return f"{name} is not an Arborist recording"
    version, application = struct.unpack(">i4xi", head[60:72])
    if application != APPLICATION_ID:
        return f"{name} is not an Arborist recording"
    if version != FORMAT_VERSION:
        raise RecordingError(
            f"the recording {name} is of version {version}; this program reads version {FORMAT_VERSION}"
        )
    return None


def _read_tables(path: Path, frames: dict[int, bytes]) -> _Totals | None:
    """Fill `frames` from the tables as far as SQLite can read them; the totals, if it can read those."""
    totals: _Totals | None = None
    try:
        with contextlib.closing(open_for_reading(path)) as connection:
            row = connection.execute("SELECT header, chunks, bytes FROM recording").fetchone()
            if row is not None and isinstance(row[1], int) and isinstance(row[2], int):
                _keep(row[0], frames)
                totals = _Totals(row[1], row[2])
            for (data,) in connection.execute("SELECT data FROM chunk ORDER BY number"):
                _keep(data, frames)
    except sqlite3.Error:
        pass  # what SQLite cannot reach is looked for by its marks
    return totals


def _keep(frame: object, frames: dict[int, bytes]) -> None:
    chunk = _unframed(frame, 0) if isinstance(frame, bytes) else None
    if chunk is not None:
        frames[chunk[0]] = chunk[1]


def _find_marks(file: bytes, frames: dict[int, bytes]) -> None:
    """Add to `frames` what stands in the file behind a mark and was not reached through the tables."""
    for match in re.finditer(re.escape(_MARK), file):
        chunk = _unframed(file, match.start())
        if chunk is not None:
            frames.setdefault(*chunk)


def _unpack(frames: dict[int, bytes]) -> tuple[bytes, int]:
    """The journal from chunk 0 up to the first one missing, and how many chunks that is."""
    count = 0
    while count in frames:
        count += 1
    packed = b"".join(frames[number] for number in range(count))
    stream = b""
    with contextlib.suppress(zstandard.ZstdError):
        # Bounded, because a file could be made to fill the memory.
        stream = zstandard.ZstdDecompressor().stream_reader(packed).read(count * _CHUNK_BYTES)
    return stream, count
