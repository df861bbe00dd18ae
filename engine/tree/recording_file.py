"""A recording's file as SQLite sees it: opening, transactions, and refusals in words."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from engine.tree.events import JournalError

PATIENCE_S = 30.0
"""How long a reader and a writer of the same file wait for each other."""


class RecordingError(ValueError):
    """A file that cannot be written, or from which nothing can be read; the message names it and says why."""


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing of what is executed inside."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextlib.contextmanager
def refusals(what: str) -> Iterator[None]:
    """Turn what the disk or SQLite refuses into a `RecordingError` that begins with `what`."""
    try:
        yield
    except FileExistsError as error:
        raise RecordingError(f"{what}: there is a file of that name already") from error
    except OSError as error:
        raise RecordingError(f"{what}: {error.strerror or error}") from error
    except (sqlite3.Error, JournalError) as error:
        raise RecordingError(f"{what}: {error}") from error


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open without changing anything but what a killed writer left half done, which SQLite rolls back."""
    try:
        return _open(path, "mode=rw")
    except sqlite3.OperationalError:
        # A read-only disk, or no right to write: read the file as it stands.
        return _open(path, "mode=ro&immutable=1")


def _open(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True, timeout=PATIENCE_S)
    try:
        # A file shorter than it should be is refused altogether unless the schema is writable. Nothing here writes.
        for setting in ("writable_schema = ON", "trusted_schema = OFF", "cell_size_check = ON"):
            connection.execute(f"PRAGMA {setting}")
        connection.execute("SELECT count(*) FROM sqlite_schema")
    except BaseException:
        connection.close()
        raise
    return connection
