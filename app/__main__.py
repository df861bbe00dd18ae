"""The program: `python -m app [FILE]`. Reads the words, shows a window, then builds and wires everything in it."""

import argparse
import logging
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn

import msgspec
from typing_extensions import override

from engine.setup_check import has_screen

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from app.settings import Settings
    from app.shell import Shell
    from app.viewmodels.explore import Beginning
    from app.widgets.main_window import MainWindow

WORKSPACES = ("explore", "arena", "train")
BAD_WORDS, BAD_INPUT, ENGINE_FAILED, STOPPED_BY_HAND = 2, 3, 4, 130
"""Exit codes of the command line."""
_SMALLEST, _LARGEST = 200, 16_384
_FIRST_SIZE = (1440, 900)
_AFTER_FIRST_FRAME_MS = 30


class EndError(Exception):
    """The program cannot go on; `code` is its exit code and the message one sentence."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence."""

    @override
    def error(self, message: str) -> NoReturn:
        raise EndError(BAD_WORDS, f"{message} (--help lists what there is)")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the window until it is closed; the exit code."""
    try:
        return _run(_parse(sys.argv[1:] if argv is None else list(argv)))
    except EndError as end:
        sys.stderr.write(f"arborist: {end}\n")
        return end.code


def _parse(argv: list[str]) -> argparse.Namespace:
    parser = _Parser(prog="arborist", description="The window: watch and steer a search.")
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a recording, PGN or FEN file to open")
    parser.add_argument("--workspace", choices=WORKSPACES, help="what to show first; remembered otherwise")
    parser.add_argument("--domain", help="what is thought about, e.g. chess (default) or connect_four")
    parser.add_argument("--position", help="the position to begin with: startpos, a FEN, or moves")
    parser.add_argument("--theme", choices=("dark", "light"), help="colours; remembered otherwise")
    parser.add_argument("--size", type=_size, metavar="WxH", help="size of the window in pixels, e.g. 1280x800")
    parser.add_argument("--shot", type=Path, metavar="PNG", help="save a picture of the window and exit")
    parser.add_argument("--after", type=_seconds, default=5.0, metavar="S", help="seconds before --shot (default 5)")
    parser.add_argument("--state-file", type=Path, metavar="JSON", help="write what is on screen there, twice a second")
    return parser.parse_args(argv)


def _size(text: str) -> tuple[int, int]:
    try:
        width, height = (int(part) for part in text.lower().split("x"))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no size; expected e.g. 1280x800") from error
    if not all(_SMALLEST <= side <= _LARGEST for side in (width, height)):
        raise argparse.ArgumentTypeError(f"{text!r} is no size a window can have ({_SMALLEST} to {_LARGEST} pixels)")
    return width, height


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds") from error
    if not 0 <= seconds <= 86_400:
        raise argparse.ArgumentTypeError(f"{text!r} is not between 0 and 86400 seconds")
    return seconds


def _beginning(words: argparse.Namespace, settings: "Settings") -> "Beginning":
    """What is on the board first.

    Raises:
        EndError: a domain, position or file that cannot be shown.
    """
    from app.viewmodels.explore import Beginning
    from engine.domains import registry
    from engine.domains.base import ActionError, PositionError

    domain, line = words.domain or "chess", None
    if domain not in registry.names():
        raise EndError(BAD_WORDS, f"there is no domain {domain!r}; there are: {', '.join(registry.names())}")
    if words.position is not None:
        try:
            line = registry.notation(domain).parse_line(words.position)
        except (PositionError, ActionError) as error:
            raise EndError(BAD_INPUT, f"--position: {error}") from error
    if words.file is not None:
        _check_file(words.file, domain)
    return Beginning(domain, line, settings.generation, settings.budget, settings.flipped)


def _check_file(path: Path, domain: str) -> None:
    """See to it that a file named on the command line can be opened.

    Raises:
        EndError: it cannot.
    """
    from app.viewmodels.transcript import read_transcript
    from engine.domains import registry
    from engine.tree.recording import read_recording

    try:
        if path.suffix == ".arborist":
            read_recording(path)
        else:
            read_transcript(path.read_text(encoding="utf-8-sig", errors="replace"), registry.notation(domain))
    except OSError as error:
        raise EndError(BAD_INPUT, f"{path} cannot be opened: {error.strerror}") from error
    except ValueError as error:
        raise EndError(BAD_INPUT, f"{path} cannot be opened: {error}") from error


def _prepare_display(words: argparse.Namespace) -> None:
    """Draw off-screen for a picture where there is no display.

    Raises:
        EndError: there is no display, and no picture was asked for.
    """
    if os.environ.get("QT_QPA_PLATFORM") or has_screen():
        return
    if words.shot is None:
        named = os.environ.get("DISPLAY")
        what = f"the display {named} does not answer" if named else "there is no display (DISPLAY is not set)"
        raise EndError(ENGINE_FAILED, f"{what}; --shot PNG --after S saves a picture without one")
    os.environ["QT_QPA_PLATFORM"] = "offscreen"


def _run(words: argparse.Namespace) -> int:
    from app.settings import load_settings, settings_file

    settings, note = load_settings(settings_file())
    # What cannot be shown is refused before there is a window; where nothing can be wrong, the window comes first.
    is_given = any(word is not None for word in (words.domain, words.position, words.file))
    beginning = _beginning(words, settings) if is_given else None
    _prepare_display(words)

    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from app import theme
    from app.widgets.main_window import MainWindow

    if words.theme is not None:
        settings = msgspec.structs.replace(settings, theme=words.theme)
    application = QApplication(["arborist"])
    application.setApplicationName("Arborist")
    theme.apply(application, theme.THEMES.get(settings.theme, theme.DARK))
    window = MainWindow()
    window.resize(*(words.size or _FIRST_SIZE))
    opening = _Opening(words, beginning, settings, note, application, window)
    sys.excepthook = opening.unexpected
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, opening.interrupted)
    window.show()
    QTimer.singleShot(_AFTER_FIRST_FRAME_MS, opening.fill)
    code = application.exec()
    sys.excepthook = sys.__excepthook__
    if opening.end is not None:
        raise opening.end
    return code


class _Opening:
    """What is left to do once the window is visible: everything that takes long to import."""

    def __init__(
        self,
        words: argparse.Namespace,
        beginning: "Beginning | None",
        settings: "Settings",
        note: str,
        application: "QApplication",
        window: "MainWindow",
    ) -> None:
        self.end: EndError | None = None
        self._words, self._beginning, self._settings, self._note = words, beginning, settings, note
        self._application, self._window = application, window
        self._shell: Shell | None = None

    def fill(self) -> None:
        """Put the workspace into the window and start the engine."""
        visible_at = time.time()
        from app.engine_client import EngineClient

        # The engine's process starts up while this one imports what it needs.
        client = EngineClient(self._window)
        client.start()

        from app.settings import settings_file
        from app.shell import Shell

        words, settings = self._words, self._settings
        if words.size is not None:
            settings = msgspec.structs.replace(settings, geometry="", layout="")
        if words.workspace is not None or words.file is not None:
            settings = msgspec.structs.replace(settings, workspace=words.workspace or "explore")
        kept = None if words.shot is not None else settings_file()
        beginning = self._beginning or _beginning(words, settings)
        self._shell = Shell(self._window, client, beginning, settings, kept)
        self._shell.begin()
        if self._note:
            self._shell.explore.show_error(self._note, "")
        if words.file is not None:
            self._shell.controller.open_file(words.file)
        if words.state_file is not None:
            from app.state_file import StateFile

            StateFile(self._shell, words.state_file, visible_at)
        if words.shot is not None:
            from PySide6.QtCore import QTimer

            QTimer.singleShot(round(1000 * words.after), self.shoot)

    def shoot(self) -> None:
        """Save the picture and end."""
        assert self._shell is not None
        failure = self._shell.client.failure
        if failure:
            self._stop(EndError(ENGINE_FAILED, failure.splitlines()[0]))
        elif not self._window.grab().save(str(self._words.shot), "PNG"):
            self._stop(EndError(BAD_INPUT, f"the picture cannot be written to {self._words.shot}"))
        else:
            self._window.close()

    def interrupted(self, *_: object) -> None:
        """Ctrl+C in the terminal, or an order to end: close as a person would."""
        from PySide6.QtCore import QTimer

        # Python calls this between any two of its steps, in the middle of a painting if need be.
        QTimer.singleShot(0, lambda: self._stop(EndError(STOPPED_BY_HAND, "stopped")))

    def unexpected(self, _: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """A mistake of ours, raised where nobody waits for it: show it and go on."""
        del trace
        if self._shell is not None:
            self._shell.unexpected(error)
        else:
            logging.getLogger(__name__).error("the window could not be filled", exc_info=error)
            self._stop(EndError(ENGINE_FAILED, f"the window could not be filled: {error}"))

    def _stop(self, end: EndError) -> None:
        self.end = end
        self._window.close()
        self._application.quit()


if __name__ == "__main__":
    sys.exit(main())
