"""The last simulation taken apart, as long as a person goes through a search one simulation at a time.

It comes with a step by one, whether that is a new simulation or one of the past, and goes with anything else that moves
the playhead or the search.
"""

from collections.abc import Callable

from app.presenter import showing
from app.screen import Screen
from app.session import Session
from app.travel import Travel
from app.viewmodels.anatomy import AnatomyRecord, anatomy_record
from app.viewmodels.explore import ExploreState
from engine.tree.history import MomentError


class Anatomy:
    """The desk of single simulations.

    Attributes:
        record: what is shown, or None.
    """

    def __init__(self, session: Session, travel: Travel, screen: Screen, look: Callable[[], ExploreState]) -> None:
        """`look`: what is being looked at now."""
        self.record: AnatomyRecord | None = None
        self._session, self._travel, self._screen, self._look = session, travel, screen, look
        self._expected: int | None = None  # the moment that a step by one leads to
        self._shown: tuple[object, int] | None = None  # the search and the moment that the record is of

    def stepped(self, count: int) -> None:
        """A person steps so many simulations on, or back; called before the playhead moves."""
        now = self._now()
        self._expected = None if now is None or abs(count) != 1 else now + count

    def close(self) -> None:
        """A person has seen enough."""
        self._expected = None
        self._show(None)

    def refresh(self) -> None:
        """Show what belongs to the moment looked at, once it is there; take away what does not."""
        now = self._now()
        if now is not None and now == self._expected:
            self._expected = None
            self._shown = (self._travel.history, now)
            self._show(self._record(now))
        elif self.record is not None and (self._travel.history, now) != self._shown:
            self._show(None)

    def _now(self) -> int | None:
        moment = self._travel.moment
        if moment is None or not moment.tree.num_nodes:
            return None
        return moment.tree.simulations

    def _record(self, simulation: int) -> AnatomyRecord | None:
        history, shown = self._travel.history, showing(self._look(), self._session, self._travel.moment)
        if history is None or shown is None:
            return None
        try:
            return anatomy_record(history, simulation, shown)
        except MomentError:
            return None  # the root was just renumbered: nothing before it can be compared

    def _show(self, record: AnatomyRecord | None) -> None:
        if record != self.record:
            self.record = record
            self._screen.show_anatomy(record)
