"""The words by which a UCI engine is named as a player: `uci:COMMAND[,Name=Value...]`.

COMMAND is a program with its arguments, quoted as a shell would. Names are options of the engine, except `nodes`,
`depth` and `movetime` (ms), which say how long it thinks about a move.
"""

import shlex
from dataclasses import dataclass

import chess.engine

from engine.uci.errors import UciError

PREFIX = "uci:"
_LIMITS = ("nodes", "depth", "movetime")
_DEFAULT_MOVETIME_S = 0.1


@dataclass(frozen=True, slots=True)
class UciSpec:
    """A UCI engine as a player.

    Attributes:
        command: program and arguments.
        options: names and values to set.
        nodes, depth: limits of a move. seconds: time for a move; where no limit is given it is a tenth of a second.
    """

    command: tuple[str, ...]
    options: tuple[tuple[str, str], ...] = ()
    nodes: int | None = None
    depth: int | None = None
    seconds: float | None = None

    def limit(self) -> chess.engine.Limit:
        """The limits as python-chess takes them."""
        seconds = self.seconds
        if self.nodes is None and self.depth is None and seconds is None:
            seconds = _DEFAULT_MOVETIME_S
        return chess.engine.Limit(nodes=self.nodes, depth=self.depth, time=seconds)


def parse_spec(text: str) -> UciSpec:
    """The engine that `text` names; "uci:" before it may be left out.

    Raises:
        UciError: there is no command, or a setting is none.
    """
    command, *settings = text.removeprefix(PREFIX).split(",")
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise UciError(f"player {text!r}: the command cannot be read ({error})") from error
    if not words:
        raise UciError(f"player {text!r} names no program: expected uci:COMMAND[,Option=Value...]")
    options: list[tuple[str, str]] = []
    limits: dict[str, int] = {}
    for setting in settings:
        name, equals, value = (part.strip() for part in setting.partition("="))
        if not equals or not name:
            raise UciError(f"player {text!r}: {setting!r} is not Name=Value")
        if name.lower() not in _LIMITS:
            options.append((name, value))
            continue
        if not value.isascii() or not value.isdecimal() or int(value) < 1:
            raise UciError(f"player {text!r}: {name} must be a whole number above 0, not {value!r}")
        limits[name.lower()] = int(value)
    movetime = limits.get("movetime")
    return UciSpec(
        words, tuple(options), limits.get("nodes"), limits.get("depth"), None if movetime is None else movetime / 1000.0
    )
