"""Exports from the window: the search on screen, at the moment looked at, as a file of any kind.

What was received of the search is written to a recording of its own, and a program beside the window
(`python -m app.export`) makes the file from it: the window stays quick, the search goes on, and stopping leaves nothing
behind. It works without the engine.
"""

import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from app import recordings
from app.screen import Background, Screen
from app.session import Session
from app.travel import Travel
from app.viewmodels.exports import KINDS, ExportRecord, export_record
from engine.tree.export_parquet import edges_path
from engine.tree.whole_file import part_path

SUFFIXES = tuple(suffix for _, suffix, _ in KINDS)


class Job(Protocol):
    """A program that writes a file."""

    @property
    def process(self) -> int:
        """Its number for the system."""
        ...

    def cancel(self) -> None:
        """End it; what it was asked to call is not called any more."""
        ...


class Jobs(Protocol):
    """Who runs programs beside the window."""

    def start(
        self, words: list[str], told: Callable[[float], None], done: Callable[[], None], failed: Callable[[str], None]
    ) -> Job:
        """Run `app.export`: `told` the share that is done, then either `done`, or `failed` with a sentence."""
        ...


@dataclass(frozen=True, slots=True)
class Appearance:
    """How the tree is looked at. `view`: "link", "icicle" or "radial"; `theme`: its name."""

    theme: str = "dark"
    view: str = "link"


class Exports:
    """One export at a time."""

    def __init__(
        self,
        session: Session,
        travel: Travel,
        screen: Screen,
        background: Background,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock`: seconds, monotonic."""
        self.jobs: Jobs | None = None
        self._session, self._travel, self._screen, self._background = session, travel, screen, background
        self._clock = clock
        self._job: Job | None = None
        self._target = Path()
        self._source: Path | None = None
        self._began_s = 0.0

    def export(self, path: Path, look: Appearance) -> None:
        """Write the search on screen to `path`, as the kind of file that its suffix says."""
        shown = self._session.shown
        if self._source is not None:
            self._screen.say(f"{self._target.name} is still being written.")
        elif path.suffix not in SUFFIXES:
            kind = repr(path.suffix) if path.suffix else "A name without a suffix"
            self._screen.show_error(f"{kind} says no kind of file; there are {', '.join(SUFFIXES)}.", "")
        elif shown is None or not shown.kept_simulations:
            self._screen.show_error("There is no search to export yet.", "")
        else:
            handle, name = tempfile.mkstemp(suffix=recordings.SUFFIX)
            with open(handle, "wb"):
                pass
            self._source, self._target, self._began_s = Path(name), path, self._clock()
            self._tell(0.0)
            at = self._travel.at
            until = shown.kept_simulations if not shown.journal.is_whole else None
            words = [str(self._source), str(path), "--theme", look.theme, "--view", look.view]
            words += ["--at", str(at or until)] if at or until else []
            work = partial(recordings.save_recording, self._source, shown.header, shown.journal.pieces())
            self._background.run(work, lambda _: self._start(words), self._not_recorded)

    def cancel(self) -> None:
        """Stop the export; no file is left, and one that was there before is as it was."""
        if self._source is None:
            return
        job, name = self._job, self._target.name
        if job is not None:
            job.cancel()
            for path in (self._target, edges_path(self._target)):
                with suppress(OSError):
                    part_path(path, job.process).unlink(missing_ok=True)
        self._end()
        self._screen.say(f"Stopped writing {name}.")

    def finish(self) -> None:
        """The window closes."""
        if self._source is not None:
            self.cancel()

    def _start(self, words: list[str]) -> None:
        if self._source is None or words[0] != str(self._source):  # stopped meanwhile
            with suppress(OSError):
                Path(words[0]).unlink(missing_ok=True)
            return
        if self.jobs is not None:
            self._job = self.jobs.start(words, self._tell, self._done, self._failed)

    def _tell(self, share: float) -> None:
        self._screen.show_export(export_record(self._target.name, share, self._clock() - self._began_s))

    def _done(self) -> None:
        target = self._target
        self._end()
        self._screen.say(f"Wrote {target.name}.")

    def _failed(self, sentence: str) -> None:
        name = self._target.name
        self._end()
        self._screen.show_error(f"{name} was not written: {sentence}", "")

    def _not_recorded(self, error: Exception) -> None:
        self._failed(recordings.failure_sentence(error))

    def _end(self) -> None:
        source, self._source, self._job = self._source, None, None
        if source is not None:
            with suppress(OSError):
                source.unlink(missing_ok=True)
        self._screen.show_export(ExportRecord())
