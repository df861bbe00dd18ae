"""Files that survive a power cut: written beside, flushed to the disk, and only then put in place."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FULL = (errno.ENOSPC, errno.EDQUOT)


class DiskFullError(RuntimeError):
    """The disk is full; what was written before stands."""


def write_durably(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all.

    Raises:
        OSError: it cannot be written; what was there before is unchanged.
    """
    with replaced_durably(path) as scratch:
        scratch.write_bytes(content)


@contextmanager
def replaced_durably(path: Path) -> Iterator[Path]:
    """A path to write to; once the block has ended without an error, what was written takes the place of `path`.

    Raises:
        OSError: it cannot be written; what was there before is unchanged.
    """
    scratch = path.with_name(f".{path.name}.tmp")
    try:
        yield scratch
        with scratch.open("rb+") as file:
            os.fsync(file.fileno())
        scratch.replace(path)
    except OSError:
        scratch.unlink(missing_ok=True)
        raise


@contextmanager
def full_disk_told(folder: Path) -> Iterator[None]:
    """Turn the disk's refusal for want of room into a sentence that says what stands.

    Raises:
        DiskFullError: the disk is full.
    """
    try:
        yield
    except (OSError, ValueError) as error:
        if not is_full(error):
            raise
        raise DiskFullError(
            f"the disk that holds {folder} is full; make room and go on: all that was written before is kept"
        ) from error


def is_full(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, is that a disk has no room left."""
    while error is not None:
        # Libraries in C++ tell it in words only.
        if isinstance(error, OSError) and (error.errno in _FULL or "No space left" in str(error)):
            return True
        error = error.__cause__
    return False
