"""The playhead: which moment of the search on screen is looked at, while the search itself goes on.

The present is the right end of the search; everything else is a moment of its past, sought in the replica's history.
Moments from before nodes last got other numbers, or other priors, are folded from the journal once, in the background.
"""

from typing import Protocol

from app.screen import Background
from app.session import Session
from app.viewmodels.moment import Moment
from app.viewmodels.replica import Replica, moment_of
from app.viewmodels.timeline import SPEEDS, Mark
from engine.tree.choice import best_edge
from engine.tree.columns import ROOT, SearchTree
from engine.tree.history import History, Refold

_LONGEST_BATCH = 1024
"""Simulations before its mark within which a change of the best move is looked for."""


class Traveller(Protocol):
    """Whom the playhead tells where it is."""

    def travelled(self, *, same_nodes: bool) -> None:
        """Another moment is looked at; `same_nodes`: nodes have the numbers they had, more or fewer of them."""
        ...

    def playhead_changed(self) -> None:
        """Anything else changed that the timeline shows."""
        ...

    def not_done(self, error: Exception) -> None:
        """The past could not be read."""
        ...


class Travel:
    """The playhead of what a session shows.

    Attributes:
        at: simulations done at the moment looked at; None = the present, which moves on by itself.
        is_playing: the playhead moves on by itself. speed: simulations a second.
    """

    def __init__(self, session: Session, background: Background, traveller: Traveller) -> None:
        self.at: int | None = None
        self.is_playing = False
        self.speed = SPEEDS[2]
        self._session, self._background, self._traveller = session, background, traveller
        self._past: Moment | None = None
        self._owed = 0.0
        self._earlier: tuple[int, History] | None = None  # an epoch that was folded again, by its number
        self._refold: Refold | None = None  # one that is being folded
        self._folding = self._wanted = 0  # its number, and the moment it is folded for

    @property
    def moment(self) -> Moment | None:
        """The search at the moment looked at; None while there is no search."""
        shown = self._session.shown
        if shown is None:
            return None
        return shown.present if self._past is None else self._past

    @property
    def history(self) -> History | None:
        """The history that the moment looked at is a moment of; None while there is no search."""
        shown = self._session.shown
        if shown is None:
            return None
        is_earlier = self.at is not None and self.at < shown.history.first and self._earlier is not None
        return self._earlier[1] if is_earlier and self._earlier is not None else shown.history

    @property
    def first(self) -> int:
        """The first moment there is: the first simulation of the present root's search."""
        shown = self._session.shown
        return 0 if shown is None else min(max(shown.root_at, 1), shown.tree.simulations)

    @property
    def busy(self) -> str:
        """What is being waited for, or ""."""
        return "" if self._refold is None else f"Folding … {100 * self._refold.share:.0f} %"

    def seek(self, simulation: int) -> None:
        """Look at the moment after that simulation; at the end of the search it is the present."""
        shown = self._session.shown
        if shown is None:
            return
        simulation = max(simulation, self.first)
        if simulation >= shown.tree.simulations:
            self.to_present()
        elif simulation >= shown.history.first:
            self._look_at(simulation, shown.history)
        else:
            self._look_earlier(simulation, shown)

    def step(self, count: int) -> None:
        """Look so many simulations further on, or back."""
        shown = self._session.shown
        if shown is not None:
            self.seek((shown.tree.simulations if self.at is None else self.at) + count)

    def exact(self, mark: Mark) -> int:
        """The very simulation of an event: for a change of the best move the first in the batch that brought it."""
        shown, found = self._session.shown, mark.at
        if shown is None or mark.kind != "flip" or found < shown.history.first:
            return found
        since = max(found - _LONGEST_BATCH, self.first, shown.history.first)
        while found > since and _best_action(shown.history.seek(found - 1)) == mark.action:
            found -= 1
        if self.at is not None and self.at >= shown.history.first:
            shown.history.seek(self.at)  # the tree of the past is one, and was moved
        return found

    def to_present(self) -> None:
        """Look at the present again."""
        self.is_playing, self._refold = False, None
        if self.at is None:
            self._traveller.playhead_changed()
            return
        same = self.history is self._session.shown.history if self._session.shown is not None else False
        self.at = self._past = None
        self._traveller.travelled(same_nodes=same)

    def forget(self) -> None:
        """Another search is on screen, or its nodes got other numbers: look at its present."""
        self.at = self._past = self._earlier = self._refold = None
        self.is_playing = False

    def toggle_play(self) -> None:
        """Let the playhead move on by itself, from the beginning where it stands at the end; or let it stand still."""
        self.is_playing = not self.is_playing
        self._owed = 0.0
        if self.is_playing and self.at is None:
            self.seek(self.first)
        self._traveller.playhead_changed()

    def set_speed(self, speed: int) -> None:
        """Simulations a second at which the past is played."""
        self.speed = speed
        self._traveller.playhead_changed()

    def advance(self, seconds: float) -> None:
        """So much time has passed: where it plays, the playhead moves on; at the present it stands still."""
        if not self.is_playing or self._refold is not None:
            return
        self._owed += seconds * self.speed
        whole = int(self._owed)
        self._owed -= whole
        if whole:
            self.step(whole)

    def _look_at(self, simulation: int, history: History) -> None:
        shown, before = self._session.shown, self.history
        self._refold = None
        if shown is None or simulation == self.at:
            return
        self._past = moment_of(shown.header, history, simulation)
        self.at = simulation
        self._traveller.travelled(same_nodes=before is history)

    def _look_earlier(self, simulation: int, shown: Replica) -> None:
        """Look at a moment of an earlier epoch: now if it is there, else once it has been folded."""
        number = shown.history.epoch_of(simulation)
        if self._earlier is not None and self._earlier[0] == number:
            self._look_at(simulation, self._earlier[1])
            return
        self._wanted = simulation
        if self._refold is not None and self._folding == number:
            return  # it is on its way
        epochs = shown.history.epochs
        refold = Refold(shown.header, shown.journal.pieces(), number, epochs[number + 1].first)
        self._refold, self._folding = refold, number

        def fold() -> None:
            while self._refold is refold and refold.step():
                pass

        def folded(_: None) -> None:
            if self._refold is refold and self._session.shown is shown:
                self._earlier = (number, refold.history)
                self._look_at(self._wanted, refold.history)

        def failed(error: Exception) -> None:
            self._refold = None
            self._traveller.not_done(error)

        self._traveller.playhead_changed()
        self._background.run(fold, folded, failed)


def _best_action(tree: SearchTree) -> int:
    """The action of the root that search would play, -1 for none."""
    edge = best_edge(tree, ROOT) if tree.num_nodes else -1
    return int(tree.edge_action[edge]) if edge >= 0 else -1
