"""A player as it is picked: a few choices, and the words that a match knows it by."""

from dataclasses import dataclass

from app.viewmodels.arena_ladder_players import RANDOM
from engine.arena.player_spec import PlayerSpec, parse_player

BUDGETS = (
    (0, "intuition alone"),
    (16, "16 simulations"),
    (64, "64 simulations"),
    (400, "400 simulations"),
    (800, "800 simulations"),
)
"""Simulations for each move, and how that is said."""
OWN_BUDGET = "a number"
_USUAL_METHOD = "puct"


@dataclass(frozen=True, slots=True)
class Picked:
    """A generation, "uniform" or "random", with its simulations (0 = intuition alone) and the method of its search."""

    who: str
    simulations: int = 0
    method: str = _USUAL_METHOD


@dataclass(frozen=True, slots=True)
class Written:
    """A player that the choices cannot say: an outside engine, one with settings of its own, or one that is none."""

    text: str


def player_of(picked: Picked) -> str:
    """Its words."""
    if picked.who == RANDOM or not picked.simulations:
        return picked.who
    method = "" if picked.method == _USUAL_METHOD else f":{picked.method}"
    return f"{picked.who}@{picked.simulations}{method}"


def picked_of(player: str) -> Picked | Written:
    """The choices that say `player`, whether it is one or not."""
    if player == RANDOM:
        return Picked(player)
    try:
        spec = parse_player(player)
    except ValueError:
        return Written(player)
    if not _is_plain(spec):
        return Written(player)
    return Picked(spec.generation, spec.simulations or 0, spec.method if spec.simulations else _USUAL_METHOD)


def budget_of(text: str) -> int | None:
    """Simulations that were chosen or typed: "64 simulations", "1,600"; None = no number."""
    for simulations, said in BUDGETS:
        if text.strip().lower() == said:
            return simulations
    digits = text.lower().removesuffix("simulations").replace(",", "").replace(" ", "")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 9 else None


def _is_plain(spec: PlayerSpec) -> bool:
    return spec.kind == "generation" and not spec.settings and not spec.is_on_time and spec.simulations is not None
