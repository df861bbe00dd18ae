"""The command line. This module and its `cli_*` siblings are the only places that print.

`arborist` alone, or with a file, opens the window; every other use names a command. Exit codes: 0 done, 2 the words are
off, 3 the input is bad, 4 the engine or a device failed, 130 stopped by the user.
"""

import difflib
import importlib
import itertools
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import typer

COMMANDS: dict[str, str] = {
    "bench": "engine.cli_bench",
    "compare": "engine.cli_compare",
    "distill": "engine.cli_distill",
    "doctor": "engine.cli_tools",
    "generations": "engine.cli_generations",
    "ladder": "engine.cli_ladder",
    "match": "engine.cli_match",
    "perft": "engine.cli_tools",
    "replay": "engine.cli_replay",
    "search": "engine.cli_search",
    "serve": "engine.cli_tools",
    "suite": "engine.cli_suite",
    "train-base": "engine.cli_train",
    "uci": "engine.cli_uci",
    "warm": "engine.cli_tools",
}
"""Where each command is; its module is loaded only when it is used, so that each starts quickly."""

HELP = """Usage: arborist [FILE] [OPTIONS]        the window (arborist --help-window lists its options)
       arborist COMMAND [OPTIONS]     one of the commands below; COMMAND --help explains it

  search        search one position and print what was found
  suite         search the positions of an EPD file and count what is solved
  match         two players head to head, with statistics
  ladder        many players on one scale
  replay        read a recording, print or export it
  compare       in what two recorded searches of one position differ
  perft         count the positions of a domain, and how fast
  generations   list, show, import, export and remove models
  train-base    train generation 0 of a domain from recorded games
  distill       let search play, learn from it, and measure whether it helped
  bench         measure the figures of this machine
  doctor        what this machine has, what is missing, and the line that installs it
  serve         the engine process alone, for a window elsewhere
  uci           an engine for other chess programs, on standard input and output
  warm          compile and cache the kernels now

Exit codes: 0 done, 2 wrong words, 3 bad input, 4 engine or device failed, 130 stopped by you."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `arborist`; returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    first = words[0] if words else ""
    if first in ("--help", "-h", "help"):
        print(HELP)
        return 0
    if first == "--version":
        from importlib.metadata import version

        print(f"arborist {version('arborist-desktop')}")
        return 0
    if first in COMMANDS:
        return run_command(COMMANDS[first], words)
    if first and not first.startswith("-") and _looks_like_a_command(first):
        close = difflib.get_close_matches(first, COMMANDS, 1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        return fail(2, f"{first!r} is neither a command nor a file{hint} (arborist --help lists the commands)")
    window: Callable[[list[str]], int] = importlib.import_module("app.__main__").main
    return window(["--help"] if first == "--help-window" else words)


def run_command(module: str, words: list[str]) -> int:
    """Run one command of a `cli_*` module and turn its errors into a sentence and an exit code."""
    import typer

    from engine.generations.card import GenerationError
    from engine.nets.errors import DeviceError
    from engine.tree.events import JournalError
    from engine.tree.fold import FoldError
    from engine.tree.recording import RecordingError

    # click's UsageError, wherever typer keeps its click
    usage_error = cast("type[typer.BadParameter]", typer.BadParameter.__bases__[0])
    app: typer.Typer = importlib.import_module(module).app
    command = typer.main.get_command(app)
    try:
        code = command.main(words, prog_name="arborist", standalone_mode=False)
    except usage_error as error:
        return fail(2, error.format_message() + _given(error, words))
    except (typer.Abort, KeyboardInterrupt):
        return fail(130, "stopped")
    except (GenerationError, JournalError, FoldError, RecordingError) as error:
        return fail(3, str(error))
    except DeviceError as error:
        return fail(4, str(error))
    except ValueError as error:  # positions, actions, settings: all name the value
        return fail(3, str(error))
    except ChildProcessError as error:
        return fail(4, str(error))
    except OSError as error:
        return fail(3, f"{error.filename}: {error.strerror}" if error.filename else str(error))
    return code if isinstance(code, int) else 0


def _given(error: "typer.BadParameter", words: list[str]) -> str:
    """The value that an option was given, where the error's own text may not name it."""
    options = getattr(getattr(error, "param", None), "opts", ())
    values = [value for word, value in itertools.pairwise(words) if word in options]
    return f" (given: {values[-1]})" if values and values[-1] not in error.format_message() else ""


def fail(code: int, sentence: str) -> int:
    """Say on stderr what is wrong; returns `code`."""
    print(f"arborist: {sentence}", file=sys.stderr)
    return code


def _looks_like_a_command(word: str) -> bool:
    return not Path(word).exists() and "/" not in word and "." not in word


if __name__ == "__main__":
    sys.exit(main())
