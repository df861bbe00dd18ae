"""The words by which a UCI engine is named as a player: `uci:COMMAND[,Name=Value...]`.

COMMAND is a program with its arguments, quoted as a shell would. Names are options of the engine, except `nodes`,
`depth`, `movetime` and `tc`, which say how long it thinks. A move time that is a whole number counts milliseconds, as
in the protocol; 0.1, 0.1s and 100ms are what they look like. `tc` is a clock: seconds for the game, "+" seconds a move.
"""

import shlex
from dataclasses import dataclass

import chess.engine

from engine.search.time_control import TimeControl, TimeControlError, parse_seconds, parse_time_control
from engine.uci.errors import UciError

PREFIX = "uci:"
_COUNTS = ("nodes", "depth")
_TIMES = ("movetime", "tc")
_DEFAULT_MOVETIME_S = 0.1


@dataclass(frozen=True, slots=True)
class UciSpec:
    """A UCI engine as a player.

    Attributes:
        command: program and arguments.
        options: names and values to set.
        nodes, depth: limits of a move. seconds: time for a move; where nothing is given it is a tenth of a second.
        clock: for each game; whoever asks for moves keeps it.
    """

    command: tuple[str, ...]
    options: tuple[tuple[str, str], ...] = ()
    nodes: int | None = None
    depth: int | None = None
    seconds: float | None = None
    clock: TimeControl | None = None

    @property
    def time_for_move_s(self) -> float | None:
        """Time for each move; None = none is set."""
        if self.nodes is None and self.depth is None and self.seconds is None and self.clock is None:
            return _DEFAULT_MOVETIME_S
        return self.seconds

    def limit(self) -> chess.engine.Limit:
        """The limits of a move as python-chess takes them, without the clocks."""
        return chess.engine.Limit(nodes=self.nodes, depth=self.depth, time=self.time_for_move_s)


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
    counts: dict[str, int] = {}
    times: dict[str, str] = {}
    for setting in settings:
        name, equals, value = (part.strip() for part in setting.partition("="))
        if not equals or not name:
            raise UciError(f"player {text!r}: {setting!r} is not Name=Value")
        if name.lower() in _TIMES:
            times[name.lower()] = value
        elif name.lower() in _COUNTS:
            counts[name.lower()] = _count(text, name, value)
        else:
            options.append((name, value))
    try:
        seconds = parse_seconds(times["movetime"], whole_numbers="ms") if "movetime" in times else None
        clock = parse_time_control(times["tc"]) if "tc" in times else None
    except TimeControlError as error:
        raise UciError(f"player {text!r}: {error}") from error
    return UciSpec(words, tuple(options), counts.get("nodes"), counts.get("depth"), seconds, clock)


def _count(text: str, name: str, value: str) -> int:
    if not value.isascii() or not value.isdecimal() or int(value) < 1:
        raise UciError(f"player {text!r}: {name} must be a whole number above 0, not {value!r}")
    return int(value)
