"""Changes of what is wished of the search that can be undone: its method, settings, limits, generation, watchpoints."""

from functools import partial
from typing import Any

from app.session import Session
from app.undo import Kind, Step, UndoList


class Wishes:
    """Changes the session's wish, and keeps what it was before."""

    def __init__(self, session: Session, undo: UndoList) -> None:
        self._session, self._undo = session, undo

    def change(self, words: str, **changes: Any) -> None:
        """Want something else.

        Args:
            words: what this changes, for the menu. changes: fields of the wish.
        """
        former = {name: getattr(self._session.wish, name) for name in changes}
        self._session.want(**changes)
        if former != changes:
            self._undo.did(Step(Kind.SEARCH, words, partial(self._want, former), partial(self._want, changes), changes))

    def refused(self) -> None:
        """The engine did not carry something out: where the wish has gone back with it, there is nothing to undo."""
        changes = next(self._undo.about(Kind.SEARCH), None)
        wish = self._session.wish
        if isinstance(changes, dict) and any(getattr(wish, name) != value for name, value in changes.items()):
            self._undo.drop(changes)

    def _want(self, changes: dict[str, Any]) -> bool:
        self._session.want(**changes)
        return True
