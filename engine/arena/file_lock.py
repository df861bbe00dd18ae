"""One process at a time: a lock on a file, which the system releases however the process ends."""

import os
import sys
import time
from pathlib import Path
from typing import Self

_TRIES, _PAUSE_S = 10, 0.02  # somebody may only be looking whether the lock is held


class LockedError(ValueError):
    """Another process, or another part of this one, holds the lock."""


class FileLock:
    """Holds the lock of a file until it is closed; a context manager that closes it. The file stays.

    Raises:
        LockedError: it is held already.
        OSError: the file cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        for tried in range(_TRIES):
            if tried:
                time.sleep(_PAUSE_S)
            if _lock(self._handle):
                return
        os.close(self._handle)
        raise LockedError(f"{path} is locked")

    def __enter__(self) -> Self:
        """The lock itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Release it."""
        self.close()

    def close(self) -> None:
        """Release it; again does nothing."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def is_locked(path: Path) -> bool:
    """Whether somebody holds the lock of the file at this moment."""
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _lock(handle)
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> bool:
        """Lock the first byte, if nobody has."""
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _lock(handle: int) -> bool:
        """Lock the file, if nobody has."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
