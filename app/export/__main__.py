"""`python -m app.export RECORDING OUT.{png,svg,html,mp4,gif,...}`: one file of a recorded search, without a window.

It says how far it is on stdout, one number in [0, 1] a line. Ended by a signal, it takes its unfinished file away.
Exit codes: 0 done, 2 the words are off, 3 the input is bad or the file cannot be written, 130 stopped.
"""

import argparse
import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from PySide6.QtGui import QGuiApplication

from app.export.film import Film, export_film
from app.export.page import export_page
from app.export.png import export_png
from app.export.scene import Look, SceneError, check_size, make_scene, parse_size
from app.export.svg import export_svg
from app.theme import THEMES
from engine.domains import registry
from engine.tree.export import Subject
from engine.tree.export_file import PLAIN, export_plain
from engine.tree.fold import empty_tree, fold_stream
from engine.tree.recording import read_recording

BAD_WORDS, BAD_INPUT, STOPPED = 2, 3, 130
PICTURES = {".png": export_png, ".svg": export_svg, ".html": export_page}
FILMS = (".mp4", ".gif")
FORMATS = (*PICTURES, *FILMS, *PLAIN)
VIEWS = ("link", "icicle", "radial")
_SIZES = {".mp4": "1280x720", ".gif": "960x600"}
_PICTURE_SIZE = "1600x1000"
_TELLS_EVERY_S = 0.1


@dataclass(slots=True)
class Teller:
    """Says how far the work is, a few times a second."""

    told_at_s: float = 0.0

    def __call__(self, share: float) -> None:
        """`share` of it is done."""
        now = time.monotonic()
        if now - self.told_at_s >= _TELLS_EVERY_S:
            self.told_at_s = now
            sys.stdout.write(f"{share:.4f}\n")
            sys.stdout.flush()


def export(source: Path, target: Path, look: Look, *, until: int | None, seconds: float, least: int | None) -> None:
    """Write one file of a recording as it stood after `until` simulations, or at its end.

    Raises:
        ValueError: the recording cannot be read, or the file cannot be made; a sentence says why.
    """
    recording = read_recording(source)
    notation = registry.notation(recording.header.domain)
    if target.suffix in FILMS:
        film = Film(recording.header, recording.stream, until, notation, look)
        export_film(film, seconds, target, Teller())
        return
    tree = empty_tree(recording.header)
    fold_stream(tree, recording.stream, until)
    if target.suffix in PLAIN:
        export_plain(Subject(recording.header, tree, notation), target, least, Teller())
    else:
        PICTURES[target.suffix](make_scene(recording.header, tree, notation), look, target, Teller())


def main(words: list[str]) -> int:
    """Run the program; its exit code."""
    given = _parser().parse_args(words)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    signal.signal(signal.SIGTERM, _stop)
    application = QGuiApplication.instance() or QGuiApplication([])
    try:
        if given.file.suffix not in FORMATS:
            raise SceneError(f"{given.file.suffix or given.file.name!r} is not one of {', '.join(FORMATS)}")
        size = parse_size(given.size or _SIZES.get(given.file.suffix, _PICTURE_SIZE))
        check_size(*size)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return BAD_WORDS
    try:
        look = Look(*size, THEMES[given.theme], given.view)
        export(given.recording, given.file, look, until=given.at, seconds=given.seconds, least=given.least_visits)
    except KeyboardInterrupt:
        return STOPPED
    except (ValueError, OSError) as error:  # all errors of recordings, journals, folds and exports are ValueErrors
        sys.stderr.write(f"{error}\n")
        return BAD_INPUT
    del application
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app.export", description="One file of a recorded search.")
    parser.add_argument("recording", type=Path)
    parser.add_argument("file", type=Path, help=", ".join(FORMATS))
    parser.add_argument("--at", type=int, help="the moment after that many simulations")
    parser.add_argument("--size", help="pixels, e.g. 1600x1000")
    parser.add_argument("--theme", choices=sorted(THEMES), default="dark")
    parser.add_argument("--view", choices=VIEWS, default="link")
    parser.add_argument("--seconds", type=float, default=12.0, help="how long a film is")
    parser.add_argument("--least-visits", type=int, help="leave nodes with fewer visits out of tables")
    return parser


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
