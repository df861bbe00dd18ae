"""Slow work away from the window's thread: one task in a pool, its result back on the window's thread."""

from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot
from typing_extensions import override

T = TypeVar("T")
WAIT_MS = 10_000
"""How long the end of the program waits for a file that is being written."""


class PoolBackground(QObject):
    """`app.screen.Background` on Qt's thread pool, one task at a time."""

    _ended = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._lock = Lock()
        self._is_over = False
        self._ended.connect(self._call)

    def run(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
        """See `Background.run`. Anything but an OSError or a ValueError is a mistake of ours, and is raised here."""
        self._pool.start(_Task(work, done, failed, self._report))

    @Slot(object, object)
    def _call(self, target: Callable[[Any], None], argument: object) -> None:
        target(argument)

    def finish(self) -> None:
        """Wait for the task in hand; one that takes longer is not heard of any more, for nobody is there to hear it."""
        self._pool.waitForDone(WAIT_MS)
        with self._lock:
            self._is_over = True

    def _report(self, target: Callable[[Any], None], argument: object) -> None:
        """Called by tasks, from their thread."""
        with self._lock:
            if not self._is_over:
                self._ended.emit(target, argument)


class _Task(QRunnable):
    """Runs in the pool; `report` crosses over to the window's thread."""

    def __init__(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[Exception], None],
        report: Callable[[Callable[[Any], None], object], None],
    ) -> None:
        super().__init__()
        self._work, self._done, self._failed, self._report = work, done, failed, report

    @override
    def run(self) -> None:
        try:
            result = self._work()
        except (OSError, ValueError) as error:
            self._report(self._failed, error)
        except BaseException as error:  # noqa: BLE001 - carried over to the window's thread, and raised there
            self._report(_raise, error)
        else:
            self._report(self._done, result)


def _raise(error: object) -> None:
    assert isinstance(error, BaseException)
    raise error
