"""How a player is written: `GENERATION[@SIMULATIONS[:METHOD]][,Name=Value...]`, `uniform@N`, `random`, `uci:COMMAND`.

Names are settings of the search (`c_puct=2.5`), `movetime` (seconds for a move; 0.1s and 100ms are understood) and `tc`
(a clock for a game, 10+0.1). With a time the simulations may be left out: `gen-003@:gumbel,movetime=0.1`, or
`gen-003,tc=10+0.1`; where both are given the first limit reached ends a search. What follows `uci:` is described in
`engine.uci.player_spec`.
"""

import math
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from engine.search.settings import METHODS, SearchSettings
from engine.search.time_control import TimeControl, TimeControlError, parse_seconds, parse_time_control
from engine.uci.player_spec import PREFIX, UciSpec, parse_spec

INTUITION = "intuition"
_EXPECTED = "GENERATION[@SIMULATIONS[:METHOD]][,Name=Value...], uniform@N, random or uci:COMMAND"

_OF_ALL = ("policy_temperature", "look_for_wins", "prune_duplicates")
_OF_METHODS: dict[str, tuple[str, ...]] = {
    "puct": ("c_puct", "c_puct_base", "c_puct_factor", "fpu_reduction", "root_noise", "root_noise_alpha"),
    "gumbel": ("considered", "gumbel_scale", "c_visit", "c_scale"),
    "uct": ("c_uct",),
    "beam": ("width",),
    "best-of-n": (),
}
"""Settings that make a difference to a player; others would be accepted and do nothing."""
_ON_TIME = ("batch", "prune_out_of_reach")
"""Settings that matter only where boards are searched one after the other."""
_TYPES = {field.name: field.type for field in msgspec.structs.fields(SearchSettings)}


class PlayerError(ValueError):
    """A text that names no player; the message names it and what was expected."""


@dataclass(frozen=True, slots=True)
class PlayerSpec:
    """A player as it is asked for.

    Attributes:
        text: as it was written.
        kind: what makes the moves.
        generation: id or path, or "uniform"; "" for other kinds.
        simulations: for each move; 0 = intuition alone, None = as many as the time allows.
        method: of the search; "intuition" where there is none.
        settings: names and values of settings of the search that are not as usual.
        seconds: for each move. clock: for each game.
        uci: which engine, for kind "uci".
    """

    text: str
    kind: Literal["generation", "random", "uci"]
    generation: str = ""
    simulations: int | None = 0
    method: str = INTUITION
    settings: tuple[tuple[str, Any], ...] = ()
    seconds: float | None = None
    clock: TimeControl | None = None
    uci: UciSpec | None = None

    @property
    def is_on_time(self) -> bool:
        """Whether time decides how it plays."""
        if self.uci is not None:
            return self.uci.clock is not None or self.uci.time_for_move_s is not None
        return self.seconds is not None or self.clock is not None

    def search_settings(self, seed: int) -> SearchSettings:
        """Settings of its search."""
        return SearchSettings(method=self.method, seed=seed, **dict(self.settings))


def parse_player(text: str) -> PlayerSpec:
    """The player that `text` means. Without "@" a generation plays by intuition alone, if it has no time to search.

    Raises:
        PlayerError: it means none.
        UciError: it names a UCI engine and is wrong after that.
    """
    text = text.strip()
    if text.startswith(PREFIX):
        return PlayerSpec(text, "uci", uci=parse_spec(text))
    if text == "random":
        return PlayerSpec(text, "random")
    name, at, rest = text.rpartition("@")
    if not at:
        name, _, words = text.partition(",")
        budget = ""
    else:
        budget, _, words = rest.partition(",")
    given = _given(text, words)
    seconds, clock = _times(text, given)
    count, _, method = budget.partition(":")
    on_time = seconds is not None or clock is not None
    if not name or (count and not (count.isascii() and count.isdecimal())) or (at and not count and not on_time):
        raise PlayerError(f"player {text!r} is not {_EXPECTED}")
    simulations = int(count) if count else None if on_time else 0
    method = method or (INTUITION if simulations == 0 else "puct")
    _check_method(text, simulations, method, on_time=on_time)
    settings = _settings(text, method, given, one_by_one=on_time or method in ("best-of-n", "beam"))
    return PlayerSpec(
        text, "generation", name, 0 if method == INTUITION else simulations, method, settings, seconds, clock
    )


def canonical(text: str) -> str:
    """The shortest usual way to write a player: texts that mean the same become equal; others stay as they are."""
    try:
        spec = parse_player(text)
    except ValueError:
        return text
    if spec.kind != "generation":
        return spec.text
    method = "" if spec.method in ("puct", INTUITION) else f":{spec.method}"
    count = "" if spec.simulations is None else str(spec.simulations)
    words = [f"{name}={str(value).lower()}" for name, value in spec.settings]
    words += [] if spec.seconds is None else [f"movetime={spec.seconds:.12g}"]
    words += [] if spec.clock is None else [f"tc={spec.clock}"]
    return ",".join([f"{spec.generation}@{count}{method}", *words])


def _given(text: str, words: str) -> dict[str, str]:
    """Names and values behind the first comma."""
    given: dict[str, str] = {}
    for word in words.split(",") if words else []:
        name, equals, value = (part.strip() for part in word.partition("="))
        if not equals or not name or not value:
            raise PlayerError(f"player {text!r}: {word!r} is not Name=Value")
        if name in given:
            raise PlayerError(f"player {text!r} has {name} twice")
        given[name] = value
    return given


def _times(text: str, given: dict[str, str]) -> tuple[float | None, TimeControl | None]:
    """Seconds for a move, and the clock; taken out of `given`."""
    seconds, clock = given.pop("movetime", None), given.pop("tc", None)
    try:
        return (
            None if seconds is None else parse_seconds(seconds),
            None if clock is None else parse_time_control(clock),
        )
    except TimeControlError as error:
        raise PlayerError(f"player {text!r}: {error}") from error


def _check_method(text: str, simulations: int | None, method: str, *, on_time: bool) -> None:
    if method not in METHODS:
        raise PlayerError(f"player {text!r}: {method!r} is not one of {', '.join(METHODS)}")
    if simulations == 0 and method != INTUITION:
        raise PlayerError(f"player {text!r}: {method} needs simulations; 0 is intuition alone")
    if method == INTUITION and on_time:
        raise PlayerError(f"player {text!r}: intuition alone needs no time")


def _settings(text: str, method: str, given: dict[str, str], *, one_by_one: bool) -> tuple[tuple[str, Any], ...]:
    """The settings as the search takes them, in the order of its fields."""
    known = () if method == INTUITION else _OF_ALL + _OF_METHODS[method] + (_ON_TIME if one_by_one else ())
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name not in known:
            expected = ", ".join((*known, "movetime", "tc")) if known else "none: intuition alone has no settings"
            raise PlayerError(f"player {text!r}: {name!r} is no setting that changes its play; expected {expected}")
        try:
            found[name] = msgspec.convert(value, _TYPES[name], strict=False)
        except msgspec.ValidationError as error:
            raise PlayerError(f"player {text!r}: {name} cannot be {value!r}: {error}") from error
        if isinstance(found[name], float) and not math.isfinite(found[name]):
            raise PlayerError(f"player {text!r}: {name} cannot be {value!r}")
    return tuple((name, found[name]) for name in _TYPES if name in found)
