"""The playhead: which moment of the search on screen is looked at, while the search itself goes on.

The present is the right end of the search; everything else is a moment of its past, sought in the replica's history.
"""

from collections.abc import Callable

from app.session import Session
from app.viewmodels.moment import Moment


class Travel:
    """The playhead of what a session shows.

    Attributes:
        at: simulations done at the moment looked at; None = the present, which moves on by itself.
    """

    def __init__(self, session: Session, moved: Callable[[], None]) -> None:
        """`moved`: called after another moment was sought; its tree has the same nodes, more or fewer of them."""
        self.at: int | None = None
        self._session, self._moved = session, moved
        self._past: Moment | None = None

    @property
    def moment(self) -> Moment | None:
        """The search at the moment looked at; None while there is no search."""
        shown = self._session.shown
        if shown is None:
            return None
        return shown.present if self._past is None else self._past

    def forget(self) -> None:
        """Another search is on screen: look at its present."""
        self.at = self._past = None

    def to_present(self) -> None:
        """Look at the present again."""
        if self.at is not None:
            self.at = self._past = None
            self._moved()
