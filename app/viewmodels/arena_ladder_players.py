"""Players as people read them: their kind, their name, and the outside engines that anchor a scale."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from app.viewmodels.figures import count

Kind = Literal["intuition", "searched", "outside", "random"]
UCI, RANDOM, UNIFORM = "uci:", "random", "uniform"
KIND_WORDS: dict[Kind, str] = {
    "intuition": "intuition alone",
    "searched": "with search",
    "outside": "outside engine",
    "random": "random moves",
}
_GAMES = "/usr/games:/usr/local/games"
"""Where Debian puts chess engines; not on everybody's path."""
_METHOD_WORDS = {"gumbel": "Gumbel", "uct": "UCT", "best-of-n": "best of N", "beam": "beam"}


@dataclass(frozen=True, slots=True)
class OutsideEngine:
    """A program that is not ours and whose strength is known, or can be held still.

    Attributes:
        name: for people. program: looked for on the machine. player: its words, with `{program}` to be filled in.
        elo: its rating as its authors state it, to anchor a scale at; None = it has none.
        package: how to get it.
    """

    name: str
    program: str
    player: str
    elo: float | None
    package: str


_STOCKFISH = "install Debian's package “stockfish” (apt install stockfish), or get it from stockfishchess.org"
_GNU_CHESS = "install Debian's package “gnuchess” (apt install gnuchess)"
OUTSIDE_ENGINES = (
    *(
        OutsideEngine(
            f"Stockfish at {count(elo)} Elo",
            "stockfish",
            f"uci:{{program}},UCI_LimitStrength=true,UCI_Elo={elo},nodes=100000",
            float(elo),
            _STOCKFISH,
        )
        for elo in (1350, 1500, 1700, 2000)
    ),
    OutsideEngine("Stockfish, 1 node", "stockfish", "uci:{program},nodes=1", None, _STOCKFISH),
    OutsideEngine("Stockfish, 1,000 nodes", "stockfish", "uci:{program},nodes=1000", None, _STOCKFISH),
    OutsideEngine("GNU Chess, depth 1", "gnuchess", "uci:{program} --uci,depth=1", None, _GNU_CHESS),
)
"""Chess only. Stockfish's Elo holds for long games; its nodes are bounded here so that games end soon. Version 15 takes
no Elo below 1350, later ones 1320."""


@dataclass(frozen=True, slots=True)
class _Words:
    """A player of ours, taken apart: `GENERATION@SIMULATIONS:METHOD,Name=Value...`; parts left out are empty."""

    generation: str
    simulations: str
    method: str
    settings: tuple[str, ...]

    @property
    def is_on_time(self) -> bool:
        """It may think for so long, not so often."""
        return any(word.startswith(("movetime=", "tc=")) for word in self.settings)


@dataclass(frozen=True, slots=True)
class AnchorChoice:
    """An outside engine as it is offered.

    Attributes:
        player: its words for a match, or "" where it is missing. hint: what it is, or how to get it.
    """

    name: str
    player: str
    elo: float | None
    hint: str


def anchor_choices(domain: str, find: Callable[[str], str | None]) -> tuple[AnchorChoice, ...]:
    """The outside engines of a domain; `find` gives the path of a program, or None."""
    if domain != "chess":
        return ()
    made = []
    for engine in OUTSIDE_ENGINES:
        path = find(engine.program)
        if path is None:
            hint = f"{engine.program} is not on this machine: {engine.package}."
            made.append(AnchorChoice(engine.name, "", engine.elo, hint))
        else:
            program = f"'{path}'" if " " in path or "," in path else path
            player = engine.player.replace("{program}", program)
            held = f"Its rating as stated by its authors: {count(round(engine.elo))}. " if engine.elo else ""
            made.append(AnchorChoice(engine.name, player, engine.elo, f"{held}({player})"))
    return tuple(made)


def kind_of(player: str) -> Kind:
    """What makes the moves of a player that is written as for a match."""
    if player.startswith(UCI):
        return "outside"
    if player == RANDOM:
        return "random"
    words = _words_of(player)
    if words.method == "intuition" or words.simulations == "0":
        return "intuition"
    return "searched" if words.simulations or words.is_on_time else "intuition"


def generation_of(player: str) -> str:
    """The generation of a player; "" where it has none."""
    return "" if kind_of(player) in ("outside", "random") else _words_of(player).generation


def usual_budget(player: str) -> int | None:
    """Simulations of a player of ours that searches the usual way, 0 = intuition alone; None for every other one."""
    kind = kind_of(player)
    if kind in ("outside", "random"):
        return None
    words = _words_of(player)
    if words.settings:
        return None
    if kind == "intuition":
        return 0
    return int(words.simulations) if words.simulations.isdecimal() and words.method in ("", "puct") else None


def name_of(player: str) -> str:
    """A player's name for people, short: "gen-000, 64 simulations"."""
    kind = kind_of(player)
    if kind == "outside":
        return _engine_name(player)
    if kind == "random":
        return "Random moves"
    words = _words_of(player)
    generation = "Uniform priors" if words.generation == UNIFORM else PurePath(words.generation).name
    parts = [generation]
    if kind == "intuition":
        parts.append("intuition")
    elif words.simulations:
        parts.append(
            f"{count(int(words.simulations))} simulations" if words.simulations.isdecimal() else words.simulations
        )
    if words.method not in ("", "puct", "intuition"):
        parts.append(_METHOD_WORDS.get(words.method, words.method))
    return ", ".join((*parts, *words.settings))


def nominal_elo(player: str) -> float | None:
    """The rating that a player's own words state (`UCI_Elo`), or None."""
    value = _settings(player).get("uci_elo", "") if kind_of(player) == "outside" else ""
    return float(value) if value.isdecimal() else None


def find_program(name: str) -> str | None:
    """Path of a program on this machine, or None."""
    return shutil.which(name) or shutil.which(name, path=_GAMES)


def _words_of(player: str) -> _Words:
    """A player of ours taken apart; what is written wrongly comes through as it is."""
    head, *settings = player.split(",")
    name, at, budget = head.rpartition("@")
    simulations, _, method = budget.partition(":") if at else ("", "", "")
    return _Words(name if at else head, simulations, method, tuple(word.strip() for word in settings))


def _engine_name(player: str) -> str:
    settings = _settings(player)
    command = player.removeprefix(UCI).split(",")[0].strip()
    program = PurePath(command.split(" ")[0].strip("'\"")).name or command
    name = {"stockfish": "Stockfish", "gnuchess": "GNU Chess"}.get(program, program)
    if settings.get("uci_elo", "").isdecimal():
        return f"{name} at {count(int(settings['uci_elo']))}"
    for word, text in (("nodes", "{} nodes"), ("depth", "depth {}"), ("movetime", "{} ms a move")):
        value = settings.get(word, "")
        if value.isdecimal():
            shown = text.format(count(int(value)))
            return f"{name}, {'1 node' if shown == '1 nodes' else shown}"
    return name


def _settings(player: str) -> dict[str, str]:
    """`Name=Value` words of an engine, names in small letters."""
    pairs = (word.partition("=") for word in player.split(",")[1:])
    return {name.strip().lower(): value.strip() for name, equals, value in pairs if equals}
