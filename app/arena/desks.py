"""What all pages of the arena share: two engines to talk to, and what is known of generations and matches."""

from collections.abc import Callable
from dataclasses import dataclass, field

from app.arena.catalogue import Catalogue
from app.arena.kept_anchors import KeptAnchors
from app.arena.match_desk import MatchDesk
from app.arena.talk import Talk
from app.comparing_search import SecondEngine
from app.screen import Background
from engine.domains.base import Line

ShowPosition = Callable[[str, Line], None]
"""Puts a position of a domain on Explore's board, and turns to Explore."""
Explored = Callable[[], tuple[str, Line]]
"""The domain and the position that stand on Explore's board."""


@dataclass(frozen=True, slots=True)
class ArenaDesks:
    """Handed to every page.

    Attributes:
        jobs: for matches, ladders, estimates and hunts: one at a time, each may take hours.
        thinking: for single thoughts (`Think`), which are answered while a job runs.
        background: for work that takes longer than a frame.
        catalogue: generations. matches: stored matches, and the one that is played.
        show_in_explore: see `ShowPosition`. explored: see `Explored`; None = there is no Explore.
        anchors: players that are held still on the ladders.
    """

    jobs: Talk
    thinking: Talk
    background: Background
    catalogue: Catalogue
    matches: MatchDesk
    show_in_explore: ShowPosition
    explored: Explored | None = None
    anchors: KeptAnchors = field(default_factory=KeptAnchors)

    def finish(self) -> None:
        """The window closes: end both processes. A match that is played pauses; what was played is on disk."""
        self.jobs.finish()
        self.thinking.finish()


def make_desks(
    jobs_engine: SecondEngine,
    thinking_engine: SecondEngine,
    background: Background,
    show_in_explore: ShowPosition,
    explored: Explored | None = None,
    anchors: KeptAnchors | None = None,
) -> ArenaDesks:
    """The desks over two engines that were not started; whoever owns the engines lets them report to the talks."""
    jobs, thinking = Talk(jobs_engine), Talk(thinking_engine)
    catalogue, matches = Catalogue(jobs), MatchDesk(jobs)
    held = anchors or KeptAnchors()
    return ArenaDesks(jobs, thinking, background, catalogue, matches, show_in_explore, explored, held)
