"""How a player is written: `GENERATION[@SIMULATIONS[:METHOD]]`, `uniform@N[:METHOD]`, `random`, `uci:COMMAND[,...]`."""

from dataclasses import dataclass
from typing import Literal

from engine.search.settings import METHODS
from engine.uci.player_spec import PREFIX, UciSpec, parse_spec

INTUITION = "intuition"


class PlayerError(ValueError):
    """A text that names no player; the message names it and what was expected."""


@dataclass(frozen=True, slots=True)
class PlayerSpec:
    """A player as it is asked for.

    Attributes:
        text: as it was written.
        kind: what makes the moves.
        generation: id or path, or "uniform"; "" for other kinds.
        simulations: for each move; 0 = intuition alone.
        method: of the search; "intuition" where there is none.
        uci: which engine, for kind "uci".
    """

    text: str
    kind: Literal["generation", "random", "uci"]
    generation: str = ""
    simulations: int = 0
    method: str = INTUITION
    uci: UciSpec | None = None


def parse_player(text: str) -> PlayerSpec:
    """The player that `text` means. Without "@" a generation plays by intuition alone.

    Raises:
        PlayerError: it means none.
        UciError: it names a UCI engine and is wrong after that.
    """
    text = text.strip()
    if text.startswith(PREFIX):
        return PlayerSpec(text, "uci", uci=parse_spec(text))
    if text == "random":
        return PlayerSpec(text, "random")
    name, at, budget = text.rpartition("@")
    if not at:
        name, budget = text, "0"
    count, _, method = budget.partition(":")
    if not name or not (count.isascii() and count.isdecimal()):
        raise PlayerError(f"player {text!r} is not GENERATION[@SIMULATIONS[:METHOD]], uniform@N, random or uci:COMMAND")
    simulations = int(count)
    method = method or ("puct" if simulations else INTUITION)
    if method not in METHODS:
        raise PlayerError(f"player {text!r}: {method!r} is not one of {', '.join(METHODS)}")
    if not simulations and method != INTUITION:
        raise PlayerError(f"player {text!r}: {method} needs simulations; 0 is intuition alone")
    if method == INTUITION:
        simulations = 0
    return PlayerSpec(text, "generation", name, simulations, method)
