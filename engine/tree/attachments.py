"""What a recording holds beside its journal: notes and bookmarks, the game with its variations, how it was looked at.

Each attachment is a row of its own with a checksum. They are changed in a transaction, so a kill leaves all of them as
they were or all as they should be; and they stand in pages of their own: damage to them never costs a byte of the
journal, and damage to the journal is no reason not to read them. A recording without any is as it always was, and one
with some is still read by programs that know nothing of them.
"""

import contextlib
import sqlite3
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.tree.recording_file import PATIENCE_S, open_for_reading, refusals, transaction

NOTEBOOK, GAME, LOOK = "notebook", "game", "look"
"""Names of attachments: `engine.tree.notebook` as JSON; the game tree as PGN or text; how the tree was looked at."""

_TABLE = (
    "CREATE TABLE IF NOT EXISTS attachment (name TEXT PRIMARY KEY, checksum INT NOT NULL, data BLOB NOT NULL) "
    "WITHOUT ROWID"
)


@dataclass(frozen=True, slots=True)
class Attachments:
    """What could be read.

    Attributes:
        items: data by name.
        damage: None, or a sentence on what is lost.
    """

    items: Mapping[str, bytes] = field(default_factory=dict)
    damage: str | None = None


def put_attachments(connection: sqlite3.Connection, items: Mapping[str, bytes]) -> None:
    """Add or replace attachments, inside a transaction of the caller."""
    if items:
        connection.execute(_TABLE)
    for name, data in items.items():
        row = (name, _checksum(name, data), data)
        connection.execute("INSERT OR REPLACE INTO attachment VALUES (?, ?, ?)", row)


def write_attachments(path: Path | str, items: Mapping[str, bytes]) -> None:
    """Add or replace attachments of a recording that is there: all of them or none.

    Raises:
        RecordingError: it is not there, or cannot be written; it is unchanged then.
    """
    path = Path(path)
    with refusals(f"the recording {str(path)!r} cannot be written"):
        uri = f"{path.resolve().as_uri()}?mode=rw"
        connection = sqlite3.connect(uri, uri=True, timeout=PATIENCE_S, isolation_level=None)
        with contextlib.closing(connection), transaction(connection):
            put_attachments(connection, items)


def read_attachments(path: Path | str) -> Attachments:
    """The attachments of a recording, as far as they are whole. Never raises: a journal is worth more than they are."""
    path = Path(path)
    items: dict[str, bytes] = {}
    lost: list[str] = []
    try:
        with contextlib.closing(open_for_reading(path)) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'attachment'").fetchone():
                return Attachments()
            for name, checksum, data in connection.execute("SELECT name, checksum, data FROM attachment"):
                if isinstance(name, str) and isinstance(data, bytes) and checksum == _checksum(name, data):
                    items[name] = data
                else:
                    lost.append(repr(name))
    except (sqlite3.Error, OSError) as error:
        return Attachments(items, f"{path.name}: what was kept beside the search is damaged ({error})")
    what = ", ".join(lost)
    return Attachments(items, f"{path.name}: kept beside the search, but damaged: {what}" if lost else None)


def _checksum(name: str, data: bytes) -> int:
    """It takes the name in: attachments cannot change places unnoticed."""
    return zlib.crc32(data, zlib.crc32(name.encode()))
