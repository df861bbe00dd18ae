"""Files that are written whole or not at all: a kill, a full disk or a change of mind leaves what was there before."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


class ExportError(ValueError):
    """Something that cannot be exported; one sentence that names what and why."""


def part_path(path: Path, process: int) -> Path:
    """Where a process writes before the file takes its place; the suffix stays, since writers go by it."""
    return path.with_name(f".{path.stem}.{process}.part{path.suffix}")


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A path to write to. Once the block has ended without an error, what was written takes the place of `path`.

    Raises:
        ExportError: the disk refuses, e.g. because it is full; `path` is as it was.
    """
    unfinished = part_path(path, os.getpid())
    try:
        yield unfinished
        os.replace(unfinished, path)
    except OSError as error:
        raise ExportError(f"{str(path)!r} cannot be written: {error.strerror or error}") from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
