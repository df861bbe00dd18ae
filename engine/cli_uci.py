"""`arborist uci`: the engine for other chess programs, on standard input and output."""

import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Annotated

import typer

from engine.uci.loop import Engine, Thinking
from engine.uci.options import OPTIONS, OptionError, Values, option_named

app = typer.Typer(add_completion=False, rich_markup_mode=None)

log = logging.getLogger(__name__)


@app.callback()
def _group() -> None:
    """Keeps `uci` a word of its own."""


@app.command()
def uci(
    option: Annotated[
        list[str] | None, typer.Option("--option", help="NAME=VALUE of a UCI option at the start; may be repeated.")
    ] = None,
    list_options: Annotated[bool, typer.Option("--list-options", help="Explain the UCI options and end.")] = False,
) -> int:
    """Speak UCI on standard input and output, as an engine in Cute Chess, Arena, Nibbler and others."""
    if list_options:
        for one in OPTIONS:
            print(f"{one.declaration().removeprefix('option name ')}\n    {one.text}")
        return 0
    values = _starting_values(option or [])
    Engine(_line_writer(), _make_thinker, values).run(_input_lines())
    # Nothing is left to save; to take compiled code and networks apart first takes longer than a GUI likes to wait.
    sys.stderr.flush()
    os._exit(0)


def _starting_values(given: list[str]) -> Values:
    values = Values()
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise typer.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="--option")
        try:
            chosen = option_named(name.strip())
            values = values.with_value(chosen, chosen.read(value.strip()))
        except OptionError as error:
            raise typer.BadParameter(str(error), param_hint="--option") from error
    return values


def _make_thinker() -> Thinking:
    say = _line_writer()
    try:
        # Imported on the thread that searches: `uci` is answered while kernels and networks are being loaded.
        from engine.uci.thinker import Thinker

        return Thinker(say)
    except Exception as error:  # a GUI must not wait for an engine that will never think
        log.exception("the search cannot be loaded")
        say(f"info string error: the search cannot be loaded ({error})")
        os._exit(4)


_LOCK = threading.Lock()


def _line_writer() -> Callable[[str], None]:
    """Writes whole lines at once; a GUI that has gone is not an error: the end of the input follows."""
    out = sys.stdout.buffer

    def write(line: str) -> None:
        with _LOCK:
            try:
                out.write(line.encode() + b"\n")
                out.flush()
            except OSError:
                return

    return write


def _input_lines() -> Iterator[str]:
    """Lines of standard input as they come; bytes that are no text are replaced, not refused."""
    for line in iter(sys.stdin.buffer.readline, b""):
        yield line.decode("utf-8", "replace")
