"""Explore's own state: what a person has chosen to look at, beside what the engine knows."""

from dataclasses import dataclass

from app.viewmodels.game import Game
from app.viewmodels.reading import Reading
from app.viewmodels.threat import Threat
from engine.domains.base import Line

DEFAULT_BUDGET = 20_000
"""Simulations for each root: some seconds of a growing tree on two cores."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """How the program begins.

    Attributes:
        domain, line: the position; None = the domain's sample.
        generation: preferred, "" = the domain's first.
        budget: simulations for each root, None = no limit.
    """

    domain: str = "chess"
    line: Line | None = None
    generation: str = ""
    budget: int | None = DEFAULT_BUDGET
    flipped: bool = False


@dataclass(frozen=True, slots=True)
class ExploreState:
    """What is being looked at, and how.

    Attributes:
        domain: its name. game: the line on the board.
        flipped: the second player sits at the bottom.
        selected: node of the tree shown that a person picked; -1 = none, then the best move is inspected.
        selected_line: the line to it, which stays when nodes are renumbered; None where none is selected.
        picked: action of the root that a person picked and that has no node yet, or None.
        pointed: action of the root under the pointer, or None.
        recording: name of the recorded file that is shown instead of a live search, or "".
        since: the moment from which on changes of a value are explained; -1 = from a node's birth.
        figure: in the heads of the board's arrows; layer: under its pieces; see `app.viewmodels.board` and `heat`.
        reading: the line being read, or None. threat: what the threat view says, None while it is off.
        engine: "starting", "ready", "failed" or "stopped". failure: why it failed, or "".
    """

    domain: str
    game: Game
    flipped: bool = False
    selected: int = -1
    selected_line: Line | None = None
    picked: int | None = None
    pointed: int | None = None
    recording: str = ""
    since: int = -1
    figure: str = ""
    layer: str = ""
    reading: Reading | None = None
    threat: Threat | None = None
    engine: str = "starting"
    failure: str = ""
