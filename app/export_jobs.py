"""Programs that write exports, run beside the window by Qt."""

import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QProcess

_PATIENCE_MS = 3000
"""How long a program may take to tidy up before it is killed."""


class ExportJobs(QObject):
    """See `app.exports.Jobs`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: set[ExportJob] = set()  # Qt does not keep what its signals are connected to

    def start(
        self, words: list[str], told: Callable[[float], None], done: Callable[[], None], failed: Callable[[str], None]
    ) -> "ExportJob":
        """Run `python -m app.export` with `words`."""
        job = ExportJob(self, words, told, done, failed)
        self._running.add(job)
        job.over = lambda: self._running.discard(job)
        return job


class ExportJob:
    """One program. Callbacks come on the window's thread, and none after it was cancelled.

    Attributes:
        over: called when it is over, in whatever way.
    """

    def __init__(
        self,
        parent: QObject,
        words: list[str],
        told: Callable[[float], None],
        done: Callable[[], None],
        failed: Callable[[str], None],
    ) -> None:
        self._told, self._done, self._failed = told, done, failed
        self.over: Callable[[], None] = lambda: None
        self._is_over = False
        self._process = QProcess(parent)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._broken)
        self._process.start(sys.executable, ["-m", "app.export", *words])
        self._number = 0
        self._process.started.connect(self._remember_number)

    @property
    def process(self) -> int:
        """See `app.exports.Job`."""
        return self._number or int(self._process.processId())

    def cancel(self) -> None:
        """See `app.exports.Job`."""
        self._is_over = True
        self.over()
        self._remember_number()
        if self._process.state() is not QProcess.ProcessState.NotRunning:
            self._process.terminate()
            if not self._process.waitForFinished(_PATIENCE_MS):
                self._process.kill()
                self._process.waitForFinished(_PATIENCE_MS)
        self._process.deleteLater()

    def _remember_number(self) -> None:
        self._number = self._number or int(self._process.processId())

    def _read(self) -> None:
        lines = bytes(self._process.readAllStandardOutput().data()).split()
        if lines and not self._is_over:
            self._told(float(lines[-1]))

    def _finished(self, code: int, _status: QProcess.ExitStatus) -> None:
        if self._is_over:
            return
        self._is_over = True
        self.over()
        said = bytes(self._process.readAllStandardError().data()).decode(errors="replace").strip().splitlines()
        self._process.deleteLater()
        if code == 0:
            self._done()
        else:
            self._failed(said[-1] if said else f"the program that writes it ended with code {code}.")

    def _broken(self, _error: QProcess.ProcessError) -> None:
        """It could not be started, or crashed."""
        if not self._is_over:
            self._is_over = True
            self.over()
            self._process.deleteLater()
            self._failed(self._process.errorString())
