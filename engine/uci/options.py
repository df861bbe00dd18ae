"""Options of the UCI engine, each declared once: the line a GUI reads, the parser of its values and the help text.

The protocol (Stefan Meyer-Kahlen, April 2006) knows the types check, spin, combo, button and string. It has no type for
fractions: as in Lc0, those are strings. Names are read without regard to case.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from types import MappingProxyType
from typing import Any, Generic, TypeVar, cast

from typing_extensions import override

from engine.search.settings import METHODS, SearchSettings

T = TypeVar("T")

_EMPTY = "<empty>"  # how the protocol writes an empty string
_DEFAULTS = SearchSettings()


class OptionError(ValueError):
    """An option that does not exist or a value it cannot have; the message names both."""


@dataclass(frozen=True, slots=True)
class Option(ABC, Generic[T]):
    """A setting of the engine that a GUI may change.

    Attributes:
        name: as GUIs show it.
        default: value until it is set.
        text: one sentence for people.
    """

    name: str
    default: T
    text: str

    def declaration(self) -> str:
        """The line by which a GUI learns of the option."""
        return f"option name {self.name} {self._type()}"

    @abstractmethod
    def read(self, text: str) -> T:
        """The value that `text` writes.

        Raises:
            OptionError: it writes none that the option can have.
        """

    @abstractmethod
    def _type(self) -> str:
        """Type, default and range as the protocol writes them."""

    def _refusal(self, text: str, expected: str) -> OptionError:
        return OptionError(f"option {self.name} must be {expected}, not {text!r}")


@dataclass(frozen=True, slots=True)
class Check(Option[bool]):
    """On or off."""

    @override
    def read(self, text: str) -> bool:
        values = {"true": True, "false": False}
        if text.lower() not in values:
            raise self._refusal(text, "true or false")
        return values[text.lower()]

    @override
    def _type(self) -> str:
        return f"type check default {str(self.default).lower()}"


@dataclass(frozen=True, slots=True)
class Spin(Option[int]):
    """A whole number in [low, high]."""

    low: int
    high: int

    @override
    def read(self, text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = self.low - 1
        if not self.low <= value <= self.high:
            raise self._refusal(text, f"a whole number from {self.low} to {self.high}")
        return value

    @override
    def _type(self) -> str:
        return f"type spin default {self.default} min {self.low} max {self.high}"


@dataclass(frozen=True, slots=True)
class Fraction(Option[float]):
    """A number in [low, high], written as a string."""

    low: float
    high: float

    @override
    def read(self, text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not self.low <= value <= self.high:
            raise self._refusal(text, f"a number from {self.low:g} to {self.high:g}")
        return value

    @override
    def _type(self) -> str:
        return f"type string default {self.default:g}"


@dataclass(frozen=True, slots=True)
class Choice(Option[str]):
    """One of a few words."""

    choices: tuple[str, ...]

    @override
    def read(self, text: str) -> str:
        found = [choice for choice in self.choices if choice.lower() == text.lower()]
        if not found:
            raise self._refusal(text, f"one of {', '.join(self.choices)}")
        return found[0]

    @override
    def _type(self) -> str:
        return f"type combo default {self.default} " + " ".join(f"var {choice}" for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Text(Option[str]):
    """Any text, a path for instance."""

    @override
    def read(self, text: str) -> str:
        return "" if text == _EMPTY else text

    @override
    def _type(self) -> str:
        return f"type string default {self.default or _EMPTY}"


@dataclass(frozen=True, slots=True)
class Button(Option[None]):
    """Something that happens when it is pressed."""

    @override
    def read(self, text: str) -> None:
        del text

    @override
    def _type(self) -> str:
        return "type button"


def program_version() -> str:
    """The version of the installed program."""
    try:
        return version("arborist-desktop")
    except PackageNotFoundError:  # run from a folder of sources
        return "(not installed)"


WEIGHTS = Text("WeightsFile", "gen-000", "The intuition: id or path of a generation, or uniform for none.")
METHOD = Choice("Method", _DEFAULTS.method, "How the search chooses.", METHODS)
THREADS = Spin("Threads", 0, "Threads of the network on a CPU; 0 = every core.", 0, 512)
HASH = Spin("Hash", 512, "Memory of the tree, MiB; when it is full, the least visited branches make room.", 1, 1 << 20)
MULTI_PV = Spin("MultiPV", 1, "How many moves are reported, best first.", 1, 500)
SHOW_WDL = Check("UCI_ShowWDL", False, "Report chances of win, draw and loss, per mille.")
PONDER = Check("Ponder", False, "The GUI will let the engine think in the other side's time.")
VERBOSE = Check("VerboseMoveStats", False, "Report the statistics of every move with every report.")
C_PUCT = Fraction("CPuct", _DEFAULTS.c_puct, "Exploration: higher searches wider, lower deeper.", 0.0, 100.0)
FPU = Fraction("FPUReduction", _DEFAULTS.fpu_reduction, "How much worse moves not tried yet are taken to be.", 0.0, 2.0)
TEMPERATURE = Fraction("PolicyTemperature", _DEFAULTS.policy_temperature, "Higher: flatter priors.", 0.01, 100.0)
BATCH = Spin("Batch", _DEFAULTS.batch, "Positions evaluated together; 1 = exactly sequential.", 1, 1024)
OVERHEAD = Spin("MoveOverhead", 50, "Time set aside for the way to the GUI and back, ms a move.", 0, 10_000)
ANALYSE = Check("UCI_AnalyseMode", False, "The GUI analyses rather than plays; nothing is done differently.")
SYZYGY = Text("SyzygyPath", "", "Folders of Syzygy endgame tables to ask at the leaves.")
CHESS960 = Check("UCI_Chess960", False, "Castling is written as the king taking his rook; it is read either way.")
SEED = Spin("Seed", 0, "Of methods that draw random numbers.", 0, 2**31 - 1)
CLEAR = Button("Clear Hash", None, "Forget the search tree.")
ABOUT = Text("UCI_EngineAbout", f"Arborist {program_version()}, free software under GPL-3.0-or-later", "Who this is.")

OPTIONS: tuple[Option[Any], ...] = (
    WEIGHTS,
    METHOD,
    THREADS,
    HASH,
    MULTI_PV,
    SHOW_WDL,
    PONDER,
    VERBOSE,
    C_PUCT,
    FPU,
    TEMPERATURE,
    BATCH,
    OVERHEAD,
    SYZYGY,
    ANALYSE,
    CHESS960,
    SEED,
    CLEAR,
    ABOUT,
)
"""In the order GUIs show them."""

_BY_NAME = {option.name.lower(): option for option in OPTIONS} | {"generation": WEIGHTS}


def option_named(name: str) -> Option[Any]:
    """The option of that name ("Generation" is another name of WeightsFile).

    Raises:
        OptionError: there is none.
    """
    if name.lower() not in _BY_NAME:
        raise OptionError(f"there is no option {name!r}")
    return _BY_NAME[name.lower()]


@dataclass(frozen=True, slots=True)
class Values:
    """What the options are set to."""

    changed: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def __getitem__(self, option: Option[T]) -> T:
        """The value of `option`."""
        return cast("T", self.changed.get(option.name, option.default))

    def with_value(self, option: Option[T], value: T) -> "Values":
        """These values with one replaced."""
        return Values(MappingProxyType({**self.changed, option.name: value}))

    def search_settings(self) -> SearchSettings:
        """The settings of a search."""
        return SearchSettings(
            method=self[METHOD],
            batch=self[BATCH],
            seed=self[SEED],
            c_puct=self[C_PUCT],
            fpu_reduction=self[FPU],
            policy_temperature=self[TEMPERATURE],
            memory_bytes=self[HASH] << 20,
        )
