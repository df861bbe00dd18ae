"""Explore's own state: what a person has chosen to look at, beside what the engine knows."""

from dataclasses import dataclass

from app.viewmodels.game import Game


@dataclass(frozen=True, slots=True)
class ExploreState:
    """What is being looked at, and how.

    Attributes:
        domain: its name. game: the line on the board.
        flipped: the second player sits at the bottom.
        selected: node of the tree shown that a person picked; -1 = none, then the best move is inspected.
        picked: action of the root that a person picked and that has no node yet, or None.
        pointed: action of the root under the pointer, or None.
        recording: name of the recorded file that is shown instead of a live search, or "".
        engine: "starting", "ready", "failed" or "stopped". failure: why it failed, or "".
    """

    domain: str
    game: Game
    flipped: bool = False
    selected: int = -1
    picked: int | None = None
    pointed: int | None = None
    recording: str = ""
    engine: str = "starting"
    failure: str = ""
