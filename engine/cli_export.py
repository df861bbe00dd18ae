"""`arborist replay --export`: which writer makes which kind of file, with progress and remaining time on stderr.

Tables, graphs and games are written here. Pictures, pages and films are drawn by the window's side, which the engine
does not import: it is run as a program of its own (`python -m app.export`) and says how far it is.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from engine.tree.export import Progress as Report
from engine.tree.export import Subject
from engine.tree.export_file import PLAIN, export_plain
from engine.tree.whole_file import ExportError

_DRAWN = (".png", ".svg", ".html", ".mp4", ".gif")
FORMATS = (*_DRAWN, *PLAIN)
"""Suffixes of files that can be written."""

_INTERRUPTED, _WRONG_WORDS = 130, 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be written.

    Attributes:
        source: the recording. at: simulations done at the moment shown, None = the end. target: the file to make.
        least_visits: of nodes, for tables, graphs and games; None = all, or as `Variations` has it.
        drawing: words for the program that draws.
    """

    source: Path
    target: Path
    at: int | None = None
    least_visits: int | None = None
    drawing: tuple[str, ...] = ()


def export(subject: Subject, wanted: Wanted) -> None:
    """Write the file that is wanted.

    Raises:
        ExportError: it cannot be written; there is no part of it then.
        KeyboardInterrupt: the user stopped it; likewise.
    """
    with _shown(wanted.target.name) as report:
        if wanted.target.suffix in _DRAWN:
            _draw(wanted, report)
        else:
            export_plain(subject, wanted.target, wanted.least_visits, report)


def _draw(wanted: Wanted, report: Report) -> None:
    words = [str(wanted.source), str(wanted.target), *wanted.drawing, *(["--at", str(wanted.at)] if wanted.at else [])]
    command = [sys.executable, "-m", "app.export", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        try:
            for line in program.stdout:
                report(float(line))
        except BaseException:
            program.terminate()  # it takes its unfinished file away before it ends
            raise
        said = program.stderr.read().strip().splitlines() or ["the picture could not be drawn"]
    if program.returncode == _INTERRUPTED:
        raise KeyboardInterrupt
    if program.returncode == _WRONG_WORDS:
        raise typer.BadParameter(said[-1])
    if program.returncode != 0:
        raise ExportError(said[-1])


@contextmanager
def _shown(name: str) -> Iterator[Report]:
    """A bar on stderr with the time that is left; none where stderr is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(name, total=1.0)
        yield lambda share: bar.update(task, completed=share)
